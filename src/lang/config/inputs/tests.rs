use super::*;
use crate::lang::config::fixtures::{One, text};
use crate::lang::config::load;
use proptest::prelude::*;

const VARIABLES: &str = r#"
variable "region" {
  type    = string
  default = "default"
}
variable "count_of" {
  type = number
}
variable "zones" {
  type    = list(string)
  default = []
}
variable "untyped" {
  default = null
}
variable "any" {
  type    = any
  default = null
}
variable "password" {
  type      = string
  default   = null
  sensitive = true
}
variable "strict" {
  type     = object({ size = number, name = optional(string, "x") })
  default  = { size = 1 }
  nullable = false
}
"#;

fn module() -> Module {
    let loaded = load(&One(VARIABLES.to_owned()), ".").unwrap();
    Module::clone(&loaded.root.module)
}

fn file(path: &str, text: &str) -> ValuesFile {
    ValuesFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn var(text: &str) -> InputOption {
    InputOption::Var(text.to_owned())
}

fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn options(options: Vec<InputOption>) -> Inputs {
    Inputs { options, ..Inputs::default() }
}

fn good(inputs: Inputs) -> BTreeMap<Name, Value> {
    let (found, diags) = values(&module(), &inputs);
    assert!(diags.is_empty(), "{}", text(&diags));
    found.values
}

#[test]
fn later_places_win_over_earlier_ones() {
    let mut inputs = Inputs::default();
    let mut region = |change: &dyn Fn(&mut Inputs)| {
        change(&mut inputs);
        good(inputs.clone())["region"].clone()
    };
    assert_eq!(region(&|_| {}), Value::from("default"));
    assert_eq!(
        region(&|i| i.environment = environment(&[("TF_VAR_region", "env"), ("TF_VAR_other", "x")])),
        Value::from("env")
    );
    assert_eq!(region(&|i| i.files.push(file("terraform.tfvars", "region = \"file\"\n"))), Value::from("file"));
    assert_eq!(region(&|i| i.files.push(file("a.auto.tfvars.json", "{\"region\": \"json\"}"))), Value::from("json"));
    assert_eq!(region(&|i| i.options.push(var("region=option"))), Value::from("option"));
    let named = InputOption::File(file("x.tfvars", "region = \"named\"\n"));
    assert_eq!(region(&|i| i.options.push(named.clone())), Value::from("named"));
}

#[test]
fn files_are_read_unasked_in_a_fixed_order() {
    let names =
        ["b.auto.tfvars", "x.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "terraform.tfvars", "main.tf"];
    let names: Vec<String> = names.map(String::from).into();
    let expected = ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "b.auto.tfvars"];
    assert_eq!(automatic_files(&names), expected);
}

#[test]
fn text_is_read_as_the_type_asks_for() {
    let found = good(options(vec![
        var("region=[1]"),
        var("count_of=3"),
        var("zones=[\"a\", \"b\"]"),
        var("untyped={ a = 1 }"),
        var("any={ a = 1 }"),
        var("strict={ size = \"2\" }"),
    ]));
    assert_eq!(found["region"], Value::from("[1]"));
    assert_eq!(found["count_of"], Value::from(3));
    assert_eq!(found["zones"], Value::strings(["a", "b"]));
    assert_eq!(found["untyped"], Value::from("{ a = 1 }"));
    assert_eq!(found["any"].get("a"), Some(&Value::from(1)));
    assert_eq!(found["strict"].get("name"), Some(&Value::from("x")));
}

#[test]
fn null_is_the_default_where_null_is_no_value() {
    let found = good(options(vec![var("strict=null"), var("zones=null"), var("count_of=1")]));
    assert_eq!(found["strict"].get("size"), Some(&Value::from(1)));
    assert!(found["zones"].is_null());
}

#[test]
fn sensitive_values_are_marked_and_never_shown() {
    let found = good(options(vec![var("password=hunter2"), var("count_of=1")]));
    assert!(found["password"].is_sensitive());
    let source = "variable \"secret\" {\n  type      = list(number)\n  sensitive = true\n}\n";
    let module = load(&One(source.to_owned()), ".").unwrap().root.module.clone();
    for given in ["secret=hunter2", "secret=[\"hunter2\"]", "secret=[hunter2"] {
        let (_, diags) = values(&module, &options(vec![var(given)]));
        assert!(diags.has_errors() && !text(&diags).contains("hunter2"), "{}", text(&diags));
    }
    let files = vec![file("terraform.tfvars", "secret = \"hunter2\"\n")];
    let (_, diags) = values(&module, &Inputs { files, ..Inputs::default() });
    assert!(diags.has_errors() && !text(&diags).contains("hunter2"), "{}", text(&diags));
}

#[test]
fn a_required_variable_without_a_value_is_listed() {
    let module = module();
    let (found, diags) = values(&module, &Inputs::default());
    assert!(diags.is_empty());
    assert_eq!(found.missing, ["count_of".into()]);
    let variable = &module.variables["count_of"];
    assert_eq!(answer(variable, "7"), Ok(Value::from(7)));
    insta::assert_snapshot!(text(&answer(variable, "seven").unwrap_err()), @r#"
    error: Invalid value for the variable "count_of"
     --> var.count_of:1:1
      |
    1 | seven
      | ^^^^^
      The variable is of type number; the value does not fit: a number is required.
    "#);
    insta::assert_snapshot!(missing(variable), @r#"
    error: No value for the variable "count_of"
     --> main.tf:6:1
      |
    6 | variable "count_of" {
      | ^^^^^^^^^^^^^^^^^^^
      The variable is required: it has no default.
      Hint: Give one with --var count_of=…, TF_VAR_count_of or a .tfvars file.
    "#);
}

#[test]
fn values_that_do_not_fit_are_refused_where_they_were_given() {
    let inputs = Inputs {
        environment: environment(&[("TF_VAR_zones", "a, b")]),
        files: vec![
            file("terraform.tfvars", "regoin = \"x\"\nstrict = { name = \"x\" }\nvariable \"x\" {}\n"),
            file("a.auto.tfvars.json", "{\"count_of\": \"x\", \"nothing\": 1}"),
            file("b.auto.tfvars.json", "{"),
            file("c.auto.tfvars.json", "[]"),
            file("d.auto.tfvars", "any = var.region\n"),
        ],
        options: vec![var("regionx=1"), var("region")],
    };
    let (_, diags) = values(&module(), &inputs);
    insta::assert_snapshot!(text(&diags), @r#"
    error: Block in a file of values
     --> terraform.tfvars:3:1
      |
    3 | variable "x" {}
      | ^^^^^^^^^^^^
      A file of values gives variables their values; it does not declare them.
      Hint: Move the block to a .tf file.
    warning: Value for an undeclared variable
     --> terraform.tfvars:1:10
      |
    1 | regoin = "x"
      |          ^^^
      The layout declares no variable "regoin".
      Hint: Did you mean "region"?
    warning: Value for an undeclared variable
     --> a.auto.tfvars.json:1:19
      |
    1 | {"count_of": "x", "nothing": 1}
      |                   ^^^^^^^^^
      The layout declares no variable "nothing".
      Hint: Declare it with variable "nothing" {}, or leave the value out.
    error: Cannot read b.auto.tfvars.json
      It is not valid JSON: EOF while parsing an object at line 1 column 1.
    error: Cannot read c.auto.tfvars.json
      A JSON object of names and values is expected.
    error: A literal value is required
     --> d.auto.tfvars:1:7
      |
    1 | any = var.region
      |       ^^^^^^^^^^
      The value is needed before anything is evaluated: it can neither refer to anything nor call a function.
    error: Value for an undeclared variable
      The layout declares no variable "regionx".
      Hint: Did you mean "region"?
    error: Invalid --var option
      "region" does not hold an equals sign; expected NAME=VALUE.
      Hint: Write --var 'name=value'.
    error: Invalid value for the variable "count_of"
     --> a.auto.tfvars.json:1:2
      |
    1 | {"count_of": "x", "nothing": 1}
      |  ^^^^^^^^^^
      The variable is of type number; the value does not fit: a number is required.
    error: Extra characters after expression
     --> TF_VAR_zones:1:2
      |
    1 | a, b
      |  ^
      An expression was successfully parsed, but extra characters were found after it.
    error: Invalid value for the variable "strict"
     --> terraform.tfvars:2:10
      |
    2 | strict = { name = "x" }
      |          ^^^^^^^^^^^^^^
      The variable is of type object({name = string, size = number}); the value does not fit: attribute "size" is required.
    "#);
}

proptest! {
    #[test]
    fn any_text_reaches_a_string_variable_as_it_is(given in "[^\\x00]*") {
        let found = good(options(vec![var(&format!("region={given}")), var("count_of=1")]));
        prop_assert_eq!(&found["region"], &Value::from(given));
    }

    #[test]
    fn no_text_crashes_the_reading(given in ".*") {
        let _ = values(&module(), &options(vec![var(&format!("zones={given}")), var(&given)]));
        let _ = values(&module(), &Inputs { files: vec![file("a.tfvars", &given), file("a.json", &given)], ..Inputs::default() });
    }
}

#[test]
fn it_is_known_who_gives_a_value() {
    let inputs = Inputs {
        environment: environment(&[("TF_VAR_region", "e"), ("TF_VAR_any", "1"), ("HOME", "/root")]),
        files: vec![
            file("a.auto.tfvars", "region = \"f\"\nzones = []\n"),
            file("b.auto.tfvars.json", "{\"count_of\": 1}"),
        ],
        options: vec![InputOption::File(file("prod.tfvars", "untyped = 1\n")), var("zones=[1]")],
    };
    let all: Vec<String> = givers(&inputs).iter().map(|(name, giver)| format!("{name}: {giver:?}")).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    any: Environment("TF_VAR_any")
    count_of: File("b.auto.tfvars.json")
    region: File("a.auto.tfvars")
    untyped: File("prod.tfvars")
    zones: CommandLine
    "#);
}
