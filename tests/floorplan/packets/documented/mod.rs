//! What AWS documents, as tables: a network, packets, and the answer that the documentation gives. The walker has to
//! agree with each, and so has everything that is held against the walker.

mod gateways;
mod layers;
mod meshes;
mod transit;

use serde_json::{Value as Json, json};

use super::asking::ask;
use super::{Answer, Object, Objects, Party, Protocol, Question};

/// One question with the documented answer.
#[derive(Debug)]
pub struct Case {
    /// From whom to whom, as `party` reads it.
    pub from: &'static str,
    /// To whom.
    pub to: &'static str,
    /// As `tcp/443`, `ping`, `ip/47`.
    pub what: &'static str,
    /// What AWS says.
    pub answer: Answer,
}

/// A network and what AWS says about it.
pub struct Example {
    /// What it shows.
    pub name: &'static str,
    /// The network.
    pub objects: Objects,
    /// What AWS says.
    pub cases: Vec<Case>,
}

/// All examples.
pub fn examples() -> Vec<Example> {
    [layers::examples(), gateways::examples(), meshes::examples(), transit::examples()].into_iter().flatten().collect()
}

/// A case.
pub const fn case(from: &'static str, to: &'static str, what: &'static str, answer: Answer) -> Case {
    Case { from, to, what, answer }
}

/// An object with an id, which is its name as well.
pub fn object(kind: &str, id: &str, mut attributes: Json) -> Object {
    attributes["id"] = json!(id);
    Object::new(kind, id, attributes)
}

/// A VPC with the ids of its default table, ACL and group.
pub fn vpc(id: &str, range: &str) -> Object {
    object(
        "aws_vpc",
        id,
        json!({
            "cidr_block": range, "default_route_table_id": format!("rtb-{id}"), "main_route_table_id": format!("rtb-{id}"),
            "default_network_acl_id": format!("acl-{id}"), "default_security_group_id": format!("sg-{id}"),
        }),
    )
}

/// A subnet in the first zone.
pub fn subnet(id: &str, vpc: &str, range: &str) -> Object {
    object("aws_subnet", id, json!({"vpc_id": vpc, "cidr_block": range, "availability_zone": "eu-west-2a"}))
}

/// A route table with `(destination, attribute, target)`, for some subnets.
pub fn table(id: &str, vpc: &str, subnets: &[&str], routes: &[(&str, &str, &str)]) -> Objects {
    let blocks = routes.iter().map(|(range, name, target)| {
        let destination = match () {
            () if range.starts_with("pl-") => "destination_prefix_list_id",
            () if range.contains(':') => "ipv6_cidr_block",
            () => "cidr_block",
        };
        json!({destination: range, *name: target})
    });
    let mut all = vec![object("aws_route_table", id, json!({"vpc_id": vpc, "route": blocks.collect::<Vec<_>>()}))];
    all.extend(subnets.iter().map(|subnet| {
        let name = format!("rtbassoc-{subnet}");
        object("aws_route_table_association", &name, json!({"subnet_id": subnet, "route_table_id": id}))
    }));
    all
}

/// An instance with groups.
pub fn instance(id: &str, subnet: &str, private: &str, public: &str, groups: &[&str]) -> Object {
    object(
        "aws_instance",
        id,
        json!({
            "subnet_id": subnet, "private_ip": private, "public_ip": public, "vpc_security_group_ids": groups,
            "source_dest_check": true,
        }),
    )
}

/// A security group with `(protocol, first, last, other end)` in and out; the other end is a range, a group, a list.
pub fn group(id: &str, vpc: &str, ingress: &[(&str, i64, i64, &str)], egress: &[(&str, i64, i64, &str)]) -> Object {
    let blocks = |rules: &[(&str, i64, i64, &str)]| {
        let block = |(protocol, from, to, end): &(&str, i64, i64, &str)| {
            let name = match () {
                () if end.starts_with("sg-") => "security_groups",
                () if end.starts_with("pl-") => "prefix_list_ids",
                () if end.contains(':') => "ipv6_cidr_blocks",
                () => "cidr_blocks",
            };
            json!({"protocol": protocol, "from_port": from, "to_port": to, name: [end]})
        };
        rules.iter().map(block).collect::<Vec<_>>()
    };
    object("aws_security_group", id, json!({"vpc_id": vpc, "ingress": blocks(ingress), "egress": blocks(egress)}))
}

/// One entry of an ACL: number, action, protocol, first and last port, range.
pub type Entry<'a> = (i64, &'a str, &'a str, i64, i64, &'a str);

/// An ACL for some subnets.
pub fn acl(id: &str, vpc: &str, subnets: &[&str], ingress: &[Entry<'_>], egress: &[Entry<'_>]) -> Object {
    let blocks = |entries: &[Entry<'_>]| {
        let block = |(number, action, protocol, from, to, range): &Entry<'_>| {
            let name = if range.contains(':') { "ipv6_cidr_block" } else { "cidr_block" };
            json!({"rule_no": number, "action": action, "protocol": protocol, "from_port": from, "to_port": to, name: range})
        };
        entries.iter().map(block).collect::<Vec<_>>()
    };
    let (ingress, egress) = (blocks(ingress), blocks(egress));
    object("aws_network_acl", id, json!({"vpc_id": vpc, "subnet_ids": subnets, "ingress": ingress, "egress": egress}))
}

/// Everything, as a rule of a group.
pub const ALL: (&str, i64, i64, &str) = ("-1", 0, 0, "0.0.0.0/0");

/// A party: `internet:ADDRESS`, `vpn:CONNECTION:ADDRESS`, an address, or an object's address.
fn party(text: &str) -> Party {
    let address = |text: &str| text.parse().expect("an address");
    if let Some(rest) = text.strip_prefix("internet:") {
        return Party::Internet(address(rest));
    }
    if let Some((connection, rest)) = text.strip_prefix("vpn:").and_then(|rest| rest.split_once(':')) {
        return Party::Vpn(format!("aws_vpn_connection.{connection}"), address(rest));
    }
    text.parse().map_or_else(|_| Party::Object(text.to_owned()), Party::Address)
}

/// The question of a case.
pub fn question(case: &Case) -> Question {
    let (protocol, port) = match case.what.split_once('/') {
        Some(("tcp", port)) => (Protocol::Tcp, port.parse().expect("a port")),
        Some(("udp", port)) => (Protocol::Udp, port.parse().expect("a port")),
        Some(("ip", number)) => (Protocol::Other(number.parse().expect("a number")), 0),
        _ => (Protocol::Ping, 0),
    };
    Question { from: party(case.from), to: party(case.to), protocol, port }
}

#[test]
fn the_walker_agrees_with_what_aws_documents() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for example in examples() {
        for case in &example.cases {
            count += 1;
            let (answer, why) = ask(&example.objects, &question(case));
            if answer != case.answer {
                wrong.push(format!("{}: {case:?}: {answer:?} ({why})", example.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 120, "{count} cases");
}
