use super::*;
use crate::value::Name;

fn list(values: Vec<Value>) -> Value {
    Value::tuple(values)
}

fn object<const N: usize>(values: [(&str, Value); N]) -> Value {
    Value::object(values)
}

#[test]
fn tuples_become_lists_of_what_their_elements_share() {
    let any = Type::list(Type::Dynamic);
    let as_list = |values| convert(&list(values), &any).map_err(|e| e.to_string());
    assert_eq!(as_list(vec![true.into(), 1.into(), "a".into()]), Ok(Value::strings(["true", "1", "a"])));
    assert_eq!(
        as_list(vec![Value::any_null(), "a".into()]),
        Ok(Value::list(Type::String, vec![Value::null(Type::String), "a".into()]))
    );
    assert_eq!(as_list(vec![]), Ok(Value::list(Type::Dynamic, vec![])));
    assert_eq!(as_list(vec![true.into(), 1.into()]), Err("all list elements must have the same type".into()));
}

#[test]
fn unification_follows_terraform() {
    let (string, number) = (Type::String, Type::Number);
    let tuple = |ts: &[&Type]| Type::tuple(ts.iter().map(|t| (*t).clone()).collect());
    let cases = [
        (vec![string.clone(), number.clone()], Some(string.clone())),
        (vec![number.clone(), Type::Bool], None),
        (vec![Type::Dynamic, number.clone()], Some(number.clone())),
        (vec![], Some(Type::Dynamic)),
        (vec![tuple(&[&string]), tuple(&[&number])], Some(tuple(&[&string]))),
        (vec![tuple(&[&number]), tuple(&[&string, &string])], Some(Type::list(string.clone()))),
        (vec![tuple(&[]), tuple(&[&string])], Some(Type::list(string.clone()))),
        (
            vec![Type::object([("a", number.clone())]), Type::object([("b", string.clone())])],
            Some(Type::map(string.clone())),
        ),
        (
            vec![Type::object([("a", number.clone())]), Type::object([("a", string.clone())])],
            Some(Type::object([("a", string.clone())])),
        ),
        (vec![Type::object([("a", number.clone())]), tuple(&[])], None),
        (vec![Type::set(string.clone()), Type::list(string.clone())], Some(Type::list(string.clone()))),
        (vec![Type::set(string.clone()), tuple(&[&string])], Some(Type::set(string.clone()))),
        (vec![Type::map(number.clone()), Type::object([("b", string.clone())])], Some(Type::map(string.clone()))),
    ];
    for (types, expected) in cases {
        assert_eq!(unify(&types), expected, "{types:?}");
    }
}

#[test]
fn errors_are_told_from_types_where_types_tell_them() {
    let port = Type::object([("port", Type::Number), ("name", Type::String)]);
    let cases = [
        (list(vec![]), Type::Number, "number required"),
        ("x".into(), Type::Number, "a number is required"),
        ("True".into(), Type::Bool, "a bool is required; to convert from string, use lowercase \"true\""),
        (list(vec![1.into(), list(vec![])]), Type::list(Type::String), "element 1: string required"),
        (list(vec!["x".into()]), Type::list(Type::Number), "[0]: a number is required"),
        (object([("name", 1.into())]), port.clone(), "attribute \"port\" is required"),
        (object([]), port.clone(), "attributes \"name\" and \"port\" are required"),
        (object([("name", 1.into()), ("port", list(vec![]))]), port.clone(), "attribute \"port\": number required"),
        (list(vec![]), Type::map(Type::Dynamic), "map of any single type required"),
        (Value::unknown(Type::tuple(vec![])), Type::Number, "number required"),
    ];
    for (value, ty, expected) in cases {
        assert_eq!(convert(&value, &ty).unwrap_err().to_string(), expected, "{value:?} to {ty}");
    }
}

#[test]
fn unknown_null_and_marks_survive() {
    let want = Type::list(Type::String);
    let number = Value::unknown_not_null(Type::Number).mark(true);
    let converted = convert(&list(vec![number, Value::any_null()]), &want);
    let unknown = Value::unknown_not_null(Type::String).mark(true);
    assert_eq!(converted, Ok(Value::list(Type::String, vec![unknown, Value::null(Type::String)])));
    assert_eq!(convert(&Value::any_null(), &want), Ok(Value::null(want.clone())));
    assert_eq!(
        convert(&Value::unknown(Type::tuple(vec![Type::Number])), &Type::list(Type::Dynamic)),
        Ok(Value::unknown(Type::list(Type::Number)))
    );
    let set = convert(&list(vec![Value::from("a").mark(true)]), &Type::set(Type::String)).unwrap();
    assert!(set.is_sensitive());
}

#[test]
fn objects_drop_what_the_type_does_not_name() {
    let given = object([("a", 1.into()), ("b", 2.into())]);
    assert_eq!(convert(&given, &Type::object([("a", Type::String)])), Ok(object([("a", "1".into())])));
    let map = Value::map(Type::String, BTreeMap::from([(Name::from("a"), "1".into())]));
    assert_eq!(convert(&map, &Type::object([("a", Type::Number)])), Ok(object([("a", 1.into())])));
}
