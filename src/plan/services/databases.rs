//! Services that answer for data: databases that stand alone, and clusters with their instances.

use super::{Index, Member, Service, short};
use crate::plan::service_impact::ServiceKind;
use crate::schema::Role;
use std::collections::BTreeSet;

/// The database endpoints. One that only repeats another is none.
pub(super) fn databases(index: &Index<'_>) -> Vec<Service> {
    let mut all = Vec::new();
    for (i, change, database) in index.each(Role::database) {
        let repeats = |a: &crate::schema::Attrs| !a.str(database.source).is_none_or(str::is_empty);
        if change.before.as_ref().is_some_and(|a| !repeats(a)) {
            all.push(Service {
                name: short(&change.address),
                about: i,
                kind: ServiceKind::Database,
                members: vec![Member::new(index, i, Vec::new())],
                coming: Vec::new(),
                front: BTreeSet::new(),
            });
        }
    }
    for (cluster, change, data) in index.each(Role::database_cluster) {
        let Some(attrs) = &change.before else { continue };
        let id = attrs.str(data.name).or(attrs.str("id"));
        let members = index
            .each(Role::database_member)
            .filter(|(_, c, member)| c.before.as_ref().is_some_and(|a| a.str(member.cluster) == id));
        all.push(Service {
            name: short(&change.address),
            about: cluster,
            kind: ServiceKind::Database,
            members: members.map(|(i, ..)| Member::lasting(index, i)).collect(),
            coming: Vec::new(),
            front: BTreeSet::from([cluster]),
        });
    }
    all
}
