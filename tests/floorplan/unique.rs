//! What AWS takes only once: an object under a new name stays, and what takes the place of another comes after
//! that is gone.

use super::support::World;

/// Objects of which there can only be one each; `NAME` is the name of their blocks.
const ONCE: &str = r#"
resource "aws_vpc" "v" { cidr_block = "10.1.0.0/16" }
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "other" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl" "acl" { vpc_id = aws_vpc.v.id }
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
  }] })
}
resource "aws_s3_bucket" "b" { bucket = "floorplan-unique-test" }
resource "aws_lb_target_group" "g" {
  name        = "web"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.v.id
}

resource "aws_subnet" "NAME" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.1.1.0/24"
}
resource "aws_internet_gateway" "NAME" { vpc_id = aws_vpc.v.id }
resource "aws_route" "NAME" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.NAME.id
}
resource "aws_route_table_association" "NAME" {
  subnet_id      = aws_subnet.NAME.id
  route_table_id = aws_route_table.TABLE.id
}
resource "aws_main_route_table_association" "NAME" {
  vpc_id         = aws_vpc.v.id
  route_table_id = aws_route_table.t.id
}
resource "aws_network_acl_association" "NAME" {
  subnet_id      = aws_subnet.NAME.id
  network_acl_id = aws_network_acl.acl.id
}
resource "aws_network_acl_rule" "NAME" {
  network_acl_id = aws_network_acl.acl.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 443
  to_port        = 443
  cidr_block     = "10.1.0.0/16"
}
resource "aws_default_security_group" "NAME" { vpc_id = aws_vpc.v.id }
resource "aws_security_group" "NAME" {
  name   = "app"
  vpc_id = aws_vpc.v.id
}
resource "aws_vpc_security_group_ingress_rule" "NAME" {
  security_group_id = aws_security_group.NAME.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "10.1.0.0/16"
}
resource "aws_iam_role_policy_attachment" "NAME" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
resource "aws_s3_bucket_versioning" "NAME" {
  bucket = aws_s3_bucket.b.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_lb_target_group_attachment" "NAME" {
  target_group_arn = aws_lb_target_group.g.arn
  target_id        = "10.1.1.10"
}
"#;

fn layout(name: &str, table: &str) -> String {
    ONCE.replace("NAME", name).replace("TABLE", table)
}

fn associations(world: &World) -> Vec<String> {
    let mut all = world.ec2("DescribeRouteTables", &[]).all("routeTableAssociationId");
    all.sort();
    all
}

#[test]
fn unique_objects_stay_when_their_blocks_are_renamed() {
    let world = World::start();
    world.write("net/main.tf", &layout("a", "t"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let before = associations(&world);
    world.write("net/main.tf", &layout("b", "t"));
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stderr.contains("13 objects are treated as renamed"), "{}{}", plan.stdout, plan.stderr);
    assert!(plan.stderr.contains("from = aws_subnet.a\n"), "{}", plan.stderr);
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());
    assert_eq!(associations(&world), before);
    let again = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    assert!(!again.stderr.contains("renamed"), "{}", again.stderr);
    // What the renamed objects need was renamed with them.
    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
}

#[test]
fn a_renamed_association_goes_to_another_table_in_one_call() {
    let world = World::start();
    world.write("net/main.tf", &layout("a", "t"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/main.tf", &layout("b", "other"));
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), ["ReplaceRouteTableAssociation"]);
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn a_removed_block_is_not_taken_for_a_rename() {
    let world = World::start();
    world.write("net/main.tf", &layout("a", "t"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let removed = "removed {\n  from = aws_route_table_association.a\n  lifecycle { destroy = true }\n}\n";
    world.write("net/main.tf", &(layout("b", "other") + removed));
    world.forget_calls();
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert_eq!(world.writes(), ["DisassociateRouteTable", "AssociateRouteTable"]);
}

const ZONES: &str = r#"
locals { zones = ZONES }
resource "aws_vpc" "v" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "s" {
  for_each          = { for i, zone in local.zones : zone => i }
  vpc_id            = aws_vpc.v.id
  availability_zone = "eu-west-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.v.cidr_block, 8, each.value)
}
"#;

#[test]
fn a_subnet_waits_until_its_range_is_free() {
    for lifecycle in ["", "  lifecycle { create_before_destroy = true }\n}"] {
        let text = match lifecycle {
            "" => ZONES.to_owned(),
            with => ZONES.trim_end().trim_end_matches('}').to_owned() + with,
        };
        let world = World::start();
        world.write("net/main.tf", &text.replace("ZONES", r#"["a", "b", "c"]"#));
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        world.write("net/main.tf", &text.replace("ZONES", r#"["a", "c"]"#));
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        let of = |range: &str| world.ids("DescribeSubnets", "availabilityZone", &[("cidr-block", range)]);
        assert_eq!((of("10.1.1.0/24"), of("10.1.2.0/24")), (vec!["eu-west-1c".to_owned()], Vec::new()));
    }
}

const RULES: &str = r#"
resource "aws_vpc" "v" { cidr_block = "10.1.0.0/16" }
resource "aws_network_acl" "acl" { vpc_id = aws_vpc.v.id }
resource "aws_network_acl_rule" "r" {
  for_each       = NUMBERS
  network_acl_id = aws_network_acl.acl.id
  rule_number    = each.value
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 443
  to_port        = 443
  cidr_block     = each.key
}
"#;

#[test]
fn a_rule_takes_a_number_that_another_gives_up() {
    let world = World::start();
    world.write("net/main.tf", &RULES.replace("NUMBERS", r#"{ "10.1.0.0/16" = 100, "10.2.0.0/16" = 200 }"#));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/main.tf", &RULES.replace("NUMBERS", r#"{ "10.3.0.0/16" = 100, "10.1.0.0/16" = 200 }"#));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
}

#[test]
fn an_object_that_gets_an_index_is_in_the_state_once() {
    let world = World::start();
    world.write("net/main.tf", r#"resource "aws_vpc" "v" { cidr_block = "10.1.0.0/16" }"#);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let counted = r#"resource "aws_vpc" "v" {
      count      = 1
      cidr_block = "10.1.0.0/16"
      tags       = { Name = "v" }
    }"#;
    world.write("net/main.tf", counted);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let list = world.floorplan(&["state", "list", "--layout", "net"]).succeeds().stdout;
    assert_eq!(list.trim(), "aws_vpc.v[0]");
}
