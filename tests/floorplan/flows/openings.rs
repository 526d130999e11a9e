//! What opens only for a moment: two doors change, one opens and one closes, and both were never to be open at once.

use super::case::{Case, EDGE, Edit::*, Right::*, SERVED, all_right};
use super::watch::Slow::*;

/// A port is open to all, as far as the server's group says. Something else is in the way.
const OPEN: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "door" {
  security_group_id = aws_security_group.edge.id
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
  cidr_ipv4         = "0.0.0.0/0"
}
"#;
const FROM_ANYWHERE: &str = "  to_port           = 8443\n  cidr_ipv4         = \"0.0.0.0/0\"";
const FROM_OFFICE: &str = "  to_port           = 8443\n  cidr_ipv4         = \"203.0.113.10/32\"";

/// Those inside, and the office, come in by that port anyway: none of them loses anything when the rule above is narrowed.
const INSIDE: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "inside" {
  security_group_id = aws_security_group.edge.id
  ip_protocol       = "tcp"
  from_port         = 8443
  to_port           = 8443
  cidr_ipv4         = "10.0.0.0/8"
}
"#;

/// No one enters the edge subnet by this port.
const ACL: &str = r#"
resource "aws_network_acl" "edge" {
  vpc_id = aws_vpc.shop.id
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
resource "aws_network_acl_rule" "closed" {
  network_acl_id = aws_network_acl.edge.id
  rule_number    = 50
  protocol       = "tcp"
  rule_action    = "deny"
  cidr_block     = "0.0.0.0/0"
  from_port      = 8443
  to_port        = 8443
}
resource "aws_network_acl_rule" "all" {
  network_acl_id = aws_network_acl.edge.id
  rule_number    = 100
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl_association" "edge" {
  network_acl_id = aws_network_acl.edge.id
  subnet_id      = aws_subnet.edge.id
}
"#;

/// A server without a public address.
const TOOL: &str = r#"
resource "aws_instance" "tool" {
  ami                    = data.aws_ami.image.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.data["a"].id
  vpc_security_group_ids = [aws_security_group.edge.id]
  tags                   = { Name = "tool" }
}
resource "aws_eip" "tool" {
  domain   = "vpc"
  instance = aws_instance.tool.id
}
"#;

const ADDRESS: &str = r#"resource "aws_eip" "edge""#;

const FRONT_ONLY: &str = "to_port         = 8080\n    security_groups = [aws_security_group.front.id]\n";
const FRONT_AND_OFFICE: &str = "to_port         = 8080
    security_groups = [aws_security_group.front.id]
    cidr_blocks     = [\"10.9.0.0/16\"]
";

const CASES: [Case; 6] = [
    Case {
        what: "the ACL's deny goes, the rule is narrowed",
        before: &[Add(OPEN), Add(ACL)],
        change: &[Take(r#"resource "aws_network_acl_rule" "closed""#), Put(FROM_ANYWHERE, FROM_OFFICE)],
        slow: Narrowing,
        flow: EDGE,
        right: Ordered,
    },
    Case {
        what: "the rule for all goes, the ACL's deny goes, a rule for the office comes",
        before: &[Add(OPEN), Add(ACL)],
        change: &[
            Take(r#"resource "aws_vpc_security_group_ingress_rule" "door""#),
            Take(r#"resource "aws_network_acl_rule" "closed""#),
            Add("
resource \"aws_vpc_security_group_ingress_rule\" \"from_office\" {
  security_group_id = aws_security_group.edge.id
  ip_protocol       = \"tcp\"
  from_port         = 8443
  to_port           = 8443
  cidr_ipv4         = \"203.0.113.10/32\"
}
"),
        ],
        slow: Narrowing,
        flow: EDGE,
        right: Ordered,
    },
    Case {
        what: "a route to the internet gateway comes, the rule is narrowed",
        before: &[
            Add(OPEN),
            Add(INSIDE),
            Add(TOOL),
            Put(
                "  subnet_ids = [for subnet in aws_subnet.data : subnet.id]\n}\nresource \"aws_network_acl_rule\" \"query\"",
                "  subnet_ids = []\n}\nresource \"aws_network_acl_rule\" \"query\"",
            ),
            // So that only the tool is in question.
            Take(ADDRESS),
        ],
        change: &[
            Put(FROM_ANYWHERE, FROM_OFFICE),
            Add("
resource \"aws_route\" \"data\" {
  route_table_id         = aws_route_table.data.id
  destination_cidr_block = \"0.0.0.0/0\"
  gateway_id             = aws_internet_gateway.shop.id
}
"),
        ],
        slow: Narrowing,
        flow: EDGE,
        right: Ordered,
    },
    Case {
        what: "the server gets a public address, the rule is narrowed",
        before: &[Add(OPEN), Add(INSIDE), Take(ADDRESS)],
        change: &[
            Put(FROM_ANYWHERE, FROM_OFFICE),
            Add("
resource \"aws_eip\" \"door\" {
  domain   = \"vpc\"
  instance = aws_instance.edge.id
}
"),
        ],
        slow: Narrowing,
        flow: EDGE,
        right: Ordered,
    },
    Case {
        what: "the servers learn the way to the office, the rule for it goes",
        before: &[Put(FRONT_ONLY, FRONT_AND_OFFICE)],
        change: &[
            Put(FRONT_AND_OFFICE, FRONT_ONLY),
            Add("
resource \"aws_vpn_gateway_route_propagation\" \"web\" {
  for_each       = local.zones
  vpn_gateway_id = aws_vpn_gateway.shop.id
  route_table_id = aws_route_table.web[each.key].id
}
"),
        ],
        slow: Narrowing,
        flow: SERVED,
        right: Ordered,
    },
    Case {
        what: "a rule for one office becomes one for another",
        before: &[Add(OPEN), Put(FROM_ANYWHERE, FROM_OFFICE)],
        change: &[Put(FROM_OFFICE, "  to_port           = 8443\n  cidr_ipv4         = \"203.0.113.20/32\"")],
        slow: Taking,
        // The first office loses its way in, and no order helps.
        flow: ["internet → edge tcp/8443", "203.0.113.10/32", "ends"],
        right: Refused,
    },
];

#[test]
fn nothing_opens_on_the_way() {
    all_right(&CASES);
}
