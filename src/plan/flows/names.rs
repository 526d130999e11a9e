//! The names of ends: those of services, by which a person knows them.

use super::ask::{End, Pair};
use super::pairs::Flow;
use crate::network::ObjectKind;
use crate::plan::change::Change;
use crate::plan::service_impact::ServiceKind;
use crate::plan::services::{Service, short};
use crate::value::address::{Address, InstanceKey};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The names of a plan's objects.
pub struct Names<'a> {
    changes: &'a [Change],
    services: BTreeMap<usize, &'a str>,
    /// The objects of some kinds, by their addresses.
    translators: BTreeSet<String>,
    internet_gateways: BTreeSet<String>,
    /// The site behind VPN connections, if it is one.
    site: Option<String>,
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
        let part = |change: &Change| ObjectKind::of(&change.address.resource.type_name);
        let of_kind = |kind| changes.iter().filter(move |change| part(change) == Some(kind));
        let addresses = |kind| of_kind(kind).map(|change| change.address.to_string()).collect();
        let sites: BTreeSet<String> = of_kind(ObjectKind::CustomerGateway).map(|site| short(&site.address)).collect();
        let site = sites.first().filter(|_| sites.len() == 1).map(|site| format!("{site} (vpn)"));
        let (translators, internet_gateways) =
            (addresses(ObjectKind::NatGateway), addresses(ObjectKind::InternetGateway));
        Names { changes, services: all, translators, internet_gateways, site }
    }

    /// The name of an end, as lines have it.
    pub fn of_end(&self, end: End) -> String {
        match end {
            End::Internet => "internet".to_owned(),
            End::Vpn => self.site.clone().unwrap_or_else(|| "vpn".to_owned()),
            // A balancer and its targets are one service, and yet two ends.
            End::At(i) if self.is_balancer(i) => self.own(i),
            End::At(i) => match self.services.get(&i) {
                Some(name) => (*name).to_owned(),
                None => self.own(i),
            },
        }
    }

    /// The name by which an interruption of it can be allowed.
    pub fn of_service(&self, i: usize) -> String {
        self.services.get(&i).map_or_else(|| self.changes[i].address.to_string(), |name| (*name).to_owned())
    }

    /// The name of the balancer between two ends.
    pub fn of_balancer(&self, pair: Pair) -> Option<String> {
        pair.balancer.map(|i| self.of_end(End::At(i)))
    }

    fn is_balancer(&self, i: usize) -> bool {
        ObjectKind::of(&self.changes[i].address.resource.type_name).is_some_and(ObjectKind::is_balancer)
    }

    /// The name of an object's block; the address of a balancer that has the name of a service.
    fn own(&self, i: usize) -> String {
        let block = Address { key: InstanceKey::None, ..self.changes[i].address.clone() };
        let name = short(&block);
        let is_taken = self.is_balancer(i) && self.services.values().any(|service| *service == name);
        if is_taken { block.to_string() } else { name }
    }

    /// Whether a flow between parts of the layout leaves for the Internet and comes back from there.
    pub fn is_around(&self, flow: &Flow) -> bool {
        let leaves = |path: &[Arc<str>]| path.iter().any(|at| self.internet_gateways.contains(current(at)));
        let inside = matches!((flow.pair.from, flow.pair.to), (End::At(_), End::At(_)));
        inside && [&flow.path, &flow.path_after].into_iter().all(|path| path.is_empty() || leaves(path))
    }

    /// The gateway by which a flow to the Internet leaves afterwards, if it is another one and the address with it.
    pub fn other_way_out(&self, flow: &Flow) -> Option<String> {
        let translator = |path: &[Arc<str>]| path.iter().find(|at| self.translators.contains(current(at))).cloned();
        let (old, new) = (translator(&flow.path)?, translator(&flow.path_after)?);
        (flow.pair.to == End::Internet && old != new).then(|| new.to_string())
    }
}

/// The address of what may be the old object of a replacement.
fn current(address: &str) -> &str {
    address.strip_suffix(" (old)").unwrap_or(address)
}
