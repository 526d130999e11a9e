//! The names of ends: those of services, by which a person knows them.

use super::ask::End;
use crate::plan::change::Change;
use crate::plan::service_impact::ServiceKind;
use crate::plan::services::{Service, short};
use crate::value::address::{Address, InstanceKey};
use std::collections::{BTreeMap, BTreeSet};

/// The names of a plan's objects.
pub struct Names<'a> {
    changes: &'a [Change],
    services: BTreeMap<usize, &'a str>,
    translators: BTreeSet<String>,
}

impl<'a> Names<'a> {
    /// Those of the services, and of all else by its address.
    pub fn of(changes: &'a [Change], services: &'a [Service]) -> Self {
        let mut all = BTreeMap::new();
        for service in services.iter().filter(|service| !matches!(service.kind, ServiceKind::Egress)) {
            let members = service.members.iter().chain(&service.coming).map(|member| member.change);
            for i in members.chain([service.about]).chain(service.front.iter().copied()) {
                all.entry(i).or_insert(service.name.as_str());
            }
        }
        let translates = |change: &&Change| &*change.address.resource.type_name == "aws_nat_gateway";
        let translators = changes.iter().filter(translates).map(|change| change.address.to_string()).collect();
        Names { changes, services: all, translators }
    }

    /// The name of an end, as lines have it.
    pub fn of_end(&self, end: End) -> String {
        match end {
            End::Internet => "internet".to_owned(),
            End::Vpn => "vpn".to_owned(),
            End::At(i) => match self.services.get(&i) {
                Some(name) => (*name).to_owned(),
                None => short(&Address { key: InstanceKey::None, ..self.changes[i].address.clone() }),
            },
        }
    }

    /// The name by which an interruption of it can be allowed.
    pub fn of_service(&self, i: usize) -> String {
        self.services.get(&i).map_or_else(|| self.changes[i].address.to_string(), |name| (*name).to_owned())
    }

    /// Whether an object sends under an address of its own what it gets from others.
    pub fn is_translator(&self, address: &str) -> bool {
        self.translators.contains(address.strip_suffix(" (old)").unwrap_or(address))
    }
}
