use super::*;
use crate::lang::config::fixtures::{Variables, body, text};
use crate::lang::config::{check_rules, check_rules_static, check_static};
use crate::schema::{Attrs, Schema};
use std::sync::Arc;

fn row(name: &'static str, ty: Type, mode: Mode) -> Attribute {
    Attribute { mode, ..Attribute::new(name, ty) }
}

fn optional(name: &'static str, ty: Type) -> Attribute {
    row(name, ty, Mode::Optional)
}

fn block(name: &'static str, nesting: Nesting, rows: Vec<Attribute>) -> Attribute {
    let object = object_type(&rows);
    let ty = match nesting {
        Nesting::Single => object,
        Nesting::List => Type::list(object),
        Nesting::Set => Type::set(object),
    };
    let nested = Nested { nesting, attributes: Arc::new(rows), min: 0, max: None, as_attribute: false, each: None };
    Attribute { block: Some(nested), ..Attribute::new(name, ty) }
}

fn port(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(0..=65535) => Ok(()),
        _ => Err("a port is a number from 0 to 65535".into()),
    }
}

fn rule() -> Vec<Attribute> {
    vec![
        Attribute { check: Some(port), ..row("port", Type::Number, Mode::Required) },
        Attribute { default: Some("tcp".into()), ..optional("protocol", Type::String) },
        block("note", Nesting::Single, vec![optional("text", Type::String)]),
    ]
}

fn rows() -> Vec<Attribute> {
    let mut ingress = block("ingress", Nesting::Set, rule());
    let mut egress = block("egress", Nesting::List, rule());
    if let (Some(i), Some(e)) = (&mut ingress.block, &mut egress.block) {
        i.as_attribute = true;
        e.max = Some(2);
    }
    vec![
        row("name", Type::String, Mode::Required),
        row("id", Type::String, Mode::Computed),
        row("zone", Type::String, Mode::OptionalComputed),
        Attribute { default: Some(true.into()), ..optional("enabled", Type::Bool) },
        Attribute { sensitive: true, ..optional("secret", Type::String) },
        optional("tags", Type::map(Type::String)),
        ingress,
        egress,
    ]
}

fn decoded(source: &str) -> (Value, Diagnostics) {
    let variables = Variables::of(&[
        ("name", "n".into()),
        ("ports", Value::list(Type::Number, vec![80.into(), 443.into()])),
        ("map", Value::object([("a", Value::from(1)), ("b", Value::from(2))])),
        ("unknown", Value::unknown(Type::list(Type::Number))),
        ("hidden", Value::list(Type::Number, vec![22.into()]).mark(true)),
        ("null", Value::any_null()),
        ("password", Value::from("p").mark(true)),
    ]);
    let (body, header) = body(source);
    decode(&body, &rows(), &header, &variables)
}

fn good(source: &str) -> Value {
    let (value, diags) = decoded(source);
    assert!(diags.is_empty(), "{}", text(&diags));
    value
}

fn bad(source: &str) -> String {
    text(&decoded(source).1)
}

fn rule_value(port: i64) -> Value {
    let note = Value::null(object_type(&[optional("text", Type::String)]));
    Value::object([("port", Value::from(port)), ("protocol", "tcp".into()), ("note", note)])
}

#[test]
fn every_row_is_present_with_defaults_and_conversions() {
    let value = good("name = var.name\nsecret = \"s\"\ntags = { a = 1 }\n");
    assert_eq!(value.get("name"), Some(&Value::from("n")));
    assert_eq!(value.get("id"), Some(&Value::null(Type::String)));
    assert_eq!(value.get("enabled"), Some(&Value::from(true)));
    assert!(value.get("secret").is_some_and(Value::is_sensitive));
    assert_eq!(value.get("tags").and_then(|t| t.get("a")), Some(&Value::from("1")));
    assert!(value.get("ingress").is_some_and(Value::is_null));
    assert_eq!(value.ty(), object_type(&rows()));
}

#[test]
fn null_means_left_out() {
    let value = good("name = \"x\"\nenabled = null\nsecret = null\n");
    assert_eq!(value.get("enabled"), Some(&Value::from(true)));
    assert_eq!(value.get("secret"), Some(&Value::null(Type::String)));
}

#[test]
fn blocks_nest_and_repeat() {
    let value =
        good("name = \"x\"\negress {\n  port = 2\n}\negress {\n  port = 1\n  note {\n    text = \"t\"\n  }\n}\n");
    let egress = value.get("egress").and_then(Value::as_elements).unwrap();
    assert_eq!(egress[0], rule_value(2));
    assert_eq!(egress[1].get("note").and_then(|n| n.get("text")), Some(&Value::from("t")));
}

#[test]
fn a_dynamic_block_makes_one_block_for_each_element() {
    let source = r#"
name = "x"
dynamic "ingress" {
  for_each = var.ports
  content {
    port = ingress.value
  }
}
dynamic "egress" {
  for_each = var.map
  iterator = e
  content {
    port = e.value
    dynamic "note" {
      for_each = [e.key]
      content {
        text = "${e.key}${note.value}"
      }
    }
  }
}
"#;
    let value = good(source);
    let ingress = Value::set(object_type(&rule()), vec![rule_value(80), rule_value(443)]);
    assert_eq!(value.get("ingress"), Some(&ingress));
    let notes: Vec<_> =
        value.get("egress").and_then(Value::as_elements).unwrap().iter().map(|e| e.get("note").cloned()).collect();
    assert_eq!(notes[1].as_ref().and_then(|n| n.get("text")), Some(&Value::from("bb")));
}

#[test]
fn a_dynamic_block_is_unknown_or_hidden_as_its_elements() {
    let dynamic = |var: &str| {
        format!(
            "name = \"x\"\ndynamic \"egress\" {{\n  for_each = var.{var}\n  content {{\n    port = egress.value\n  }}\n}}\n"
        )
    };
    let value = good(&dynamic("unknown"));
    assert_eq!(value.get("egress"), Some(&Value::unknown(Type::list(object_type(&rule())))));
    let value = good(&dynamic("hidden"));
    assert!(value.get("egress").is_some_and(Value::is_sensitive));
    insta::assert_snapshot!(bad(&dynamic("null")), @r#"
    error: Invalid "for_each" of a dynamic block
     --> main.tf:3:14
      |
    3 |   for_each = var.null
      |              ^^^^^^^^
      A list, set, map or object is required, but it is null.
      Hint: For no blocks at all, give an empty list.
    "#);
    insta::assert_snapshot!(bad(&dynamic("name")), @r#"
    error: Invalid "for_each" of a dynamic block
     --> main.tf:3:14
      |
    3 |   for_each = var.name
      |              ^^^^^^^^
      A list, set, map or object is required, but it is a string.
      Hint: For no blocks at all, give an empty list.
    "#);
}

#[test]
fn blocks_may_be_given_as_an_argument_where_the_schema_says_so() {
    let value = good("name = \"x\"\ningress = [{ port = \"80\" }]\n");
    assert_eq!(value.get("ingress").and_then(Value::as_elements), Some(&[rule_value(80)][..]));
    let value = good("name = \"x\"\ningress = []\n");
    assert_eq!(value.get("ingress").and_then(Value::as_elements), Some(&[][..]));
    let value = good("name = \"x\"\ningress = var.unknown\n");
    assert!(value.get("ingress").is_some_and(Value::is_unknown));
    insta::assert_snapshot!(bad("name = \"x\"\ningress = [{ prot = 80 }]\n"), @r#"
    error: Unsupported attribute
     --> main.tf:2:11
      |
    2 | ingress = [{ prot = 80 }]
      |           ^^^^^^^^^^^^^^^
      An attribute named "prot" is not taken here.
      Hint: Did you mean "port"?
    error: Missing required argument
     --> main.tf:2:11
      |
    2 | ingress = [{ prot = 80 }]
      |           ^^^^^^^^^^^^^^^
      The argument "port" is required, but its value is null.
    "#);
    insta::assert_snapshot!(bad("name = \"x\"\ningress = 3\n"), @r#"
    error: Wrong type for "ingress"
     --> main.tf:2:11
      |
    2 | ingress = 3
      |           ^
      "ingress" does not fit: a list of objects is required.
    "#);
}

const BAD: &str = r#"
nane    = "x"
id      = "i"
enabled = "perhaps"
tags    = { a = "b", c = ["d"] }
secret  = { a = 1 }
zone {}
egress  = []
ingres {
  port = 1
}
ingress {
  protocol = "udp"
  note {}
  note {}
}
ingress {
  port = 70000
}
egress {
  port = var.password
}
egress "x" {
  port = var.nothing
}
egress {
  port = 1
}
dynamic "egres" {
  for_each = []
  labels   = []
}
"#;

#[test]
fn everything_wrong_with_a_body_is_said_where_it_is_written() {
    insta::assert_snapshot!(bad(BAD), @r#"
    error: Unsupported argument
     --> main.tf:2:1
      |
    2 | nane    = "x"
      | ^^^^
      An argument named "nane" is not taken here.
      Hint: Did you mean "name"?
    error: Argument that cannot be set
     --> main.tf:3:1
      |
    3 | id      = "i"
      | ^^
      "id" is decided by AWS; it can be read, but not set.
      Hint: Remove it.
    error: Unsupported argument
     --> main.tf:8:1
      |
    8 | egress  = []
      | ^^^^^^
      "egress" is a block here, not an argument.
      Hint: Write egress { … }, without an equals sign, or dynamic "egress" { … } for several.
    error: Unsupported block
     --> main.tf:7:1
      |
    7 | zone {}
      | ^^^^
      "zone" is an argument here, not a block.
      Hint: Write zone = …, with an equals sign.
    error: Unsupported block
     --> main.tf:9:1
      |
    9 | ingres {
      | ^^^^^^
      Blocks named "ingres" are not taken here.
      Hint: Did you mean "ingress"?
    error: Extraneous label
      --> main.tf:23:8
       |
    23 | egress "x" {
       |        ^^^
      A "egress" block takes no labels.
      Hint: Write `egress { … }`.
    error: Unsupported block
      --> main.tf:29:9
       |
    29 | dynamic "egres" {
       |         ^^^^^^^
      Blocks named "egres" are not taken here.
      Hint: Did you mean "egress"?
    error: Missing "content" block
      --> main.tf:29:1
       |
    29 | dynamic "egres" {
       | ^^^^^^^^^^^^^^^
      A "dynamic" block needs a "content" block: what each "egres" block holds.
    error: Extraneous labels
      --> main.tf:31:3
       |
    31 |   labels   = []
       |   ^^^^^^
      "egres" blocks take no labels.
    error: Missing required argument
     --> main.tf:1:1
      |
    1 |
      | ^
      The argument "name" is required, but is not given.
    error: Both argument and block
     --> main.tf:8:1
      |
    8 | egress  = []
      | ^^^^^^
      "egress" is given as a block at main.tf:20 and as an argument here.
    error: Too many "egress" blocks
      --> main.tf:26:1
       |
    26 | egress {
       | ^^^^^^
      At most 2 can be given, but there are 3.
    error: Wrong type for "enabled"
     --> main.tf:4:11
      |
    4 | enabled = "perhaps"
      |           ^^^^^^^^^
      "enabled" does not fit: a bool is required.
    error: Wrong type for "secret"
     --> main.tf:6:11
      |
    6 | secret  = { a = 1 }
      |           ^^^^^^^^^
      "secret" does not fit: string required.
    error: Wrong type for "tags"
     --> main.tf:5:11
      |
    5 | tags    = { a = "b", c = ["d"] }
      |           ^^^^^^^^^^^^^^^^^^^^^^
      "tags" does not fit: element "c": string required.
    error: Missing required argument
      --> main.tf:12:1
       |
    12 | ingress {
       | ^^^^^^^
      The argument "port" is required, but is not given.
    error: Too many "note" blocks
      --> main.tf:15:3
       |
    15 |   note {}
       |   ^^^^
      At most 1 can be given, but there are 2.
    error: Invalid value for "port"
      --> main.tf:18:10
       |
    18 |   port = 70000
       |          ^^^^^
      A port is a number from 0 to 65535.
    error: Wrong type for "port"
      --> main.tf:21:10
       |
    21 |   port = var.password
       |          ^^^^^^^^^^^^
       |
       = var.password is (sensitive value)
      "port" does not fit: a number is required.
    error: There is no var.nothing
      --> main.tf:24:10
       |
    24 |   port = var.nothing
       |          ^^^^^^^^^^^
    "#);
}

#[test]
fn what_shows_without_evaluating_is_found_without_evaluating() {
    let (body, header) = body(BAD);
    let found = check_static(&body, &rows(), &header);
    let summaries: Vec<_> = found.iter().map(|d| d.summary.as_str()).collect();
    insta::assert_snapshot!(summaries.join("\n"), @r#"
    Unsupported argument
    Argument that cannot be set
    Unsupported argument
    Unsupported block
    Unsupported block
    Extraneous label
    Unsupported block
    Missing "content" block
    Extraneous labels
    Missing required argument
    Both argument and block
    Too many "egress" blocks
    Wrong type for "enabled"
    Wrong type for "tags"
    Wrong type for "secret"
    Missing required argument
    Too many "note" blocks
    Invalid value for "port"
    "#);
    let (body, header) = super::super::fixtures::body("name = var.x\ningress = var.y\nzone = null\n");
    assert!(check_static(&body, &rows(), &header).is_empty());
}

#[test]
fn a_refused_sensitive_value_is_not_shown() {
    let said = bad("name = \"x\"\negress {\n  port = sensitive(70000)\n}\n");
    assert!(!said.contains("from 0 to 65535"), "{said}");
}

fn schema() -> Schema {
    Schema {
        conflicts: &[&["ingress", "egress"]],
        exactly_one: &[&["zone", "secret"]],
        check: Some(|attrs| match attrs.str("name") {
            Some("bad") => vec![("name", "\"bad\" is taken".into())],
            _ => Vec::new(),
        }),
        ..Schema::new("test", rows())
    }
}

fn rules(source: &str) -> String {
    let (value, diags) = decoded(source);
    assert!(diags.is_empty(), "{}", text(&diags));
    let (body, header) = body(source);
    text(&check_rules(&schema(), &Attrs::from_value(&value), &body, &header))
}

#[test]
fn rules_over_several_arguments_name_all_of_them() {
    insta::assert_snapshot!(rules("name = \"bad\"\ningress {\n  port = 1\n}\negress {\n  port = 1\n}\n"), @r#"
    error: Arguments that exclude one another
     --> main.tf:5:1
      |
    5 | egress {
      | ^^^^^^
      "ingress" and "egress" cannot both be given.
      Hint: Keep one of "ingress" and "egress".
    error: Missing required argument
     --> main.tf:1:1
      |
    1 | name = "bad"
      | ^
      One of "zone" and "secret" is required, but none is given.
    error: Invalid value for "name"
     --> main.tf:1:1
      |
    1 | name = "bad"
      | ^^^^
      "bad" is taken.
    "#);
    assert_eq!(rules("name = \"x\"\nzone = \"z\"\nsecret = null\n"), "");
    assert_eq!(rules("name = \"x\"\nzone = var.unknown[0]\n"), "");
    let (body, header) = body("zone = \"a\"\nsecret = \"b\"\n");
    insta::assert_snapshot!(text(&check_rules_static(&schema(), &body, &header)), @r#"
    error: Arguments that exclude one another
     --> main.tf:2:1
      |
    2 | secret = "b"
      | ^^^^^^
      "zone" and "secret" cannot both be given.
      Hint: Keep one of "zone" and "secret".
    "#);
}

#[test]
fn a_map_has_no_null_elements() {
    let rows = [optional("tags", Type::map(Type::String))];
    let (body, header) = body("tags = { Name = \"a\", owner = null }");
    let (value, found) = decode(&body, &rows, &header, &Variables::of(&[]));
    assert_eq!(text(&found), "");
    let tags = value.get("tags").and_then(Value::as_entries).unwrap();
    assert_eq!(tags.keys().map(|key| &**key).collect::<Vec<_>>(), ["Name"]);
}
