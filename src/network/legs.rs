//! Legs: from where a packet leaves, all ways that tables send it, up to a network, a gateway or an end on the way.
//!
//! A leg says which filters of subnets it passes; those at its two ends are added by whoever knows the ends.

use super::filters::groups::Direction;
use super::interfaces::Shape;
use super::model::Model;
use super::reach::Obstacle;
use super::space::Addresses;
use super::ways::doors::Access;
use super::ways::routes::{Door, Target};
use std::sync::Arc;

/// More hops than this are a circle.
const HOPS: usize = 12;

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

/// The site that a leg ends at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Site {
    /// Behind a VPN gateway.
    Gateway(Door),
    /// Behind an attachment of a transit gateway.
    Attachment(usize),
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
    /// A site.
    Site(Site),
    /// It goes no further.
    Dropped(Obstacle),
    /// Nobody knows.
    Unknown,
}

/// The way so far.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    /// The objects that it passes, in order.
    pub(super) steps: Vec<Arc<str>>,
    pub(super) crossings: Vec<Crossing>,
    /// Why it is not sure.
    pub(super) doubts: Vec<String>,
    /// The subnet that it was in last.
    pub(super) at: Option<usize>,
    /// The NAT gateway that took the sender's place.
    pub(super) nat: Option<usize>,
    /// Whether it came into the VPC from outside and was not sent anew since.
    pub(super) passing: bool,
    /// Whether rules may name the sender's groups at the other end, if that is known.
    pub(super) groups: Option<bool>,
}

impl Trail {
    pub(super) fn from(subnet: Option<usize>) -> Self {
        Trail {
            steps: Vec::new(),
            crossings: Vec::new(),
            doubts: Vec::new(),
            at: subnet,
            nat: None,
            passing: false,
            groups: Some(true),
        }
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

    fn doubt(&mut self, why: String) {
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
        for table in tables {
            let table = &self.tables.all[*table];
            if trail.steps.len() > HOPS {
                let why = "routes lead in a circle";
                legs.push(Leg::dropped(to.clone(), trail.clone(), &table.name, why));
                continue;
            }
            for choice in table.choices(to) {
                let mut trail = trail.clone();
                trail.steps.push(table.name.clone());
                if tables.len() > 1 {
                    trail.doubt(format!("the route table of {} is not known yet", self.places.subnets[subnet].name));
                }
                if !choice.sure {
                    trail.doubt(format!("not all routes of {} are known yet", table.name));
                }
                match choice.route {
                    Some(route) => {
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

    fn follow(
        &self, target: &Target, route: &Arc<str>, vpc: Option<usize>, to: &Addresses, mut trail: Trail,
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
                self.go_out(vpc, to.and(&Addresses::v6()), trail, End::EgressOnly, legs);
            }
            Target::Nat(object) => self.translate(*object, vpc, to, trail, legs),
            Target::Peering(object) => self.cross(*object, vpc, to, trail, legs),
            Target::Transit(door) => self.enter_transit(door, vpc, &to, trail, legs),
            Target::Vpn(door) => self.enter_site(door, vpc, to, trail, legs),
            Target::Forwarder(object) => self.forward(*object, to, trail, legs),
            Target::Blackhole => legs.push(Leg::dropped(to, trail, route, "its target does not exist any more")),
            Target::Attachment(_) | Target::Unknown => {
                legs.push(Leg::unknown(to, trail, format!("the target of {route} is not known")));
            }
        }
    }

    /// Out of the VPC to the Internet, if public access is not blocked.
    fn go_out(&self, vpc: Option<usize>, to: Addresses, mut trail: Trail, end: End, legs: &mut Vec<Leg>) {
        let (access, setting) = vpc.map_or((Access::Open, None), |vpc| self.doors.access(vpc, trail.at));
        if let Some(setting) = setting {
            match access {
                Access::Closed => return legs.push(Leg::dropped(to, trail, &setting, "public access is blocked")),
                Access::NatOnly if trail.nat.is_none() && end == End::Internet => {
                    let why = "public access is blocked except through NAT gateways";
                    return legs.push(Leg::dropped(to, trail, &setting, why));
                }
                Access::Unknown => trail.doubt(format!("{setting} may block public access")),
                _ => {}
            }
        }
        if !to.is_empty() {
            trail.leave(None);
            legs.push(Leg { to, end, trail });
        }
    }

    fn translate(&self, object: usize, vpc: Option<usize>, to: Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let name = &self.names[object];
        trail.steps.push(name.clone());
        let Some(nat) = self.interfaces.of_object.get(&object).and_then(|all| all.first()).copied() else {
            // One for the whole region is in no subnet.
            trail.doubt(format!("{name} is in no subnet"));
            return self.go_out(vpc, to.and(&Addresses::v4()), trail, End::Internet, legs);
        };
        if trail.nat == Some(nat) {
            return legs.push(Leg::dropped(to, trail, name, "routes lead in a circle"));
        }
        let subnet = self.interfaces.all[nat].subnet;
        let v6 = to.and(&Addresses::v6());
        if !v6.is_empty() {
            legs.push(Leg::dropped(v6, trail.clone(), name, "a NAT gateway has no way for IPv6"));
        }
        if trail.at != subnet {
            trail.leave(subnet);
        }
        trail.nat = Some(nat);
        trail.passing = false;
        self.depart(subnet, &to.and(&Addresses::v4()), trail, legs);
    }

    /// A peering delivers within the other VPC and no further.
    fn cross(&self, object: usize, vpc: Option<usize>, to: Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let name = &self.names[object];
        trail.steps.push(name.clone());
        if trail.passing {
            return legs.push(Leg::dropped(to, trail, name, "a peering takes no traffic from outside its VPC"));
        }
        let Some(peering) = self.doors.peerings.get(&object) else {
            return legs.push(Leg::unknown(to, trail, format!("{name} is not known")));
        };
        trail.groups = peering.groups;
        match peering.active {
            Some(false) => return legs.push(Leg::dropped(to, trail, name, "the peering is not active")),
            None => trail.doubt(format!("{name} may not be accepted")),
            Some(true) => {}
        }
        let other = match (vpc, peering.ends) {
            (Some(vpc), [one, Some(other)]) if one == Some(vpc) => other,
            (Some(vpc), [Some(other), two]) if two == Some(vpc) => other,
            (Some(_), [Some(_), Some(_)]) => {
                return legs.push(Leg::dropped(to, trail, name, "it is not a peering of this VPC"));
            }
            _ => return legs.push(Leg::unknown(to, trail, format!("the VPCs of {name} are not known"))),
        };
        let other_vpc = &self.places.vpcs[other];
        let (sure, may) = (to.and(&other_vpc.ranges), to.and(&other_vpc.open).minus(&other_vpc.ranges));
        let rest = to.minus(&sure).minus(&may);
        if !rest.is_empty() {
            let why = format!("a peering leads only to the ranges of {}, not to {}", other_vpc.name, shown(&rest));
            legs.push(Leg::dropped(rest, trail.clone(), name, why));
        }
        if !may.is_empty() {
            let mut trail = trail.clone();
            trail.doubt(format!("the ranges of {} are not known", other_vpc.name));
            legs.push(Leg { to: may, end: End::Local(other), trail });
        }
        if !sure.is_empty() {
            legs.push(Leg { to: sure, end: End::Local(other), trail });
        }
    }

    fn enter_site(&self, door: &Door, vpc: Option<usize>, to: Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let name = self.door(door);
        trail.steps.push(name.clone());
        if trail.passing {
            return legs.push(Leg::dropped(to, trail, &name, "a VPN gateway takes no traffic from outside its VPC"));
        }
        match self.doors.is_attached(door, vpc) {
            Some(false) => return legs.push(Leg::dropped(to, trail, &name, "it is not attached to the VPC")),
            None => trail.doubt(format!("the VPC of {name} is not known")),
            Some(true) => {}
        }
        let Some(site) = self.doors.sites.get(door) else {
            return match door {
                Door::Listed(_) => legs.push(Leg::dropped(to, trail, &name, "no VPN connection leads from it")),
                Door::Elsewhere(_) => legs.push(Leg::unknown(to, trail, format!("{name} is not known"))),
            };
        };
        trail.leave(None);
        let (sure, may) = (to.and(&site.sure), to.and(&site.may).minus(&site.sure));
        let rest = to.minus(&site.sure).minus(&site.may);
        if !rest.is_empty() {
            let why = format!("no VPN connection has a route to {}", shown(&rest));
            legs.push(Leg::dropped(rest, trail.clone(), &name, why));
        }
        let end = || End::Site(Site::Gateway(door.clone()));
        if !may.is_empty() {
            let mut trail = trail.clone();
            trail.doubt(format!("the site behind {name} announces its routes itself"));
            legs.push(Leg { to: may, end: end(), trail });
        }
        if !sure.is_empty() {
            legs.push(Leg { to: sure, end: end(), trail });
        }
    }

    /// Through an interface that forwards what it is sent, or not.
    fn forward(&self, object: usize, to: Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let name = &self.names[object];
        if trail.steps.contains(name) {
            return legs.push(Leg::dropped(to, trail, name, "routes lead in a circle"));
        }
        trail.steps.push(name.clone());
        let Some(by) = self.interfaces.of_object.get(&object).and_then(|all| all.first()).copied() else {
            return legs.push(Leg::unknown(to, trail, format!("the subnet of {name} is not known")));
        };
        let by = &self.interfaces.all[by];
        if by.only_own == Some(true) {
            let why = "it takes only packets for itself (source_dest_check)";
            return legs.push(Leg::dropped(to, trail, name, why));
        }
        let what = if by.shape == Shape::Endpoint { "a firewall or balancer behind it" } else { "its software" };
        trail.doubt(format!("{name} forwards what {what} lets through"));
        if trail.at != by.subnet {
            trail.leave(by.subnet);
        }
        trail.passing = false;
        self.depart(by.subnet, &to, trail, legs);
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
    let first: Vec<String> = all.iter().take(3).map(|net| if net.max_prefix_len() == net.prefix_len() { net.addr().to_string() } else { net.to_string() }).collect();
    match all.len() {
        0..=3 => first.join(", "),
        more => format!("{} and {} more", first.join(", "), more - 3),
    }
}
