//! Functions of maps and objects, and those that choose among collections.

use super::FunctionError;
use super::args::Args;
use super::function::{DYNAMIC, Function, Parameter, any, list_of_string, string};
use crate::value::convert::{convert, unify};
use crate::value::{Kind, Name, Type, Value};
use std::collections::BTreeMap;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("coalesce", &[], DYNAMIC, coalesce).variadic(any("vals").null().unknown()),
    Function::new("coalescelist", &[], DYNAMIC, coalescelist).variadic(any("vals").null().unknown()),
    Function::new("keys", &[any("inputMap").inside().marked()], |_| Ok(Type::list(Type::String)), keys),
    Function::new("lookup", &[any("inputMap").inside().marked(), string("key").marked()], lookup_type, lookup)
        .variadic(any("default").null().unknown().marked())
        .nullable(),
    Function::new("map", &[], DYNAMIC, |_| {
        Err(FunctionError::new(
            "the \"map\" function was deprecated in Terraform v0.12 and is no longer available; \
             use tomap({ ... }) syntax to write a literal map",
        ))
    })
    .variadic(any("vals").null().unknown()),
    Function::new("merge", &[], DYNAMIC, merge).variadic(any("maps").null().unknown().marked()),
    Function::new("transpose", &[Parameter::new("values", string_lists)], |_| Ok(string_lists()), transpose),
    Function::new("values", &[any("mapping").inside().marked()], DYNAMIC, values),
    Function::new("zipmap", &[list_of_string("keys").marked(), any("values").inside().marked()], DYNAMIC, zipmap),
];

fn string_lists() -> Type {
    Type::map(Type::list(Type::String))
}

fn coalesce(a: &Args) -> Result<Value, FunctionError> {
    let types: Vec<Type> = a.rest(0).iter().map(Value::ty).collect();
    let shared = unify(&types).filter(|_| !types.is_empty());
    let Some(ty) = shared else {
        return Err(FunctionError::new("all arguments must have the same type"));
    };
    for (i, value) in a.rest(0).iter().enumerate() {
        if value.is_unknown() {
            return Ok(Value::unknown_not_null(ty));
        }
        if !value.is_null() && value.as_str() != Some("") {
            return convert(value, &ty).map_err(|e| FunctionError::at(i, e.message));
        }
    }
    Err(FunctionError::new("no non-null, non-empty-string arguments"))
}

fn coalescelist(a: &Args) -> Result<Value, FunctionError> {
    if a.len() == 0 {
        return Err(FunctionError::new("at least one argument is required"));
    }
    for value in a.rest(0) {
        match value.kind() {
            Kind::Unknown(_) => return Ok(Value::unknown(Type::Dynamic)),
            Kind::List(_, vs) | Kind::Tuple(vs) if !vs.is_empty() => return Ok(value.clone()),
            Kind::List(..) | Kind::Tuple(_) | Kind::Null(Type::List(_) | Type::Tuple(_)) => {}
            _ => return Err(FunctionError::new("coalescelist arguments must be lists or tuples")),
        }
    }
    Err(FunctionError::new("no non-null arguments"))
}

fn keys(a: &Args) -> Result<Value, FunctionError> {
    let value = a.value(0);
    let texts = |vs: &BTreeMap<Name, Value>| vs.keys().map(Value::string).collect();
    let keys = match value.kind() {
        Kind::Map(_, vs) => Value::list(Type::String, texts(vs)),
        Kind::Object(vs) => Value::tuple(texts(vs)),
        _ => return Err(FunctionError::at(0, "must have map or object type")),
    };
    Ok(keys.mark(value.is_sensitive()))
}

fn lookup_type(a: &Args) -> Result<Type, FunctionError> {
    Ok(match a.value(0).ty() {
        Type::Map(element) => (*element).clone(),
        _ => Type::Dynamic,
    })
}

fn lookup(a: &Args) -> Result<Value, FunctionError> {
    if a.len() > 3 {
        return Err(FunctionError::new(format!("lookup() takes two or three arguments, got {}", a.len())));
    }
    let (map, key) = (a.value(0), a.text(1));
    let default = a.get(2);
    let sensitive = map.is_sensitive() || a.value(1).is_sensitive();
    let quoted = if sensitive { "(sensitive value)".to_owned() } else { format!("{key:?}") };
    let element = match map.kind() {
        Kind::Map(element, _) => Some(element.clone()),
        Kind::Object(_) => None,
        _ => return Err(FunctionError::at(0, "lookup() requires a map as the first argument")),
    };
    let default = match (default, &element) {
        (Some(default), Some(element)) => Some(
            convert(default, element)
                .map_err(|_| FunctionError::at(2, "the default value must have the same type as the map elements"))?,
        ),
        (default, _) => default.cloned(),
    };
    match (map.get(key), default) {
        (Some(found), _) => Ok(found.clone().mark(sensitive)),
        (None, Some(default)) => Ok(default.mark(sensitive)),
        (None, None) if element.is_none() => {
            Err(FunctionError::at(0, format!("the given object has no attribute {quoted}")))
        }
        (None, None) => Err(FunctionError::new(format!("lookup failed to find key {quoted}"))),
    }
}

/// Maps of one element type give a map of it, everything else gives an object.
fn merge(a: &Args) -> Result<Value, FunctionError> {
    let mut merged = BTreeMap::new();
    let mut element: Option<Type> = None;
    let mut same = true;
    let (mut unknown, mut sensitive) = (false, false);
    for value in a.rest(0) {
        let ty = value.ty();
        match &ty {
            Type::Map(t) => same &= element.get_or_insert_with(|| (**t).clone()) == &**t,
            Type::Object(_) => same = false,
            Type::Dynamic => same &= value.is_null(),
            other => {
                let message = format!("arguments must be maps or objects, got \"{}\"", other.friendly());
                return Err(FunctionError::new(message));
            }
        }
        unknown |= value.is_unknown();
        sensitive |= value.is_sensitive() && !value.is_null();
        if let Some(entries) = value.as_entries() {
            merged.extend(entries.iter().map(|(k, v)| (k.clone(), v.clone())));
        }
    }
    let result = match element.filter(|_| same) {
        Some(element) if unknown => Value::unknown_not_null(Type::map(element)),
        Some(element) => Value::map(element, merged),
        None if unknown => Value::unknown(Type::Dynamic),
        None => Value::object(merged),
    };
    Ok(result.mark(sensitive))
}

fn transpose(a: &Args) -> Result<Value, FunctionError> {
    let mut transposed: BTreeMap<Name, Vec<Value>> = BTreeMap::new();
    for (key, list) in a.entries(0) {
        let Some(texts) = list.as_elements() else {
            return Err(FunctionError::new("input must not contain null list"));
        };
        for text in texts {
            let Some(text) = text.as_str() else {
                return Err(FunctionError::new("input list must not contain null string"));
            };
            transposed.entry(text.into()).or_default().push(Value::string(key));
        }
    }
    let lists = transposed.into_iter().map(|(k, keys)| (k, Value::list(Type::String, keys)));
    Ok(Value::map(Type::list(Type::String), lists.collect()))
}

fn values(a: &Args) -> Result<Value, FunctionError> {
    let value = a.value(0);
    let all = |vs: &BTreeMap<Name, Value>| vs.values().cloned().collect();
    let values = match value.kind() {
        Kind::Map(element, vs) => Value::list(element.clone(), all(vs)),
        Kind::Object(vs) => Value::tuple(all(vs)),
        _ => return Err(FunctionError::new("values() requires a map as the first argument")),
    };
    Ok(values.mark(value.is_sensitive()))
}

fn zipmap(a: &Args) -> Result<Value, FunctionError> {
    let keys = a.elements(0);
    let (Kind::List(_, values) | Kind::Tuple(values)) = a.value(1).kind() else {
        return Err(FunctionError::new("values argument must be a list or tuple value"));
    };
    if keys.len() != values.len() {
        return Err(FunctionError::new(format!(
            "number of keys ({}) does not match number of values ({})",
            keys.len(),
            values.len()
        )));
    }
    let mut zipped = BTreeMap::new();
    let mut sensitive = a.value(0).has_sensitive() || a.value(1).is_sensitive();
    for (i, (key, value)) in keys.iter().zip(values.iter()).enumerate() {
        let Some(text) = key.as_str() else {
            return Err(FunctionError::new(format!("keys list has null value at index {i}")));
        };
        sensitive |= key.is_sensitive();
        zipped.insert(Name::from(text), value.clone());
    }
    let zipped = match a.value(1).kind() {
        Kind::List(element, _) => Value::map(element.clone(), zipped),
        _ => Value::object(zipped),
    };
    Ok(zipped.mark(sensitive))
}
