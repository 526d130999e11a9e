//! What two types can give of one object: where a layout only writes it elsewhere, it stays.

use super::support::World;
use std::collections::BTreeSet;

/// A layout in which everything is a resource of its own, or a block of its owner.
fn layout(inline: bool) -> String {
    let (own, block): (&str, fn(&str) -> String) = match inline {
        true => ("", |text| text.to_owned()),
        false => (SEPARATE, |_| String::new()),
    };
    let rule = block(
        "ingress {\n protocol = \"tcp\"\n from_port = 80\n to_port = 80\n cidr_blocks = [\"10.0.0.0/8\"]\n }\n\
         egress {\n protocol = \"-1\"\n from_port = 0\n to_port = 0\n cidr_blocks = [\"0.0.0.0/0\"]\n }",
    );
    let route = block("route {\n cidr_block = \"0.0.0.0/0\"\n gateway_id = aws_internet_gateway.g.id\n }");
    let told = block("propagating_vgws = [aws_vpn_gateway.g.id]");
    let vpc = block("vpc_id = aws_vpc.v.id");
    let acl = block(
        "subnet_ids = [aws_subnet.a.id]\n ingress {\n protocol = \"tcp\"\n rule_no = 100\n action = \"allow\"\n \
         cidr_block = \"0.0.0.0/0\"\n from_port = 80\n to_port = 80\n }",
    );
    let role = block(&format!(
        "managed_policy_arns = [\"{MANAGED}\"]\n inline_policy {{\n name = \"p\"\n policy = jsonencode({POLICY})\n }}"
    ));
    let topic = block(&format!("policy = jsonencode({TOPIC})"));
    let targets = block("target_group_arns = [aws_lb_target_group.t.arn]");
    let address = block("network_interface = aws_network_interface.n.id");
    format!(
        r#"
resource "aws_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_internet_gateway" "g" {{ vpc_id = aws_vpc.v.id }}
resource "aws_subnet" "a" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_network_interface" "n" {{ subnet_id = aws_subnet.a.id }}
resource "aws_security_group" "s" {{
  name   = "s"
  vpc_id = aws_vpc.v.id
  {rule}
}}
resource "aws_route_table" "t" {{
  vpc_id = aws_vpc.v.id
  {told}
  {route}
}}
resource "aws_vpn_gateway" "g" {{
  {vpc}
}}
resource "aws_network_acl" "n" {{
  vpc_id = aws_vpc.v.id
  {acl}
}}
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = jsonencode({TRUST})
  {role}
}}
resource "aws_sns_topic" "t" {{
  name = "t"
  {topic}
}}
resource "aws_eip" "e" {{
  domain = "vpc"
  {address}
}}
data "aws_ami" "i" {{
  most_recent = true
  owners      = ["amazon"]
  filter {{
    name   = "name"
    values = ["al2023-ami-2*-x86_64"]
  }}
}}
resource "aws_launch_template" "app" {{
  name          = "app"
  image_id      = data.aws_ami.i.id
  instance_type = "t3.micro"
}}
resource "aws_lb_target_group" "t" {{
  name     = "app"
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}}
resource "aws_autoscaling_group" "app" {{
  name                = "app"
  min_size            = 0
  max_size            = 1
  vpc_zone_identifier = [aws_subnet.a.id]
  launch_template {{
    id = aws_launch_template.app.id
  }}
  {targets}
}}
{own}"#
    )
    .replace("MANAGED", MANAGED)
    .replace("TOPIC", TOPIC)
    .replace("POLICY", POLICY)
}

const MANAGED: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const POLICY: &str =
    r#"{ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] }"#;
const TRUST: &str = r#"{ Version = "2012-10-17", Statement = [{
  Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] }"#;
const TOPIC: &str = r#"{ Version = "2012-10-17", Statement = [{ Sid = "x", Effect = "Allow",
  Principal = { Service = "cloudwatch.amazonaws.com" }, Action = "sns:Publish", Resource = "*" }] }"#;

const SEPARATE: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "i" {
  security_group_id = aws_security_group.s.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_ipv4         = "10.0.0.0/8"
}
resource "aws_security_group_rule" "e" {
  type              = "egress"
  security_group_id = aws_security_group.s.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_route" "d" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.g.id
}
resource "aws_vpn_gateway_attachment" "a" {
  vpc_id         = aws_vpc.v.id
  vpn_gateway_id = aws_vpn_gateway.g.id
}
resource "aws_vpn_gateway_route_propagation" "p" {
  vpn_gateway_id = aws_vpn_gateway_attachment.a.vpn_gateway_id
  route_table_id = aws_route_table.t.id
}
resource "aws_network_acl_rule" "n" {
  network_acl_id = aws_network_acl.n.id
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 80
  to_port        = 80
}
resource "aws_network_acl_association" "n" {
  network_acl_id = aws_network_acl.n.id
  subnet_id      = aws_subnet.a.id
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.name
  name   = "p"
  policy = jsonencode(POLICY)
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.r.name
  policy_arn = "MANAGED"
}
resource "aws_sns_topic_policy" "p" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode(TOPIC)
}
resource "aws_autoscaling_attachment" "a" {
  autoscaling_group_name = aws_autoscaling_group.app.name
  lb_target_group_arn    = aws_lb_target_group.t.arn
}
resource "aws_eip_association" "e" {
  allocation_id        = aws_eip.e.id
  network_interface_id = aws_network_interface.n.id
}
"#;

/// All that a client sees of it that does not go through the program.
fn seen(world: &World) -> Vec<String> {
    let filter = [("Filter.1.Name", "vpc-id"), ("Filter.1.Value.1", "")];
    let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
    let of_vpc: Vec<(&str, &str)> =
        filter.iter().map(|(k, v)| (*k, if v.is_empty() { vpc.as_str() } else { v })).collect();
    let mut all = Vec::new();
    for (action, elements) in [
        ("DescribeSecurityGroups", ["cidrIp", "fromPort"]),
        ("DescribeRouteTables", ["destinationCidrBlock", "gatewayId"]),
        ("DescribeNetworkAcls", ["ruleNumber", "subnetId"]),
    ] {
        let answer = world.ec2(action, &of_vpc);
        all.extend(elements.iter().map(|e| {
            let mut found = answer.all(e);
            found.sort();
            format!("{action} {e}: {found:?}")
        }));
    }
    for (action, element) in [("DescribeAddresses", "networkInterfaceId"), ("DescribeVpnGateways", "state")] {
        all.push(format!("{action}: {:?}", world.ec2(action, &[]).all(element)));
    }
    for action in ["ListRolePolicies", "ListAttachedRolePolicies"] {
        all.push(format!("{action}: {}", world.query("iam", action, &[("RoleName", "r")]).text().contains("<member>")));
    }
    let groups = world.query("autoscaling", "DescribeAutoScalingGroups", &[]);
    all.push(format!("targets: {}", groups.text().matches(":targetgroup/").count()));
    let topic = world.query("sns", "ListTopics", &[]).one("TopicArn");
    let policy = world.query("sns", "GetTopicAttributes", &[("TopicArn", &topic)]);
    all.push(format!("policy: {}", policy.text().contains("cloudwatch.amazonaws.com")));
    all
}

#[test]
fn what_its_owner_gives_from_now_on_is_not_taken_away() {
    let world = World::start();
    world.write("net/main.tf", &layout(false));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    let before = seen(&world);
    world.forget_calls();
    world.write("net/main.tf", &layout(true));
    let refused = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).exits(1);
    let single: Vec<&str> = SEPARATE.lines().filter_map(|line| line.strip_prefix("resource \"")).collect();
    let addresses: Vec<String> =
        single.iter().map(|line| line.replace("\" \"", ".").trim_end_matches("\" {").to_owned()).collect();
    assert_eq!(addresses.len(), 12);
    for address in &addresses {
        let wanted = format!("Another block needs what this change would take away ({address})");
        assert!(refused.stderr.contains(&wanted), "{wanted}\n{}", refused.stderr);
    }
    // The way that the refusal shows changes nothing in AWS.
    let forgotten: Vec<String> = addresses
        .iter()
        .map(|address| format!("removed {{\n  from = {address}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"))
        .collect();
    world.write("net/main.tf", &(layout(true) + &forgotten.concat()));
    let done = world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert!(done.stdout.contains("12 to forget, 0 to add, 0 to change, 0 to replace, 0 to destroy"), "{}", done.stdout);
    assert_eq!(world.writes(), [""; 0]);
    assert_eq!(seen(&world), before);
    world.write("net/main.tf", &layout(true));
    let again = world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    assert!(again.stdout.contains("No changes"), "{}", again.stdout);
}

/// A group with one rule for each of these ports, by this type.
fn rules(kind: &str, ranges: &[&str]) -> String {
    let mut text = "resource \"aws_vpc\" \"v\" { cidr_block = \"10.0.0.0/16\" }\n\
                    resource \"aws_security_group\" \"s\" {\n  name = \"s\"\n  vpc_id = aws_vpc.v.id\n}\n"
        .to_owned();
    for port in 80..86 {
        text += &match kind {
            "new" => format!(
                "resource \"aws_vpc_security_group_ingress_rule\" \"r{port}\" {{\n  security_group_id = \
                 aws_security_group.s.id\n  ip_protocol = \"tcp\"\n  from_port = {port}\n  to_port = {port}\n  \
                 cidr_ipv4 = \"10.0.0.0/8\"\n}}\n"
            ),
            name => format!(
                "resource \"aws_security_group_rule\" \"{name}{port}\" {{\n  security_group_id = \
                 aws_security_group.s.id\n  type = \"ingress\"\n  protocol = \"tcp\"\n  from_port = {port}\n  \
                 to_port = {port}\n  cidr_blocks = {ranges:?}\n}}\n"
            ),
        };
    }
    text
}

#[test]
fn a_rule_that_another_resource_gives_comes_after_the_old_one() {
    let world = World::start();
    let one = ["10.0.0.0/8"];
    let steps = [("old", &one[..]), ("new", &one), ("old", &one), ("wider", &["10.0.0.0/8", "10.9.0.0/16"])];
    for (kind, ranges) in steps {
        world.write("net/main.tf", &rules(kind, ranges));
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        let group = world.ids("DescribeSecurityGroups", "groupId", &[("group-name", "s")]).remove(0);
        let listed =
            world.ec2("DescribeSecurityGroupRules", &[("Filter.1.Name", "group-id"), ("Filter.1.Value.1", &group)]);
        let ports: BTreeSet<String> = listed.all("fromPort").into_iter().filter(|p| p != "-1").collect();
        assert_eq!(ports.len(), 6, "{kind}: {}", listed.text());
        assert_eq!(listed.all("cidrIpv4").len(), 6 * ranges.len(), "{kind}");
    }
}

const ACLS: &str = r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  count      = 4
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
}
resource "aws_network_acl" "x" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = slice(aws_subnet.s[*].id, XFROM, XTO)
}
resource "aws_network_acl" "y" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = slice(aws_subnet.s[*].id, YFROM, YTO)
}
"#;

#[test]
fn subnets_pass_from_one_acl_to_another_in_one_apply() {
    let world = World::start();
    for (x, y) in [((0, 2), (2, 4)), ((2, 4), (0, 2)), ((0, 0), (0, 4)), ((0, 4), (0, 0)), ((0, 2), (2, 4))] {
        let text = ACLS.replace("XFROM", &x.0.to_string()).replace("XTO", &x.1.to_string());
        world.write("net/main.tf", &text.replace("YFROM", &y.0.to_string()).replace("YTO", &y.1.to_string()));
        world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
        let vpc = world.ids("DescribeVpcs", "vpcId", &[("cidr", "10.0.0.0/16")]).remove(0);
        let own = world.ids("DescribeNetworkAcls", "subnetId", &[("vpc-id", &vpc), ("default", "false")]);
        assert_eq!(own.len(), 4, "{x:?} {y:?}");
    }
}

/// Objects that AWS makes only once of their arguments; `NAME` is the name of their blocks.
const ONCE: &str = r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_s3_bucket" "b" { bucket = "floorplan-holds-test" }
resource "aws_vpn_gateway" "g" { vpc_id = aws_vpc.v.id }
resource "aws_vpn_connection" "c" {
  customer_gateway_id = aws_customer_gateway.NAME.id
  vpn_gateway_id      = aws_vpn_gateway.g.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_customer_gateway" "NAME" {
  bgp_asn    = 65000
  ip_address = "1.2.3.4"
  type       = "ipsec.1"
}
resource "aws_network_interface" "NAME" {
  subnet_id   = aws_subnet.a.id
  private_ips = ["10.0.1.50"]
}
resource "aws_vpc_endpoint" "NAME" {
  vpc_id       = aws_vpc.v.id
  service_name = "com.amazonaws.eu-west-1.s3"
}
resource "aws_vpc_peering_connection" "NAME" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
  auto_accept = true
}
resource "aws_flow_log" "NAME" {
  vpc_id               = aws_vpc.v.id
  log_destination      = aws_s3_bucket.b.arn
  log_destination_type = "s3"
  traffic_type         = "ALL"
}
"#;

#[test]
fn what_is_made_only_once_keeps_its_object_under_another_name() {
    let world = World::start();
    world.write("net/main.tf", &ONCE.replace("NAME", "one"));
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
    world.write("net/main.tf", &ONCE.replace("NAME", "other"));
    let plan = world.floorplan(&["plan", "net", "--sandbox"]).succeeds();
    assert!(plan.stdout.contains("5 to move, 0 to add, 0 to change, 0 to replace, 0 to destroy"), "{}", plan.stdout);
}
