//! Interfaces: where instances, balancers, databases and the like are in the network, one for each subnet that they are in.

mod kinds;
mod public;

use super::Object;
use super::filters::groups::Groups;
use super::index::{Index, Link};
use super::kinds::ObjectKind;
use super::places::Places;
use super::read::{Fact, attribute, elements, flag, number, text};
use super::space::{Addresses, Ip, range};
use kinds::{Bare, KINDS, Kind};
pub(super) use kinds::{Shape, is_gateway_endpoint};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A public IPv4 address of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Public {
    /// It has none.
    #[default]
    None,
    /// It has this one, or one that is not known yet.
    Some(Option<Ip>, Arc<str>),
    /// It may have one.
    May,
}

/// A place that sends or takes traffic.
#[derive(Debug)]
pub(super) struct Interface {
    /// The object that it is part of.
    pub(super) object: usize,
    pub(super) name: Arc<str>,
    pub(super) shape: Shape,
    pub(super) subnet: Option<usize>,
    /// Each address that it has, or the set that its address is from.
    pub(super) addresses: Vec<Addresses>,
    pub(super) public: Public,
    /// Public addresses of others of its addresses than the first.
    pub(super) others: Vec<(Addresses, Option<Ip>, Arc<str>)>,
    pub(super) groups: Vec<usize>,
    /// Whether it may have other groups.
    pub(super) groups_open: bool,
    /// The one port that it answers on, if it is so.
    pub(super) port: Fact<u16>,
    /// Whether its object is in all of its subnets, or in one of them that is not known.
    pub(super) everywhere: bool,
    /// Whether it only takes packets for itself, if that is known.
    pub(super) only_own: Option<bool>,
}

impl Interface {
    /// Its public addresses, each with the private one that it is for; nothing where that is the first.
    pub(super) fn publics(&self) -> impl Iterator<Item = (Option<Ip>, Option<&Addresses>)> {
        let first = match &self.public {
            Public::Some(address, _) => Some((*address, None)),
            Public::None | Public::May => None,
        };
        first.into_iter().chain(self.others.iter().map(|(own, public, _)| (*public, Some(own))))
    }

    /// The public address of one of its addresses.
    pub(super) fn public_of(&self, own: &Addresses) -> Public {
        if let Some((_, public, name)) = self.others.iter().find(|(other, ..)| other == own) {
            return Public::Some(*public, name.clone());
        }
        let v4 = self.addresses.iter().find(|address| !address.meets(&Addresses::v6()));
        match v4.is_none_or(|first| first == own) {
            true => self.public.clone(),
            // Only the first has the one that AWS gives.
            false => Public::None,
        }
    }
}

/// Whether objects of a kind have interfaces.
pub(super) fn has(kind: ObjectKind) -> bool {
    KINDS.iter().any(|one| one.of.contains(&kind))
}

/// All interfaces, and those of each object.
#[derive(Debug, Default)]
pub(super) struct Interfaces {
    pub(super) all: Vec<Interface>,
    pub(super) of_object: HashMap<usize, Vec<usize>>,
}

impl Interfaces {
    pub(super) fn of(index: &Index<'_>, places: &Places, groups: &mut Groups) -> Self {
        let mut found = Interfaces::default();
        let (own_cards, more_cards) = cards(index);
        for kind in KINDS {
            for (at, object) in kind.of.iter().flat_map(|of| index.of(of.types())) {
                // An instance with network interfaces of their own is where these are.
                match own_cards.get(&at) {
                    Some(cards) if kind.shape == Shape::Instance => {
                        let of_cards = cards.iter().filter_map(|card| found.of_object.get(card)).flatten();
                        let all = of_cards.copied().collect();
                        found.of_object.insert(at, all);
                    }
                    _ => found.place(index, places, groups, kind, at, object),
                }
            }
        }
        for (instance, card) in more_cards {
            let of_card = found.of_object.get(&card).cloned().unwrap_or_default();
            let own = found.of_object.entry(instance).or_default();
            own.extend(of_card.into_iter().filter(|at| !own.contains(at)).collect::<Vec<_>>());
        }
        found.keep_apart();
        found.add_groups(index, groups);
        public::assign(index, places, &mut found);
        found
    }

    /// An address that is not known yet is none that another interface of the subnet has.
    fn keep_apart(&mut self) {
        let mut taken: HashMap<usize, Vec<Addresses>> = HashMap::new();
        for of in &self.all {
            let known = of.addresses.iter().filter(|one| one.single().is_some()).cloned();
            if let Some(subnet) = of.subnet {
                taken.entry(subnet).or_default().extend(known);
            }
        }
        let taken: HashMap<usize, Addresses> = taken
            .into_iter()
            .map(|(subnet, all)| (subnet, all.into_iter().fold(Addresses::default(), |all, one| all.union(&one))))
            .collect();
        for of in &mut self.all {
            let Some(taken) = of.subnet.and_then(|subnet| taken.get(&subnet)) else { continue };
            for one in of.addresses.iter_mut().filter(|one| one.single().is_none()) {
                let free = one.minus(taken);
                if !free.is_empty() {
                    *one = free;
                }
            }
        }
    }

    /// Adds the groups that are attached by objects of their own.
    fn add_groups(&mut self, index: &Index<'_>, groups: &mut Groups) {
        for (_, object) in index.of(&["aws_network_interface_sg_attachment"]) {
            let of = &object.attributes;
            let (group, open) = groups.named(index, &elements(of, "security_group_id").all);
            match index.refers(of, "network_interface_id", &["aws_network_interface", "aws_instance"]) {
                Link::To(at, _) => {
                    let first = self.of_object.get(&at).and_then(|all| all.first()).copied();
                    if let Some(interface) = first.map(|first| &mut self.all[first]) {
                        interface.groups.extend(group);
                        interface.groups_open |= open;
                    }
                }
                // It may be of any.
                Link::Unknown => self.all.iter_mut().for_each(|interface| interface.groups_open = true),
                Link::Elsewhere(_) | Link::Nothing => {}
            }
        }
    }

    fn place(
        &mut self,
        index: &Index<'_>,
        places: &Places,
        groups: &mut Groups,
        kind: &Kind,
        at: usize,
        object: &Object,
    ) {
        let of = &object.attributes;
        if kind.shape == Shape::Endpoint && kinds::is_gateway_endpoint(of) {
            return;
        }
        let (mut subnets, mut open) = (Vec::new(), false);
        for path in kind.subnets {
            let (found, more) = kinds::subnets(index, places, of, path);
            subnets.extend(found);
            open |= more;
        }
        if kind.shape == Shape::Database
            && let Some(zone) = text(of, "availability_zone").known()
            && flag(of, "multi_az").known() != Some(true)
        {
            subnets.retain(|subnet| places.subnets[*subnet].zone.as_deref().is_none_or(|other| other == zone));
        }
        subnets.sort_unstable();
        subnets.dedup();
        if subnets.is_empty() && !open && kind.optional {
            return;
        }
        let (mut own, mut groups_open) = (Vec::new(), false);
        for path in kind.groups {
            if !own.is_empty() {
                break;
            }
            let (values, open) = kinds::through(index, of, path);
            let (found, more) = groups.named(index, &values);
            own.extend(found);
            groups_open |= open || more;
        }
        let bare = match (kind.shape, text(of, "load_balancer_type"), text(of, "vpc_endpoint_type")) {
            (Shape::Balancer, Fact::Unknown, _) | (Shape::Endpoint, _, Fact::Unknown) => Bare::Unknown,
            (Shape::Balancer, Fact::Known("network" | "gateway"), _) => Bare::Open,
            (Shape::Balancer, ..) | (Shape::Endpoint, _, Fact::Known("Interface")) => Bare::Default,
            _ => kind.bare,
        };
        let mut places_of: Vec<Option<usize>> = subnets.into_iter().map(Some).collect();
        if open || places_of.is_empty() {
            places_of.push(None);
        }
        for subnet in places_of {
            let vpc = subnet.and_then(|subnet| places.subnets[subnet].vpc);
            let mut own = own.clone();
            let mut groups_open = groups_open;
            if own.is_empty() && !groups_open && bare != Bare::Open {
                match vpc.and_then(|vpc| groups.default_of(vpc)).filter(|_| bare == Bare::Default) {
                    Some(group) => own.push(group),
                    None => groups_open = true,
                }
            }
            let interface = Interface {
                object: at,
                name: object.address.clone(),
                shape: kind.shape,
                subnet,
                addresses: addresses(kind, of, subnet.map(|subnet| &places.subnets[subnet])),
                public: Public::None,
                others: Vec::new(),
                groups: own,
                groups_open,
                port: match kind.port {
                    Some(name) => number(of, name).read(|port| u16::try_from(port).ok()),
                    None => Fact::Absent,
                },
                everywhere: kind.everywhere,
                only_own: match (kind.shape, flag(of, "source_dest_check")) {
                    (Shape::Card | Shape::Instance, Fact::Known(checks)) => Some(checks),
                    (Shape::Card | Shape::Instance, Fact::Absent) => Some(true),
                    (Shape::Card | Shape::Instance, Fact::Unknown) => None,
                    _ => Some(false),
                },
            };
            self.of_object.entry(at).or_default().push(self.all.len());
            self.all.push(interface);
        }
    }
}

/// The network interfaces that instances have in place of one of their own, and those that they have beside it.
fn cards(index: &Index<'_>) -> (HashMap<usize, Vec<usize>>, Vec<(usize, usize)>) {
    const CARDS: [&str; 1] = ["aws_network_interface"];
    let mut all: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, object) in index.of(&["aws_instance"]) {
        for path in [
            "network_interface.network_interface_id",
            "primary_network_interface.network_interface_id",
            "primary_network_interface_id",
        ] {
            let found = elements(&object.attributes, path).all;
            let cards = found.into_iter().filter_map(|value| index.link(value, &CARDS).object());
            all.entry(at).or_default().extend(cards);
        }
    }
    all.retain(|_, cards| !cards.is_empty());
    let mut more: Vec<(usize, usize)> = Vec::new();
    for (at, object) in index.of(&CARDS) {
        let found = elements(&object.attributes, "attachment.instance").all;
        more.extend(found.into_iter().filter_map(|value| Some((index.link(value, &["aws_instance"]).object()?, at))));
    }
    for (_, object) in index.of(&["aws_network_interface_attachment"]) {
        let instance = index.refers(&object.attributes, "instance_id", &["aws_instance"]).object();
        let card = index.refers(&object.attributes, "network_interface_id", &CARDS).object();
        more.extend(instance.zip(card));
    }
    for cards in all.values_mut() {
        let mut seen = HashSet::new();
        cards.retain(|card| seen.insert(*card));
    }
    (all, more)
}

/// Each known address of an interface; else the ranges of its subnet.
fn addresses(kind: &Kind, of: &crate::value::Value, subnet: Option<&super::places::Subnet>) -> Vec<Addresses> {
    let known = |paths: &[&str]| {
        let mut all: Vec<Addresses> = Vec::new();
        for path in paths {
            let found = elements(of, path).all;
            for address in found.into_iter().filter_map(|value| range(value.as_str()?)) {
                // An object in several subnets has one of its addresses in each.
                let here = subnet.is_none_or(|subnet| kind.alone || subnet.v4.union(&subnet.v6).covers(&address));
                if here && !all.contains(&address) {
                    all.push(address);
                }
            }
        }
        all
    };
    let mut all = known(kind.v4);
    if all.is_empty() {
        let whole = subnet.map_or_else(Addresses::v4, |subnet| subnet.v4.clone());
        all.extend((!whole.is_empty()).then_some(whole));
    }
    let v6 = known(kind.v6);
    let asks = kind.v6_asks.iter().any(|name| match attribute(of, name) {
        Fact::Absent => false,
        Fact::Unknown => true,
        Fact::Known(value) => {
            value.as_i64() != Some(0) && value.as_str() != Some("ipv4") && value.as_bool() != Some(false)
        }
    });
    match subnet {
        _ if !v6.is_empty() => all.extend(v6),
        Some(subnet) if asks && !subnet.v6.is_empty() => all.push(subnet.v6.clone()),
        None if asks => all.push(Addresses::v6()),
        _ => {}
    }
    all
}

/// The instance or interface that an address is given to.
pub(super) fn holder(index: &Index<'_>, of: &crate::value::Value, name: &str) -> Link {
    index.refers(of, name, &["aws_instance", "aws_network_interface", "aws_nat_gateway"])
}
