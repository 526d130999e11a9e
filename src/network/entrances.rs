//! Ways into a VPC from outside: from the Internet and from VPN gateways.

use super::interfaces::Public;
use super::legs::{End, Leg, Trail, shown};
use super::model::Model;
use super::nodes::Node;
use super::reach::Obstacle;
use super::space::Addresses;
use super::ways::doors::Access;
use super::ways::routes::Door;
use super::ways::transit::{Attached, Attachment};
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
            let gateway = self.internet_gateway(vpc).map(|(gateway, _)| gateway);
            return self.by_gateway_table(gateway, vpc, &addresses, trail);
        }
        let mut stops: Vec<Leg> = Vec::new();
        let mut stop = |at: &Arc<str>, why: &str| {
            stops.push(Leg::dropped(addresses.clone(), Trail::from(None), at, why));
        };
        let of = to.interface().map(|at| &self.interfaces.all[at]);
        if let Some(of) = of {
            if addresses.meets(&Addresses::v4()) {
                match of.public_of(&addresses) {
                    Public::None => stop(&of.name, "it has no public IPv4 address"),
                    Public::May => {
                        trail.doubts.push(format!("whether {} has a public address is not known", of.name));
                    }
                    Public::Some(_, name) if name != of.name => trail.steps.push(name),
                    Public::Some(..) => {}
                }
            }
        } else {
            trail.doubts.push("whether it has a public address is not known".to_owned());
        }
        let here = &self.places.vpcs[vpc];
        let mut entrance = None;
        match self.internet_gateway(vpc) {
            Some((gateway, sure)) => {
                trail.steps.insert(0, self.names[gateway].clone());
                if !sure {
                    trail.doubts.push(format!("the VPC of {} is not known", self.names[gateway]));
                }
                entrance = Some(gateway);
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
        if stops.is_empty() { self.by_gateway_table(entrance, vpc, &addresses, trail) } else { stops }
    }

    /// The internet gateway of a VPC, and whether it is surely attached.
    pub(super) fn internet_gateway(&self, vpc: usize) -> Option<(usize, bool)> {
        let all = self.doors.attached_to(vpc).filter(|(at, _)| &*self.types[*at] == "aws_internet_gateway");
        let all: Vec<(usize, bool)> = all.collect();
        all.iter().find(|(_, sure)| *sure).or(all.first()).copied()
    }

    /// A gateway may have a table, which sends what comes in through a firewall.
    fn by_gateway_table(&self, gateway: Option<usize>, vpc: usize, to: &Addresses, trail: Trail) -> Vec<Leg> {
        let place = gateway.and_then(|gateway| self.tables.of_gateway.get(&gateway));
        let Some(place) = place else { return vec![Leg { to: to.clone(), end: End::Local(vpc), trail }] };
        let (table, mut legs) = (&self.tables.all[*place], Vec::new());
        for choice in table.choices(to) {
            let mut trail = trail.clone();
            trail.steps.push(table.name.clone());
            if !choice.sure {
                trail.fork(format!("not all routes of {} are known yet", table.name));
            }
            match choice.route {
                Some(route) => {
                    trail.routes.push((false, *place, route));
                    let route = &table.routes[route];
                    self.follow(&route.target, &route.name, Some(vpc), &choice.addresses, trail, &mut legs);
                }
                None => {
                    let why = format!("no route to {}", shown(&choice.addresses));
                    legs.push(Leg::dropped(choice.addresses, trail, &table.name, why));
                }
            }
        }
        if table.is_open() {
            let why = format!("not all routes of {} are known", table.name);
            legs.push(Leg::unknown(to.clone(), trail, why));
        }
        legs
    }

    /// From a VPN connection: to the transit gateway that it is attached to, or within the VPC of its gateway.
    pub(super) fn enter_from_site(&self, at: usize, to: &Node) -> Vec<Leg> {
        let connection = &self.doors.connections[at];
        let mut trail = Trail::from(None);
        trail.groups = Some(false);
        trail.steps.push(connection.name.clone());
        let attached = |attachment: &Attachment| matches!(attachment.attached, Attached::Site(site) if site == at);
        if let Some(attachment) = self.transit.attachments.iter().position(attached) {
            let mut legs = Vec::new();
            self.pass_transit(attachment, &to.addresses(), trail, &mut legs);
            // A site's own traffic to itself stays there.
            for leg in &mut legs {
                if matches!(leg.end, End::Site(back) if self.same_site(back, at)) {
                    let why = "it would go back to the site that it came from".to_owned();
                    leg.end = End::Dropped(Obstacle { at: connection.name.clone(), why });
                }
            }
            return legs;
        }
        match &connection.gateway {
            Some(door) => self.enter_from_gateway(door, at, to, trail),
            None => {
                vec![Leg::unknown(to.addresses(), trail, format!("the gateway of {} is not known", connection.name))]
            }
        }
    }

    /// From a VPN gateway: delivery within the VPC that it is attached to, or on to another site.
    fn enter_from_gateway(&self, door: &Door, at: usize, to: &Node, mut trail: Trail) -> Vec<Leg> {
        let addresses = to.addresses();
        let name = self.door(door);
        trail.steps.push(name.clone());
        if matches!(to, Node::Site(to, _) if self.same_site(*to, at)) {
            return vec![Leg::dropped(addresses, trail, &name, "it does not lead back to the same site")];
        }
        if matches!(to, Node::Site(..)) {
            return vec![Leg::unknown(addresses, trail, format!("{name} may lead from one site to another"))];
        }
        if matches!(to, Node::Internet(_) | Node::Service(..)) {
            let why = "a VPN gateway leads only into its VPC";
            return vec![Leg::dropped(addresses, trail, &name, why)];
        }
        let v4 = addresses.and(&Addresses::v4());
        let vpc = self.vpc_of(self.subnet_of(to));
        match (self.doors.is_attached(door, vpc), vpc) {
            (Some(true), Some(vpc)) => {
                let gateway = if let Door::Listed(gateway) = door { Some(*gateway) } else { None };
                let mut legs = self.by_gateway_table(gateway, vpc, &v4, trail.clone());
                let v6 = addresses.and(&Addresses::v6());
                if !v6.is_empty() {
                    legs.push(Leg::dropped(v6, trail, &name, "a VPN gateway carries no IPv6"));
                }
                legs
            }
            (Some(false), _) => {
                vec![Leg::dropped(addresses, trail, &name, "it is not attached to the VPC of the receiver")]
            }
            _ => vec![Leg::unknown(addresses, trail, format!("the VPC of {name} is not known"))],
        }
    }
}
