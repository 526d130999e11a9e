use super::*;
use crate::lang::config::{Availability, IgnoreChanges};
use crate::value::Value;
use crate::value::address::Mode;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Files by path.
pub(super) struct Fake(pub BTreeMap<String, Vec<u8>>);

impl Fake {
    fn of(files: &[(&str, &str)]) -> Self {
        Fake(files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect())
    }
}

impl Files for Fake {
    fn list(&self, dir: &str) -> Result<Vec<String>, String> {
        let prefix = if dir == "." { String::new() } else { format!("{dir}/") };
        let inside: Vec<&str> = self.0.keys().filter_map(|path| path.strip_prefix(&prefix)).collect();
        if inside.is_empty() && dir != "empty" {
            return Err("no such directory".into());
        }
        Ok(inside.into_iter().filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".into())
    }
}

pub(super) fn loaded(files: &[(&str, &str)]) -> Loaded {
    match load(&Fake::of(files), ".") {
        Ok(loaded) => loaded,
        Err(diags) => panic!("{}", all(&diags)),
    }
}

pub(super) fn all(diags: &Diagnostics) -> String {
    diags.iter().map(|d| d.to_string() + "\n").collect()
}

/// The errors about `main.tf` with this text.
pub(super) fn errors(text: &str) -> String {
    errors_of(&[("main.tf", text)])
}

pub(super) fn errors_of(files: &[(&str, &str)]) -> String {
    match load(&Fake::of(files), ".") {
        Ok(_) => "no error".into(),
        Err(diags) => all(&diags),
    }
}

#[test]
fn every_kind_of_block_is_read() {
    let text = r#"
terraform {
  required_version = ">= 1.3, < 2.0"
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = "~> 5.0"
      configuration_aliases = [aws.peer]
    }
  }
  backend "s3" {
    bucket = "b"
  }
}
provider "aws" {
  region = var.region
}
provider "aws" {
  alias  = "london"
  region = "eu-west-2"
}
variable "region" {
  type        = string
  default     = "eu-west-1"
  description = "Where."
  validation {
    condition     = length(var.region) > 3
    error_message = "Too short."
  }
}
variable "zones" {
  type = map(object({ cidr = string, public = optional(bool, false) }))
  default = { a = { cidr = "10.0.0.0/24" } }
  nullable = false
}
locals {
  tags = { Name = var.region }
}
data "aws_region" "now" {
  provider = aws.london
}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = local.tags
  lifecycle {
    create_before_destroy = true
    prevent_destroy       = true
    ignore_changes        = [tags["Name"], cidr_block]
    postcondition {
      condition     = self.id != ""
      error_message = "No id."
    }
    rolling {
      max_unavailable = 0
      max_surge       = "25%"
    }
  }
  timeouts {
    create = "5m"
  }
}
resource "aws_subnet" "a" {
  for_each   = var.zones
  vpc_id     = aws_vpc.main.id
  cidr_block = each.value.cidr
  depends_on = [aws_vpc.main, module.net]
  lifecycle {
    ignore_changes       = all
    replace_triggered_by = [aws_vpc.main.cidr_block]
  }
}
module "net" {
  source    = "./net"
  providers = { aws = aws.london }
  size      = 3
}
output "id" {
  value      = module.net.id
  depends_on = [aws_vpc.main]
  precondition {
    condition     = aws_vpc.main.id != ""
    error_message = "No id."
  }
}
moved {
  from = aws_vpc.old
  to   = aws_vpc.main
}
import {
  to = aws_subnet.a["a"]
  id = "subnet-1"
}
removed {
  from = aws_eip.gone
  lifecycle {
    destroy = false
  }
}
check "reachable" {
  data "aws_vpc" "seen" {
    id = aws_vpc.main.id
  }
  assert {
    condition     = data.aws_vpc.seen.id != ""
    error_message = "Not there."
  }
}
layout {
  name         = "acme-prod"
  availability = "high"
  maintenance {
    window   = "Sun 02:00-04:00"
    timezone = "Europe/London"
  }
  state "s3" {
    bucket = "b"
  }
}
"#;
    let net = "variable \"size\" {\n  type = number\n}\noutput \"id\" {\n  value = var.size\n}\n";
    let loaded = loaded(&[("main.tf", text), ("net/main.hcl", net)]);
    let module = &loaded.root.module;
    assert!(loaded.warnings.is_empty());
    assert_eq!(module.dir, ".");
    assert_eq!(module.variables["region"].default, Some(Value::string("eu-west-1")));
    assert_eq!(module.variables["zones"].constraint.ty().to_string(), "map(object({cidr = string, public = bool}))");
    assert!(!module.variables["zones"].nullable);
    let vpc = &module.resources[&(Mode::Managed, "aws_vpc".into(), "main".into())];
    let arguments: Vec<_> = vpc.body.attributes().map(|a| a.name.to_string()).collect();
    assert_eq!(arguments, ["cidr_block", "tags"]);
    assert_eq!(vpc.body.blocks().count(), 0);
    assert_eq!(vpc.lifecycle.create_before_destroy, Some(true));
    assert_eq!(vpc.lifecycle.prevent_destroy.as_ref().unwrap().as_literal(), Some(true.into()));
    let IgnoreChanges::Paths(paths) = &vpc.lifecycle.ignore_changes else { panic!("paths expected") };
    let paths: Vec<_> = paths.iter().map(|(path, _)| path.join("/")).collect();
    assert_eq!(paths, ["tags/Name", "cidr_block"]);
    assert_eq!(vpc.lifecycle.postconditions.len(), 1);
    assert!(vpc.lifecycle.rolling.as_ref().is_some_and(|r| r.max_surge.is_some() && r.bake.is_none()));
    assert_eq!(vpc.timeouts.expressions().len(), 1);
    let subnet = &module.resources[&(Mode::Managed, "aws_subnet".into(), "a".into())];
    assert!(subnet.for_each.is_some() && subnet.count.is_none());
    assert_eq!(subnet.depends_on.iter().map(|r| r.to_string()).collect::<Vec<_>>(), ["aws_vpc.main", "module.net"]);
    assert!(matches!(subnet.lifecycle.ignore_changes, IgnoreChanges::All));
    assert_eq!(subnet.lifecycle.replace_triggered_by[0].0.to_string(), "aws_vpc.main.cidr_block");
    let region = &module.resources[&(Mode::Data, "aws_region".into(), "now".into())];
    assert_eq!(region.provider.as_ref().map(ToString::to_string), Some("aws.london".into()));
    assert_eq!(module.calls["net"].dir.as_deref(), Some("net"));
    assert_eq!(loaded.root.children["net"].module.outputs.len(), 1);
    assert_eq!(module.moved[0].span.text(), "moved");
    assert_eq!(module.imports[0].to.to_string(), "aws_subnet.a");
    assert!(module.imports[0].key.is_some());
    assert!(!module.removed[0].destroy);
    assert!(module.checks["reachable"].data.is_some());
    let settings = module.settings.as_ref().unwrap();
    assert_eq!(settings.required_providers["aws"].version.as_deref(), Some("~> 5.0"));
    assert_eq!(settings.backend.as_ref().map(|b| &*b.kind), Some("s3"));
    let layout = module.layout.as_ref().unwrap();
    assert_eq!((layout.name.as_deref(), layout.availability), (Some("acme-prod"), Some(Availability::High)));
    assert_eq!(layout.maintenance.as_ref().map(|m| m.window.as_str()), Some("Sun 02:00-04:00"));
    assert!(layout.state.is_some());
}

#[test]
fn all_files_of_a_directory_are_one_module() {
    let files = [
        ("a.tf", "variable \"x\" {}\n"),
        ("b.hcl", "output \"x\" {\n  value = var.x\n}\n"),
        (".terraform.lock.hcl", "provider {"),
        ("x.tftest.hcl", "run {"),
        ("README.md", "{"),
        ("main.tf~", "{"),
    ];
    let loaded = loaded(&files);
    assert_eq!((loaded.root.module.variables.len(), loaded.root.module.outputs.len()), (1, 1));
    assert_eq!(loaded.sources.len(), 2);
}

#[test]
fn a_root_file_is_terragrunts_only_beside_its_own() {
    let root = ("root.hcl", "output \"x\" {\n  value = 1\n}\n");
    let outputs = |files: &[(&str, &str)]| loaded(files).root.module.outputs.len();
    assert_eq!(outputs(&[("a.tf", "locals {}\n"), root]), 1, "it is the layout's");
    assert_eq!(outputs(&[("a.tf", "locals {}\n"), ("terragrunt.hcl", "inputs = {}\n"), root]), 0);
}

#[test]
fn the_digests_change_only_with_content_or_names() {
    let digests = |files: &[(&str, &str)], dir: &str| load(&Fake::of(files), dir).unwrap().files;
    let one = digests(&[("a.tf", "locals {}\n")], ".");
    assert_eq!(one.iter().map(|(name, digest)| (name.as_str(), digest.len())).collect::<Vec<_>>(), [("a.tf", 64)]);
    assert_eq!(one, digests(&[("layouts/x/a.tf", "locals {}\n"), ("layouts/x/notes.txt", "n")], "layouts/x/"));
    assert_ne!(one, digests(&[("a.tf", "locals { }\n")], "."));
    assert_ne!(one, digests(&[("b.tf", "locals {}\n")], "."));
    let call = "module \"m\" {\n  source = \"../../modules/m\"\n}\n";
    let of_module = digests(&[("layouts/x/a.tf", call), ("modules/m/main.tf", "locals {}\n")], "layouts/x");
    assert_eq!(of_module.keys().collect::<Vec<_>>(), ["../../modules/m/main.tf", "a.tf"]);
}

#[test]
fn a_module_called_twice_is_read_once() {
    let main = "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m/../m\"\n}\n";
    let loaded = loaded(&[("main.tf", main), ("m/main.tf", "locals {}\n")]);
    let [a, b] = ["a", "b"].map(|name| loaded.root.children[name].clone());
    assert!(Arc::ptr_eq(&a, &b));
}

#[test]
fn references_leave_out_iterators_of_dynamic_blocks() {
    let text = r#"
resource "aws_security_group" "a" {
  name = var.name
  dynamic "ingress" {
    for_each = local.rules
    content {
      port = ingress.value + local.base
      dynamic "inner" {
        for_each = ingress.value.more
        iterator = it
        content {
          x = [it.key, ingress.key, aws_vpc.main.id]
        }
      }
    }
  }
}
variable "name" {}
locals {
  rules = []
  base  = 1
}
resource "aws_vpc" "main" {}
"#;
    let loaded = loaded(&[("main.tf", text)]);
    let group = &loaded.root.module.resources[&(Mode::Managed, "aws_security_group".into(), "a".into())];
    let found: Vec<_> = crate::lang::config::references(&group.body).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["var.name", "local.rules", "local.base", "aws_vpc.main.id"]);
}

/// Pieces of layouts, to be put together in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "resource",
        "data",
        "module",
        "variable",
        "output",
        "locals",
        "provider",
        "terraform",
        "layout",
        "moved",
        "import",
        "removed",
        "check",
        "lifecycle",
        "dynamic",
        "content",
        "source",
        "for_each",
        "count",
        "type",
        "default",
        "from",
        "to",
        "\"a\"",
        "\"./m\"",
        "{\n",
        "}\n",
        "=",
        "[",
        "]",
        "\n",
        "aws_vpc.a",
        "each.key",
        "1",
        "object({",
        "optional(",
        ")",
        "null",
        "validation",
        "condition",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #[test]
    fn no_text_crashes_the_loading(text in prop_oneof![".*", pieces()]) {
        let _ = load(&Fake::of(&[("main.tf", &text), ("m/main.tf", &text)]), ".");
    }
}
