//! Security groups: rules that go, that are narrowed or replaced, and groups that are exchanged.

use super::case::{Case, Edit::*, QUERY, Right::*, SERVED, SHOP_FLOW, all_right};
use super::watch::Slow::*;

const QUERY_RULE: &str = r#"resource "aws_vpc_security_group_ingress_rule" "query""#;
const FROM_FRONT: &str = "  ingress {
    protocol        = \"tcp\"
    from_port       = 8080
    to_port         = 8080
    security_groups = [aws_security_group.front.id]
  }
";

const CHECKS: &str = "  ingress {
    protocol        = \"tcp\"
    from_port       = 9000
    to_port         = 9000
    security_groups = [aws_security_group.front.id]
  }
";
const OWN_RULES: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "web" {
  for_each                     = toset(["8080", "9000"])
  security_group_id            = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = each.key
  to_port                      = each.key
  referenced_security_group_id = aws_security_group.front.id
}
"#;

/// The same as the rule that the base has, under another address.
const ANOTHER_QUERY_RULE: &str = r#"
resource "aws_vpc_security_group_ingress_rule" "asks" {
  security_group_id = aws_security_group.orders.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.0.8.0/21"
}
"#;

const TAKEN: [Case; 6] = [
    Case {
        what: "client → balancer taken away",
        before: &[],
        change: &[Take(r#"resource "aws_vpc_security_group_ingress_rule" "front""#)],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Refused,
    },
    Case {
        what: "balancer → web taken away",
        before: &[],
        change: &[Put(FROM_FRONT, "")],
        slow: Adding,
        flow: SERVED,
        right: Refused,
    },
    Case {
        what: "balancer's way out taken away",
        before: &[],
        change: &[Take(r#"resource "aws_vpc_security_group_egress_rule" "front""#)],
        slow: Adding,
        flow: SERVED,
        right: Refused,
    },
    Case {
        what: "web → database taken away",
        before: &[],
        change: &[Take(QUERY_RULE)],
        slow: Adding,
        flow: QUERY,
        right: Refused,
    },
    Case {
        what: "web → database narrowed to other ports",
        before: &[],
        change: &[Put(
            "from_port                    = 5432\n  to_port                      = 5432",
            "from_port                    = 5433\n  to_port                      = 5440",
        )],
        slow: Adding,
        flow: QUERY,
        right: Refused,
    },
    Case {
        what: "health check port blocked",
        before: &[],
        change: &[Put(
            "from_port       = 9000\n    to_port         = 9000",
            "from_port       = 9001\n    to_port         = 9001",
        )],
        slow: Adding,
        flow: SERVED,
        right: Refused,
    },
];

/// A rule moves to another range that holds all who use it, in place of one that held them too.
const REPLACED: [Case; 6] = [
    Case {
        what: "client → balancer narrowed to half of the Internet",
        before: &[],
        change: &[Put(
            "  from_port         = 80\n  to_port           = 80\n  cidr_ipv4         = \"0.0.0.0/0\"",
            "  from_port         = 80\n  to_port           = 80\n  cidr_ipv4         = \"0.0.0.0/1\"",
        )],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Refused,
    },
    Case {
        what: "an equivalent rule under another address",
        before: &[],
        change: &[Take(QUERY_RULE), Add(ANOTHER_QUERY_RULE)],
        slow: Adding,
        flow: QUERY,
        right: Kept,
    },
    Case {
        what: "from a group to a range, in the same rule",
        before: &[],
        change: &[Put("referenced_security_group_id = aws_security_group.web.id", "cidr_ipv4 = \"10.0.8.0/21\"")],
        slow: Adding,
        flow: QUERY,
        right: Kept,
    },
    Case {
        what: "out of the group into rules of their own",
        before: &[],
        change: &[Put(FROM_FRONT, ""), Put(CHECKS, ""), Add(OWN_RULES)],
        slow: Adding,
        flow: ["aws_vpc_security_group_ingress_rule.web", "8080", "import {"],
        right: Error,
    },
    Case {
        what: "a wider inline rule",
        before: &[],
        change: &[Put(
            "from_port       = 8080\n    to_port         = 8080",
            "from_port       = 8000\n    to_port         = 8099",
        )],
        slow: Adding,
        flow: SERVED,
        right: Kept,
    },
    Case {
        what: "the group of the database under another name",
        before: &[Put(
            "  name   = \"orders\"\n  vpc_id = aws_vpc.shop.id\n}",
            "  name   = \"orders\"\n  vpc_id = aws_vpc.shop.id\n  lifecycle {\n    create_before_destroy = true\n  }\n}",
        )],
        change: &[Put("  name   = \"orders\"\n  vpc_id", "  name   = \"ledger\"\n  vpc_id")],
        slow: Adding,
        flow: QUERY,
        right: Kept,
    },
];

/// A group without any rule.
const STRICT: &str = r#"
resource "aws_security_group" "strict" {
  name   = "strict"
  vpc_id = aws_vpc.shop.id
}
"#;

/// A group that lets in what the database's does.
const LEDGER: &str = r#"
resource "aws_security_group" "ledger" {
  name   = "ledger"
  vpc_id = aws_vpc.shop.id
}
resource "aws_vpc_security_group_ingress_rule" "ledger" {
  security_group_id = aws_security_group.ledger.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_ipv4         = "10.0.0.0/8"
}
"#;

const GROUPS: [Case; 4] = [
    Case {
        what: "another group on the database, without rules",
        before: &[],
        change: &[
            Put("[aws_security_group.orders.id]\n  apply", "[aws_security_group.strict.id]\n  apply"),
            Add(STRICT),
        ],
        slow: Adding,
        flow: QUERY,
        right: Refused,
    },
    Case {
        what: "another group on the database, with the same rules",
        before: &[],
        change: &[
            Put("[aws_security_group.orders.id]\n  apply", "[aws_security_group.ledger.id]\n  apply"),
            Add(LEDGER),
        ],
        slow: Adding,
        flow: QUERY,
        right: Kept,
    },
    Case {
        what: "another group on the servers, whom the database does not know",
        before: &[],
        change: &[Put("[aws_security_group.web.id]\n  tags ", "[aws_security_group.strict.id]\n  tags "), Add(STRICT)],
        slow: Adding,
        flow: QUERY,
        right: Refused,
    },
    Case {
        what: "a further group on the servers",
        before: &[],
        change: &[
            Put(
                "[aws_security_group.web.id]\n  tags ",
                "[aws_security_group.strict.id, aws_security_group.web.id]\n  tags ",
            ),
            Add(STRICT),
        ],
        slow: Adding,
        flow: QUERY,
        // No flow hangs on it, so that none has a line.
        right: Ordered,
    },
];

#[test]
fn a_rule_that_carries_a_flow_is_not_taken() {
    all_right(&TAKEN);
}

#[test]
fn a_rule_that_replaces_another_comes_first() {
    all_right(&REPLACED);
}

#[test]
fn a_group_that_carries_a_flow_is_not_exchanged() {
    all_right(&GROUPS);
}
