//! Type constraints of variables: a type in which object attributes may be optional, with defaults.
//!
//! Reading them from configuration is done elsewhere; this module only applies them to values.

use crate::value::convert::{ConvertError, convert};
use crate::value::{Kind, Name, Type, Unknown, Value};
use std::collections::BTreeMap;

/// The type that a `type` argument asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// `any`
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(Box<Constraint>),
    /// `set(T)`
    Set(Box<Constraint>),
    /// `map(T)`
    Map(Box<Constraint>),
    /// `tuple([T, …])`
    Tuple(Vec<Constraint>),
    /// `object({ name = T, … })`
    Object(BTreeMap<Name, Attribute>),
}

/// One attribute of an object constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The type of its value.
    pub constraint: Constraint,
    /// Whether it may be left out, and what it is then.
    pub presence: Presence,
}

/// Whether an attribute may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    /// It must be given; it may be null.
    Required,
    /// `optional(T)`: null when left out.
    Optional,
    /// `optional(T, value)`: this value when left out or null.
    Default(Value),
}

impl Constraint {
    /// The type that values have after the constraint was applied; `Dynamic` where it says `any`.
    pub fn ty(&self) -> Type {
        match self {
            Constraint::Any => Type::Dynamic,
            Constraint::Bool => Type::Bool,
            Constraint::Number => Type::Number,
            Constraint::String => Type::String,
            Constraint::List(c) => Type::list(c.ty()),
            Constraint::Set(c) => Type::set(c.ty()),
            Constraint::Map(c) => Type::map(c.ty()),
            Constraint::Tuple(cs) => Type::tuple(cs.iter().map(Constraint::ty).collect()),
            Constraint::Object(attributes) => {
                Type::object(attributes.iter().map(|(name, a)| (name.clone(), a.constraint.ty())))
            }
        }
    }

    /// `value` with defaults filled in and converted to the type, or why it does not fit.
    ///
    /// A null object stays null; a null attribute with a default becomes the default.
    pub fn apply(&self, value: &Value) -> Result<Value, ConvertError> {
        convert(&self.fill(value), &self.ty())
    }

    /// Puts defaults where the value has gaps, leaving what does not fit for the conversion to report.
    fn fill(&self, value: &Value) -> Value {
        if !self.has_optional() {
            return value.clone();
        }
        let filled = match (self, value.kind()) {
            (Constraint::List(c) | Constraint::Set(c), Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs)) => {
                Value::tuple(vs.iter().map(|v| c.fill(v)).collect())
            }
            (Constraint::Map(c), Kind::Map(_, vs) | Kind::Object(vs)) => {
                Value::object(vs.iter().map(|(name, v)| (name.clone(), c.fill(v))))
            }
            (Constraint::Tuple(cs), Kind::Tuple(vs)) if cs.len() == vs.len() => {
                Value::tuple(cs.iter().zip(vs.iter()).map(|(c, v)| c.fill(v)).collect())
            }
            (Constraint::Object(attributes), Kind::Map(_, vs) | Kind::Object(vs)) => {
                let mut filled = BTreeMap::new();
                for (name, attribute) in attributes {
                    if let Some(v) = attribute.fill(vs.get(name)) {
                        filled.insert(name.clone(), v);
                    }
                }
                Value::object(filled)
            }
            (_, Kind::Null(ty)) => Value::null(self.fill_type(ty)),
            (_, Kind::Unknown(u)) => Value::new(Kind::Unknown(Unknown { ty: self.fill_type(&u.ty), ..u.clone() })),
            _ => return value.clone(),
        };
        filled.mark(value.is_sensitive())
    }

    /// The type of a value that is not there to be filled, with the attributes that it may lack.
    fn fill_type(&self, have: &Type) -> Type {
        match (self, have) {
            (Constraint::List(c), Type::List(t)) => Type::list(c.fill_type(t)),
            (Constraint::Set(c), Type::Set(t)) => Type::set(c.fill_type(t)),
            (Constraint::Map(c), Type::Map(t)) => Type::map(c.fill_type(t)),
            (Constraint::List(c) | Constraint::Set(c), Type::Tuple(ts)) => {
                Type::tuple(ts.iter().map(|t| c.fill_type(t)).collect())
            }
            (Constraint::Map(c), Type::Object(ts)) => {
                Type::object(ts.iter().map(|(name, t)| (name.clone(), c.fill_type(t))))
            }
            (Constraint::Tuple(cs), Type::Tuple(ts)) if cs.len() == ts.len() => {
                Type::tuple(cs.iter().zip(ts.iter()).map(|(c, t)| c.fill_type(t)).collect())
            }
            (Constraint::Object(attributes), Type::Object(ts)) => {
                let types = attributes.iter().filter_map(|(name, a)| {
                    let ty = match ts.get(name) {
                        Some(t) => a.constraint.fill_type(t),
                        None if a.presence == Presence::Required => return None,
                        None => a.constraint.ty(),
                    };
                    Some((name.clone(), ty))
                });
                Type::object(types)
            }
            _ => have.clone(),
        }
    }

    fn has_optional(&self) -> bool {
        match self {
            Constraint::List(c) | Constraint::Set(c) | Constraint::Map(c) => c.has_optional(),
            Constraint::Tuple(cs) => cs.iter().any(Constraint::has_optional),
            Constraint::Object(attributes) => {
                attributes.values().any(|a| a.presence != Presence::Required || a.constraint.has_optional())
            }
            _ => false,
        }
    }
}

impl Attribute {
    fn fill(&self, given: Option<&Value>) -> Option<Value> {
        match (&self.presence, given) {
            (Presence::Required, None) => None,
            (Presence::Optional, None) => Some(Value::null(self.constraint.ty())),
            (Presence::Default(default), None) => Some(self.constraint.fill(default)),
            (Presence::Default(default), Some(v)) if v.is_null() => Some(self.constraint.fill(default)),
            (_, Some(v)) => Some(self.constraint.fill(v)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(constraint: Constraint, presence: Presence) -> Attribute {
        Attribute { constraint, presence }
    }

    /// `object({ name = string, port = optional(number, 80), note = optional(string), tls = optional(object({ on = optional(bool, true) }), {}) })`
    fn rule() -> Constraint {
        let tls = [("on".into(), attribute(Constraint::Bool, Presence::Default(true.into())))];
        let tls = Constraint::Object(tls.into());
        let nothing = Value::object(Vec::<(Name, Value)>::new());
        Constraint::Object(BTreeMap::from([
            ("name".into(), attribute(Constraint::String, Presence::Required)),
            ("port".into(), attribute(Constraint::Number, Presence::Default(80.into()))),
            ("note".into(), attribute(Constraint::String, Presence::Optional)),
            ("tls".into(), attribute(tls, Presence::Default(nothing))),
        ]))
    }

    fn filled(port: i64) -> Value {
        Value::object([
            ("name", Value::from("a")),
            ("port", port.into()),
            ("note", Value::null(Type::String)),
            ("tls", Value::object([("on", Value::from(true))])),
        ])
    }

    #[test]
    fn attributes_left_out_or_null_take_their_defaults() {
        let given = Value::object([("name", "a")].map(|(k, v)| (k, Value::from(v))));
        assert_eq!(rule().apply(&given), Ok(filled(80)));
        let null = Value::object([("name", Value::from("a")), ("port", Value::any_null())]);
        assert_eq!(rule().apply(&null), Ok(filled(80)));
        let text = Value::object([("name", Value::from("a")), ("port", "81".into()), ("extra", 1.into())]);
        assert_eq!(rule().apply(&text), Ok(filled(81)));
    }

    #[test]
    fn defaults_reach_objects_in_collections() {
        let given = Value::map(Type::String, BTreeMap::from([("name".into(), Value::from("a"))]));
        let list = Constraint::List(Box::new(rule()));
        let tuple = Value::tuple(vec![given]).mark(true);
        assert_eq!(list.apply(&tuple), Ok(Value::list(rule().ty(), vec![filled(80)]).mark(true)));
    }

    #[test]
    fn a_null_object_stays_null_and_an_unknown_one_unknown() {
        assert_eq!(rule().apply(&Value::any_null()), Ok(Value::null(rule().ty())));
        let have = Type::object([("name", Type::String)]);
        assert_eq!(rule().apply(&Value::unknown(have)), Ok(Value::unknown(rule().ty())));
    }

    #[test]
    fn errors_say_where_and_what() {
        let port = Value::object([("name", Value::from("a")), ("port", "x".into())]);
        let error = rule().apply(&port).unwrap_err();
        assert_eq!(error.to_string(), ".port: a number is required");
        let missing = Value::object([("port", Value::from(1))]);
        assert_eq!(rule().apply(&missing).unwrap_err().to_string(), "attribute \"name\" is required");
    }
}
