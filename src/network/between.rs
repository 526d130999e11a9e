//! Traffic between some of the objects: the pass that finds all flows, with the ends that somebody asks for.

use super::attempt::Pass;
use super::flows::Flow;
use super::model::Model;
use super::reach::{Ends, Source};

impl Model {
    /// Whether an object of this address sends or takes traffic.
    pub fn has_ends(&self, address: &str) -> bool {
        let Some(object) = self.object(address) else { return false };
        self.interfaces.of_object.get(&object).is_some_and(|all| !all.is_empty()) || self.services.contains_key(&object)
    }

    /// Whether the network that an object is in is known: each of its subnets, and the VPC of each.
    pub fn is_placed(&self, address: &str) -> bool {
        let interfaces = self.object(address).and_then(|object| self.interfaces.of_object.get(&object));
        let known = |at: &usize| self.vpc_of(self.interfaces.all[*at].subnet).is_some();
        interfaces.is_some_and(|all| all.iter().all(known))
    }

    /// The flows from these sources to the destinations whose names are wanted. A source that is not in the network
    /// has none.
    pub fn flows_to(&self, sources: &[Source], wanted: &dyn Fn(&str) -> bool) -> Vec<Flow> {
        let pass = Pass::default();
        let mut services: Vec<usize> = self.services.keys().copied().collect();
        services.sort_unstable();
        let services = services.into_iter().filter_map(|at| self.ends_of(&self.names[at]).ok());
        let all = self.everyone().chain(services).chain(self.sites()).chain([self.internet()]);
        let tos: Vec<Ends> = all.filter(|to| wanted(&to.name)).collect();
        let mut found: Vec<Flow> = Vec::new();
        for source in sources {
            let froms = self.sources(source).unwrap_or_default();
            for from in &froms {
                let flows = self.flows_of(from, &tos, &pass);
                found.extend(flows.into_iter().filter(|flow| flow.source != flow.destination));
            }
        }
        found
    }
}
