//! The answers: between two ends the path or all that is in the way, else a table of flows.

use super::Network;
use super::ends::Named;
use crate::diag::{Diagnostic, Span};
use crate::network::space::{Packets, TCP};
use crate::network::{Answer, Crossing, Destination, EndKind, Flow, Object, ObjectKind, Obstacle, Reach, Source};
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A question: an end that is not given stands for all of them.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Where traffic begins.
    pub from: Option<Named>,
    /// Where traffic ends.
    pub to: Option<Named>,
    /// The packets, if not all of them.
    pub packets: Option<Packets>,
}

/// An object on the way.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its address, or the name of an end that is not an object.
    pub address: Arc<str>,
    /// Those of its rules, routes and entries that let the traffic through.
    pub lets: Vec<String>,
    /// Its block, or the one block inside it that lets the traffic through.
    pub place: Option<Span>,
}

/// A setting in the way.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// The address of the object, or the name of what AWS made with it.
    pub address: Arc<str>,
    /// Its effect.
    pub why: String,
    /// The block of the object.
    pub place: Option<Span>,
    /// The balancer that the way leads through, if it does.
    pub through: Option<Arc<str>>,
}

/// The answer for one sender and one receiver.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The sender.
    pub from: Arc<str>,
    /// The receiver.
    pub to: Arc<str>,
    /// The packets that were asked for: those of the question, or all that the receiver answers.
    pub asked: Packets,
    /// Whether any of them come through.
    pub answer: Answer,
    /// Those that do, or may.
    pub passes: Packets,
    /// The objects on the way, both ends included.
    pub path: Vec<Step>,
    /// The objects on the way of the answers.
    pub back: Vec<Step>,
    /// Why it only may be.
    pub doubts: Vec<String>,
    /// All that is in the way.
    pub obstacles: Vec<Blocked>,
}

/// A line of the table of flows.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where the flow begins.
    pub from: Arc<str>,
    /// Where it ends.
    pub to: Arc<str>,
    /// The packets, by the addresses of the far side.
    pub packets: Packets,
    /// Whether they surely come through.
    pub sure: bool,
    /// The objects on the way, both ends included.
    pub path: Vec<Arc<str>>,
    /// Why they only may.
    pub doubts: Vec<String>,
}

impl Network {
    /// The answer between two ends, for each pair of the objects that they name.
    pub fn paths(&self, from: &Named, to: &Named, packets: Option<&Packets>) -> Result<Vec<Pair>, Diagnostic> {
        if self.is_outside(&from.end) && self.is_outside(&to.end) {
            return Err(Diagnostic::error("Both ends are outside of the network")
                .code("network-end")
                .detail(format!("The model knows nothing of the way from {} to {}.", from.text, to.text))
                .hint("Name an object of the layout as one end."));
        }
        let behind = self.behind_balancers();
        let mut pairs = Vec::new();
        for (name, source) in from.sources() {
            let mut served: Option<Vec<Flow>> = None;
            for (target, destination) in to.destinations().into_iter().filter(|(target, _)| *target != name) {
                let asked = packets.cloned().unwrap_or_else(|| self.usual(&destination));
                let direct = self.model.reach_with(&source, &destination, &asked).map_err(|end| lost(&end))?;
                let through = match behind.contains_key(&target) && direct.answer != Answer::Yes {
                    true => {
                        let flows = served.get_or_insert_with(|| self.model.served(&source).unwrap_or_default());
                        best(flows.iter().filter(|flow| flow.destination == target), &asked)
                    }
                    false => None,
                };
                let balancers = behind.get(&target).map(Vec::as_slice).unwrap_or_default();
                pairs.push(match through.filter(|(answer, _)| *answer > direct.answer) {
                    Some(best) => self.served_pair((name.clone(), target), &source, asked, best, balancers),
                    None => {
                        let ends = ((name.clone(), &source), (target, &destination));
                        self.direct_pair(ends, asked, packets, direct, balancers)
                    }
                });
            }
        }
        if pairs.is_empty() {
            return Err(Diagnostic::error("Both ends are the same")
                .code("network-end")
                .detail(format!("{} names one object, and {} the same one.", from.text, to.text)));
        }
        pairs.sort_by(|a, b| (b.answer, &a.from, &a.to).cmp(&(a.answer, &b.from, &b.to)));
        Ok(pairs)
    }

    /// All flows that begin or end where the question says.
    pub fn rows(&self, question: &Question) -> Result<Vec<Row>, Diagnostic> {
        let sources = match &question.from {
            Some(named) => named.sources(),
            None => self.everyone(),
        };
        let behind = self.behind_balancers();
        let targets: Option<BTreeMap<Arc<str>, Destination>> =
            question.to.as_ref().map(|to| to.destinations().into_iter().collect());
        let mut rows = Vec::new();
        for (name, source) in sources {
            let flows = match &targets {
                None => {
                    let mut flows = self.model.flows(&source).map_err(|end| lost(&end))?;
                    let balancers: BTreeSet<&Arc<str>> =
                        behind.values().flatten().map(|(balancer, _)| balancer).collect();
                    if flows.iter().any(|flow| balancers.contains(&flow.destination)) {
                        flows.extend(self.model.served(&source).map_err(|end| lost(&end))?);
                    }
                    flows
                }
                Some(targets) => self.flows_to((&name, &source), targets, &behind)?,
            };
            let all = question.packets.clone().unwrap_or_else(Packets::all);
            rows.extend(flows.into_iter().flat_map(|flow| of_flow(flow, &all)));
        }
        let outside = |name: &str| match name {
            "internet" => 0,
            "vpn" => 1,
            _ => 2,
        };
        rows.sort_by(|a, b| {
            let key = |row: &Row| (outside(&row.from), row.from.clone(), row.to.clone(), !row.sure);
            key(a).cmp(&key(b))
        });
        Ok(rows)
    }

    fn flows_to(
        &self,
        (name, source): (&Arc<str>, &Source),
        targets: &BTreeMap<Arc<str>, Destination>,
        behind: &BTreeMap<Arc<str>, Vec<(Arc<str>, Arc<str>)>>,
    ) -> Result<Vec<Flow>, Diagnostic> {
        let (mut flows, mut balanced) = (Vec::new(), false);
        for (target, destination) in targets.iter().filter(|(target, _)| *target != name) {
            flows.extend(self.model.flows_between(source, destination).map_err(|end| lost(&end))?);
            for (balancer, _) in behind.get(target).into_iter().flatten().filter(|(balancer, _)| balancer != name) {
                let first = self.model.flows_between(source, &Destination::Object(balancer.clone()));
                balanced |= !first.map_err(|end| lost(&end))?.is_empty();
            }
        }
        if balanced {
            let served = self.model.served(source).map_err(|end| lost(&end))?;
            flows.extend(served.into_iter().filter(|flow| targets.contains_key(&flow.destination)));
        }
        Ok(flows)
    }

    /// All that traffic may begin at.
    fn everyone(&self) -> Vec<(Arc<str>, Source)> {
        let mut all: Vec<(Arc<str>, Source)> = vec![("internet".into(), Source::Internet), ("vpn".into(), Source::Vpn)];
        let interfaces = self.ends.iter().filter(|(_, kind)| **kind == EndKind::Interfaces);
        all.extend(interfaces.map(|(name, _)| (name.clone(), Source::Object(name.clone()))));
        all
    }

    /// The balancers and target groups before each target.
    fn behind_balancers(&self) -> BTreeMap<Arc<str>, Vec<(Arc<str>, Arc<str>)>> {
        let mut all: BTreeMap<Arc<str>, Vec<(Arc<str>, Arc<str>)>> = BTreeMap::new();
        for target in self.model.targets() {
            let before = all.entry(target.target).or_default();
            let own = (target.balancer, target.group);
            if !before.contains(&own) {
                before.push(own);
            }
        }
        all
    }

    /// The packets that are asked for where the question does not say: those that the receiver answers.
    fn usual(&self, destination: &Destination) -> Packets {
        match destination {
            Destination::Object(address) => {
                let answered = self.model.answered(address);
                if answered.is_empty() { Packets::all() } else { answered }
            }
            _ => Packets::all(),
        }
    }

    fn direct_pair(
        &self,
        ((from, source), (to, destination)): ((Arc<str>, &Source), (Arc<str>, &Destination)),
        asked: Packets,
        given: Option<&Packets>,
        reach: Reach,
        balancers: &[(Arc<str>, Arc<str>)],
    ) -> Pair {
        let stops = reach.obstacles.into_iter();
        let mut obstacles: Vec<Blocked> = stops.map(|one| self.blocked(one, &reach.rules, None)).collect();
        let (mut back, mut passes) = (Vec::new(), Packets::default());
        if reach.answer == Answer::No {
            for (balancer, group) in balancers.iter().filter(|(balancer, _)| *balancer != from) {
                obstacles.extend(self.before_target(source, (balancer, group, &to), given));
            }
        } else {
            back = self.steps(&self.with_tunnels(&self.model.way_back(source, destination)), &[]);
            let flows = self.model.flows_between(source, destination).unwrap_or_default();
            passes = flows.iter().fold(Packets::default(), |all, flow| all.union(&flow.packets.may)).and(&asked);
        }
        let path = self.steps(&self.with_tunnels(&reach.path), &reach.rules);
        Pair { from, to, asked, answer: reach.answer, passes, path, back, doubts: reach.doubts, obstacles }
    }

    fn served_pair(
        &self,
        (from, to): (Arc<str>, Arc<str>),
        source: &Source,
        asked: Packets,
        (answer, flow): (Answer, &Flow),
        balancers: &[(Arc<str>, Arc<str>)],
    ) -> Pair {
        let (names, rules) = self.through_balancer(source, &to, &asked, flow, balancers);
        let path = self.steps(&self.with_tunnels(&names), &rules);
        let passes = flow.packets.may.and(&asked);
        let doubts = if answer == Answer::May { flow.doubts.clone() } else { Vec::new() };
        Pair { from, to, asked, answer, passes, path, back: Vec::new(), doubts, obstacles: Vec::new() }
    }

    /// The path to the balancer with its rules, the listener and the target group, and the path on to the target.
    fn through_balancer(
        &self,
        source: &Source,
        target: &Arc<str>,
        asked: &Packets,
        flow: &Flow,
        balancers: &[(Arc<str>, Arc<str>)],
    ) -> (Vec<Arc<str>>, Vec<Crossing>) {
        let place = |name: &Arc<str>| flow.path.iter().position(|step| step == name);
        let between =
            balancers.iter().find_map(|(balancer, group)| Some((balancer, group, place(balancer)?, place(group)?)));
        let whole = || (flow.path.clone(), Vec::new());
        let Some((balancer, group, first, last)) = between else { return whole() };
        let front = self.model.reach_with(source, &Destination::Object(balancer.clone()), asked);
        let (from, to) = (Source::Object(balancer.clone()), Destination::Object(target.clone()));
        let handed = self.model.reach_with(&from, &to, &self.handed(group));
        match (front, handed, flow.path.get(first + 1..=last)) {
            (Ok(front), Ok(handed), Some(doors)) if !front.path.is_empty() && !handed.path.is_empty() => {
                let on = handed.path.iter().skip(1).cloned();
                let path = front.path.into_iter().chain(doors.iter().cloned()).chain(on).collect();
                (path, front.rules.into_iter().chain(handed.rules).collect())
            }
            _ => whole(),
        }
    }

    /// The packets that a target group sends to its targets, as far as its port is known.
    fn handed(&self, group: &str) -> Packets {
        let port = self.object(group).and_then(|group| group.attributes.get("port")).and_then(Value::as_i64);
        let (first, last) = port.and_then(|port| u16::try_from(port).ok()).map_or((0, u16::MAX), |port| (port, port));
        Packets::with_ports(TCP, first, last)
    }

    /// All that is in the way through a balancer to one of its targets.
    fn before_target(
        &self,
        source: &Source,
        (balancer, group, target): (&Arc<str>, &Arc<str>, &Arc<str>),
        given: Option<&Packets>,
    ) -> Vec<Blocked> {
        let front = Destination::Object(balancer.clone());
        let asked = given.cloned().unwrap_or_else(|| self.usual(&front));
        let (from, to) = (Source::Object(balancer.clone()), Destination::Object(target.clone()));
        let legs =
            [self.model.reach_with(source, &front, &asked), self.model.reach_with(&from, &to, &self.handed(group))];
        let stopped = |reach: Reach| {
            let one = |stop: Obstacle| self.blocked(stop, &reach.rules, Some(balancer.clone()));
            reach.obstacles.iter().cloned().map(one).collect::<Vec<Blocked>>()
        };
        legs.into_iter().flatten().flat_map(stopped).collect()
    }

    /// An obstacle with those of its rules and entries that stop the traffic.
    fn blocked(&self, obstacle: Obstacle, rules: &[Crossing], through: Option<Arc<str>>) -> Blocked {
        let stops: Vec<&Crossing> = rules.iter().filter(|one| one.part.at == obstacle.at && !one.lets).collect();
        let inner = stops.first().and_then(|one| one.part.block).map(|(block, _)| block);
        let why = std::iter::once(obstacle.why.as_str()).chain(stops.iter().map(|one| one.what.as_str()));
        Blocked {
            why: why.collect::<Vec<&str>>().join(": "),
            place: self.place_in(&obstacle.at, inner),
            address: obstacle.at,
            through,
        }
    }

    fn steps(&self, names: &[Arc<str>], rules: &[Crossing]) -> Vec<Step> {
        let steps = |(at, name): (usize, &Arc<str>)| {
            // What is on both sides lets traffic out on the first, and in on the last.
            let earlier = names[..at].contains(name);
            let later = names[at + 1..].contains(name);
            let here = |one: &&Crossing| match (earlier, later) {
                (false, true) => !one.what.starts_with("ingress"),
                (true, _) => !one.what.starts_with("egress"),
                (false, false) => true,
            };
            let own: Vec<&Crossing> =
                rules.iter().filter(|one| one.part.at == *name && one.lets).filter(here).collect();
            // A group that sender and receiver share lets traffic out, then in.
            let (out, into): (Vec<&Crossing>, Vec<&Crossing>) =
                own.iter().copied().partition(|one| one.what.starts_with("egress"));
            let is_shared = self.is_group(name) && !out.is_empty() && !into.is_empty();
            let sides = if is_shared { vec![out, into] } else { vec![own] };
            sides.into_iter().map(|side| self.step(name, &side)).collect::<Vec<Step>>()
        };
        names.iter().enumerate().flat_map(steps).collect()
    }

    fn step(&self, name: &Arc<str>, own: &[&Crossing]) -> Step {
        let inner = own.first().and_then(|one| one.part.block).map(|(block, _)| block);
        let lets = own.iter().map(|one| one.what.clone()).collect();
        Step { address: name.clone(), lets, place: self.place_in(name, inner) }
    }

    fn is_group(&self, name: &str) -> bool {
        name.starts_with("default security group of ") || self.kind(name).is_some_and(ObjectKind::is_group)
    }

    /// A path with the routes of its VPN connections.
    fn with_tunnels(&self, path: &[Arc<str>]) -> Vec<Arc<str>> {
        let mut whole: Vec<Arc<str>> = Vec::new();
        for name in path {
            whole.push(name.clone());
            let of_connection = self.kind(name) == Some(ObjectKind::VpnConnection);
            let leads = |route: &&Object| {
                let connection = route.attributes.get("vpn_connection_id").and_then(|id| self.refers(id));
                of_connection && connection.is_some_and(|connection| connection.address == *name)
            };
            let routes = self.of_kind(ObjectKind::VpnRoute).filter(leads);
            whole.extend(routes.map(|route| route.address.clone()));
        }
        whole
    }
}

/// An end that the model does not know, which those that were read are not.
fn lost(end: &str) -> Diagnostic {
    Diagnostic::error(format!("{end:?} names nothing in the network")).code("network-end")
}

/// The flow that answers best for these packets.
fn best<'f>(flows: impl Iterator<Item = &'f Flow>, asked: &Packets) -> Option<(Answer, &'f Flow)> {
    let answer = |flow: &Flow| match (flow.packets.sure.meets(asked), flow.packets.may.meets(asked)) {
        (true, _) => Answer::Yes,
        (_, true) => Answer::May,
        _ => Answer::No,
    };
    flows.map(|flow| (answer(flow), flow)).max_by_key(|(answer, _)| *answer)
}

/// The lines of a flow: what surely comes through, and what only may.
fn of_flow(flow: Flow, asked: &Packets) -> Vec<Row> {
    let (sure, may) = (flow.packets.sure.and(asked), flow.packets.may.minus(&flow.packets.sure).and(asked));
    let row = |packets: Packets, sure: bool| Row {
        from: flow.source.clone(),
        to: flow.destination.clone(),
        packets,
        sure,
        path: flow.path.clone(),
        doubts: if sure { Vec::new() } else { flow.doubts.clone() },
    };
    let both = [(sure, true), (may, false)];
    both.into_iter().filter(|(packets, _)| !packets.is_empty()).map(|(packets, sure)| row(packets, sure)).collect()
}
