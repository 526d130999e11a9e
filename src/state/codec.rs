//! Values as JSON and back, exactly: every type survives, and in place of a sensitive part stands the
//! name of a secret of the vault.
//!
//! JSON alone does not tell a list from a set or a map from an object. A type is therefore kept
//! beside each value that JSON alone would read back as another one.

use super::vault::Vault;
pub use crate::value::type_json::{from_json as type_from_json, to_json as type_to_json};
use crate::value::{Kind, Name, Number, Type, Value};
use serde_json::{Map, Value as Json};

/// The only key of the object that stands for a sensitive value; beside it the name of the secret.
const SEALED: &str = "$sealed";

/// `value` as JSON. The error is a sentence; an unknown value is one.
pub fn encode(value: &Value, vault: &mut Vault<'_>) -> Result<Json, String> {
    if value.is_sensitive() {
        let plain = encode(&value.clone().unmark(), vault)?.to_string();
        return Ok(Json::Object(Map::from_iter([(SEALED.to_owned(), vault.keep(plain.as_bytes())?.into())])));
    }
    Ok(match value.kind() {
        Kind::Null(_) => Json::Null,
        Kind::Bool(b) => (*b).into(),
        Kind::Number(n) => match n.to_i64() {
            Some(n) => n.into(),
            None => Json::Number(n.to_string().parse().map_err(|_| format!("the number {n} is not JSON"))?),
        },
        Kind::String(s) => s.as_ref().into(),
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => {
            Json::Array(vs.iter().map(|v| encode(v, vault)).collect::<Result<_, _>>()?)
        }
        Kind::Map(_, vs) | Kind::Object(vs) => {
            let entry = |(k, v): (&Name, &Value)| Ok::<_, String>((escape(k), encode(v, vault)?));
            Json::Object(vs.iter().map(entry).collect::<Result<_, _>>()?)
        }
        Kind::Unknown(_) => return Err("a value is not known yet and cannot be kept".into()),
    })
}

/// The value of type `ty` that `json` stands for; without a type the one that JSON itself tells.
/// The error says what was expected.
pub fn decode(json: &Json, ty: Option<&Type>, vault: &Vault<'_>) -> Result<Value, String> {
    if let Some(name) = sealed(json) {
        let plain = vault.open(name)?;
        let json = serde_json::from_slice(&plain).map_err(|_| "a sealed value holds no JSON")?;
        return Ok(decode(&json, ty, vault)?.mark(true));
    }
    let ty = ty.filter(|t| **t != Type::Dynamic);
    let wrong = |t: &Type| format!("a {t} was expected, found {}", kind(json));
    let all = |element: Option<&Type>, vs: &[Json]| -> Result<Vec<Value>, String> {
        vs.iter().map(|v| decode(v, element, vault)).collect()
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
            Value::tuple(vs.iter().zip(ts.iter()).map(|(v, t)| decode(v, Some(t), vault)).collect::<Result<_, _>>()?)
        }
        (Json::Object(vs), None) => {
            let entry = |(k, v): (&String, &Json)| Ok::<_, String>((unescape(k), decode(v, None, vault)?));
            Value::object(vs.iter().map(entry).collect::<Result<Vec<(Name, Value)>, _>>()?)
        }
        (Json::Object(vs), Some(Type::Map(t))) => {
            let entry = |(k, v): (&String, &Json)| Ok::<_, String>((unescape(k), decode(v, Some(t), vault)?));
            Value::map((**t).clone(), vs.iter().map(entry).collect::<Result<_, _>>()?)
        }
        (Json::Object(vs), Some(Type::Object(ts))) => {
            if let Some(extra) = vs.keys().find(|k| !ts.contains_key(&unescape(k))) {
                return Err(format!("an object has the attribute {extra:?}, which its type does not have"));
            }
            let entry = |(k, t): (&Name, &Type)| {
                Ok::<_, String>((k.clone(), decode(vs.get(&escape(k)).unwrap_or(&Json::Null), Some(t), vault)?))
            };
            Value::object(ts.iter().map(entry).collect::<Result<Vec<(Name, Value)>, _>>()?)
        }
        (_, Some(t)) => return Err(wrong(t)),
    })
}

/// Whether the JSON of `value` reads back as `value` when no type is given.
pub fn is_plain(value: &Value) -> bool {
    match value.kind() {
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => true,
        Kind::Null(t) => *t == Type::Dynamic,
        Kind::Tuple(vs) => vs.iter().all(is_plain),
        Kind::Object(vs) => vs.values().all(is_plain),
        Kind::List(..) | Kind::Set(..) | Kind::Map(..) | Kind::Unknown(_) => false,
    }
}

fn sealed(json: &Json) -> Option<&str> {
    let object = json.as_object().filter(|o| o.len() == 1)?;
    object.get(SEALED)?.as_str()
}

/// A key that would be taken for [`SEALED`] gets one more `$`.
fn escape(key: &str) -> String {
    let more = key.trim_start_matches('$') == "sealed" && key.starts_with('$');
    if more { format!("${key}") } else { key.to_owned() }
}

fn unescape(key: &str) -> Name {
    let more = key.trim_start_matches('$') == "sealed" && key.starts_with("$$");
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
mod tests {
    use super::*;
    use crate::state::testing::{any_value, sealer};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_known_value_reads_back_with_its_type_and_marks(value in any_value()) {
            let sealer = sealer();
            let mut vault = Vault::new(&sealer);
            let json = encode(&value, &mut vault).unwrap();
            let json: Json = serde_json::from_str(&json.to_string()).unwrap();
            let ty = type_from_json(&type_to_json(&value.ty())).unwrap();
            prop_assert_eq!(&ty, &value.ty());
            prop_assert_eq!(decode(&json, Some(&ty), &vault).unwrap(), value.clone());
            if is_plain(&value) {
                prop_assert_eq!(decode(&json, None, &vault).unwrap(), value);
            }
        }
    }

    #[test]
    fn a_sensitive_text_is_nowhere_in_the_json() {
        let value = Value::object([("psk", Value::string("hunter2").mark(true))]);
        let json = encode(&value, &mut Vault::new(&sealer())).unwrap().to_string();
        assert!(!json.contains("hunter2") && json.contains("$sealed"), "{json}");
    }

    #[test]
    fn an_unknown_value_is_refused() {
        assert!(encode(&Value::unknown(Type::String), &mut Vault::new(&sealer())).is_err());
    }

    #[test]
    fn json_of_another_type_says_what_was_expected() {
        let error = decode(&serde_json::json!({"a": 1}), Some(&Type::list(Type::String)), &Vault::new(&sealer()));
        let error = error.unwrap_err();
        insta::assert_snapshot!(error, @"a list(string) was expected, found an object");
    }
}
