//! Routes: longest prefix, local first, blackholes, peering, transit gateways, VPN.

use super::*;
use crate::network::Answer::{May, No, Yes};
use crate::network::Object;
use serde_json::{Value as Json, json};

/// Two VPCs with a server each; `routes` and `back` are the routes of their subnets.
fn peered(status: &str, routes: Json, back: Json) -> Vec<Object> {
    vec![
        vpc("a", "10.1.0.0/16"),
        vpc("b", "10.2.0.0/16"),
        subnet("a", "a", "10.1.1.0/24"),
        subnet("b", "b", "10.2.1.0/24"),
        object("aws_vpc_peering_connection.p", json!({ "vpc_id": "a", "peer_vpc_id": "b", "accept_status": status })),
        table("a", "a", routes),
        table("b", "b", back),
        follows("a", "a"),
        follows("b", "b"),
        open_group("ga", "a"),
        open_group("gb", "b"),
        instance("a", "a", "10.1.1.5", &["ga"]),
        instance("b", "b", "10.2.1.5", &["gb"]),
    ]
}

fn to(range: &str, target: &str, id: &str) -> Json {
    json!({ "cidr_block": range, target: id })
}

const PEER: &str = "vpc_peering_connection_id";

/// The same with all routes, and one port open.
pub(super) fn both_ways() -> Vec<Object> {
    let mut objects = peered("active", json!([to("10.2.0.0/16", PEER, "p")]), json!([to("10.1.0.0/16", PEER, "p")]));
    let ingress = json!([{ "protocol": "tcp", "from_port": 80, "to_port": 80, "security_groups": ["ga"] }]);
    objects[10] = group("gb", "b", ingress, json!([]));
    objects
}

/// Two VPCs on a transit gateway with a table of its own, and one port open.
pub(super) fn joined() -> Vec<Object> {
    let uses = |kind: &str, name: &str| {
        object(
            &format!("aws_ec2_transit_gateway_route_table_{kind}.{name}"),
            json!({
                "transit_gateway_attachment_id": format!("at-{name}"), "transit_gateway_route_table_id": "rt",
                "id": format!("{kind}-{name}"),
            }),
        )
    };
    let route = json!({
        "destination_cidr_block": "10.2.0.0/16", "transit_gateway_attachment_id": "at-b",
        "transit_gateway_route_table_id": "rt", "blackhole": false,
    });
    let off = json!({ "default_route_table_association": "disable", "default_route_table_propagation": "disable" });
    let more = vec![
        object("aws_ec2_transit_gateway_route_table.rt", json!({ "transit_gateway_id": "t" })),
        uses("association", "a"),
        uses("association", "b"),
        uses("propagation", "a"),
        object("aws_ec2_transit_gateway_route.b", route),
    ];
    let mut objects = transit(off, more);
    objects[10] = group("gb", "b", json!([rule("tcp", 80, 80, &["10.1.1.0/24"])]), json!([]));
    objects
}

#[test]
fn a_peering_needs_routes_both_ways() {
    let there = || json!([to("10.2.0.0/16", PEER, "p")]);
    let back = || json!([to("10.1.0.0/16", PEER, "p")]);
    let asked = |objects: &[Object]| answer(objects, "aws_instance.a", "aws_instance.b", 80);
    assert_eq!(asked(&peered("active", there(), back())), Yes);
    assert_eq!(asked(&peered("pending-acceptance", there(), back())), No);
    insta::assert_snapshot!(blocked(&peered("active", there(), json!([])), "aws_instance.a", "aws_instance.b", 80), @"aws_route_table.b: no route to 10.1.1.5");
    insta::assert_snapshot!(blocked(&peered("active", json!([]), back()), "aws_instance.a", "aws_instance.b", 80), @"aws_route_table.a: no route to 10.2.1.5");
}

#[test]
fn groups_are_named_across_a_peering() {
    let mut objects = peered("active", json!([to("10.2.0.0/16", PEER, "p")]), json!([to("10.1.0.0/16", PEER, "p")]));
    let ingress = json!([{ "protocol": "tcp", "from_port": 80, "to_port": 80, "security_groups": ["ga"] }]);
    objects[10] = group("gb", "b", ingress, json!([]));
    assert_eq!(answer(&objects, "aws_instance.a", "aws_instance.b", 80), Yes);
    assert_eq!(answer(&objects, "aws_instance.a", "aws_instance.b", 81), No);
    objects[4] = object(
        "aws_vpc_peering_connection.p",
        json!({ "vpc_id": "a", "peer_vpc_id": "b", "accept_status": "active", "peer_region": "eu-west-3" }),
    );
    assert_eq!(answer(&objects, "aws_instance.a", "aws_instance.b", 80), May);
}

#[test]
fn a_peering_is_not_transitive() {
    let mut objects = peered(
        "active",
        json!([to("10.2.0.0/16", PEER, "p"), to("10.3.0.0/16", PEER, "p")]),
        json!([to("10.1.0.0/16", PEER, "p"), to("10.3.0.0/16", PEER, "q")]),
    );
    objects.extend([
        vpc("c", "10.3.0.0/16"),
        subnet("c", "c", "10.3.1.0/24"),
        object("aws_vpc_peering_connection.q", json!({ "vpc_id": "b", "peer_vpc_id": "c", "accept_status": "active" })),
        table("c", "c", json!([to("10.0.0.0/8", PEER, "q")])),
        follows("c", "c"),
        open_group("gc", "c"),
        instance("c", "c", "10.3.1.5", &["gc"]),
    ]);
    assert_eq!(answer(&objects, "aws_instance.b", "aws_instance.c", 80), Yes);
    insta::assert_snapshot!(blocked(&objects, "aws_instance.a", "aws_instance.c", 80), @r"
    aws_vpc_peering_connection.p: a peering leads only to the ranges of aws_vpc.b, not to 10.3.1.5
    aws_vpc_peering_connection.q: a peering leads only to the ranges of aws_vpc.b, not to 10.1.1.5
    ");
    // Nor does it lead to the gateway of the other VPC.
    objects[5] = table("a", "a", json!([to("0.0.0.0/0", PEER, "p")]));
    assert_eq!(answer(&objects, "aws_instance.a", "internet", 80), No);
}

#[test]
fn the_longest_prefix_counts_and_local_is_first() {
    let routes = |more: Json| {
        let mut all = vec![to("10.2.0.0/16", PEER, "p")];
        all.extend(more.as_array().unwrap().iter().cloned());
        peered("active", Json::from(all), json!([to("10.1.0.0/16", PEER, "p")]))
    };
    let asked = |objects: &[Object]| answer(objects, "aws_instance.a", "aws_instance.b", 80);
    assert_eq!(asked(&routes(json!([to("10.0.0.0/8", "gateway_id", "none")]))), Yes);
    let gone = json!([{ "cidr_block": "10.2.1.0/24", "nat_gateway_id": "", "state": "blackhole" }]);
    assert_eq!(asked(&routes(gone)), No);
    // A wide route takes nothing from the VPC's own range.
    let mut objects = routes(json!([to("10.0.0.0/8", PEER, "p")]));
    objects.push(subnet("a2", "a", "10.1.2.0/24"));
    objects.push(instance("a2", "a2", "10.1.2.5", &["ga"]));
    assert_eq!(answer(&objects, "aws_instance.a", "aws_instance.a2", 80), Yes);
}

/// Two VPCs on one transit gateway.
fn transit(gateway: Json, more: Vec<Object>) -> Vec<Object> {
    const TRANSIT: &str = "transit_gateway_id";
    let mut objects =
        peered("active", json!([to("10.2.0.0/16", TRANSIT, "t")]), json!([to("10.1.0.0/16", TRANSIT, "t")]));
    let attached = |name: &str| {
        object(
            &format!("aws_ec2_transit_gateway_vpc_attachment.{name}"),
            json!({ "vpc_id": name, "subnet_ids": [name], "transit_gateway_id": "t", "id": format!("at-{name}") }),
        )
    };
    objects.extend([object("aws_ec2_transit_gateway.t", gateway), attached("a"), attached("b")]);
    objects.extend(more);
    objects
}

#[test]
fn a_transit_gateway_joins_what_is_attached() {
    let objects = transit(json!({}), vec![]);
    let reach = ask(&objects, "aws_instance.a", "aws_instance.b", 80);
    assert_eq!(reach.answer, Yes, "{reach:?}");
    insta::assert_snapshot!(reach.path.join(" > "), @"aws_instance.a > aws_security_group.ga > aws_route_table.a > aws_ec2_transit_gateway.t > aws_ec2_transit_gateway_vpc_attachment.a > default table of aws_ec2_transit_gateway.t > aws_ec2_transit_gateway_vpc_attachment.b > aws_security_group.gb > aws_instance.b");
    let off = json!({ "default_route_table_association": "disable", "default_route_table_propagation": "disable" });
    insta::assert_snapshot!(blocked(&transit(off.clone(), vec![]), "aws_instance.a", "aws_instance.b", 80), @r"
    aws_ec2_transit_gateway_vpc_attachment.a: it follows no route table
    aws_ec2_transit_gateway_vpc_attachment.b: it follows no route table
    ");
    let table = object("aws_ec2_transit_gateway_route_table.rt", json!({ "transit_gateway_id": "t" }));
    let uses = |kind: &str, name: &str| {
        object(
            &format!("aws_ec2_transit_gateway_route_table_{kind}.{name}"),
            json!({
                "transit_gateway_attachment_id": format!("at-{name}"), "transit_gateway_route_table_id": "rt",
                "id": format!("{kind}-{name}"),
            }),
        )
    };
    let mut more = vec![table, uses("association", "a"), uses("association", "b"), uses("propagation", "a")];
    assert_eq!(answer(&transit(off.clone(), more.clone()), "aws_instance.a", "aws_instance.b", 80), No);
    more.push(uses("propagation", "b"));
    assert_eq!(answer(&transit(off.clone(), more.clone()), "aws_instance.a", "aws_instance.b", 80), Yes);
    more.push(object(
        "aws_ec2_transit_gateway_route.drop",
        json!({
            "destination_cidr_block": "10.2.1.0/24", "blackhole": true, "transit_gateway_route_table_id": "rt",
        }),
    ));
    assert_eq!(answer(&transit(off, more), "aws_instance.a", "aws_instance.b", 80), No);
}

#[test]
fn an_attachment_serves_the_zones_of_its_subnets() {
    let mut objects = transit(json!({}), vec![]);
    objects.push(object(
        "aws_subnet.far",
        json!({ "vpc_id": "a", "cidr_block": "10.1.9.0/24", "availability_zone": "z", "map_public_ip_on_launch": false }),
    ));
    objects.push(follows("far", "a"));
    objects.push(instance("far", "far", "10.1.9.5", &["ga"]));
    insta::assert_snapshot!(blocked(&objects, "aws_instance.far", "aws_instance.b", 80), @"aws_ec2_transit_gateway_vpc_attachment.a: it has no subnet in zone z");
}

/// A server behind a VPN gateway that propagates a static route.
pub(super) fn hybrid(propagates: bool) -> Vec<Object> {
    let mut objects = vec![
        vpc("v", "10.0.0.0/16"),
        subnet("s", "v", "10.0.1.0/24"),
        object("aws_vpn_gateway.vgw", json!({ "vpc_id": "v" })),
        object("aws_customer_gateway.office", json!({ "ip_address": "198.51.100.1" })),
        object(
            "aws_vpn_connection.office",
            json!({ "vpn_gateway_id": "vgw", "customer_gateway_id": "office", "static_routes_only": true }),
        ),
        object(
            "aws_vpn_connection_route.office",
            json!({ "vpn_connection_id": "office", "destination_cidr_block": "192.168.0.0/16", "id": "r" }),
        ),
        table("t", "v", json!([])),
        follows("s", "t"),
        group("g", "v", json!([rule("tcp", 3306, 3306, &["192.168.0.0/16"])]), json!([])),
        instance("db", "s", "10.0.1.5", &["g"]),
    ];
    if propagates {
        let of = json!({ "vpn_gateway_id": "vgw", "route_table_id": "t" });
        objects.push(object("aws_vpn_gateway_route_propagation.p", of));
    }
    objects
}

#[test]
fn a_vpn_needs_a_route_back() {
    let reach = ask(&hybrid(true), "vpn", "aws_instance.db", 3306);
    assert_eq!(reach.answer, Yes, "{reach:?}");
    assert_eq!(
        reach.path.join(" > "),
        "vpn > aws_vpn_connection.office > aws_vpn_gateway.vgw > aws_security_group.g > aws_instance.db"
    );
    insta::assert_snapshot!(blocked(&hybrid(false), "vpn", "aws_instance.db", 3306), @"aws_route_table.t: no route to 192.168.0.0/16");
    assert_eq!(answer(&hybrid(true), "192.168.7.0/24", "aws_instance.db", 3306), Yes);
    assert_eq!(answer(&hybrid(true), "192.168.7.0/24", "aws_instance.db", 22), No);
}

#[test]
fn routes_by_bgp_may_be_there() {
    let mut objects = hybrid(true);
    objects[4] = object("aws_vpn_connection.office", json!({ "vpn_gateway_id": "vgw", "static_routes_only": false }));
    objects.retain(|object| &*object.address != "aws_vpn_connection_route.office");
    assert_eq!(answer(&objects, "vpn", "aws_instance.db", 3306), May);
}
