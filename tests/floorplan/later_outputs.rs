//! Outputs that a later object changes: an attribute is as it was when its object was made.

use super::support::World;

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

#[test]
fn an_output_follows_what_was_attached_afterwards() {
    let world = World::start();
    world.write("net/main.tf", LAYOUT);
    let plan = || world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let second = plan().exits(2);
    assert!(second.stdout.contains("Only outputs change. AWS is not changed."), "{}", second.stdout);
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());
    plan().exits(0);
}
