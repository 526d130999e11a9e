//! Rules, routes and members of sets by what they say, such as `tcp/443 from 10.0.0.0/8`. A place in a list or set
//! says nothing to a reader.
//!
//! Values come with the marks of their rows ([`crate::schema::Attribute::marked`]); what is marked is not shown.

use super::literal::{inline, key, printable};
use crate::report::marks::first;
use crate::report::value_diff::SENSITIVE;
use crate::schema::normal;
use crate::value::{Name, Value};
use std::collections::BTreeMap;

type Entries = BTreeMap<Name, Value>;

/// The peers of a rule, by the attributes that name them.
const PEERS: [&str; 11] = [
    "cidr_blocks",
    "ipv6_cidr_blocks",
    "cidr_block",
    "ipv6_cidr_block",
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_ids",
    "prefix_list_id",
    "security_groups",
    "referenced_security_group_id",
    "source_security_group_id",
];

/// The destinations of a route.
const DESTINATIONS: [&str; 5] = [
    "cidr_block",
    "ipv6_cidr_block",
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "destination_prefix_list_id",
];

/// The ways out of a route.
const WAYS: [&str; 12] = [
    "gateway_id",
    "nat_gateway_id",
    "transit_gateway_id",
    "egress_only_gateway_id",
    "vpc_peering_connection_id",
    "vpc_endpoint_id",
    "network_interface_id",
    "instance_id",
    "carrier_gateway_id",
    "local_gateway_id",
    "core_network_arn",
    "odb_network_arn",
];

/// An element of a collection, or a block, on one line. `called` is the name of the attribute that holds it.
pub fn said(value: &Value, called: &str) -> String {
    if value.is_sensitive() {
        return SENSITIVE.into();
    }
    let Some(entries) = value.as_entries() else { return inline(value) };
    if let Some(words) = rule_or_route(entries, called) {
        return words;
    }
    let filled = entries.iter().filter(|(_, v)| is_filled(v)).map(|(k, v)| format!("{} = {}", key(k), inline(v)));
    format!("{{ {} }}", filled.collect::<Vec<_>>().join(", "))
}

/// A rule or a route by what it says; `called` is the name of its block, or its type.
pub fn rule_or_route(entries: &Entries, called: &str) -> Option<String> {
    rule(entries, called).or_else(|| route(entries))
}

fn is_filled(value: &Value) -> bool {
    let empty = value.as_str() == Some("")
        || value.as_elements().is_some_and(<[Value]>::is_empty)
        || value.as_entries().is_some_and(BTreeMap::is_empty);
    !value.is_null() && !empty
}

fn filled<'a>(entries: &'a Entries, name: &str) -> Option<&'a Value> {
    entries.get(name).filter(|v| is_filled(v))
}

/// Text without quotes where it needs none.
fn bare(value: &Value) -> String {
    match value.as_str() {
        Some(text) if !value.is_sensitive() => printable(&text.replace(['\n', '\r'], " ")),
        _ => inline(value),
    }
}

fn rule(entries: &Entries, called: &str) -> Option<String> {
    let traffic = traffic(entries)?;
    let peers = PEERS.iter().filter_map(|name| filled(entries, name));
    let peers = peers.flat_map(|value| match value.as_elements().filter(|_| !value.is_sensitive()) {
        Some(elements) => elements.iter().map(bare).collect(),
        None => vec![bare(value)],
    });
    let itself = filled(entries, "self").and_then(Value::as_bool) == Some(true);
    let peers = first(peers.chain(itself.then(|| "itself".into())), 4);
    let out = called.contains("egress") || says(entries, "type", "egress") || says_true(entries, "egress");
    let mut words = traffic;
    if !peers.is_empty() {
        words.push_str(if out { " to " } else { " from " });
        words.push_str(&peers.join(", "));
    }
    let action = filled(entries, "action").or_else(|| filled(entries, "rule_action"));
    if let Some(action) = action {
        words = format!("{} {words}", bare(action));
    }
    let number = ["rule_no", "rule_number"].iter().find_map(|name| filled(entries, name));
    Some(match number {
        Some(number) => format!("rule {}: {words}", bare(number)),
        None => words,
    })
}

fn says(entries: &Entries, name: &str, text: &str) -> bool {
    filled(entries, name).and_then(Value::as_str) == Some(text)
}

fn says_true(entries: &Entries, name: &str) -> bool {
    filled(entries, name).and_then(Value::as_bool) == Some(true)
}

/// Protocol and ports; nothing where it is not a rule.
fn traffic(entries: &Entries) -> Option<String> {
    if !entries.contains_key("from_port") || !entries.contains_key("to_port") {
        return None;
    }
    let protocol = filled(entries, "ip_protocol").or_else(|| filled(entries, "protocol"))?;
    let name = match protocol.as_str() {
        Some(text) if !protocol.is_sensitive() => normal::protocol(text),
        _ => bare(protocol),
    };
    if name == "-1" {
        return Some("all traffic".into());
    }
    let (from, to) = (filled(entries, "from_port"), filled(entries, "to_port"));
    let port = |v: Option<&Value>| v.filter(|v| !v.is_sensitive()).and_then(Value::as_i64);
    let name = if name.bytes().all(|b| b.is_ascii_digit()) { format!("protocol {name}") } else { printable(&name) };
    Some(match (name.as_str(), port(from), port(to)) {
        ("icmp" | "icmpv6", Some(-1), _) => name,
        ("icmp" | "icmpv6", Some(kind), _) => format!("{name} type {kind}"),
        (_, Some(0), Some(65_535 | 0)) | (_, Some(-1), _) => name,
        (_, Some(from), Some(to)) if from == to => format!("{name}/{from}"),
        (_, Some(from), Some(to)) => format!("{name}/{from}-{to}"),
        _ if from.is_none() && to.is_none() => name,
        _ => format!("{name}/{}-{}", from.map_or_else(|| "?".into(), bare), to.map_or_else(|| "?".into(), bare)),
    })
}

fn route(entries: &Entries) -> Option<String> {
    let destination = DESTINATIONS.iter().find_map(|name| filled(entries, name))?;
    let way = WAYS.iter().find_map(|name| filled(entries, name))?;
    Some(format!("{} via {}", bare(destination), bare(way)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn of<const N: usize>(called: &str, entries: [(&str, Value); N]) -> String {
        said(&Value::object(entries), called)
    }

    fn ports(from: i64, to: i64, protocol: &str) -> [(&'static str, Value); 3] {
        [("from_port", from.into()), ("to_port", to.into()), ("protocol", protocol.into())]
    }

    fn rule_of(called: &str, ports: [(&'static str, Value); 3], peer: (&'static str, Value)) -> String {
        said(&Value::object(ports.into_iter().chain([peer])), called)
    }

    #[test]
    fn a_rule_is_named_by_traffic_and_peer() {
        let cidrs = |all: &[&str]| Value::strings(all);
        let all = [
            rule_of("ingress", ports(443, 443, "tcp"), ("cidr_blocks", cidrs(&["10.0.0.0/8"]))),
            rule_of("egress", ports(0, 0, "-1"), ("cidr_blocks", cidrs(&["0.0.0.0/0", "10.0.0.0/8"]))),
            rule_of("ingress", ports(8000, 8080, "6"), ("self", true.into())),
            rule_of("ingress", ports(-1, -1, "icmp"), ("security_groups", cidrs(&["sg-1"]))),
            rule_of("ingress", ports(8, 0, "icmp"), ("ipv6_cidr_blocks", cidrs(&["::/0"]))),
            rule_of("ingress", ports(0, 0, "50"), ("cidr_blocks", cidrs(&["a", "b", "c", "d", "e", "f"]))),
            rule_of("ingress", ports(1, 1, "tcp"), ("cidr_blocks", Value::unknown(Type::list(Type::String)))),
            rule_of("ingress", ports(1, 1, "tcp"), ("cidr_blocks", cidrs(&["hunter2"]).mark(true))),
        ];
        insta::assert_snapshot!(all.join("\n"), @r"
        tcp/443 from 10.0.0.0/8
        all traffic to 0.0.0.0/0, 10.0.0.0/8
        tcp/8000-8080 from itself
        icmp from sg-1
        icmp type 8 from ::/0
        protocol 50 from a, b, c, d, 2 more
        tcp/1 from (known after apply)
        tcp/1 from (sensitive value)
        ");
    }

    #[test]
    fn entries_routes_and_other_members_are_named_too() {
        let entry = [("rule_no", 100.into()), ("action", "allow".into()), ("cidr_block", "10.0.0.0/8".into())];
        let all = [
            said(&Value::object(ports(22, 22, "tcp").into_iter().chain(entry)), "ingress"),
            of(
                "route",
                [("cidr_block", "0.0.0.0/0".into()), ("nat_gateway_id", "nat-1".into()), ("gateway_id", "".into())],
            ),
            of("tag", [("key", "Owner".into()), ("value", "net".into()), ("other", Value::null(Type::String))]),
            said(&"a".into(), "groups"),
            said(&Value::from("hunter2").mark(true), "groups"),
        ];
        insta::assert_snapshot!(all.join("\n"), @r#"
        rule 100: allow tcp/22 from 10.0.0.0/8
        0.0.0.0/0 via nat-1
        { key = "Owner", value = "net" }
        "a"
        (sensitive value)
        "#);
    }
}
