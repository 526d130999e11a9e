//! A fleet at rest. Drift says nothing, however AWS answers: with lists older than the last changes, with objects on their
//! way, with calls that are put off. `FLOORPLAN_IDLE` says how often it is asked.

use super::support::World;
use serde_json::{Value, json};

const LAYOUTS: usize = 3;

fn runs() -> usize {
    std::env::var("FLOORPLAN_IDLE").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

/// A network with objects of several services. Some are there at first, others later.
fn layout(at: usize) -> String {
    format!(
        r#"layout {{
  name = "idle-{at}"
}}

variable "later" {{
  default = false
}}

provider "aws" {{
  region = "eu-west-1"
  default_tags {{
    tags = {{ Fleet = "idle", Layout = "idle-{at}" }}
  }}
}}

resource "aws_vpc" "v" {{
  cidr_block = "10.{at}.0.0/16"
  tags       = {{ Round = var.later ? "second" : "first" }}
}}

resource "aws_internet_gateway" "i" {{
  vpc_id = aws_vpc.v.id
}}

resource "aws_subnet" "s" {{
  for_each          = toset(var.later ? ["0", "1"] : ["0", "2"])
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.{at}.${{each.key}}.0/24"
  availability_zone = "eu-west-1a"
}}

resource "aws_route_table" "t" {{
  for_each = toset(var.later ? ["0", "1"] : ["0", "2"])
  vpc_id   = aws_vpc.v.id
}}

resource "aws_route" "out" {{
  route_table_id         = aws_route_table.t["0"].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.i.id
}}

resource "aws_security_group" "g" {{
  for_each = toset(var.later ? ["0", "1"] : ["0", "2"])
  name     = "idle-{at}-${{each.key}}"
  vpc_id   = aws_vpc.v.id
}}

resource "aws_vpc_security_group_ingress_rule" "r" {{
  security_group_id = aws_security_group.g["0"].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.0.0.0/8"
}}

resource "aws_eip" "n" {{
  count  = var.later ? 1 : 0
  domain = "vpc"
}}

resource "aws_nat_gateway" "n" {{
  count         = var.later ? 1 : 0
  subnet_id     = aws_subnet.s["0"].id
  allocation_id = aws_eip.n[0].id
  depends_on    = [aws_internet_gateway.i]
}}

resource "aws_lb_target_group" "t" {{
  name     = "idle-{at}"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}}

resource "aws_sqs_queue" "q" {{
  for_each = toset(var.later ? ["a", "b"] : ["a", "c"])
  name     = "idle-{at}-${{each.key}}"
}}

resource "aws_cloudwatch_log_group" "l" {{
  name = "/idle/{at}"
}}
"#
    )
}

/// A fleet whose last applies made some objects and deleted others. Lists do not show that yet.
fn fleet() -> World {
    let world = World::start();
    let apply_all = || {
        for at in 0..LAYOUTS {
            world.floorplan(&["apply", &format!("layouts/idle-{at}"), "--auto-approve"]).succeeds();
        }
    };
    (0..LAYOUTS).for_each(|at| world.write(&format!("layouts/idle-{at}/main.hcl"), &layout(at)));
    apply_all();
    // The listing by tags knows what is there, and for an hour what is gone.
    world.floorplan(&["drift", "--all"]).succeeds();
    world.delay("staleness", 3600.0);
    world.floorplan(&["drift", "--all"]).succeeds();
    (0..LAYOUTS).for_each(|at| world.write(&format!("layouts/idle-{at}/terraform.tfvars"), "later = true\n"));
    apply_all();
    world
}

/// Objects on their way to their end, for longer than the test takes.
fn leave_something_on_its_way(world: &World) {
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    let subnet = world.ids("DescribeSubnets", "subnetId", &[("vpc-id", &vpc)]).remove(0);
    let gateway = world.ec2("CreateNatGateway", &[("SubnetId", &subnet), ("ConnectivityType", "private")]);
    let service = [("VpcId", vpc.as_str()), ("ServiceName", "com.amazonaws.eu-west-1.s3")];
    let endpoint = world.ec2("CreateVpcEndpoint", &service).one("vpcEndpointId");
    for name in ["nat_gateway", "vpc_endpoint"] {
        world.delay(name, 3600.0);
    }
    world.ec2("DeleteNatGateway", &[("NatGatewayId", &gateway.one("natGatewayId"))]);
    world.ec2("DeleteVpcEndpoints", &[("VpcEndpointId.1", &endpoint)]);
    let states = world.ids("DescribeNatGateways", "state", &[("vpc-id", &vpc)]);
    assert!(states.contains(&"deleting".to_owned()), "{states:?}");
}

fn report(world: &World, code: i32) -> (Value, String) {
    let run = world.floorplan(&["drift", "--all", "--format", "json"]).exits(code);
    (serde_json::from_str(&run.stdout).expect("JSON"), run.stderr)
}

/// How many calls were put off, and how many answers were older than the last change.
fn disturbed(world: &World) -> (usize, usize) {
    let calls = world.control("GET", "calls", None);
    let calls = calls.as_array().expect("calls");
    let count = |is: &dyn Fn(&Value) -> bool| calls.iter().filter(|call| is(call)).count();
    (count(&|call| call["status"] == 503), count(&|call| call["stale"] == true))
}

/// What CI is shown of a run in which all is well.
fn is_progress(line: &str) -> bool {
    line.starts_with("Reading ") || line.contains(": no drift (")
}

#[test]
fn an_idle_fleet_raises_no_false_alarm() {
    let world = fleet();
    leave_something_on_its_way(&world);
    world.forget_calls();
    let throttled = json!({
        "action": "*", "code": "RequestLimitExceeded", "status": 503, "times": 1_000_000, "every": 20
    });
    world.fault(throttled);
    let runs = runs();
    for run in 0..runs {
        let (report, said) = report(&world, 0);
        assert_eq!(report["summary"]["findings"], 0, "run {run}: {report:#}");
        let more: Vec<&str> = said.lines().filter(|line| !is_progress(line)).collect();
        assert_eq!(more, [""; 0], "run {run}");
        for layout in report["layouts"].as_array().expect("layouts") {
            assert_eq!(layout["status"], "checked", "run {run}: {report:#}");
            // Nobody saved the work of looking for what no layout has.
            assert_eq!(layout["coverage"]["percent"], 100, "run {run}: {report:#}");
        }
    }
    let (put_off, stale) = disturbed(&world);
    eprintln!("{runs} runs: {put_off} calls were put off, {stale} answers were stale");
    assert!(put_off >= runs && stale >= runs, "{put_off} calls were put off, {stale} answers were stale");

    // In the same weather, what is really there is found.
    world.control("DELETE", "faults", None);
    let tags = json!({"Fleet": "idle", "Layout": "idle-1"});
    world.json("sqs", "AmazonSQS.CreateQueue", json!({"QueueName": "by-hand", "tags": tags}));
    let subnet = world.ids("DescribeSubnets", "subnetId", &[("cidr-block", "10.2.1.0/24")]).remove(0);
    world.ec2("DeleteSubnet", &[("SubnetId", &subnet)]);
    let expected = [format!("missing aws_subnet.s[\"1\"] {subnet}"), "unmanaged  by-hand".to_owned()];
    // Looks may be older than the deletion, but not all of them.
    let looks: Vec<Vec<String>> = (0..6).map(|_| found(&report(&world, 2).0)).collect();
    assert!(looks.iter().any(|look| *look == expected), "{looks:?}");
    assert!(looks.iter().flatten().all(|line| expected.contains(line)), "{looks:?}");
}

/// The findings in short: class, address, and the end of the id.
fn found(report: &Value) -> Vec<String> {
    let layouts = report["layouts"].as_array().expect("layouts").iter();
    let all = layouts.flat_map(|layout| layout["findings"].as_array().expect("findings"));
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let line = |finding: &Value| {
        let id = text(finding, "id");
        let end = id.rsplit('/').next().unwrap_or_default();
        format!("{} {} {end}", text(finding, "class"), text(finding, "address"))
    };
    let mut found: Vec<String> = all.map(line).collect();
    found.sort();
    found
}
