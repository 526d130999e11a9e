//! The effect of an object on traffic that passes it, in a few words: a rule says what it lets through, a route where it leads.

use crate::network::space::{Addresses, Packets};
use crate::network::{Object, ObjectKind};
use crate::plan::reach::{Network, Step};
use crate::report::literal::{UNKNOWN, printable};
use crate::report::said::rule_or_route;
use crate::report::value_diff::SENSITIVE;
use crate::value::{Kind, Name, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More prefixes than this are counted.
const PREFIXES: usize = 3;

/// What a step of a way does.
pub fn step(network: &Network, steps: &[Step], at: usize) -> String {
    let Some(this) = steps.get(at) else { return String::new() };
    let Some(object) = network.object(&this.address) else {
        return if this.lets.is_empty() { bare(&this.address) } else { this.lets.join("; ") };
    };
    let next = steps.get(at + 1).map(|step| &step.address);
    let of = &object.attributes;
    if !this.lets.is_empty() {
        return this.lets.join("; ");
    }
    let type_name = &*object.type_name;
    let Some(kind) = ObjectKind::of(type_name) else { return plain(type_name) };
    match kind {
        ObjectKind::GroupRule | ObjectKind::IngressRule | ObjectKind::EgressRule | ObjectKind::AclRule => {
            passage(network, of, type_name).map_or_else(|| "rule".to_owned(), |words| format!("lets {words}"))
        }
        ObjectKind::Route | ObjectKind::TransitRoute => {
            passage(network, of, "route").map_or_else(|| "route".to_owned(), |words| format!("route: {words}"))
        }
        ObjectKind::RouteTable | ObjectKind::DefaultRouteTable => table(network, object, next),
        ObjectKind::Propagation => {
            format!("routes that {} propagates", referred(network, of, "vpn_gateway_id"))
        }
        ObjectKind::VpnConnection => format!("tunnels to {}", device(network, of)),
        ObjectKind::VpnRoute => format!("route: {} through the tunnels", shown(of, "destination_cidr_block")),
        ObjectKind::Listener => format!("listener {}/{}", shown(of, "protocol"), shown(of, "port")),
        ObjectKind::TargetGroup => {
            format!("target group {}/{}", shown(of, "protocol"), shown(of, "port"))
        }
        _ => described(network, object, kind),
    }
}

/// The words of what is not one of the objects.
fn bare(name: &str) -> String {
    match name {
        "internet" => "anywhere on the Internet".to_owned(),
        "vpn" => "a site".to_owned(),
        _ if name.starts_with("default security group of ") => "lets its members reach each other".to_owned(),
        _ if name.starts_with("main route table of ") => "ranges of the VPC".to_owned(),
        _ => String::new(),
    }
}

/// The words of a type that nobody has better ones for.
fn plain(type_name: &str) -> String {
    type_name.trim_start_matches("aws_").replace('_', " ")
}

fn described(network: &Network, object: &Object, kind: ObjectKind) -> String {
    let Some(noun) = kind.noun() else { return plain(&object.type_name) };
    let known = kind.shows().and_then(|attribute| object.attributes.get(attribute)).and_then(readable);
    let mut words = known.map_or_else(|| noun.to_owned(), |known| format!("{noun} {known}"));
    for association in network.of_kind(ObjectKind::WebAclAssociation) {
        let of = association.attributes.get("resource_arn").and_then(|arn| network.refers(arn));
        if of.is_some_and(|of| of.address == object.address) {
            words.push_str(&format!(", behind {}", referred(network, &association.attributes, "web_acl_arn")));
        }
    }
    words
}

/// A rule or route with the addresses of objects in the place of their ids.
fn passage(network: &Network, of: &Value, called: &str) -> Option<String> {
    let entries: BTreeMap<Name, Value> =
        of.as_entries()?.iter().map(|(name, value)| (name.clone(), named(network, value))).collect();
    rule_or_route(&entries, called)
}

/// A value with addresses in the place of ids.
fn named(network: &Network, value: &Value) -> Value {
    if value.is_sensitive() {
        return value.clone();
    }
    match value.kind() {
        Kind::List(ty, all) | Kind::Set(ty, all) => {
            Value::list(ty.clone(), all.iter().map(|value| named(network, value)).collect())
        }
        Kind::String(_) | Kind::Unknown(_) => match network.refers(value) {
            Some(object) => Value::string(&object.address),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

/// The routes of a table that lead to the next object; a delivery within the VPC needs none.
fn table(network: &Network, object: &Object, next: Option<&Arc<str>>) -> String {
    let blocks = object.attributes.get("route").and_then(Value::as_elements).unwrap_or_default();
    let leads = |block: &&Value| {
        let mut targets = block.as_entries().into_iter().flat_map(BTreeMap::values);
        targets.any(|value| network.refers(value).is_some_and(|object| Some(&object.address) == next))
    };
    let routes: Vec<String> =
        blocks.iter().filter(leads).filter_map(|block| passage(network, block, "route")).collect();
    let propagated = next.filter(|next| network.kind(next) == Some(ObjectKind::VpnGateway));
    match (routes.is_empty(), propagated) {
        (false, _) => format!("route: {}", routes.join("; ")),
        (true, Some(gateway)) => format!("routes that {gateway} propagates"),
        (true, None) => "route table".to_owned(),
    }
}

/// The address of the device at the far end of a VPN connection.
fn device(network: &Network, of: &Value) -> String {
    let gateway = of.get("customer_gateway_id").and_then(|id| network.refers(id));
    let known = gateway.and_then(|gateway| gateway.attributes.get("ip_address")).and_then(readable);
    known.unwrap_or_else(|| referred(network, of, "customer_gateway_id"))
}

/// The address of the object that an attribute refers to, else the attribute.
fn referred(network: &Network, of: &Value, name: &str) -> String {
    let object = of.get(name).and_then(|value| network.refers(value));
    object.map_or_else(|| shown(of, name), |object| object.address.to_string())
}

/// An attribute, if it may be shown and is known.
fn readable(value: &Value) -> Option<String> {
    let text = value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|number| number.to_string()));
    text.filter(|text| !value.is_sensitive() && !text.is_empty()).map(|text| printable(&text))
}

fn shown(of: &Value, name: &str) -> String {
    match of.get(name) {
        Some(value) if value.is_sensitive() => SENSITIVE.to_owned(),
        Some(value) if value.is_unknown() => UNKNOWN.to_owned(),
        Some(value) => readable(value).unwrap_or_else(|| "-".to_owned()),
        None => "-".to_owned(),
    }
}

/// Protocols and ports, with the addresses outside where these are not all of the Internet.
pub fn traffic(packets: &Packets, from: &str, to: &str) -> String {
    let (outside, word) = match (from, to) {
        ("internet" | "vpn", _) => (true, "from"),
        (_, "internet" | "vpn") => (true, "to"),
        _ => (false, ""),
    };
    if !outside {
        return packets.services();
    }
    let everywhere = [Addresses::v4(), Addresses::v6()].map(|family| Addresses::internet().and(&family));
    let one = |(addresses, services): (Addresses, Packets)| {
        let whole = everywhere.iter().all(|family| !family.meets(&addresses) || addresses.covers(family));
        let is_whole = whole && everywhere.iter().any(|family| addresses.covers(family));
        match is_whole {
            true => services.services(),
            false => format!("{} {word} {}", services.services(), first(&addresses)),
        }
    };
    let all: Vec<String> = packets.by_addresses().into_iter().map(one).collect();
    if all.is_empty() { packets.services() } else { all.join("; ") }
}

/// The first prefixes of a set.
fn first(addresses: &Addresses) -> String {
    let all: Vec<String> = addresses.prefixes().iter().map(ToString::to_string).collect();
    match all.len().checked_sub(PREFIXES) {
        Some(more) if more > 0 => format!("{} and {more} more", all[..PREFIXES].join(", ")),
        _ => all.join(", "),
    }
}
