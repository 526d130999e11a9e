//! The security groups of a network, from blocks and from rules that are objects of their own.

use super::group::{Direction, Group, Peer, Rule};
use super::matching::{Ranges, Services};
use super::{LISTS, ranges};
use crate::network::Object;
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::places::{Places, VPCS};
use crate::network::read::{Fact, addresses, elements, flag, text};
use crate::network::space::Addresses;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// The types that are, or have, a group.
const GROUPS: [&str; 4] = ["aws_security_group", "aws_default_security_group", "aws_vpc", "aws_default_vpc"];

/// All groups, by object and by id.
#[derive(Debug, Default)]
pub(in crate::network) struct Groups {
    pub(in crate::network) all: Vec<Group>,
    by_object: HashMap<usize, usize>,
    by_id: HashMap<Arc<str>, usize>,
    /// The default group of each VPC.
    defaults: HashMap<usize, usize>,
}

impl Groups {
    pub(in crate::network) fn of(index: &Index<'_>, places: &mut Places) -> Self {
        let mut groups = Groups::default();
        for (at, object) in index.of(&VPCS) {
            let name: Arc<str> = format!("default security group of {}", object.address).into();
            let group = groups.add(name, false);
            groups.by_object.insert(at, group);
            let name = groups.all[group].name.clone();
            let rule = |peer: Peer| vec![Rule { part: Part::whole(&name), services: Services::ALL, peer }];
            let anywhere = Peer::Ranges(Ranges::known(Addresses::all()));
            groups.extend(group, Direction::In, rule(Peer::Group(group)));
            groups.extend(group, Direction::Out, rule(anywhere));
            if let Some(vpc) = places.vpc(&Link::To(at, "id".into())) {
                groups.defaults.insert(vpc, group);
            }
        }
        for (at, object) in index.of(&["aws_default_security_group"]) {
            let vpc = places.vpc(&index.refers(&object.attributes, "vpc_id", &VPCS));
            let group = match vpc.and_then(|vpc| groups.defaults.get(&vpc)) {
                Some(group) => *group,
                None => groups.add(object.address.clone(), false),
            };
            groups.all[group].name = object.address.clone();
            groups.all[group].ingress.clear();
            groups.all[group].egress.clear();
            groups.by_object.insert(at, group);
        }
        for (at, object) in index.of(&["aws_security_group"]) {
            let group = groups.add(object.address.clone(), false);
            groups.by_object.insert(at, group);
        }
        for (at, object) in index.of(&["aws_security_group", "aws_default_security_group"]) {
            let group = groups.by_object[&at];
            groups.inline(index, object, group);
        }
        groups.separate(index);
        groups
    }

    fn add(&mut self, name: Arc<str>, open: bool) -> usize {
        self.all.push(Group { name, ingress: Vec::new(), egress: Vec::new(), open });
        self.all.len() - 1
    }

    /// The group that is referred to; nothing if that is not known.
    fn resolve(&mut self, link: &Link) -> Option<usize> {
        match link {
            Link::To(object, _) => self.by_object.get(object).copied(),
            Link::Elsewhere(id) => {
                if let Some(group) = self.by_id.get(id) {
                    return Some(*group);
                }
                let group = self.add(id.clone(), true);
                self.by_id.insert(id.clone(), group);
                Some(group)
            }
            Link::Unknown | Link::Nothing => None,
        }
    }

    /// The groups that values refer to, and whether there may be others.
    pub(in crate::network) fn named(&mut self, index: &Index<'_>, values: &[&Value]) -> (Vec<usize>, bool) {
        let found: Vec<Option<usize>> = values.iter().map(|value| self.resolve(&index.link(value, &GROUPS))).collect();
        let open = found.iter().any(Option::is_none);
        (found.into_iter().flatten().collect(), open)
    }

    /// The default group of a VPC, if the VPC is among the objects.
    pub(in crate::network) fn default_of(&self, vpc: usize) -> Option<usize> {
        self.defaults.get(&vpc).copied()
    }

    fn inline(&mut self, index: &Index<'_>, object: &Object, group: usize) {
        for (name, direction) in [("ingress", Direction::In), ("egress", Direction::Out)] {
            let found = elements(&object.attributes, name);
            self.all[group].open |= found.open;
            for (place, block) in found.all.into_iter().enumerate() {
                let part = Part::block(&object.address, name, place);
                let rules = self.rules_of(index, block, &part, group, "protocol");
                self.extend(group, direction, rules);
            }
        }
    }

    fn separate(&mut self, index: &Index<'_>) {
        const TYPES: [&str; 3] =
            ["aws_security_group_rule", "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
        for (_, object) in index.of(&TYPES) {
            let attributes = &object.attributes;
            let direction = match &*object.type_name {
                "aws_vpc_security_group_ingress_rule" => Fact::Known(Direction::In),
                "aws_vpc_security_group_egress_rule" => Fact::Known(Direction::Out),
                _ => text(attributes, "type").read(|kind| match kind {
                    "ingress" => Some(Direction::In),
                    "egress" => Some(Direction::Out),
                    _ => None,
                }),
            };
            let group = self.resolve(&index.refers(attributes, "security_group_id", &GROUPS));
            let (Some(group), Fact::Known(direction)) = (group, direction) else {
                // It may be a rule of any group.
                match group {
                    Some(group) => self.all[group].open = true,
                    None => self.all.iter_mut().for_each(|group| group.open = true),
                }
                continue;
            };
            let protocol = if object.type_name.ends_with("group_rule") { "protocol" } else { "ip_protocol" };
            let rules = self.rules_of(index, attributes, &Part::whole(&object.address), group, protocol);
            self.extend(group, direction, rules);
        }
    }

    fn extend(&mut self, group: usize, direction: Direction, rules: Vec<Rule>) {
        match direction {
            Direction::In => self.all[group].ingress.extend(rules),
            Direction::Out => self.all[group].egress.extend(rules),
        }
    }

    /// One rule for each peer of a block or an object.
    fn rules_of(&mut self, index: &Index<'_>, block: &Value, part: &Part, group: usize, protocol: &str) -> Vec<Rule> {
        let services = Services::of(block, protocol, ("from_port", "to_port"));
        let mut peers = Vec::new();
        if block.is_unknown() {
            peers.push(Peer::Unknown);
        }
        for path in ["cidr_blocks", "ipv6_cidr_blocks"] {
            let found = elements(block, path);
            peers.extend(found.all.iter().map(|value| {
                let known = value.as_str().and_then(crate::network::space::range);
                known.map_or(Peer::Unknown, |range| Peer::Ranges(Ranges::known(range)))
            }));
            peers.extend(found.open.then_some(Peer::Unknown));
        }
        for path in ["cidr_ipv4", "cidr_ipv6"] {
            match addresses(block, path) {
                Fact::Known(range) => peers.push(Peer::Ranges(Ranges::known(range))),
                Fact::Unknown if block.get(path).is_some() => peers.push(Peer::Unknown),
                _ => {}
            }
        }
        for path in ["prefix_list_ids", "prefix_list_id"] {
            let found = elements(block, path);
            peers.extend(found.all.iter().map(|value| Peer::Ranges(ranges(index, &index.link(value, &LISTS)))));
            peers.extend(found.open.then_some(Peer::Unknown));
        }
        for path in ["security_groups", "source_security_group_id", "referenced_security_group_id"] {
            let found = elements(block, path);
            for value in found.all {
                let link = match index.link(value, &GROUPS) {
                    // A group of another account has its account before its id.
                    Link::Elsewhere(id) => match id.rsplit_once('/') {
                        Some((_, id)) => index.link(&id.into(), &GROUPS),
                        None => Link::Elsewhere(id),
                    },
                    link => link,
                };
                peers.push(self.resolve(&link).map_or(Peer::Unknown, Peer::Group));
            }
            peers.extend(found.open.then_some(Peer::Unknown));
        }
        match flag(block, "self") {
            Fact::Known(true) => peers.push(Peer::Group(group)),
            Fact::Unknown if !block.is_unknown() => peers.push(Peer::Unknown),
            _ => {}
        }
        peers.into_iter().map(|peer| Rule { part: part.clone(), services, peer }).collect()
    }
}
