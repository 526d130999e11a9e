//! Conversion between types and the type that several values share, by Terraform's rules.
//!
//! Where the types alone decide, the value is not looked at: an unknown value fails where a known one would. Unknowns, nulls and marks survive a conversion.

mod mismatch;
#[cfg(test)]
mod tests;
mod unify;

pub use mismatch::mismatch;
pub use unify::unify;

use crate::value::{Kind, Number, Type, Unknown, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Why a value cannot become a type: where in the value, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvertError {
    /// The way into the value, such as `.rules[0].port`; empty for the value itself.
    pub path: String,
    /// The reason, such as `a number is required`.
    pub message: String,
}

impl ConvertError {
    fn new(message: impl Into<String>) -> Self {
        ConvertError { path: String::new(), message: message.into() }
    }

    pub(super) fn under(mut self, step: impl fmt::Display) -> Self {
        self.path.insert_str(0, &step.to_string());
        self
    }
}

/// `.path: message`, or the message alone for the value itself.
impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.message);
        }
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// `value` as `want`, keeping unknowns and marks. `Type::Dynamic` takes anything as it is.
pub fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    if *want == Type::Dynamic {
        return Ok(value.clone());
    }
    let have = value.ty();
    if have == *want {
        return Ok(value.clone());
    }
    if !convertible(&have, want) {
        return Err(ConvertError::new(mismatch(&have, want)));
    }
    convert_known(value, want).map(|v| v.mark(value.is_sensitive()))
}

/// Whether values of type `from` can become `to`; a string may still turn out not to hold a number.
pub fn convertible(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (a, b) if a == b => true,
        (Type::Dynamic, _) | (_, Type::Dynamic) => true,
        (Type::String, Type::Number | Type::Bool) | (Type::Number | Type::Bool, Type::String) => true,
        (Type::List(a) | Type::Set(a), Type::List(b) | Type::Set(b)) => convertible(a, b),
        (Type::Map(a), Type::Map(b)) => convertible(a, b),
        (Type::Tuple(parts), Type::List(to) | Type::Set(to)) => all_convertible(parts.iter(), to),
        (Type::Object(parts), Type::Map(to)) => all_convertible(parts.values(), to),
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| convertible(a, b))
        }
        (Type::Object(a), Type::Object(b)) => b.iter().all(|(name, b)| a.get(name).is_some_and(|a| convertible(a, b))),
        (Type::Map(a), Type::Object(b)) => b.values().all(|b| convertible(a, b)),
        _ => false,
    }
}

fn all_convertible<'a>(parts: impl Iterator<Item = &'a Type> + Clone, to: &Type) -> bool {
    match to {
        Type::Dynamic => unify(&parts.cloned().collect::<Vec<_>>()).is_some(),
        to => parts.clone().all(|p| convertible(p, to)),
    }
}

/// Converts a value whose type is known to be convertible.
fn convert_known(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    match (value.kind(), want) {
        (Kind::Unknown(u), _) => Ok(Value::new(Kind::Unknown(Unknown { ty: settled(&u.ty, want), ..u.clone() }))),
        (Kind::Null(ty), _) => Ok(Value::null(settled(ty, want))),
        (Kind::Number(n), Type::String) => Ok(Value::string(n.to_string())),
        (Kind::Bool(b), Type::String) => Ok(Value::string(if *b { "true" } else { "false" })),
        (Kind::String(s), Type::Number) => {
            Number::parse(s).map(Value::from).ok_or_else(|| ConvertError::new("a number is required"))
        }
        (Kind::String(s), Type::Bool) => to_bool(s),
        (Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs), Type::List(element)) => {
            let (element, values) = elements(vs, element)?;
            Ok(Value::list(element, values))
        }
        (Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs), Type::Set(element)) => {
            let (element, values) = elements(vs, element)?;
            Ok(Value::set(element, values))
        }
        (Kind::Tuple(vs), Type::Tuple(types)) => {
            let parts = vs.iter().zip(types.iter()).enumerate();
            let values = parts.map(|(i, (v, t))| convert(v, t).map_err(|e| e.under(format_args!("[{i}]"))));
            Ok(Value::tuple(values.collect::<Result<_, _>>()?))
        }
        (Kind::Map(_, vs) | Kind::Object(vs), Type::Map(element)) => {
            let (element, values) = elements_by_key(vs, element)?;
            Ok(Value::map(element, values))
        }
        (Kind::Map(_, vs) | Kind::Object(vs), Type::Object(types)) => {
            let mut values = BTreeMap::new();
            for (name, ty) in types.iter() {
                let value = vs
                    .get(name)
                    .ok_or_else(|| ConvertError::new(format!("map has no element for required attribute {name:?}")))?;
                let value = convert(value, ty).map_err(|e| e.under(format_args!(".{name}")))?;
                values.insert(name.clone(), value);
            }
            Ok(Value::object(values))
        }
        _ => Err(ConvertError::new(mismatch(&value.ty(), want))),
    }
}

/// The type that a value of type `have` has once it is `want`, whose dynamic parts it fills in.
fn settled(have: &Type, want: &Type) -> Type {
    match (have, want) {
        (_, Type::Dynamic) => have.clone(),
        (_, want) if !want.has_dynamic() => want.clone(),
        (Type::List(a) | Type::Set(a), Type::List(b)) => Type::list(settled(a, b)),
        (Type::List(a) | Type::Set(a), Type::Set(b)) => Type::set(settled(a, b)),
        (Type::Map(a), Type::Map(b)) => Type::map(settled(a, b)),
        (Type::Tuple(a), Type::List(b)) => Type::list(settled_all(a.iter(), b)),
        (Type::Tuple(a), Type::Set(b)) => Type::set(settled_all(a.iter(), b)),
        (Type::Object(a), Type::Map(b)) => Type::map(settled_all(a.values(), b)),
        (Type::Tuple(a), Type::Tuple(b)) => Type::tuple(a.iter().zip(b.iter()).map(|(a, b)| settled(a, b)).collect()),
        (Type::Object(a), Type::Object(b)) => {
            Type::object(b.iter().map(|(name, b)| (name.clone(), a.get(name).map_or(b.clone(), |a| settled(a, b)))))
        }
        (_, want) => want.clone(),
    }
}

fn settled_all<'a>(parts: impl Iterator<Item = &'a Type>, want: &Type) -> Type {
    let types: Vec<Type> = parts.map(|p| settled(p, want)).collect();
    unify(&types).unwrap_or(Type::Dynamic)
}

fn to_bool(text: &str) -> Result<Value, ConvertError> {
    match text {
        "true" | "1" => Ok(true.into()),
        "false" | "0" => Ok(false.into()),
        "True" | "TRUE" => Err(ConvertError::new("a bool is required; to convert from string, use lowercase \"true\"")),
        "False" | "FALSE" => {
            Err(ConvertError::new("a bool is required; to convert from string, use lowercase \"false\""))
        }
        _ => Err(ConvertError::new("a bool is required")),
    }
}

/// Elements as one type: `want`, its dynamic parts filled in with what they have in common.
fn elements(values: &[Value], want: &Type) -> Result<(Type, Vec<Value>), ConvertError> {
    let step = |i: usize| move |e: ConvertError| e.under(format_args!("[{i}]"));
    let as_type = |values: &[Value], ty: &Type| {
        values.iter().enumerate().map(|(i, v)| convert(v, ty).map_err(step(i))).collect::<Result<Vec<_>, _>>()
    };
    let values = as_type(values, want)?;
    if !want.has_dynamic() {
        return Ok((want.clone(), values));
    }
    let common = common(values.iter(), want, "all list elements must have the same type")?;
    let values = as_type(&values, &common)?;
    Ok((common, values))
}

fn elements_by_key(
    values: &BTreeMap<super::Name, Value>,
    want: &Type,
) -> Result<(Type, BTreeMap<super::Name, Value>), ConvertError> {
    let as_type = |values: &BTreeMap<super::Name, Value>, ty: &Type| {
        let convert_one = |(name, v): (&super::Name, &Value)| match convert(v, ty) {
            Ok(v) => Ok((name.clone(), v)),
            Err(e) => Err(e.under(format_args!("[{name:?}]"))),
        };
        values.iter().map(convert_one).collect::<Result<BTreeMap<_, _>, _>>()
    };
    let values = as_type(values, want)?;
    if !want.has_dynamic() {
        return Ok((want.clone(), values));
    }
    let common = common(values.values(), want, "all map elements must have the same type")?;
    let values = as_type(&values, &common)?;
    Ok((common, values))
}

fn common<'a>(values: impl Iterator<Item = &'a Value>, want: &Type, message: &str) -> Result<Type, ConvertError> {
    let types: Vec<Type> = values.map(Value::ty).collect();
    if types.is_empty() {
        return Ok(want.clone());
    }
    unify(&types).ok_or_else(|| ConvertError::new(message))
}
