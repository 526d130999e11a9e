//! Values as plain JSON, beside maps that say which parts are unknown or sensitive. What is sensitive is
//! null in the first.

use crate::schema::{Attribute, Attrs};
use crate::value::{Kind, Value};
use serde_json::{Map, Value as Json};

/// The value; null where it is unknown or sensitive.
pub fn shown(value: &Value) -> Json {
    if value.is_sensitive() {
        return Json::Null;
    }
    match value.kind() {
        Kind::Null(_) | Kind::Unknown(_) => Json::Null,
        Kind::Bool(b) => (*b).into(),
        Kind::Number(n) => n.to_string().parse().map_or(Json::Null, Json::Number),
        Kind::String(s) => s.as_ref().into(),
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => vs.iter().map(shown).collect(),
        Kind::Map(_, vs) | Kind::Object(vs) => {
            Json::Object(vs.iter().map(|(k, v)| (k.to_string(), shown(v))).collect())
        }
    }
}

/// The same without the entries that are unknown; in a list they are null, so that the others keep
/// their places.
pub fn known(value: &Value) -> Json {
    if value.is_sensitive() {
        return Json::Null;
    }
    match value.kind() {
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => vs.iter().map(known).collect(),
        Kind::Map(_, vs) | Kind::Object(vs) => {
            let known = vs.iter().filter(|(_, v)| !v.is_unknown()).map(|(k, v)| (k.to_string(), known(v)));
            Json::Object(known.collect())
        }
        _ => shown(value),
    }
}

/// `true` where the value is unknown; collections keep their shape, objects and maps only what leads
/// to something.
pub fn unknown_parts(value: &Value) -> Json {
    parts(value, &Value::is_unknown)
}

/// `true` where the value is sensitive, in the same shape.
pub fn sensitive_parts(value: &Value) -> Json {
    parts(value, &Value::is_sensitive)
}

fn parts(value: &Value, is: &dyn Fn(&Value) -> bool) -> Json {
    if is(value) {
        return true.into();
    }
    match value.kind() {
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => vs.iter().map(|v| parts(v, is)).collect(),
        Kind::Map(_, vs) | Kind::Object(vs) => {
            let entries =
                vs.iter().map(|(k, v)| (k.to_string(), parts(v, is))).filter(|(_, p)| *p != Json::Bool(false));
            Json::Object(entries.collect::<Map<_, _>>())
        }
        _ => false.into(),
    }
}

/// The attributes, marked where their schema says that they are sensitive.
pub fn mark(attrs: &Attrs, rows: &[Attribute]) -> Attrs {
    attrs
        .iter()
        .map(|(name, value)| {
            let row = rows.iter().find(|r| r.name == &**name);
            (name.clone(), row.map_or_else(|| value.clone(), |r| mark_value(value, r)))
        })
        .collect()
}

fn mark_value(value: &Value, row: &Attribute) -> Value {
    let Some(block) = &row.block else {
        return value.clone().mark(row.sensitive && !value.is_null());
    };
    let inner = |v: &Value| match v.as_entries() {
        Some(_) => mark(&Attrs::from_value(v), &block.attributes).to_value().mark(v.is_sensitive()),
        None => v.clone(),
    };
    let kind = match value.kind() {
        Kind::List(_, vs) | Kind::Tuple(vs) => Kind::Tuple(vs.iter().map(inner).collect::<Vec<_>>().into()),
        Kind::Set(_, vs) => Kind::Tuple(vs.iter().map(inner).collect::<Vec<_>>().into()),
        Kind::Object(_) => return inner(value).mark(row.sensitive),
        other => other.clone(),
    };
    Value::new(kind).mark(value.is_sensitive() || row.sensitive)
}
