use super::*;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::{Scope, eval_within, render_template};
use crate::lang::funcs;
use crate::lang::parse::parse_expression;
use crate::lang::refs::Subject;
use crate::value::Type;

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

/// `local.x` is what it was given.
struct Last<'a>(Value, funcs::Context<'a>);
impl Scope for Last<'_> {
    fn subject(&self, _: &Subject, _: &Span) -> Result<Value, Diagnostic> {
        Ok(self.0.clone())
    }
    fn functions(&self) -> &funcs::Context<'_> {
        &self.1
    }
}

const SMALL: Limits = Limits { elements: 10_000, bytes: 100_000 };

fn within(text: &str, x: &Value, limits: Limits) -> Result<Value, Diagnostics> {
    let functions = || funcs::Context {
        files: &NoFiles,
        base_dir: "/",
        timestamp: jiff::Timestamp::UNIX_EPOCH,
        plan_timestamp: jiff::Timestamp::UNIX_EPOCH,
        planning: false,
        random: &|_| {},
        render: &|_, _, _, _| Err(funcs::FunctionError::new("no templates")),
    };
    let inner = functions();
    let render = |text: &str, variables: &_, path: &str, budget: &Budget| {
        render_template(path, text, variables, &inner, budget).map_err(|e| funcs::FunctionError::new(format!("{e:?}")))
    };
    let scope = Last(x.clone(), funcs::Context { render: &render, ..functions() });
    eval_within(&parse_expression("case", text).unwrap(), &scope, &Budget::new(limits))
}

/// Asserts that the expression is refused as too much, and gives what the error names.
#[track_caller]
fn refused(text: &str, x: &Value) -> String {
    let errors = within(text, x, SMALL).expect_err(text);
    let d = errors.iter().next().expect(text);
    assert_eq!(d.summary, "The expression makes too much", "{text}: {d}");
    let hint = d.hints.join(" ");
    assert!(hint.contains("FLOORPLAN_MAX_"), "{text}: {d}");
    d.span.as_ref().map(|s| s.text().to_owned()).unwrap_or_default()
}

#[test]
fn what_makes_too_many_values_is_refused_and_named() {
    let none = Value::any_null();
    let all = [
        "setproduct(range(1000), range(1000), range(1000))",
        "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]",
        "{ for a in setproduct(range(90), range(90)) : jsonencode(a) => a }",
        "concat(range(1024), [for a in range(9) : range(1024)]...)",
        "flatten([for a in range(20) : [for b in range(20) : [for c in range(20) : [c, c]]]])",
        "split(\"\", join(\"\", [for i in range(11) : format(\"%1000d\", i)]))",
        "jsondecode(join(\"\", [\"[0\", join(\"\", [for i in range(1000) : \",0,0,0,0,0,0,0,0,0,0,0\"]), \"]\"]))",
        "csvdecode(join(\"\\n\", [for i in range(1000) : \"a,b,c,d,e,f,g,h,i,j,k,l,m\"]))",
        "regexall(\".\", join(\"\", [for i in range(11) : format(\"%1000d\", i)]))",
        "chunklist(chunklist(chunklist(concat(range(1024), range(1024), range(1024)), 1), 1), 1)",
        "formatlist(\"%d\", flatten([for i in range(11) : range(1000)]))",
        "try(setproduct(range(1000), range(1000)), [])",
        "can(setproduct(range(1000), range(1000)))",
    ];
    for text in all {
        let named = refused(text, &none);
        assert!(!named.is_empty() && text.contains(&named), "{text}: {named:?}");
    }
}

#[test]
fn what_makes_too_much_text_is_refused_before_it_is_made() {
    let long = Value::string("a\n".repeat(20_000));
    for text in [
        "join(local.x, [local.x, local.x])",
        "replace(local.x, \"a\", local.x)",
        "replace(local.x, \"/(a)/\", \"$1$1$1$1$1$1$1$1\")",
        "indent(10000, local.x)",
        "format(\"%[1]s%[1]s%[1]s\", local.x)",
        "formatlist(\"%s\", [local.x, local.x, local.x])",
        "\"${local.x}${local.x}${local.x}\"",
        "\"%{ for i in range(3) }${local.x}%{ endfor }\"",
        "templatestring(\"$${a}$${a}$${a}\", { a = local.x })",
        "urlencode(replace(local.x, \"a\", \"ää\"))",
        "yamlencode([for i in range(3) : local.x])",
        "jsonencode({ for i in range(3) : \"k${i}\" => local.x })",
    ] {
        if text.starts_with("templatestring") {
            assert!(within(text, &long, SMALL).is_err(), "{text}");
        } else {
            refused(text, &long);
        }
    }
}

#[test]
fn a_value_doubled_again_and_again_is_refused() {
    for (start, double) in [
        ("[1]", "[local.x, local.x]"),
        ("[1]", "concat(local.x, local.x)"),
        ("{ a = 1 }", "{ a = local.x, b = local.x }"),
        ("[1]", "[for i in [1, 2] : local.x]"),
        ("[1]", "tolist([local.x, local.x])"),
        ("[1]", "{ for i in [1, 2] : tostring(i) => local.x }"),
        ("[1]", "setproduct(local.x, [1, 2])"),
        ("[1]", "[local.x, local.x][*]"),
        ("[1]", "zipmap([\"a\", \"b\"], [local.x, local.x])"),
        ("[1]", "merge({ a = local.x }, { b = local.x })"),
        ("\"x\"", "\"${local.x}${local.x}\""),
        ("\"x\"", "join(\"\", [local.x, local.x])"),
        ("\"x\"", "format(\"%s%s\", local.x, local.x)"),
        ("\"x\"", "replace(local.x, \"x\", \"xx\")"),
        ("\"x\"", "jsonencode([local.x, local.x])"),
    ] {
        let mut x = within(start, &Value::any_null(), SMALL).unwrap();
        let mut doubled = 0;
        while let Ok(next) = within(double, &x, SMALL) {
            x = next;
            doubled += 1;
            assert!(doubled < 39, "{double} is never refused");
            assert!(u64::from(x.size().elements) <= SMALL.elements, "{double}");
        }
        refused(double, &x);
    }
}

#[test]
fn work_without_a_result_ends() {
    let none = Value::any_null();
    let nothing = "length([for a in local.x : 1 if length([for b in local.x : 1 if length([for c in local.x : 1 if false]) > 0]) > 0])";
    let many = Value::list(Type::Number, (0..900).map(Value::from).collect());
    refused(nothing, &many);
    refused("[for a in range(1000) : bcrypt(\"x\", 16)]", &none);
    refused("[for a in local.x : length([for b in local.x : b == local.x])]", &many);
}

#[test]
fn a_failure_in_a_repetition_is_found_once() {
    let many = Value::list(Type::Number, (0..1000).map(Value::from).collect());
    let limits = Limits::default();
    let errors = within("[for a in local.x : [for b in local.x : [for c in local.x : nope(c)]]]", &many, limits);
    assert_eq!(errors.unwrap_err().iter().count(), 1);
}

#[test]
fn numbers_have_a_most_of_digits() {
    let message = |text: &str| within(text, &Value::any_null(), SMALL).unwrap_err().iter().next().unwrap().to_string();
    assert!(message("1e9999 * 1e9999 * 1e9999 * 1e9999").contains("more than 30000 digits"));
    assert!(message("1 / 1e9999 / 1e9999 / 1e9999 / 1e9999").contains("more than 30000 digits"));
    assert!(message("bcrypt(\"x\", 31)").contains("must not be more than 16"));
    let digits = Value::string("9".repeat(40_000));
    let parsed = within("parseint(local.x, 10)", &digits, SMALL).unwrap_err();
    assert!(parsed.iter().any(|d| d.detail.contains("30000 digits")));
}

#[test]
fn what_a_layout_needs_is_within_the_limits() {
    let all = Limits::default();
    let none = Value::any_null();
    let subnets = "length(flatten([for v in range(50) : [for s in range(100) : { vpc = v, net = cidrsubnet(\"10.0.0.0/8\", 13, s), tags = { Name = \"s-${v}-${s}\", a = 1, b = 2 } }]]))";
    assert_eq!(within(subnets, &none, all), Ok(Value::from(5000)));
    let instance = Value::object((0..80).map(|i| (format!("a{i}"), Value::from("x"))));
    let thousand = Value::tuple(vec![instance; 1000]);
    let looked = "length({ for i in range(1000) : \"k${i}\" => [local.x[i].a1, element(local.x, i).a2, length(local.x[*].a1)] if i < 100 })";
    assert_eq!(within(looked, &thousand, all), Ok(Value::from(100)));
}
