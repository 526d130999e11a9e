//! A network as it can be drawn: its VPCs with their subnets, what is in these, the gateways and what they lead to, and
//! who reaches whom. This is what pictures are made of; it says nothing of how they look.

mod arrows;
mod doors;
mod parts;
mod things;

use super::index::Index;
use super::model::Model;
use super::space::Addresses;
use super::ways::routes::{Route, Target};
use super::{Object, read};
pub use arrows::{Arrow, From};
pub use doors::{Door, DoorKind, Neighbour, NeighbourKind};
pub use parts::parts;
use std::collections::BTreeMap;
use std::sync::Arc;
pub use things::{Thing, ThingKind};

/// A network, as it can be drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scene {
    /// Its VPCs, and at the end what is in no VPC that is known.
    pub houses: Vec<House>,
    /// What gateways lead to, besides the Internet.
    pub neighbours: Vec<Neighbour>,
    /// Who reaches whom.
    pub arrows: Vec<Arrow>,
}

/// A VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    /// Its address, or its id if it is not among the objects.
    pub address: Arc<str>,
    /// Its ranges.
    pub ranges: Vec<String>,
    /// Its subnets.
    pub rooms: Vec<Room>,
    /// What is in them.
    pub things: Vec<Thing>,
    /// Its gateways.
    pub doors: Vec<Door>,
}

/// A subnet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its address.
    pub address: Arc<str>,
    /// Its ranges, as far as they are known.
    pub ranges: Vec<String>,
    /// Its zone, if that is known.
    pub zone: Option<Arc<str>>,
    /// What it is for.
    pub tier: Tier,
    /// The way out of it, in words.
    pub way_out: &'static str,
    /// The objects that its traffic follows: route tables, routes, ACLs.
    pub follows: Vec<Arc<str>>,
}

/// What a subnet is for, as its routes and what is in it say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// It has a route to an internet gateway.
    Public,
    /// It has none.
    Private,
    /// Databases are in it, or nothing that needs a way out of the VPC, which it does not have.
    Data,
}

impl Tier {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Tier::Public => "public",
            Tier::Private => "private",
            Tier::Data => "data",
        }
    }
}

/// The network of these objects as it can be drawn. The order of the objects does not matter.
pub fn scene(objects: &[Object]) -> Scene {
    let mut sorted = objects.to_vec();
    sorted.sort_by(|a, b| a.address.cmp(&b.address));
    let model = Model::of(&sorted);
    let index = Index::new(&sorted);
    let mut scene = Scene::default();
    let mut house_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, vpc) in model.places.vpcs.iter().enumerate() {
        let lived_in = model.places.subnets.iter().any(|subnet| subnet.vpc == Some(at));
        if vpc.listed || lived_in {
            house_of.insert(at, scene.houses.len());
            scene.houses.push(House::new(vpc.name.clone(), shown(&vpc.ranges)));
        }
    }
    let nowhere = scene.houses.len();
    scene.houses.push(House::new("".into(), Vec::new()));
    let mut room_of = Vec::new();
    for (at, subnet) in model.places.subnets.iter().enumerate() {
        let house = subnet.vpc.and_then(|vpc| house_of.get(&vpc)).copied().unwrap_or(nowhere);
        room_of.push((house, scene.houses[house].rooms.len()));
        let room = model.room(&index, at);
        scene.houses[house].rooms.push(room);
    }
    things::place(&model, &index, &room_of, &mut scene);
    for house in &mut scene.houses {
        house.furnish();
    }
    doors::open(&index, &mut scene);
    if scene.houses[nowhere].is_empty() {
        scene.houses.pop();
    }
    scene.arrows = arrows::of(&model, &scene);
    scene
}

impl House {
    fn new(address: Arc<str>, ranges: Vec<String>) -> Self {
        House { address, ranges, rooms: Vec::new(), things: Vec::new(), doors: Vec::new() }
    }

    fn is_empty(&self) -> bool {
        self.rooms.is_empty() && self.things.is_empty() && self.doors.is_empty()
    }

    /// Lets what is in subnets say what they are for.
    fn furnish(&mut self) {
        for (at, room) in self.rooms.iter_mut().enumerate() {
            let mut here = self.things.iter().filter(|thing| thing.rooms.contains(&at)).peekable();
            let is_data = match here.peek() {
                None => room.way_out == NO_WAY,
                Some(_) => here.all(|thing| matches!(thing.kind, ThingKind::Database | ThingKind::Cache)),
            };
            if room.tier == Tier::Private && is_data {
                room.tier = Tier::Data;
            }
        }
    }
}

const NO_WAY: &str = "no way out";

impl Model {
    fn room(&self, index: &Index<'_>, at: usize) -> Room {
        let subnet = &self.places.subnets[at];
        let tables =
            self.tables.of_subnet.get(at).into_iter().flatten().filter_map(|table| self.tables.all.get(*table));
        let (mut follows, mut routes) = (Vec::new(), Vec::new());
        for table in tables {
            follows.push(table.name.clone());
            follows.extend(table.routes.iter().map(|route| route.name.clone()));
            routes.extend(&table.routes);
        }
        let acls = self.acls.of_subnet.get(at).into_iter().flatten().filter_map(|acl| self.acls.all.get(*acl));
        follows.extend(acls.map(|acl| acl.name.clone()));
        follows.sort();
        follows.dedup();
        let (is_public, way_out) = way_out(&routes);
        let own = self.object(&subnet.name).map(|object| &index.objects[object].attributes);
        let range = |name: &str| own.and_then(|of| read::text(of, name).known()).map(str::to_owned);
        Room {
            address: subnet.name.clone(),
            ranges: ["cidr_block", "ipv6_cidr_block"].into_iter().filter_map(range).collect(),
            zone: subnet.zone.clone(),
            tier: if is_public { Tier::Public } else { Tier::Private },
            way_out,
            follows,
        }
    }
}

/// The best way out of a network that routes give: whether it is that of a public subnet, and its name.
fn way_out(routes: &[&Route]) -> (bool, &'static str) {
    let all = |route: &&&Route| {
        let to = &route.destination.may;
        to.covers(&Addresses::internet().and(&Addresses::v4()))
            || to.covers(&Addresses::internet().and(&Addresses::v6()))
    };
    let leads = |is: fn(&Target) -> bool| routes.iter().filter(all).any(|route| is(&route.target));
    if leads(|to| matches!(to, Target::Internet(_))) {
        (true, "internet gateway")
    } else if leads(|to| matches!(to, Target::Nat(_))) {
        (false, "NAT")
    } else if leads(|to| matches!(to, Target::EgressOnly(_))) {
        (false, "egress-only gateway")
    } else if leads(|to| matches!(to, Target::Transit(_) | Target::Attachment(_))) {
        (false, "transit gateway")
    } else if leads(|to| matches!(to, Target::Vpn(_))) {
        (false, "VPN")
    } else if leads(|to| matches!(to, Target::Forwarder(_) | Target::Unknown)) {
        (false, "another way")
    } else if routes.iter().any(|route| is_beyond(&route.target)) {
        (false, "no Internet")
    } else {
        (false, NO_WAY)
    }
}

/// Whether a route leads to another network.
fn is_beyond(target: &Target) -> bool {
    matches!(target, Target::Peering(_) | Target::Transit(_) | Target::Attachment(_) | Target::Vpn(_))
}

fn shown(ranges: &Addresses) -> Vec<String> {
    ranges.prefixes().iter().map(ToString::to_string).collect()
}
