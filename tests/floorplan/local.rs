//! Layouts of types whose objects live in the state alone: the built program with no credentials, no
//! endpoint and no sandbox.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use tempfile::TempDir;

/// An empty workspace with one layout.
struct Workspace(TempDir);

/// What a run did.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

impl Workspace {
    fn new(layout: &str) -> Self {
        let workspace = Workspace(tempfile::tempdir().unwrap());
        workspace.write(layout);
        workspace
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, layout: &str) {
        std::fs::create_dir_all(self.path().join("net")).unwrap();
        std::fs::write(self.path().join("net/main.hcl"), layout).unwrap();
    }

    /// The program in an environment without anything of AWS; its proxies lead nowhere.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_floorplan"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("CI", "1").env("NO_COLOR", "1").env("TZ", "UTC");
        command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Self::ran(&mut self.command(arguments))
    }

    fn ran(command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn apply(&self) -> Ran {
        self.run(&["apply", "--auto-approve", "net"]).exits(0)
    }

    /// The next plan has nothing to do.
    #[track_caller]
    fn is_settled(&self) {
        self.run(&["plan", "--detailed-exitcode", "net"]).exits(0);
    }

    /// The value of an output.
    #[track_caller]
    fn output(&self, name: &str) -> Json {
        serde_json::from_str(&self.run(&["output", "--json", "--layout", "net", name]).exits(0).out).unwrap()
    }
}

/// The content of every file of the workspace but the layout.
fn all_files(path: &Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(path).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all += &all_files(&path);
        } else if path.extension().is_none_or(|e| e != "hcl") {
            all += &String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default());
        }
    }
    all
}

const ALL: &str = r#"
terraform {
  required_providers {
    random = { source = "hashicorp/random", version = "~> 3.6" }
    tls    = { source = "hashicorp/tls" }
    time   = { source = "hashicorp/time" }
    null   = { source = "hashicorp/null" }
  }
}
provider "random" {}
variable "release" { default = "one" }

resource "random_pet" "name" {
  keepers = { release = var.release }
}
resource "random_id" "bucket" {
  byte_length = 4
  prefix      = "${random_pet.name.id}-"
}
resource "random_password" "db" {
  length  = 20
  special = false
}
resource "random_integer" "port" {
  min = 1024
  max = 2048
}
resource "random_shuffle" "zones" {
  input        = ["a", "b", "c"]
  result_count = 2
}
resource "random_uuid" "token" {}
resource "tls_private_key" "deploy" {
  algorithm = "ED25519"
}
resource "time_static" "made" {}
resource "time_offset" "later" {
  base_rfc3339 = time_static.made.rfc3339
  offset_days  = 7
}
resource "null_resource" "done" {
  triggers = { key = tls_private_key.deploy.id }
}
resource "terraform_data" "release" {
  input            = { name = var.release, zones = random_shuffle.zones.result }
  triggers_replace = [random_uuid.token.result]
}

output "name" { value = random_pet.name.id }
output "bucket" { value = random_id.bucket.hex }
output "key" { value = tls_private_key.deploy.public_key_openssh }
output "days" { value = (time_offset.later.unix - time_static.made.unix) / 86400 }
output "release" { value = terraform_data.release.output }
output "password" {
  value     = random_password.db.result
  sensitive = true
}
"#;

#[test]
fn a_layout_that_lives_in_the_state_alone_needs_nothing_of_aws() {
    let workspace = Workspace::new(ALL);
    workspace.run(&["validate", "net"]).exits(0);
    let plan = workspace.run(&["plan", "net"]).exits(0).out;
    assert!(plan.contains("11 to create") || plan.contains("11 to add"), "{plan}");
    assert!(plan.contains("(known after apply)"), "{plan}");
    workspace.apply();
    workspace.is_settled();

    let name = workspace.output("name").as_str().unwrap().to_owned();
    assert_eq!(name.split('-').count(), 2, "{name}");
    let bucket = workspace.output("bucket").as_str().unwrap().to_owned();
    assert_eq!((bucket.len(), bucket.starts_with(&name)), (name.len() + 9, true), "{bucket}");
    assert!(workspace.output("key").as_str().unwrap().starts_with("ssh-ed25519 "));
    assert_eq!(workspace.output("days"), 7);
    assert_eq!(workspace.output("release")["name"], "one");

    let renamed = workspace.run(&["apply", "--auto-approve", "--var", "release=two", "net"]).exits(0);
    assert!(!renamed.out.contains("random_password.db"), "{}", renamed.out);
    assert_ne!(workspace.output("name"), name.as_str());
    assert_eq!(workspace.output("release")["name"], "two");

    workspace.run(&["destroy", "--auto-approve", "net"]).exits(0);
    let left = workspace.run(&["state", "list", "--layout", "net"]).exits(0);
    assert_eq!(left.out.trim(), "");
}

#[test]
fn a_password_and_a_key_are_neither_shown_nor_kept_in_clear() {
    let workspace = Workspace::new(ALL);
    let shown = workspace.apply();
    let password = workspace.run(&["output", "--raw", "--layout", "net", "password"]).out;
    let password = password.trim();
    assert_eq!(password.len(), 20, "{password:?}");
    let show = Workspace::ran(workspace.command(&["show"]).current_dir(workspace.path().join("net"))).exits(0);
    for text in [&shown.out, &shown.err, &show.out, &all_files(workspace.path())] {
        assert!(!text.contains(password), "{text}");
        assert!(!text.contains("PRIVATE KEY"), "{text}");
    }
}

#[test]
fn a_replacement_that_comes_first_leaves_one_object() {
    let layout = |keeper: &str| {
        format!(
            r#"
resource "random_id" "a" {{
  byte_length = 8
  keepers     = {{ k = "{keeper}" }}
  lifecycle {{
    create_before_destroy = true
  }}
}}
resource "terraform_data" "b" {{
  input = random_id.a.hex
}}
output "both" {{ value = [random_id.a.hex, terraform_data.b.output] }}
"#
        )
    };
    let workspace = Workspace::new(&layout("one"));
    workspace.apply();
    let first = workspace.output("both");
    workspace.write(&layout("two"));
    workspace.apply();
    let second = workspace.output("both");
    assert_ne!(first[0], second[0]);
    assert_eq!(second[0], second[1]);
    workspace.is_settled();
    let list = workspace.run(&["state", "list", "--layout", "net"]).exits(0).out;
    assert_eq!(list.lines().count(), 2, "{list}");
}

#[test]
fn a_terraform_data_output_is_known_before_apply() {
    let layout = |input: &str, trigger: &str| {
        format!(
            r#"
resource "terraform_data" "a" {{
  input            = {input}
  triggers_replace = {trigger}
}}
resource "terraform_data" "each" {{
  for_each = toset(terraform_data.a.output)
  input    = each.key
}}
output "id" {{ value = terraform_data.a.id }}
"#
        )
    };
    let workspace = Workspace::new(&layout(r#"["x", "y"]"#, "0"));
    workspace.apply();
    let id = workspace.output("id");
    workspace.write(&layout(r#"["x", "z"]"#, "0"));
    let changed = workspace.apply();
    assert!(changed.out.contains(r#"terraform_data.each["z"]"#), "{}", changed.out);
    assert_eq!(workspace.output("id"), id, "an input changes in place");
    workspace.write(&layout(r#"["x", "z"]"#, "false"));
    workspace.apply();
    assert_ne!(workspace.output("id"), id, "0 and false are two triggers");
    workspace.is_settled();
}

#[test]
fn imports_take_over_values_that_are_in_use() {
    let workspace = Workspace::new(
        r#"
import {
  to = random_password.db
  id = "correct-horse"
}
resource "random_password" "db" {
  length = 13
}
resource "random_integer" "port" {
  min = 1
  max = 65535
}
output "port" { value = random_integer.port.result }
output "same" { value = nonsensitive(random_password.db.result == "correct-horse") }
"#,
    );
    workspace.run(&["import", "--layout", "net", "random_integer.port", "8443,1,65535"]).exits(0);
    workspace.apply();
    assert_eq!(workspace.output("port"), 8443);
    assert_eq!(workspace.output("same"), true);
    workspace.is_settled();
}

#[test]
fn expired_objects_are_made_anew_and_errors_come_first() {
    let workspace = Workspace::new(
        r#"
resource "time_rotating" "past" {
  rfc3339       = "2020-01-01T00:00:00Z"
  rotation_days = 1
}
"#,
    );
    workspace.apply();
    let plan = workspace.run(&["plan", "--detailed-exitcode", "net"]).exits(2);
    assert!(plan.out.contains("time_rotating.past"), "{}", plan.out);
    workspace.write(
        r#"
resource "random_string" "short" {
  length    = 3
  min_upper = 4
}
resource "time_sleep" "none" {}
resource "tls_private_key" "weak" {
  algorithm = "RSA"
  rsa_bits  = 512
}
"#,
    );
    let wrong = workspace.run(&["plan", "net"]).exits(1).err;
    for part in ["3 characters cannot hold the 4", "Neither duration is given", "512 bits are out of range"] {
        assert!(wrong.contains(part), "{part} in {wrong}");
    }
}

#[test]
fn a_sleep_takes_its_time_and_ends_early_when_it_is_stopped() {
    let sleep = |create: &str| {
        format!(
            r#"
resource "time_sleep" "wait" {{
  create_duration  = "{create}"
  destroy_duration = "700ms"
}}
resource "terraform_data" "after" {{
  input = time_sleep.wait.id
}}
"#
        )
    };
    let workspace = Workspace::new(&sleep("800ms"));
    let begun = Instant::now();
    workspace.apply();
    assert!(begun.elapsed() >= Duration::from_millis(800));
    let begun = Instant::now();
    workspace.run(&["destroy", "--auto-approve", "net"]).exits(0);
    assert!(begun.elapsed() >= Duration::from_millis(700));

    workspace.write(&sleep("10m"));
    let mut command = workspace.command(&["apply", "--auto-approve", "net"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let begun = Instant::now();
    let ended = child.wait_with_output().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60));
    assert_eq!(ended.status.code(), Some(1), "{}", String::from_utf8_lossy(&ended.stderr));
    let list = workspace.run(&["state", "list", "--layout", "net"]).exits(0).out;
    assert_eq!(list.trim(), "", "what was not waited for is not there");
}
