//! Flows through balancers: from a client to a listener, and from the balancer on to each of its targets.

use super::attempt::Pass;
use super::balancers::Handoff;
use super::filters::Verdict;
use super::flows::Flow;
use super::gates::{Ends, Gate};
use super::legs::{End, Trail};
use super::model::Model;
use super::nodes::Node;
use super::reach::Source;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Model {
    /// All flows from one source through balancers to their targets. The packets are those that the listener takes; the
    /// path has the balancer, the listener and the target group in it. An end that is not in the network is given back as
    /// the error.
    pub fn served(&self, source: &Source) -> Result<Vec<Flow>, Arc<str>> {
        let pass = Pass::default();
        let mut to_balancers: BTreeMap<Arc<str>, Flow> = BTreeMap::new();
        for flow in self.flows(source)? {
            to_balancers.insert(flow.destination.clone(), flow);
        }
        let mut found = Vec::new();
        for handoff in self.balancers.handoffs() {
            let Some(first) = to_balancers.get(&self.names[handoff.balancer]) else { continue };
            let taken = first.packets.and(&handoff.takes);
            if taken.is_empty() {
                continue;
            }
            let clients = self.clients(source)?;
            let (handed, steps) = self.handed(&clients, handoff, &pass);
            let packets = match (handed.sure.is_empty(), handed.may.is_empty()) {
                (_, true) => continue,
                (true, false) => taken.doubtful(),
                (false, false) => taken,
            };
            let mut path = first.path.clone();
            path.extend(handoff.doors.iter().cloned());
            path.push(handoff.group.clone());
            path.extend(steps);
            path.push(self.names[handoff.target].clone());
            path.dedup();
            let mut doubts = first.doubts.clone();
            if packets.sure != packets.may && doubts.is_empty() {
                doubts.push(format!("not all is known of the way to {}", self.names[handoff.target]));
            }
            let (source, destination) = (first.source.clone(), self.names[handoff.target].clone());
            found.push(Flow { source, destination, packets, path, doubts });
        }
        Ok(found)
    }

    /// Whether each balancer reaches its targets on the port of their service, and on that of their health: the address
    /// of the balancer and the target, and what passes of each.
    pub fn targets(&self) -> Vec<Target> {
        let pass = Pass::default();
        let one = |handoff: &Handoff| {
            let through = |packets: &Verdict| self.sent(&[], handoff, packets, &pass).0;
            Target {
                balancer: self.names[handoff.balancer].clone(),
                group: handoff.group.clone(),
                target: self.names[handoff.target].clone(),
                service: through(&handoff.sends),
                health: through(&handoff.health),
            }
        };
        self.balancers.handoffs().iter().map(one).collect()
    }

    fn clients(&self, source: &Source) -> Result<Vec<Node>, Arc<str>> {
        let ends = self.sources(source)?;
        Ok(ends.into_iter().flat_map(|ends| ends.interfaces).flatten().collect())
    }

    /// What the target gets, seen as from the clients where it sees their addresses.
    pub(super) fn handed(&self, clients: &[Node], handoff: &Handoff, pass: &Pass) -> (Verdict, Vec<Arc<str>>) {
        match handoff.preserves {
            Some(true) => self.sent(clients, handoff, &handoff.sends, pass),
            Some(false) => self.sent(&[], handoff, &handoff.sends, pass),
            None => {
                let (seen, steps) = self.sent(clients, handoff, &handoff.sends, pass);
                (seen.either(&self.sent(&[], handoff, &handoff.sends, pass).0), steps)
            }
        }
    }

    fn sent(&self, clients: &[Node], handoff: &Handoff, packets: &Verdict, pass: &Pass) -> (Verdict, Vec<Arc<str>>) {
        let nodes = |object: usize| {
            let interfaces = self.interfaces.of_object.get(&object).into_iter().flatten();
            interfaces.flat_map(|at| self.nodes(*at)).collect::<Vec<Node>>()
        };
        let (mut all, mut path) = (Verdict::default(), Vec::new());
        for from in nodes(handoff.balancer) {
            for to in nodes(handoff.target) {
                let legs = self.legs_between(&from, &to, false, pass);
                let attempt = self.between(&from, &to, &legs, pass);
                let passed = match clients {
                    [] => attempt.passed.clone(),
                    clients => {
                        let each = clients.iter().map(|client| self.passed_on(client, &from, &to, pass));
                        each.fold(Verdict::default(), |all, one| all.or(&one))
                    }
                };
                let passed = passed.and(packets);
                if !passed.is_empty() && path.is_empty() {
                    path = self.path(&attempt, None);
                }
                all = all.or(&passed);
            }
        }
        (all, path)
    }

    /// What filters let through to a target that sees the client's address, there and back.
    fn passed_on(&self, client: &Node, from: &Node, to: &Node, pass: &Pass) -> Verdict {
        let there = Ends {
            from: client.party(),
            to: to.party(),
            from_groups: self.peers(from),
            to_groups: self.peers(to),
            nat: None,
        };
        let back = Ends { from: to.party(), to: client.party(), ..there.clone() };
        let (start, end) = (self.subnet_of(from), self.subnet_of(to));
        let within =
            self.legs_between(from, to, false, pass).iter().any(|leg| matches!(leg.end, End::Local(_) | End::Unknown));
        if !within {
            return Verdict::default();
        }
        let (mut out, mut home) = (Trail::from(start), Trail::from(end));
        if start != end {
            out.leave(end);
            home.leave(start);
        }
        let mut passed = match to.interface() {
            Some(at) => (*self.passes(Gate::In(at), &there, &pass.seen)).clone(),
            None => Verdict::all(),
        };
        for crossing in out.crossings {
            passed = passed.and(&self.passes(Gate::Acl(crossing, false), &there, &pass.seen));
        }
        for crossing in home.crossings {
            passed = passed.and(&self.passes(Gate::Acl(crossing, true), &back, &pass.seen));
        }
        passed
    }
}

/// What a balancer's target gets of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The balancer.
    pub balancer: Arc<str>,
    /// The target group.
    pub group: Arc<str>,
    /// The target.
    pub target: Arc<str>,
    /// What of its service comes through.
    pub service: Verdict,
    /// What of the questions for its health comes through.
    pub health: Verdict,
}
