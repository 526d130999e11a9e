//! Ways out of a VPC, or through something in it: internet gateways, NAT gateways, peerings, VPN gateways, and interfaces
//! that forward. Transit gateways have a file of their own.

use super::interfaces::Shape;
use super::legs::{End, Leg, Trail, shown};
use super::model::Model;
use super::nodes::Node;
use super::space::Addresses;
use super::ways::doors::Access;
use super::ways::routes::{Door, Target};

impl Model {
    /// Out of the VPC to the Internet, if public access is not blocked.
    pub(super) fn go_out(&self, vpc: Option<usize>, to: Addresses, mut trail: Trail, end: End, legs: &mut Vec<Leg>) {
        let (access, setting) = vpc.map_or((Access::Open, None), |vpc| self.doors.access(vpc, trail.at));
        if let Some(setting) = setting {
            match access {
                Access::Closed => return legs.push(Leg::dropped(to, trail, &setting, "public access is blocked")),
                Access::NatOnly if trail.nat.is_none() && !trail.regional && end == End::Internet => {
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

    pub(super) fn translate(
        &self,
        object: usize,
        vpc: Option<usize>,
        to: Addresses,
        mut trail: Trail,
        legs: &mut Vec<Leg>,
    ) {
        let name = &self.names[object];
        let Some(nat) = self.interfaces.of_object.get(&object).and_then(|all| all.first()).copied() else {
            // One for the whole VPC is in no subnet.
            trail.steps.push(name.clone());
            trail.regional = true;
            if self.is_outside(&trail, vpc) {
                trail.doubt(format!("whether {name} serves other VPCs is not known"));
            }
            match vpc.map(|vpc| self.internet_gateway(vpc)) {
                Some(Some((gateway, true))) => trail.steps.push(self.names[gateway].clone()),
                Some(None) if vpc.is_some_and(|vpc| self.places.vpcs[vpc].listed) => {
                    let why = "no internet gateway is attached to its VPC";
                    return legs.push(Leg::dropped(to, trail, name, why));
                }
                _ => trail.doubt(format!("the internet gateway of {name} is not known")),
            }
            let v6 = to.and(&Addresses::v6());
            if !v6.is_empty() {
                legs.push(Leg::dropped(v6, trail.clone(), name, "a NAT gateway has no way for IPv6"));
            }
            trail.leave(None);
            return self.go_out(vpc, to.and(&Addresses::v4()), trail, End::Internet, legs);
        };
        if trail.nat == Some(nat) || trail.passed(name) {
            return legs.push(Leg::dropped(to, trail, name, "routes lead in a circle"));
        }
        trail.steps.push(name.clone());
        let subnet = self.interfaces.all[nat].subnet;
        let here = self.vpc_of(subnet);
        if here.is_some() && vpc.is_some() && here != vpc {
            return legs.push(Leg::dropped(to, trail, name, "it is not in the VPC"));
        }
        let v6 = to.and(&Addresses::v6());
        if !v6.is_empty() {
            legs.push(Leg::dropped(v6, trail.clone(), name, "a NAT gateway has no way for IPv6"));
        }
        if trail.at != subnet {
            trail.leave(subnet);
        }
        trail.nat = Some(nat);
        trail.passing = false;
        trail.origin = subnet;
        trail.left.clear();
        self.depart(subnet, &to.and(&Addresses::v4()), trail, legs);
    }

    /// To the service of a gateway endpoint, by the tables that have a route to it.
    pub(super) fn legs_to_service(&self, from: &Node, object: usize) -> Vec<Leg> {
        let (name, subnet) = (&self.names[object], self.subnet_of(from));
        let all = Addresses::internet().and(&Addresses::v4());
        let mut trail = Trail::from(subnet);
        let (Some(service), Some(subnet)) = (self.services.get(&object), subnet) else {
            return vec![Leg::unknown(all, trail, format!("the way to {name} is not known"))];
        };
        let tables = &self.tables.of_subnet[subnet];
        let leads = |table: &&usize| service.tables.contains(table);
        let Some(table) = tables.iter().find(leads).or(tables.first()) else { return Vec::new() };
        let table_name = &self.tables.all[*table].name;
        trail.steps.push(table_name.clone());
        if !leads(&table) && !service.open && !self.tables.all[*table].is_open() {
            return vec![Leg::dropped(all, trail, table_name, format!("no route to {name}"))];
        }
        if !tables.iter().all(|table| leads(&table)) {
            trail.doubt(format!("the route tables of {name} are not all known"));
        }
        trail.leave(None);
        vec![Leg { to: all, end: End::Service(object), trail }]
    }

    /// A peering delivers within the other VPC and no further.
    pub(super) fn cross(
        &self,
        object: usize,
        vpc: Option<usize>,
        to: Addresses,
        mut trail: Trail,
        legs: &mut Vec<Leg>,
    ) {
        let name = &self.names[object];
        trail.steps.push(name.clone());
        if self.is_outside(&trail, vpc) {
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

    pub(super) fn enter_site(
        &self,
        door: &Door,
        vpc: Option<usize>,
        to: Addresses,
        mut trail: Trail,
        legs: &mut Vec<Leg>,
    ) {
        let name = self.door(door);
        trail.steps.push(name.clone());
        if self.is_outside(&trail, vpc) {
            return legs.push(Leg::dropped(to, trail, &name, "a VPN gateway takes no traffic from outside its VPC"));
        }
        match self.doors.is_attached(door, vpc) {
            Some(false) => return legs.push(Leg::dropped(to, trail, &name, "it is not attached to the VPC")),
            None => trail.doubt(format!("the VPC of {name} is not known")),
            Some(true) => {}
        }
        let Some(table) = self.doors.choosing.get(door) else {
            return match door {
                Door::Listed(_) => legs.push(Leg::dropped(to, trail, &name, "no VPN connection leads from it")),
                Door::Elsewhere(_) => legs.push(Leg::unknown(to, trail, format!("{name} is not known"))),
            };
        };
        trail.leave(None);
        let v6 = to.and(&Addresses::v6());
        if !v6.is_empty() {
            legs.push(Leg::dropped(v6, trail.clone(), &name, "a VPN gateway carries no IPv6"));
        }
        for choice in table.choices(&to.and(&Addresses::v4())) {
            let mut trail = trail.clone();
            match choice.route.map(|route| &table.routes[route].target) {
                Some(Target::Connection(at)) => {
                    if !choice.sure {
                        trail.fork(format!("the site behind {name} announces its routes itself"));
                    }
                    trail.steps.push(self.doors.connections[*at].name.clone());
                    legs.push(Leg { to: choice.addresses, end: End::Site(*at), trail });
                }
                _ => {
                    let why = format!("no VPN connection has a route to {}", shown(&choice.addresses));
                    if !choice.sure {
                        trail.fork(format!("the site behind {name} announces its routes itself"));
                    }
                    legs.push(Leg::dropped(choice.addresses, trail, &name, why));
                }
            }
        }
    }

    /// Through an interface that forwards what it is sent, or not.
    pub(super) fn forward(&self, object: usize, to: Addresses, mut trail: Trail, legs: &mut Vec<Leg>) {
        let name = &self.names[object];
        if trail.passed(name) {
            return legs.push(Leg::dropped(to, trail, name, "routes lead in a circle"));
        }
        trail.steps.push(name.clone());
        let Some(by) = self.interfaces.of_object.get(&object).and_then(|all| all.first()).copied() else {
            return legs.push(Leg::unknown(to, trail, format!("the subnet of {name} is not known")));
        };
        let by = &self.interfaces.all[by];
        if by.only_own == Some(true) && !by.addresses.contains(&to) {
            let why = "it takes only packets for itself (source_dest_check)";
            return legs.push(Leg::dropped(to, trail, name, why));
        }
        // What is for itself it takes.
        let own = by.addresses.iter().filter(|one| one.single().is_some());
        let own = own.fold(Addresses::default(), |all, one| all.union(&one.and(&to)));
        let to = to.minus(&own);
        if let (Some(vpc), false) = (self.vpc_of(by.subnet), own.is_empty()) {
            legs.push(Leg { to: own, end: End::Local(vpc), trail: trail.clone() });
            if to.is_empty() {
                return;
            }
        }
        if trail.at != by.subnet {
            trail.leave(by.subnet);
        }
        if by.shape == Shape::Endpoint {
            trail.doubt(format!("{name} forwards what a firewall or balancer behind it lets through"));
            trail.passing = false;
            return self.depart(by.subnet, &to, trail, legs);
        }
        // It may send on what it likes, under an address of its own, through another interface.
        trail.doubt(format!("{name} forwards what its software lets through"));
        legs.push(Leg { to, end: End::Appliance, trail });
    }
}
