use super::*;
use crate::plan::fixtures::any_value;
use crate::state::testing::{any_value as any_known_value, tied};
use proptest::prelude::*;

fn through_text(json: &Json) -> Json {
    serde_json::from_str(&json.to_string()).unwrap()
}

proptest! {
    #[test]
    fn any_value_reads_back_without_a_type_beside_it(value in any_value()) {
        let json = through_text(&encode(&value, None, &tied()).unwrap());
        prop_assert_eq!(decode(&json, None, Some(&tied())).unwrap(), value);
    }

    #[test]
    fn any_value_reads_back_with_its_type_beside_it(value in prop_oneof![any_value(), any_known_value()]) {
        let ty = type_json::from_json(&type_json::to_json(&value.ty())).unwrap();
        prop_assert_eq!(&ty, &value.ty());
        let json = through_text(&encode(&value, Some(&ty), &tied()).unwrap());
        prop_assert_eq!(decode(&json, Some(&ty), Some(&tied())).unwrap(), value);
    }

    #[test]
    fn a_plain_value_says_no_type(value in any_known_value()) {
        let value = value.unmark_deep();
        if is_plain(&value) {
            let json = encode(&value, None, &tied()).unwrap();
            prop_assert!(!json.to_string().contains("\"type\""), "{}", json);
            prop_assert_eq!(json, encode(&value, Some(&value.ty()), &tied()).unwrap());
        }
    }
}

#[test]
fn a_sensitive_text_is_nowhere_in_the_json() {
    let value = Value::object([("psk", Value::string("hunter2").mark(true))]);
    let json = encode(&value, None, &tied()).unwrap().to_string();
    assert!(!json.contains("hunter2") && json.contains("$sealed"), "{json}");
}

#[test]
fn what_json_cannot_say_is_an_object_with_one_key() {
    let value = Value::object([
        ("zones", Value::strings(["a"])),
        ("id", Value::unknown(Type::String)),
        ("psk", Value::null(Type::String).mark(true)),
        ("$sealed", Value::from(1)),
        ("ports", Value::tuple(vec![80.into(), true.into()])),
    ]);
    insta::assert_snapshot!(encode(&value, None, &tied()).unwrap(), @r#"{"$$sealed":1,"id":{"$sealed":{"unknown":["string",false,null]}},"ports":[80,true],"psk":{"$sealed":{"sensitive":{"$sealed":{"type":"string","value":null}}}},"zones":{"$sealed":{"type":["list","string"],"value":["a"]}}}"#);
    insta::assert_snapshot!(encode(&value, Some(&value.ty()), &tied()).unwrap(), @r#"{"$$sealed":1,"id":{"$sealed":{"unknown":["string",false,null]}},"ports":[80,true],"psk":{"$sealed":{"sensitive":null}},"zones":["a"]}"#);
}

#[test]
fn json_of_another_type_says_what_was_expected() {
    let error = decode(&json!({"a": 1}), Some(&Type::list(Type::String)), None).unwrap_err();
    insta::assert_snapshot!(error, @"a list(string) was expected, found an object");
    for wrong in [json!(1), json!({}), json!({"unknown": ["string"]}), json!({"type": "string"}), json!([])] {
        let error = decode(&json!({ SPECIAL: wrong }), None, None).unwrap_err();
        assert_eq!(error.to_string(), "a value is not of the form that is written");
    }
}
