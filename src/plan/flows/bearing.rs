//! The objects that bear on the traffic of one: its subnets and their tables and lists, its groups and their rules, gateways,
//! addresses. It is read from how objects refer to each other, and rather too much is taken than too little: the model
//! says in the end what comes through.

use crate::network::ObjectKind;
use crate::plan::change::{Action, Change};
use crate::plan::services::Index;
use crate::schema::Role;
use crate::value::Value;
use std::collections::BTreeSet;

/// Arguments that traffic does not depend on.
const DESCRIBES: [&str; 7] = ["tags", "tags_all", "description", "timeouts", "revoke_rules_on_delete", "id", "arn"];

/// Parts of the names of arguments that say where an object that sends or takes traffic is, and by what it is reached.
/// Templates of such objects have the same; by their image they let nothing else through.
const PLACES: [&str; 12] = [
    "subnet",
    "security_group",
    "private_ip",
    "public_ip",
    "ipv6",
    "port",
    "network",
    "source_dest_check",
    "vpc_zone",
    "launch_template",
    "internal",
    "route_table",
];

/// The end of traffic that something bears on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The sender.
    From,
    /// The receiver.
    To,
}

/// Who refers to whom.
pub struct Bearing<'a> {
    changes: &'a [Change],
    index: &'a Index<'a>,
    names: Vec<BTreeSet<usize>>,
    named_by: Vec<BTreeSet<usize>>,
}

impl<'a> Bearing<'a> {
    /// Reads the references.
    pub fn of(changes: &'a [Change], index: &'a Index<'a>) -> Self {
        let names: Vec<BTreeSet<usize>> = (0..changes.len()).map(|i| named(i, changes, index)).collect();
        let mut named_by = vec![BTreeSet::new(); changes.len()];
        for (i, all) in names.iter().enumerate() {
            for &other in all {
                named_by[other].insert(i);
            }
        }
        Bearing { changes, index, names, named_by }
    }

    fn part(&self, i: usize) -> Option<ObjectKind> {
        ObjectKind::of(&self.changes[i].address.resource.type_name)
    }

    /// Whether an object sends or takes traffic.
    pub fn is_end(&self, i: usize) -> bool {
        self.part(i).is_some_and(ObjectKind::is_end) && self.changes[i].deposed.is_none()
    }

    /// Whether it begins connections of its own.
    pub fn sends(&self, i: usize) -> bool {
        self.is_end(i) && self.part(i).is_some_and(ObjectKind::sends)
    }

    /// The objects that say the same of two objects of one block: where they are, and what filters them.
    pub fn kind(&self, i: usize) -> Vec<usize> {
        let place = |j: &&usize| {
            matches!(self.index.role(**j), Role::Subnet(_) | Role::Filter(_) | Role::Settings(_) | Role::MemberTemplate)
        };
        let address = |j: &&usize| matches!(self.index.role(**j), Role::Address(_)) || self.is_end(**j);
        let given = self.named_by[i].iter().filter(address);
        self.names[i].iter().filter(place).chain(given).copied().collect()
    }

    /// All objects that bear on the traffic of one.
    pub fn on(&self, start: usize) -> BTreeSet<usize> {
        let mut all = BTreeSet::from([start]);
        let mut stack = vec![start];
        let global = (0..self.changes.len()).filter(|i| self.part(*i) == Some(ObjectKind::PublicAccess));
        all.extend(global);
        while let Some(at) = stack.pop() {
            let on = self.names[at].iter().copied().filter(|to| self.leads(at, *to));
            let back = self.named_by[at].iter().copied().filter(|by| self.tells(*by, at));
            for next in on.chain(back) {
                if all.insert(next) {
                    stack.push(next);
                }
            }
        }
        all
    }

    /// The filters that one names.
    pub fn peers(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        self.names[i].iter().copied().filter(|to| self.is_filter(*to))
    }

    /// Whether what `i` names bears on what `i` bears on.
    fn leads(&self, i: usize, to: usize) -> bool {
        let (from, to_role) = (self.index.role(i), self.index.role(to));
        if self.is_end(to) {
            let cluster = matches!(to_role, Role::DatabaseCluster(_)) && self.is_end(i);
            let card = self.part(to) == Some(ObjectKind::Interface) && self.is_end(i);
            return cluster || card || matches!(from, Role::Route(_) | Role::RouteTable(_) | Role::OtherRoute(_));
        }
        match (from, to_role) {
            (Role::Listener(_) | Role::ListenerRule(_) | Role::Attachment(_) | Role::GroupAttachment(_), _) => false,
            (Role::FilterRule(_), _) => self.is_list(to),
            (Role::Filter(_), Role::Filter(_)) => false,
            (Role::Association(_) | Role::Filter(_) | Role::RouteTable(_) | Role::Address(_), Role::Subnet(_)) => false,
            (_, Role::Filter(_)) => self.is_filter(to),
            (_, Role::Settings(_)) => self.is_list(to) || self.is_place(to),
            (_, role) => matches!(
                role,
                Role::Network
                    | Role::Subnet(_)
                    | Role::RouteTable(_)
                    | Role::Gateway(_)
                    | Role::Tunnel
                    | Role::Address(_)
                    | Role::MemberTemplate
            ),
        }
    }

    /// Whether `by`, which names `i`, bears on what `i` bears on.
    fn tells(&self, by: usize, i: usize) -> bool {
        let (role, of) = (self.index.role(by), self.index.role(i));
        use ObjectKind::{DefaultAcl, DefaultGroup, DefaultRouteTable, TransitPolicies, TransitTable};
        let given = matches!(self.part(by), Some(DefaultAcl | DefaultGroup | DefaultRouteTable));
        match role {
            Role::FilterRule(rule) => {
                // The other group that a rule names has it not.
                let sides = [&self.changes[by].before, &self.changes[by].after].into_iter().flatten();
                let own = |name| sides.clone().any(|attrs| self.index.of(attrs, name) == Some(i));
                let has = matches!(of, Role::Filter(_)) && rule.filter.is_none_or(own);
                self.is_filter(by) && (has || self.is_list(i) || self.is_end(i))
            }
            Role::Filter(_) => {
                self.is_filter(by) && (matches!(of, Role::Subnet(_)) || given && matches!(of, Role::Network))
            }
            Role::Association(_) => true,
            Role::Route(_) | Role::OtherRoute(_) => matches!(of, Role::RouteTable(_)),
            Role::TunnelRoute(_) => matches!(of, Role::Tunnel),
            Role::RouteTable(_) => match of {
                Role::Network => given,
                Role::Gateway(_) => matches!(self.part(by), Some(TransitTable | TransitPolicies)),
                _ => false,
            },
            Role::Gateway(_) => matches!(of, Role::Network | Role::Gateway(_)),
            Role::Tunnel => matches!(of, Role::Gateway(_)),
            Role::Address(_) => self.is_end(i) || matches!(of, Role::Address(_)),
            Role::Settings(_) => self.is_place(by) && matches!(of, Role::Network | Role::Subnet(_) | Role::Settings(_)),
            Role::Listener(_) => matches!(of, Role::Balancer(_)),
            Role::Endpoint(_) => matches!(of, Role::RouteTable(_)),
            Role::NotServing(_) => self.part(by) == Some(ObjectKind::Interface) && self.is_end(i),
            _ => false,
        }
    }

    fn is_filter(&self, i: usize) -> bool {
        self.part(i).is_some_and(ObjectKind::is_of_filters)
    }

    fn is_list(&self, i: usize) -> bool {
        self.part(i).is_some_and(ObjectKind::is_of_prefix_lists)
    }

    fn is_place(&self, i: usize) -> bool {
        use ObjectKind::{PublicAccess, PublicAccessExclusion, SubnetGroup, VpcRange};
        matches!(self.part(i), Some(SubnetGroup | VpcRange | PublicAccess | PublicAccessExclusion))
    }

    /// What leads from a balancer to a target: listeners, rules, target groups and what joins them to it.
    pub fn between(&self, balancer: usize, target: usize) -> BTreeSet<usize> {
        let mut all = BTreeSet::new();
        for (i, change, door) in self.index.each(Role::door) {
            let parent = |attrs: &crate::schema::Attrs| self.index.of(attrs, door.parent);
            let sides = [&change.before, &change.after].into_iter().flatten();
            let of = |above: usize| {
                above == balancer || self.names[above].contains(&balancer) && self.index.door(above).is_some()
            };
            if sides.clone().filter_map(parent).any(of) {
                all.insert(i);
                all.extend(sides.flat_map(|attrs| self.index.forwards(&door, attrs)).map(|(group, _)| group));
            }
        }
        let joins = |i: &usize| {
            matches!(self.index.role(*i), Role::Attachment(_) | Role::GroupAttachment(_))
                && self.names[*i].iter().any(|group| all.contains(group))
        };
        let joined: Vec<usize> = self.named_by[target].iter().copied().filter(joins).collect();
        all.extend(joined);
        all
    }

    /// Whether a change of an object is one of traffic, at this end.
    pub fn acts(&self, i: usize, side: Side) -> bool {
        let change = &self.changes[i];
        if change.deposed.is_some() || matches!(change.action, Action::NoOp | Action::Read | Action::Forget) {
            return false;
        }
        let other = match side {
            Side::From => "ingress",
            Side::To => "egress",
        };
        let part = self.part(i);
        let is_other = match part {
            Some(ObjectKind::GroupRule) => {
                let is = |attrs: &crate::schema::Attrs| attrs.str("type") == Some(other);
                [&change.before, &change.after].into_iter().flatten().any(is)
            }
            Some(ObjectKind::IngressRule) => side == Side::From,
            Some(ObjectKind::EgressRule) => side == Side::To,
            _ => false,
        };
        if is_other {
            return false;
        }
        if change.action != Action::Update {
            return true;
        }
        let group = part.is_some_and(ObjectKind::is_group);
        let is_placed = self.is_end(i) || matches!(self.index.role(i), Role::MemberTemplate);
        let counts = |argument: &str| match () {
            () if DESCRIBES.contains(&argument) => false,
            () if group => argument != other && ["ingress", "egress"].contains(&argument),
            () if is_placed => PLACES.iter().any(|part| argument.contains(part)),
            () => true,
        };
        change.attributes.iter().any(|attribute| counts(&attribute.name))
    }
}

/// The objects that one names, as it is and as it will be.
fn named(i: usize, changes: &[Change], index: &Index<'_>) -> BTreeSet<usize> {
    fn collect(value: &Value, index: &Index<'_>, found: &mut BTreeSet<usize>) {
        if value.as_str().is_some_and(|text| !text.is_empty()) || value.origin().is_some() {
            found.extend(index.find(value));
        }
        value.children().for_each(|child| collect(child, index, found));
    }
    let mut found = BTreeSet::new();
    for side in [&changes[i].before, &changes[i].after].into_iter().flatten() {
        for (name, value) in side.iter() {
            if !["id", "arn", "name", "tags", "tags_all"].contains(&&**name) {
                collect(value, index, &mut found);
            }
        }
    }
    found.remove(&i);
    found
}
