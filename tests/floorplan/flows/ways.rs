//! Routes: default routes, propagation, tables with routes of their own, and gateways that change.

use super::case::{Case, EDGE, Edit::*, OFFICE, OUT, Right::*, SERVED, all_right};
use super::watch::Slow::*;

const DEFAULT: &str = "  route {
    cidr_block = \"0.0.0.0/0\"
    gateway_id = aws_internet_gateway.shop.id
  }
";

/// A gateway in the place of the one of zone b.
const FURTHER: &str = r#"
resource "aws_eip" "further" {
  domain = "vpc"
}
resource "aws_nat_gateway" "further" {
  subnet_id     = aws_subnet.public["b"].id
  allocation_id = aws_eip.further.id
}
"#;

const TAKEN: [Case; 6] = [
    Case {
        what: "default route to the internet gateway taken away",
        before: &[],
        change: &[Take(r#"resource "aws_route" "public""#)],
        slow: Adding,
        flow: SERVED,
        right: Refused,
    },
    Case {
        what: "default route of one zone to its NAT gateway taken away",
        before: &[],
        change: &[Put(r#"{ a = "a", b = "b", c = "c" }"#, r#"{ a = "a", c = "c" }"#)],
        slow: Adding,
        flow: ["would interrupt", "NAT eu-west-1b", ""],
        right: Refused,
    },
    Case {
        what: "propagation taken away",
        before: &[],
        change: &[Take(r#"resource "aws_vpn_gateway_route_propagation" "data""#)],
        slow: Adding,
        flow: OFFICE,
        right: Refused,
    },
    Case {
        what: "static route of the connection taken away",
        before: &[],
        change: &[Take(r#"resource "aws_vpn_connection_route" "office""#)],
        slow: Adding,
        flow: ["would interrupt", "office", ""],
        right: Refused,
    },
    Case {
        what: "inline route taken away",
        before: &[],
        change: &[Put(DEFAULT, "  route = []\n")],
        slow: Adding,
        flow: EDGE,
        right: Refused,
    },
    Case {
        what: "a route of its own that leads nowhere",
        before: &[],
        change: &[Add(r#"
resource "aws_route" "nowhere" {
  route_table_id         = aws_route_table.web["a"].id
  destination_cidr_block = "198.51.100.0/24"
  gateway_id             = aws_vpn_gateway.shop.id
}
"#)],
        slow: Adding,
        flow: OUT,
        right: Refused,
    },
];

const MOVED: [Case; 5] = [
    Case {
        what: "default route to another zone's NAT gateway",
        before: &[],
        change: &[Put(r#"{ a = "a", b = "b", c = "c" }"#, r#"{ a = "a", b = "a", c = "c" }"#)],
        slow: Adding,
        flow: OUT,
        right: KeptFromElsewhere,
    },
    Case {
        what: "default route to a new NAT gateway",
        before: &[],
        change: &[
            Put(
                "nat_gateway_id         = aws_nat_gateway.out[each.value].id",
                "nat_gateway_id         = each.key == \"b\" ? aws_nat_gateway.further.id : aws_nat_gateway.out[each.value].id",
            ),
            Add(FURTHER),
        ],
        slow: Adding,
        flow: OUT,
        right: KeptFromElsewhere,
    },
    Case {
        what: "a zone's NAT gateway goes, its route leads elsewhere",
        before: &[],
        change: &[
            Put(
                "resource \"aws_nat_gateway\" \"out\" {\n  for_each      = local.zones",
                "resource \"aws_nat_gateway\" \"out\" {\n  for_each      = { a = 0, c = 2 }",
            ),
            Put(r#"{ a = "a", b = "b", c = "c" }"#, r#"{ a = "a", b = "a", c = "c" }"#),
        ],
        slow: Adding,
        flow: OUT,
        right: KeptFromElsewhere,
    },
    Case {
        what: "default route into its table",
        before: &[],
        change: &[
            Take(r#"resource "aws_route" "public""#),
            Put(
                "resource \"aws_route_table\" \"public\" {\n  vpc_id = aws_vpc.shop.id\n",
                "resource \"aws_route_table\" \"public\" {\n  vpc_id = aws_vpc.shop.id\n  route {\n    cidr_block = \"0.0.0.0/0\"\n    gateway_id = aws_internet_gateway.shop.id\n  }\n",
            ),
        ],
        slow: Adding,
        flow: ["aws_route.public", "removed {", ""],
        right: Error,
    },
    Case {
        what: "the edge subnet gets another table with the same way out",
        before: &[],
        change: &[Put(
            "subnet_id      = aws_subnet.edge.id\n  route_table_id = aws_route_table.edge.id",
            "subnet_id      = aws_subnet.edge.id\n  route_table_id = aws_route_table.public.id",
        )],
        slow: Adding,
        flow: EDGE,
        right: Kept,
    },
];

#[test]
fn a_route_that_carries_a_flow_is_not_taken() {
    all_right(&TAKEN);
}

#[test]
fn a_way_out_moves_without_a_gap_and_it_is_said() {
    all_right(&MOVED);
}
