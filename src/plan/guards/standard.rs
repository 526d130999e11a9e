//! The guards that every layout has: which of them count and how gravely, and what they find.

use super::ends::is_looked_up;
use super::{Guarded, Net, left, words};
use crate::diag::{Diagnostics, Span};
use crate::lang::config::{Guard, GuardLevel};
use crate::network::space::{Cube, Packets, TCP, UDP};
use crate::network::{Flow, Object, ObjectKind, Source, Verdict};
use crate::plan::change::Change;
use crate::plan::layout_rules;
use crate::rules::guard::Standard;
use crate::rules::layout_checks::standard::{Found, find, looks_at};
use crate::value::ports::PortRange;
use std::collections::HashMap;

/// Ports over which systems are administered and data is kept: none of them is for everybody. SSH, Telnet, SMB, SQL
/// Server, Oracle, Docker, etcd, MySQL, RDP, Redshift, PostgreSQL, Kibana, VNC, WinRM, Redis, Cassandra,
/// Elasticsearch, kubelet, memcached, MongoDB.
const ADMIN: [(u16, u16); 20] = [
    (22, 22),
    (23, 23),
    (445, 445),
    (1433, 1433),
    (1521, 1521),
    (2375, 2376),
    (2379, 2380),
    (3306, 3306),
    (3389, 3389),
    (5432, 5432),
    (5439, 5439),
    (5601, 5601),
    (5900, 5900),
    (5985, 5986),
    (6379, 6379),
    (9042, 9042),
    (9200, 9300),
    (10250, 10250),
    (11211, 11211),
    (27017, 27019),
];
/// Memcached answers over UDP, and answers much.
const ADMIN_UDP: (u16, u16) = (11211, 11211);

/// Whether a type is one of databases or caches.
pub(super) fn is_database(type_name: &str) -> bool {
    ObjectKind::of(type_name).is_some_and(ObjectKind::keeps_data)
}

/// How gravely a guard is taken; nothing where it is switched off or nobody asks for it.
fn level(of: &Guarded<'_, '_>, guard: Standard) -> Option<GuardLevel> {
    let own = block(of, guard);
    let has_layout = of.root.module.layout.is_some();
    match (own.and_then(|own| own.level), guard.is_strict(), has_layout) {
        _ if own.is_some_and(|own| own.off.is_some()) => None,
        (Some(level), ..) => Some(level),
        (None, true, true) => Some(GuardLevel::Error),
        (None, true, false) | (None, false, true) => Some(GuardLevel::Warning),
        (None, false, false) => None,
    }
}

fn block<'a>(of: &'a Guarded<'_, '_>, guard: Standard) -> Option<&'a Guard> {
    of.guards().iter().find(|own| own.standard == Some(guard))
}

/// Whether a guard about traffic counts.
pub(super) fn about_traffic(of: &Guarded<'_, '_>) -> bool {
    Standard::ALL.into_iter().any(|guard| guard.is_about_traffic() && level(of, guard).is_some())
}

/// What is found in the objects themselves.
pub(super) fn objects(of: &Guarded<'_, '_>) -> Diagnostics {
    let levels: Vec<(Standard, GuardLevel)> =
        Standard::ALL.into_iter().filter_map(|guard| Some((guard, level(of, guard)?))).collect();
    let guards: Vec<Standard> = levels.iter().map(|(guard, _)| *guard).collect();
    let counts = |change: &&Change| change.deposed.is_none() && looks_at(&change.address.resource.type_name);
    let kept = of.changes.iter().filter(counts);
    let found = find(&layout_rules::instances(kept, of.configs, of.scopes), &guards);
    let mut said = Diagnostics::new();
    for (guard, level) in levels {
        let own: Vec<&Found> = found.iter().filter(|found| found.guard == guard).collect();
        match level {
            GuardLevel::Error => said.extend(own.into_iter().map(|one| words::object(guard, one))),
            GuardLevel::Warning => said.extend(words::objects(guard, &own)),
        }
    }
    said
}

/// The traffic that a guard about traffic forbids to an object of this type.
fn guarded(guard: Standard, type_name: &str) -> Option<Packets> {
    let ports = |protocol, &(first, last): &(u16, u16)| PortRange { protocol: Some(protocol), first, last };
    match guard {
        Standard::Databases if is_database(type_name) => Some(Packets::all()),
        Standard::AdminPorts if !is_database(type_name) => {
            let all: Vec<PortRange> =
                ADMIN.iter().map(|range| ports(TCP, range)).chain([ports(UDP, &ADMIN_UDP)]).collect();
            Some(Packets::of_ports(&all))
        }
        _ => None,
    }
}

/// Whether a database has no public address, wherever it is.
fn is_private(object: &Object) -> bool {
    let asks = object.attributes.get("publicly_accessible");
    is_database(&object.type_name) && asks.is_none_or(|asks| asks.is_null() || asks.as_bool() == Some(false))
}

/// The part that comes from more than somebody's own addresses: administration from an office is none for everybody.
fn from_everybody(packets: &Packets) -> Packets {
    const V4: u8 = 8;
    const V6: u8 = 32;
    let wide = |net: &ipnet::IpNet| net.prefix_len() <= if net.addr().is_ipv6() { V6 } else { V4 };
    if !packets.addresses().prefixes().iter().any(wide) {
        return Packets::default();
    }
    let cubes = packets.by_addresses().into_iter();
    let wide = cubes.filter(|(addresses, _)| addresses.prefixes().iter().any(wide));
    Packets::any(wide.map(|(addresses, services)| services.and(&Packets::with_addresses(&addresses))).collect())
}

/// What reaches databases and ports of administration from the Internet.
pub(super) fn traffic(of: &Guarded<'_, '_>, net: &Net, mentioned: &mut Vec<Span>) -> Diagnostics {
    let mut said = Diagnostics::new();
    let Ok(flows) = net.model.flows(&Source::Internet) else { return said };
    let objects: HashMap<&str, &Object> = net.objects.iter().map(|one| (&*one.address, one)).collect();
    for guard in Standard::ALL.into_iter().filter(|guard| guard.is_about_traffic()) {
        let Some(level) = level(of, guard) else { continue };
        let own = block(of, guard);
        let (mut sure, mut may): (Vec<words::Hit<'_, '_>>, Vec<(&Flow, Packets)>) = (Vec::new(), Vec::new());
        for flow in &flows {
            // What belongs to others is judged where it belongs.
            let Some(object) = objects.get(&*flow.destination).filter(|one| !is_looked_up(&one.address)) else {
                continue;
            };
            let Some(packets) = guarded(guard, &object.type_name) else { continue };
            let mut ended = Vec::new();
            let allows = own.into_iter().flat_map(Guard::allows);
            let mut left = left(of, flow, &Verdict::known(packets), allows, &mut ended);
            if guard == Standard::AdminPorts {
                left = Verdict { sure: from_everybody(&left.sure), may: from_everybody(&left.may) };
            }
            if !left.sure.is_empty() {
                mentioned.extend(ended.iter().map(|rule| rule.span.clone()));
                sure.push(words::Hit { flow, packets: left.sure, ended });
            } else if !left.may.is_empty() && !is_private(object) && net.model.is_placed(&object.address) {
                may.push((flow, left.may));
            }
        }
        match level {
            GuardLevel::Error => {
                said.extend(sure.iter().map(|hit| words::reached(of, net, (guard.name(), None), hit)));
            }
            GuardLevel::Warning => said.extend(words::joined(of, net, guard.name(), &sure)),
        }
        // Of an object in a network that the layout does not see, nothing could ever be said; that is left to a deny.
        // A root of Terraform's plans as it did: what is not known is said where somebody wrote a layout block.
        if of.has_values && of.root.module.layout.is_some() {
            said.extend(words::doubtful((guard.name(), None), &may));
        }
    }
    if of.has_values {
        let reached = |address: &str| flows.iter().any(|flow| *flow.destination == *address);
        said.extend(super::unreached::openings(of, net, &reached));
    }
    said
}

/// One packet of a set: its protocol and port.
pub(super) fn first(packets: &Packets) -> (u8, Option<u16>) {
    let known = |cube: &&Cube| cube.protocols.0 == cube.protocols.1;
    let cubes = packets.cubes();
    match cubes.iter().find(known) {
        Some(cube) if cube.ports == (0, u16::MAX) => (cube.protocols.0, None),
        Some(cube) => (cube.protocols.0, Some(cube.ports.0)),
        None => (TCP, None),
    }
}
