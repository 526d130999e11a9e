//! Load balancers: what its listeners, rules and target groups hold against each other.

use super::{BALANCER, Groups, LISTENER, LayoutInstance, SUBNET, TARGET_GROUP, World, between, names};
use crate::diag::Diagnostics;
use crate::schema::Attrs;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

const APPLICATION: &str = "application";
const NETWORK: &str = "network";
const GATEWAY: &str = "gateway";

/// All of them.
pub fn check(world: &World<'_>) -> Diagnostics {
    let mut found = taken_twice(world);
    for i in world.of_type(LISTENER.own) {
        if let Some((balancer, kind)) = balancer_of(world, i) {
            found.extend(unfit_protocol(i, balancer, kind));
            found.extend(unfit_groups(world, i, "default_action", balancer, kind));
        }
    }
    for i in world.of_type("aws_lb_listener_rule") {
        let listener = world.key(i, "listener_arn", &LISTENER).and_then(|key| world.instance(&key));
        if let Some((balancer, kind)) = listener.and_then(|listener| balancer_of(world, listener)) {
            found.extend(unfit_groups(world, i, "action", balancer, kind));
        }
    }
    for i in world.of_type(BALANCER.own) {
        found.extend(one_zone(world, i));
    }
    found
}

/// The balancer of a listener, if the layout has it, and its type.
fn balancer_of<'a>(world: &World<'a>, listener: &LayoutInstance<'_>) -> Option<(&'a LayoutInstance<'a>, &'a str)> {
    let balancer = world.instance(&world.key(listener, "load_balancer_arn", &BALANCER)?)?;
    Some((balancer, balancer.attrs.str("load_balancer_type")?))
}

/// A port of one balancer, and a priority of one listener, that more than one resource has.
fn taken_twice(world: &World<'_>) -> Diagnostics {
    let mut ports: Groups<'_, (String, i32)> = BTreeMap::new();
    for i in world.of_type(LISTENER.own) {
        if let (Some(key), Some(port)) = (world.key(i, "load_balancer_arn", &BALANCER), i.attrs.int("port")) {
            ports.entry((key, port)).or_default().push(i);
        }
    }
    let mut priorities: Groups<'_, (String, i32)> = BTreeMap::new();
    for i in world.of_type("aws_lb_listener_rule").filter(|i| i.gives("priority")) {
        if let (Some(key), Some(n)) = (world.key(i, "listener_arn", &LISTENER), i.attrs.int("priority")) {
            priorities.entry((key, n)).or_default().push(i);
        }
    }
    let mut found = Diagnostics::new();
    for ((_, port), others) in ports.iter().filter(|(_, others)| others.len() > 1) {
        let detail = format!("{} listen on port {port} of the same balancer.", names(others));
        found.push(
            between(others, "Two listeners of a balancer have one port", detail)
                .hint("Give each its own port; one listener serves many hosts and paths with aws_lb_listener_rule."),
        );
    }
    for ((_, priority), others) in priorities.iter().filter(|(_, others)| others.len() > 1) {
        let detail = format!("{} have priority {priority} on the same listener.", names(others));
        found.push(
            between(others, "Two rules of a listener have one priority", detail)
                .hint("Give each its own; the lowest is asked first, and the first that fits decides."),
        );
    }
    found
}

/// The protocols of the listeners of a type of balancer.
fn listens(kind: &str) -> &'static [&'static str] {
    match kind {
        APPLICATION => &["HTTP", "HTTPS"],
        NETWORK => &["TCP", "UDP", "TCP_UDP", "TLS", "QUIC", "TCP_QUIC"],
        _ => &[],
    }
}

/// The protocols of the groups that a listener of a type of balancer forwards to.
fn forwards(kind: &str, listener: Option<&str>) -> &'static [&'static str] {
    match (kind, listener) {
        (APPLICATION, _) => &["HTTP", "HTTPS"],
        (GATEWAY, _) => &["GENEVE"],
        (_, Some("TCP")) => &["TCP", "TCP_UDP"],
        (_, Some("TLS")) => &["TCP", "TLS"],
        (_, Some("UDP")) => &["UDP", "TCP_UDP"],
        (_, Some("TCP_UDP")) => &["TCP_UDP"],
        (_, Some("QUIC")) => &["QUIC", "TCP_QUIC"],
        (_, Some("TCP_QUIC")) => &["TCP_QUIC"],
        _ => &["TCP", "UDP", "TCP_UDP", "TLS", "QUIC", "TCP_QUIC"],
    }
}

fn unfit_protocol(i: &LayoutInstance<'_>, balancer: &LayoutInstance<'_>, kind: &str) -> Diagnostics {
    let mut found = Diagnostics::new();
    let Some(protocol) = i.attrs.str("protocol").filter(|p| !listens(kind).contains(p)) else { return found };
    let expected = match listens(kind) {
        [] => "none, as it takes all traffic".to_owned(),
        all => all.join(", "),
    };
    let detail = format!("{} listens for {protocol}, but {} is of type {kind}.", i.address, balancer.address);
    found.push(
        between(&[i], "A listener's protocol does not fit its balancer", detail)
            .hint(format!("The protocols of a listener of a balancer of type {kind}: {expected}.")),
    );
    found
}

fn unfit_groups(
    world: &World<'_>,
    i: &LayoutInstance<'_>,
    actions: &str,
    balancer: &LayoutInstance<'_>,
    kind: &str,
) -> Diagnostics {
    let fitting = forwards(kind, i.attrs.str("protocol"));
    let mut found = Diagnostics::new();
    let keys: BTreeSet<String> =
        targets(i.attrs, actions).iter().filter_map(|v| world.key_of_value(v, &TARGET_GROUP)).collect();
    for group in keys.iter().filter_map(|key| world.instance(key)) {
        // A Lambda function has no protocol, and only an application balancer calls one.
        let function = group.attrs.str("target_type") == Some("lambda");
        let protocol = match (function, group.attrs.str("protocol")) {
            (true, _) if kind == APPLICATION => continue,
            (true, _) => "no protocol, as its targets are functions",
            (false, Some(protocol)) if !fitting.contains(&protocol) => protocol,
            _ => continue,
        };
        let detail = format!(
            "{} forwards to {}, which has {protocol}; {} is of type {kind}.",
            i.address, group.address, balancer.address
        );
        found.push(
            between(&[i], "A target group's protocol does not fit the balancer", detail)
                .hint(format!("Here a target group has one of: {}.", fitting.join(", "))),
        );
    }
    found
}

/// The target groups that actions name, in both spellings.
fn targets(attrs: &Attrs, actions: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for action in attrs.blocks(actions) {
        all.extend(action.get("target_group_arn").cloned());
        let groups = action.blocks("forward").into_iter().flat_map(|forward| forward.blocks("target_group"));
        all.extend(groups.filter_map(|group| group.get("arn").cloned()));
    }
    all
}

/// An application balancer whose subnets are all known to be in one zone, or two of whose subnets share one.
fn one_zone(world: &World<'_>, i: &LayoutInstance<'_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let known = |name: &str| i.attrs.get(name).is_some_and(|v| !v.is_unknown());
    let given = ["subnets", "subnet_mapping"].into_iter().find(|name| i.gives(name) && known(name));
    let Some(given) = given else { return found };
    let places: Vec<Value> = match given {
        "subnets" => i.attrs.elements(given).to_vec(),
        _ => i.attrs.blocks(given).iter().filter_map(|m| m.get("subnet_id").cloned()).collect(),
    };
    let zone = |place: &Value| {
        let subnet = world.instance(&world.key_of_value(place, &SUBNET)?)?;
        Some((subnet.attrs.string("availability_zone")?, subnet))
    };
    let zones: Vec<_> = places.iter().filter_map(zone).collect();
    let distinct: BTreeSet<&str> = zones.iter().map(|(zone, _)| zone.as_str()).collect();
    let application = i.attrs.str("load_balancer_type") == Some(APPLICATION);
    if application && zones.len() == places.len() && distinct.len() < 2 {
        let subnets: Vec<_> = zones.iter().map(|(_, subnet)| *subnet).collect();
        let zone = distinct.first().copied().unwrap_or("no zone");
        let detail = format!("{} has {}, all in {zone}; it needs two zones at least.", i.address, names(&subnets));
        found.push(
            between(&[i], "An application balancer lies in fewer than two zones", detail)
                .hint("Give it a subnet in each of two or more zones."),
        );
    } else if distinct.len() < zones.len() {
        let twice = distinct.iter().find(|zone| zones.iter().filter(|(z, _)| z == *zone).count() > 1);
        let subnets: Vec<_> = zones.iter().filter(|(z, _)| Some(&z.as_str()) == twice).map(|(_, s)| *s).collect();
        let detail = format!("{} has {}, which share a zone.", i.address, names(&subnets));
        found.push(
            between(&[i], "A balancer has two subnets in one zone", detail)
                .hint("A balancer takes one subnet per zone."),
        );
    }
    found
}
