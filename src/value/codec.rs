//! Values as JSON and back without loss: types, unknown parts and marks survive.
//!
//! A sensitive value leaves this module only sealed. What seals is the caller's: no key is read here.

use crate::value::{Kind, Name, Number, Origin, Type, Unknown, Value, type_json};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Keeps text from being read without the key. Errors are one sentence.
pub trait Seal {
    /// The sealed form of `plain`; the same for the same text.
    fn seal(&self, plain: &[u8]) -> Result<String, String>;
    /// What was sealed.
    fn unseal(&self, sealed: &str) -> Result<Vec<u8>, String>;
}

/// Why JSON is not a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// It is not what [`encode`] writes.
    Form(String),
    /// It cannot be unsealed.
    Sealed(String),
}

impl From<String> for DecodeError {
    fn from(why: String) -> Self {
        DecodeError::Form(why)
    }
}

/// The value as JSON.
///
/// Bool, number, string and tuple are themselves; all else is an object with one key that says what
/// it is.
pub fn encode(value: &Value, seal: &dyn Seal) -> Result<Json, String> {
    if value.is_sensitive() {
        let plain = encode(&value.clone().unmark(), seal)?;
        return Ok(match value.kind() {
            Kind::Unknown(_) | Kind::Null(_) => json!({ "sensitive": plain }),
            _ => json!({ "sealed": seal.seal(plain.to_string().as_bytes())? }),
        });
    }
    let all = |vs: &[Value]| vs.iter().map(|v| encode(v, seal)).collect::<Result<Vec<_>, _>>();
    let each = |vs: &std::collections::BTreeMap<Name, Value>| {
        vs.iter().map(|(k, v)| Ok((k.to_string(), encode(v, seal)?))).collect::<Result<Map<_, _>, String>>()
    };
    Ok(match value.kind() {
        Kind::Bool(b) => (*b).into(),
        Kind::Number(n) => Json::Number(n.to_string().parse().map_err(|_| format!("the number {n} is not JSON"))?),
        Kind::String(s) => s.as_ref().into(),
        Kind::Tuple(vs) => all(vs)?.into(),
        Kind::Null(t) => json!({ "null": type_json::to_json(t) }),
        Kind::List(t, vs) => json!({ "list": [type_json::to_json(t), all(vs)?] }),
        Kind::Set(t, vs) => json!({ "set": [type_json::to_json(t), all(vs)?] }),
        Kind::Map(t, vs) => json!({ "map": [type_json::to_json(t), each(vs)?] }),
        Kind::Object(vs) => json!({ "object": each(vs)? }),
        Kind::Unknown(u) => {
            let origin = u.origin.as_ref().map(|o| json!([o.address.as_ref(), o.attribute.as_ref()]));
            json!({ "unknown": [type_json::to_json(&u.ty), [u.not_null, origin]] })
        }
    })
}

/// The value that [`encode`] wrote. Without a key a sealed value stays sealed: it is then a
/// sensitive text that is equal to another one exactly if the values are.
pub fn decode(json: &Json, seal: Option<&dyn Seal>) -> Result<Value, DecodeError> {
    let wrong = || DecodeError::Form("a value is not of the form that plan files have".into());
    let all = |vs: &[Json]| vs.iter().map(|v| decode(v, seal)).collect::<Result<Vec<_>, _>>();
    let entries = |vs: &Map<String, Json>| {
        vs.iter().map(|(k, v)| Ok((Name::from(k.as_str()), decode(v, seal)?))).collect::<Result<_, DecodeError>>()
    };
    let tagged = match json {
        Json::Null => return Err(wrong()),
        Json::Bool(b) => return Ok((*b).into()),
        Json::Number(n) => return Number::parse(&n.to_string()).map(Value::from).ok_or_else(wrong),
        Json::String(s) => return Ok(Value::string(s)),
        Json::Array(vs) => return Ok(Value::tuple(all(vs)?)),
        Json::Object(tagged) => tagged,
    };
    let (Some((tag, inner)), 1) = (tagged.iter().next(), tagged.len()) else { return Err(wrong()) };
    match (tag.as_str(), inner) {
        ("sealed", Json::String(sealed)) => match seal {
            None => Ok(Value::string(sealed).mark(true)),
            Some(s) => {
                let plain =
                    serde_json::from_slice(&s.unseal(sealed).map_err(DecodeError::Sealed)?).map_err(|_| wrong())?;
                Ok(decode(&plain, seal)?.mark(true))
            }
        },
        ("sensitive", inner) => Ok(decode(inner, seal)?.mark(true)),
        ("null", ty) => Ok(Value::null(type_json::from_json(ty)?)),
        ("object", Json::Object(vs)) => Ok(Value::new(Kind::Object(Arc::new(entries(vs)?)))),
        (tag, Json::Array(parts)) => {
            let [ty, inner] = parts.as_slice() else { return Err(wrong()) };
            let ty: Type = type_json::from_json(ty)?;
            match (tag, inner) {
                ("list", Json::Array(vs)) => Ok(Value::list(ty, all(vs)?)),
                ("set", Json::Array(vs)) => Ok(Value::set(ty, all(vs)?)),
                ("map", Json::Object(vs)) => Ok(Value::map(ty, entries(vs)?)),
                ("unknown", Json::Array(known)) => Ok(Value::new(Kind::Unknown(unknown(ty, known).ok_or_else(wrong)?))),
                _ => Err(wrong()),
            }
        }
        _ => Err(wrong()),
    }
}

fn unknown(ty: Type, known: &[Json]) -> Option<Unknown> {
    let [Json::Bool(not_null), origin] = known else { return None };
    let origin = match origin {
        Json::Null => None,
        origin => {
            let text = |i: usize| origin.get(i).and_then(Json::as_str);
            Some(Arc::new(Origin { address: text(0)?.into(), attribute: text(1)?.into() }))
        }
    };
    Some(Unknown { ty, not_null: *not_null, origin })
}
