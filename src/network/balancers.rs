//! Balancers: the ports that they listen on, and the targets that they hand traffic to.

mod targets;

use super::filters::Verdict;
use super::index::{Index, Link};
use super::read::{Fact, elements, number, text};
use super::space::{Packets, TCP, UDP};
use std::collections::HashMap;
pub(super) use targets::Handoff;

const BALANCERS: [&str; 3] = ["aws_lb", "aws_alb", "aws_elb"];
const LISTENERS: [&str; 2] = ["aws_lb_listener", "aws_alb_listener"];

/// What balancers answer on.
#[derive(Debug, Default)]
pub(super) struct Balancers {
    /// By the object that is the balancer.
    listens: HashMap<usize, Verdict>,
    /// Listeners of balancers that are not known.
    anywhere: Packets,
    handoffs: Vec<Handoff>,
}

impl Balancers {
    pub(super) fn of(index: &Index<'_>) -> Self {
        let mut all = Balancers { handoffs: targets::handoffs(index), ..Balancers::default() };
        for (_, listener) in index.of(&LISTENERS) {
            let of = &listener.attributes;
            let packets = listened(&text(of, "protocol"), &number(of, "port"));
            match index.refers(of, "load_balancer_arn", &BALANCERS) {
                Link::To(balancer, _) => {
                    let known = all.listens.entry(balancer).or_default();
                    *known = known.or(&packets);
                }
                Link::Unknown => all.anywhere = all.anywhere.union(&packets.may),
                Link::Elsewhere(_) | Link::Nothing => {}
            }
        }
        for (at, classic) in index.of(&["aws_elb"]) {
            let found = elements(&classic.attributes, "listener");
            let mut listens = found.all.iter().fold(Verdict::default(), |all, block| {
                all.or(&listened(&Fact::Known("TCP"), &number(block, "lb_port")))
            });
            if found.open {
                listens.may = Packets::all();
            }
            all.listens.insert(at, listens);
        }
        all
    }

    /// What balancers hand to their targets.
    pub(super) fn handoffs(&self) -> &[Handoff] {
        &self.handoffs
    }

    /// The packets that a balancer answers.
    pub(super) fn answers(&self, balancer: usize) -> Verdict {
        let own = self.listens.get(&balancer).cloned().unwrap_or_default();
        Verdict { may: own.may.union(&self.anywhere), ..own }
    }
}

fn listened(protocol: &Fact<&str>, port: &Fact<i64>) -> Verdict {
    let protocols: &[u8] = match protocol {
        Fact::Known("UDP" | "QUIC") => &[UDP],
        Fact::Known("TCP_UDP" | "TCP_QUIC") | Fact::Unknown => &[TCP, UDP],
        Fact::Known(_) | Fact::Absent => &[TCP],
    };
    let (first, last) = match port {
        Fact::Known(port) => u16::try_from(*port).map_or((0, u16::MAX), |port| (port, port)),
        _ => (0, u16::MAX),
    };
    let packets = Packets::any(protocols.iter().map(|protocol| Packets::with_ports(*protocol, first, last)).collect());
    match protocol.is_unknown() || first != last {
        true => Verdict { sure: Packets::default(), may: packets },
        false => Verdict::known(packets),
    }
}
