//! Bad input and what is said about it.

use super::tests::{Fake, all, errors, errors_of};
use super::*;

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
      Hint: Keep for_each where the instances have names, count where they are just so many.
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
      "self" is the object that a postcondition checks; elsewhere it does not exist.
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
     --> main.tf:8:15
      |
    8 |       other = ingress.value
      |               ^^^^^^^^^^^^^
      There is no resource ingress.value in this module.
    error: Reference to an undeclared resource
      --> main.tf:12:16
       |
    12 |     for_each = egress.value
       |                ^^^^^^^^^^^^
      There is no resource egress.value in this module.
    "#);
}

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
     --> main.tf:6:10
      |
    6 |   type = list
      |          ^^^^
      A list needs the type of its elements.
      Hint: Write list(string), list(any) or the like.
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
      The variable is not nullable, so that its default cannot be null.
      Hint: Leave out the default to make the variable required.
    error: A literal value is required
      --> main.tf:24:13
       |
    24 |   default = var.a
       |             ^^^^^
      The value is needed before anything is evaluated, so that it can neither refer to anything nor call a function.
    error: Reserved variable name
      --> main.tf:26:10
       |
    26 | variable "count" {}
       |          ^^^^^^^
      In a "module" block "count" has a meaning of its own, so that no variable can have that name.
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
fn provisioners_are_refused_with_the_reason() {
    insta::assert_snapshot!(errors(r#"
resource "aws_vpc" "a" {
  provisioner "local-exec" {
    command = "true"
  }
}
"#), @r#"
    error: "provisioner" blocks are not supported
     --> main.tf:3:3
      |
    3 |   provisioner "local-exec" {
      |   ^^^^^^^^^^^^^^^^^^^^^^^^
      A plan must say all that an apply does, and what a provisioner does to a machine cannot be planned, repeated safely or undone.
      Hint: Set the machine up through user_data or its image, or run the command after the apply.
    "#);
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
    error: Invalid reference in "depends_on"
     --> main.tf:4:17
      |
    4 |   depends_on = ["aws_vpc.b", aws_vpc.b.id, each.key]
      |                 ^^^^^^^^^^^
      A reference is written as it is, not as text.
      Hint: Write aws_vpc.b, without quotation marks.
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
  required_version = ">= 1.12"
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
    3 |   required_version = ">= 1.12"
      |                      ^^^^^^^^^
      The language of Terraform 1.11.4 is read, but this module asks for >= 1.12.
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
      All instances are removed at once, so that no instance key can be given.
    "#);
}

#[test]
fn sources_other_than_local_paths_are_refused() {
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
    error: Unsupported module source
     --> main.tf:3:13
      |
    3 |   source  = "terraform-aws-modules/vpc/aws"
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "terraform-aws-modules/vpc/aws" is not a local path. Only modules in directories of this workspace can be used; registries and repositories are not read.
      Hint: Copy the module into the workspace and name its directory, starting with ./ or ../.
    error: A literal value is required
      --> main.tf:10:12
       |
    10 |   source = var.x
       |            ^^^^^
      The value is needed before anything is evaluated, so that it can neither refer to anything nor call a function.
    error: Cannot read the directory nowhere (module.b)
     --> main.tf:7:12
      |
    7 |   source = "./nowhere"
      |            ^^^^^^^^^^^
      No such directory.
    "#);
}

#[test]
fn an_unclosed_brace_is_found_with_the_errors_of_other_blocks_unharmed() {
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
    error: Unknown provider in a module (module.m)
     --> main.tf:5:17
      |
    5 |   providers = { aws.other = aws.peer, aws.main = aws }
      |                 ^^^^^^^^^
      The module in m does not take a provider aws.other.
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
      The module configures the provider "aws" at m/main.tf:1, so that its objects could not be destroyed any more once the call is gone.
      Hint: Configure the provider in the root module and pass it with "providers".
    "#);
}

#[test]
fn modules_that_call_each_other_are_refused_with_the_way_around() {
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
    insta::assert_snapshot!(errors_of(&[("a.tf.json", "{}"), ("x_override.tf", ""), ("main.tf", "locals {}\n")]), @r#"
    error: Configuration in JSON: a.tf.json
      Only the native syntax is read; leaving the file out would change what the layout means.
      Hint: Rewrite it as a .tf file.
    error: Override file: x_override.tf
      Override files are not merged; leaving the file out would change what the layout means.
      Hint: Make the changes in the files that it overrides.
    "#);
    insta::assert_snapshot!(errors_of(&[("notes.txt", "")]), @r#"
    error: No configuration in .
      The directory holds no .tf or .hcl files.
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
fn what_a_broken_file_may_have_declared_is_not_reported_as_missing() {
    let text = errors_of(&[("a.tf", "output \"o\" {\n  value = var.x\n}\n"), ("b.tf", "variable \"x\" {\n")]);
    assert!(!text.contains("undeclared"), "{text}");
}
