//! Bad input in what an argument holds, and what is said about it.

use super::tests::errors;

#[test]
fn types_of_variables_say_what_was_expected() {
    insta::assert_snapshot!(errors(r#"
variable "a" {
  type = strin
}
variable "b" {
  type = list
}
variable "c" {
  type = "string"
}
variable "d" {
  type = object({ a = string, a = number, b = optional() })
}
variable "e" {
  type    = list(number)
  default = ["x"]
}
variable "f" {
  type     = string
  default  = null
  nullable = false
}
variable "g" {
  default = var.a
}
variable "count" {}
variable "h" {
  type = optional(string)
}
variable "i" {
  type = object({ n = optional(number, "x") })
}
"#), @r#"
    error: Invalid type
     --> main.tf:3:10
      |
    3 |   type = strin
      |          ^^^^^
      There is no type "strin".
      Hint: Did you mean "string"?
    error: Invalid type
     --> main.tf:9:10
      |
    9 |   type = "string"
      |          ^^^^^^^^
      A type is written as it is, not as text.
      Hint: Write string, without quotation marks.
    error: Duplicate attribute
      --> main.tf:12:31
       |
    12 |   type = object({ a = string, a = number, b = optional() })
       |                               ^
      The attribute "a" is given twice in this object type.
    error: Invalid type
      --> main.tf:12:47
       |
    12 |   type = object({ a = string, a = number, b = optional() })
       |                                               ^^^^^^^^^^
      optional(…) takes the type and, if there is one, the default.
    error: Default of the wrong type
      --> main.tf:16:13
       |
    16 |   default = ["x"]
       |             ^^^^^
      The default does not fit the variable's type: at [0]: a number is required.
    error: Default of null
      --> main.tf:20:14
       |
    20 |   default  = null
       |              ^^^^
      The variable is not nullable: its default cannot be null.
      Hint: Leave out the default to make the variable required.
    error: A literal value is required
      --> main.tf:24:13
       |
    24 |   default = var.a
       |             ^^^^^
      The value is needed before anything is evaluated: it can neither refer to anything nor call a function.
    error: Reserved variable name
      --> main.tf:26:10
       |
    26 | variable "count" {}
       |          ^^^^^^^
      In a "module" block "count" has a meaning of its own. No variable can have that name.
    error: Misplaced optional(…)
      --> main.tf:28:10
       |
    28 |   type = optional(string)
       |          ^^^^^^^^^^^^^^^^
      Only an attribute of an object type can be optional: object({ name = optional(string) }).
    error: Default of the wrong type
      --> main.tf:31:40
       |
    31 |   type = object({ n = optional(number, "x") })
       |                                        ^^^
      The default does not fit the attribute's type: a number is required.
    "#);
}

#[test]
fn provisioners_say_what_they_take() {
    let found = errors(
        r#"
resource "aws_vpc" "a" {
  provisioner "local-exec" {
    comand = "true"
    when   = never
  }
  provisioner "local-exec" {
    command    = "echo ${self.id} ${aws_vpc.a.id}"
    when       = destroy
    on_failure = continue
  }
  provisioner "chef" {}
}
"#,
    );
    for said in [
        "Did you mean \"command\"?",
        "Expected create or destroy.",
        "Only self, count.index and each.key can be used here.",
        "\"chef\" is not a provisioner.",
    ] {
        assert!(found.contains(said), "{said}: {found}");
    }
}

#[test]
fn meta_arguments_say_what_they_take() {
    insta::assert_snapshot!(errors(r#"
resource "aws_vpc" "a" {
  provider   = aws["x"]
  depends_on = ["aws_vpc.b", aws_vpc.b.id, each.key]
}
resource "aws_vpc" "b" {
  provider   = aws.lodnon
  depends_on = aws_vpc.a
  lifecycle {
    create_before_destroy = "perhaps"
    ignore_changes        = ["*", 1 + 1]
    replace_triggered_by  = [var.x]
  }
}
provider "aws" {
  alias = "london"
}
"#), @r#"
    error: Invalid provider reference
     --> main.tf:3:16
      |
    3 |   provider   = aws["x"]
      |                ^^^^^^^^
      A provider is named by its name, or by its name and alias: aws or aws.london.
    warning: Reference in quotation marks
     --> main.tf:4:17
      |
    4 |   depends_on = ["aws_vpc.b", aws_vpc.b.id, each.key]
      |                 ^^^^^^^^^^^
      A reference is written as it is, not as text.
      Hint: Write aws_vpc.b.
    error: Invalid reference in "depends_on"
     --> main.tf:4:30
      |
    4 |   depends_on = ["aws_vpc.b", aws_vpc.b.id, each.key]
      |                              ^^^^^^^^^^^^
      A whole resource is depended on, not an attribute of it.
      Hint: Write aws_vpc.b.
    error: Invalid reference in "depends_on"
     --> main.tf:4:44
      |
    4 |   depends_on = ["aws_vpc.b", aws_vpc.b.id, each.key]
      |                                            ^^^^^^^^
      Only a resource, a data source or a module can be depended on.
    error: Wrong type for "create_before_destroy"
      --> main.tf:10:29
       |
    10 |     create_before_destroy = "perhaps"
       |                             ^^^^^^^^^
      "create_before_destroy" does not fit: a bool is required.
    error: Wildcard in "ignore_changes"
      --> main.tf:11:30
       |
    11 |     ignore_changes        = ["*", 1 + 1]
       |                              ^^^
      All attributes are ignored with the keyword all.
      Hint: Write ignore_changes = all.
    error: Invalid attribute in "ignore_changes"
      --> main.tf:11:35
       |
    11 |     ignore_changes        = ["*", 1 + 1]
       |                                   ^^^^^
      Expected an attribute of this resource, such as tags or tags["Name"].
    error: Invalid reference in "replace_triggered_by"
      --> main.tf:12:30
       |
    12 |     replace_triggered_by  = [var.x]
       |                              ^^^^^
      Only a managed resource, or an attribute of one, can trigger a replacement.
    error: Invalid "depends_on"
     --> main.tf:8:16
      |
    8 |   depends_on = aws_vpc.a
      |                ^^^^^^^^^
      "depends_on" takes a list that is written out, in brackets.
    error: Provider not configured
     --> main.tf:7:16
      |
    7 |   provider   = aws.lodnon
      |                ^^^^^^^^^^
      No provider "aws" block here has the alias "lodnon".
      Hint: Did you mean "aws.london"?
    "#);
}

#[test]
fn versions_that_cannot_be_met_or_read_are_errors() {
    insta::assert_snapshot!(errors(r#"
terraform {
  required_version = ">= 1.18"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "five"
      versoin = "~> 5"
    }
  }
}
terraform {
  required_version = "latest"
  backend "s3" {}
  backend "local" {}
}
"#), @r#"
    error: Unsupported language version
     --> main.tf:3:22
      |
    3 |   required_version = ">= 1.18"
      |                      ^^^^^^^^^
      The language of Terraform 1.0 to 1.17 is read, but this module asks for >= 1.18.
      Hint: Widen required_version if the module needs nothing that this version lacks.
    error: Invalid version constraint
     --> main.tf:7:17
      |
    7 |       version = "five"
      |                 ^^^^^^
      "five" is not a constraint; expected a form such as ">= 1.5" or "~> 1.5, != 1.5.3".
    error: Unsupported argument
     --> main.tf:8:7
      |
    8 |       versoin = "~> 5"
      |       ^^^^^^^
      A required provider takes no argument named "versoin".
      Hint: Did you mean "version"?
    error: Invalid version constraint
      --> main.tf:13:22
       |
    13 |   required_version = "latest"
       |                      ^^^^^^^^
      "latest" is not a constraint; expected a form such as ">= 1.5" or "~> 1.5, != 1.5.3".
    error: Second backend
      --> main.tf:15:3
       |
    15 |   backend "local" {}
       |   ^^^^^^^^^^^^^^^
      A state is kept in one place; the first block is at main.tf:14.
    "#);
}

#[test]
fn the_layout_block_says_what_it_takes() {
    insta::assert_snapshot!(errors(r#"
layout {
  name         = "../x"
  availability = "hihg"
  maintenance {
    window = "Sunday 2-4"
  }
  region = "x"
}
layout {}
"#), @r#"
    error: Unsupported argument
     --> main.tf:8:3
      |
    8 |   region = "x"
      |   ^^^^^^
      A "layout" block takes no argument named "region".
      Hint: It takes name and availability.
    error: Invalid layout name
     --> main.tf:3:18
      |
    3 |   name         = "../x"
      |                  ^^^^^^
      "../x" cannot name a layout: its state is kept under that name. Letters, digits, dashes, underscores and dots are possible, at most 100, the first a letter or digit.
    error: Invalid availability
     --> main.tf:4:18
      |
    4 |   availability = "hihg"
      |                  ^^^^^^
      "hihg" is not known. Expected "high" (no step may interrupt service) or "single" (interruptions only in the maintenance window).
      Hint: Did you mean "high"?
    error: Invalid maintenance window
     --> main.tf:6:14
      |
    6 |     window = "Sunday 2-4"
      |              ^^^^^^^^^^^^
      "Sunday 2-4" is not a day and two times; expected a form such as "Sun 02:00-04:00".
    error: Second "layout" block
      --> main.tf:10:1
       |
    10 | layout {}
       | ^^^^^^
      A layout has at most one; the first is at main.tf:2.
    "#);
}

#[test]
fn moves_imports_and_removals_take_addresses_only() {
    insta::assert_snapshot!(errors(r#"
moved {
  from = aws_vpc.a
  to   = aws_subnet.a
}
moved {
  from = module.a
  to   = aws_vpc.a
}
moved {
  from = aws_vpc
  to   = data.aws_vpc.a
}
import {
  to = data.aws_vpc.a
  id = "vpc-1"
}
removed {
  from = aws_vpc.a[0]
}
"#), @r#"
    error: Impossible move
     --> main.tf:4:10
      |
    4 |   to   = aws_subnet.a
      |          ^^^^^^^^^^^^
      An object of type aws_vpc cannot become one of type aws_subnet.
    error: Impossible move
     --> main.tf:8:10
      |
    8 |   to   = aws_vpc.a
      |          ^^^^^^^^^
      A module can only become a module, and a resource only a resource.
    error: Invalid address in "from"
      --> main.tf:11:10
       |
    11 |   from = aws_vpc
       |          ^^^^^^^
      Expected an address such as aws_vpc.main or module.network: "." and a resource name expected at the end.
    error: Invalid import target
      --> main.tf:15:8
       |
    15 |   to = data.aws_vpc.a
       |        ^^^^^^^^^^^^^^
      Only a managed resource can be imported: aws_vpc.main or aws_subnet.a["x"].
    error: Instance key in a "removed" block
      --> main.tf:19:10
       |
    19 |   from = aws_vpc.a[0]
       |          ^^^^^^^^^^^^
      All instances are removed at once: an instance key cannot be given.
    "#);
}
