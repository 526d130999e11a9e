//! Single points of failure of a layout, and the changes that would remove them.

use super::availability::Judged;
use super::services::{Service, short};
use crate::plan::service_impact::{ServiceKind, SinglePoint};

impl Judged<'_, '_> {
    /// The single points of failure of the layout, whether the plan touches them or not.
    pub(super) fn single_points(&self) -> Vec<SinglePoint> {
        let mut all: Vec<SinglePoint> = Vec::new();
        let mut point = |service: &Service, i: usize, cure: String| {
            let address = &self.changes[i].address;
            let known = |p: &SinglePoint| p.address == address.to_string();
            if !all.iter().any(known) {
                all.push(SinglePoint {
                    service: if service.kind == ServiceKind::Egress { short(address) } else { service.name.clone() },
                    address: address.to_string(),
                    cure,
                });
            }
        };
        for service in self.services {
            let only = service.members.first().map(|m| m.change);
            match service.kind {
                ServiceKind::Egress => {
                    let gateway = only.filter(|g| {
                        let uses =
                            |s: &&Service| s.kind == ServiceKind::Egress && s.members.iter().any(|m| m.change == *g);
                        self.services.iter().filter(uses).count() > 1
                    });
                    if let Some(gateway) = gateway {
                        point(service, gateway, cure_of_single(service));
                    }
                }
                ServiceKind::Database => {
                    let alone = service.members.len() == 1 && !service.members[0].has_standby;
                    if let Some(only) = only.filter(|_| alone) {
                        point(service, only, cure_of_single(service));
                    }
                }
                ServiceKind::Targets | ServiceKind::Server => {
                    if let Some(only) = only.filter(|_| service.size() == 1) {
                        point(service, only, cure_of_single(service));
                    }
                }
                ServiceKind::Vpn => {}
            }
        }
        all
    }
}

/// The change that would make a service with one member highly available.
pub(super) fn cure_of_single(service: &Service) -> String {
    let spread = service.members.first().is_some_and(|m| m.has_standby);
    match service.kind {
        ServiceKind::Egress => "Give each zone a NAT gateway of its own.".into(),
        ServiceKind::Database if spread => {
            "Its standby does not help here. Leave the change to the maintenance window of \
             the database (apply_immediately = false), or make it beside the old one with a blue/green deployment."
                .into()
        }
        ServiceKind::Database if service.members.len() > 1 => {
            "Leave the change to the maintenance window of the database (apply_immediately = false).".into()
        }
        ServiceKind::Database => "Set multi_az = true, or add an instance to the cluster.".into(),
        ServiceKind::Targets if service.members.len() > 1 => "Let the members change one after the other.".into(),
        ServiceKind::Targets => "Give it members in at least two zones.".into(),
        ServiceKind::Server => "Put at least two behind a load balancer.".into(),
        ServiceKind::Vpn => "Make a second connection first and move the routes.".into(),
    }
}
