//! Services that lead out of a network: the way out of private subnets, tunnels to clients' sites.

use super::{Index, Member, Service, short};
use crate::plan::change::Change;
use crate::plan::service_impact::ServiceKind;
use crate::schema::role::Way;
use crate::schema::{Attrs, Role};
use std::collections::{BTreeMap, BTreeSet};

/// The ways out: one service per route table that sends everything to a NAT gateway.
pub(super) fn egress(index: &Index<'_>) -> Vec<Service> {
    let mut zones: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (_, change, link) in index.each(Role::association) {
        let Some(attrs) = &change.before else { continue };
        if let (Some(table), Some(subnet)) = (index.of(attrs, link.followed), index.of(attrs, link.follower)) {
            zones.entry(table).or_default().extend(index.zone(subnet));
        }
    }
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    // A table also lists the routes that resources of their own give it: those come first.
    let mut add = |table: usize, gateway: usize, link: usize| {
        if !seen.insert(table) {
            return;
        }
        let of_table = zones.get(&table).cloned().unwrap_or_default();
        let zone = (of_table.len() == 1).then(|| of_table.iter().next().cloned()).flatten();
        let name = match &zone {
            Some(zone) => format!("NAT {zone}"),
            None => format!("NAT {}", short(&index.changes[gateway].address)),
        };
        let current = index.current(gateway);
        let member = Member { old: gateway, zone, ..Member::new(index, current, vec![link]) };
        all.push(Service {
            name,
            about: table,
            kind: ServiceKind::Egress,
            members: vec![member],
            coming: Vec::new(),
            front: BTreeSet::new(),
        });
    };
    for (i, change, route) in index.each(Role::route) {
        let Some(attrs) = change.before.as_ref().filter(|a| is_default(&route.way, a)) else { continue };
        if let (Some(table), Some(gateway)) = (index.of(attrs, route.table), index.of(attrs, route.way.egress)) {
            add(table, gateway, i);
        }
    }
    for (i, change, (block, way)) in index.each(|role| role.route_table()?.routes) {
        let Some(attrs) = &change.before else { continue };
        for route in attrs.blocks(block).iter().filter(|route| is_default(&way, route)) {
            if let Some(gateway) = index.of(route, way.egress) {
                add(i, gateway, i);
            }
        }
    }
    all
}

/// Whether a route is for all addresses.
fn is_default(way: &Way, route: &Attrs) -> bool {
    route.str(way.destination) == Some("0.0.0.0/0")
}

/// The VPN connections.
pub(super) fn tunnels(index: &Index<'_>) -> Vec<Service> {
    let tunnels = index.each(|role| matches!(role, Role::Tunnel).then_some(()));
    let service = |(i, change, ()): (usize, &Change, ())| Service {
        name: short(&change.address),
        about: i,
        kind: ServiceKind::Vpn,
        members: vec![Member::new(index, i, routes_to(index, i))],
        coming: Vec::new(),
        front: BTreeSet::new(),
    };
    tunnels.filter(|(_, c, ())| c.before.is_some()).map(service).collect()
}

/// The static routes of a tunnel.
fn routes_to(index: &Index<'_>, tunnel: usize) -> Vec<usize> {
    let routes = index.each(Role::tunnel_route);
    let leads = routes.filter(|(_, c, r)| c.before.as_ref().and_then(|a| index.of(a, r.tunnel)) == Some(tunnel));
    leads.map(|(i, ..)| i).collect()
}
