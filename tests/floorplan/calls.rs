//! How many calls a run makes: a plan's do not grow with what is in a VPC, an apply's stay near one
//! per resource.

use super::support::World;
use std::collections::BTreeMap;

/// A part of the layout that speed is measured with: per VPC 40 resources.
const VPCS: &str = r#"
locals {
  vpcs = { for n in range(7) : "v${n}" => n }
  six  = { for pair in setproduct(keys(local.vpcs), range(6)) : "${pair[0]}-${pair[1]}" => { vpc = pair[0], n = pair[1] } }
  four = { for key, each in local.six : key => each if each.n < 4 }
  acls = { for key, each in local.six : key => each if each.n < 3 }
}
resource "aws_vpc" "v" {
  for_each   = local.vpcs
  cidr_block = cidrsubnet("10.0.0.0/8", 8, each.value)
}
resource "aws_internet_gateway" "v" {
  for_each = local.vpcs
  vpc_id   = aws_vpc.v[each.key].id
}
resource "aws_subnet" "s" {
  for_each   = local.six
  vpc_id     = aws_vpc.v[each.value.vpc].id
  cidr_block = cidrsubnet(aws_vpc.v[each.value.vpc].cidr_block, 8, each.value.n)
}
resource "aws_route_table" "t" {
  for_each = local.four
  vpc_id   = aws_vpc.v[each.value.vpc].id
}
resource "aws_route" "out" {
  for_each               = local.vpcs
  route_table_id         = aws_route_table.t["${each.key}-0"].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.v[each.key].id
}
resource "aws_route_table_association" "a" {
  for_each       = local.six
  subnet_id      = aws_subnet.s[each.key].id
  route_table_id = aws_route_table.t["${each.value.vpc}-${each.value.n % 4}"].id
}
resource "aws_security_group" "g" {
  for_each = local.six
  name     = each.key
  vpc_id   = aws_vpc.v[each.value.vpc].id
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  for_each          = local.six
  security_group_id = aws_security_group.g[each.key].id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_vpc_security_group_egress_rule" "r" {
  for_each          = local.six
  security_group_id = aws_security_group.g[each.key].id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}
resource "aws_network_acl" "n" {
  for_each = local.acls
  vpc_id   = aws_vpc.v[each.value.vpc].id
}
"#;

fn by_action(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    world.calls().into_iter().for_each(|call| *counts.entry(call.action).or_default() += 1);
    counts
}

#[test]
fn apply_and_plan_make_few_calls_per_resource() {
    let world = World::start();
    world.write("big/main.tf", VPCS);
    let resources = 7 * 40;
    world.floorplan(&["apply", "big", "--sandbox", "--auto-approve"]).succeeds();
    let applied = world.calls().len();
    assert!(applied * 2 <= resources * 3, "{applied} calls for {resources} resources: {:?}", by_action(&world));
    let listed = world.floorplan(&["state", "list", "--layout", "big"]).succeeds();
    assert_eq!(listed.stdout.lines().count(), resources);

    world.forget_calls();
    world.floorplan(&["plan", "big", "--sandbox", "--detailed-exitcode"]).exits(0);
    // Three for each VPC, as EC2 gives a VPC's attributes one by one; the rest does not grow.
    let planned = world.calls().len();
    assert!(planned <= 7 * 3 + 15, "{planned} calls: {:?}", by_action(&world));
    assert_eq!(world.writes(), Vec::<String>::new());
}
