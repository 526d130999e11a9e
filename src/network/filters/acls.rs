//! Network ACLs: numbered rules, the first that fits decides, and answers have to pass as well.

use super::Verdict;
use super::matching::{Party, Ranges, Services};
use crate::network::index::{Index, Link};
use crate::network::legs::shown;
use crate::network::parts::Part;
use crate::network::places::{Places, SUBNETS, VPCS};
use crate::network::read::{Fact, addresses, elements, flag, number, text};
use crate::network::space::{Addresses, Packets};
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

use super::group::Direction;

/// The types that are, or have, an ACL.
const ACLS: [&str; 4] = ["aws_network_acl", "aws_default_network_acl", "aws_vpc", "aws_default_vpc"];

#[derive(Debug)]
struct Entry {
    part: Part,
    number: Option<i64>,
    allow: Option<bool>,
    services: Services,
    ranges: Ranges,
}

/// An ACL.
#[derive(Debug)]
pub(in crate::network) struct Acl {
    pub(in crate::network) name: Arc<str>,
    ingress: Vec<Entry>,
    egress: Vec<Entry>,
    /// Whether it may have rules that are not known.
    open: bool,
    /// Whether it is one of the objects.
    pub(in crate::network) written: bool,
}

impl Acl {
    /// What the ACL lets through to or from a party.
    pub(in crate::network) fn passes(&self, direction: Direction, party: &Party) -> Verdict {
        let entries = match direction {
            Direction::In => &self.ingress,
            Direction::Out => &self.egress,
        };
        let mut passed = Verdict::default();
        // Packets that no rule has decided on for sure, and those that none can have decided on.
        let (mut open, mut clean) = (Packets::all(), Packets::all());
        let unsure = entries.iter().any(|entry| entry.number.is_none());
        if unsure {
            for entry in entries.iter().filter(|entry| entry.allow != Some(true)) {
                clean = clean.minus(&entry.services.packets(entry.ranges.meet(party).1));
            }
        }
        for entry in entries {
            let (for_sure, perhaps) = entry.ranges.meet(party);
            let possible = entry.services.packets(perhaps);
            let certain = match entry.services.sure && entry.allow.is_some() && !unsure {
                true => entry.services.packets(for_sure.clone()),
                false => Packets::default(),
            };
            match entry.allow {
                Some(true) => {
                    let sure = if entry.services.sure { entry.services.packets(for_sure) } else { Packets::default() };
                    passed.sure = passed.sure.union(&sure.and(&clean));
                    passed.may = passed.may.union(&possible.and(&open));
                }
                Some(false) => clean = clean.minus(&possible),
                None => {
                    passed.may = passed.may.union(&possible.and(&open));
                    clean = clean.minus(&possible);
                }
            }
            open = open.minus(&certain);
        }
        if self.open { Verdict { sure: Packets::default(), may: Packets::all() } } else { passed }
    }

    /// Of the packets that came the other way, those whose answers pass.
    pub(in crate::network) fn answers(&self, direction: Direction, party: &Party) -> Verdict {
        let passed = self.passes(direction, party);
        Verdict { sure: passed.sure.answered(true), may: passed.may.answered(false) }
    }

    /// The entries that decide on packets, in order, each with what it says and whether it lets them through. Answers go
    /// to the ports that clients send from.
    pub(in crate::network) fn deciding(
        &self,
        direction: Direction,
        party: &Party,
        packets: &Packets,
        answer: bool,
    ) -> Vec<(Part, String, bool)> {
        let entries = match direction {
            Direction::In => &self.ingress,
            Direction::Out => &self.egress,
        };
        let mut rest = if answer { packets.answers() } else { packets.clone() };
        let mut found = Vec::new();
        for entry in entries {
            let (for_sure, perhaps) = entry.ranges.meet(party);
            if !entry.services.packets(perhaps).meets(&rest) {
                continue;
            }
            let (allow, word) = match entry.allow {
                Some(true) => (true, "allow"),
                Some(false) => (false, "deny"),
                None => (true, "allow or deny"),
            };
            let number = entry.number.map_or_else(|| "?".to_owned(), |number| number.to_string());
            let way = match direction {
                Direction::In => "ingress",
                Direction::Out => "egress",
            };
            let towards = if direction == Direction::In { "from" } else { "to" };
            let services = entry.services.packets(Addresses::all()).services();
            let what = format!("{way} {number} {word} {services} {towards} {}", shown(&entry.ranges.may));
            found.push((entry.part.clone(), what, allow));
            if entry.services.sure {
                rest = rest.minus(&entry.services.packets(for_sure));
            }
        }
        found
    }

    fn entries(&mut self, direction: Direction) -> &mut Vec<Entry> {
        match direction {
            Direction::In => &mut self.ingress,
            Direction::Out => &mut self.egress,
        }
    }
}

/// All ACLs, and those that each subnet may follow.
#[derive(Debug, Default)]
pub(in crate::network) struct Acls {
    pub(in crate::network) all: Vec<Acl>,
    /// One, or several if it is not known which.
    pub(in crate::network) of_subnet: Vec<Vec<usize>>,
    by_object: HashMap<usize, usize>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Acls {
    pub(in crate::network) fn of(index: &Index<'_>, places: &mut Places) -> Self {
        let mut acls = Acls::default();
        let mut defaults = acls.defaults(index, places);
        for (at, object) in index.of(&["aws_network_acl"]) {
            let acl = acls.add(object.address.clone(), false);
            acls.by_object.insert(at, acl);
        }
        for (at, object) in index.of(&["aws_network_acl", "aws_default_network_acl"]) {
            let acl = acls.by_object[&at];
            acls.all[acl].written = true;
            for (name, direction) in [("ingress", Direction::In), ("egress", Direction::Out)] {
                let found = elements(&object.attributes, name);
                acls.all[acl].open |= found.open;
                for (place, block) in found.all.into_iter().enumerate() {
                    let part = Part::block(&object.address, name, place);
                    acls.all[acl].entries(direction).push(entry(block, part, "rule_no", "action"));
                }
            }
        }
        acls.separate(index);
        for acl in &mut acls.all {
            acl.ingress.sort_by_key(|entry| entry.number);
            acl.egress.sort_by_key(|entry| entry.number);
        }
        for vpc in 0..places.vpcs.len() {
            defaults
                .entry(vpc)
                .or_insert_with(|| acls.add(format!("default network ACL of {}", places.vpcs[vpc].name).into(), true));
        }
        acls.associate(index, places, &defaults);
        acls
    }

    /// The default ACLs of the VPCs among the objects: all passes until a layout says otherwise.
    fn defaults(&mut self, index: &Index<'_>, places: &mut Places) -> HashMap<usize, usize> {
        let mut defaults = HashMap::new();
        for (at, object) in index.of(&VPCS) {
            let name: Arc<str> = format!("default network ACL of {}", object.address).into();
            let acl = self.add(name.clone(), false);
            for direction in [Direction::In, Direction::Out] {
                self.all[acl].entries(direction).push(Entry {
                    part: Part::whole(&name),
                    number: Some(100),
                    allow: Some(true),
                    services: Services::of(&Value::any_null(), "protocol", ("", "")),
                    ranges: Ranges::known(Addresses::all()),
                });
            }
            self.by_object.insert(at, acl);
            if let Some(vpc) = places.vpc(&Link::To(at, "id".into())) {
                defaults.insert(vpc, acl);
            }
        }
        for (at, object) in index.of(&["aws_default_network_acl"]) {
            let attributes = &object.attributes;
            let vpc = match index.refers(attributes, "default_network_acl_id", &VPCS) {
                Link::To(vpc, _) => Some(vpc),
                _ => index.refers(attributes, "vpc_id", &VPCS).object(),
            };
            let acl = match vpc.and_then(|vpc| self.by_object.get(&vpc)) {
                Some(acl) => *acl,
                None => self.add(object.address.clone(), false),
            };
            self.all[acl].name = object.address.clone();
            self.all[acl].ingress.clear();
            self.all[acl].egress.clear();
            self.by_object.insert(at, acl);
            let vpc = places.vpc(&index.refers(attributes, "vpc_id", &VPCS));
            if let Some(vpc) = vpc {
                defaults.insert(vpc, acl);
            }
        }
        defaults
    }

    fn add(&mut self, name: Arc<str>, open: bool) -> usize {
        self.all.push(Acl { name, ingress: Vec::new(), egress: Vec::new(), open, written: false });
        self.all.len() - 1
    }

    fn resolve(&mut self, link: &Link) -> Option<usize> {
        match link {
            Link::To(object, _) => self.by_object.get(object).copied(),
            Link::Elsewhere(id) => {
                if let Some(acl) = self.by_id.get(id) {
                    return Some(*acl);
                }
                let acl = self.add(id.clone(), true);
                self.by_id.insert(id.clone(), acl);
                Some(acl)
            }
            Link::Unknown | Link::Nothing => None,
        }
    }

    fn separate(&mut self, index: &Index<'_>) {
        for (_, object) in index.of(&["aws_network_acl_rule"]) {
            let attributes = &object.attributes;
            let acl = self.resolve(&index.refers(attributes, "network_acl_id", &ACLS));
            let direction = match flag(attributes, "egress") {
                Fact::Known(true) => Some(Direction::Out),
                Fact::Known(false) | Fact::Absent => Some(Direction::In),
                Fact::Unknown => None,
            };
            match (acl, direction) {
                (Some(acl), Some(direction)) => {
                    self.all[acl].entries(direction).push(entry(
                        attributes,
                        Part::whole(&object.address),
                        "rule_number",
                        "rule_action",
                    ));
                }
                (Some(acl), None) => self.all[acl].open = true,
                // It may be a rule of any of them.
                (None, _) => self.all.iter_mut().for_each(|acl| acl.open = true),
            }
        }
    }

    fn associate(&mut self, index: &Index<'_>, places: &Places, defaults: &HashMap<usize, usize>) {
        let mut given: Vec<Vec<usize>> = vec![Vec::new(); places.subnets.len()];
        let mut anywhere: Vec<usize> = Vec::new();
        let mut give = |acl: Option<usize>, subnets: Vec<usize>, open: bool| {
            let Some(acl) = acl else { return };
            for subnet in subnets {
                given[subnet].push(acl);
            }
            if open {
                anywhere.push(acl);
            }
        };
        for (at, object) in index.of(&["aws_network_acl", "aws_default_network_acl"]) {
            let (subnets, open) = places.subnets_at(index, &object.attributes, "subnet_ids");
            // Subnets of other layouts are of no matter here.
            let found = elements(&object.attributes, "subnet_ids");
            let unknown = found.all.iter().any(|value| index.link(value, &SUBNETS) == Link::Unknown);
            let open = open && (unknown || found.open);
            give(self.by_object.get(&at).copied(), subnets, open);
        }
        for (_, object) in index.of(&["aws_network_acl_association"]) {
            let acl = self.resolve(&index.refers(&object.attributes, "network_acl_id", &ACLS));
            let link = index.refers(&object.attributes, "subnet_id", &SUBNETS);
            give(acl, places.subnet(&link).into_iter().collect(), link == Link::Unknown);
        }
        let unknown = self.add("a network ACL that is not known".into(), true);
        self.of_subnet = given
            .into_iter()
            .zip(&places.subnets)
            .map(|(mut given, subnet)| {
                given.dedup();
                if given.is_empty() {
                    given.push(subnet.vpc.and_then(|vpc| defaults.get(&vpc)).copied().unwrap_or(unknown));
                }
                given.extend(&anywhere);
                given.sort_unstable();
                given.dedup();
                given
            })
            .collect();
    }
}

fn entry(block: &Value, part: Part, number_name: &str, action: &str) -> Entry {
    let ranges = match (addresses(block, "cidr_block"), addresses(block, "ipv6_cidr_block")) {
        (Fact::Known(v4), Fact::Known(v6)) => Ranges::known(v4.union(&v6)),
        (Fact::Known(range), Fact::Absent) | (Fact::Absent, Fact::Known(range)) => Ranges::known(range),
        _ => Ranges::some(Addresses::all()),
    };
    Entry {
        part,
        number: number(block, number_name).known(),
        allow: text(block, action).known().and_then(|action| match action.to_ascii_lowercase().as_str() {
            "allow" => Some(true),
            "deny" => Some(false),
            _ => None,
        }),
        services: Services::of(block, "protocol", ("icmp_type", "icmp_code")),
        ranges,
    }
}
