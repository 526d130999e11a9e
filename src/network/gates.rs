//! Gates: the filters on a way, each asked at most once for the same parties in one pass.

use super::filters::group::{Direction, Peers};
use super::filters::{Party, Verdict};
use super::interfaces::{Interface, Shape};
use super::legs::{Crossing, Side};
use super::model::Model;
use super::places::Subnet;
use super::read::Fact;
use super::space::{Packets, TCP};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// A filter on a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// The ACLs of a subnet; for answers, those that come back the other way.
    Acl(Crossing, bool),
    /// The groups of the sender.
    Out(usize),
    /// The groups of the receiver.
    In(usize),
    /// The ports that the receiver answers on.
    Listens(usize),
}

/// The two ends of a way, as filters see them.
#[derive(Debug, Clone)]
pub(super) struct Ends<'m> {
    pub(super) from: Party,
    pub(super) to: Party,
    pub(super) from_groups: Peers<'m>,
    pub(super) to_groups: Peers<'m>,
    /// The NAT gateway that the receiver sees in the sender's place.
    pub(super) nat: Option<usize>,
}

type AclKey = (usize, Direction, bool, Party);
type GroupsKey = (Vec<usize>, bool, Direction, Party, Vec<usize>, bool);
type GroupKey = (usize, Direction, Party, Vec<usize>, bool);

/// What was found in one pass.
#[derive(Debug, Default)]
pub(super) struct Seen {
    acls: RefCell<HashMap<AclKey, Rc<Verdict>>>,
    group: RefCell<HashMap<GroupKey, Rc<Verdict>>>,
    groups: RefCell<HashMap<GroupsKey, Rc<Verdict>>>,
}

impl Model {
    /// What passes a gate.
    pub(super) fn passes(&self, gate: Gate, ends: &Ends<'_>, seen: &Seen) -> Rc<Verdict> {
        match gate {
            Gate::Acl(crossing, answer) => self.acl(crossing, answer, ends, seen),
            Gate::Out(interface) => self.grouped(interface, Direction::Out, &ends.to, ends.to_groups, seen),
            Gate::In(interface) => {
                let from = self.sender(ends);
                self.grouped(interface, Direction::In, &from, ends.from_groups, seen)
            }
            Gate::Listens(interface) => Rc::new(self.listens(&self.interfaces.all[interface])),
        }
    }

    /// The sender as the receiver sees it.
    fn sender(&self, ends: &Ends<'_>) -> Party {
        ends.nat.map_or_else(|| ends.from.clone(), |nat| self.translated(nat))
    }

    pub(super) fn translated(&self, nat: usize) -> Party {
        Party::one(self.interfaces.all[nat].addresses.first().cloned().unwrap_or_default())
    }

    /// Whoever an ACL compares with its entries.
    pub(super) fn acl_party(&self, crossing: Crossing, ends: &Ends<'_>) -> Party {
        match crossing.side {
            Side::From => ends.from.clone(),
            Side::To => ends.to.clone(),
            Side::Nat(nat) => self.translated(nat),
        }
    }

    fn acl(&self, crossing: Crossing, answer: bool, ends: &Ends<'_>, seen: &Seen) -> Rc<Verdict> {
        let party = self.acl_party(crossing, ends);
        let direction = crossing.direction;
        let one = |acl: usize| {
            let key = (acl, direction, answer, party.clone());
            if let Some(known) = seen.acls.borrow().get(&key) {
                return known.clone();
            }
            let of = &self.acls.all[acl];
            let verdict = if answer { of.answers(direction, &party) } else { of.passes(direction, &party) };
            let verdict = Rc::new(verdict);
            seen.acls.borrow_mut().insert(key, verdict.clone());
            verdict
        };
        match &self.acls.of_subnet[crossing.subnet][..] {
            [acl] => one(*acl),
            several => {
                let all = several.iter().map(|acl| (*one(*acl)).clone());
                Rc::new(all.reduce(|all, one| all.either(&one)).unwrap_or_else(|| Verdict::all().doubtful()))
            }
        }
    }

    fn grouped(
        &self,
        interface: usize,
        direction: Direction,
        party: &Party,
        peers: Peers<'_>,
        seen: &Seen,
    ) -> Rc<Verdict> {
        let of = &self.interfaces.all[interface];
        if of.groups.is_empty() && !of.groups_open {
            return Rc::new(Verdict::all());
        }
        let key = (of.groups.clone(), of.groups_open, direction, party.clone(), peers.groups.to_vec(), peers.open);
        if let Some(known) = seen.groups.borrow().get(&key) {
            return known.clone();
        }
        let one = |group: &usize| {
            let key = (*group, direction, party.clone(), peers.groups.to_vec(), peers.open);
            if let Some(known) = seen.group.borrow().get(&key) {
                return known.clone();
            }
            let verdict = Rc::new(self.groups.all[*group].passes(direction, party, peers));
            seen.group.borrow_mut().insert(key, verdict.clone());
            verdict
        };
        let each = of.groups.iter().map(one);
        let mut verdict =
            each.fold(Verdict::default(), |all, one| if all.is_empty() { (*one).clone() } else { all.or(&one) });
        if of.groups_open {
            verdict.may = Packets::all();
        }
        let verdict = Rc::new(verdict);
        seen.groups.borrow_mut().insert(key, verdict.clone());
        verdict
    }

    pub(super) fn listens(&self, interface: &Interface) -> Verdict {
        match (interface.shape, interface.port) {
            (Shape::Balancer, _) => self.balancers.answers(interface.object),
            (Shape::Database, Fact::Known(port)) => Verdict::known(Packets::with_ports(TCP, port, port)),
            (Shape::Database, Fact::Unknown) => {
                Verdict { sure: Packets::default(), may: Packets::with_ports(TCP, 0, u16::MAX) }
            }
            _ => Verdict::all(),
        }
    }

    /// The object that a gate is, and what it does not let through.
    pub(super) fn refusal(&self, gate: Gate, ends: &Ends<'_>, packets: &Packets) -> (Arc<str>, String) {
        let what = packets.services();
        // An interface whose address is not known yet is somewhere in its subnet.
        let shown = |party: &Party| {
            let within = |subnet: &&Subnet| subnet.holds().covers(&party.addresses);
            match self.places.subnets.iter().find(within) {
                Some(subnet) if party.addresses.ranges().count() > 1 => super::legs::shown(&subnet.v4),
                _ => super::legs::shown(&party.addresses),
            }
        };
        match gate {
            Gate::Acl(crossing, answer) => {
                let acl = self.acls.of_subnet[crossing.subnet].first().map(|acl| &self.acls.all[*acl]);
                let name =
                    acl.map_or_else(|| self.places.subnets[crossing.subnet].name.clone(), |acl| acl.name.clone());
                let party = shown(&self.acl_party(crossing, ends));
                let subnet = &self.places.subnets[crossing.subnet].name;
                let what = if answer { format!("the answers to {what}") } else { what };
                let why = match crossing.direction {
                    Direction::In => format!("it does not let {what} into {subnet} from {party}"),
                    Direction::Out => format!("it does not let {what} out of {subnet} to {party}"),
                };
                (name, why)
            }
            Gate::Out(interface) => {
                let (first, names) = self.group_names(interface);
                (first, format!("no egress rule of {names} lets {what} out to {}", shown(&ends.to)))
            }
            Gate::In(interface) => {
                let (first, names) = self.group_names(interface);
                let from = shown(&self.sender(ends));
                (first, format!("no ingress rule of {names} lets {what} in from {from}"))
            }
            Gate::Listens(interface) => {
                let of = &self.interfaces.all[interface];
                let answers = self.listens(of).may.services();
                (of.name.clone(), format!("it does not answer {what} (it answers {answers})"))
            }
        }
    }

    fn group_names(&self, interface: usize) -> (Arc<str>, String) {
        let of = &self.interfaces.all[interface];
        let names: Vec<Arc<str>> = of.groups.iter().map(|group| self.groups.all[*group].name.clone()).collect();
        let first = names.first().cloned().unwrap_or_else(|| of.name.clone());
        (first, names.join(", "))
    }
}
