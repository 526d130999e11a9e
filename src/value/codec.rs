//! Values as JSON and back without loss: types, unknown parts and marks survive. States, journals and plan files
//! are written with it.
//!
//! JSON does not distinguish a list from a set or a map from an object. Either the reader knows the type of a value, as
//! states keep it beside the values, or the value says it itself. What JSON cannot say is an object with the only
//! key `$sealed`; keys of maps that look like it are escaped:
//!
//! | `$sealed` | is |
//! |---|---|
//! | a text | a sensitive value, sealed |
//! | `{"sensitive": …}` | a sensitive value that says nothing, not sealed |
//! | `{"unknown": [type, not null, origin]}` | an unknown value |
//! | `{"type": …, "value": …}` | a value of another type than JSON, or the reader, would take it for |
//!
//! A sensitive value leaves this module only sealed. The caller gives what seals: no key is read here.

use crate::diag::Diagnostic;
use crate::value::{Kind, Name, Number, Origin, Type, Unknown, Value, type_json};
use serde_json::{Value as Json, json};
use std::fmt;
use std::sync::Arc;

/// The only key of the object that stands for what JSON cannot say.
const SPECIAL: &str = "$sealed";

/// Keeps text from being read without the key.
pub trait Seal {
    /// The sealed form of `plain`; the same for the same text. The error is one sentence.
    fn seal(&self, plain: &[u8]) -> Result<String, String>;
    /// The text that was sealed.
    fn unseal(&self, sealed: &str) -> Result<Vec<u8>, DecodeError>;
    /// Whether a sensitive null is sealed, too; otherwise it is only marked.
    fn seals_null(&self) -> bool {
        false
    }
}

/// Why JSON is not a value; each a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// It is not what [`encode`] writes.
    Form(String),
    /// It cannot be unsealed.
    Sealed(Locked),
}

/// Why a sealed value does not open, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// A sentence without its end.
    pub why: String,
    /// A sentence; may be empty.
    pub cure: String,
}

impl Locked {
    /// As a problem says it.
    pub fn of(problem: &Diagnostic) -> Self {
        Locked { why: problem.detail.trim_end_matches('.').to_owned(), cure: problem.hints.join(" ") }
    }

    /// The same as a problem, which `summary` sums up.
    pub fn problem(&self, summary: impl Into<String>) -> Diagnostic {
        let d = Diagnostic::error(summary).code("state-key").detail(format!("{}.", self.why));
        if self.cure.is_empty() { d } else { d.hint(&*self.cure) }
    }
}

impl DecodeError {
    /// The same, saying where.
    pub fn within(self, place: impl fmt::Display) -> Self {
        match self {
            DecodeError::Form(why) => DecodeError::Form(format!("{place}: {why}")),
            DecodeError::Sealed(Locked { why, cure }) => {
                DecodeError::Sealed(Locked { why: format!("{place}: {why}"), cure })
            }
        }
    }
}

impl From<String> for DecodeError {
    fn from(why: String) -> Self {
        DecodeError::Form(why)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (DecodeError::Form(why) | DecodeError::Sealed(Locked { why, .. })) = self;
        f.write_str(why)
    }
}

/// The value as JSON, for a reader that knows that it is of type `ty`.
pub fn encode(value: &Value, ty: Option<&Type>, seal: &dyn Seal) -> Result<Json, String> {
    let ty = ty.filter(|t| **t != Type::Dynamic);
    if value.is_sensitive() {
        let plain = encode(&value.clone().unmark(), ty, seal)?;
        let says_nothing = value.is_unknown() || value.is_null() && !seal.seals_null();
        return Ok(match says_nothing {
            true => json!({ SPECIAL: { "sensitive": plain } }),
            false => json!({ SPECIAL: seal.seal(plain.to_string().as_bytes())? }),
        });
    }
    if let Kind::Unknown(u) = value.kind() {
        let origin = u.origin.as_ref().map(|o| json!([o.address.as_ref(), o.attribute.as_ref()]));
        return Ok(json!({ SPECIAL: { "unknown": [type_json::to_json(&u.ty), u.not_null, origin] } }));
    }
    if !is_taken_for(value, ty) {
        let own = value.ty();
        let plain = plain(value, Some(&own), seal)?;
        return Ok(json!({ SPECIAL: { "type": type_json::to_json(&own), "value": plain } }));
    }
    plain(value, ty, seal)
}

/// Whether the JSON of `value`, its parts aside, reads back as `value` where the reader knows the type `ty`.
fn is_taken_for(value: &Value, ty: Option<&Type>) -> bool {
    match (value.kind(), ty) {
        (Kind::Null(t), None) => *t == Type::Dynamic,
        (Kind::List(..) | Kind::Set(..) | Kind::Map(..), None) => false,
        (_, None) => true,
        (Kind::Null(t), Some(ty)) => t == ty,
        (Kind::Bool(_), Some(ty)) => *ty == Type::Bool,
        (Kind::Number(_), Some(ty)) => *ty == Type::Number,
        (Kind::String(_), Some(ty)) => *ty == Type::String,
        (Kind::List(t, _), Some(Type::List(u)))
        | (Kind::Set(t, _), Some(Type::Set(u)))
        | (Kind::Map(t, _), Some(Type::Map(u))) => *t == **u,
        (Kind::Tuple(vs), Some(Type::Tuple(ts))) => vs.len() == ts.len(),
        (Kind::Object(vs), Some(Type::Object(ts))) => vs.keys().eq(ts.keys()),
        _ => false,
    }
}

fn plain(value: &Value, ty: Option<&Type>, seal: &dyn Seal) -> Result<Json, String> {
    let all = |vs: &[Value], t: Option<&Type>| vs.iter().map(|v| encode(v, t, seal)).collect::<Result<_, _>>();
    Ok(match value.kind() {
        Kind::Null(_) | Kind::Unknown(_) => Json::Null,
        Kind::Bool(b) => (*b).into(),
        Kind::Number(n) => match n.to_i64() {
            Some(n) => n.into(),
            None => Json::Number(n.to_string().parse().map_err(|_| format!("the number {n} is not JSON"))?),
        },
        Kind::String(s) => s.as_ref().into(),
        Kind::List(t, vs) | Kind::Set(t, vs) => Json::Array(all(vs, Some(t))?),
        Kind::Tuple(vs) => match ty {
            Some(Type::Tuple(ts)) => {
                Json::Array(vs.iter().zip(ts.iter()).map(|(v, t)| encode(v, Some(t), seal)).collect::<Result<_, _>>()?)
            }
            _ => Json::Array(all(vs, None)?),
        },
        Kind::Map(t, vs) => {
            let entry = |(k, v): (&Name, &Value)| Ok::<_, String>((escape(k), encode(v, Some(t), seal)?));
            Json::Object(vs.iter().map(entry).collect::<Result<_, _>>()?)
        }
        Kind::Object(vs) => {
            let types = match ty {
                Some(Type::Object(ts)) => Some(ts),
                _ => None,
            };
            let entry = |(k, v): (&Name, &Value)| {
                Ok::<_, String>((escape(k), encode(v, types.and_then(|ts| ts.get(k)), seal)?))
            };
            Json::Object(vs.iter().map(entry).collect::<Result<_, _>>()?)
        }
    })
}

/// The value of type `ty` that [`encode`] wrote for a reader that knows `ty`. Without a key a sealed value stays
/// sealed: it is then a sensitive text that is equal to another one exactly if the values are.
pub fn decode(json: &Json, ty: Option<&Type>, seal: Option<&dyn Seal>) -> Result<Value, DecodeError> {
    if let Some(inner) = special(json) {
        return decode_special(inner, ty, seal);
    }
    let ty = ty.filter(|t| **t != Type::Dynamic);
    let wrong = |t: &Type| format!("a {t} was expected, found {}", kind(json));
    let all = |element: Option<&Type>, vs: &[Json]| -> Result<Vec<Value>, DecodeError> {
        vs.iter().map(|v| decode(v, element, seal)).collect()
    };
    Ok(match (json, ty) {
        (Json::Null, None) => Value::any_null(),
        (Json::Null, Some(t)) => Value::null(t.clone()),
        (Json::Bool(b), None | Some(Type::Bool)) => (*b).into(),
        (Json::Number(n), None | Some(Type::Number)) => {
            let number = n.as_i64().map(Number::from).or_else(|| Number::parse(&n.to_string()));
            number.ok_or_else(|| format!("the number {n} is too large"))?.into()
        }
        (Json::String(s), None | Some(Type::String)) => Value::string(s),
        (Json::Array(vs), None) => Value::tuple(all(None, vs)?),
        (Json::Array(vs), Some(Type::List(t))) => Value::list((**t).clone(), all(Some(t), vs)?),
        (Json::Array(vs), Some(Type::Set(t))) => Value::set((**t).clone(), all(Some(t), vs)?),
        (Json::Array(vs), Some(Type::Tuple(ts))) if vs.len() == ts.len() => {
            Value::tuple(vs.iter().zip(ts.iter()).map(|(v, t)| decode(v, Some(t), seal)).collect::<Result<_, _>>()?)
        }
        (Json::Object(vs), None) => {
            let entry = |(k, v): (&String, &Json)| Ok::<_, DecodeError>((unescape(k), decode(v, None, seal)?));
            Value::object(vs.iter().map(entry).collect::<Result<Vec<(Name, Value)>, _>>()?)
        }
        (Json::Object(vs), Some(Type::Map(t))) => {
            let entry = |(k, v): (&String, &Json)| Ok::<_, DecodeError>((unescape(k), decode(v, Some(t), seal)?));
            Value::map((**t).clone(), vs.iter().map(entry).collect::<Result<_, _>>()?)
        }
        (Json::Object(vs), Some(Type::Object(ts))) => {
            if let Some(extra) = vs.keys().find(|k| !ts.contains_key(&unescape(k))) {
                return Err(format!("an object has the attribute {extra:?}, which its type does not have").into());
            }
            let entry = |(k, t): (&Name, &Type)| {
                Ok::<_, DecodeError>((k.clone(), decode(vs.get(&escape(k)).unwrap_or(&Json::Null), Some(t), seal)?))
            };
            Value::object(ts.iter().map(entry).collect::<Result<Vec<(Name, Value)>, _>>()?)
        }
        (_, Some(t)) => return Err(wrong(t).into()),
    })
}

/// Whether the JSON of `value` reads back as `value` when no type is given, and says no type itself.
pub fn is_plain(value: &Value) -> bool {
    match value.kind() {
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
        Kind::Null(t) => *t == Type::Dynamic,
        Kind::Tuple(vs) => vs.iter().all(is_plain),
        Kind::Object(vs) => vs.values().all(is_plain),
        Kind::List(..) | Kind::Set(..) | Kind::Map(..) | Kind::Unknown(_) => false,
    }
}

fn special(json: &Json) -> Option<&Json> {
    json.as_object().filter(|o| o.len() == 1)?.get(SPECIAL)
}

fn decode_special(inner: &Json, ty: Option<&Type>, seal: Option<&dyn Seal>) -> Result<Value, DecodeError> {
    let wrong = || DecodeError::Form("a value is not of the form that is written".into());
    if let Json::String(sealed) = inner {
        let Some(seal) = seal else { return Ok(Value::string(sealed).mark(true)) };
        let plain = serde_json::from_slice(&seal.unseal(sealed)?)
            .map_err(|_| DecodeError::Form("a sealed value holds no JSON".into()))?;
        return Ok(decode(&plain, ty, Some(seal))?.mark(true));
    }
    let parts = inner.as_object().ok_or_else(wrong)?;
    match (parts.len(), parts.get("sensitive"), parts.get("unknown"), parts.get("type"), parts.get("value")) {
        (1, Some(plain), ..) => Ok(decode(plain, ty, seal)?.mark(true)),
        (1, _, Some(unknown), ..) => Ok(Value::new(Kind::Unknown(decode_unknown(unknown)?.ok_or_else(wrong)?))),
        (2, _, _, Some(own), Some(plain)) => decode(plain, Some(&type_json::from_json(own)?), seal),
        _ => Err(wrong()),
    }
}

fn decode_unknown(json: &Json) -> Result<Option<Unknown>, DecodeError> {
    let Some([ty, Json::Bool(not_null), origin]) = json.as_array().map(Vec::as_slice) else { return Ok(None) };
    let text = |at: usize| origin.get(at).and_then(Json::as_str);
    let origin = match (origin, text(0), text(1)) {
        (Json::Null, ..) => None,
        (_, Some(address), Some(attribute)) => {
            Some(Arc::new(Origin { address: address.into(), attribute: attribute.into() }))
        }
        _ => return Ok(None),
    };
    Ok(Some(Unknown { ty: type_json::from_json(ty)?, not_null: *not_null, origin }))
}

/// A key that would be taken for [`SPECIAL`] gets one more `$`.
fn escape(key: &str) -> String {
    let more = key.trim_start_matches('$') == &SPECIAL[1..] && key.starts_with('$');
    if more { format!("${key}") } else { key.to_owned() }
}

fn unescape(key: &str) -> Name {
    let more = key.trim_start_matches('$') == &SPECIAL[1..] && key.starts_with("$$");
    if more { key[1..].into() } else { key.into() }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests;
