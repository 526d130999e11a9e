use super::*;
use crate::lang::parse::parse_expression;
use crate::value::Type;
use proptest::prelude::*;

struct NoFiles;
impl funcs::Files for NoFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("no file {path}"))
    }
    fn exists(&self, _: &str) -> Result<bool, String> {
        Ok(false)
    }
    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
    fn home(&self) -> Option<String> {
        None
    }
}

fn context() -> funcs::Context<'static> {
    funcs::Context {
        files: &NoFiles,
        base_dir: "/",
        timestamp: jiff::Timestamp::UNIX_EPOCH,
        plan_timestamp: jiff::Timestamp::UNIX_EPOCH,
        planning: false,
        random: &|_| {},
        render: &no_templates,
    }
}

struct Vars<'a>(BTreeMap<String, Value>, funcs::Context<'a>);
impl Scope for Vars<'_> {
    fn subject(&self, subject: &Subject, _: &Span) -> Result<Value, Diagnostic> {
        let name = subject.to_string();
        self.0.get(&name).cloned().ok_or_else(|| Diagnostic::error(format!("No {name}")))
    }
    fn functions(&self) -> &funcs::Context<'_> {
        &self.1
    }
}

/// Evaluates with `var.u` unknown, `var.us` an unknown string, `var.s` sensitive and `var.o` an object.
fn value_of(text: &str) -> Result<Value, Diagnostics> {
    let data = Value::object([
        ("id", Value::unknown(Type::String)),
        ("input", "x".into()),
        ("output", Value::unknown(Type::Dynamic)),
    ]);
    let item = |id: &str, tags: Vec<(&str, &str)>| {
        let tags = tags.into_iter().map(|(k, v)| (k.into(), v.into())).collect();
        Value::object([("id", Value::from(id)), ("tags", Value::map(Type::String, tags))])
    };
    let items = vec![item("i1", vec![("n", "x")]), item("i2", vec![])];
    let map = [("a", "1"), ("b", "2")].into_iter().map(|(k, v)| (k.into(), v.into())).collect();
    let values = [
        ("var.u", Value::unknown(Type::Dynamic)),
        ("var.us", Value::unknown_not_null(Type::String)),
        ("var.ul", Value::unknown(Type::list(Type::object([("id", Type::String)])))),
        ("var.s", Value::string("secret").mark(true)),
        ("var.sl", Value::strings(["a", "b"]).mark(true)),
        ("var.o", Value::object([("id", Value::from("x")), ("port", Value::from(80))])),
        ("var.l", Value::strings(["a", "b"])),
        ("var.lo", Value::list(items[0].ty(), items)),
        ("var.m", Value::map(Type::String, map)),
        ("var.set", Value::string_set(["b", "a"])),
        ("var.null", Value::null(Type::String)),
        ("var.empty", Value::list(Type::String, Vec::new())),
        ("var.long", Value::string("long ".repeat(40))),
        ("var.many", Value::strings(["element"; 40])),
        ("var.mixed", Value::tuple(vec![Value::from("secret").mark(true), Value::unknown(Type::String), 1.into()])),
        ("aws_vpc.main", Value::object([("id", Value::from("vpc-1"))])),
        ("terraform_data.u", data),
        ("path.module", ".".into()),
        ("terraform.workspace", "default".into()),
    ];
    let scope = Vars(values.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(), context());
    eval(&parse_expression("expr", text)?, &scope)
}

fn error(text: &str) -> String {
    match value_of(text) {
        Ok(v) => format!("{v:?}"),
        Err(errors) => errors.iter().map(|d| crate::diag::render(d, false)).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn references_and_steps_reach_into_values() {
    for (text, expected) in [
        ("var.o.id", Value::from("x")),
        ("var.o[\"port\"]", 80.into()),
        ("var.l[1]", "b".into()),
        ("var.l.0", "a".into()),
        ("var.l[\"1\"]", "b".into()),
        ("[for x in var.l : x][0]", "a".into()),
        ("aws_vpc.main.id", "vpc-1".into()),
        ("[{a = [1, 2]}, {a = [3, 4]}][*].a[1]", Value::tuple(vec![2.into(), 4.into()])),
        ("[{a = [1, 2]}, {a = [3, 4]}].*.a[1]", Value::tuple(vec![3.into(), 4.into()])),
        ("var.null[*]", Value::tuple(vec![])),
        ("var.o[*].id", Value::tuple(vec!["x".into()])),
    ] {
        assert_eq!(value_of(text), Ok(expected), "{text}");
    }
}

#[test]
fn unknown_and_sensitive_travel_through_operators() {
    let unknown = |ty| Value::unknown(ty);
    let sure = |ty| Value::unknown_not_null(ty);
    for (text, expected) in [
        ("var.u == 1", sure(Type::Bool)),
        ("true && var.u", sure(Type::Bool)),
        ("var.us == null", false.into()),
        ("\"a-${var.us}\"", sure(Type::String)),
        ("\"${var.s}!\"", Value::from("secret!").mark(true)),
        ("var.s == \"secret\"", Value::from(true).mark(true)),
        ("var.u ? \"a\" : \"b\"", sure(Type::String)),
        ("var.s == \"x\" ? 1 : 2", Value::from(2).mark(true)),
        ("[for x in var.sl : x]", Value::tuple(vec!["a".into(), "b".into()]).mark(true)),
        ("var.ul[*].id", sure(Type::list(Type::String))),
        ("var.ul[0].id", unknown(Type::String)),
        ("{(var.us) = 1}", unknown(Type::Dynamic)),
        ("try(var.u.x, 1)", unknown(Type::Dynamic)),
        ("can(var.o.nothing)", false.into()),
        ("try(var.o.nothing, 1)", 1.into()),
    ] {
        assert_eq!(value_of(text), Ok(expected), "{text}");
    }
}

#[test]
fn errors_point_at_the_faulty_part() {
    insta::assert_snapshot!(error("var.o.prot + 1"), @r#"
    error: Unsupported attribute
     --> expr:1:6
      |
    1 | var.o.prot + 1
      |      ^^^^^
      |
      = var.o is { id = "x", port = 80 }
      This object does not have an attribute named "prot".
      Hint: Did you mean "port"?
    "#);
    insta::assert_snapshot!(error("[var.l[5], 1 + \"a\", nosuch(1)]"), @r#"
    error: Invalid index
     --> expr:1:8
      |
    1 | [var.l[5], 1 + "a", nosuch(1)]
      |        ^
      |
      = var.l is ["a", "b"]
      The given key does not identify an element in this collection value: the given index is greater than or equal to the length of the collection.
      Hint: Valid indexes are 0 to 1.
    error: Invalid operand
     --> expr:1:16
      |
    1 | [var.l[5], 1 + "a", nosuch(1)]
      |                ^^^ this is "a"
      Unsuitable value for right operand: a number is required.
    error: Call to unknown function
     --> expr:1:21
      |
    1 | [var.l[5], 1 + "a", nosuch(1)]
      |                     ^^^^^^
      There is no function named "nosuch".
    "#);
    insta::assert_snapshot!(error("true ? {a = 1} : {b = [1]}"), @r#"
    error: Inconsistent conditional result types
     --> expr:1:1
      |
    1 | true ? {a = 1} : {b = [1]}
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^
      The true and false result expressions must have consistent types. The 'true' value includes object attribute "a", which is absent in the 'false' value.
      Hint: Convert one branch to the type of the other, for example with tostring, tolist or tomap.
    "#);
    insta::assert_snapshot!(error("each"), @r#"
    error: Invalid reference
     --> expr:1:1
      |
    1 | each
      | ^^^^
      The "each" object cannot be accessed directly. Instead, access one of its attributes: each.key and each.value.
    "#);
    insta::assert_snapshot!(error("strng"), @r#"
    error: Invalid reference
     --> expr:1:1
      |
    1 | strng
      | ^^^^^
      A reference to a resource type must be followed by at least one attribute access, specifying the resource name.
      Hint: If this is meant as text, put it in quotes: "strng".
    "#);
}
/// Terraform 1.11 refuses the same.
#[test]
fn what_reads_like_another_thing_is_refused() {
    for (expr, problem) in [
        ("[[1], [2]].*.*", "Nested splat expression not allowed"),
        ("templatestring(\"a\", {})", "Invalid function argument"),
        ("templatestring(\"${var.us}\", {})", "Invalid function argument"),
        ("var", "Invalid reference"),
    ] {
        let errors = value_of(expr).unwrap_err();
        assert_eq!(errors.iter().map(|d| d.summary.as_str()).collect::<Vec<_>>(), [problem], "{expr}");
    }
}

/// As Terraform since 1.12.
#[test]
fn an_operand_that_decides_alone_needs_no_other() {
    for (expr, given) in [
        ("false && terraform_data.u.id", "false"),
        ("true || terraform_data.u.id", "true"),
        ("null != null && null > 0", "false"),
        ("null == null || null.a", "true"),
        ("1 / 0 > 1 && false", "false"),
        ("1 / 0 > 1 || true", "true"),
        ("terraform_data.u.id != null && 1 / 0 > 1", "(known after apply)"),
    ] {
        assert_eq!(format_value(&value_of(expr).unwrap()), given, "{expr}");
    }
    for (expr, problem) in [
        ("true && 1 / 0 > 1", "Division by zero"),
        ("false || null > 1", "Operation failed"),
        ("null && true", "Operation failed"),
        ("true || 1", "Invalid operand"),
    ] {
        let errors = value_of(expr).unwrap_err();
        assert_eq!(errors.iter().map(|d| d.summary.as_str()).collect::<Vec<_>>(), [problem], "{expr}");
    }
}

/// `console.txt` holds what Terraform 1.11 prints for each expression, or the summary of its error
/// after `! `. An expression follows `> `, further lines of it `| `.
#[test]
fn expressions_give_what_terraform_gives() {
    let mut wrong = String::new();
    for case in include_str!("console.txt").split("\n\n> ") {
        let case = case.strip_prefix("> ").unwrap_or(case);
        let lines: Vec<&str> = case.split('\n').collect();
        let more = lines[1..].iter().take_while(|l| l.starts_with("| ")).count();
        let expr = lines[..=more].iter().map(|l| l.strip_prefix("| ").unwrap_or(l)).collect::<Vec<_>>().join("\n");
        let expected = lines[more + 1..].join("\n");
        let given = match value_of(&expr) {
            Ok(value) => format_value(&value),
            Err(errors) => errors.iter().map(|d| format!("! {}", d.summary)).collect::<Vec<_>>().join("\n"),
        };
        if given.trim_end() != expected.trim_end() {
            wrong.push_str(&format!("{expr}\nexpected: {expected}\ngiven: {given}\n\n"));
        }
    }
    assert_eq!(wrong, "");
}

fn fragment() -> impl Strategy<Value = String> {
    let pieces = [
        "var.o",
        "var.l",
        "var.u",
        "var.s",
        "1",
        "\"a\"",
        "null",
        "true",
        " + ",
        " == ",
        " && ",
        "-",
        "!",
        " ? ",
        " : ",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        "a = ",
        ", ",
        ".id",
        ".0",
        "[*]",
        ".*",
        "[0]",
        "[for x in ",
        "{for k, v in ",
        " => ",
        "...",
        "x",
        "\"${",
        "}\"",
        "%{ if true }",
        "%{ endif }",
        "\"",
        "<<EOT\n",
        "\nEOT\n",
        "\n",
        "try(",
        "can(",
        "~",
        "$${",
        "\\",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..24).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn no_expression_makes_the_evaluator_panic(text in fragment()) {
        if let Ok(value) = value_of(&text) {
            format_value(&value);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,80}") {
        let _ = parse_expression("expr", &text);
        let _ = crate::lang::parse::parse("main.tf", text.as_bytes());
        let _ = crate::lang::parse::parse_template("x.tpl", &text);
    }

    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = crate::lang::parse::parse("main.tf", &bytes);
    }
}

#[test]
fn what_the_limits_allow_fits_a_small_stack() {
    let patterns = [
        ("(", ")"),
        ("(!", ")"),
        ("-(-", ")"),
        ("[", "]"),
        ("[[", "]]"),
        ("{a=", "}"),
        ("try(", ")"),
        ("\"${", "}\""),
        ("\"x${", "}\""),
        ("[for x in [1] : ", "]"),
        ("{for x in [1] : x => ", "}"),
        ("var.l[", "]"),
        ("true ? ", " : 2"),
        ("\"%{ if true }${", "}%{ endif }\""),
    ];
    for (open, close) in patterns {
        for depth in (1..420).step_by(13) {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let _ = value_of(&text);
        }
    }
    let chain = |n: usize| format!("1{}", " + 1".repeat(n));
    assert_eq!(value_of(&chain(590)), Ok(591.into()));
}

#[test]
fn a_template_sees_its_variables_and_nothing_else() {
    let variables = [("name".into(), Value::from("web")), ("ports".into(), Value::tuple(vec![80.into(), 443.into()]))];
    let variables = variables.into_iter().collect();
    let context = context();
    let render = |text: &str| render_template("x.tpl", text, &variables, &context, &Budget::default());
    assert_eq!(render("${name}:%{ for p in ports } ${p}%{ endfor }\n"), Ok("web: 80 443\n".into()));
    assert_eq!(render("${ports}"), Ok(Value::tuple(vec![80.into(), 443.into()])));
    assert_eq!(render("say \"hi\" \\n"), Ok("say \"hi\" \\n".into()));
    let failed = renderer(&context)("a\nb ${nmae}", &variables, "x.tpl", &Budget::default()).map_err(|e| e.message);
    assert_eq!(
        failed,
        Err("x.tpl:2,5: Invalid reference; There is no variable named \"nmae\" among the template's variables.".into())
    );
}

#[test]
fn errors_show_the_values_in_the_failing_expression() {
    insta::assert_snapshot!(error("[var.o, var.empty[0]]"), @r"
    error: Invalid index
     --> expr:1:19
      |
    1 | [var.o, var.empty[0]]
      |                   ^
      |
      = var.empty is []
      The given key does not identify an element in this collection value: the collection has no elements.
    ");
    insta::assert_snapshot!(error("cidrsubnet(var.o.id, 8, var.lo[0].nope)"), @r#"
    error: Unsupported attribute
     --> expr:1:34
      |
    1 | cidrsubnet(var.o.id, 8, var.lo[0].nope)
      |                                  ^^^^^
      |
      = var.lo[0] is { id = "i1", tags = { n = "x" } }
      This object does not have an attribute named "nope".
      Hint: It has "id", "tags".
    "#);
    insta::assert_snapshot!(error("cidrsubnet(var.o.id, 8, 1)"), @r#"
    error: Error in function call
     --> expr:1:1
      |
    1 | cidrsubnet(var.o.id, 8, 1)
      | ^^^^^^^^^^
      |
      = var.o.id is "x"
      Call to function "cidrsubnet" failed: invalid CIDR expression: invalid CIDR address: x.
    "#);
    insta::assert_snapshot!(error("[for x in var.l : var.m[x] + x.y]"), @r#"
    error: Unsupported attribute
     --> expr:1:31
      |
    1 | [for x in var.l : var.m[x] + x.y]
      |                               ^^
      |
      = x is "a"
      Can't access attributes on a primitive-typed value (string).
    "#);
    insta::assert_snapshot!(error("var.l[var.m[\"a\"] + var.s]"), @r#"
    error: Invalid operand
     --> expr:1:20
      |
    1 | var.l[var.m["a"] + var.s]
      |                    ^^^^^
      |
      = var.s is (sensitive value)
      Unsuitable value for right operand: a number is required.
    "#);
    insta::assert_snapshot!(error("keys(var.o, var.null, var.us)"), @r#"
    error: Too many function arguments
     --> expr:1:1
      |
    1 | keys(var.o, var.null, var.us)
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = var.o is { id = "x", port = 80 }
      = var.null is null
      = var.us is unknown until apply
      Function "keys": it expects only 1 argument(s), but got 3.
    "#);
}

#[test]
fn what_is_sensitive_unknown_or_long_is_not_shown_in_full() {
    insta::assert_snapshot!(error("element(var.sl, var.s)"), @r#"
    error: Invalid function argument
     --> expr:1:17
      |
    1 | element(var.sl, var.s)
      |                 ^^^^^
      |
      = var.s is (sensitive value)
      Invalid value for "index" parameter: a number is required.
    "#);
    insta::assert_snapshot!(error("var.mixed.nope"), @r"
    error: Unsupported attribute
     --> expr:1:10
      |
    1 | var.mixed.nope
      |          ^^^^^
      |
      = var.mixed is [(sensitive value), (unknown until apply), 1]
      This value does not have any attributes.
    ");
    insta::assert_snapshot!(error("var.long.nope"), @r#"
    error: Unsupported attribute
     --> expr:1:9
      |
    1 | var.long.nope
      |         ^^^^^
      |
      = var.long is "long long long long long long long long long long long long …"
      Can't access attributes on a primitive-typed value (string).
    "#);
    insta::assert_snapshot!(error("var.many.nope"), @r"
    error: Unsupported attribute
     --> expr:1:9
      |
    1 | var.many.nope
      |         ^^^^^
      |
      = var.many is a list of 40 elements
      This value does not have any attributes.
    ");
}
