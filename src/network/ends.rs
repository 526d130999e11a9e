//! The ends that a question may name, and what an answer's story needs besides its path.

use super::attempt::Pass;
use super::flows::Flow;
use super::model::Model;
use super::nodes::Node;
use super::reach::{Destination, Ends, Source};
use super::space::{Ip, Packets};
use std::sync::Arc;

/// The kinds of objects that traffic begins or ends at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndKind {
    /// It has interfaces.
    Interfaces,
    /// A service of AWS behind a gateway endpoint.
    Service,
    /// A subnet, for whoever is in it.
    Subnet,
}

impl Model {
    /// All objects that can be an end, each with its kind.
    pub fn all_ends(&self) -> Vec<(Arc<str>, EndKind)> {
        let named = |at: &usize, kind: EndKind| (self.names[*at].clone(), kind);
        let interfaces = self.interfaces.of_object.iter().filter(|(_, all)| !all.is_empty());
        let mut all: Vec<(Arc<str>, EndKind)> = interfaces.map(|(at, _)| named(at, EndKind::Interfaces)).collect();
        all.extend(self.services.keys().map(|at| named(at, EndKind::Service)));
        all.extend(self.places.subnets.iter().map(|subnet| (subnet.name.clone(), EndKind::Subnet)));
        all.sort();
        all
    }

    /// The objects that are known to have a private address: in several networks there may be one in each.
    pub fn holders_of(&self, ip: Ip) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> = self.holders(ip).into_iter().map(|ends| ends.name).collect();
        all.sort();
        all.dedup();
        all
    }

    /// What an object answers, where it answers only on ports of its own: a balancer or a database.
    pub fn answered(&self, address: &str) -> Packets {
        let interfaces = self.object(address).and_then(|at| self.interfaces.of_object.get(&at)).into_iter().flatten();
        let each = interfaces.map(|at| self.listens(&self.interfaces.all[*at]).may);
        Packets::any(each.collect())
    }

    /// All that comes from one end to the other, whatever the protocol and port.
    pub fn flows_between(&self, source: &Source, destination: &Destination) -> Result<Vec<Flow>, Arc<str>> {
        let (froms, tos) = (self.sources(source)?, self.receivers(destination)?);
        let pass = Pass::default();
        Ok(froms.iter().flat_map(|from| self.flows_of(from, &tos, &pass)).collect())
    }

    /// The objects on the way of the answers, from the receiver of a connection to its sender.
    pub fn way_back(&self, source: &Source, destination: &Destination) -> Vec<Arc<str>> {
        let nodes = |ends: Result<Vec<Ends>, Arc<str>>| -> Vec<Node> {
            ends.unwrap_or_default().into_iter().flat_map(|ends| ends.interfaces).flatten().collect()
        };
        let (froms, tos) = (nodes(self.sources(source)), nodes(self.receivers(destination)));
        let pass = Pass::default();
        for (from, to) in froms.iter().flat_map(|from| tos.iter().map(move |to| (from, to))) {
            for leg in self.legs_between(to, from, true, &pass).iter() {
                if leg.to.meets(&from.addresses()) && self.arrives(leg, from, true).is_ok() {
                    return leg.trail.steps.clone();
                }
            }
        }
        Vec::new()
    }

    fn receivers(&self, destination: &Destination) -> Result<Vec<Ends>, Arc<str>> {
        Ok(match destination {
            Destination::Internet => vec![self.internet()],
            Destination::Vpn => self.sites(),
            Destination::Range(range) => match range.single().map(|address| self.holders(address)) {
                Some(holders) if !holders.is_empty() => holders,
                _ => self.ends_in(range),
            },
            Destination::Object(address) => vec![self.ends_of(address)?],
            Destination::Site(connection, addresses) => self.at_site(connection, addresses)?,
        })
    }
}
