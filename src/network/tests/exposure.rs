//! Traffic that comes from outside of a layout: other networks, and balancers that pass clients on.

use super::*;
use crate::network::exposure::{Exposure, Outside, Shift};
use crate::network::space::Addresses;
use crate::network::{Answer, Object};
use serde_json::{Value as Json, json};

/// Two peered VPCs. The layout has the second one.
fn peered(ingress: Json) -> Vec<Object> {
    let to = |range: &str| json!([{ "cidr_block": range, "vpc_peering_connection_id": "p" }]);
    vec![
        vpc("a", "10.1.0.0/16"),
        vpc("b", "10.2.0.0/16"),
        subnet("a", "a", "10.1.1.0/24"),
        subnet("b", "b", "10.2.1.0/24"),
        object("aws_vpc_peering_connection.p", json!({ "vpc_id": "a", "peer_vpc_id": "b", "accept_status": "active" })),
        table("a", "a", to("10.2.0.0/16")),
        table("b", "b", to("10.1.0.0/16")),
        follows("a", "a"),
        follows("b", "b"),
        open_group("ga", "a"),
        group("gb", "b", ingress, json!([rule("-1", 0, 0, &["0.0.0.0/0"])])),
        instance("a", "a", "10.1.1.5", &["ga"]),
        instance("b", "b", "10.2.1.5", &["gb"]),
    ]
}

fn shifts(before: &[Object], after: &[Object], is_own: &dyn Fn(&str) -> bool) -> Vec<Shift> {
    Exposure::of(before, is_own).shifts(&Exposure::of(after, is_own))
}

#[test]
fn another_network_is_outside() {
    let is_own = |address: &str| !address.ends_with(".a");
    let (closed, open) = (peered(json!([])), peered(json!([rule("tcp", 80, 80, &["10.1.0.0/16"])])));
    let found = shifts(&closed, &open, &is_own);
    assert_eq!(found.len(), 1, "{found:?}");
    let (way, gained) = (&found[0].way, found[0].gained());
    assert_eq!((&way.from, &way.through, &*way.to), (&Outside::Network("aws_vpc.a".into()), &None, "aws_instance.b"));
    assert_eq!(gained.sure.services(), "tcp/80");
    assert!(found[0].lost().is_empty());
    assert_eq!(shifts(&open, &open, &is_own), []);
    // Between its own networks nothing comes from outside.
    assert_eq!(shifts(&closed, &open, &|_| true), []);
}

/// A network balancer before a server in a private subnet, which sees the clients.
fn balanced(ranges: &[&str]) -> Vec<Object> {
    vec![
        vpc("v", "10.0.0.0/16"),
        subnet("pub", "v", "10.0.1.0/24"),
        subnet("priv", "v", "10.0.2.0/24"),
        gateway("igw", "v"),
        table("pub", "v", json!([{ "cidr_block": "0.0.0.0/0", "gateway_id": "igw" }])),
        table("priv", "v", json!([])),
        follows("pub", "pub"),
        follows("priv", "priv"),
        group("web", "v", json!([rule("tcp", 8080, 8080, ranges)]), json!([])),
        object("aws_lb.lb", json!({ "subnets": ["pub"], "internal": false, "load_balancer_type": "network" })),
        object(
            "aws_lb_listener.tcp",
            json!({
                "load_balancer_arn": "lb", "port": 443, "protocol": "TCP",
                "default_action": [{ "type": "forward", "target_group_arn": "tg" }],
            }),
        ),
        object("aws_lb_target_group.tg", json!({ "port": 8080, "protocol": "TCP", "target_type": "instance" })),
        object(
            "aws_lb_target_group_attachment.web",
            json!({ "target_group_arn": "tg", "target_id": "web", "id": "at" }),
        ),
        instance("web", "priv", "10.0.2.5", &["web"]),
    ]
}

#[test]
fn a_target_that_sees_clients_is_exposed_by_its_own_group() {
    let own = |_: &str| true;
    let (closed, open) = (balanced(&["10.0.0.0/16"]), balanced(&["0.0.0.0/0"]));
    let found = shifts(&closed, &open, &own);
    let ways: Vec<(Option<&str>, &str)> =
        found.iter().map(|shift| (shift.way.through.as_deref(), &*shift.way.to)).collect();
    assert_eq!(ways, [(Some("aws_lb.lb"), "aws_instance.web")]);
    assert_eq!(found[0].gained().sure.services(), "tcp/443");
    let (before, after) = (Exposure::of(&closed, &own), Exposure::of(&open, &own));
    assert_eq!(before.kept_out(&after), [], "its group is open for a reason");
}

#[test]
fn a_group_that_is_open_without_a_way_says_why() {
    let own = |_: &str| true;
    let alone = |ranges: &[&str]| {
        let mut objects = balanced(ranges);
        objects.retain(|object| !object.address.starts_with("aws_lb"));
        objects
    };
    let (before, after) = (Exposure::of(&alone(&["10.0.0.0/16"]), &own), Exposure::of(&alone(&["0.0.0.0/0"]), &own));
    let found = before.kept_out(&after);
    let said: Vec<(&str, String)> = found.iter().map(|one| (&*one.to, one.packets.services())).collect();
    assert_eq!(said, [("aws_instance.web", "tcp/8080".to_owned())]);
    assert!(found[0].obstacles.iter().any(|one| one.why == "it has no public IPv4 address"), "{found:?}");
    assert_eq!(after.kept_out(&after), []);
}

/// A server that all may reach; with an endpoint, answers to some addresses take its route.
fn public(endpoint: bool) -> Vec<Object> {
    let mut objects = vec![
        vpc("v", "10.0.0.0/16"),
        subnet("pub", "v", "10.0.1.0/24"),
        gateway("igw", "v"),
        table("pub", "v", json!([{ "cidr_block": "0.0.0.0/0", "gateway_id": "igw" }])),
        follows("pub", "pub"),
        open_group("web", "v"),
        public_instance("web", "pub", "10.0.1.5", &["web"]),
    ];
    let of_service = json!({
        "vpc_id": "v", "service_name": "com.amazonaws.eu-west-1.s3", "vpc_endpoint_type": "Gateway",
        "route_table_ids": ["pub"], "prefix_list_id": "pl-s3", "cidr_blocks": ["52.218.0.0/17"],
    });
    objects.extend(endpoint.then(|| object("aws_vpc_endpoint.s3", of_service)));
    objects
}

#[test]
fn a_gateway_endpoint_takes_nothing_from_the_internet() {
    let own = |_: &str| true;
    assert_eq!(answer(&public(true), "52.218.0.1", "aws_instance.web", 443), Answer::No);
    assert_eq!(answer(&public(true), "52.219.0.1", "aws_instance.web", 443), Answer::Yes);
    assert_eq!(shifts(&public(true), &public(false), &own), []);
    let none: Vec<Object> = public(true).into_iter().filter(|one| one.address != "aws_instance.web".into()).collect();
    let found = shifts(&none, &public(true), &own);
    let all = Addresses::internet().and(&Addresses::v4());
    assert_eq!(found.iter().map(|one| one.gained().sure.addresses()).collect::<Vec<_>>(), [all]);
}
