//! Ways into a VPC from outside: from the Internet and from VPN gateways.

use super::interfaces::{Public, Shape};
use super::legs::{End, Leg, Trail};
use super::model::Model;
use super::nodes::Node;
use super::space::Addresses;
use super::ways::doors::Access;
use super::ways::routes::{Door, Target};
use std::sync::Arc;

impl Model {
    /// From the Internet to an interface: through its public address and a gateway of its VPC.
    pub(super) fn enter_from_internet(&self, to: &Node, answer: bool) -> Vec<Leg> {
        let (addresses, subnet) = (to.addresses(), self.subnet_of(to));
        let mut trail = Trail::from(None);
        trail.groups = Some(false);
        let Some(vpc) = self.vpc_of(subnet) else {
            return vec![Leg::unknown(addresses, trail, "the VPC of the receiver is not known yet")];
        };
        if answer {
            return vec![Leg { to: addresses, end: End::Local(vpc), trail }];
        }
        let mut stops: Vec<Leg> = Vec::new();
        let mut stop = |at: &Arc<str>, why: &str| {
            stops.push(Leg::dropped(addresses.clone(), Trail::from(None), at, why));
        };
        let of = to.interface().map(|at| &self.interfaces.all[at]);
        if let Some(of) = of {
            if of.shape == Shape::Nat {
                stop(&of.name, "a NAT gateway takes no connections");
            } else if addresses.meets(&Addresses::v4()) {
                match &of.public {
                    Public::None => stop(&of.name, "it has no public IPv4 address"),
                    Public::May => {
                        trail.doubts.push(format!("whether {} has a public address is not known", of.name));
                    }
                    Public::Some(_, name) if *name != of.name => trail.steps.push(name.clone()),
                    Public::Some(..) => {}
                }
            }
        } else {
            trail.doubts.push("whether it has a public address is not known".to_owned());
        }
        let here = &self.places.vpcs[vpc];
        match self.internet_gateway(vpc) {
            Some((gateway, sure)) => {
                trail.steps.insert(0, self.names[gateway].clone());
                if !sure {
                    trail.doubts.push(format!("the VPC of {} is not known", self.names[gateway]));
                }
                self.by_gateway_table(gateway, &addresses, &mut trail, &mut stop);
            }
            None if here.listed => stop(&here.name, "no internet gateway is attached to it"),
            None => trail.doubts.push(format!("whether {} has an internet gateway is not known", here.name)),
        }
        if let (access, Some(setting)) = self.doors.access(vpc, subnet) {
            match access {
                Access::Open => {}
                Access::Unknown => trail.doubts.push(format!("{setting} may block public access")),
                Access::OutOnly | Access::NatOnly | Access::Closed => stop(&setting, "public access is blocked"),
            }
        }
        if stops.is_empty() { vec![Leg { to: addresses, end: End::Local(vpc), trail }] } else { stops }
    }

    /// The internet gateway of a VPC, and whether it is surely attached.
    pub(super) fn internet_gateway(&self, vpc: usize) -> Option<(usize, bool)> {
        let all = self.doors.attached_to(vpc).filter(|(at, _)| &*self.types[*at] == "aws_internet_gateway");
        let all: Vec<(usize, bool)> = all.collect();
        all.iter().find(|(_, sure)| *sure).or(all.first()).copied()
    }

    /// A gateway may have a table, which sends what comes in through a firewall.
    fn by_gateway_table(
        &self,
        gateway: usize,
        to: &Addresses,
        trail: &mut Trail,
        stop: &mut impl FnMut(&Arc<str>, &str),
    ) {
        let Some(table) = self.tables.of_gateway.get(&gateway).map(|table| &self.tables.all[*table]) else { return };
        for choice in table.choices(to) {
            let target = choice.route.map(|route| &table.routes[route].target);
            match target {
                Some(Target::Local) if choice.sure => continue,
                Some(Target::Blackhole) if choice.sure => stop(&table.name, "its route there leads nowhere"),
                _ => {}
            }
            trail.steps.push(table.name.clone());
            trail.doubts.push(format!("{} leads through what may stop it", table.name));
        }
    }

    /// From a VPN gateway: delivery within the VPC that it is attached to.
    pub(super) fn enter_from_gateway(&self, door: &Door, to: &Node) -> Vec<Leg> {
        let addresses = to.addresses();
        let mut trail = Trail::from(None);
        let name = self.door(door);
        trail.steps.push(name.clone());
        let vpc = self.vpc_of(self.subnet_of(to));
        match (self.doors.is_attached(door, vpc), vpc) {
            (Some(true), Some(vpc)) => vec![Leg { to: addresses, end: End::Local(vpc), trail }],
            (Some(false), _) => {
                vec![Leg::dropped(addresses, trail, &name, "it is not attached to the VPC of the receiver")]
            }
            _ => vec![Leg::unknown(addresses, trail, format!("the VPC of {name} is not known"))],
        }
    }
}
