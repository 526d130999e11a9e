//! All that one source reaches, in one pass: its ways are found once, and then cut to each destination.

use super::attempt::Pass;
use super::filters::Verdict;
use super::legs::Leg;
use super::model::Model;
use super::nodes::Node;
use super::reach::{Ends, Source};
use super::space::{Addresses, Packets};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Traffic from one end to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Where it begins.
    pub source: Arc<str>,
    /// Where it ends.
    pub destination: Arc<str>,
    /// What comes through, by the addresses of the far side: the sender's where it is outside, else the receiver's.
    pub packets: Verdict,
    /// The objects on the way, from the first to the last.
    pub path: Vec<Arc<str>>,
    /// Why some of it only may be.
    pub doubts: Vec<String>,
}

impl Model {
    /// All flows from one source, by destination. An end that is not in the network is given back as the error.
    pub fn flows(&self, source: &Source) -> Result<Vec<Flow>, Arc<str>> {
        let pass = Pass::default();
        let froms = self.sources(source)?;
        let mut found: BTreeMap<(Arc<str>, Arc<str>), Flow> = BTreeMap::new();
        for from in &froms {
            let mut tos: Vec<Ends> = self.everyone().filter(|to| to.name != from.name).collect();
            if &*from.name != "internet" {
                tos.push(self.internet());
            }
            let mut services: Vec<usize> = self.services.keys().copied().collect();
            services.sort_unstable();
            tos.extend(services.into_iter().filter_map(|at| self.ends_of(&self.names[at]).ok()));
            if &*from.name != "vpn" {
                tos.extend(self.sites());
            }
            for flow in self.flows_of(from, &tos, &pass) {
                match found.get_mut(&(flow.source.clone(), flow.destination.clone())) {
                    Some(known) => known.packets = known.packets.or(&flow.packets),
                    None => {
                        found.insert((flow.source.clone(), flow.destination.clone()), flow);
                    }
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// The objects that have interfaces.
    pub(super) fn everyone(&self) -> impl Iterator<Item = Ends> + '_ {
        let mut objects: Vec<usize> = self.interfaces.of_object.keys().copied().collect();
        objects.sort_unstable();
        objects.into_iter().filter_map(|object| self.ends_of(&self.names[object]).ok())
    }

    pub(super) fn flows_of(&self, from: &Ends, tos: &[Ends], pass: &Pass) -> Vec<Flow> {
        // From inside, the ways to everywhere are the same for all destinations.
        let everywhere = Node::Internet(Addresses::all());
        let ways: Vec<Vec<Option<Rc<Vec<Leg>>>>> = from
            .interfaces
            .iter()
            .map(|nodes| {
                let inside = |node: &Node| matches!(node, Node::Interface(..) | Node::Place(..));
                nodes
                    .iter()
                    .map(|node| inside(node).then(|| self.legs_between(node, &everywhere, false, pass)))
                    .collect()
            })
            .collect();
        let mut flows = Vec::new();
        for to in tos {
            let mut each: Vec<Verdict> = Vec::new();
            let (mut path, mut doubts) = (Vec::new(), Vec::new());
            // Which of its places the receiver is in is not known, and with that not which addresses it has.
            let somewhere = ways.iter().flatten().all(Option::is_some) && !to.everywhere && to.interfaces.len() > 1;
            for (nodes, ways) in from.interfaces.iter().zip(&ways) {
                for others in &to.interfaces {
                    let mut passed = Verdict::default();
                    for (node, ways) in nodes.iter().zip(ways) {
                        for other in others {
                            let legs = match ways {
                                Some(ways) if !matches!(other, Node::Service(..)) => ways.clone(),
                                _ => self.legs_between(node, other, false, pass),
                            };
                            let attempt = self.between(node, other, &legs, pass);
                            if attempt.is_blocked() {
                                continue;
                            }
                            if path.is_empty() {
                                path = self.path(&attempt, None);
                            }
                            doubts.extend(attempt.doubts);
                            let part = far(node, other, attempt.passed);
                            passed = passed.or(&if somewhere { part.without_addresses() } else { part });
                        }
                    }
                    each.push(passed);
                }
            }
            let mut packets = from.together(to, each);
            if somewhere {
                let nodes = to.interfaces.iter().flatten();
                let own = nodes.fold(Addresses::default(), |all, node| all.union(&node.addresses()));
                packets = packets.and(&Verdict::known(Packets::with_addresses(&own)));
            }
            if packets.is_empty() {
                continue;
            }
            let mut whole = vec![from.name.clone()];
            whole.extend(path);
            whole.push(to.name.clone());
            whole.dedup();
            doubts.sort();
            doubts.dedup();
            if packets.sure == packets.may {
                doubts.clear();
            }
            let (source, destination) = (from.name.clone(), to.name.clone());
            flows.push(Flow { source, destination, packets, path: whole, doubts });
        }
        flows
    }
}

/// What passes by the addresses of the far side.
fn far(from: &Node, to: &Node, passed: Verdict) -> Verdict {
    let addresses = match (from, to) {
        (Node::Interface(..) | Node::Place(..), to) => to.addresses(),
        (from, _) => from.addresses(),
    };
    passed.and(&Verdict::known(Packets::with_addresses(&addresses)))
}
