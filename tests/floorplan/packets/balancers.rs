//! Load balancers and databases: who listens on a port, and where a listener sends what it takes.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::facts::{all, blocks, by_id, number, text};
use super::places::{Interface, Kind};
use super::{Object, Objects, Packet, Protocol, World};

/// Whether somebody listens where a packet arrived.
///
/// AWS: a load balancer takes connections on the ports of its listeners, a database on its port. Nobody knows what
/// listens on an instance: what reaches it counts as delivered.
pub fn listens(world: World<'_>, interface: &Interface, packet: Packet) -> bool {
    match &interface.kind {
        Kind::Balancer(id) => listeners(world.objects, id).iter().any(|listener| {
            let a = &listener.attributes;
            number(a, "port") == Some(i64::from(packet.port)) && takes(text(a, "protocol"), packet.protocol)
        }),
        Kind::Database(address) => world.objects.iter().filter(|object| object.address == *address).any(|database| {
            packet.protocol == Protocol::Tcp && number(&database.attributes, "port") == Some(i64::from(packet.port))
        }),
        Kind::Machine | Kind::Endpoint | Kind::Nat(_) => true,
    }
}

fn listeners<'a>(objects: &'a [Object], balancer: &str) -> Vec<&'a Object> {
    let all = all(objects, &["aws_lb_listener", "aws_alb_listener"]);
    all.into_iter().filter(|listener| text(&listener.attributes, "load_balancer_arn") == balancer).collect()
}

/// Whether a listener's protocol is carried by a packet's.
fn takes(listener: &str, protocol: Protocol) -> bool {
    match listener {
        "UDP" | "QUIC" => protocol == Protocol::Udp,
        "TCP_UDP" | "TCP_QUIC" => [Protocol::Tcp, Protocol::Udp].contains(&protocol),
        _ => protocol == Protocol::Tcp,
    }
}

/// Where a balancer sends what its listener on a port takes: addresses or objects, with their ports.
///
/// AWS: a listener has a default action and rules with actions of their own. An action that forwards names one target
/// group or several with weights; a group of weight 0 gets nothing. A target has a port of its own or that of its group.
pub fn targets(objects: &Objects, balancer: &str, port: u16) -> Vec<(String, u16)> {
    let Some(balancer) = objects.iter().find(|object| object.address == balancer) else { return Vec::new() };
    let mut groups: Vec<String> = Vec::new();
    for listener in listeners(objects, text(&balancer.attributes, "id")) {
        if number(&listener.attributes, "port") != Some(i64::from(port)) {
            continue;
        }
        groups.extend(forwarded(&listener.attributes, "default_action"));
        for rule in all(objects, &["aws_lb_listener_rule", "aws_alb_listener_rule"]) {
            if text(&rule.attributes, "listener_arn") == text(&listener.attributes, "id") {
                groups.extend(forwarded(&rule.attributes, "action"));
            }
        }
    }
    let mut found = Vec::new();
    for attachment in all(objects, &["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"]) {
        let a = &attachment.attributes;
        let group = text(a, "target_group_arn");
        if !groups.iter().any(|each| each == group) {
            continue;
        }
        let kinds = ["aws_lb_target_group", "aws_alb_target_group"];
        let usual = by_id(objects, &kinds, group).and_then(|group| number(&group.attributes, "port"));
        let port = number(a, "port").or(usual).and_then(|port| u16::try_from(port).ok());
        let id = text(a, "target_id");
        let object = by_id(objects, &["aws_instance", "aws_lb"], id).map(|object| object.address.clone());
        let address = id.parse::<IpAddr>().ok().map(|address| address.to_string());
        if let (Some(target), Some(port)) = (object.or(address), port) {
            found.push((target, port));
        }
    }
    found
}

/// The target groups that actions forward to.
fn forwarded(of: &Json, name: &str) -> Vec<String> {
    let mut groups = Vec::new();
    for action in blocks(of, name).into_iter().filter(|action| text(action, "type") == "forward") {
        let own = text(action, "target_group_arn");
        groups.extend((!own.is_empty()).then(|| own.to_owned()));
        for group in blocks(action, "forward").into_iter().flat_map(|forward| blocks(forward, "target_group")) {
            if number(group, "weight") != Some(0) {
                groups.push(text(group, "arn").to_owned());
            }
        }
    }
    groups
}
