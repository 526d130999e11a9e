//! Network ACLs: entries that deny, that go, that get another number, and subnets that get another ACL.

use super::case::{Case, Edit::*, OFFICE, QUERY, Right::*, all_right};
use super::watch::Slow::*;

const DENIED: &str = r#"
resource "aws_network_acl_rule" "deny" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 50
  protocol       = "tcp"
  rule_action    = "deny"
  cidr_block     = "10.0.0.0/16"
  from_port      = 5432
  to_port        = 5432
}
"#;

const STRICT: &str = r#"
resource "aws_network_acl" "strict" {
  vpc_id     = aws_vpc.shop.id
  subnet_ids = [for subnet in aws_subnet.data : subnet.id]
}
"#;

const CASES: [Case; 6] = [
    Case {
        what: "an entry becomes deny",
        before: &[],
        change: &[Put(
            "rule_number    = 100\n  protocol       = \"tcp\"\n  rule_action    = \"allow\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 5432",
            "rule_number    = 100\n  protocol       = \"tcp\"\n  rule_action    = \"deny\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 5432",
        )],
        slow: Adding,
        flow: QUERY,
        right: Refused,
    },
    Case {
        what: "a denying entry before the one that allows",
        before: &[],
        change: &[Add(DENIED)],
        slow: Adding,
        flow: QUERY,
        right: Refused,
    },
    Case {
        what: "answers are not let out any more",
        before: &[],
        change: &[Take(r#"resource "aws_network_acl_rule" "answer""#)],
        slow: Adding,
        flow: OFFICE,
        right: Refused,
    },
    Case {
        what: "entries get other numbers",
        before: &[],
        change: &[
            Put(
                "rule_number    = 100\n  protocol       = \"tcp\"\n  rule_action    = \"allow\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 5432",
                "rule_number    = 200\n  protocol       = \"tcp\"\n  rule_action    = \"allow\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 5432",
            ),
            Put(
                "rule_number    = 100\n  protocol       = \"tcp\"\n  rule_action    = \"allow\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 1024",
                "rule_number    = 210\n  protocol       = \"tcp\"\n  rule_action    = \"allow\"\n  cidr_block     = \"10.0.0.0/8\"\n  from_port      = 1024",
            ),
        ],
        slow: Adding,
        flow: QUERY,
        right: Kept,
    },
    Case {
        what: "an entry is replaced by two that allow the same",
        before: &[],
        change: &[
            Take(r#"resource "aws_network_acl_rule" "query""#),
            Add(r#"
resource "aws_network_acl_rule" "shop" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 110
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/16"
  from_port      = 5432
  to_port        = 5432
}
resource "aws_network_acl_rule" "office" {
  network_acl_id = aws_network_acl.data.id
  rule_number    = 120
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.9.0.0/16"
  from_port      = 5432
  to_port        = 5432
}
"#),
        ],
        slow: Adding,
        flow: OFFICE,
        right: Kept,
    },
    Case {
        what: "the data subnets get an ACL without entries",
        before: &[],
        change: &[
            Put(
                "vpc_id     = aws_vpc.shop.id\n  subnet_ids = [for subnet in aws_subnet.data : subnet.id]",
                "vpc_id     = aws_vpc.shop.id\n  subnet_ids = []",
            ),
            Add(STRICT),
        ],
        slow: Taking,
        flow: QUERY,
        right: Refused,
    },
];

#[test]
fn an_acl_is_not_changed_under_a_flow() {
    all_right(&CASES);
}
