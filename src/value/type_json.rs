//! Types as JSON, in the form that Terraform uses in states and plans: `"string"`,
//! `["list", "string"]`, `["object", {"a": "bool"}]`. Exact in both directions.

use crate::value::Type;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The JSON of a type.
pub fn to_json(ty: &Type) -> Json {
    let of = |name: &str, inner: Json| Json::Array(vec![name.into(), inner]);
    match ty {
        Type::Dynamic => "dynamic".into(),
        Type::Bool => "bool".into(),
        Type::Number => "number".into(),
        Type::String => "string".into(),
        Type::List(t) => of("list", to_json(t)),
        Type::Set(t) => of("set", to_json(t)),
        Type::Map(t) => of("map", to_json(t)),
        Type::Tuple(ts) => of("tuple", ts.iter().map(to_json).collect()),
        Type::Object(ts) => {
            of("object", ts.iter().map(|(k, t)| (k.to_string(), to_json(t))).collect::<Map<_, _>>().into())
        }
    }
}

/// The type that [`to_json`] wrote; the error says what is not a type.
pub fn from_json(json: &Json) -> Result<Type, String> {
    let unknown = || format!("{json} is not a type");
    match json {
        Json::String(name) => match name.as_str() {
            "dynamic" => Ok(Type::Dynamic),
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            _ => Err(unknown()),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(name), Json::Array(inner)] if name == "tuple" => {
                Ok(Type::tuple(inner.iter().map(from_json).collect::<Result<_, _>>()?))
            }
            [Json::String(name), Json::Object(inner)] if name == "object" => {
                let entries = inner.iter().map(|(k, t)| Ok::<_, String>((k.as_str().into(), from_json(t)?)));
                Ok(Type::Object(Arc::new(entries.collect::<Result<BTreeMap<_, _>, _>>()?)))
            }
            [Json::String(name), inner] => match name.as_str() {
                "list" => Ok(Type::list(from_json(inner)?)),
                "set" => Ok(Type::set(from_json(inner)?)),
                "map" => Ok(Type::map(from_json(inner)?)),
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_reads_back_as_it_was_written() {
        let types = [
            Type::Dynamic,
            Type::list(Type::set(Type::map(Type::Number))),
            Type::tuple(vec![Type::Bool, Type::String]),
            Type::object([("a", Type::tuple(vec![])), ("b", Type::object(Vec::<(&str, Type)>::new()))]),
        ];
        for ty in types {
            assert_eq!(from_json(&to_json(&ty)), Ok(ty));
        }
    }

    #[test]
    fn json_that_is_no_type_is_named_in_the_error() {
        insta::assert_snapshot!(from_json(&serde_json::json!(["list", "text"])).unwrap_err(), @r#""text" is not a type"#);
        assert!(from_json(&serde_json::json!(["list"])).is_err());
    }
}
