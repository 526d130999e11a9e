//! Asks the model of the network what comes through in a set of objects, by the ends that a plan knows.

use crate::network::{Flow, Model, Object, ObjectKind, Source, Verdict};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// An end of traffic. The objects of a replacement are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// Anywhere on the Internet.
    Internet,
    /// The sites behind VPN connections.
    Vpn,
    /// The object of a change, by its index.
    At(usize),
}

/// Two ends, and whether traffic goes through a balancer from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The sender.
    pub from: End,
    /// The receiver.
    pub to: End,
    /// Whether it is the target of a balancer that the sender reaches.
    pub served: bool,
    /// That balancer, if it is one of the plan's.
    pub balancer: Option<usize>,
}

impl Pair {
    /// From one end to another, directly.
    pub fn direct(from: End, to: End) -> Self {
        Pair { from, to, served: false, balancer: None }
    }
}

/// The addresses of objects with the ends that they are.
pub type Ends = HashMap<String, usize>;

/// What there is and what comes through.
#[derive(Debug, Default)]
pub struct Asked {
    flows: BTreeMap<Pair, (Verdict, Vec<Arc<str>>)>,
    there: BTreeSet<usize>,
    targets: BTreeSet<usize>,
}

impl Asked {
    /// All pairs between which something comes through.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        self.flows.keys().copied()
    }

    /// What comes through.
    pub fn passes(&self, pair: &Pair) -> Verdict {
        self.flows.get(pair).map(|(passes, _)| passes.clone()).unwrap_or_default()
    }

    /// The objects on the way.
    pub fn path(&self, pair: &Pair) -> &[Arc<str>] {
        self.flows.get(pair).map_or(&[], |(_, path)| path)
    }

    /// Whether both ends are there, so that something can come through.
    pub fn is_there(&self, pair: &Pair) -> bool {
        let there = |end: &End| match end {
            End::At(i) => self.there.contains(i),
            End::Internet | End::Vpn => true,
        };
        let target = |end: &End| !matches!(end, End::At(i) if !self.targets.contains(i));
        there(&pair.from) && there(&pair.to) && (!pair.served || target(&pair.to))
    }

    fn add(&mut self, pair: Pair, flow: Flow) {
        let inside = matches!((pair.from, pair.to), (End::At(_), End::At(_)));
        let plain = |packets: crate::network::space::Packets| match inside {
            // Who has which address is not the question between two objects.
            true => packets.without_addresses(),
            false => packets,
        };
        let passes = Verdict { sure: plain(flow.packets.sure), may: plain(flow.packets.may) };
        match self.flows.get_mut(&pair) {
            Some((known, _)) => *known = known.or(&passes),
            None => {
                self.flows.insert(pair, (passes, flow.path));
            }
        }
    }
}

/// The end that an object is, by its address in the model.
fn end(ends: &Ends, address: &str) -> Option<usize> {
    ends.get(address.strip_suffix(" (old)").unwrap_or(address)).copied()
}

/// Asks what comes from these senders, directly and through balancers.
pub fn ask(objects: &[Object], ends: &Ends, senders: &BTreeSet<End>) -> Asked {
    let model = Model::of(objects);
    let mut asked = Asked::default();
    let mut names: BTreeMap<usize, Vec<Arc<str>>> = BTreeMap::new();
    for object in objects {
        if let Some(i) = end(ends, &object.address) {
            asked.there.insert(i);
            names.entry(i).or_default().push(object.address.clone());
        }
    }
    let targets = model.targets();
    asked.targets = targets.iter().filter_map(|target| end(ends, &target.target)).collect();
    // A balancer sends nothing to a target whose health it cannot ask for.
    let sick: BTreeSet<(Arc<str>, Arc<str>)> = targets
        .into_iter()
        .filter(|target| target.health.is_empty())
        .map(|target| (target.group, target.target))
        .collect();
    let balances = |object: &&Object| ObjectKind::of(&object.type_name).is_some_and(ObjectKind::is_balancer);
    let balancers: HashSet<Arc<str>> = objects.iter().filter(balances).map(|object| object.address.clone()).collect();
    let receiver = |address: &str| match address {
        "internet" => Some(End::Internet),
        "vpn" => Some(End::Vpn),
        address => end(ends, address).map(End::At),
    };
    for &from in senders {
        let sources = match from {
            End::Internet => vec![Source::Internet],
            End::Vpn => vec![Source::Vpn],
            End::At(i) => names.get(&i).into_iter().flatten().cloned().map(Source::Object).collect(),
        };
        for source in sources {
            for flow in model.flows(&source).into_iter().flatten() {
                if let Some(to) = receiver(&flow.destination).filter(|to| *to != from) {
                    asked.add(Pair::direct(from, to), flow);
                }
            }
            for flow in model.served(&source).into_iter().flatten() {
                let is_sick = flow.path.iter().any(|at| sick.contains(&(at.clone(), flow.destination.clone())));
                if let Some(to) = receiver(&flow.destination).filter(|to| *to != from && !is_sick) {
                    let balancer = flow.path.iter().filter(|at| balancers.contains(*at)).find_map(|at| end(ends, at));
                    asked.add(Pair { from, to, served: true, balancer }, flow);
                }
            }
        }
    }
    asked
}
