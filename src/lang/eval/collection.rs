//! Object constructors and `for` expressions.

use super::{Bound, Eval, Evaluated, reason};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::ast::{At, For, Node, NodeKind};
use crate::value::convert::convert;
use crate::value::{Kind, Name, Type, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The elements of a collection: pairs of key and element.
pub(super) enum Items {
    /// To be gone through.
    Known(Vec<(Value, Value)>),
    /// Known only after apply.
    Unknown,
}

impl Eval<'_> {
    pub(super) fn object(&self, items: &[(Arc<Node>, Arc<Node>)], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let mut errors = Diagnostics::new();
        let mut out: BTreeMap<Name, Value> = BTreeMap::new();
        let (mut known, mut sensitive) = (true, false);
        for (key_node, value_node) in items {
            let key = errors.take(self.object_key(key_node, bound));
            let value = errors.take(self.node(value_node, bound));
            let (Some(key), Some(value)) = (key, value) else { continue };
            sensitive |= key.is_sensitive();
            match key.as_str() {
                Some(name) => {
                    out.insert(name.into(), value);
                }
                None => known = false,
            }
        }
        if errors.has_errors() {
            return Err(errors);
        }
        let result = if known { Value::object(out) } else { Value::unknown(Type::Dynamic) };
        self.made(result.mark(sensitive), at)
    }

    fn object_key(&self, node: &Node, bound: Option<&Bound<'_>>) -> Evaluated {
        if let NodeKind::Traversal { root, .. } = &node.kind
            && matches!(root.kind, NodeKind::Name(_))
        {
            return Err(self
                .error(
                    node.at,
                    "Ambiguous attribute key",
                    "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal.",
                )
                .into());
        }
        let key = self.node(node, bound)?;
        if key.is_null() {
            return Err(self.error(node.at, "Null value as key", "Can't use a null value as a key.").into());
        }
        Ok(convert(&key, &Type::String).map_err(|e| {
            self.error(node.at, "Incorrect key type", format!("Can't use this value as a key: {}.", reason(&e)))
        })?)
    }

    /// The elements of a collection, for the `for` at `at`.
    pub(super) fn items(&self, collection: &Value, at: At, what: &str) -> Result<Items, Diagnostics> {
        let length = collection.as_elements().map(<[_]>::len).or(collection.as_entries().map(BTreeMap::len));
        self.step(length.unwrap_or(0), at)?;
        Ok(match collection.kind() {
            Kind::Null(_) => {
                return Err(self
                    .error(
                        at,
                        "Iteration over null value",
                        format!("A null value cannot be used as the collection in a {what}."),
                    )
                    .into());
            }
            Kind::List(_, vs) | Kind::Tuple(vs) => Items::Known(
                vs.iter().enumerate().map(|(i, v)| (crate::value::Number::from(i).into(), v.clone())).collect(),
            ),
            Kind::Set(_, vs) => Items::Known(vs.iter().map(|v| (v.clone(), v.clone())).collect()),
            Kind::Map(_, vs) | Kind::Object(vs) => {
                Items::Known(vs.iter().map(|(k, v)| (Value::string(k), v.clone())).collect())
            }
            Kind::Unknown(u) if !u.ty.is_primitive() => Items::Unknown,
            _ => {
                return Err(self
                    .error(
                        at,
                        "Iteration over non-iterable value",
                        format!(
                            "A value of type {} cannot be used as the collection in a {what}.",
                            collection.ty().friendly()
                        ),
                    )
                    .into());
            }
        })
    }

    pub(super) fn for_expression(&self, f: &For, at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let collection = self.node(&f.collection, bound)?;
        let mut sensitive = collection.is_sensitive();
        let Items::Known(items) = self.items(&collection, f.collection.at, "'for' expression")? else {
            return Ok(Value::unknown(Type::Dynamic).mark(sensitive));
        };
        let mut errors = Diagnostics::new();
        let mut known = true;
        let mut list = Vec::new();
        let mut object: BTreeMap<Name, Value> = BTreeMap::new();
        let mut groups: BTreeMap<Name, Vec<Value>> = BTreeMap::new();
        for (key, value) in &items {
            if !self.goes_on(&errors) {
                break;
            }
            let outer = f.key_name.as_ref().map(|name| Bound { name, value: key, outer: bound });
            let inner = Bound { name: &f.value_name, value, outer: outer.as_ref().or(bound) };
            if let Some(condition) = &f.condition {
                let Some(include) = errors.take(self.condition(condition, &inner)) else { continue };
                sensitive |= include.is_sensitive();
                match include.as_bool() {
                    Some(true) => {}
                    Some(false) => continue,
                    None => {
                        known = false;
                        continue;
                    }
                }
            }
            let Some(key_node) = &f.key else {
                list.extend(errors.take(self.node(&f.value, Some(&inner))));
                errors.take(self.make(1, 0, at));
                continue;
            };
            let key = errors.take(self.for_key(key_node, &inner));
            let value = errors.take(self.node(&f.value, Some(&inner)));
            let (Some(key), Some(value)) = (key, value) else { continue };
            sensitive |= key.is_sensitive();
            let Some(name) = key.as_str() else {
                known = false;
                continue;
            };
            errors.take(self.make(1, name.len(), at));
            if f.grouping {
                groups.entry(name.into()).or_default().push(value);
            } else if object.insert(name.into(), value).is_some() {
                errors.push(self.duplicate(&key, key_node.at));
            }
        }
        if errors.has_errors() {
            return Err(errors);
        }
        let result = match f.key {
            _ if !known => Value::unknown(Type::Dynamic),
            None => Value::tuple(list),
            Some(_) if f.grouping => Value::object(groups.into_iter().map(|(k, vs)| (k, Value::tuple(vs)))),
            Some(_) => Value::object(object),
        };
        self.fits(&result, at)?;
        Ok(result.mark(sensitive))
    }

    fn duplicate(&self, key: &Value, at: At) -> Diagnostic {
        let shown = match key.as_str().filter(|_| !key.is_sensitive()) {
            Some(name) => format!("the key {name:?}"),
            None => "one key".to_owned(),
        };
        self.error(
            at,
            "Duplicate object key",
            format!("Two different items produced {shown} in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key."),
        )
    }

    fn condition(&self, node: &Node, bound: &Bound<'_>) -> Evaluated {
        let value = self.node(node, Some(bound))?;
        if value.is_null() {
            return Err(self
                .error(node.at, "Condition is null", "The value of the 'if' clause must not be null.")
                .into());
        }
        Ok(convert(&value, &Type::Bool).map_err(|e| {
            self.error(node.at, "Invalid 'for' condition", format!("The 'if' clause value is invalid: {}.", reason(&e)))
        })?)
    }

    fn for_key(&self, node: &Node, bound: &Bound<'_>) -> Evaluated {
        let key = self.node(node, Some(bound))?;
        if key.is_null() {
            return Err(self
                .error(
                    node.at,
                    "Invalid object key",
                    "Key expression in 'for' expression must not produce a null value.",
                )
                .into());
        }
        Ok(convert(&key, &Type::String).map_err(|e| {
            self.error(
                node.at,
                "Invalid object key",
                format!("The key expression produced an invalid result: {}.", reason(&e)),
            )
        })?)
    }
}
