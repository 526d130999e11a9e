//! Outputs of attributes that a later object fills: the apply reads them again at its end, so that the second plan is
//! empty.

use super::support::World;
use serde_json::{Value, json};

/// Terraform 1.11 with provider 5.100 on this layout: the second plan has no resource action, `~ groups = [ + "…" ]` and
/// exit code 2; the plan after its apply is empty.
const LAYOUT: &str = r#"
data "aws_ami" "a" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023*-x86_64"]
  }
}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_launch_template" "t" {
  image_id      = data.aws_ami.a.id
  instance_type = "t3.micro"
}
resource "aws_lb_target_group" "g" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_autoscaling_group" "a" {
  name                = "later"
  min_size            = 0
  max_size            = 1
  desired_capacity    = 0
  vpc_zone_identifier = [aws_subnet.s.id]
  launch_template {
    id      = aws_launch_template.t.id
    version = "$Latest"
  }
}
resource "aws_autoscaling_attachment" "t" {
  autoscaling_group_name = aws_autoscaling_group.a.name
  lb_target_group_arn    = aws_lb_target_group.g.arn
}
output "groups" { value = aws_autoscaling_group.a.target_group_arns }
"#;

/// A balancer whose target group is not used yet.
const BALANCER: &str = r#"
data "aws_availability_zones" "z" { state = "available" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  count             = 2
  vpc_id            = aws_vpc.v.id
  cidr_block        = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.z.names[count.index]
}
resource "aws_lb" "b" {
  name               = "later"
  internal           = true
  load_balancer_type = "network"
  subnets            = aws_subnet.s[*].id
}
resource "aws_lb_target_group" "g" {
  name     = "later"
  port     = 80
  protocol = "TCP"
  vpc_id   = aws_vpc.v.id
}
"#;

const LISTENER: &str = r#"
resource "aws_lb_listener" "l" {
  load_balancer_arn = aws_lb.b.arn
  port              = 80
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.g.arn
  }
}
"#;

/// The attribute goes through a local and a module, and once as a part of the whole object.
const OUTPUTS: &str = r#"
locals { balancers = { of = aws_lb_target_group.g.load_balancer_arns } }
module "m" {
  source = "./m"
  given  = local.balancers
}
output "balancers" { value = module.m.back }
output "group" { value = aws_lb_target_group.g }
output "dull" { value = aws_lb_target_group.g.arn }
"#;

const MODULE: &str = "variable \"given\" {}\noutput \"back\" { value = sort(var.given.of) }\n";

/// A world with the balancer in it, and the listener in its layout.
fn before_the_listener(outputs: &str) -> World {
    let world = World::start();
    world.write("net/main.tf", BALANCER);
    world.write("net/m/main.tf", MODULE);
    world.write("net/outputs.tf", outputs);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/listener.tf", LISTENER);
    world.forget_calls();
    world
}

fn outputs(world: &World) -> Value {
    serde_json::from_str(&world.floorplan(&["output", "net", "--json"]).succeeds().stdout).unwrap()
}

fn reads(world: &World) -> usize {
    world.calls().iter().filter(|call| call.action == "DescribeTargetGroups").count()
}

#[test]
fn an_output_shows_what_a_later_object_filled() {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    let applied = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert!(applied.stdout.contains(":targetgroup/"), "{}", applied.stdout);
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    world.write("net/main.tf", LAYOUT.split("resource \"aws_autoscaling_attachment\"").next().unwrap());
    world.write("net/outputs.tf", LAYOUT.rsplit('\n').nth(1).unwrap());
    let gone = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert!(gone.stdout.contains("groups = []"), "{}", gone.stdout);
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn an_output_of_an_object_without_changes_follows_too() {
    let world = before_the_listener(OUTPUTS);
    world.floorplan(&["plan", "net", "--sandbox", "--out", "saved"]).succeeds();
    let applied = world.floorplan(&["apply", "--json", "saved", "--sandbox"]).succeeds();
    let shown = applied.stdout.lines().find(|line| line.contains("\"type\":\"outputs\"")).expect("the outputs");
    let shown: Value = serde_json::from_str(shown).unwrap();
    let outputs = outputs(&world);
    assert_eq!(shown["outputs"]["balancers"]["value"], outputs["balancers"]["value"]);
    assert_eq!(outputs["balancers"]["value"], outputs["group"]["value"]["load_balancer_arns"]);
    assert_eq!(outputs["balancers"]["value"].as_array().map(Vec::len), Some(1), "{outputs}");
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn what_no_output_shows_is_not_read_again() {
    let apply = |outputs: &str| {
        let world = before_the_listener(outputs);
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--refresh=false"]).succeeds();
        reads(&world)
    };
    assert_eq!(apply(OUTPUTS), 1);
    assert_eq!(apply("output \"dull\" { value = [aws_lb_target_group.g.arn, aws_lb_target_group.g.port] }"), 0);
    assert_eq!(apply("output \"vpc\" { value = aws_vpc.v.main_route_table_id }"), 0);
}

#[test]
fn a_failed_look_at_the_end_is_a_warning() {
    let world = before_the_listener(OUTPUTS);
    world.fault(json!({ "action": "DescribeTargetGroups", "code": "AccessDenied", "status": 403, "times": 9 }));
    let applied = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--refresh=false"]).succeeds();
    assert!(applied.stderr.contains("warning: Cannot read aws_lb_target_group again"), "{}", applied.stderr);
    assert!(applied.stdout.contains("Apply complete"), "{}", applied.stdout);
    assert_eq!(outputs(&world)["balancers"]["value"], json!([]));
    world.control("DELETE", "faults", None);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(outputs(&world)["balancers"]["value"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_apply_that_failed_does_not_look_again() {
    let world = before_the_listener(OUTPUTS);
    world.fail("CreateListener", "InvalidConfigurationRequest", 400, 1);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve", "--refresh=false"]).exits(1);
    assert_eq!(reads(&world), 0);
}
