//! Rules of AWS that its documentation gives in examples: main tables, default groups and ACLs, prefix lists, secondary
//! ranges, propagated routes, ICMP, cards of their own.

use super::*;
use crate::network::Answer::{self, May, No, Yes};
use crate::network::space::{ICMP, UDP};
use crate::network::{Destination, Model, Object, Source};
use serde_json::{Value as Json, json};

/// Two servers in two subnets.
fn two() -> Vec<Object> {
    vec![
        vpc("v", "10.0.0.0/16"),
        subnet("a", "v", "10.0.1.0/24"),
        subnet("b", "v", "10.0.2.0/24"),
        open_group("open", "v"),
        instance("web", "a", "10.0.1.5", &["open"]),
        instance("db", "b", "10.0.2.5", &["open"]),
    ]
}

fn asked(objects: &[Object], protocol: u8, port: u16) -> Answer {
    let (from, to) = (Source::Object("aws_instance.web".into()), Destination::Object("aws_instance.db".into()));
    Model::of(objects).reach(&from, &to, protocol, Some(port)).expect("both are in the network").answer
}

fn with_db_group(ingress: Json) -> Vec<Object> {
    let mut objects = two();
    objects.push(group("db", "v", ingress, json!([])));
    objects[5] = instance("db", "b", "10.0.2.5", &["db"]);
    objects
}

#[test]
fn protocols_have_numbers_and_names() {
    for protocol in ["tcp", "6", "TCP"] {
        let objects = with_db_group(json!([rule(protocol, 80, 80, &["10.0.0.0/8"])]));
        assert_eq!(asked(&objects, 6, 80), Yes);
        assert_eq!(asked(&objects, UDP, 80), No);
    }
    assert_eq!(asked(&with_db_group(json!([rule("-1", 0, 0, &["10.0.0.0/8"])])), 47, 0), Yes);
    assert_eq!(asked(&with_db_group(json!([rule("47", 0, 0, &["10.0.0.0/8"])])), 47, 0), Yes);
}

#[test]
fn icmp_has_types_and_codes() {
    let echo = 8 << 8;
    let objects = with_db_group(json!([rule("icmp", 8, -1, &["10.0.0.0/8"])]));
    assert_eq!(asked(&objects, ICMP, echo), Yes);
    assert_eq!(asked(&objects, ICMP, 13 << 8), No);
    // The reply has to pass the ACL.
    let with = |kind: i32| {
        let mut objects = two();
        let all = json!([entry(100, "allow", "-1", 0, 0, "0.0.0.0/0")]);
        let mut reply = entry(100, "allow", "icmp", 0, 0, "0.0.0.0/0");
        reply["icmp_type"] = kind.into();
        reply["icmp_code"] = (-1).into();
        objects.push(acl("n", "v", &["b"], all, json!([reply])));
        objects
    };
    assert_eq!(asked(&with(0), ICMP, echo), Yes);
    assert_eq!(asked(&with(8), ICMP, echo), No);
}

#[test]
fn a_group_lets_in_its_own_members() {
    let itself = json!([{ "protocol": "tcp", "from_port": 80, "to_port": 80, "self": true }]);
    let mut objects = with_db_group(itself);
    assert_eq!(asked(&objects, 6, 80), No);
    objects[4] = instance("web", "a", "10.0.1.5", &["open", "db"]);
    assert_eq!(asked(&objects, 6, 80), Yes);
}

#[test]
fn a_prefix_list_is_its_entries() {
    let listed = json!([{ "protocol": "tcp", "from_port": 80, "to_port": 80, "prefix_list_ids": ["pl"] }]);
    let with = |range: &str| {
        let mut objects = with_db_group(listed.clone());
        objects.push(object("aws_ec2_managed_prefix_list.pl", json!({ "entry": [{ "cidr": range }] })));
        objects
    };
    assert_eq!(asked(&with("10.0.1.0/24"), 6, 80), Yes);
    assert_eq!(asked(&with("10.0.3.0/24"), 6, 80), No);
    let mut objects = with("10.0.3.0/24");
    let more = json!({ "prefix_list_id": "pl", "cidr": "10.0.1.5/32" });
    objects.push(object("aws_ec2_managed_prefix_list_entry.e", more));
    assert_eq!(asked(&objects, 6, 80), Yes);
    assert_eq!(asked(&with_db_group(listed), 6, 80), May);
}

#[test]
fn default_groups_let_in_their_members_only() {
    let mut objects = two();
    objects[0] = object("aws_vpc.v", json!({ "cidr_block": "10.0.0.0/16", "default_security_group_id": "sg-default" }));
    objects[5] = instance("db", "b", "10.0.2.5", &[]);
    assert_eq!(asked(&objects, 6, 80), No);
    objects[4] = instance("web", "a", "10.0.1.5", &["sg-default"]);
    assert_eq!(asked(&objects, 6, 80), Yes);
    // A layout that manages it says all that it has.
    let managed = json!({ "vpc_id": "v", "id": "sg-default", "ingress": [], "egress": [] });
    objects.push(object("aws_default_security_group.d", managed));
    assert_eq!(asked(&objects, 6, 80), No);
}

#[test]
fn the_default_acl_is_that_of_the_layout() {
    let mut objects = two();
    objects[0] = object("aws_vpc.v", json!({ "cidr_block": "10.0.0.0/16", "default_network_acl_id": "acl-default" }));
    assert_eq!(asked(&objects, 6, 80), Yes);
    let managed = json!({ "default_network_acl_id": "acl-default", "id": "acl-default", "ingress": [], "egress": [] });
    objects.push(object("aws_default_network_acl.d", managed));
    assert_eq!(asked(&objects, 6, 80), No);
    insta::assert_snapshot!(blocked(&objects, "aws_instance.web", "aws_instance.db", 80), @r"
    aws_default_network_acl.d: it does not let tcp/80 out of aws_subnet.a to 10.0.2.5
    aws_default_network_acl.d: it does not let tcp/80 into aws_subnet.b from 10.0.1.5
    aws_default_network_acl.d: it does not let the answers to tcp/80 out of aws_subnet.b to 10.0.1.5
    aws_default_network_acl.d: it does not let the answers to tcp/80 into aws_subnet.a from 10.0.2.5
    ");
}

#[test]
fn a_secondary_range_is_local_as_well() {
    let mut objects = two();
    objects[2] = subnet("b", "v", "100.64.2.0/24");
    objects[5] = instance("db", "b", "100.64.2.5", &["open"]);
    let more = json!({ "vpc_id": "v", "cidr_block": "100.64.0.0/16" });
    objects.push(object("aws_vpc_ipv4_cidr_block_association.more", more));
    assert_eq!(asked(&objects, 6, 80), Yes);
}

#[test]
fn subnets_without_a_table_follow_the_main_one() {
    let mut objects = two();
    objects[0] = object("aws_vpc.v", json!({ "cidr_block": "10.0.0.0/16", "main_route_table_id": "rtb-main" }));
    objects[4] = public_instance("web", "a", "10.0.1.5", &["open"]);
    objects.push(gateway("igw", "v"));
    assert_eq!(answer(&objects, "internet", "aws_instance.web", 80), No);
    let route = json!({ "route_table_id": "rtb-main", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw" });
    objects.push(object("aws_route.default", route));
    assert_eq!(answer(&objects, "internet", "aws_instance.web", 80), Yes);
    objects.push(table("other", "v", json!([])));
    objects.push(object("aws_main_route_table_association.m", json!({ "vpc_id": "v", "route_table_id": "other" })));
    assert_eq!(answer(&objects, "internet", "aws_instance.web", 80), No);
}

#[test]
fn a_propagated_route_takes_nothing_from_the_vpc() {
    let mut objects = two();
    objects.extend([
        object("aws_vpn_gateway.vgw", json!({ "vpc_id": "v" })),
        object("aws_vpn_connection.c", json!({ "vpn_gateway_id": "vgw", "static_routes_only": true })),
        object(
            "aws_vpn_connection_route.r",
            json!({ "vpn_connection_id": "c", "destination_cidr_block": "10.0.2.0/24", "id": "r" }),
        ),
        object("aws_route_table.t", json!({ "vpc_id": "v", "route": [], "propagating_vgws": ["vgw"] })),
        follows("a", "t"),
    ]);
    assert_eq!(asked(&objects, 6, 80), Yes);
    // A route of the layout does.
    let route = json!({ "route_table_id": "t", "destination_cidr_block": "10.0.2.0/24", "gateway_id": "vgw" });
    objects.push(object("aws_route.r", route));
    assert_eq!(asked(&objects, 6, 80), No);
}

#[test]
fn a_static_route_is_before_a_propagated_one() {
    let mut objects = two();
    objects.extend([
        gateway("igw", "v"),
        object("aws_vpn_gateway.vgw", json!({ "vpc_id": "v" })),
        object("aws_vpn_connection.c", json!({ "vpn_gateway_id": "vgw", "static_routes_only": true })),
        object(
            "aws_vpn_connection_route.r",
            json!({ "vpn_connection_id": "c", "destination_cidr_block": "0.0.0.0/0", "id": "r" }),
        ),
        object(
            "aws_route_table.t",
            json!({
                "vpc_id": "v", "route": [{ "cidr_block": "0.0.0.0/0", "gateway_id": "igw" }],
                "propagating_vgws": ["vgw"],
            }),
        ),
        follows("a", "t"),
    ]);
    objects[4] = public_instance("web", "a", "10.0.1.5", &["open"]);
    assert_eq!(answer(&objects, "aws_instance.web", "internet", 80), Yes);
}

#[test]
fn within_a_subnet_no_acl_is_asked() {
    let mut objects = two();
    objects.push(instance("near", "a", "10.0.1.6", &["open"]));
    objects.push(acl("n", "v", &["a"], json!([]), json!([])));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.near", 80), Yes);
    assert_eq!(asked(&objects, 6, 80), No);
}

#[test]
fn an_instance_is_where_its_card_is() {
    let mut objects = two();
    objects[5] = object("aws_instance.db", json!({ "network_interface": [{ "network_interface_id": "card" }] }));
    objects.push(group("card", "v", json!([rule("tcp", 80, 80, &["10.0.1.5/32"])]), json!([])));
    objects.push(object(
        "aws_network_interface.card",
        json!({ "subnet_id": "b", "private_ips": ["10.0.2.9"], "security_groups": ["card"] }),
    ));
    assert_eq!(asked(&objects, 6, 80), Yes);
    assert_eq!(asked(&objects, 6, 81), No);
}

#[test]
fn an_interface_that_checks_forwards_nothing() {
    let with = |checks: bool| {
        let mut objects = two();
        objects.push(object(
            "aws_network_interface.fw",
            json!({ "subnet_id": "b", "private_ip": "10.0.2.9", "security_groups": ["open"], "source_dest_check": checks }),
        ));
        objects.push(table("t", "v", json!([{ "cidr_block": "10.0.2.0/24", "network_interface_id": "fw" }])));
        objects.push(follows("a", "t"));
        asked(&objects, 6, 80)
    };
    assert_eq!(with(true), No);
    assert_eq!(with(false), May);
}

#[test]
fn a_route_for_two_ranges_is_less_than_local() {
    let mut objects = two();
    let more = json!({ "vpc_id": "v", "cidr_block": "10.1.0.0/16" });
    objects.push(object("aws_vpc_ipv4_cidr_block_association.more", more));
    objects.push(table("t", "v", json!([{ "cidr_block": "10.0.0.0/15", "gateway_id": "igw-none" }])));
    objects.push(follows("a", "t"));
    assert_eq!(asked(&objects, 6, 80), Yes);
}
