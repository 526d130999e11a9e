//! A security group: stateful, only allowing, by range, prefix list and group.

use super::Verdict;
use super::matching::{Party, Ranges, Services};
use crate::network::legs::shown;
use crate::network::parts::Part;
use crate::network::space::{Addresses, Packets};
use std::sync::Arc;

/// The direction of traffic, seen from the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::network) enum Direction {
    In,
    Out,
}

/// Whoever a rule names.
#[derive(Debug)]
pub(super) enum Peer {
    Ranges(Ranges),
    Group(usize),
    Unknown,
}

/// A rule with one peer.
#[derive(Debug)]
pub(super) struct Rule {
    /// The object or block that gives it.
    pub(super) part: Part,
    pub(super) services: Services,
    pub(super) peer: Peer,
}

/// A group.
#[derive(Debug)]
pub(in crate::network) struct Group {
    pub(in crate::network) name: Arc<str>,
    pub(super) ingress: Vec<Rule>,
    pub(super) egress: Vec<Rule>,
    /// Whether it may have rules that are not known.
    pub(super) open: bool,
}

/// The groups of whoever is on the other side.
#[derive(Debug, Clone, Copy)]
pub(in crate::network) struct Peers<'g> {
    pub(in crate::network) groups: &'g [usize],
    /// Whether it may have other groups.
    pub(in crate::network) open: bool,
}

impl Peers<'_> {
    /// Whoever has no group here.
    pub(in crate::network) const NONE: Peers<'static> = Peers { groups: &[], open: false };
}

impl Group {
    /// What the group lets through to or from a party.
    pub(in crate::network) fn passes(&self, direction: Direction, party: &Party, peers: Peers<'_>) -> Verdict {
        let (mut sure, mut may) = (Vec::new(), Vec::new());
        let mut alike = !self.open;
        for rule in self.rules(direction) {
            let (for_sure, perhaps) = rule.peer.meets(party, peers);
            let packets = |addresses: Addresses| (!addresses.is_empty()).then(|| rule.services.packets(addresses));
            if rule.services.sure && for_sure == perhaps {
                let packets = packets(perhaps);
                sure.extend(packets.clone());
                may.extend(packets);
                continue;
            }
            alike = false;
            sure.extend(packets(for_sure).filter(|_| rule.services.sure));
            may.extend(packets(perhaps));
        }
        if alike {
            return Verdict::known(Packets::any(may));
        }
        let may = if self.open { Packets::all() } else { Packets::any(may) };
        Verdict { sure: Packets::any(sure), may }
    }

    /// The rules that let a packet through, in order, each with what it says.
    pub(in crate::network) fn admitting(
        &self,
        direction: Direction,
        party: &Party,
        peers: Peers<'_>,
        packets: &Packets,
        name: impl Fn(usize) -> Arc<str>,
    ) -> Vec<(Part, String)> {
        let admits = |rule: &&Rule| {
            let (_, perhaps) = rule.peer.meets(party, peers);
            rule.services.packets(perhaps).meets(packets)
        };
        let says = |rule: &Rule| {
            let word = match direction {
                Direction::In => "ingress",
                Direction::Out => "egress",
            };
            let services = rule.services.packets(Addresses::all()).services();
            let with = match &rule.peer {
                Peer::Ranges(ranges) if !ranges.may.is_empty() => shown(&ranges.may),
                Peer::Ranges(_) => "a prefix list".to_owned(),
                Peer::Group(group) => name(*group).to_string(),
                Peer::Unknown => "what is not known yet".to_owned(),
            };
            let towards = if direction == Direction::In { "from" } else { "to" };
            (rule.part.clone(), format!("{word} {services} {towards} {with}"))
        };
        self.rules(direction).iter().filter(admits).map(says).collect()
    }

    fn rules(&self, direction: Direction) -> &[Rule] {
        match direction {
            Direction::In => &self.ingress,
            Direction::Out => &self.egress,
        }
    }
}

impl Peer {
    fn meets(&self, party: &Party, peers: Peers<'_>) -> (Addresses, Addresses) {
        match self {
            Peer::Ranges(ranges) => ranges.meet(party),
            Peer::Group(group) => {
                let known = peers.groups.contains(group);
                let all = |holds: bool| if holds { Addresses::all() } else { Addresses::default() };
                (all(known), all(known || peers.open))
            }
            Peer::Unknown => (Addresses::default(), Addresses::all()),
        }
    }
}
