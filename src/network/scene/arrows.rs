//! Who reaches whom, in few arrows: from the Internet and from VPNs to each thing, from balancers to their targets, and
//! between things. What is alike, such as the instances of one block in one tier, is asked once.

use super::{Scene, Thing, ThingKind};
use crate::network::model::Model;
use crate::network::space::Packets;
use crate::network::{Answer, Destination, Flow, Source, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Traffic from one place to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    /// Where it begins.
    pub from: From,
    /// The address of the thing where it ends.
    pub to: Arc<str>,
    /// Its protocols and ports in words.
    pub services: String,
    /// Whether it is sure to come through.
    pub sure: bool,
}

/// Where traffic begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum From {
    /// On the Internet.
    Internet,
    /// At the other end of a VPN.
    Vpn,
    /// At a thing, by its address.
    Thing(Arc<str>),
}

/// Things that many reach and that reach many, as their work is to pass traffic on, or that answer only AWS.
const SILENT: [ThingKind; 3] = [ThingKind::Nat, ThingKind::Endpoint, ThingKind::Balancer];

pub(super) fn of(model: &Model, scene: &Scene) -> Vec<Arrow> {
    let things: BTreeMap<&str, &Thing> =
        scene.houses.iter().flat_map(|house| &house.things).map(|thing| (&*thing.address, thing)).collect();
    let mut all: BTreeMap<(From, Arc<str>), Verdict> = BTreeMap::new();
    let mut add = |from: From, to: &Arc<str>, packets: &Verdict| {
        let known = things.get(&**to).is_some_and(|thing| thing.kind != ThingKind::Nat);
        if known && !packets.is_empty() {
            let sum = all.entry((from, to.clone())).or_default();
            *sum = sum.or(packets);
        }
    };
    for (source, from) in [(Source::Internet, From::Internet), (Source::Vpn, From::Vpn)] {
        for flow in flows(model, &source) {
            add(from.clone(), &flow.destination, &flow.packets);
        }
    }
    for target in model.targets() {
        add(From::Thing(target.balancer.clone()), &target.target, &target.service);
    }
    let mut asked: BTreeSet<(&str, &[usize], &[Arc<str>])> = BTreeSet::new();
    for thing in things.values().filter(|thing| !SILENT.contains(&thing.kind)) {
        if !asked.insert((block(&thing.address), &thing.rooms, &thing.follows)) {
            continue;
        }
        for flow in flows(model, &Source::Object(thing.address.clone())) {
            if block(&flow.destination) != block(&thing.address) {
                add(From::Thing(thing.address.clone()), &flow.destination, &flow.packets);
            }
        }
    }
    let services: BTreeMap<(From, Arc<str>), Packets> =
        all.iter().map(|(ends, packets)| (ends.clone(), packets.may.without_addresses())).collect();
    // What the whole Internet reaches, everything reaches.
    let is_said = |from: &From, to: &Arc<str>, own: &Packets| {
        let open = services.get(&(From::Internet, to.clone()));
        matches!(from, From::Thing(address) if things.get(&**address).is_none_or(|thing| thing.kind != ThingKind::Balancer))
            && open.is_some_and(|open| open.covers(own))
    };
    all.iter()
        .filter(|((from, to), _)| !is_said(from, to, &services[&(from.clone(), to.clone())]))
        .map(|((from, to), packets)| Arrow {
            from: from.clone(),
            to: to.clone(),
            services: packets.may.services(),
            sure: packets.sure == packets.may || is_sure(model, from, to, packets),
        })
        .collect()
}

/// Whether all ports are sure to be reached, whichever of the subnets the thing is in.
fn is_sure(model: &Model, from: &From, to: &Arc<str>, packets: &Verdict) -> bool {
    let source = match from {
        From::Internet => Source::Internet,
        From::Vpn => Source::Vpn,
        From::Thing(address) => Source::Object(address.clone()),
    };
    let cubes = packets.may.without_addresses().cubes();
    cubes.iter().all(|cube| {
        let one = cube.protocols.0 == cube.protocols.1 && cube.ports.0 == cube.ports.1;
        let answer = || model.reach(&source, &Destination::Object(to.clone()), cube.protocols.0, Some(cube.ports.0));
        one && answer().is_ok_and(|reach| reach.answer == Answer::Yes)
    })
}

fn flows(model: &Model, source: &Source) -> Vec<Flow> {
    model.flows(source).unwrap_or_default()
}

/// The block that an object is an instance of: its address without the last key.
pub(super) fn block(address: &str) -> &str {
    match address.strip_suffix(']').and_then(|_| address.rfind('[')) {
        Some(at) => &address[..at],
        None => address,
    }
}
