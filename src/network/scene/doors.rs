//! Gateways in the walls of VPCs, and what they lead to.

use super::things::service;
use super::{House, Scene};
use crate::network::index::{Index, Link};
use crate::network::interfaces::is_gateway_endpoint;
use crate::network::places::VPCS;
use crate::network::read::{Fact, text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A gateway of a VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Its address.
    pub address: Arc<str>,
    /// What it is.
    pub kind: DoorKind,
    /// The neighbours that it leads to.
    pub to: Vec<usize>,
}

/// The kinds of gateways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoorKind {
    /// An internet gateway.
    Internet,
    /// A gateway that only lets IPv6 out.
    EgressOnly,
    /// A virtual private gateway.
    Vpn,
    /// An attachment to a transit gateway.
    Transit,
    /// An end of a peering.
    Peering,
    /// An endpoint that routes lead to.
    Service,
}

/// Something that gateways lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its address, or its id if it is not among the objects.
    pub address: Arc<str>,
    /// What it is.
    pub kind: NeighbourKind,
    /// What is worth a word.
    pub details: Vec<String>,
    /// The objects that it is made of.
    pub follows: Vec<Arc<str>>,
    /// How many lines lead there: the tunnels of a VPN connection.
    pub lines: usize,
    /// The neighbour that it is reached through, if there is one between.
    pub through: Option<usize>,
}

/// The kinds of neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NeighbourKind {
    /// A device of the client's at the other end of VPN connections.
    Site,
    /// A transit gateway.
    Transit,
    /// A peering, with the VPC at its other end.
    Peering,
    /// A service of AWS.
    Service,
}

const TRANSIT: &str = "aws_ec2_transit_gateway";
const CUSTOMER: &str = "aws_customer_gateway";
const VPN: &str = "aws_vpn_gateway";

/// Puts all gateways into the walls of their VPCs.
pub(super) fn open(index: &Index<'_>, scene: &mut Scene) {
    gateways(index, scene);
    transit(index, scene);
    connections(index, scene);
    peerings(index, scene);
    services(index, scene);
    scene
        .houses
        .iter_mut()
        .for_each(|house| house.doors.sort_by(|a, b| (a.kind, &a.address).cmp(&(b.kind, &b.address))));
}

/// The name of what is referred to: its address, or its id.
fn named(index: &Index<'_>, link: Link) -> Option<Arc<str>> {
    match link {
        Link::To(at, _) => Some(index.objects[at].address.clone()),
        Link::Elsewhere(id) => Some(id),
        Link::Unknown | Link::Nothing => None,
    }
}

fn house<'s>(scene: &'s mut Scene, name: Option<&Arc<str>>) -> Option<&'s mut House> {
    let name = name?;
    scene.houses.iter_mut().find(|house| house.address == *name)
}

/// A door of each gateway. One whose VPC is not known is where all is whose VPC is not known.
fn gateways(index: &Index<'_>, scene: &mut Scene) {
    let kinds = [
        ("aws_internet_gateway", "aws_internet_gateway_attachment", "internet_gateway_id", DoorKind::Internet),
        ("aws_egress_only_internet_gateway", "", "", DoorKind::EgressOnly),
        (VPN, "aws_vpn_gateway_attachment", "vpn_gateway_id", DoorKind::Vpn),
    ];
    for (type_name, attachment, argument, kind) in kinds {
        for (at, object) in index.of(&[type_name]) {
            let own = index.refers(&object.attributes, "vpc_id", &VPCS);
            let attached = index
                .of(&[attachment])
                .find(|(_, of)| index.refers(&of.attributes, argument, &[type_name]).object() == Some(at));
            let vpc = match (own, attached) {
                (Link::Nothing, Some((_, by))) => index.refers(&by.attributes, "vpc_id", &VPCS),
                (own, _) => own,
            };
            let door = Door { address: object.address.clone(), kind, to: Vec::new() };
            let name = named(index, vpc).unwrap_or_else(|| "".into());
            if let Some(house) = house(scene, Some(&name)) {
                house.doors.push(door);
            }
        }
    }
}

fn neighbour(scene: &mut Scene, address: Arc<str>, kind: NeighbourKind) -> usize {
    if let Some(known) = scene.neighbours.iter().position(|one| one.address == address && one.kind == kind) {
        return known;
    }
    let (details, follows) = (Vec::new(), Vec::new());
    scene.neighbours.push(Neighbour { address, kind, details, follows, lines: 1, through: None });
    scene.neighbours.len() - 1
}

fn transit(index: &Index<'_>, scene: &mut Scene) {
    for (_, object) in index.of(&["aws_ec2_transit_gateway_vpc_attachment"]) {
        let of = &object.attributes;
        let vpc = named(index, index.refers(of, "vpc_id", &VPCS));
        let Some(gateway) = named(index, index.refers(of, "transit_gateway_id", &[TRANSIT])) else { continue };
        let to = neighbour(scene, gateway, NeighbourKind::Transit);
        if let Some(house) = house(scene, vpc.as_ref()) {
            house.doors.push(Door { address: object.address.clone(), kind: DoorKind::Transit, to: vec![to] });
        }
    }
    for (_, object) in index.of(&[TRANSIT]) {
        neighbour(scene, object.address.clone(), NeighbourKind::Transit);
    }
}

/// The sites at the other ends of VPN connections, each once for what it is connected to.
fn connections(index: &Index<'_>, scene: &mut Scene) {
    for (at, object) in index.of(&["aws_vpn_connection"]) {
        let of = &object.attributes;
        let device = index.refers(of, "customer_gateway_id", &[CUSTOMER]);
        let own = device.object().map(|device| &index.objects[device]);
        let name = named(index, device).unwrap_or_else(|| object.address.clone());
        let gateway = named(index, index.refers(of, "vpn_gateway_id", &[VPN]));
        let transit = named(index, index.refers(of, "transit_gateway_id", &[TRANSIT]));
        let through = transit.map(|name| neighbour(scene, name, NeighbourKind::Transit));
        let first = neighbour(scene, name.clone(), NeighbourKind::Site);
        let is_new = scene.neighbours[first].follows.is_empty();
        let site = &mut scene.neighbours[first];
        if is_new {
            let word = |name: &str| own.and_then(|device| text(&device.attributes, name).known()).map(str::to_owned);
            site.details.extend(word("ip_address"));
            site.through = through;
            site.lines = 0;
        }
        site.lines += 2;
        site.follows.push(object.address.clone());
        let behind: BTreeSet<String> = index
            .of(&["aws_vpn_connection_route"])
            .filter(|(_, route)| {
                index.refers(&route.attributes, "vpn_connection_id", &["aws_vpn_connection"]).object() == Some(at)
            })
            .filter_map(|(_, route)| text(&route.attributes, "destination_cidr_block").known().map(str::to_owned))
            .collect();
        let news: Vec<String> = behind.into_iter().filter(|range| !site.details.contains(range)).collect();
        site.details.extend(news);
        let Some(gateway) = gateway else { continue };
        for door in scene.houses.iter_mut().flat_map(|house| &mut house.doors) {
            if door.address == gateway && !door.to.contains(&first) {
                door.to.push(first);
            }
        }
    }
    for site in scene.neighbours.iter_mut().filter(|one| one.kind == NeighbourKind::Site) {
        site.details.push(format!("{} tunnels", site.lines));
    }
}

fn peerings(index: &Index<'_>, scene: &mut Scene) {
    for (_, object) in index.of(&["aws_vpc_peering_connection"]) {
        let of = &object.attributes;
        let ends = ["vpc_id", "peer_vpc_id"].map(|name| named(index, index.refers(of, name, &VPCS)));
        let to = neighbour(scene, object.address.clone(), NeighbourKind::Peering);
        for end in ends.iter().flatten() {
            match house(scene, Some(end)) {
                Some(house) => {
                    house.doors.push(Door { address: object.address.clone(), kind: DoorKind::Peering, to: vec![to] });
                }
                None => scene.neighbours[to].details.push(end.to_string()),
            }
        }
    }
}

fn services(index: &Index<'_>, scene: &mut Scene) {
    for (_, object) in index.of(&["aws_vpc_endpoint"]) {
        let of = &object.attributes;
        if !is_gateway_endpoint(of) || matches!(text(of, "vpc_endpoint_type"), Fact::Unknown) {
            continue;
        }
        let vpc = named(index, index.refers(of, "vpc_id", &VPCS));
        let to = neighbour(scene, object.address.clone(), NeighbourKind::Service);
        scene.neighbours[to].details = text(of, "service_name").known().map(service).into_iter().collect();
        if let Some(house) = house(scene, vpc.as_ref()) {
            house.doors.push(Door { address: object.address.clone(), kind: DoorKind::Service, to: vec![to] });
        }
    }
}
