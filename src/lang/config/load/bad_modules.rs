//! Bad input between modules and files, and what is said about it.

use super::tests::{Fake, all, errors, errors_of};
use super::*;

#[test]
fn modules_that_are_not_there_are_refused() {
    insta::assert_snapshot!(errors(r#"
module "a" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
module "b" {
  source = "./nowhere"
}
module "c" {
  source = var.x
}
"#), @r#"
    error: Reference to an undeclared variable
      --> main.tf:10:12
       |
    10 |   source = var.x
       |            ^^^^^
      There is no variable "x" in this module.
    error: Module is not installed (module.a)
     --> main.tf:3:13
      |
    3 |   source  = "terraform-aws-modules/vpc/aws"
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "terraform-aws-modules/vpc/aws" was not fetched yet.
      Hint: Run floorplan init.
    error: Cannot read the directory nowhere (module.b)
     --> main.tf:7:12
      |
    7 |   source = "./nowhere"
      |            ^^^^^^^^^^^
      No such directory.
    "#);
}

#[test]
fn an_unclosed_brace_names_the_block_that_it_opened() {
    insta::assert_snapshot!(errors(r#"
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
"#), @r#"
    error: Unclosed configuration block
     --> main.tf:2:1
      |
    2 | resource "aws_vpc" "a" {
      | ^^^^^^^^^^^^^^^^^^^^^^^^ opened here, never closed
      There is no closing brace for this block, opened on line 2, before the end of the file. This may be caused by incorrect nesting elsewhere in this file.
    "#);
}

#[test]
fn a_module_must_be_given_what_it_requires_and_nothing_else() {
    let main = r#"
module "m" {
  source    = "./m"
  sise      = 1
  providers = { aws.other = aws.peer, aws.main = aws }
}
output "o" {
  value = module.m.idd
}
"#;
    let m = r#"
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.main, aws.second]
    }
  }
}
variable "size" {}
output "id" {
  value = var.size
}
"#;
    insta::assert_snapshot!(errors_of(&[("main.tf", main), ("m/main.tf", m)]), @r#"
    error: Unsupported argument (module.m)
     --> main.tf:4:3
      |
    4 |   sise      = 1
      |   ^^^^
      The module in m has no variable named "sise".
      Hint: Did you mean "size"?
    error: Missing required argument (module.m)
     --> main.tf:2:1
      |
    2 | module "m" {
      | ^^^^^^^^^^
      The module in m requires the argument "size", but it is not given.
    warning: Unknown provider in a module (module.m)
     --> main.tf:5:17
      |
    5 |   providers = { aws.other = aws.peer, aws.main = aws }
      |                 ^^^^^^^^^
      The module in m does not declare a provider aws.other, and does not use it.
      Hint: It takes aws.main and aws.second.
    error: Missing provider for a module (module.m)
     --> main.tf:2:1
      |
    2 | module "m" {
      | ^^^^^^^^^^
      The module in m needs a provider to be passed as aws.second.
      Hint: Add providers = { aws.second = … }.
    error: Provider not configured
     --> main.tf:5:29
      |
    5 |   providers = { aws.other = aws.peer, aws.main = aws }
      |                             ^^^^^^^^
      No provider "aws" block here has the alias "peer".
    error: Reference to an undeclared output
     --> main.tf:8:11
      |
    8 |   value = module.m.idd
      |           ^^^^^^^^^^^^
      The module in m has no output named "idd".
      Hint: Did you mean "id"?
    "#);
}

#[test]
fn a_module_with_a_provider_of_its_own_cannot_be_repeated() {
    let main = "module \"m\" {\n  source = \"./m\"\n  count  = 2\n}\n";
    let m = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";
    insta::assert_snapshot!(errors_of(&[("main.tf", main), ("m/main.tf", m)]), @r#"
    error: "count" on a module with a provider of its own (module.m)
     --> main.tf:1:1
      |
    1 | module "m" {
      | ^^^^^^^^^^
      The module configures the provider "aws" at m/main.tf:1: its objects could no longer be destroyed once the call is gone.
      Hint: Configure the provider in the root module and pass it with "providers".
    "#);
}

#[test]
fn modules_that_call_each_other_are_refused_with_the_cycle() {
    let to = |dir: &str| format!("module \"next\" {{\n  source = \"../{dir}\"\n}}\n");
    let main = "module \"a\" {\n  source = \"./a\"\n}\n";
    insta::assert_snapshot!(errors_of(&[("main.tf", main), ("a/a.tf", &to("b")), ("b/b.tf", &to("a"))]), @r#"
    error: Modules that call each other
     --> b/b.tf:2:12
      |
    2 |   source = "../a"
      |            ^^^^^^
      The modules would never end: a -> b -> a.
    "#);
}

#[test]
fn files_that_cannot_be_read_as_meant_are_refused() {
    insta::assert_snapshot!(errors_of(&[("notes.txt", "")]), @r#"
    error: No configuration in .
      The directory holds no .tf, .tofu or .hcl files.
      Hint: Name the directory of a layout or module.
    "#);
    let fake = Fake([("main.tf".to_owned(), vec![0xff, 0xfe, b'x'])].into());
    insta::assert_snapshot!(all(&load(&fake, ".").unwrap_err()), @r#"
    error: main.tf is not UTF-8
      The byte 0xff on line 1 (offset 0) is not part of any UTF-8 character.
      Hint: Save the file with the UTF-8 encoding.
    "#);
    insta::assert_snapshot!(all(&load(&fake, "layouts/none").unwrap_err()), @r#"
    error: Cannot read the directory layouts/none
      No such directory.
    "#);
}

#[test]
fn errors_of_all_files_come_at_once() {
    let text = errors_of(&[("a.tf", "foo {}\n"), ("b.tf", "variable \"x\" {\n"), ("c.tf", "bar {}\n")]);
    assert!(text.contains("a.tf:1") && text.contains("b.tf:1") && text.contains("c.tf:1"), "{text}");
}

#[test]
fn names_of_a_broken_file_are_not_reported_as_missing() {
    let text = errors_of(&[("a.tf", "output \"o\" {\n  value = var.x\n}\n"), ("b.tf", "variable \"x\" {\n")]);
    assert!(!text.contains("undeclared"), "{text}");
}

#[test]
fn blocks_that_belong_to_a_layout_are_refused_in_a_module() {
    let main = "module \"m\" {\n  source = \"./m\"\n}\n";
    let m = "layout {}\nimport {\n  to = aws_vpc.a\n  id = \"vpc-1\"\n}\nterraform {\n  backend \"s3\" {}\n}\nresource \"aws_vpc\" \"a\" {}\n";
    insta::assert_snapshot!(errors_of(&[("main.tf", main), ("m/main.tf", m)]), @r#"
    error: "layout" block in a module
     --> m/main.tf:1:1
      |
    1 | layout {}
      | ^^^^^^
      Only a layout itself may hold a "layout" block, not a module that it calls.
      Hint: Move the block to the layout.
    warning: Backend of a module
     --> m/main.tf:7:3
      |
    7 |   backend "s3" {}
      |   ^^^^^^^^^^^^
      Only the root module has a state: this block has no effect here.
    "#);
}
