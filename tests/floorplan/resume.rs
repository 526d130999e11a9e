//! What is left of a run that was killed, or whose answers were lost: the next one converges, with
//! nothing orphaned and nothing doubled. A handful of points, each of another kind.

use super::support::World;
use serde_json::json;
use std::collections::BTreeMap;
use std::process::Stdio;

const LAYOUT: &str = r#"
resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_eip" "nat" {}
resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
  depends_on    = [aws_internet_gateway.main]
}
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }
}
resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.main.id
}
resource "aws_security_group" "web" {
  name_prefix = "web-"
  description = var.description
  vpc_id      = aws_vpc.main.id
  lifecycle {
    create_before_destroy = true
  }
}
resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.web.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
variable "description" {
  default = "Web"
}
"#;

const APPLY: [&str; 4] = ["apply", "net", "--sandbox", "--auto-approve"];

fn world() -> World {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    world
}

/// How many objects of each kind are there: those of the layout, and the group that comes with the VPC.
fn census(world: &World) -> BTreeMap<&'static str, usize> {
    let count = |action, element, filters: &[(&str, &str)]| world.ids(action, element, filters).len();
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr-block", "10.0.0.0/16")]);
    let of_vpc = [("vpc-id", vpc.first().map_or("none", String::as_str))];
    BTreeMap::from([
        ("vpc", vpc.len()),
        ("gateway", count("DescribeInternetGateways", "internetGatewayId", &[])),
        ("subnet", count("DescribeSubnets", "subnetId", &of_vpc)),
        ("address", count("DescribeAddresses", "publicIp", &[])),
        ("nat", count("DescribeNatGateways", "natGatewayId", &[("state", "available")])),
        ("table", count("DescribeRouteTables", "vpcId", &of_vpc)),
        ("group", count("DescribeSecurityGroups", "groupName", &of_vpc)),
    ])
}

fn complete() -> BTreeMap<&'static str, usize> {
    let one = ["vpc", "gateway", "subnet", "address", "nat"].map(|kind| (kind, 1));
    one.into_iter().chain([("table", 2), ("group", 2)]).collect()
}

/// Runs the program until a call of `action` has taken effect (or is about to), and kills it there.
pub fn kill_at(world: &World, arguments: &[&str], action: &str, when: &str) {
    world.forget_calls();
    world.fault(json!({"action": action, "when": when, "hold": 3.0}));
    let mut child = world
        .command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the built program can be run");
    world.wait_for(action);
    std::thread::sleep(std::time::Duration::from_millis(200));
    child.kill().expect("it is still running");
    child.wait().expect("it has ended");
    world.control("DELETE", "faults", None);
}

fn converges(world: &World) {
    world.floorplan(&APPLY).succeeds();
    assert_eq!(census(world), complete());
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_run_killed_while_creating_is_resumed_by_the_next() {
    let world = world();
    // By token tag, by client token, by an update of a new object, and before anything happened.
    for (action, when) in [
        ("CreateVpc", "after"),
        ("ModifyVpcAttribute", "before"),
        ("CreateSubnet", "after"),
        ("CreateNatGateway", "after"),
        ("CreateRouteTable", "before"),
        ("AssociateRouteTable", "after"),
    ] {
        kill_at(&world, &APPLY, action, when);
    }
    converges(&world);
}

#[test]
fn a_killed_replacement_leaves_one_new_object() {
    let world = world();
    world.floorplan(&APPLY).succeeds();
    let old = world.ids("DescribeSecurityGroups", "groupId", &[("description", "Web")]);
    let again = [&APPLY[..], &["--var", "description=Site"]].concat();
    kill_at(&world, &again, "CreateSecurityGroup", "after");
    let planned = world.floorplan(&["plan", "net", "--sandbox", "--var", "description=Site"]).succeeds();
    let deposed = planned.stdout.lines().skip_while(|line| !line.contains("deposed object")).collect::<Vec<_>>();
    assert!(deposed.iter().any(|line| line.contains(&old[0])), "the old one goes: {}", planned.stdout);
    kill_at(&world, &again, "DeleteSecurityGroup", "after");
    world.floorplan(&again).succeeds();
    assert_eq!(census(&world), complete());
    assert_eq!(world.ids("DescribeSecurityGroups", "groupId", &[("group-id", &old[0])]), Vec::<String>::new());
    assert_eq!(world.ids("DescribeSecurityGroups", "groupId", &[("description", "Site")]).len(), 1);
}

#[test]
fn a_destroy_killed_half_way_is_finished_by_the_next() {
    let world = world();
    world.floorplan(&APPLY).succeeds();
    let destroy = ["destroy", "net", "--sandbox", "--auto-approve"];
    for (action, when) in [("DeleteNatGateway", "after"), ("DeleteSubnet", "after"), ("DeleteVpc", "after")] {
        kill_at(&world, &destroy, action, when);
    }
    world.floorplan(&destroy).succeeds();
    assert_eq!(census(&world).values().sum::<usize>(), 0, "{:?}", census(&world));
    assert_eq!(world.floorplan(&["state", "list", "--layout", "net"]).succeeds().stdout, "");
}

/// What has its name for an id is found although an object of another type has the same.
#[test]
fn a_killed_run_finds_objects_that_share_a_name() {
    let world = World::start();
    world.write(
        "net/main.tf",
        r#"
resource "aws_iam_role" "web" {
  name               = "web"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_instance_profile" "web" {
  name = "web"
  role = aws_iam_role.web.name
}
resource "aws_elb" "web" {
  name               = "web"
  availability_zones = ["eu-west-1a"]
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
  depends_on = [aws_iam_instance_profile.web]
}
"#,
    );
    kill_at(&world, &APPLY, "CreateInstanceProfile", "after");
    kill_at(&world, &APPLY, "CreateLoadBalancer", "after");
    world.floorplan(&APPLY).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_run_that_loses_every_first_answer_makes_each_object_once() {
    let world = world();
    for action in [
        "CreateVpc",
        "ModifyVpcAttribute",
        "CreateInternetGateway",
        "AttachInternetGateway",
        "CreateSubnet",
        "AllocateAddress",
        "CreateNatGateway",
        "CreateRouteTable",
        "CreateRoute",
        "AssociateRouteTable",
        "CreateSecurityGroup",
        "AuthorizeSecurityGroupIngress",
    ] {
        world.lose_answer(action);
    }
    converges(&world);
}

#[test]
fn throttled_calls_are_repeated_until_they_pass() {
    let world = world();
    world.fault(json!({"action": "write", "code": "RequestLimitExceeded", "status": 503, "times": 3}));
    world.fault(json!({"action": "DescribeVpcs", "code": "RequestLimitExceeded", "status": 503, "times": 3}));
    converges(&world);
}

#[test]
fn after_a_failure_what_is_done_is_kept_and_the_rest_is_told() {
    let world = world();
    world.fail("CreateSubnet", "SubnetLimitExceeded", 400, 1);
    let failed = world.floorplan(&APPLY).exits(1);
    for said in ["aws_subnet.public", "SubnetLimitExceeded", "aws_nat_gateway.main"] {
        assert!(failed.stderr.contains(said), "{said} in {}", failed.stderr);
    }
    converges(&world);
}

/// AWS gives an association that is replaced another id. The run that asked for it never learns it.
#[test]
fn a_replaced_association_is_found_under_its_new_id() {
    let layout = |used: &str| {
        format!(
            r#"
resource "aws_vpc" "main" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_subnet" "one" {{
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_route_table" "tables" {{
  for_each = toset(["a", "b"])
  vpc_id   = aws_vpc.main.id
}}
resource "aws_network_acl" "lists" {{
  for_each = toset(["a", "b"])
  vpc_id   = aws_vpc.main.id
}}
resource "aws_route_table_association" "one" {{
  subnet_id      = aws_subnet.one.id
  route_table_id = aws_route_table.tables["{used}"].id
}}
resource "aws_network_acl_association" "one" {{
  subnet_id      = aws_subnet.one.id
  network_acl_id = aws_network_acl.lists["{used}"].id
}}
"#
        )
    };
    let world = World::start();
    world.write("net/main.tf", &layout("a"));
    world.floorplan(&APPLY).succeeds();
    for (action, used) in [("ReplaceRouteTableAssociation", "b"), ("ReplaceNetworkAclAssociation", "a")] {
        world.write("net/main.tf", &layout(used));
        kill_at(&world, &APPLY, action, "after");
        world.floorplan(&APPLY).succeeds();
        world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
        let subnet = world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.0.1.0/24")]).remove(0);
        let found = world.ids("DescribeRouteTables", "routeTableAssociationId", &[("association.subnet-id", &subnet)]);
        assert_eq!(found.len(), 1, "the subnet follows one table");
    }
}
