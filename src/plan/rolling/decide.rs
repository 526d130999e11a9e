//! Which members roll together, and which of them are created first.

use super::spec::{Amount, Spec};
use super::{Context, Group, Rolled, Rolling, conflict};
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::change::{Action, Change};
use crate::plan::service_impact::{Level, ServiceKind};
use crate::plan::services::{Index, Service};
use crate::schema::Schema;
use crate::value::address::{Address, InstanceKey};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Decides which members roll and whether they are created first; sets that in the changes.
pub fn decide(changes: &mut [Change], context: &Context<'_, '_>) -> (Rolling, Diagnostics) {
    let mut problems = Diagnostics::new();
    let dependents = reverse(context.needs);
    let mut all = Vec::new();
    for group in groups(changes, context, &dependents) {
        if group.in_place {
            all.push(group);
        } else {
            all.extend(prefer_create_first(group, changes, context, &mut problems));
        }
    }
    if context.level == Some(Level::High) {
        let waits = all.iter().filter(|g| !g.create_first).flat_map(|g| &g.members).map(|m| m.new).collect();
        create_the_rest_first(changes, context, &waits);
    }
    (Rolling { groups: all }, problems)
}

/// An error for each object that must be created first although that is not possible.
pub fn impossible<'s>(changes: &[Change], schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> Diagnostics {
    let clash = |c: &Change| conflict::of(schema(&c.address)?, c).map(|conflict| conflict::error(c, &conflict));
    changes.iter().filter(|c| c.action == Action::CreateThenDelete).filter_map(clash).collect()
}

fn reverse(needs: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut dependents = vec![Vec::new(); needs.len()];
    for (i, all) in needs.iter().enumerate() {
        all.iter().for_each(|&need| dependents[need].push(i));
    }
    dependents
}

/// The objects that depend on the members of a group, directly or not.
struct Hanging {
    by_member: BTreeMap<usize, BTreeSet<usize>>,
    /// On how many members each hangs.
    users: BTreeMap<usize, usize>,
}

impl Hanging {
    fn new(members: &[usize], dependents: &[Vec<usize>]) -> Self {
        let mut hanging = Hanging { by_member: BTreeMap::new(), users: BTreeMap::new() };
        for &member in members {
            let mut found = BTreeSet::new();
            let mut stack = vec![member];
            while let Some(at) = stack.pop() {
                stack.extend(dependents[at].iter().copied().filter(|&next| found.insert(next)));
            }
            found.iter().for_each(|&d| *hanging.users.entry(d).or_default() += 1);
            hanging.by_member.insert(member, found);
        }
        hanging
    }
}

fn block_of(change: &Change) -> String {
    change.address.resource.instance(InstanceKey::None).to_string()
}

/// The key of a group: the block or service, and whether its members change in place.
type Key = (String, bool);

/// The members that roll: those of blocks that say so and, in a highly available layout, those of
/// services.
fn groups(changes: &[Change], context: &Context<'_, '_>, dependents: &[Vec<usize>]) -> Vec<Group> {
    let index = Index::new(changes, context.roles);
    let deposed: HashMap<&Address, usize> =
        changes.iter().enumerate().filter(|(_, c)| c.deposed.is_some()).map(|(i, c)| (&c.address, i)).collect();
    let rolls = |i: usize| {
        let change = &changes[i];
        change.deposed.is_none() && (change.action.is_replace() || deposed.contains_key(&change.address))
    };
    let interrupted = |i: usize| super::handover::interrupted(&changes[i], context.schema);
    let mut keyed: BTreeMap<Key, (Vec<usize>, Option<&Service>, Spec, bool)> = BTreeMap::new();
    for (i, change) in changes.iter().enumerate() {
        let in_place = interrupted(i);
        if !in_place && !rolls(i) {
            continue;
        }
        let service = context.services.iter().find(|s| s.members.iter().chain(&s.coming).any(|m| m.change == i));
        if let Some(spec) = context.specs.get(&change.address.resource) {
            let key = (block_of(change), in_place);
            keyed.entry(key).or_insert_with(|| (Vec::new(), service, spec.clone(), true)).0.push(i);
        } else if let Some(service) = service.filter(|_| context.level == Some(Level::High)) {
            let label = match service.kind {
                ServiceKind::Targets => service.name.clone(),
                _ => block_of(change),
            };
            let entry =
                keyed.entry((label, in_place)).or_insert_with(|| (Vec::new(), Some(service), Spec::default(), false));
            entry.0.push(i);
        }
    }
    let member_of = |new: usize, hanging: &Hanging, news: &[usize]| {
        let on = &hanging.by_member[&new];
        let left = on.iter().copied().filter(|&d| changes[d].deposed.is_some());
        let left: Vec<usize> = left.filter(|&d| changes[d].address != changes[new].address).collect();
        let now = on.iter().copied().filter(|d| changes[*d].deposed.is_none());
        let alone = |d: &usize| hanging.users[d] == 1;
        Rolled {
            new,
            old: deposed.get(&changes[new].address).copied().unwrap_or(new),
            hangs: now.filter(alone).collect(),
            left,
            zone: index.zone(new),
            stand_in: index.stand_in(new, news),
        }
    };
    // The writer of a cluster comes last, so that it hands over to a member that is done.
    let writes = |i: usize| {
        let writer = index.role(i).database_member().zip(changes[i].before.as_ref());
        writer.and_then(|(member, a)| a.bool(member.writer)) == Some(true)
    };
    let group =
        |((label, in_place), (mut news, service, spec, given)): (Key, (Vec<usize>, Option<&Service>, Spec, bool))| {
            // Who does not serve now goes first: nothing is lost by it.
            let serves = |i: usize| service.is_none_or(|s| s.members.iter().any(|m| m.change == i && m.sick == 0));
            news.sort_by_key(|&i| (writes(i), serves(i), index.zone(i), i));
            let hanging = Hanging::new(&news, dependents);
            let balanced = service.filter(|s| s.kind == ServiceKind::Targets);
            let parts = || balanced.into_iter().flat_map(|s| s.members.iter().chain(&s.coming));
            let others = parts().filter(|m| m.after > 0).flat_map(|m| &m.links).copied();
            let others = others.filter(|&i| index.attaches(i)).collect();
            let sick = parts().filter(|m| m.sick > 0 && !news.contains(&m.change)).count();
            let shared = |d: &&usize| hanging.users[*d] > 1 && changes[**d].deposed.is_none() && acts(&changes[**d]);
            let shared = hanging.users.keys().find(shared).copied();
            let shared = shared.or_else(|| hanging.users.keys().find_map(|&i| another_group(&index, changes, i)));
            let block_size = changes.iter().filter(|c| c.deposed.is_none() && block_of(c) == label).count();
            let total = match service {
                Some(s) if s.kind == ServiceKind::Targets && !given => s.members.len(),
                _ => block_size,
            };
            Group {
                label,
                members: news.iter().map(|&new| member_of(new, &hanging, &news)).collect(),
                total,
                spec,
                given,
                shared,
                others,
                sick,
                create_first: false,
                in_place,
                why_not: None,
            }
        };
    keyed.into_iter().map(group).collect()
}

/// The target group that an attachment moves its target to, if that is not the one that it is in: then all
/// targets move before the listener does.
fn another_group(index: &Index<'_>, changes: &[Change], attachment: usize) -> Option<usize> {
    let change = &changes[attachment];
    let attribute = index.role(attachment).attachment()?.group;
    let group = |side: &Option<crate::schema::Attrs>| index.of(side.as_ref()?, attribute);
    let (was, will) = (group(&change.before)?, group(&change.after)?);
    (index.attaches(attachment) && (was != will || changes[will].action.is_replace())).then_some(will)
}

/// Whether a change makes, changes or replaces something.
fn acts(change: &Change) -> bool {
    matches!(change.action, Action::Create | Action::Update | Action::DeleteThenCreate | Action::CreateThenDelete)
}

/// Members are created first unless a conflict prevents it or the block allows no surge. Where it
/// prevents it for some only, those follow the others as a group of their own.
fn prefer_create_first(
    mut group: Group,
    changes: &mut [Change],
    context: &Context<'_, '_>,
    problems: &mut Diagnostics,
) -> Vec<Group> {
    let surge = group.spec.max_surge.unwrap_or(Amount::Count(1)).up(group.total);
    let members = std::mem::take(&mut group.members);
    let judged: Vec<_> = members.into_iter().map(|m| (obstacle(&m, changes, context), m)).collect();
    let obstacle = judged.iter().find_map(|(obstacle, _)| obstacle.clone());
    let can = surge > 0 && (obstacle.is_none() || group.shared.is_none());
    let (first, waiting): (Vec<_>, Vec<_>) = judged.into_iter().partition(|(obstacle, _)| can && obstacle.is_none());
    let first: Vec<Rolled> = first.into_iter().map(|(_, member)| member).collect();
    let waiting: Vec<Rolled> = waiting.into_iter().map(|(_, member)| member).collect();
    for member in &first {
        replaced_with(member, changes, context).into_iter().for_each(|i| create_first(&mut changes[i]));
    }
    let mut all = Vec::new();
    if !first.is_empty() {
        all.push(Group { members: first, create_first: true, ..group.clone() });
    }
    if !waiting.is_empty() {
        let mut rest = Group { members: waiting, ..group };
        if let Some((i, conflict)) = obstacle {
            rest.why_not = Some(stands_in_the_way(&changes[i].address, conflict.as_ref()));
            problems.extend(rest.may_not_wait(changes, conflict));
        }
        all.push(rest);
    }
    all
}

/// A change that cannot be created first, with the attributes that could not be there twice.
type Obstacle = (usize, Option<conflict::Conflict>);

/// The conflict that keeps a member from being created first, if there is one.
fn obstacle(member: &Rolled, changes: &[Change], context: &Context<'_, '_>) -> Option<Obstacle> {
    replaced_with(member, changes, context).into_iter().find_map(|i| {
        let schema = (context.schema)(&changes[i].address);
        match schema.map(|s| (s.unique.is_some(), conflict::of(s, &changes[i]))) {
            Some((true, None)) => None,
            Some((true, Some(conflict))) => Some((i, Some(conflict))),
            _ if changes[i].action == Action::CreateThenDelete => None,
            _ => Some((i, None)),
        }
    })
}

fn stands_in_the_way(address: &Address, conflict: Option<&conflict::Conflict>) -> String {
    match conflict.map(|c| c.attributes.join(" and ")) {
        Some(names) => format!("{address} cannot exist twice: both would have the same {names}"),
        None => format!("{address} cannot be created before the old one is gone"),
    }
}

/// All that is replaced when a member is created first: what it needs, and what hangs on it.
fn replaced_with(member: &Rolled, changes: &[Change], context: &Context<'_, '_>) -> BTreeSet<usize> {
    let mut all = replaced_below(member.new, changes, context.needs);
    all.extend(member.hangs.iter().copied().filter(|&d| changes[d].action.is_replace()));
    all
}

/// The replaced objects among a member and its dependencies: a member that is created first needs them so too.
fn replaced_below(start: usize, changes: &[Change], needs: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut visited = BTreeSet::from([start]);
    let mut stack = vec![start];
    while let Some(at) = stack.pop() {
        if changes[at].action.is_replace() {
            found.insert(at);
        }
        stack.extend(needs[at].iter().copied().filter(|&n| visited.insert(n)));
    }
    found
}

fn create_first(change: &mut Change) {
    change.create_before_destroy = true;
    if change.action == Action::DeleteThenCreate {
        change.action = Action::CreateThenDelete;
    }
}

/// In a highly available layout whatever can be created first is, so that nothing that uses it is
/// without it for a moment; but not the members of groups whose old ones go first.
fn create_the_rest_first(changes: &mut [Change], context: &Context<'_, '_>, waits: &BTreeSet<usize>) {
    for i in 0..changes.len() {
        if changes[i].action != Action::DeleteThenCreate {
            continue;
        }
        let below = replaced_below(i, changes, context.needs);
        let free = |&j: &usize| {
            let schema = (context.schema)(&changes[j].address).filter(|_| !waits.contains(&j));
            schema.is_some_and(|s| s.unique.is_some() && conflict::of(s, &changes[j]).is_none())
        };
        if below.iter().all(free) {
            below.into_iter().for_each(|j| create_first(&mut changes[j]));
        }
    }
}

impl Group {
    /// An error when no member may be missing though the old ones have to go first.
    fn may_not_wait(&self, changes: &[Change], conflict: Option<conflict::Conflict>) -> Option<Diagnostic> {
        if !self.given || self.spec.max_unavailable.is_none_or(|u| u.down(self.total) > 0) {
            return None;
        }
        let d = Diagnostic::error("No member may be missing, but the new ones cannot be created first")
            .code("invalid-rolling")
            .detail(format!("{}.", self.why_not.clone().unwrap_or_default()))
            .about(&changes[self.members[0].new].address)
            .at(self.spec.place.clone())
            .hint("Allow one to be missing with max_unavailable = 1.");
        Some(match conflict {
            Some(conflict) => d.hint(conflict.cure),
            None => d,
        })
    }
}
