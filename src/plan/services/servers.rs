//! Servers that clients reach directly.

use super::{Index, Member, Service, short};
use crate::plan::service_impact::ServiceKind;
use crate::schema::Role;
use crate::value::address::InstanceKey;
use std::collections::{BTreeMap, BTreeSet};

/// Members that no target group reaches, by block.
pub(super) fn servers(index: &Index<'_>, balanced: &BTreeSet<usize>) -> Vec<Service> {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, change, _) in index.each(Role::member).filter(|(i, c, _)| c.before.is_some() && !balanced.contains(i)) {
        let resource = change.address.resource.instance(InstanceKey::None);
        blocks.entry(resource.to_string()).or_default().push(i);
    }
    let service = |members: Vec<usize>| Service {
        name: short(&index.changes[members[0]].address.resource.instance(InstanceKey::None)),
        about: members[0],
        kind: ServiceKind::Server,
        members: members.into_iter().map(|change| Member::lasting(index, change)).collect(),
        coming: Vec::new(),
        front: BTreeSet::new(),
    };
    blocks.into_values().map(service).collect()
}
