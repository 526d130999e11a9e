//! Balancers and their targets, NAT gateways of a whole VPC, and a way out that several VPCs share.

use super::*;
use crate::network::Answer::{May, No, Yes};
use crate::network::{Model, Object, Source};
use serde_json::{Value as Json, json};

/// A public balancer before a server in a private subnet.
fn web(kind: &str, groups: Json, server: Json) -> Vec<Object> {
    vec![
        vpc("v", "10.0.0.0/16"),
        subnet("pub", "v", "10.0.1.0/24"),
        subnet("priv", "v", "10.0.2.0/24"),
        gateway("igw", "v"),
        table("pub", "v", json!([{ "cidr_block": "0.0.0.0/0", "gateway_id": "igw" }])),
        follows("pub", "pub"),
        group("lb", "v", json!([rule("tcp", 443, 443, &["0.0.0.0/0"])]), json!([rule("-1", 0, 0, &["0.0.0.0/0"])])),
        group("web", "v", server, json!([])),
        object(
            "aws_lb.lb",
            json!({ "subnets": ["pub"], "security_groups": groups, "internal": false, "load_balancer_type": kind }),
        ),
        object(
            "aws_lb_listener.https",
            json!({
                "load_balancer_arn": "lb", "port": 443, "protocol": if kind == "network" { "TCP" } else { "HTTPS" },
                "default_action": [{ "type": "forward", "target_group_arn": "tg" }],
            }),
        ),
        object(
            "aws_lb_target_group.tg",
            json!({ "port": 8080, "protocol": "TCP", "target_type": "instance", "health_check": [{ "port": "9000" }] }),
        ),
        object(
            "aws_lb_target_group_attachment.web",
            json!({ "target_group_arn": "tg", "target_id": "web", "id": "at" }),
        ),
        instance("web", "priv", "10.0.2.5", &["web"]),
    ]
}

fn by_group(port: u16) -> Json {
    json!([{ "protocol": "tcp", "from_port": port, "to_port": port, "security_groups": ["lb"] }])
}

fn served(objects: &[Object]) -> Vec<String> {
    let flows = Model::of(objects).served(&Source::Internet).unwrap();
    flows.iter().map(|flow| format!("{} {}", flow.path.join(" > "), flow.packets.sure.services())).collect()
}

/// The same with a database in one subnet, an endpoint, an elastic address and rules that are objects of their own.
pub(super) fn shop() -> Vec<Object> {
    let mut objects = web("application", json!(["lb"]), by_group(8080));
    objects.extend([
        object("aws_db_subnet_group.g", json!({ "subnet_ids": ["priv"] })),
        object("aws_security_group.db", json!({ "vpc_id": "v" })),
        object(
            "aws_vpc_security_group_ingress_rule.db",
            json!({
                "security_group_id": "db", "ip_protocol": "tcp", "from_port": 3306, "to_port": 3306,
                "referenced_security_group_id": "web",
            }),
        ),
        object(
            "aws_security_group_rule.out",
            json!({
                "security_group_id": "web", "type": "egress", "protocol": "tcp", "from_port": 80, "to_port": 3306,
                "cidr_blocks": ["0.0.0.0/0"], "self": false,
            }),
        ),
        object(
            "aws_db_instance.db",
            json!({
                "db_subnet_group_name": "g", "vpc_security_group_ids": ["db"], "port": 3306,
                "publicly_accessible": false, "multi_az": true,
            }),
        ),
        object(
            "aws_vpc_endpoint.s3",
            json!({
                "vpc_id": "v", "service_name": "com.amazonaws.eu-west-1.s3", "vpc_endpoint_type": "Gateway",
                "route_table_ids": ["rt"], "prefix_list_id": "pl-s3",
            }),
        ),
        table("rt", "v", json!([])),
        follows("priv", "rt"),
        object("aws_eip.e", json!({ "instance": "web", "public_ip": "54.3.3.3" })),
        object("aws_network_acl.n", json!({ "vpc_id": "v" })),
        object("aws_network_acl_association.priv", json!({ "network_acl_id": "n", "subnet_id": "priv", "id": "as" })),
        acl_rule("in", 100, false),
        acl_rule("out", 100, true),
        object(
            "aws_vpc_block_public_access_options.o",
            json!({ "internet_gateway_block_mode": "block-bidirectional" }),
        ),
        object(
            "aws_vpc_block_public_access_exclusion.e",
            json!({ "vpc_id": "v", "internet_gateway_exclusion_mode": "allow-bidirectional" }),
        ),
    ]);
    objects
}

fn acl_rule(name: &str, number: i32, egress: bool) -> Object {
    object(
        &format!("aws_network_acl_rule.{name}"),
        json!({
            "network_acl_id": "n", "rule_number": number, "rule_action": "allow", "protocol": "tcp", "egress": egress,
            "from_port": 22, "to_port": 65535, "cidr_block": "0.0.0.0/0",
        }),
    )
}

#[test]
fn the_internet_reaches_targets_through_a_balancer() {
    let objects = web("application", json!(["lb"]), by_group(8080));
    assert_eq!(answer(&objects, "internet", "aws_instance.web", 8080), No);
    insta::assert_snapshot!(served(&objects).join("\n"), @"internet > aws_internet_gateway.igw > aws_security_group.lb > aws_lb.lb > aws_lb_listener.https > aws_lb_target_group.tg > aws_security_group.lb > aws_route_table.pub > aws_security_group.web > aws_instance.web tcp/443");
    assert_eq!(served(&web("application", json!(["lb"]), by_group(80))), Vec::<String>::new());
}

#[test]
fn health_has_a_port_of_its_own() {
    let targets = Model::of(&web("application", json!(["lb"]), by_group(8080))).targets();
    let words: Vec<String> =
        targets.iter().map(|one| format!("{} {}", one.service.sure.services(), one.health.may.services())).collect();
    assert_eq!(words, ["tcp/8080 no traffic"]);
}

#[test]
fn a_network_balancer_passes_clients_on() {
    let private = json!([rule("tcp", 8080, 8080, &["10.0.0.0/16"])]);
    let open = json!([rule("tcp", 8080, 8080, &["0.0.0.0/0"])]);
    assert_eq!(served(&web("network", json!([]), private.clone())).len(), 0);
    assert_eq!(served(&web("network", json!([]), open)).len(), 1);
    assert_eq!(served(&web("application", json!(["lb"]), private)).len(), 1);
}

#[test]
fn a_nat_gateway_of_a_whole_vpc_needs_no_subnet() {
    let mut objects = web("application", json!(["lb"]), by_group(8080));
    objects.push(object("aws_nat_gateway.n", json!({ "vpc_id": "v", "availability_mode": "regional" })));
    objects.push(table("priv", "v", json!([{ "cidr_block": "0.0.0.0/0", "nat_gateway_id": "n" }])));
    objects.push(follows("priv", "priv"));
    objects[7] = open_group("web", "v");
    objects.retain(|object| &*object.address != "aws_internet_gateway.igw");
    assert_eq!(answer(&objects, "aws_instance.web", "internet", 443), No);
    objects.push(gateway("igw", "v"));
    assert_eq!(answer(&objects, "aws_instance.web", "internet", 443), Yes);
}

/// A VPC that leaves through the NAT gateway of another one, which has a route back or not.
pub(super) fn shared_way_out(back: bool) -> Vec<Object> {
    let attached = |name: &str, subnet: &str| {
        object(
            &format!("aws_ec2_transit_gateway_vpc_attachment.{name}"),
            json!({ "vpc_id": name, "subnet_ids": [subnet], "transit_gateway_id": "t", "id": format!("at-{name}") }),
        )
    };
    let mut objects = vec![
        vpc("app", "10.1.0.0/16"),
        vpc("out", "10.9.0.0/16"),
        subnet("app", "app", "10.1.1.0/24"),
        subnet("pub", "out", "10.9.1.0/24"),
        subnet("tgw", "out", "10.9.2.0/24"),
        gateway("igw", "out"),
        object("aws_nat_gateway.nat", json!({ "subnet_id": "pub", "private_ip": "10.9.1.9", "public_ip": "54.9.9.9" })),
        object("aws_ec2_transit_gateway.t", json!({})),
        attached("app", "app"),
        attached("out", "tgw"),
        object(
            "aws_ec2_transit_gateway_route.default",
            json!({
                "destination_cidr_block": "0.0.0.0/0", "transit_gateway_attachment_id": "at-out",
                "transit_gateway_route_table_id": "t",
            }),
        ),
        table("rt-app", "app", json!([{ "cidr_block": "0.0.0.0/0", "transit_gateway_id": "t" }])),
        table("rt-tgw", "out", json!([{ "cidr_block": "0.0.0.0/0", "nat_gateway_id": "nat" }])),
        follows("app", "rt-app"),
        follows("tgw", "rt-tgw"),
        follows("pub", "rt-pub"),
        open_group("open", "app"),
        instance("app", "app", "10.1.1.5", &["open"]),
    ];
    let public = |back: bool| {
        let mut routes = vec![json!({ "cidr_block": "0.0.0.0/0", "gateway_id": "igw" })];
        routes.extend(back.then(|| json!({ "cidr_block": "10.1.0.0/16", "transit_gateway_id": "t" })));
        table("rt-pub", "out", Json::from(routes))
    };
    objects.push(public(back));
    objects
}

#[test]
fn one_vpc_leaves_through_another() {
    assert_eq!(answer(&shared_way_out(false), "aws_instance.app", "internet", 443), No);
    let reach = ask(&shared_way_out(true), "aws_instance.app", "internet", 443);
    assert_eq!(reach.answer, Yes, "{reach:?}");
    assert!(reach.path.iter().any(|step| &**step == "aws_nat_gateway.nat"));
}

#[test]
fn a_database_is_in_one_of_its_subnets() {
    let mut objects = web("application", json!(["lb"]), by_group(8080));
    objects.push(object("aws_db_subnet_group.g", json!({ "subnet_ids": ["pub", "priv"] })));
    objects.push(group("db", "v", json!([rule("tcp", 3306, 3306, &["10.0.0.0/16"])]), json!([])));
    let db = json!({
        "db_subnet_group_name": "g", "vpc_security_group_ids": ["db"], "port": 3306, "publicly_accessible": true,
    });
    objects.push(object("aws_db_instance.db", db));
    objects[7] = open_group("web", "v");
    assert_eq!(answer(&objects, "aws_instance.web", "aws_db_instance.db", 3306), Yes);
    assert_eq!(answer(&objects, "aws_instance.web", "aws_db_instance.db", 22), No);
    assert_eq!(answer(&objects, "internet", "aws_db_instance.db", 3306), No);
    // Only one of the subnets has a route to the Internet.
    objects.retain(|object| &*object.address != "aws_security_group.db");
    objects.push(open_group("db", "v"));
    assert_eq!(answer(&objects, "internet", "aws_db_instance.db", 3306), May);
}
