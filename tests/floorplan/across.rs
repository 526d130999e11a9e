//! From one type to another in one plan: what AWS has once is given up by one and taken by the other in that order,
//! or the plan is refused with the way that changes nothing in AWS, which then works.

use super::support::World;

const NET: &str = r#"
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
"#;

/// What the direct child of a node says.
fn text(node: &roxmltree::Node, name: &str) -> Option<String> {
    node.children().find(|child| child.tag_name().name() == name)?.text().map(str::to_owned)
}

/// Every rule of security groups, ACLs and route tables, asked for by itself.
fn rules(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    for node in world.ec2("DescribeSecurityGroupRules", &[]).document().descendants() {
        if text(&node, "securityGroupRuleId").is_some() {
            let part = |name: &str| text(&node, name).unwrap_or_default();
            all.push(["isEgress", "ipProtocol", "fromPort", "toPort", "cidrIpv4"].map(part).join(" "));
        }
    }
    for node in world.ec2("DescribeRouteTables", &[]).document().descendants() {
        if let Some(to) = text(&node, "destinationCidrBlock") {
            all.push(format!("route {to} {}", text(&node, "gatewayId").unwrap_or_default()));
        }
    }
    for node in world.ec2("DescribeNetworkAcls", &[]).document().descendants() {
        if let Some(number) = text(&node, "ruleNumber") {
            let part = |name: &str| text(&node, name).unwrap_or_default();
            all.push(format!("acl {number} {}", ["egress", "protocol", "ruleAction", "cidrBlock"].map(part).join(" ")));
        }
    }
    all.sort();
    all
}

fn group(rules: &str) -> String {
    format!(
        "{NET}resource \"aws_security_group\" \"web\" {{\n  name   = \"web\"\n  vpc_id = aws_vpc.main.id\n{}}}\n{}",
        if rules.starts_with("  ") { rules } else { "" },
        if rules.starts_with("  ") { "" } else { rules }
    )
}

const OLD: &str = r#"resource "aws_security_group_rule" "in" {
  security_group_id = aws_security_group.web.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/8", "192.168.0.0/16"]
}
resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.web.id
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
"#;

const NEW: &str = r#"resource "aws_vpc_security_group_ingress_rule" "in" {
  for_each          = toset(["10.0.0.0/8", "192.168.0.0/16"])
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = each.value
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"#;

#[test]
fn a_rule_of_another_type_waits_for_the_old_one() {
    for (before, after) in [(OLD, NEW), (NEW, OLD)] {
        let world = World::start();
        let apply = || world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();
        world.write("net/main.tf", &group(before));
        apply();
        let there = rules(&world);
        world.write("net/main.tf", &group(after));
        world.forget_calls();
        apply();
        assert_eq!(rules(&world), there);
        let writes = world.writes();
        for side in ["Ingress", "Egress"] {
            let at = |what: &str| writes.iter().position(|w| *w == format!("{what}SecurityGroup{side}"));
            assert!(at("Revoke") < at("Authorize") && at("Revoke").is_some(), "{writes:?}");
        }
        world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    }
}

/// An object of its own and the block that is the same, in a layout with either.
struct Pair {
    name: &'static str,
    owner: &'static str,
    block: &'static str,
    own: &'static str,
    address: &'static str,
}

const PAIRS: &[Pair] = &[
    Pair {
        name: "a route",
        owner: "resource \"aws_route_table\" \"t\" {\n  vpc_id = aws_vpc.main.id\nBLOCK}\n",
        block: "  route {\n    cidr_block = \"0.0.0.0/0\"\n    gateway_id = aws_internet_gateway.main.id\n  }\n",
        own: "resource \"aws_route\" \"own\" {\n  route_table_id         = aws_route_table.t.id\n  destination_cidr_block = \"0.0.0.0/0\"\n  gateway_id             = aws_internet_gateway.main.id\n}\n",
        address: "aws_route.own",
    },
    Pair {
        name: "a rule of an ACL",
        owner: "resource \"aws_network_acl\" \"t\" {\n  vpc_id = aws_vpc.main.id\nBLOCK}\n",
        block: "  ingress {\n    rule_no    = 100\n    action     = \"allow\"\n    protocol   = \"tcp\"\n    cidr_block = \"10.0.0.0/8\"\n    from_port  = 443\n    to_port    = 443\n  }\n",
        own: "resource \"aws_network_acl_rule\" \"own\" {\n  network_acl_id = aws_network_acl.t.id\n  rule_number    = 100\n  rule_action    = \"allow\"\n  protocol       = \"tcp\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 443\n  to_port        = 443\n}\n",
        address: "aws_network_acl_rule.own",
    },
    Pair {
        name: "a rule of a security group",
        owner: "resource \"aws_security_group\" \"t\" {\n  name   = \"t\"\n  vpc_id = aws_vpc.main.id\nBLOCK}\n",
        block: "  ingress {\n    protocol    = \"tcp\"\n    from_port   = 443\n    to_port     = 443\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n",
        own: "resource \"aws_vpc_security_group_ingress_rule\" \"own\" {\n  security_group_id = aws_security_group.t.id\n  ip_protocol       = \"tcp\"\n  from_port         = 443\n  to_port           = 443\n  cidr_ipv4         = \"10.0.0.0/8\"\n}\n",
        address: "aws_vpc_security_group_ingress_rule.own",
    },
    Pair {
        name: "a rule of a security group, of the older type",
        owner: "resource \"aws_security_group\" \"t\" {\n  name   = \"t\"\n  vpc_id = aws_vpc.main.id\nBLOCK}\n",
        block: "  egress {\n    protocol    = \"-1\"\n    from_port   = 0\n    to_port     = 0\n    cidr_blocks = [\"10.0.0.0/8\"]\n  }\n",
        own: "resource \"aws_security_group_rule\" \"own\" {\n  security_group_id = aws_security_group.t.id\n  type              = \"egress\"\n  protocol          = \"-1\"\n  from_port         = 0\n  to_port           = 0\n  cidr_blocks       = [\"10.0.0.0/8\"]\n}\n",
        address: "aws_security_group_rule.own",
    },
];

impl Pair {
    fn with(&self, block: bool, own: bool, more: &str) -> String {
        let owner = self.owner.replace("BLOCK", if block { self.block } else { "" });
        [NET, &owner, if own { self.own } else { "" }, more].concat()
    }

    /// By what the object of its own is imported.
    fn id(&self, world: &World) -> String {
        let one = |action: &str, element: &str, filters: &[(&str, &str)]| world.ids(action, element, filters).remove(0);
        match self.address.split('.').next().unwrap_or_default() {
            "aws_route" => {
                let answer = world.ec2("DescribeRouteTables", &[]);
                let document = answer.document();
                let own = document.descendants().find(|n| {
                    n.tag_name().name() == "routeSet" && n.descendants().any(|d| d.text() == Some("0.0.0.0/0"))
                });
                let table = own.and_then(|n| text(&n.parent().expect("a table"), "routeTableId"));
                format!("{}_0.0.0.0/0", table.expect("a table with a way out"))
            }
            "aws_network_acl_rule" => {
                format!("{}:100:tcp:false", one("DescribeNetworkAcls", "networkAclId", &[("default", "false")]))
            }
            "aws_security_group_rule" => {
                format!("{}_egress_-1_0_0_10.0.0.0/8", one("DescribeSecurityGroups", "groupId", &[("group-name", "t")]))
            }
            _ => {
                let answer = world.ec2("DescribeSecurityGroupRules", &[]);
                let document = answer.document();
                let own = document.descendants().find(|n| text(n, "cidrIpv4").as_deref() == Some("10.0.0.0/8"));
                text(&own.expect("a rule"), "securityGroupRuleId").expect("an id")
            }
        }
    }
}

#[test]
fn what_a_block_holds_is_not_made_again() {
    for pair in PAIRS {
        let world = World::start();
        let put = |text: String| world.write("net/main.tf", &text);
        let apply = || world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]);
        put(pair.with(true, false, ""));
        apply().succeeds();
        let there = rules(&world);
        put(pair.with(false, true, ""));
        world.forget_calls();
        let refused = apply().exits(1);
        assert!(
            refused.stderr.contains("The object to be created already exists in AWS"),
            "{}: {}",
            pair.name,
            refused.stderr
        );
        assert!(refused.stderr.contains(&format!("to = {}", pair.address)), "{}", refused.stderr);
        assert_eq!(world.writes(), [""; 0], "{}", pair.name);
        let import = format!("import {{\n  to = {}\n  id = \"{}\"\n}}\n", pair.address, pair.id(&world));
        put(pair.with(false, true, &import));
        apply().succeeds();
        assert_eq!(world.writes(), [""; 0], "{}", pair.name);
        assert_eq!(rules(&world), there, "{}", pair.name);
        world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    }
}

#[test]
fn what_a_block_now_says_is_not_taken_away_with_its_own_object() {
    for pair in PAIRS {
        let world = World::start();
        let put = |text: String| world.write("net/main.tf", &text);
        let apply = || world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]);
        put(pair.with(false, true, ""));
        apply().succeeds();
        let there = rules(&world);
        put(pair.with(true, false, ""));
        world.forget_calls();
        let refused = apply().exits(1);
        let said = "Another block needs what this change would take away";
        assert!(refused.stderr.contains(said), "{}: {}", pair.name, refused.stderr);
        assert_eq!(world.writes(), [""; 0], "{}", pair.name);
        let cure = format!("removed {{\n  from = {}\n  lifecycle {{\n    destroy = false\n  }}\n}}", pair.address);
        assert!(refused.stderr.replace("\n        ", "\n").contains("destroy = false"), "{}", refused.stderr);
        put(pair.with(true, false, &cure));
        apply().succeeds();
        assert_eq!(rules(&world), there, "{}", pair.name);
        world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).succeeds();
    }
}
