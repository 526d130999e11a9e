//! VPCs and their subnets. A VPC that only an id speaks of has a place as well: what is in it is together, and all else
//! about it is not known.

use super::index::{Index, Link};
use super::read::{Fact, addresses, attribute, elements, flag, text};
use super::space::Addresses;
use std::collections::HashMap;
use std::sync::Arc;

/// The types of VPCs.
pub(super) const VPCS: [&str; 2] = ["aws_vpc", "aws_default_vpc"];
/// The types of subnets.
pub(super) const SUBNETS: [&str; 2] = ["aws_subnet", "aws_default_subnet"];

/// A network.
#[derive(Debug)]
pub(super) struct Vpc {
    pub(super) name: Arc<str>,
    /// Whether it is one of the objects.
    pub(super) listed: bool,
    /// Its ranges; subnets with known ranges count even if the VPC's are not known.
    pub(super) ranges: Addresses,
    /// The same, each for itself: a route for two neighbours is not a route for each.
    pub(super) each: Vec<Addresses>,
    /// Addresses among which it may have others.
    pub(super) open: Addresses,
}

/// A part of a network.
#[derive(Debug)]
pub(super) struct Subnet {
    pub(super) name: Arc<str>,
    pub(super) vpc: Option<usize>,
    pub(super) zone: Option<Arc<str>>,
    /// Its ranges, or those of its VPC, or all.
    pub(super) v4: Addresses,
    /// Its IPv6 ranges, or all of them.
    pub(super) v6: Addresses,
    /// Those of its ranges that are known.
    known: Addresses,
    /// Whether new interfaces get a public address, if that is known.
    pub(super) gives_public: Option<bool>,
}

/// All VPCs and subnets, by object and by id.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) vpcs: Vec<Vpc>,
    pub(super) subnets: Vec<Subnet>,
    vpc_of: HashMap<usize, usize>,
    vpc_named: HashMap<Arc<str>, usize>,
    subnet_of: HashMap<usize, usize>,
}

impl Places {
    pub(super) fn of(index: &Index<'_>) -> Self {
        let mut places = Places::default();
        for (at, object) in index.of(&VPCS) {
            let (ranges, open) = (Addresses::default(), Addresses::default());
            let mut vpc = Vpc { name: object.address.clone(), listed: true, ranges, each: Vec::new(), open };
            vpc.add(addresses(&object.attributes, "cidr_block"), Addresses::v4());
            vpc.add(addresses(&object.attributes, "ipv6_cidr_block"), Addresses::v6());
            for (asks, family) in
                [("assign_generated_ipv6_cidr_block", Addresses::v6()), ("ipv4_ipam_pool_id", Addresses::v4())]
            {
                // AWS chooses the range.
                if !matches!(attribute(&object.attributes, asks), Fact::Absent) && !vpc.ranges.meets(&family) {
                    let chooses = flag(&object.attributes, asks).known() != Some(false);
                    vpc.add(if chooses { Fact::Unknown } else { Fact::Absent }, family);
                }
            }
            places.vpc_of.insert(at, places.vpcs.len());
            places.vpcs.push(vpc);
        }
        for (_, object) in index.of(&["aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"]) {
            let range = match addresses(&object.attributes, "cidr_block") {
                Fact::Absent => addresses(&object.attributes, "ipv6_cidr_block"),
                given => given,
            };
            match places.vpc(&index.refers(&object.attributes, "vpc_id", &VPCS)) {
                Some(vpc) => places.vpcs[vpc].add(range, Addresses::all()),
                // It may be any of them.
                None => places.vpcs.iter_mut().for_each(|vpc| vpc.open = Addresses::all()),
            }
        }
        for (at, object) in index.of(&SUBNETS) {
            let attributes = &object.attributes;
            let vpc = places.vpc(&index.refers(attributes, "vpc_id", &VPCS));
            let zones = ["availability_zone", "availability_zone_id"].map(|name| text(attributes, name));
            let (v4, v6) = (addresses(attributes, "cidr_block"), addresses(attributes, "ipv6_cidr_block"));
            if let Some(vpc) = vpc.and_then(|vpc| places.vpcs.get_mut(vpc)) {
                for range in [&v4, &v6] {
                    // A subnet is part of its VPC, whether the VPC's ranges are known or not.
                    if let Fact::Known(range) = range
                        && !vpc.ranges.covers(range)
                    {
                        vpc.add(Fact::Known(range.clone()), Addresses::default());
                    }
                }
            }
            let within = vpc.and_then(|vpc| places.vpcs.get(vpc)).map(|vpc| vpc.ranges.union(&vpc.open));
            let whole = |family: Addresses| within.as_ref().map_or(family.clone(), |ranges| ranges.and(&family));
            let known = [&v4, &v6].into_iter().filter_map(|range| range.clone().known());
            let known = known.fold(Addresses::default(), |all, one| all.union(&one));
            let subnet = Subnet {
                known,
                name: object.address.clone(),
                vpc,
                zone: zones.into_iter().find_map(Fact::known).map(Into::into),
                v4: v4.known().unwrap_or_else(|| whole(Addresses::v4())),
                v6: match v6 {
                    Fact::Absent => Addresses::default(),
                    v6 => v6.known().unwrap_or_else(|| whole(Addresses::v6())),
                },
                gives_public: match flag(attributes, "map_public_ip_on_launch") {
                    Fact::Absent => Some(false),
                    flag => flag.known(),
                },
            };
            places.subnet_of.insert(at, places.subnets.len());
            places.subnets.push(subnet);
        }
        places
    }

    /// The VPC that is referred to; one that is not among the objects gets its place.
    pub(super) fn vpc(&mut self, link: &Link) -> Option<usize> {
        match link {
            Link::To(object, _) => self.vpc_of.get(object).copied(),
            Link::Elsewhere(id) => {
                let next = self.vpcs.len();
                let found = *self.vpc_named.entry(id.clone()).or_insert(next);
                if found == next {
                    self.vpcs.push(Vpc {
                        name: id.clone(),
                        listed: false,
                        ranges: Addresses::default(),
                        each: Vec::new(),
                        open: Addresses::all(),
                    });
                }
                Some(found)
            }
            Link::Unknown | Link::Nothing => None,
        }
    }

    /// The subnet that is referred to.
    pub(super) fn subnet(&self, link: &Link) -> Option<usize> {
        self.subnet_of.get(&link.object()?).copied()
    }

    /// The subnets at a path of an object, and whether there may be others.
    pub(super) fn subnets_at(&self, index: &Index<'_>, of: &crate::value::Value, path: &str) -> (Vec<usize>, bool) {
        let found = elements(of, path);
        let all: Vec<Option<usize>> = found.all.iter().map(|value| self.subnet(&index.link(value, &SUBNETS))).collect();
        let open = found.open || all.iter().any(Option::is_none);
        (all.into_iter().flatten().collect(), open)
    }
}

impl Subnet {
    /// The addresses that are surely in it.
    pub(super) fn holds(&self) -> &Addresses {
        &self.known
    }
}

impl Vpc {
    fn add(&mut self, range: Fact<Addresses>, family: Addresses) {
        match range {
            Fact::Known(range) => {
                self.ranges = self.ranges.union(&range);
                self.each.push(range);
            }
            Fact::Absent => {}
            Fact::Unknown => self.open = self.open.union(&family),
        }
    }
}
