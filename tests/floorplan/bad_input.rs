//! What a person reads after a mistake: exit code 1, every error of the run, the state untouched.

use super::support::{Run, World};

/// Files of a layout each, and what the program says to them.
fn said(world: &World, layouts: &[(&str, &str)]) -> String {
    let mut all = String::new();
    for (name, text) in layouts {
        world.write(&format!("{name}/main.tf"), text);
        let run = world.floorplan(&["plan", name, "--sandbox"]).exits(1);
        assert_eq!(run.stdout, "", "{name}");
        assert!(!world.path().join(name).join("state").exists(), "{name} has a state");
        all.push_str(&format!("# {name}\n{}", run.stderr));
    }
    all
}

#[test]
fn every_error_of_a_layout_is_shown_where_it_is() {
    let world = World::start();
    let layouts = [
        ("unclosed", "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n"),
        (
            "many",
            r#"
resorce "aws_vpc" "a" {}
variable "n" {
  type    = number
  default = "x"
}
resource "aws_vcp" "b" {}
resource "aws_vpc" "c" {
  cidr_blok = "10.0.0.0/16"
  tagss {}
}
resource "aws_subnet" "d" {
  cidr_block = cidrsubnt("10.0.0.0/8", 8, 1)
}
resource "aws_subnet" "e" {
  vpc_id     = aws_vpc.nothing.id
  cidr_block = var.missing
}
resource "aws_vpc" "c" {}
resource "aws_vpc" "f" {
  count    = 2
  for_each = toset(["x"])
}
"#,
        ),
        (
            "types",
            r#"
resource "aws_vpc" "a" {
  cidr_block         = ["10.0.0.0/16"]
  enable_dns_support = "maybe"
}
resource "aws_subnet" "b" {
  vpc_id     = "vpc-1"
  cidr_block = "10.0.1.0/33"
}
"#,
        ),
        (
            "cycle",
            r#"
resource "aws_security_group" "a" {
  description = aws_security_group.b.id
}
resource "aws_security_group" "b" {
  description = local.c
}
locals {
  c = aws_security_group.a.idd
}
"#,
        ),
        (
            "keys",
            r#"
variable "secret" {
  sensitive = true
  default   = ["a"]
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_eip" "b" {
  for_each = toset([aws_vpc.a.id])
}
resource "aws_eip" "c" {
  for_each = toset(var.secret)
}
"#,
        ),
        (
            "ranges",
            r#"
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
locals {
  vpc = aws_vpc.a.id
}
resource "aws_subnet" "wide" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/20"
}
resource "aws_subnet" "inside" {
  for_each   = { a = local.vpc }
  vpc_id     = each.value
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "outside" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.1.0.0/24"
}
"#,
        ),
        (
            "rules",
            r#"
resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "192.0.2.0/24"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}
"#,
        ),
        ("missing", "variable \"client\" {\n  type = string\n}\n"),
    ];
    insta::assert_snapshot!(said(&world, &layouts));
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn files_that_are_not_text_are_refused() {
    let world = World::start();
    let deep = format!("locals {{\n  a = {}1{}\n}}\n", "[".repeat(10_000), "]".repeat(10_000));
    world.write("deep/main.tf", &deep);
    let refused = |name: &str| world.floorplan(&["validate", name]).exits(1).stderr;
    assert!(refused("deep").contains("Nesting too deep"));
    std::fs::create_dir_all(world.path().join("binary")).unwrap();
    std::fs::write(world.path().join("binary/main.tf"), b"locals { a = \"\xff\xfe\" }").unwrap();
    assert!(refused("binary").contains("main.tf is not UTF-8"));
    world.write("huge/main.tf", &"#".repeat(100_000_000));
    assert!(refused("huge").contains("at most 16777216 are read"));
    assert!(refused("nowhere").contains("nowhere is not a layout"));
}

const VPC: &str = "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";

#[test]
fn without_a_way_to_the_right_account_nothing_is_planned() {
    let world = World::start();
    world.write("net/main.tf", VPC);
    world
        .write("wrong/main.tf", &format!("provider \"aws\" {{\n  allowed_account_ids = [\"999999999999\"]\n}}\n{VPC}"));
    let with = |layout: &str, variables: &[(&str, &str)]| -> Run {
        let mut command = world.command(&["plan", layout]);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        command.env("AWS_EC2_METADATA_DISABLED", "true").envs(variables.iter().copied());
        let output = command.output().expect("the built program can be run");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Run { code: output.status.code().unwrap_or(-1), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    };
    let keys = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    let down = [&keys[..], &[("AWS_ENDPOINT_URL", "http://127.0.0.1:9")]].concat();
    for (run, expected) in [
        (with("net", &[]), "no usable AWS credentials; set AWS_PROFILE"),
        (with("net", &down), "the AWS endpoint cannot be reached"),
        (
            with("wrong", &keys),
            "the credentials belong to AWS account 123456789012, but allowed_account_ids names 999999999999",
        ),
    ] {
        let run = run.exits(1);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn a_wrong_state_or_plan_is_refused_and_left_alone() {
    let world = World::start();
    world.write("net/main.tf", VPC);
    world.floorplan(&["plan", "net", "--sandbox", "--out", "early.plan"]).succeeds();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let kept = world.read("net/state/net/state.json");
    world.forget_calls();

    let stale = world.floorplan(&["apply", "early.plan", "--sandbox", "--auto-approve"]).exits(1);
    assert!(stale.stderr.contains("The plan is stale: the state changed"), "{}", stale.stderr);
    world.write("other/main.tf", VPC);
    for (file, text, expected) in [
        ("net/state/net/state.json", kept[..kept.len() / 2].to_owned(), "The state file is cut short"),
        (
            "net/state/net/state.json",
            kept.replace("\"floorplan_state\": 4", "\"floorplan_state\": 99"),
            "The state file has a newer format",
        ),
        ("other/state/other/state.json", kept.clone(), "The state belongs to another layout"),
    ] {
        world.write(file, &text);
        let layout = file.split('/').next().unwrap_or_default();
        let run = world.floorplan(&["apply", layout, "--sandbox", "--auto-approve"]).exits(1);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert_eq!(world.read(file), text);
    }
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[test]
fn a_second_run_is_told_who_holds_the_lock_and_since_when() {
    let world = World::start();
    world.write("net/main.tf", VPC);
    world.hold("CreateVpc", "before", 2.0);
    let mut first = world.command(&["apply", "net", "--sandbox", "--auto-approve"]);
    let mut first = first.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    world.wait_for("CreateVpc");
    let second = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(1);
    assert!(second.stderr.contains("locked") && second.stderr.contains("apply"), "{}", second.stderr);
    assert!(first.wait().unwrap().success());
}
