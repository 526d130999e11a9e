//! Sites behind VPN connections: their ranges, and the routes that VPN gateways put into tables for them.

use super::routes::{Door, Priority, Route, Target};
use super::tables::{TABLES, Tables};
use crate::network::filters::Ranges;
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::read::{addresses, elements, flag};
use crate::network::space::Addresses;
use std::collections::HashMap;
use std::sync::Arc;

/// The type of VPN gateways.
pub(super) const VPN: &str = "aws_vpn_gateway";

/// What is behind each VPN gateway: static ranges are known, those that come by BGP are private ones and not known.
pub(super) fn find(index: &Index<'_>) -> HashMap<Door, Ranges> {
    let mut sites: HashMap<Door, Ranges> = HashMap::new();
    let mut add = |door: Door, behind: &Ranges| {
        let all = sites.entry(door).or_default();
        *all = all.union(behind);
    };
    for (at, object) in index.of(&["aws_vpn_connection"]) {
        let behind = site(index, at);
        match index.refers(&object.attributes, "vpn_gateway_id", &[VPN]) {
            Link::To(gateway, _) => add(Door::Listed(gateway), &behind),
            Link::Elsewhere(id) => add(Door::Elsewhere(id), &behind),
            Link::Nothing => {}
            // It may be one of any gateway.
            Link::Unknown => {
                for (gateway, _) in index.of(&[VPN]) {
                    add(Door::Listed(gateway), &Ranges::some(behind.may.clone()));
                }
            }
        }
    }
    sites
}

/// Adds the routes that VPN gateways put into tables.
pub(super) fn propagate(index: &Index<'_>, sites: &HashMap<Door, Ranges>, tables: &mut Tables) {
    let private = Addresses::all().minus(&Addresses::internet());
    let behind = |door: &Door| match (sites.get(door), door) {
        (Some(ranges), _) => ranges.clone(),
        (None, Door::Listed(_)) => Ranges::default(),
        (None, Door::Elsewhere(_)) => Ranges::some(private.clone()),
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
        let (destination, target) = match link {
            Link::To(gateway, _) => (behind(&Door::Listed(gateway)), Target::Vpn(Door::Listed(gateway))),
            Link::Elsewhere(id) => (behind(&Door::Elsewhere(id.clone())), Target::Vpn(Door::Elsewhere(id))),
            Link::Unknown => (Ranges::some(private.clone()), Target::Unknown),
            Link::Nothing => continue,
        };
        let route = |destination: Ranges| {
            let (name, target) = (name.clone(), target.clone());
            let part = Part::whole(&name);
            Route { name, part, destination, target, priority: Priority::Propagated }
        };
        match table {
            Some(table) => tables.all[table].routes.push(route(destination)),
            // It may be any of them.
            None => {
                tables.all.iter_mut().for_each(|table| table.routes.push(route(Ranges::some(destination.may.clone()))))
            }
        }
    }
}

/// The ranges behind a VPN connection.
pub(super) fn site(index: &Index<'_>, connection: usize) -> Ranges {
    let object = &index.objects[connection];
    let private = Addresses::all().minus(&Addresses::internet());
    let mut all = Ranges::default();
    if flag(&object.attributes, "static_routes_only").known() != Some(true) {
        all = all.union(&Ranges::some(private));
    }
    for (_, route) in index.of(&["aws_vpn_connection_route"]) {
        match index.refers(&route.attributes, "vpn_connection_id", &["aws_vpn_connection"]) {
            Link::To(at, _) if at == connection => {}
            Link::Unknown => {
                all = all.union(&Ranges::some(Addresses::all()));
                continue;
            }
            _ => continue,
        }
        let range = addresses(&route.attributes, "destination_cidr_block").known();
        all = all.union(&range.map_or_else(|| Ranges::some(Addresses::all()), Ranges::known));
    }
    all
}
