//! A flow may be where something is not known yet; circles and references to nothing end no question.

use super::*;
use crate::network::Answer::{May, No, Yes};
use crate::network::{Model, Object, Source};
use crate::value::{Origin, Type, Value};
use serde_json::json;

fn unknown() -> Value {
    Value::unknown(Type::String)
}

fn of(address: &str, attribute: &str) -> Value {
    unknown().from_origin(|| Origin { address: address.into(), attribute: attribute.into() })
}

/// The object with an attribute that is not JSON.
fn with(object: Object, name: &str, value: Value) -> Object {
    let entries = object.attributes.as_entries().expect("an object").clone();
    let entries = entries.into_iter().filter(|(key, _)| &**key != name);
    let attributes = Value::object(entries.chain([(name.into(), value)]));
    Object { attributes, ..object }
}

fn new(object: Object) -> Object {
    with(object, "id", Value::any_null())
}

/// A network before it exists: all refer to each other by unknown ids.
fn planned() -> Vec<Object> {
    let db = group("db", "v", json!([rule("tcp", 3306, 3306, &["10.0.1.0/24"])]), json!([]));
    let bound = |name: &str, subnet: &str, group: &str| {
        let object = object(&format!("aws_instance.{name}"), json!({}));
        let object = with(object, "subnet_id", of(&format!("aws_subnet.{subnet}"), "id"));
        let group = Value::set(Type::String, vec![of(&format!("aws_security_group.{group}"), "id")]);
        new(with(object, "vpc_security_group_ids", group))
    };
    let vpc_id = || of("aws_vpc.v", "id");
    vec![
        new(vpc("v", "10.0.0.0/16")),
        new(with(subnet("a", "v", "10.0.1.0/24"), "vpc_id", vpc_id())),
        new(with(subnet("b", "v", "10.0.2.0/24"), "vpc_id", vpc_id())),
        new(with(open_group("open", "v"), "vpc_id", vpc_id())),
        new(with(db, "vpc_id", vpc_id())),
        bound("web", "a", "open"),
        bound("db", "b", "db"),
    ]
}

#[test]
fn what_is_planned_is_known_by_its_references() {
    let objects = planned();
    // The subnet's range is enough to know that the rule holds.
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), Yes);
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 22), No);
}

#[test]
fn an_address_not_known_yet_may_be_in_a_range() {
    let mut objects = planned();
    let narrow = group("db", "v", json!([rule("tcp", 3306, 3306, &["10.0.1.5/32"])]), json!([]));
    objects[4] = new(with(narrow, "vpc_id", of("aws_vpc.v", "id")));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), May);
}

#[test]
fn a_subnet_that_is_not_known_may_be_anywhere() {
    let mut objects = planned();
    objects[6] = with(objects[6].clone(), "subnet_id", unknown());
    let reach = ask(&objects, "aws_instance.web", "aws_instance.db", 3306);
    assert_eq!(reach.answer, May, "{reach:?}");
    assert!(!reach.doubts.is_empty());
    // Its group is known, and lets nothing else in.
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 22), No);
}

#[test]
fn rules_and_groups_of_elsewhere_are_not_known() {
    let mut objects = planned();
    let other = Value::set(Type::String, vec!["sg-elsewhere".into()]);
    objects[6] = with(objects[6].clone(), "vpc_security_group_ids", other);
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 22), May);
    let mut objects = planned();
    let rules = Value::unknown(Type::set(Type::Dynamic));
    objects[4] = with(objects[4].clone(), "ingress", rules);
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 22), May);
}

#[test]
fn a_rule_of_a_group_not_known_may_be_of_any() {
    let mut objects = planned();
    let rule = json!({ "ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ipv4": "10.0.0.0/8" });
    let rule = object("aws_vpc_security_group_ingress_rule.r", rule);
    objects.push(with(rule, "security_group_id", unknown()));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 22), May);
    objects[7] = with(objects[7].clone(), "security_group_id", of("aws_security_group.db", "id"));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 22), Yes);
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 23), No);
}

#[test]
fn a_route_with_an_unknown_range_may_take_any() {
    let mut objects = planned();
    objects.push(new(with(table("t", "v", json!([])), "vpc_id", of("aws_vpc.v", "id"))));
    let follow = with(follows("a", "t"), "subnet_id", of("aws_subnet.a", "id"));
    objects.push(with(follow, "route_table_id", of("aws_route_table.t", "id")));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), Yes);
    let route = object("aws_route.r", json!({ "state": "blackhole" }));
    let route = with(route, "route_table_id", of("aws_route_table.t", "id"));
    objects.push(with(route, "destination_cidr_block", unknown()));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), May);
}

#[test]
fn an_acl_rule_not_known_may_deny() {
    let mut objects = planned();
    let rules = json!([entry(100, "allow", "-1", 0, 0, "0.0.0.0/0")]);
    let acl = acl("n", "v", &[], rules.clone(), rules);
    let subnets = Value::set(Type::String, vec![of("aws_subnet.b", "id")]);
    objects.push(new(with(with(acl, "vpc_id", of("aws_vpc.v", "id")), "subnet_ids", subnets)));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), Yes);
    let rule = object(
        "aws_network_acl_rule.r",
        json!({ "rule_number": 10, "rule_action": "deny", "protocol": "tcp", "from_port": 3306, "to_port": 3306 }),
    );
    let rule = with(rule, "network_acl_id", of("aws_network_acl.n", "id"));
    objects.push(with(rule, "cidr_block", unknown()));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_instance.db", 3306), May);
}

#[test]
fn circles_end() {
    let mut objects = vec![
        vpc("v", "10.0.0.0/16"),
        subnet("s", "v", "10.0.1.0/24"),
        object("aws_nat_gateway.one", json!({ "subnet_id": "s", "private_ip": "10.0.1.8", "public_ip": "54.0.0.1" })),
        table("t", "v", json!([{ "cidr_block": "0.0.0.0/0", "nat_gateway_id": "one" }])),
        follows("s", "t"),
        open_group("open", "v"),
        instance("i", "s", "10.0.1.5", &["open"]),
    ];
    insta::assert_snapshot!(blocked(&objects, "aws_instance.i", "internet", 443), @"aws_nat_gateway.one: routes lead in a circle");
    // An instance that is sent what it sends, and groups that name each other.
    let forwards = json!({ "subnet_id": "s", "private_ip": "10.0.1.9", "source_dest_check": false, "vpc_security_group_ids": ["x"], "public_ip": "" });
    objects.push(object("aws_instance.fw", forwards));
    objects[3] = table("t", "v", json!([{ "cidr_block": "0.0.0.0/0", "network_interface_id": "fw" }]));
    let each = |other: &str| json!([{ "protocol": "-1", "security_groups": [other] }]);
    objects.push(group("x", "v", each("y"), each("y")));
    objects.push(group("y", "v", each("x"), each("x")));
    assert_eq!(answer(&objects, "aws_instance.i", "internet", 443), May);
    assert!(Model::of(&objects).flows(&Source::Internet).is_ok());
}

#[test]
fn an_end_that_is_nowhere_is_named() {
    let model = Model::of(&planned());
    assert_eq!(model.flows(&Source::Object("aws_instance.x".into())), Err("aws_instance.x".into()));
    assert_eq!(model.flows(&Source::Object("aws_vpc.v".into())), Err("aws_vpc.v".into()));
}

#[test]
fn nothing_known_at_all_may_be() {
    let types = [
        "aws_vpc",
        "aws_subnet",
        "aws_instance",
        "aws_route",
        "aws_route_table_association",
        "aws_network_acl",
        "aws_vpc_peering_connection",
        "aws_ec2_transit_gateway_vpc_attachment",
        "aws_nat_gateway",
        "aws_security_group_rule",
    ];
    let objects: Vec<Object> = types
        .iter()
        .flat_map(|name| [format!("{name}.a"), format!("{name}.b")])
        .map(|address| Object {
            type_name: address.split('.').next().unwrap_or_default().into(),
            address: address.into(),
            attributes: Value::unknown(Type::Dynamic),
        })
        .collect();
    assert_eq!(answer(&objects, "aws_instance.a", "aws_instance.b", 80), May);
    assert_eq!(answer(&objects, "internet", "aws_instance.b", 80), May);
    assert!(Model::of(&objects).flows(&Source::Internet).is_ok());
}

#[test]
fn a_scaling_group_of_mixed_instances_may_have_any_group() {
    let mut objects = planned();
    objects.push(with(
        object("aws_autoscaling_group.asg", json!({ "mixed_instances_policy": [] })),
        "vpc_zone_identifier",
        Value::set(Type::String, vec![of("aws_subnet.b", "id")]),
    ));
    assert_eq!(answer(&objects, "aws_instance.web", "aws_autoscaling_group.asg", 80), May);
}
