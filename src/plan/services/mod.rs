//! The services of a layout, read from how its objects refer to each other: targets behind each target group, the
//! way out of private subnets, VPN connections, database endpoints, servers. What each object is to them, and which of
//! its attributes say so, is the role that its type has.
//!
//! It covers only what is there before the plan is carried out; what a plan does to it is
//! `availability`'s to judge.

mod databases;
mod index;
mod servers;
mod targets;
mod ways;

use super::change::Change;
use super::input::Pulse;
use crate::plan::service_impact::ServiceKind;
use crate::schema::Role;
use crate::value::address::{Address, InstanceKey};
pub use index::{Index, role, roles};
use std::collections::{BTreeMap, BTreeSet};
pub use targets::{Found, reached};

/// Something that is of use to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its short name.
    pub name: String,
    /// The index of the change of the object that it is about.
    pub about: usize,
    /// Its kind.
    pub kind: ServiceKind,
    /// The members that serve.
    pub members: Vec<Member>,
    /// The members that the plan adds.
    pub coming: Vec<Member>,
    /// The objects before the members: listeners and balancers, as indexes of changes.
    pub front: BTreeSet<usize>,
}

/// One of those that serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The index of the change of the object.
    pub change: usize,
    /// The change that takes it away: the same, or that of an object that an earlier run left behind.
    pub old: usize,
    /// How many serve by it now: those of a scaling group, else one.
    pub count: usize,
    /// How many the layout wants to serve by it.
    pub after: usize,
    /// How many of them are not healthy now.
    pub sick: usize,
    /// Whether it is a group of those that serve.
    pub is_group: bool,
    /// Whether it has a standby in another zone.
    pub has_standby: bool,
    /// Its zone, where it is known.
    pub zone: Option<String>,
    /// The objects that put it in service: attachments and routes, as indexes of changes.
    pub links: Vec<usize>,
}

impl Service {
    /// How many serve.
    pub fn size(&self) -> usize {
        self.members.iter().map(|m| m.count).sum()
    }

    /// How many have to serve while the plan is carried out: as many as do now, or as the layout wants
    /// if those are fewer.
    pub fn measure(&self) -> usize {
        self.size().min(self.members.iter().chain(&self.coming).map(|m| m.after).sum())
    }
}

impl Member {
    fn new(index: &Index<'_>, change: usize, links: Vec<usize>) -> Self {
        let object = &index.changes[change];
        let role = index.role(change);
        let wanted = object.after.as_ref().or(object.before.as_ref());
        let standby = |name: &str| wanted.and_then(|a| a.bool(name)) == Some(true);
        Member {
            change,
            old: change,
            count: 1,
            after: 1,
            sick: 0,
            is_group: role.member_group().is_some() && object.deposed.is_none(),
            has_standby: role.database().is_some_and(|d| standby(d.standby)),
            zone: index.zone(change),
            links,
        }
    }

    /// One that has no links and serves until the layout takes it out.
    fn lasting(index: &Index<'_>, change: usize) -> Self {
        Member { after: usize::from(!index.ends(change)), ..Member::new(index, change, Vec::new()) }
    }

    /// How many serve by it before and after.
    pub fn stays(&self) -> usize {
        self.count.min(self.after)
    }
}

/// Everything that serves before the plan is carried out.
pub fn of(changes: &[Change], roles: &[Role], pulse: &Pulse) -> Vec<Service> {
    let index = Index::new(changes, roles);
    let mut all = targets::targets(&index, pulse);
    let parts = all.iter().flat_map(|s| s.members.iter().chain(&s.coming));
    let balanced: BTreeSet<usize> = parts.flat_map(|m| [m.change, m.old]).collect();
    all.extend(ways::egress(&index));
    all.extend(ways::tunnels(&index));
    all.extend(databases::databases(&index));
    all.extend(servers::servers(&index, &balanced));
    name_apart(&mut all, changes);
    all
}

/// Names that mean nothing by themselves, as modules use them for their only object.
const PLAIN: [&str; 4] = ["this", "main", "default", "member"];

/// The name of the block, or of the module when the block's says nothing; with the instance's key.
pub fn short(address: &Address) -> String {
    let block = address.resource.name.to_string();
    let own = match &address.key {
        InstanceKey::None => block.clone(),
        InstanceKey::Index(i) => format!("{block}[{i}]"),
        InstanceKey::Key(k) => format!("{block}[{k}]"),
    };
    match address.resource.module.0.last() {
        Some((module, key)) if PLAIN.contains(&block.as_str()) => {
            let key = match key {
                InstanceKey::None => String::new(),
                InstanceKey::Index(i) => format!("[{i}]"),
                InstanceKey::Key(k) => format!("[{k}]"),
            };
            format!("{module}{key}{}", &own[block.len()..])
        }
        _ => own,
    }
}

/// Services of one name get their addresses instead.
fn name_apart(services: &mut [Service], changes: &[Change]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    services.iter().for_each(|s| *seen.entry(s.name.clone()).or_default() += 1);
    for service in services.iter_mut().filter(|s| seen[&s.name] > 1) {
        service.name = changes[service.about].address.to_string();
    }
}
