//! Services behind target groups: who is in them, what leads to them, who is sick.

use super::{Index, Member, Service, short};
use crate::plan::change::Change;
use crate::plan::input::Pulse;
use crate::plan::service_impact::ServiceKind;
use crate::schema::role::Door;
use crate::schema::{Attrs, Role};
use std::collections::{BTreeMap, BTreeSet};

/// A member of a target group as it is found: the object that an earlier run left of it, and its links.
#[derive(Default)]
pub struct Found {
    left: Option<usize>,
    /// The object that puts it into the group.
    pub links: Vec<usize>,
}

/// By target group who is in it, before the plan or after it.
pub fn reached(index: &Index<'_>, after: bool) -> BTreeMap<usize, BTreeMap<usize, Found>> {
    let mut groups: BTreeMap<usize, BTreeMap<usize, Found>> = BTreeMap::new();
    let mut add = |group: usize, member: usize, link: Option<usize>| {
        let current = index.current(member);
        let found = groups.entry(index.current(group)).or_default().entry(current).or_default();
        found.left = found.left.or((current != member).then_some(member));
        found.links.extend(link);
    };
    fn side(change: &Change, after: bool) -> Option<&Attrs> {
        if after { change.after.as_ref() } else { change.before.as_ref() }
    }
    for (link, change, attached) in index.all(Role::attachment) {
        let Some(attrs) = side(change, after) else { continue };
        if let (Some(group), Some(target)) = (index.of(attrs, attached.group), index.of(attrs, attached.member)) {
            add(group, target, Some(link));
        }
    }
    for (i, change, members) in index.all(Role::member_group) {
        let Some(attrs) = side(change, after) else { continue };
        attrs.elements(members.target_groups).iter().filter_map(|arn| index.find(arn)).for_each(|g| add(g, i, None));
    }
    for (link, change, attached) in index.all(Role::group_attachment) {
        let Some(attrs) = side(change, after) else { continue };
        let by_name = |name: &str| {
            let mut all = index.each(Role::member_group);
            all.find(|(_, c, group)| c.now().and_then(|a| a.str(group.name)) == Some(name)).map(|(i, ..)| i)
        };
        let members = attrs.str(attached.member).and_then(by_name).or_else(|| index.of(attrs, attached.member));
        if let (Some(group), Some(members)) = (index.of(attrs, attached.group), members) {
            add(group, members, Some(link));
        }
    }
    groups
}

/// The targets of target groups.
pub(super) fn targets(index: &Index<'_>, pulse: &Pulse) -> Vec<Service> {
    let (before, after) = (reached(index, false), reached(index, true));
    let fronts = fronts(index);
    let none = BTreeMap::new();
    let service = |(group, members): (usize, BTreeMap<usize, Found>)| {
        let wanted = after.get(&group).unwrap_or(&none);
        let comes = wanted.iter().filter(|(change, _)| !members.contains_key(change));
        let coming = comes.map(|(&change, found)| Member {
            count: 0,
            after: index.count(change, index.changes[change].after.as_ref()),
            ..Member::new(index, change, found.links.clone())
        });
        let coming = coming.collect();
        let member = |(change, found): (usize, Found)| {
            let object = &index.changes[change];
            let wanted = object.after.as_ref().filter(|_| wanted.contains_key(&change));
            Member {
                old: found.left.unwrap_or(change),
                count: index.count(change, object.now()),
                after: index.count(change, wanted),
                sick: sick(index, pulse, group, change, &found),
                ..Member::new(index, change, found.links)
            }
        };
        Service {
            name: short(&index.changes[group].address),
            about: group,
            kind: ServiceKind::Targets,
            members: members.into_iter().map(member).collect(),
            coming,
            front: fronts.get(&group).cloned().unwrap_or_default(),
        }
    };
    before.into_iter().map(service).collect()
}

/// How many of those who serve by a member its group calls unhealthy now.
fn sick(index: &Index<'_>, pulse: &Pulse, group: usize, member: usize, found: &Found) -> usize {
    let attached = |i: &usize| {
        let (attrs, link) = (index.changes[*i].before.as_ref()?, index.role(*i).attachment()?);
        Some((attrs.str(link.group)?, attrs.str(link.member)?, link.port.and_then(|port| attrs.int(port))))
    };
    if index.role(member).member_group().is_none() {
        let states: Vec<bool> = found.links.iter().filter_map(attached).filter_map(|a| pulse.serves(a)).collect();
        return usize::from(!states.is_empty() && states.iter().all(|serves| !serves));
    }
    let arn = index.changes[group].before.as_ref().and_then(|a| a.str("arn"));
    let known: BTreeSet<&str> = index.each(Role::member).filter_map(|(_, c, _)| c.before.as_ref()?.str("id")).collect();
    arn.map_or(0, |arn| pulse.sick(arn).filter(|id| !known.contains(id)).count())
}

impl Index<'_> {
    /// The target groups that a listener or rule leads to, with whether anything is sent there.
    pub fn forwards(&self, door: &Door, attrs: &Attrs) -> Vec<(usize, bool)> {
        let says = door.action;
        let mut all = Vec::new();
        for action in attrs.blocks(door.actions) {
            // What the arguments say counts, not what followed from them before.
            if let Some(group) = self.of(&action, says.group) {
                all.push((group, true));
                continue;
            }
            for shares in action.blocks(says.several).iter().map(|f| f.blocks(says.share)) {
                let share = |s: &Attrs| Some((self.of(s, says.share_group)?, s.int(says.weight) != Some(0)));
                let lone = shares.len() == 1;
                all.extend(shares.iter().filter_map(share).map(|(group, sends)| (group, sends || lone)));
            }
        }
        all
    }
}

/// By target group the listeners, rules and balancers before it.
fn fronts(index: &Index<'_>) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut fronts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (i, change, door) in index.each(Role::door) {
        let Some(attrs) = &change.before else { continue };
        let mut before = BTreeSet::from([i]);
        let mut next = index.of(attrs, door.parent);
        while let Some(above) = next.filter(|&above| before.insert(above)) {
            let parent = index.role(above).door().and_then(|door| Some((index.changes[above].now()?, door.parent)));
            next = parent.and_then(|(attrs, parent)| index.of(attrs, parent));
        }
        for (group, _) in index.forwards(&door, attrs) {
            fronts.entry(index.current(group)).or_default().extend(&before);
        }
    }
    fronts
}
