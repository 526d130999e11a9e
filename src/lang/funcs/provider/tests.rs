//! The answers of the real Terraform 1.11, and for ARNs those that the documentation of its provider gives.

use crate::lang::config::written_out;
use crate::lang::funcs::tests::value_of;

fn text(expression: &str) -> String {
    value_of(expression).map_or_else(|e| format!("error: {e}"), |v| v.as_str().unwrap_or("not a text").to_owned())
}

#[test]
fn values_are_encoded_as_there() {
    let encode = |value: &str| text(&format!("provider::terraform::encode_expr({value})"));
    assert_eq!(encode("[1, 2, { a = \"b\" }]"), "[1, 2, {\n  a = \"b\"\n}]");
    assert_eq!(encode("{}"), "{}");
    assert_eq!(encode("{ a = 1, \"b-c\" = [] }"), "{\n  a   = 1\n  b-c = []\n}");
    assert_eq!(encode("\"x\\ny\""), "\"x\\ny\"");
    assert_eq!(encode("tomap({ a = { b = 1, cc = 2 } })"), "{\n  a = {\n    b  = 1\n    cc = 2\n  }\n}");
    assert_eq!(encode("[[1], [2]]"), "[[1], [2]]");
    let vars = |value: &str| text(&format!("provider::terraform::encode_tfvars({value})"));
    assert_eq!(
        vars(
            "{ a = 1, b = \"x\\n$${y}\", c = [1, \"a\", { \"k 1\" = true, k2 = null }], d = {}, e = [], long = toset([\"b\", \"a\"]) }"
        ),
        "a = 1\nb = \"x\\n$${y}\"\nc = [1, \"a\", {\n  \"k 1\" = true\n  k2    = null\n}]\nd    = {}\ne    = []\nlong = [\"a\", \"b\"]\n"
    );
    assert_eq!(vars("{}"), "");
    assert!(vars("{ \"a b\" = 1 }").contains("must be a valid identifier"));
    assert!(vars("[1]").contains("must be an object"));
}

#[test]
fn variables_are_decoded_as_there() {
    let decode = |src: &str| value_of(&format!("provider::terraform::decode_tfvars({src:?})"));
    let found = decode("a = 1\nb = \"x\"\nc = [1, {a = 2}]\n").unwrap();
    assert_eq!(found.get("a").and_then(|v| v.as_i64()), Some(1));
    assert_eq!(found.get("b").and_then(|v| v.as_str()), Some("x"));
    for (src, said) in [
        ("a = upper(\"x\")", "invalid expression for variable \"a\""),
        ("a = var.x", "invalid expression for variable \"a\""),
        ("a {}", "invalid tfvars content"),
        ("a = ", "invalid tfvars syntax"),
    ] {
        let e = decode(src).unwrap_err();
        assert!(e.contains(said), "{src}: {e}");
    }
}

#[test]
fn arns_are_taken_apart_and_put_together() {
    let arn = "arn:aws:iam::444455556666:role/with/path/example";
    let parsed = value_of(&format!("provider::aws::arn_parse({arn:?})")).unwrap();
    let part = |name: &str| parsed.get(name).and_then(|v| v.as_str().map(str::to_owned)).unwrap();
    assert_eq!((part("partition"), part("service"), part("region")), ("aws".into(), "iam".into(), "".into()));
    assert_eq!((part("account_id"), part("resource")), ("444455556666".into(), "role/with/path/example".into()));
    assert_eq!(text(&format!("provider::aws::trim_iam_role_path({arn:?})")), "arn:aws:iam::444455556666:role/example");
    assert_eq!(text("provider::aws::arn_build(\"aws\", \"s3\", \"\", \"\", \"b/k:1\")"), "arn:aws:s3:::b/k:1");
    assert!(text("provider::aws::arn_parse(\"x\")").contains("begins with"));
    assert!(text("provider::aws::arn_parse(\"arn:aws:x\")").contains("six parts"));
    assert!(text("provider::aws::trim_iam_role_path(\"arn:aws:s3:::b\")").contains("\"iam\""));
    assert_eq!(text("provider::aws::user_agent(\"a\", \"1\", \"c\")"), "a/1 (c)");
    let literal = crate::lang::parse::parse_expression("x", "-0").unwrap();
    assert_eq!(written_out(&literal).unwrap().as_number().unwrap().to_string(), "-0");
}
