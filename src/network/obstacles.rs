//! The story of an attempt: the objects on the way of what passes, or all that is in the way of what does not.

use super::attempt::{Attempt, Pass};
use super::filters::Verdict;
use super::filters::group::Direction;
use super::gates::{Ends, Gate};
use super::legs::{Trail, shown};
use super::model::Model;
use super::nodes::Node;
use super::parts::Crossing;
use super::reach::Obstacle;
use super::space::Packets;
use super::ways::routes::Target;
use std::rc::Rc;
use std::sync::Arc;

impl Model {
    /// The filters that a packet would meet if routes led there, which are in the way as well.
    pub(super) fn expected(&self, from: &Node, to: &Node, attempt: &mut Attempt, pass: &Pass) {
        let mut gates: Vec<Gate> = self.lists_between(from, to, false);
        gates.extend(from.interface().map(Gate::Out));
        gates.extend(to.interface().map(Gate::In));
        gates.extend(to.interface().map(Gate::Listens));
        let ends = self.ends(from, to);
        let passes = gates.into_iter().map(|gate| (gate, self.passes(gate, &ends, &pass.seen)));
        attempt.gates.splice(0..0, passes.collect::<Vec<_>>());
        attempt.gates.extend(self.expected_of_answers(to, from, pass));
        let answers = self.answer(to, from, to, pass);
        if answers.verdict.is_empty() {
            attempt.drops.extend(answers.drops);
        }
    }

    /// The same of answers, which meet ACLs alone.
    pub(super) fn expected_of_answers(&self, from: &Node, to: &Node, pass: &Pass) -> Vec<(Gate, Rc<Verdict>)> {
        let ends = self.ends(from, to);
        let gates = self.lists_between(from, to, true).into_iter();
        gates.map(|gate| (gate, self.passes(gate, &ends, &pass.seen))).collect()
    }

    /// The ACLs of the subnets at both ends.
    fn lists_between(&self, from: &Node, to: &Node, answer: bool) -> Vec<Gate> {
        let mut trail = Trail::from(self.subnet_of(from));
        if trail.at != self.subnet_of(to) {
            trail.leave(self.subnet_of(to));
        }
        trail.crossings.iter().map(|crossing| Gate::Acl(*crossing, answer)).collect()
    }

    fn ends<'m>(&'m self, from: &Node, to: &Node) -> Ends<'m> {
        Ends { from: from.party(), to: to.party(), from_groups: self.peers(from), to_groups: self.peers(to), nat: None }
    }

    /// Every setting that keeps these packets from passing.
    pub(super) fn obstacles(&self, attempt: &Attempt, packets: &Packets) -> Vec<Obstacle> {
        let mut all = attempt.drops.clone();
        if let (Some(from), Some(to)) = (&attempt.from, &attempt.to) {
            for (gate, passes) in &attempt.gates {
                if !passes.may.meets(packets) {
                    let answer = matches!(gate, Gate::Acl(_, true));
                    let ends = if answer { self.ends(to, from) } else { self.ends(from, to) };
                    let (at, why) = self.refusal(*gate, &ends, packets);
                    all.push(Obstacle { at, why });
                }
            }
        }
        let mut seen: Vec<Obstacle> = Vec::new();
        for obstacle in all {
            if !seen.contains(&obstacle) {
                seen.push(obstacle);
            }
        }
        seen
    }

    /// The objects on the way of packets that pass: rules or, for all that passes, groups; ACLs, routes and gateways.
    pub(super) fn path(&self, attempt: &Attempt, packets: Option<&Packets>) -> Vec<Arc<str>> {
        let (Some(from), Some(to)) = (&attempt.from, &attempt.to) else { return attempt.path.clone() };
        let ends = self.ends(from, to);
        let (mut first, mut last) = (Vec::new(), Vec::new());
        let (mut acls_first, mut acls_last) = (Vec::new(), Vec::new());
        let mut seen: Vec<Gate> = Vec::new();
        for (gate, passes) in &attempt.gates {
            if seen.contains(gate) || packets.is_some_and(|packets| !passes.may.meets(packets)) {
                continue;
            }
            seen.push(*gate);
            match gate {
                Gate::Out(at) => first.extend(self.admitting(*at, Direction::Out, &ends, packets)),
                Gate::In(at) => last.extend(self.admitting(*at, Direction::In, &ends, packets)),
                Gate::Acl(crossing, false) => {
                    let acls = self.acls.of_subnet[crossing.subnet].iter().map(|acl| &self.acls.all[*acl]);
                    let named = acls.filter(|acl| acl.written).map(|acl| acl.name.clone());
                    match crossing.direction {
                        Direction::Out => acls_first.extend(named),
                        Direction::In => acls_last.extend(named),
                    }
                }
                _ => {}
            }
        }
        let mut path = first;
        path.extend(acls_first);
        path.extend(attempt.path.iter().cloned());
        path.extend(acls_last);
        path.extend(last);
        path.dedup();
        path
    }

    /// The rules of an interface's groups that let packets through; for all packets, the groups.
    fn admitting(&self, at: usize, direction: Direction, ends: &Ends<'_>, packets: Option<&Packets>) -> Vec<Arc<str>> {
        let (party, peers) = match direction {
            Direction::Out => (&ends.to, ends.to_groups),
            Direction::In => (&ends.from, ends.from_groups),
        };
        let groups = self.interfaces.all[at].groups.iter().map(|group| &self.groups.all[*group]);
        let name = |group: usize| self.groups.all[group].name.clone();
        match packets {
            Some(packets) => {
                let parts = groups.flat_map(|group| group.admitting(direction, party, peers, packets, name));
                parts.map(|(part, _)| part.at).collect()
            }
            None => groups.map(|group| group.name.clone()).collect(),
        }
    }

    /// The rules, routes and entries that these packets and their answers meet.
    pub(super) fn rules(&self, attempt: &Attempt, packets: &Packets) -> Vec<Crossing> {
        let (Some(from), Some(to)) = (&attempt.from, &attempt.to) else { return Vec::new() };
        let (mut first, mut last, mut answers) = (Vec::new(), Vec::new(), Vec::new());
        let (there, back) = (self.ends(from, to), self.ends(to, from));
        let name = |group: usize| self.groups.all[group].name.clone();
        for (gate, _) in &attempt.gates {
            match gate {
                Gate::Out(at) | Gate::In(at) => {
                    let out = matches!(gate, Gate::Out(_));
                    let (direction, party, peers) = match out {
                        true => (Direction::Out, &there.to, there.to_groups),
                        false => (Direction::In, &there.from, there.from_groups),
                    };
                    let groups = self.interfaces.all[*at].groups.iter().map(|group| &self.groups.all[*group]);
                    let found = groups.flat_map(|group| group.admitting(direction, party, peers, packets, name));
                    let found = found.map(|(part, what)| Crossing { part, what, lets: true });
                    if out { first.extend(found) } else { last.extend(found) }
                }
                Gate::Acl(crossing, answer) => {
                    let ends = if *answer { &back } else { &there };
                    let party = self.acl_party(*crossing, ends);
                    let acls = self.acls.of_subnet[crossing.subnet].iter().map(|acl| &self.acls.all[*acl]);
                    let found = acls.flat_map(|acl| acl.deciding(crossing.direction, &party, packets, *answer));
                    let found = found.map(|(part, what, lets)| Crossing { part, what, lets });
                    match (answer, crossing.direction) {
                        (true, _) => answers.extend(found),
                        (false, Direction::Out) => first.extend(found),
                        (false, Direction::In) => last.extend(found),
                    }
                }
                Gate::Listens(_) => {}
            }
        }
        let routes = attempt.routes.iter().filter_map(|(transit, table, route)| {
            let tables = if *transit { &self.transit.tables } else { &self.tables.all };
            let route = tables.get(*table)?.routes.get(*route)?;
            let what = format!("route to {}", shown(&route.destination.may));
            Some(Crossing { part: route.part.clone(), what, lets: route.target != Target::Blackhole })
        });
        let mut all: Vec<Crossing> = Vec::new();
        for crossing in first.into_iter().chain(routes).chain(last).chain(answers) {
            if !all.contains(&crossing) {
                all.push(crossing);
            }
        }
        all
    }
}
