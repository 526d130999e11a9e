//! Sources of modules that are made of constants.

use super::tests::{errors_of, loaded};
use super::*;

const CHILD: (&str, &str) = ("modules/web/main.tf", "output \"kind\" { value = \"web\" }");

/// The directories of all modules below one.
fn below(node: &ModuleNode) -> Vec<String> {
    let one = |child: &Arc<ModuleNode>| [vec![child.module.dir.clone()], below(child)].concat();
    node.children.values().flat_map(one).collect()
}

#[test]
fn a_source_may_be_made_of_constants_and_locals() {
    let main = r#"
variable "kind" {
  const   = true
  default = "web"
}
locals {
  kinds = { web = "./modules/${var.kind}" }
  place = lookup(local.kinds, var.kind, null)
}
module "a" {
  source  = local.place
  version = var.kind == "web" ? null : "1.0.0"
}
module "b" { source = "${path.module}/modules/${lower("WEB")}" }
"#;
    assert_eq!(below(&loaded(&[("main.tf", main), CHILD]).root), ["modules/web", "modules/web"]);
}

#[test]
fn a_module_may_have_constants_of_its_own() {
    let main = r#"
variable "kind" {
  const   = true
  default = "web"
}
module "a" {
  source = "./parent"
  kind   = var.kind
}
module "b" {
  source = "./parent"
  kind   = "data"
}
module "c" {
  source = "./parent"
  kind   = "web"
}
"#;
    let parent = "variable \"kind\" { const = true }\nmodule \"m\" { source = \"../modules/${var.kind}\" }\n";
    let files = [("main.tf", main), ("parent/main.tf", parent), CHILD, ("modules/data/main.tf", "locals {}")];
    let all = loaded(&files);
    assert_eq!(below(&all.root), ["parent", "modules/web", "parent", "modules/data", "parent", "modules/web"]);
    assert!(Arc::ptr_eq(&all.root.children["a"], &all.root.children["c"]));
}

#[test]
fn what_is_not_constant_says_nothing_of_modules() {
    let main = r#"
variable "kind" { default = "web" }
variable "none" { const = true }
variable "secret" {
  const     = true
  sensitive = true
}
locals { a = local.a }
module "a" { source = "./modules/${var.kind}" }
module "b" { source = "./modules/${var.none}" }
module "c" { source = "./modules/${aws_vpc.v.id}" }
module "d" { source = local.a }
module "e" { source = "./modules/${var.nothing}" }
module "f" { source = "./modules/${timestamp()}" }
module "g" {
  for_each = { a = 1 }
  source   = "./modules/${each.key}"
}
module "h" {
  source = "./parent"
  kind   = var.kind
}
module "i" { source = null }
"#;
    let parent = "variable \"kind\" { const = true }\nmodule \"m\" { source = \"../modules/${var.kind}\" }\n";
    insta::assert_snapshot!(errors_of(&[("main.tf", main), ("parent/main.tf", parent), CHILD]), @r#"
    error: Sensitive constant
     --> main.tf:4:1
      |
    4 | variable "secret" {
      | ^^^^^^^^^^^^^^^^^
      The value of a constant variable shows in the sources of modules. It cannot be sensitive.
    error: Value needed before modules are fetched
     --> main.tf:9:36
      |
    9 | module "a" { source = "./modules/${var.kind}" }
      |                                    ^^^^^^^^
      var.kind has no value yet. The source and version of a module can only use constant variables, locals that are made of them, and functions.
      Hint: Write const = true in variable "kind".
    error: No value for the variable "none"
     --> main.tf:3:1
      |
    3 | variable "none" { const = true }
      | ^^^^^^^^^^^^^^^
      The variable is required: it has no default.
      Hint: Give one with --var none=…, TF_VAR_none or a .tfvars file.
    error: Value needed before modules are fetched
      --> main.tf:11:36
       |
    11 | module "c" { source = "./modules/${aws_vpc.v.id}" }
       |                                    ^^^^^^^^^
      aws_vpc.v has no value yet. The source and version of a module can only use constant variables, locals that are made of them, and functions.
    error: Self-referential block
     --> main.tf:8:10
      |
    8 | locals { a = local.a }
      |          ^
      local.a refers to itself.
    error: Reference to an undeclared variable
      --> main.tf:13:36
       |
    13 | module "e" { source = "./modules/${var.nothing}" }
       |                                    ^^^^^^^^^^^
      There is no variable "nothing" in this module.
    error: Invalid "source" of a module
      --> main.tf:14:23
       |
    14 | module "f" { source = "./modules/${timestamp()}" }
       |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^
      The value is not known yet when modules are fetched.
    error: Value needed before modules are fetched
      --> main.tf:17:27
       |
    17 |   source   = "./modules/${each.key}"
       |                           ^^^^^^^^
      each.key has no value yet. The source and version of a module can only use constant variables, locals that are made of them, and functions.
    error: Invalid "source" of a module
      --> main.tf:23:23
       |
    23 | module "i" { source = null }
       |                       ^^^^
      The source is null.
    error: Value needed before modules are fetched
      --> main.tf:21:12
       |
    21 |   kind   = var.kind
       |            ^^^^^^^^
      var.kind has no value yet. The source and version of a module can only use constant variables, locals that are made of them, and functions.
      Hint: Write const = true in variable "kind".
    "#);
}
