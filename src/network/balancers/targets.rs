//! From listeners to targets: which group a listener or one of its rules forwards to, which objects are in it, and on which
//! port they are asked for service and for health.

use super::{BALANCERS, LISTENERS, listened};
use crate::network::filters::Verdict;
use crate::network::index::{Index, Link};
use crate::network::read::{Fact, elements, flag, number, text};
use crate::network::space::{Packets, TCP, UDP};
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

const GROUPS: [&str; 2] = ["aws_lb_target_group", "aws_alb_target_group"];
const TARGETS: [&str; 3] = ["aws_instance", "aws_lb", "aws_alb"];
/// The actions of listeners and of their rules.
const ACTIONS: [&str; 2] = ["default_action", "action"];
/// Where an action names the groups that it forwards to.
const FORWARDS: [&str; 2] = ["target_group_arn", "forward.target_group.arn"];

/// Traffic that a balancer hands to one of its targets.
#[derive(Debug, Clone)]
pub(in crate::network) struct Handoff {
    pub(in crate::network) balancer: usize,
    /// The listener, and the rule if it is not the default action.
    pub(in crate::network) doors: Vec<Arc<str>>,
    /// What the listener takes.
    pub(in crate::network) takes: Verdict,
    pub(in crate::network) group: Arc<str>,
    pub(in crate::network) target: usize,
    /// What the target is sent.
    pub(in crate::network) sends: Verdict,
    /// What it is asked for its health.
    pub(in crate::network) health: Verdict,
    /// Whether the target sees the client's address, if that is known.
    pub(in crate::network) preserves: Option<bool>,
}

/// A listener or a rule of it, with what it takes.
struct Door {
    balancer: usize,
    names: Vec<Arc<str>>,
    takes: Verdict,
    groups: Vec<usize>,
}

/// All that balancers hand to targets that are among the objects.
pub(super) fn handoffs(index: &Index<'_>) -> Vec<Handoff> {
    let members = members(index);
    let mut all = Vec::new();
    for door in doors(index) {
        for group in &door.groups {
            let of = &index.objects[*group];
            for (target, port) in members.get(group).into_iter().flatten() {
                let own = number(&of.attributes, "port").read(|port| u16::try_from(port).ok());
                let port = if matches!(port, Fact::Absent) { own } else { *port };
                let protocol = text(&of.attributes, "protocol");
                all.push(Handoff {
                    balancer: door.balancer,
                    doors: door.names.clone(),
                    takes: door.takes.clone(),
                    group: of.address.clone(),
                    target: *target,
                    sends: sent(protocol, port),
                    health: health(index, *group, port),
                    preserves: preserves(index, &door, *group),
                });
            }
        }
    }
    all
}

fn doors(index: &Index<'_>) -> Vec<Door> {
    let mut doors = Vec::new();
    let mut by_listener: HashMap<usize, usize> = HashMap::new();
    let groups = |at: usize| {
        let of = &index.objects[at].attributes;
        // An action of another kind may still show the groups of the one before it.
        let forwards = |action: &&Value| !matches!(text(action, "type"), Fact::Known(kind) if kind != "forward");
        let actions = ACTIONS.iter().flat_map(|name| elements(of, name).all).filter(forwards);
        let named = actions.flat_map(|action| FORWARDS.iter().flat_map(|path| elements(action, path).all));
        named.filter_map(|value| index.link(value, &GROUPS).object()).collect::<Vec<_>>()
    };
    for (at, listener) in index.of(&LISTENERS) {
        let of = &listener.attributes;
        let Link::To(balancer, _) = index.refers(of, "load_balancer_arn", &BALANCERS) else { continue };
        by_listener.insert(at, doors.len());
        let takes = listened(&text(of, "protocol"), &number(of, "port"));
        doors.push(Door { balancer, names: vec![listener.address.clone()], takes, groups: groups(at) });
    }
    for (at, rule) in index.of(&["aws_lb_listener_rule", "aws_alb_listener_rule"]) {
        let listener = index.refers(&rule.attributes, "listener_arn", &LISTENERS).object();
        let Some(listener) = listener.and_then(|at| by_listener.get(&at)).copied() else { continue };
        let mut names = doors[listener].names.clone();
        names.push(rule.address.clone());
        let (balancer, takes) = (doors[listener].balancer, doors[listener].takes.clone());
        doors.push(Door { balancer, names, takes, groups: groups(at) });
    }
    doors
}

/// The targets of each group, with the port of each if it has one of its own.
fn members(index: &Index<'_>) -> HashMap<usize, Vec<(usize, Fact<u16>)>> {
    let mut all: HashMap<usize, Vec<(usize, Fact<u16>)>> = HashMap::new();
    let mut add = |group: &Link, target: Option<usize>, port: Fact<u16>| {
        if let (Link::To(group, _), Some(target)) = (group, target) {
            all.entry(*group).or_default().push((target, port));
        }
    };
    for (_, attachment) in index.of(&["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"]) {
        let of = &attachment.attributes;
        let target = index.refers(of, "target_id", &TARGETS).object();
        // A target may be named by its address.
        let target = target.or_else(|| {
            let address = text(of, "target_id").known()?;
            let has = |at: &usize| text(&index.objects[*at].attributes, "private_ip").known() == Some(address);
            index.of(&["aws_instance", "aws_network_interface"]).map(|(at, _)| at).find(has)
        });
        let port = number(of, "port").read(|port| u16::try_from(port).ok());
        add(&index.refers(of, "target_group_arn", &GROUPS), target, port);
    }
    for (at, scaling) in index.of(&["aws_autoscaling_group"]) {
        for value in elements(&scaling.attributes, "target_group_arns").all {
            add(&index.link(value, &GROUPS), Some(at), Fact::Absent);
        }
    }
    for (_, attachment) in index.of(&["aws_autoscaling_attachment"]) {
        let of = &attachment.attributes;
        let scaling = index.refers(of, "autoscaling_group_name", &["aws_autoscaling_group"]).object();
        add(&index.refers(of, "lb_target_group_arn", &GROUPS), scaling, Fact::Absent);
    }
    all
}

fn sent(protocol: Fact<&str>, port: Fact<u16>) -> Verdict {
    let protocols: &[u8] = match protocol {
        Fact::Known("UDP" | "QUIC") => &[UDP],
        Fact::Known("TCP_UDP" | "TCP_QUIC") => &[TCP, UDP],
        _ => &[TCP],
    };
    let (first, last) = port.known().map_or((0, u16::MAX), |port| (port, port));
    let each = protocols.iter().map(|protocol| Packets::with_ports(*protocol, first, last));
    let packets = Packets::any(each.collect());
    match port {
        Fact::Known(_) => Verdict::known(packets),
        _ => Verdict { sure: Packets::default(), may: packets },
    }
}

fn health(index: &Index<'_>, group: usize, port: Fact<u16>) -> Verdict {
    let of = &index.objects[group].attributes;
    let given = elements(of, "health_check.port");
    let own = match given.all.first() {
        Some(value) if value.is_unknown() => Fact::Unknown,
        Some(value) => match value.as_str().map_or_else(|| value.as_i64(), |text| text.parse().ok()) {
            Some(own) => u16::try_from(own).map_or(Fact::Unknown, Fact::Known),
            // The port that the target serves on.
            None => port,
        },
        None if given.open => Fact::Unknown,
        None => port,
    };
    sent(Fact::Known("TCP"), own)
}

/// Application balancers connect themselves; network balancers pass the client's address on to instances, and to
/// addresses only where they are asked to or where it is not TCP.
fn preserves(index: &Index<'_>, door: &Door, group: usize) -> Option<bool> {
    let balancer = &index.objects[door.balancer].attributes;
    match text(balancer, "load_balancer_type") {
        Fact::Known("network") => {}
        Fact::Known(_) | Fact::Absent => return Some(false),
        Fact::Unknown => return None,
    }
    let of = &index.objects[group].attributes;
    match (flag(of, "preserve_client_ip"), text(of, "target_type"), text(of, "protocol")) {
        (Fact::Known(preserves), ..) => Some(preserves),
        (Fact::Unknown, ..) | (_, Fact::Unknown, _) => None,
        (_, Fact::Known("ip"), protocol) => Some(!matches!(protocol, Fact::Known("TCP" | "TLS"))),
        (_, Fact::Known("alb"), _) => Some(true),
        _ => Some(true),
    }
}
