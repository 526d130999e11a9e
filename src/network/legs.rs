//! Legs: from where a packet leaves, all ways that tables send it, up to a network, a gateway or an end on the way.
//!
//! A leg says which filters of subnets it passes; those at its two ends are added by whoever knows the ends.

use super::filters::group::Direction;
use super::model::Model;
use super::reach::Obstacle;
use super::space::Addresses;
use super::ways::routes::{Door, Target};
use std::sync::Arc;

/// More steps than this are a circle.
pub(super) const STEPS: usize = 24;
/// More legs than this are too many to look at each; where so much is open, anything may be.
const LEGS: usize = 2_000;

/// Whose address a filter on the way sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// The sender's.
    From,
    /// The receiver's.
    To,
    /// That of the NAT gateway which took the sender's place.
    Nat(usize),
}

/// An ACL on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Crossing {
    pub(super) subnet: usize,
    pub(super) direction: Direction,
    pub(super) side: Side,
}

/// The end of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// Delivery within this VPC.
    Local(usize),
    /// The Internet.
    Internet,
    /// The Internet, through a gateway for IPv6 that lets nothing in.
    EgressOnly,
    /// The site behind a VPN connection.
    Site(usize),
    /// The service of a gateway endpoint.
    Service(usize),
    /// It goes no further.
    Dropped(Obstacle),
    /// Whatever an appliance makes of it, under which address ever.
    Appliance,
    /// Nobody knows.
    Unknown,
}

/// The way so far.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    /// The objects that it passes, in order.
    pub(super) steps: Vec<Arc<str>>,
    pub(super) crossings: Vec<Crossing>,
    /// The routes that it takes: whether of a transit gateway, the table, and the place in it.
    pub(super) routes: Vec<(bool, usize, usize)>,
    /// Why it is not sure.
    pub(super) doubts: Vec<String>,
    /// The subnet that it was in last.
    pub(super) at: Option<usize>,
    /// The NAT gateway that took the sender's place.
    pub(super) nat: Option<usize>,
    /// Whether it came into the VPC from outside and was not sent anew since.
    pub(super) passing: bool,
    /// The subnet that it was sent from, by its sender or a NAT gateway.
    pub(super) origin: Option<usize>,
    /// The attachments that it left transit gateways by since then.
    pub(super) left: Vec<usize>,
    /// Whether a NAT gateway that is in no subnet took the sender's place.
    pub(super) regional: bool,
    /// Whether it left through a gateway that lets nothing but answers in.
    pub(super) egress: bool,
    /// Whether it has been in the Internet and came in again.
    pub(super) outside: bool,
    /// Whether rules may name the sender's groups at the other end, if that is known.
    pub(super) groups: Option<bool>,
    /// Whether it passes a transit gateway, where only rules of the receiver may name groups.
    pub(super) transit: bool,
    /// Why it is one of several ways: AWS takes any, or it is not known which. Each is a leg of its own.
    pub(super) forks: Vec<String>,
}

impl Trail {
    pub(super) fn from(subnet: Option<usize>) -> Self {
        Trail {
            steps: Vec::new(),
            crossings: Vec::new(),
            routes: Vec::new(),
            doubts: Vec::new(),
            at: subnet,
            nat: None,
            passing: false,
            origin: subnet,
            left: Vec::new(),
            regional: false,
            egress: false,
            outside: false,
            groups: Some(true),
            transit: false,
            forks: Vec::new(),
        }
    }

    /// Whether it has been through an object.
    pub(super) fn passed(&self, name: &Arc<str>) -> bool {
        self.steps.contains(name)
    }

    fn side(&self) -> Side {
        self.nat.map_or(Side::From, Side::Nat)
    }

    /// Leaves the subnet for another one, or for a gateway.
    pub(super) fn leave(&mut self, to: Option<usize>) {
        if let Some(subnet) = self.at {
            self.crossings.push(Crossing { subnet, direction: Direction::Out, side: Side::To });
        }
        if let Some(subnet) = to {
            self.crossings.push(Crossing { subnet, direction: Direction::In, side: self.side() });
        }
        self.at = to;
    }

    pub(super) fn fork(&mut self, why: String) {
        if !self.forks.contains(&why) {
            self.forks.push(why);
        }
    }

    fn doubted(mut self, why: String) -> Self {
        self.doubt(why);
        self
    }

    pub(super) fn doubt(&mut self, why: String) {
        if !self.doubts.contains(&why) {
            self.doubts.push(why);
        }
    }
}

/// A way for some of the addresses.
#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub(super) to: Addresses,
    pub(super) end: End,
    pub(super) trail: Trail,
}

impl Leg {
    pub(super) fn dropped(to: Addresses, trail: Trail, at: &Arc<str>, why: impl Into<String>) -> Leg {
        let obstacle = Obstacle { at: at.clone(), why: why.into() };
        Leg { to, end: End::Dropped(obstacle), trail }
    }

    pub(super) fn unknown(to: Addresses, mut trail: Trail, why: impl Into<String>) -> Leg {
        trail.doubt(why.into());
        Leg { to, end: End::Unknown, trail }
    }
}

impl Model {
    /// All ways from a subnet to these addresses.
    pub(super) fn legs(&self, subnet: Option<usize>, to: &Addresses) -> Vec<Leg> {
        let mut legs = Vec::new();
        self.depart(subnet, to, Trail::from(subnet), &mut legs);
        legs
    }

    /// Continues from a subnet, by the tables that it may follow.
    pub(super) fn depart(&self, subnet: Option<usize>, to: &Addresses, trail: Trail, legs: &mut Vec<Leg>) {
        let Some(subnet) = subnet else {
            return legs.push(Leg::unknown(to.clone(), trail, "a subnet is not known yet"));
        };
        let tables = &self.tables.of_subnet[subnet];
        // What stays within the subnet meets neither table nor ACL.
        let near = to.and(self.places.subnets[subnet].holds());
        let rest = to.minus(&near);
        if !near.is_empty() {
            legs.push(match self.places.subnets[subnet].vpc {
                Some(vpc) => Leg { to: near, end: End::Local(vpc), trail: trail.clone() },
                None => Leg::unknown(near, trail.clone(), "a VPC is not known yet"),
            });
            if rest.is_empty() {
                return;
            }
        }
        let to = &rest;
        if legs.len() > LEGS {
            return legs.push(Leg::unknown(to.clone(), trail, "there are too many ways to look at each"));
        }
        for place in tables {
            let table = &self.tables.all[*place];
            if trail.steps.len() > STEPS {
                let why = "routes lead in a circle";
                legs.push(Leg::dropped(to.clone(), trail.clone(), &table.name, why));
                continue;
            }
            for choice in table.choices(to) {
                let mut trail = trail.clone();
                trail.steps.push(table.name.clone());
                if tables.len() > 1 {
                    trail.fork(format!("the route table of {} is not known yet", self.places.subnets[subnet].name));
                }
                if !choice.sure {
                    trail.fork(format!("not all routes of {} are known yet", table.name));
                }
                match choice.route {
                    Some(route) => {
                        trail.routes.push((false, *place, route));
                        let route = &table.routes[route];
                        if route.name != table.name && &*route.name != "local" {
                            trail.steps.push(route.name.clone());
                        }
                        let vpc = self.places.subnets[subnet].vpc;
                        self.follow(&route.target, &route.name, vpc, &choice.addresses, trail, legs);
                    }
                    None => {
                        let why = format!("no route to {}", shown(&choice.addresses));
                        legs.push(Leg::dropped(choice.addresses, trail, &table.name, why));
                    }
                }
            }
            if table.is_open() {
                let mut trail = trail.clone();
                trail.steps.push(table.name.clone());
                let why = format!("not all routes of {} are known", table.name);
                legs.push(Leg::unknown(to.clone(), trail, why));
            }
        }
    }

    pub(super) fn follow(
        &self,
        target: &Target,
        route: &Arc<str>,
        vpc: Option<usize>,
        to: &Addresses,
        mut trail: Trail,
        legs: &mut Vec<Leg>,
    ) {
        let to = to.clone();
        match target {
            Target::Local => match vpc {
                Some(vpc) => legs.push(Leg { to, end: End::Local(vpc), trail }),
                None => legs.push(Leg::unknown(to, trail, "a VPC is not known yet")),
            },
            Target::Internet(door) => {
                let name = self.door(door);
                trail.steps.push(name.clone());
                match self.doors.is_attached(door, vpc) {
                    Some(false) => return legs.push(Leg::dropped(to, trail, &name, "it is not attached to the VPC")),
                    None => trail.doubt(format!("the VPC of {name} is not known")),
                    Some(true) => {}
                }
                if self.is_outside(&trail, vpc) {
                    return legs.push(Leg::dropped(to, trail, &name, "it takes no traffic from outside its VPC"));
                }
                if trail.passing && trail.origin != trail.at {
                    let why = format!("whether {name} takes what a transit gateway sent back is not documented");
                    return legs.push(Leg { to, end: End::Appliance, trail: trail.doubted(why) });
                }
                self.go_out(vpc, to, trail, End::Internet, legs);
            }
            Target::EgressOnly(door) => {
                let name = self.door(door);
                trail.steps.push(name.clone());
                match self.doors.is_attached(door, vpc) {
                    Some(false) => return legs.push(Leg::dropped(to, trail, &name, "it is not attached to the VPC")),
                    None => trail.doubt(format!("the VPC of {name} is not known")),
                    Some(true) => {}
                }
                if self.is_outside(&trail, vpc) {
                    return legs.push(Leg::dropped(to, trail, &name, "it takes no traffic from outside its VPC"));
                }
                trail.egress = true;
                self.go_out(vpc, to.and(&Addresses::v6()), trail, End::EgressOnly, legs);
            }
            Target::Nat(object) => self.translate(*object, vpc, to, trail, legs),
            Target::Peering(object) => self.cross(*object, vpc, to, trail, legs),
            Target::Transit(door) => self.enter_transit(door, vpc, &to, trail, legs),
            Target::Vpn(door) => self.enter_site(door, vpc, to, trail, legs),
            Target::Forwarder(object) => self.forward(*object, to, trail, legs),
            Target::Blackhole => legs.push(Leg::dropped(to, trail, route, "its target does not exist any more")),
            Target::Service(Some(at)) if self.is_outside(&trail, vpc) => {
                let why = "a gateway endpoint takes no traffic from outside its VPC";
                legs.push(Leg::dropped(to, trail, &self.names[*at], why));
            }
            Target::Service(Some(at)) => {
                trail.steps.push(self.names[*at].clone());
                trail.leave(None);
                legs.push(Leg { to, end: End::Service(*at), trail });
            }
            Target::Attachment(_) | Target::Connection(_) | Target::Service(None) | Target::Unknown => {
                legs.push(Leg::unknown(to, trail, format!("the target of {route} is not known")));
            }
        }
    }

    /// Whether a packet in a VPC has its sender, or the NAT gateway that sent it, elsewhere.
    pub(super) fn is_outside(&self, trail: &Trail, vpc: Option<usize>) -> bool {
        trail.passing && (trail.origin.is_none() || self.vpc_of(trail.origin) != vpc)
    }

    /// The name of a gateway.
    pub(super) fn door(&self, door: &Door) -> Arc<str> {
        match door {
            Door::Listed(object) => self.names[*object].clone(),
            Door::Elsewhere(id) => id.clone(),
        }
    }
}

/// Addresses in a sentence: the first few.
pub(super) fn shown(addresses: &Addresses) -> String {
    let all = addresses.prefixes();
    if *addresses == Addresses::internet() {
        return "the Internet".to_owned();
    }
    let first: Vec<String> = all
        .iter()
        .take(3)
        .map(|net| if net.max_prefix_len() == net.prefix_len() { net.addr().to_string() } else { net.to_string() })
        .collect();
    match all.len() {
        0..=3 => first.join(", "),
        more => format!("{} and {} more", first.join(", "), more - 3),
    }
}
