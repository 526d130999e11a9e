//! Sites behind VPN connections: their ranges, and the routes that VPN gateways put into tables for them.

use super::doors::Doors;
use super::routes::{Door, Priority, Route, Target};
use super::tables::{TABLES, Table, Tables};
use crate::network::filters::Ranges;
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::places::Places;
use crate::network::read::{Fact, addresses, elements, flag, text};
use crate::network::space::Addresses;
use std::collections::HashMap;
use std::sync::Arc;

/// The type of VPN gateways.
pub(super) const VPN: &str = "aws_vpn_gateway";

/// A VPN connection, and the site behind it.
#[derive(Debug)]
pub(in crate::network) struct Connection {
    /// The object.
    pub(in crate::network) object: usize,
    pub(in crate::network) name: Arc<str>,
    /// The VPN gateway; nothing if it ends at a transit gateway, or if that is not known.
    pub(in crate::network) gateway: Option<Door>,
    /// The device at the site, by its object or id.
    pub(in crate::network) device: Link,
    /// What is behind it: static ranges are known, those that come by BGP are private ones and not known.
    pub(in crate::network) behind: Ranges,
    /// The same, each for itself.
    each: Vec<Ranges>,
    /// The addresses of the site, and of the VPC, that it carries.
    pub(in crate::network) theirs: Ranges,
    pub(in crate::network) ours: Ranges,
    /// Whether its routes are given rather than announced, if that is known.
    pub(in crate::network) is_static: Option<bool>,
}

impl Connection {
    /// Whether it carries traffic between some addresses of the site and some of the VPC: all of it, none, or perhaps.
    pub(in crate::network) fn carries(&self, theirs: &Addresses, ours: &Addresses) -> Option<bool> {
        if !self.theirs.may.meets(theirs) || !self.ours.may.meets(ours) {
            return Some(false);
        }
        (self.theirs.sure.covers(theirs) && self.ours.sure.covers(ours)).then_some(true)
    }
}

/// All VPN connections.
pub(super) fn find(index: &Index<'_>, places: &Places) -> Vec<Connection> {
    let mut all = Vec::new();
    let vpcs = places.vpcs.iter().fold(Addresses::default(), |all, vpc| all.union(&vpc.ranges));
    let announced = Addresses::all().minus(&Addresses::internet()).minus(&vpcs);
    for (at, object) in index.of(&["aws_vpn_connection"]) {
        let of = &object.attributes;
        let each = site(index, at, &announced);
        let behind = each.iter().fold(Ranges::default(), |all, one| all.union(one));
        let gateway = match index.refers(of, "vpn_gateway_id", &[VPN]) {
            Link::To(gateway, _) => Some(Door::Listed(gateway)),
            Link::Elsewhere(id) => Some(Door::Elsewhere(id)),
            Link::Nothing | Link::Unknown => None,
        };
        let side = |name: &str| {
            let family = match text(of, "tunnel_inside_ip_version") {
                Fact::Known("ipv6") => ("ipv6", Addresses::v6()),
                _ => ("ipv4", Addresses::v4()),
            };
            match addresses(of, &format!("{name}_{}_network_cidr", family.0)) {
                Fact::Known(range) => Ranges::known(range.and(&family.1)),
                Fact::Absent => Ranges::known(family.1),
                Fact::Unknown => Ranges::some(family.1),
            }
        };
        all.push(Connection {
            object: at,
            name: object.address.clone(),
            gateway,
            device: index.refers(of, "customer_gateway_id", &["aws_customer_gateway"]),
            behind,
            each,
            theirs: side("local"),
            ours: side("remote"),
            is_static: match flag(of, "static_routes_only") {
                Fact::Absent => Some(false),
                other => other.known(),
            },
        });
    }
    all
}

/// For each VPN gateway, which connection it sends to: the one with the most specific route, and a static one before one
/// that announces.
pub(super) fn choosing(index: &Index<'_>, connections: &[Connection]) -> HashMap<Door, Table> {
    let mut tables: HashMap<Door, Table> = HashMap::new();
    for (at, connection) in connections.iter().enumerate() {
        let open =
            index.refers(&index.objects[connection.object].attributes, "vpn_gateway_id", &[VPN]) == Link::Unknown;
        // It may be one of any gateway.
        let doors: Vec<Door> = match &connection.gateway {
            Some(door) => vec![door.clone()],
            None if open => index.of(&[VPN]).map(|(gateway, _)| Door::Listed(gateway)).collect(),
            None => Vec::new(),
        };
        for door in doors {
            let table = tables.entry(door).or_insert_with(|| Table::empty(connection.name.clone(), None, false));
            for destination in &connection.each {
                let destination = if open { Ranges::some(destination.may.clone()) } else { destination.clone() };
                table.routes.push(Route {
                    name: connection.name.clone(),
                    part: Part::whole(&connection.name),
                    destination,
                    target: Target::Connection(at),
                    priority: if connection.is_static == Some(true) { Priority::Static } else { Priority::Announced },
                });
            }
        }
    }
    for table in tables.values_mut() {
        table.choose(&Addresses::default());
    }
    tables
}

/// Adds the routes that VPN gateways put into tables.
pub(super) fn propagate(index: &Index<'_>, doors: &Doors, tables: &mut Tables) {
    let private = Addresses::all().minus(&Addresses::internet());
    let behind = |door: &Door| match (doors.choosing.get(door), door) {
        (Some(table), _) => table.routes.iter().map(|route| route.destination.clone()).collect(),
        (None, Door::Listed(_)) => Vec::new(),
        (None, Door::Elsewhere(_)) => vec![Ranges::some(private.clone())],
    };
    let mut found: Vec<(Option<usize>, Arc<str>, Link)> = Vec::new();
    for (at, object) in index.of(&["aws_route_table", "aws_default_route_table"]) {
        let table = tables.resolve(&Link::To(at, "id".into()), None);
        let gateways = elements(&object.attributes, "propagating_vgws");
        let links = gateways.all.into_iter().map(|value| index.link(value, &[VPN]));
        let links = links.chain(gateways.open.then_some(Link::Unknown));
        found.extend(links.map(|link| (table, object.address.clone(), link)));
    }
    for (_, object) in index.of(&["aws_vpn_gateway_route_propagation"]) {
        let table = tables.resolve(&index.refers(&object.attributes, "route_table_id", &TABLES), None);
        found.push((table, object.address.clone(), index.refers(&object.attributes, "vpn_gateway_id", &[VPN])));
    }
    for (table, name, link) in found {
        let (destinations, target) = match link {
            Link::To(gateway, _) => (behind(&Door::Listed(gateway)), Target::Vpn(Door::Listed(gateway))),
            Link::Elsewhere(id) => (behind(&Door::Elsewhere(id.clone())), Target::Vpn(Door::Elsewhere(id))),
            Link::Unknown => (vec![Ranges::some(private.clone())], Target::Unknown),
            Link::Nothing => continue,
        };
        // Only the gateway that is attached to the VPC of the table gives it routes.
        let vpc = table.and_then(|table| tables.all[table].vpc);
        let attached = match &target {
            Target::Vpn(door @ Door::Listed(_)) => doors.is_attached(door, vpc),
            _ => None,
        };
        let destinations: Vec<Ranges> = match attached {
            Some(false) => continue,
            Some(true) => destinations,
            None => destinations.into_iter().map(|one| Ranges::some(one.may)).collect(),
        };
        let route = |destination: Ranges| {
            let (name, target) = (name.clone(), target.clone());
            let part = Part::whole(&name);
            Route { name, part, destination, target, priority: Priority::Propagated }
        };
        match table {
            Some(table) => tables.all[table].routes.extend(destinations.into_iter().map(route)),
            // It may be any of them.
            None => {
                let any = destinations.into_iter().fold(Ranges::default(), |all, one| all.union(&one));
                tables.all.iter_mut().for_each(|table| table.routes.push(route(Ranges::some(any.may.clone()))))
            }
        }
    }
}

/// The ranges behind a VPN connection. What is announced is private and no VPC's here.
fn site(index: &Index<'_>, connection: usize, announced: &Addresses) -> Vec<Ranges> {
    let object = &index.objects[connection];
    let mut all = Vec::new();
    if flag(&object.attributes, "static_routes_only").known() != Some(true) {
        all.push(Ranges::some(announced.clone()));
    }
    for (_, route) in index.of(&["aws_vpn_connection_route"]) {
        match index.refers(&route.attributes, "vpn_connection_id", &["aws_vpn_connection"]) {
            Link::To(at, _) if at == connection => {}
            Link::Unknown => {
                all.push(Ranges::some(Addresses::all()));
                continue;
            }
            _ => continue,
        }
        let range = addresses(&route.attributes, "destination_cidr_block").known();
        all.push(range.map_or_else(|| Ranges::some(Addresses::all()), Ranges::known));
    }
    all
}
