//! A saved plan is carried out as it was saved, and only if what it was made from is as it was.

use super::support::World;
use super::sweep::killed;
use serde_json::json;

const APPLY: [&str; 4] = ["apply", "net.plan", "--sandbox", "--auto-approve"];

fn net(tag: &str) -> String {
    let vpc = |name: &str, cidr: &str, tag: &str| {
        format!("resource \"aws_vpc\" \"{name}\" {{\n  cidr_block = \"{cidr}\"\n  tags = {{ Name = \"{tag}\" }}\n}}\n")
    };
    vpc("touched", "10.1.0.0/16", tag) + &vpc("other", "10.2.0.0/16", "other")
}

fn vpc(world: &World, cidr: &str) -> String {
    world.ids("DescribeVpcs", "vpcId", &[("cidr", cidr)]).remove(0)
}

fn tag(world: &World, id: &str, name: &str) {
    world.ec2("CreateTags", &[("ResourceId.1", id), ("Tag.1.Key", "Name"), ("Tag.1.Value", name)]);
}

/// Two VPCs, and a saved plan that changes the tag of one.
fn planned() -> World {
    let world = World::start();
    world.write("net/main.tf", &net("one"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/main.tf", &net("two"));
    world.floorplan(&["plan", "net", "--sandbox", "--out", "net.plan"]).succeeds();
    world
}

#[test]
fn a_changed_object_of_the_plan_is_named() {
    let world = planned();
    let touched = vpc(&world, "10.1.0.0/16");
    tag(&world, &touched, "by hand");
    world.forget_calls();
    let refused = world.floorplan(&APPLY).exits(1);
    let (seal, said) = refused.stderr.split_once('\n').expect("lines");
    assert!(seal.starts_with("Seal: "), "{seal}");
    let said = said.replace(&touched, "vpc-1");
    insta::assert_snapshot!(said, @r"
    error: The plan is stale: an object that it touches changed (aws_vpc.touched)
      Since the plan was made, these attributes of vpc-1 changed: tags, tags_all.
      Hint: Make a new plan and have it reviewed.
    ");
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn a_deleted_object_of_the_plan_is_named() {
    let world = planned();
    world.ec2("DeleteVpc", &[("VpcId", &vpc(&world, "10.1.0.0/16"))]);
    let refused = world.floorplan(&APPLY).exits(1);
    assert!(refused.stderr.contains("is gone"), "{}", refused.stderr);
    assert!(refused.stderr.contains("aws_vpc.touched"), "{}", refused.stderr);
}

#[test]
fn a_change_outside_the_plan_does_not_stop_it() {
    let world = planned();
    let other = vpc(&world, "10.2.0.0/16");
    tag(&world, &other, "by hand");
    world.floorplan(&APPLY).succeeds();
    let names = |id: &str| world.ec2("DescribeVpcs", &[("VpcId.1", id)]).all("value").remove(0);
    assert_eq!(names(&vpc(&world, "10.1.0.0/16")), "two");
    assert_eq!(names(&other), "by hand");
}

#[test]
fn a_plan_for_another_state_or_layout_is_refused() {
    let world = planned();
    world.write("net/main.tf", &net("three"));
    let refused = world.floorplan(&APPLY).exits(1);
    assert!(refused.stderr.contains("The plan is stale: the layout changed"), "{}", refused.stderr);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/main.tf", &net("two"));
    world.forget_calls();
    let refused = world.floorplan(&APPLY).exits(1);
    assert!(refused.stderr.contains("The plan is stale: the state changed"), "{}", refused.stderr);
    assert!(refused.stderr.contains("made from serial 1, the state is at 2"), "{}", refused.stderr);
    assert_eq!(world.calls().len(), 0, "nothing is asked of AWS");
}

#[test]
fn a_layout_that_has_other_instances_by_now_is_refused() {
    let world = World::start();
    let layout = "resource \"aws_vpc\" \"v\" {\n  for_each   = toset([basename(pathexpand(\"~\"))])\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    world.write("net/main.tf", layout);
    let run = |arguments: &[&str], home: &str| {
        let mut command = world.command(arguments);
        let output = command.env("HOME", world.path().join(home)).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = run(&["plan", "net", "--sandbox", "--out", "net.plan"], "b");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&APPLY, "c");
    assert_eq!(code, Some(1), "{said}");
    for part in ["The plan is stale: the layout has other instances", "aws_vpc.v[\"b\"]", "aws_vpc.v[\"c\"]"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(world.writes(), [""; 0]);
}

#[test]
fn modules_data_and_unknowns_are_as_planned() {
    let world = World::start();
    world.write(
        "net/vpc/main.tf",
        r#"
variable "cidr" { type = string }
variable "zones" { type = list(string) }
resource "aws_vpc" "this" { cidr_block = var.cidr }
resource "aws_subnet" "this" {
  for_each          = toset(var.zones)
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, index(var.zones, each.value))
}
data "aws_vpc" "again" {
  id = aws_vpc.this.id
}
output "subnets" { value = { for zone, subnet in aws_subnet.this : zone => subnet.id } }
output "seen" { value = data.aws_vpc.again.cidr_block }
"#,
    );
    world.write(
        "net/main.tf",
        r#"
data "aws_availability_zones" "all" { state = "available" }
resource "random_id" "name" { byte_length = 4 }
module "vpc" {
  source = "./vpc"
  count  = 2
  cidr   = "10.${count.index}.0.0/16"
  zones  = slice(data.aws_availability_zones.all.names, 0, 2)
}
resource "aws_security_group" "sg" {
  name   = "group-${random_id.name.hex}"
  vpc_id = module.vpc[1].subnets == {} ? null : module.vpc[0].seen == "" ? null : aws_vpc.own.id
  tags   = { At = plantimestamp() }
}
resource "aws_vpc" "own" { cidr_block = "10.9.0.0/16" }
output "subnets" { value = module.vpc[*].subnets }
output "at" { value = plantimestamp() }
"#,
    );
    world.floorplan(&["plan", "net", "--sandbox", "--out", "net.plan"]).succeeds();
    let shown = world.floorplan(&["show", "net.plan", "--json"]).succeeds().stdout;
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let done = world.floorplan(&APPLY).succeeds();
    let at = shown["timestamp"].as_str().expect("a time");
    assert!(done.stdout.contains(at), "{at}: {}", done.stdout);
    assert_eq!(world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.1.1.0/24")]).len(), 1);
    let state = world.read("net/state/net/state.json");
    assert!(state.contains("10.0.1.0/24"), "{state}");
}

#[test]
fn a_plan_made_after_a_killed_run_adopts_what_that_made() {
    let world = World::start();
    world.write("net/main.tf", &net("one"));
    let apply = ["apply", "net", "--sandbox", "--auto-approve"].map(str::to_owned);
    assert!(killed(&world, &apply, "after", json!({"action": "CreateVpc"})));
    world.floorplan(&["plan", "net", "--sandbox", "--out", "net.plan"]).succeeds();
    world.floorplan(&APPLY).succeeds();
    for cidr in ["10.1.0.0/16", "10.2.0.0/16"] {
        assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", cidr)]).len(), 1, "{cidr}");
    }
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_plan_to_destroy_is_carried_out_as_saved() {
    let world = planned();
    world.write("net/main.tf", &net("one"));
    world.floorplan(&["plan", "net", "--sandbox", "--destroy", "--out", "net.plan"]).succeeds();
    world.floorplan(&APPLY).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.1.0.0/16")]).len(), 0);
}
