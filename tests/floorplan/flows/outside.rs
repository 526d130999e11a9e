//! What somebody outside knows by its address: the office's device, a server with a public address.

use super::case::{Case, EDGE, Edit::*, Right::*, all_right};
use super::watch::Slow::*;

const ADDRESS: &str = r#"resource "aws_eip" "edge""#;
const SERVER: &str = r#"resource "aws_instance" "edge""#;

const ASSOCIATION: &str = r#"
resource "aws_eip_association" "edge" {
  allocation_id = aws_eip.edge.id
  instance_id   = aws_instance.edge.id
}
"#;

const CASES: [Case; 5] = [
    Case {
        what: "the office's device has another address",
        before: &[],
        change: &[Put("ip_address = \"203.0.113.10\"", "ip_address = \"203.0.113.20\"")],
        slow: Adding,
        flow: ["office", "customer_gateway_id", ""],
        right: Refused,
    },
    Case {
        what: "a public address taken away",
        before: &[],
        change: &[Take(ADDRESS)],
        slow: Adding,
        flow: EDGE,
        right: Said,
    },
    Case {
        what: "a public address taken from its server",
        before: &[Put("  instance = aws_instance.edge.id\n", ""), Add(ASSOCIATION)],
        change: &[Take(r#"resource "aws_eip_association" "edge""#)],
        slow: Adding,
        flow: EDGE,
        right: Said,
    },
    Case {
        what: "a server taken away, its address kept",
        before: &[],
        change: &[Take(SERVER), Put("  instance = aws_instance.edge.id\n", "")],
        slow: Adding,
        flow: EDGE,
        right: Said,
    },
    Case {
        what: "a public address is named",
        before: &[],
        change: &[Put(
            "  instance = aws_instance.edge.id\n",
            "  instance = aws_instance.edge.id\n  tags     = { Name = \"edge\" }\n",
        )],
        slow: Adding,
        flow: EDGE,
        right: Ordered,
    },
];

#[test]
fn what_is_known_outside_stays_where_it_is() {
    all_right(&CASES);
}
