//! Configuration in JSON, and override files. What is expected is what the real Terraform 1.11 says.

use super::tests::{all, errors_of, loaded};
use crate::lang::config::fixtures::Variables;
use crate::lang::config::{IgnoreChanges, Moved};
use crate::lang::constraint::Constraint;
use crate::lang::eval::eval;
use crate::value::Value;
use crate::value::address::Mode;

const MAIN: &str = r#"{
  "//": "a comment",
  "variable": {
    "names": { "type": "list(string)", "default": ["a", "b"] },
    "region": {
      "type": "string", "default": "eu",
      "validation": { "condition": "${length(var.region) > 1}", "error_message": "too \"short\"" }
    }
  },
  "locals": {
    "//": "x", "map": { "k-${var.region}": "v", "//": "kept" }, "esc": "$${x} \\n \n\u00e9\ud83d\ude00",
    "neg": -1.5e1, "cond": "${var.region == \"eu\" ? 1 : 2}", "text": "a-${upper("b")}"
  },
  "resource": {
    "terraform_data": [
      { "a": { "count": "${length(var.names)}", "input": "${count.index}-${var.region}",
        "lifecycle": { "ignore_changes": ["input[\"x\"]"],
                       "precondition": [ { "condition": "${var.region != \"\"}", "error_message": "no" } ] } } },
      { "b": [ { "provider": "terraform.x", "depends_on": ["terraform_data.a"], "triggers_replace": null } ] },
      { "c": null }
    ]
  },
  "moved": [ { "from": "terraform_data.old", "to": "terraform_data.b" } ],
  "provider": { "terraform": [ { "alias": "x" } ] }
}"#;

#[test]
fn json_is_read_as_the_native_syntax() {
    let main = MAIN.replace("${upper(\"b\")}", "${upper(\\\"b\\\")}");
    let loaded = loaded(&[("main.tf.json", &main)]);
    assert!(loaded.warnings.is_empty(), "{}", all(&loaded.warnings));
    let module = &loaded.root.module;
    assert!(matches!(module.variables["names"].constraint, Constraint::List(_)));
    let scope = Variables::of(&[("region", Value::string("eu"))]);
    let local = |name: &str| eval(&module.locals[name].expr, &scope).unwrap();
    assert_eq!(local("esc").as_str(), Some("${x} \\n \né😀"));
    assert_eq!(local("neg").as_i64(), Some(-15));
    assert_eq!(local("cond").as_i64(), Some(1));
    assert_eq!(local("text").as_str(), Some("a-B"));
    assert_eq!(local("map").as_entries().unwrap().keys().map(|k| &**k).collect::<Vec<_>>(), ["//", "k-eu"]);
    assert!(!module.locals.contains_key("//"));
    let resource = |name: &str| &module.resources[&(Mode::Managed, "terraform_data".into(), name.into())];
    assert!(!module.resources.contains_key(&(Mode::Managed, "terraform_data".into(), "c".into())));
    let IgnoreChanges::Paths(paths) = &resource("a").lifecycle.ignore_changes else { panic!("all") };
    assert_eq!(paths[0].0, ["input", "x"]);
    assert_eq!(resource("a").lifecycle.preconditions.len(), 1);
    assert_eq!(resource("b").provider.as_ref().unwrap().to_string(), "terraform.x");
    assert_eq!(resource("b").depends_on[0].to_string(), "terraform_data.a");
    assert!(matches!(module.moved.as_slice(), [Moved { .. }]));
}

#[test]
fn mistakes_in_json_are_shown_where_they_are() {
    let said = |text: &str| errors_of(&[("m.tf.json", text)]);
    insta::assert_snapshot!(said("{\"locals\": {\"a\": \"x\\n\\\"${var.none}\\\"\"}}"), @r#"
    error: Reference to an undeclared variable
     --> m.tf.json:1:26
      |
    1 | {"locals": {"a": "x\n\"${var.none}\""}}
      |                          ^^^^^^^^
      There is no variable "none" in this module.
    "#);
    insta::assert_snapshot!(said("{\"resource\": {\"terraform_data\": \"x\"}}"), @r#"
    error: Incorrect JSON value
     --> m.tf.json:1:33
      |
    1 | {"resource": {"terraform_data": "x"}}
      |                                 ^^^
      "resource" blocks have labels: an object is required, whose property names are the labels.
    "#);
    insta::assert_snapshot!(said("{\"locals\": {\"a\": {\"x\": 1, \"x\": 2}, \"b\": 1, \"b\": 2}}"), @r#"
    error: Duplicate property
     --> m.tf.json:1:27
      |
    1 | {"locals": {"a": {"x": 1, "x": 2}, "b": 1, "b": 2}}
      |                           ^^^
      The object already has a property "x".
    error: Duplicate argument
     --> m.tf.json:1:44
      |
    1 | {"locals": {"a": {"x": 1, "x": 2}, "b": 1, "b": 2}}
      |                                            ^^^
      The argument "b" was already set on line 1.
    "#);
    for (text, summary) in [
        ("\"x\"", "Not an object"),
        ("", "Missing JSON value"),
        ("{\"foo\": 1}", "Argument outside of a block"),
        ("{\"locals\": {\"a\": 01}}", "Invalid number"),
        ("{\"locals\": {\"a\": 1,}}", "Invalid property name"),
        ("{\"locals\": {\"a\": 1}} x", "Extra characters after the JSON value"),
        ("{\"locals\": {\"a\": \"${\"}}", "Unclosed template interpolation"),
        ("{\"locals\": {\"a\": \"\\x\"}}", "Invalid escape sequence"),
        ("{\"locals\": {\"a\": \"", "Unclosed string"),
        ("{\"locals\": {\"a\": [1", "Unclosed array"),
        ("{\"variable\": {\"x\": {\"type\": \"${string}\"}}}", "Invalid type"),
        (&"[".repeat(100_000), "Nesting too deep"),
    ] {
        let said = said(text);
        assert!(said.contains(summary), "{text}: {said}");
    }
    assert!(
        loaded(&[("m.tf.json", "[{\"locals\": {\"a\": 1}}, {\"locals\": {\"b\": 2}}]")]).root.module.locals.len() == 2
    );
}

#[test]
fn override_files_change_the_blocks_of_other_files() {
    let main = r#"
terraform {
  required_version = ">= 1.0"
  required_providers {
    aws  = { source = "hashicorp/aws", version = "~> 5.0" }
    null = { source = "hashicorp/null" }
  }
  backend "s3" {}
}
variable "region" {
  type    = string
  default = "eu"
}
locals {
  a = 1
  b = 2
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  ingress { x = 1 }
  dynamic "ingress" {
    for_each = []
    content {}
  }
  egress {}
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [tags]
  }
}
"#;
    let first = r#"
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
  backend "local" {}
}
variable "region" { default = "us" }
locals { b = 3 }
resource "aws_vpc" "main" {
  cidr_block = "10.1.0.0/16"
  ingress { x = 2 }
  lifecycle {
    prevent_destroy = false
  }
}
provider "aws" { region = "eu-west-1" }
"#;
    let second = r#"{"resource": {"aws_vpc": {"main": {"cidr_block": "10.2.0.0/16"}}}}"#;
    let loaded = loaded(&[("main.tf", main), ("a_override.tf", first), ("override.tf.json", second)]);
    let module = &loaded.root.module;
    let settings = module.settings.as_ref().unwrap();
    assert_eq!(settings.required_providers["aws"].version.as_deref(), Some("~> 6.0"));
    assert!(settings.required_providers.contains_key("null"));
    assert_eq!(settings.required_version.len(), 1);
    assert_eq!(&*settings.backend.as_ref().unwrap().kind, "local");
    assert_eq!(module.variables["region"].default.as_ref().unwrap().as_str(), Some("us"));
    assert!(matches!(module.variables["region"].constraint, Constraint::String));
    assert_eq!(module.locals["b"].expr.span().text(), "3");
    assert_eq!(module.locals["b"].span.file.path, "a_override.tf");
    let vpc = &module.resources[&(Mode::Managed, "aws_vpc".into(), "main".into())];
    let cidr = vpc.body.attribute("cidr_block").unwrap();
    assert_eq!(cidr.expr.as_string().as_deref(), Some("10.2.0.0/16"));
    assert_eq!(cidr.expr.span().file.path, "override.tf.json");
    let blocks: Vec<_> = vpc.body.blocks().map(|b| b.ident.to_string()).collect();
    assert_eq!(blocks, ["egress", "ingress"]);
    assert_eq!(vpc.lifecycle.prevent_destroy.as_ref().unwrap().as_literal(), Some(false.into()));
    assert!(matches!(&vpc.lifecycle.ignore_changes, IgnoreChanges::Paths(paths) if paths.len() == 1));
    assert_eq!(module.providers.len(), 1);
}

#[test]
fn what_cannot_be_overridden_is_refused() {
    let over = "resource \"aws_vpc\" \"none\" {}\nlocals {\n  x = 1\n}\nmoved {\n  from = aws_vpc.a\n  to   = aws_vpc.b\n}\noutput \"o\" {\n  depends_on = []\n}\n";
    let main = "output \"o\" {\n  value = 1\n}\n";
    insta::assert_snapshot!(errors_of(&[("main.tf", main), ("override.tf", over)]), @r#"
    error: Nothing to override
     --> override.tf:1:1
      |
    1 | resource "aws_vpc" "none" {}
      | ^^^^^^^^^^^^^^^^^^^^^^^^^
      No other file has a block resource "aws_vpc" "none".
      Hint: An override file changes blocks that are there; a new block goes into another file.
    error: Nothing to override
     --> override.tf:3:3
      |
    3 |   x = 1
      |   ^
      No other file has a local value named "x".
    error: "moved" block in an override file
     --> override.tf:5:1
      |
    5 | moved {
      | ^^^^^
      Blocks named "moved" cannot be overridden.
      Hint: Move the block to another file.
    error: "depends_on" in an override file
     --> override.tf:9:1
      |
    9 | output "o" {
      | ^^^^^^^^^^
      The argument "depends_on" cannot be overridden.
      Hint: Change it in the file that has the block.
    "#);
}

#[test]
fn what_is_not_served_is_named_and_stops_nothing() {
    let main = "action \"aws_lambda_invoke\" \"a\" {}\nresource \"terraform_data\" \"a\" {\n  lifecycle {\n    action_trigger {\n      events  = [after_create]\n      actions = [action.aws_lambda_invoke.a]\n    }\n  }\n}\n";
    let loaded = loaded(&[("main.tf", main), ("a.tftest.hcl", "run {"), ("b.tofu", ""), ("b.tf", "x = ")]);
    let said: Vec<_> = loaded.warnings.iter().map(|d| d.summary.clone()).collect();
    assert_eq!(
        said,
        [
            "Tests and queries are not served",
            "\"action\" blocks are not served",
            "\"action_trigger\" blocks are not served"
        ]
    );
}
