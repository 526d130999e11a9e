//! Bad input in the blocks of one file and the names they use, and what is said about it.

use super::tests::errors;

#[test]
fn unknown_blocks_and_arguments_name_the_nearest() {
    insta::assert_snapshot!(errors(r#"
resourse "aws_vpc" "a" {}
variable "x" {
  defalt = 1
  validations {}
}
resource "aws_vpc" "b" {
  lifecycle {
    prevent_destory = true
    ignore_changes {}
  }
}
name = "x"
"#), @r#"
    error: Argument outside of a block
      --> main.tf:13:1
       |
    13 | name = "x"
       | ^^^^
      "name" is not part of any block; at the top of a file there are only blocks.
      Hint: A named value goes into a locals block, an input's value into a .tfvars file.
    error: Unsupported block
     --> main.tf:2:1
      |
    2 | resourse "aws_vpc" "a" {}
      | ^^^^^^^^
      There are no blocks named "resourse" at the top of a file.
      Hint: Did you mean "resource"?
    error: Unsupported argument
     --> main.tf:4:3
      |
    4 |   defalt = 1
      |   ^^^^^^
      A "variable" block takes no argument named "defalt".
      Hint: Did you mean "default"?
    error: Unsupported block
     --> main.tf:5:3
      |
    5 |   validations {}
      |   ^^^^^^^^^^^
      A "variable" block takes no block named "validations".
      Hint: Did you mean "validation"?
    error: Unsupported argument
     --> main.tf:9:5
      |
    9 |     prevent_destory = true
      |     ^^^^^^^^^^^^^^^
      A "lifecycle" block takes no argument named "prevent_destory".
      Hint: Did you mean "prevent_destroy"?
    error: Unsupported block
      --> main.tf:10:5
       |
    10 |     ignore_changes {}
       |     ^^^^^^^^^^^^^^
      In a "lifecycle" block, "ignore_changes" is an argument, not a block.
      Hint: Write `ignore_changes = …`.
    "#);
}

#[test]
fn a_second_declaration_names_the_place_of_the_first() {
    insta::assert_snapshot!(errors(r#"
variable "x" {}
variable "x" {}
locals {
  a = 1
}
locals {
  a = 2
}
resource "aws_vpc" "a" {}
resource "aws_vpc" "a" {}
output "o" {
  value = 1
}
output "o" {
  value = 2
}
provider "aws" {}
provider "aws" {}
"#), @r#"
    error: Duplicate variable
     --> main.tf:3:1
      |
    3 | variable "x" {}
      | ^^^^^^^^^^^^
      The variable "x" is already declared at main.tf:2.
      Hint: Remove one of the two, or give one another name.
    error: Duplicate local value
     --> main.tf:8:3
      |
    8 |   a = 2
      |   ^
      The local value "a" is already declared at main.tf:5.
      Hint: Remove one of the two, or give one another name.
    error: Duplicate resource
      --> main.tf:11:1
       |
    11 | resource "aws_vpc" "a" {}
       | ^^^^^^^^^^^^^^^^^^^^^^
      The resource "aws_vpc.a" is already declared at main.tf:10.
      Hint: Remove one of the two, or give one another name.
    error: Duplicate output
      --> main.tf:15:1
       |
    15 | output "o" {
       | ^^^^^^^^^^
      The output "o" is already declared at main.tf:12.
      Hint: Remove one of the two, or give one another name.
    error: Duplicate provider
      --> main.tf:19:1
       |
    19 | provider "aws" {}
       | ^^^^^^^^^^^^^^
      aws is already configured at main.tf:18; a second configuration needs an "alias".
    "#);
}

#[test]
fn count_and_for_each_exclude_one_another() {
    insta::assert_snapshot!(errors(r#"
resource "aws_vpc" "a" {
  count    = 1
  for_each = {}
}
"#), @r#"
    error: Both "count" and "for_each"
     --> main.tf:4:3
      |
    4 |   for_each = {}
      |   ^^^^^^^^
      The two exclude one another; "count" is at main.tf:3.
      Hint: Use for_each where the instances have names, count where only their number matters.
    "#);
}

#[test]
fn missing_and_extra_labels_show_the_form() {
    insta::assert_snapshot!(errors(r#"
resource "aws_vpc" {}
variable "a" "b" {}
locals "x" {}
output "0x" {
  value = 1
}
"#), @r#"
    error: Missing label
     --> main.tf:2:1
      |
    2 | resource "aws_vpc" {}
      | ^^^^^^^^^^^^^^^^^^
      A "resource" block needs a label for its name.
      Hint: Write `resource "TYPE" "NAME" { … }`.
    error: Extraneous label
     --> main.tf:3:14
      |
    3 | variable "a" "b" {}
      |              ^^^
      A "variable" block takes only one label, its name.
      Hint: Write `variable "NAME" { … }`.
    error: Extraneous label
     --> main.tf:4:8
      |
    4 | locals "x" {}
      |        ^^^
      A "locals" block takes no labels.
      Hint: Write `locals { … }`.
    error: Invalid name
     --> main.tf:5:8
      |
    5 | output "0x" {
      |        ^^^^
      "0x" cannot be a name. A name starts with a letter or underscore and holds only letters, digits, underscores and dashes.
    "#);
}

#[test]
fn what_a_block_requires_must_be_given() {
    insta::assert_snapshot!(errors(r#"
output "o" {}
module "m" {}
moved {
  from = aws_vpc.a
}
import {
  to = aws_vpc.a
}
check "c" {}
variable "v" {
  validation {
    condition = var.v > 0
  }
}
"#), @r#"
    error: Missing required argument
     --> main.tf:2:1
      |
    2 | output "o" {}
      | ^^^^^^^^^^
      The argument "value" is required, but is not given.
    error: Missing required argument
     --> main.tf:3:1
      |
    3 | module "m" {}
      | ^^^^^^^^^^
      The argument "source" is required, but is not given.
    error: Missing required argument
     --> main.tf:4:1
      |
    4 | moved {
      | ^^^^^
      The argument "to" is required, but is not given.
    error: Missing required argument
     --> main.tf:7:1
      |
    7 | import {
      | ^^^^^^
      The argument "id" is required, but is not given.
    error: Check without an assertion
      --> main.tf:10:1
       |
    10 | check "c" {}
       | ^^^^^^^^^
      A "check" block needs at least one "assert" block.
    error: Missing required argument
      --> main.tf:12:3
       |
    12 |   validation {
       |   ^^^^^^^^^^
      The argument "error_message" is required, but is not given.
    "#);
}

#[test]
fn references_to_nothing_name_the_nearest() {
    insta::assert_snapshot!(errors(r#"
variable "region" {}
resource "aws_vpc" "main" {}
data "aws_vpc" "other" {}
output "a" {
  value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
}
resource "aws_subnet" "a" {
  x = each.key
  y = count.index
  z = self.id
}
"#), @r#"
    error: "each" without "for_each"
     --> main.tf:9:7
      |
    9 |   x = each.key
      |       ^^^^^^^^
      "each" exists only in a block that has the argument "for_each".
    error: "count" without a count
      --> main.tf:10:7
       |
    10 |   y = count.index
       |       ^^^^^^^^^^^
      "count.index" exists only in a block that has the argument "count".
    error: "self" outside of a postcondition
      --> main.tf:11:7
       |
    11 |   z = self.id
       |       ^^^^^^^
      "self" is the object in its postconditions and provisioners; elsewhere it does not exist.
      Hint: Refer to the resource by its address.
    error: Reference to an undeclared variable
     --> main.tf:6:12
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |            ^^^^^^^^^^
      There is no variable "regoin" in this module.
      Hint: Did you mean var.region?
    error: Reference to an undeclared local value
     --> main.tf:6:24
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |                        ^^^^^^^^^^
      There is no local value "none" in this module.
    error: Reference to an undeclared resource
     --> main.tf:6:36
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |                                    ^^^^^^^^^^^^^^^
      There is no resource aws_vpc.mian in this module.
      Hint: Did you mean aws_vpc.main?
    error: Reference to an undeclared resource
     --> main.tf:6:53
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |                                                     ^^^^^^^^^^^^^^^^
      There is no resource aws_vpc.other in this module.
      Hint: Did you mean data.aws_vpc.other?
    error: Reference to an undeclared data source
     --> main.tf:6:71
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |                                                                       ^^^^^^^^^^^^^^^^^^^^
      There is no data source data.aws_vpc.main in this module.
      Hint: Did you mean aws_vpc.main?
    error: Reference to an undeclared module
     --> main.tf:6:93
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |                                                                                             ^^^^^^^^^^^^^
      There is no module "net" in this module.
    error: Unknown attribute of "path"
     --> main.tf:6:108
      |
    6 |   value = [var.regoin, local.none, aws_vpc.mian.id, aws_vpc.other.id, data.aws_vpc.main.id, module.net.id, path.modul]
      |                                                                                                            ^^^^^^^^^^
      There is no path.modul; there are module, root and cwd.
      Hint: Did you mean path.module?
    "#);
}

#[test]
fn iterators_of_dynamic_blocks_are_names_only_inside_them() {
    insta::assert_snapshot!(errors(r#"
resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = [1]
    iterator = rule
    content {
      port  = rule.value
      other = ingress.value
    }
  }
  dynamic "egress" {
    for_each = egress.value
    content {
      port = egress.value
    }
  }
}
"#), @r#"
    error: Reference to an undeclared resource
      --> main.tf:12:16
       |
    12 |     for_each = egress.value
       |                ^^^^^^^^^^^^
      There is no resource egress.value in this module.
    "#);
}
