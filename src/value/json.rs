//! JSON to and from values, for `jsonencode`, variable files, state and plans.
//!
//! Numbers keep all their digits. Marks are not written: whoever writes JSON decides first what may
//! be in it.

use super::convert::{ConvertError, convert};
use crate::value::{Kind, Number, Type, Value};
use std::str::FromStr;

/// The value as JSON, keys in order. What is unknown becomes null.
pub fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value.kind() {
        Kind::Null(_) | Kind::Unknown(_) => Json::Null,
        Kind::Bool(b) => Json::Bool(*b),
        Kind::Number(n) => serde_json::Number::from_str(&n.to_string()).map_or(Json::Null, Json::Number),
        Kind::String(s) => Json::String(s.to_string()),
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => Json::Array(vs.iter().map(to_json).collect()),
        Kind::Map(_, vs) | Kind::Object(vs) => {
            Json::Object(vs.iter().map(|(name, v)| (name.to_string(), to_json(v))).collect())
        }
    }
}

/// The value as compact JSON text in which `<`, `>` and `&` are escaped, as Terraform writes it.
pub fn to_text(value: &Value) -> String {
    let plain = to_json(value).to_string();
    let mut text = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            // These can only be inside a string.
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

/// JSON as the value that it suggests: objects, tuples and untyped nulls.
///
/// Fails only for a number whose exponent is out of all proportion.
pub fn from_json(json: &serde_json::Value) -> Result<Value, ConvertError> {
    use serde_json::Value as Json;
    Ok(match json {
        Json::Null => Value::any_null(),
        Json::Bool(b) => (*b).into(),
        Json::Number(n) => Number::parse(&n.to_string()).map(Value::from).ok_or_else(|| ConvertError {
            path: String::new(),
            message: "the number is too large or too small".into(),
        })?,
        Json::String(s) => Value::string(s),
        Json::Array(all) => {
            let parts = all.iter().enumerate();
            let parts = parts.map(|(i, v)| from_json(v).map_err(|e| e.under(format_args!("[{i}]"))));
            Value::tuple(parts.collect::<Result<_, _>>()?)
        }
        Json::Object(all) => {
            let parts = all.iter().map(|(name, v)| match from_json(v) {
                Ok(v) => Ok((name.as_str(), v)),
                Err(e) => Err(e.under(format_args!(".{name}"))),
            });
            Value::object(parts.collect::<Result<Vec<_>, _>>()?)
        }
    })
}

/// JSON as a value of type `ty`.
pub fn from_json_typed(json: &serde_json::Value, ty: &Type) -> Result<Value, ConvertError> {
    convert(&from_json(json)?, ty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_a_round_trip_through_typed_json() {
        let value = Value::object([
            ("big", Value::from(Number::parse("123456789012345678901234567890").unwrap())),
            ("set", Value::string_set(["b", "a"])),
            ("none", Value::null(Type::Bool)),
        ]);
        let json = to_json(&value);
        let text = r#"{"big":123456789012345678901234567890,"none":null,"set":["a","b"]}"#;
        assert_eq!(json.to_string(), text);
        assert_eq!(from_json_typed(&json, &value.ty()), Ok(value));
    }

    #[test]
    fn a_value_that_does_not_fit_the_type_says_where() {
        let json = serde_json::json!({ "a": [1, "x"] });
        let ty = Type::object([("a", Type::list(Type::Number))]);
        assert_eq!(from_json_typed(&json, &ty).unwrap_err().to_string(), ".a[1]: a number is required");
    }

    #[test]
    fn text_escapes_what_html_would_read() {
        assert_eq!(to_text(&"<a & b>\u{2028}é".into()), "\"\\u003ca \\u0026 b\\u003e\\u2028é\"");
    }
}
