//! Commands and options that fingers know from Terraform, each as a session.

use crate::support::{Run, World};

fn with(world: &World, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let output = world.command(arguments).envs(variables.iter().copied()).output().expect("the program runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

const NETWORK: &str = r#"
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  count      = 2
  vpc_id     = aws_vpc.a.id
  cidr_block = cidrsubnet(aws_vpc.a.cidr_block, 8, count.index)
}
resource "aws_vpc" "b" {
  cidr_block = var.other
}
variable "other" {
  default = "10.1.0.0/16"
}
output "a" {
  value = aws_vpc.a.cidr_block
}
output "b" {
  value = aws_vpc.b.cidr_block
}
"#;

#[test]
fn a_part_of_a_layout_is_planned_and_applied() {
    let world = World::start();
    world.write("main.tf", NETWORK);
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["--sandbox"]].concat());
    let state = || world.floorplan(&["state", "list"]).succeeds().stdout;

    let planned = run(&["plan", "-target=aws_subnet.a[0]"]).succeeds();
    assert!(planned.stdout.contains("Plan: 2 to add"), "{}", planned.stdout);
    assert!(planned.stderr.contains("Only a part of the layout is planned"), "{}", planned.stderr);
    // A saved plan is the same part.
    run(&["plan", "-target", "aws_subnet.a[0]", "-out=part.plan"]).succeeds();
    run(&["apply", "part.plan", "-auto-approve=true"]).succeeds();
    assert_eq!(state(), "aws_subnet.a[0]\naws_vpc.a\n");
    assert_eq!(world.floorplan(&["output"]).succeeds().stdout.trim(), "a = \"10.0.0.0/16\"");

    let excluded = run(&["plan", "-exclude=aws_vpc.a"]).succeeds();
    assert!(excluded.stdout.contains("Plan: 1 to add"), "{}", excluded.stdout);
    world.write("targets", "# what is missing\naws_subnet.a\n\naws_vpc.b # the other\n");
    run(&["apply", "-target-file=targets", "-auto-approve"]).succeeds();
    run(&["plan", "-detailed-exitcode"]).exits(0);

    // A change outside of the part does not happen, and its output stays.
    let changed = ["-var=other=10.2.0.0/16", "-auto-approve"];
    run(&[&["apply", "-target=aws_vpc.a"], &changed[..]].concat()).succeeds();
    assert_eq!(world.floorplan(&["output", "b", "-raw"]).succeeds().stdout.trim(), "10.1.0.0/16");
    run(&["plan", "-var=other=10.2.0.0/16", "-detailed-exitcode"]).exits(2);

    let unknown = run(&["plan", "-target=aws_vpc.c"]).exits(1);
    assert!(unknown.stderr.contains("Nothing has the address aws_vpc.c"), "{}", unknown.stderr);

    // What goes takes with it what needs it.
    let destroyed = run(&["destroy", "-target=aws_vpc.a", "-auto-approve"]).succeeds();
    assert!(destroyed.stdout.contains("3 destroyed") || destroyed.stderr.contains("3 destroyed"), "{destroyed:?}");
    assert_eq!(state(), "aws_vpc.b\n");
    run(&["destroy", "-exclude=aws_vpc.b", "-auto-approve"]).succeeds();
    assert_eq!(state(), "aws_vpc.b\n");
    run(&["destroy", "-auto-approve"]).succeeds();
    assert_eq!(state(), "");
}

#[test]
fn an_object_is_tainted_and_untainted() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n");
    let run = |arguments: &[&str]| world.floorplan(&[arguments, &["--sandbox"]].concat());
    run(&["apply", "-auto-approve"]).succeeds();
    run(&["taint", "terraform_data.a"]).succeeds();
    let planned = run(&["plan"]).succeeds();
    assert!(planned.stdout.contains("1 to replace"), "{}", planned.stdout);
    run(&["untaint", "terraform_data.a"]).succeeds();
    run(&["plan", "-detailed-exitcode"]).exits(0);
    let refused = run(&["untaint", "terraform_data.a"]).exits(1);
    assert!(refused.stderr.contains("not tainted"), "{}", refused.stderr);
    let refused = run(&["taint", "terraform_data.b"]).exits(1);
    assert!(refused.stderr.contains("Did you mean terraform_data.a?"), "{}", refused.stderr);
    run(&["taint", "-allow-missing", "terraform_data.b"]).succeeds();
}

#[test]
fn directory_and_environment_are_obeyed() {
    let world = World::start();
    world.write("net/main.tf", "variable \"x\" {}\noutput \"x\" {\n  value = var.x\n}\n");
    let run = |arguments: &[&str], variables: &[(&str, &str)]| with(&world, arguments, variables);
    let planned = run(&["-chdir=net", "plan"], &[("TF_CLI_ARGS_plan", "-var 'x=a b'")]).succeeds();
    assert!(planned.stdout.contains("a b"), "{}", planned.stdout);
    let applied =
        run(&["-chdir=net", "apply"], &[("TF_CLI_ARGS", "-var=x=y -auto-approve"), ("TF_IN_AUTOMATION", "1")]);
    applied.succeeds();
    assert_eq!(run(&["-chdir=net", "output", "-raw", "x"], &[]).succeeds().stdout.trim(), "y");
    assert!(world.path().join("net/state").is_dir());
    run(&["-chdir=none", "plan"], &[]).exits(1);
    let refused = run(&["login"], &[]).exits(1);
    assert!(refused.stderr.contains("TF_TOKEN_host"), "{}", refused.stderr);
}

#[test]
fn version_providers_and_graph_are_shown() {
    let world = World::start();
    let version: serde_json::Value =
        serde_json::from_str(&world.floorplan(&["version", "-json"]).succeeds().stdout).expect("JSON");
    assert_eq!(version["floorplan_version"], env!("CARGO_PKG_VERSION"));
    assert!(version["terraform_version"].is_string() && version["provider_selections"].is_object());
    assert!(world.floorplan(&["version"]).succeeds().stdout.starts_with("Floorplan "));

    world.write("main.tf", NETWORK);
    world.write(
        "versions.tf",
        "terraform {\n  required_providers {\n    google = {\n      source  = \"hashicorp/google\"\n      version = \"~> 6.0\"\n    }\n  }\n}\nmodule \"m\" {\n  source = \"./m\"\n}\n",
    );
    world.write("m/main.tf", "resource \"random_id\" \"r\" {\n  byte_length = 4\n}\n");
    insta::assert_snapshot!(world.floorplan(&["providers"]).succeeds().stdout, @r"
    the layout
      hashicorp/aws: built in
      hashicorp/google ~> 6.0: not supported
    module.m
      hashicorp/random: built in
    ");
    let graph = world.floorplan(&["graph"]).succeeds().stdout;
    assert!(graph.contains("\"aws_subnet.a\" -> \"aws_vpc.a\";"), "{graph}");
    let graph = world.floorplan(&["graph", "--format=mermaid"]).succeeds().stdout;
    assert!(graph.starts_with("flowchart RL\n") && graph.contains("[\"module.m.random_id.r\"]"), "{graph}");
}

#[test]
fn formatting_and_warnings_can_be_cut_short() {
    let world = World::start();
    world.write("main.tf", "locals {\n  a=1\n}\n");
    let shown = world.floorplan(&["fmt", "-diff", "-write=false", "-list=false"]).succeeds();
    assert!(shown.stdout.contains("-  a=1\n+  a = 1\n"), "{}", shown.stdout);
    assert_eq!(world.read("main.tf"), "locals {\n  a=1\n}\n");
    let listed = world.floorplan(&["fmt"]).succeeds();
    assert_eq!(listed.stdout.trim().trim_start_matches("./"), "main.tf");

    world.write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
    world.write("m/main.tf", "terraform {\n  backend \"s3\" {}\n}\n");
    let short = world.floorplan(&["plan", "-compact-warnings"]).succeeds();
    assert_eq!(short.stderr.trim(), "warning: Backend of a module (m/main.tf:2)");
}

#[test]
fn a_workspace_has_a_state_of_its_own() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {\n  input = terraform.workspace\n}\noutput \"a\" {\n  value = terraform_data.a.output\n}\n");
    let run = |arguments: &[&str]| world.floorplan(arguments);
    let output = |variables: &[(&str, &str)]| with(&world, &["output", "-raw", "a"], variables).succeeds().stdout;
    run(&["apply", "-auto-approve"]).succeeds();
    run(&["workspace", "new", "prod"]).succeeds();
    assert_eq!(run(&["state", "list"]).succeeds().stdout, "");
    run(&["apply", "-auto-approve"]).succeeds();
    assert_eq!(run(&["workspace", "list"]).succeeds().stdout, "  default\n* prod\n");
    assert_eq!(output(&[]).trim(), "prod");
    assert_eq!(output(&[("TF_WORKSPACE", "default")]).trim(), "default");

    run(&["workspace", "delete", "prod"]).exits(1);
    let refused = run(&["workspace", "select", "prd"]).exits(1);
    assert!(refused.stderr.contains("Did you mean \"prod\"?"), "{}", refused.stderr);
    run(&["workspace", "select", "default"]).succeeds();
    assert_eq!(run(&["workspace", "show"]).succeeds().stdout, "default\n");
    let refused = run(&["workspace", "delete", "prod"]).exits(1);
    assert!(refused.stderr.contains("holds 1 objects"), "{}", refused.stderr);
    with(&world, &["destroy", "-auto-approve"], &[("TF_WORKSPACE", "prod")]).succeeds();
    run(&["workspace", "delete", "prod"]).succeeds();
    assert_eq!(run(&["workspace", "list"]).succeeds().stdout, "* default\n");
    run(&["workspace", "select", "-or-create", "dev"]).succeeds();
}

#[test]
fn locks_completions_and_the_manual_are_there() {
    let world = World::start();
    world.write("main.tf", "resource \"terraform_data\" \"a\" {}\n");
    let run = |arguments: &[&str]| world.floorplan(arguments);
    run(&["plan", "-lock=false", "-lock-timeout=1s"]).succeeds();
    let refused = run(&["apply", "-auto-approve", "-lock=false"]).exits(1);
    assert!(refused.stderr.contains("locks the state"), "{}", refused.stderr);
    run(&["apply", "-auto-approve", "-lock=true", "-lock-timeout=1s"]).succeeds();
    run(&["apply", "-destroy", "-auto-approve"]).succeeds();
    assert_eq!(run(&["state", "list"]).succeeds().stdout, "");
    assert!(run(&["completions", "bash"]).succeeds().stdout.contains("_floorplan()"));
    assert!(run(&["man"]).succeeds().stdout.contains(".TH floorplan"));
}
