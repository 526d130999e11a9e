//! Small networks for tests: objects from JSON, and questions in one line.

use crate::network::space::{TCP, range};
use crate::network::{Answer, Destination, Model, Object, Reach, Source};
use crate::value::json::from_json;
use serde_json::{Value as Json, json};

/// An object of a type, its id being its name.
pub(super) fn object(address: &str, attributes: Json) -> Object {
    let (type_name, name) = address.split_once('.').expect("an address");
    let mut attributes = attributes;
    let map = attributes.as_object_mut().expect("attributes");
    map.entry("id").or_insert_with(|| name.into());
    Object { address: address.into(), type_name: type_name.into(), attributes: from_json(&attributes).expect("values") }
}

pub(super) fn vpc(name: &str, range: &str) -> Object {
    object(&format!("aws_vpc.{name}"), json!({ "cidr_block": range }))
}

pub(super) fn subnet(name: &str, vpc: &str, range: &str) -> Object {
    object(
        &format!("aws_subnet.{name}"),
        json!({ "vpc_id": vpc, "cidr_block": range, "availability_zone": "a", "map_public_ip_on_launch": false }),
    )
}

pub(super) fn instance(name: &str, subnet: &str, address: &str, groups: &[&str]) -> Object {
    object(
        &format!("aws_instance.{name}"),
        json!({ "subnet_id": subnet, "private_ip": address, "vpc_security_group_ids": groups, "public_ip": "" }),
    )
}

pub(super) fn public_instance(name: &str, subnet: &str, address: &str, groups: &[&str]) -> Object {
    object(
        &format!("aws_instance.{name}"),
        json!({ "subnet_id": subnet, "private_ip": address, "vpc_security_group_ids": groups, "public_ip": "54.1.2.3" }),
    )
}

pub(super) fn rule(protocol: &str, from: i32, to: i32, ranges: &[&str]) -> Json {
    json!({ "protocol": protocol, "from_port": from, "to_port": to, "cidr_blocks": ranges })
}

pub(super) fn group(name: &str, vpc: &str, ingress: Json, egress: Json) -> Object {
    object(&format!("aws_security_group.{name}"), json!({ "vpc_id": vpc, "ingress": ingress, "egress": egress }))
}

/// A group that lets all in and out.
pub(super) fn open_group(name: &str, vpc: &str) -> Object {
    let all = || json!([rule("-1", 0, 0, &["0.0.0.0/0"])]);
    group(name, vpc, all(), all())
}

pub(super) fn entry(number: i32, action: &str, protocol: &str, from: i32, to: i32, range: &str) -> Json {
    json!({
        "rule_no": number, "action": action, "protocol": protocol,
        "from_port": from, "to_port": to, "cidr_block": range,
    })
}

pub(super) fn acl(name: &str, vpc: &str, subnets: &[&str], ingress: Json, egress: Json) -> Object {
    object(
        &format!("aws_network_acl.{name}"),
        json!({ "vpc_id": vpc, "subnet_ids": subnets, "ingress": ingress, "egress": egress }),
    )
}

pub(super) fn table(name: &str, vpc: &str, routes: Json) -> Object {
    object(&format!("aws_route_table.{name}"), json!({ "vpc_id": vpc, "route": routes }))
}

pub(super) fn follows(subnet: &str, table: &str) -> Object {
    object(
        &format!("aws_route_table_association.{subnet}"),
        json!({ "subnet_id": subnet, "route_table_id": table, "id": format!("assoc-{subnet}") }),
    )
}

pub(super) fn gateway(name: &str, vpc: &str) -> Object {
    object(&format!("aws_internet_gateway.{name}"), json!({ "vpc_id": vpc }))
}

/// Asks for a port of TCP. Ends are addresses, ranges, `internet` or `vpn`.
pub(super) fn ask(objects: &[Object], from: &str, to: &str, port: u16) -> Reach {
    let model = Model::of(objects);
    let source = match from {
        "internet" => Source::Internet,
        "vpn" => Source::Vpn,
        text => range(text).map_or_else(|| Source::Object(text.into()), Source::Range),
    };
    let destination = match to {
        "internet" => Destination::Internet,
        "vpn" => Destination::Vpn,
        text => range(text).map_or_else(|| Destination::Object(text.into()), Destination::Range),
    };
    model.reach(&source, &destination, TCP, Some(port)).expect("both ends are in the network")
}

pub(super) fn answer(objects: &[Object], from: &str, to: &str, port: u16) -> Answer {
    ask(objects, from, to, port).answer
}

/// The obstacles as text, one a line.
pub(super) fn blocked(objects: &[Object], from: &str, to: &str, port: u16) -> String {
    let reach = ask(objects, from, to, port);
    assert_eq!(reach.answer, Answer::No, "{reach:?}");
    let lines: Vec<String> = reach.obstacles.iter().map(|one| format!("{}: {}", one.at, one.why)).collect();
    lines.join("\n")
}
