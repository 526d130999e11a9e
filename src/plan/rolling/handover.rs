//! Handovers, in waves and outside of them. New targets are healthy before a listener leads to them and before the
//! targets that they replace go. Those are drained first, and so is a target that is interrupted. Only the order of
//! steps and waits between them are added. Where that closes a cycle the order stays as it is, and `availability`
//! reports the result.

use super::spec::{DRAIN, TIMEOUT};
use super::{Context, holders};
use crate::diag::Diagnostics;
use crate::plan::change::{Action, Change, Reason};
use crate::plan::order::Work;
use crate::plan::service_impact::{Health, ServiceKind, Wait};
use crate::plan::services::{Found, Index, Member, Service, reached};
use crate::schema::role::Door;
use crate::schema::{Role, Schema};
use crate::value::address::Address;
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, BTreeSet};

/// The waits that the waves have already.
#[derive(Default)]
pub struct Gates {
    /// By attachment, or scaling group: the step after which its targets are healthy.
    pub healthy: BTreeMap<usize, NodeIndex>,
    /// Attachments whose old targets are drained.
    pub drained: BTreeSet<usize>,
}

/// Decides what has to be done besides what the layout says: registrations that end while their target is
/// interrupted, groups that are made before those that hold them move.
pub fn prepare(changes: &mut [Change], context: &Context<'_, '_>) -> Diagnostics {
    let balanced = context.services.iter().filter(|s| s.kind == ServiceKind::Targets);
    for member in balanced.flat_map(|s| &s.members) {
        if !interrupted(&changes[member.change], context.schema) {
            continue;
        }
        for &link in &member.links {
            let change = &mut changes[link];
            let stays = change.action == Action::NoOp && change.moved_from.is_none() && change.importing.is_none();
            if context.roles[link].attachment().is_some() && change.deposed.is_none() && stays {
                change.action = Action::DeleteThenCreate;
                change.reason = Some(Reason::Rests);
                change.create_before_destroy = false;
            }
        }
    }
    holders::decide(changes, context.roles, context.schema)
}

/// Whether a change in place interrupts what the object does.
pub fn interrupted<'s>(change: &Change, schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> bool {
    let how = schema(&change.address).and_then(|s| s.interrupts);
    let (Some(before), Some(after), Some(how)) = (&change.before, &change.after, how) else { return false };
    change.action == Action::Update && how(before, after).is_some()
}

/// The targets of a listener or rule from now on, and those that it leaves.
pub struct Move {
    /// The target groups that are new to it.
    pub to: BTreeSet<usize>,
    /// The changes of those that it leaves.
    pub from: BTreeSet<usize>,
}

/// Where a listener or rule moves to, if it is one that does.
pub fn moved(index: &Index<'_>, changes: &[Change], door: usize) -> Option<Move> {
    let (change, door) = (&changes[door], index.door(door)?);
    let was = index.forwards(&door, change.before.as_ref()?);
    let will = index.forwards(&door, change.after.as_ref()?);
    let lasts = |g: usize| !changes[g].action.is_replace() && changes[g].deposed.is_none();
    let known = |g: usize| lasts(g) && was.iter().any(|(old, sends)| *old == g && *sends);
    let to: BTreeSet<usize> = will.iter().filter(|(g, sends)| *sends && !known(*g)).map(|(g, _)| *g).collect();
    let stays = |g: usize| lasts(g) && will.iter().any(|(new, _)| *new == g);
    let from = was.iter().map(|(g, _)| *g).filter(|g| !stays(*g)).collect();
    (!to.is_empty()).then_some(Move { to, from })
}

/// Whether a listener or rule forwards, so that another target group can be added beforehand.
fn forwards(door: &Door, change: &Change) -> bool {
    let mut actions = change.before.iter().flat_map(|a| a.blocks(door.actions));
    actions.any(|a| a.str(door.action.kind) == Some(door.action.forwards))
}

/// Puts the steps in a row.
pub fn arrange(changes: &[Change], roles: &[Role], services: &[Service], gates: Gates, work: &mut Work) {
    let index = Index::new(changes, roles);
    let after = reached(&index, true);
    let mut fronted = BTreeSet::new();
    for (_, change, door) in index.each(Role::door) {
        let will = change.after.as_ref().map(|a| index.forwards(&door, a)).unwrap_or_default();
        fronted.extend(will.into_iter().map(|(group, _)| group));
    }
    let mut handover = Handover { changes, index, fronted, gates, work };
    for door in 0..changes.len() {
        if let Some(moved) = moved(&handover.index, changes, door) {
            handover.moves(door, &moved, &after);
        }
    }
    for service in services.iter().filter(|s| s.kind == ServiceKind::Targets) {
        handover.exchanges(service);
        handover.drains(service);
    }
    moves_on(&handover.index, handover.work);
    holders::arrange(changes, roles, handover.work);
}

/// Who leads to another object from now on does so before the one that it led to goes.
fn moves_on(index: &Index<'_>, work: &mut Work) {
    for (i, change, route) in index.each(Role::route).filter(|(_, c, _)| c.action == Action::Update) {
        let led = change.before.as_ref().and_then(|a| index.of(a, route.way.egress));
        let leads = change.after.as_ref().and_then(|a| index.of(a, route.way.egress));
        if let Some(old) = led.filter(|_| led != leads) {
            let (forward, gone) = (work.forward(i), work.delete(old));
            work.link_if_free(forward, gone);
        }
    }
}

struct Handover<'a, 'w> {
    changes: &'a [Change],
    index: Index<'a>,
    /// The target groups that some listener leads to afterwards: targets of no other are ever healthy.
    fronted: BTreeSet<usize>,
    gates: Gates,
    work: &'w mut Work,
}

impl Handover<'_, '_> {
    /// Whether a member is a scaling group.
    fn scales(&self, member: usize) -> bool {
        self.index.role(member).member_group().is_some() && self.changes[member].deposed.is_none()
    }

    fn gate(&mut self, i: usize, by: Health, after: &[usize]) -> NodeIndex {
        let node = match self.gates.healthy.get(&i) {
            Some(&node) => node,
            None => {
                let node = self.work.wait(i, Wait::Healthy { by, bake: 0, timeout: TIMEOUT });
                self.gates.healthy.insert(i, node);
                node
            }
        };
        for &made in after {
            let forward = self.work.forward(made);
            self.work.link_if_free(forward, Some(node));
        }
        node
    }

    /// The steps after which what puts a member in service is healthy.
    fn healthy(&mut self, member: usize, links: &[usize]) -> Vec<NodeIndex> {
        let changes = self.changes;
        if self.scales(member) {
            // A change in place of the group comes last: it takes the group out of what it leaves.
            let made = (changes[member].action != Action::Update).then_some(member);
            let after: Vec<usize> = made.into_iter().chain(links.iter().copied()).collect();
            return vec![self.gate(member, Health::Scaling(member), &after)];
        }
        let own: Vec<usize> = links.iter().copied().filter(|&i| self.index.attaches(i)).collect();
        own.into_iter().map(|link| self.gate(link, Health::Targets(vec![link]), &[link])).collect()
    }

    /// A listener leads to other groups only when their targets are healthy. A group that no listener knows calls
    /// none healthy, so the listener gets it first, with a weight of 0.
    fn moves(&mut self, door: usize, moved: &Move, after: &BTreeMap<usize, BTreeMap<usize, Found>>) {
        let changes = self.changes;
        let Some(forward) = self.work.forward(door) else { return };
        let in_place = changes[door].action == Action::Update;
        let mut last: Option<NodeIndex> = None;
        let forwarding = self.index.door(door).is_some_and(|data| forwards(&data, &changes[door]));
        for &group in moved.to.iter().filter(|_| in_place && forwarding) {
            let members = after.get(&group).into_iter().flatten();
            let mut gates = Vec::new();
            for (&member, found) in members {
                if self.scales(member) && changes[member].action == Action::Update {
                    let joins = self.work.detour(member, changes[group].address.to_string());
                    let made = self.work.forward(group);
                    self.work.link(made, Some(joins));
                    let healthy = self.healthy(member, &found.links);
                    healthy.iter().for_each(|&gate| self.work.link(Some(joins), Some(gate)));
                    let leaves = self.work.forward(member);
                    self.work.link_if_free(Some(forward), leaves);
                    gates.extend(healthy);
                } else {
                    gates.extend(self.healthy(member, &found.links));
                }
            }
            if gates.is_empty() {
                continue;
            }
            let reported = self.work.detour(door, changes[group].address.to_string());
            let made = self.work.forward(group);
            self.work.link(made, Some(reported));
            self.work.link(last, Some(reported));
            self.work.link(Some(reported), Some(forward));
            last = Some(reported);
            for gate in gates {
                self.work.link_if_free(Some(reported), Some(gate));
                self.work.link_if_free(Some(gate), Some(forward));
            }
        }
        let left: BTreeSet<usize> = moved.from.iter().map(|&g| self.index.current(g)).collect();
        let leaves = |attrs: &crate::schema::Attrs, name: &str| {
            attrs.get(name).and_then(|arn| self.index.find(arn)).is_some_and(|g| left.contains(&self.index.current(g)))
        };
        let goes = |&i: &usize| {
            let role = self.index.role(i);
            let link = role.attachment().or(role.group_attachment()).zip(changes[i].before.as_ref());
            link.is_some_and(|(link, attrs)| leaves(attrs, link.group))
        };
        let goes: Vec<usize> = (0..changes.len()).filter(goes).collect();
        for i in goes.into_iter().chain(moved.from.iter().copied()) {
            let gone = self.work.delete(i);
            self.work.link_if_free(Some(forward), gone);
        }
    }

    /// A member that replaces another is healthy before that one goes.
    fn exchanges(&mut self, service: &Service) {
        let changes = self.changes;
        if !self.fronted.contains(&service.about) {
            return;
        }
        for member in service.members.iter().filter(|m| m.after > 0) {
            let first = |i: &&usize| changes[**i].action == Action::CreateThenDelete;
            let mut goes: Vec<usize> = member.links.iter().filter(first).copied().collect();
            goes.extend(Some(member.change).filter(|i| self.scales(*i) && first(&i)));
            let left = |i: &&usize| changes[**i].deposed.is_some();
            goes.extend(member.links.iter().chain(Some(&member.old)).filter(left));
            let gates = if goes.is_empty() { Vec::new() } else { self.healthy(member.change, &member.links) };
            for (gate, i) in gates.iter().flat_map(|gate| goes.iter().map(move |i| (gate, i))) {
                let gone = self.work.delete(*i);
                self.work.link_if_free(Some(*gate), gone);
            }
        }
        let outs: Vec<NodeIndex> = service.members.iter().flat_map(|m| self.outs(m)).collect();
        if outs.is_empty() {
            return;
        }
        for member in &service.coming {
            for gate in self.healthy(member.change, &member.links) {
                for &out in &outs {
                    self.work.link_if_free(Some(gate), Some(out));
                }
            }
        }
    }

    /// The steps that take a member out of service.
    fn outs(&self, member: &Member) -> Vec<NodeIndex> {
        let goes = member.links.iter().chain([&member.change, &member.old]).filter_map(|&i| self.work.delete(i));
        let shrinks = Some(member.change).filter(|_| member.after < member.count);
        let shrinks = shrinks.filter(|&i| self.changes[i].action == Action::Update).and_then(|i| self.work.forward(i));
        goes.chain(shrinks).collect()
    }

    /// Old targets are drained before they go, and before they are interrupted.
    fn drains(&mut self, service: &Service) {
        let changes = self.changes;
        let door = |i: &&usize| self.index.door(**i).is_some();
        let open = service.front.iter().filter(door).any(|&i| changes[i].action != Action::Delete);
        if !open {
            return;
        }
        for member in &service.members {
            for &link in &member.links {
                let is = self.index.role(link).attachment().is_some();
                let Some(leaves) = self.work.delete(link).filter(|_| is && !self.gates.drained.contains(&link)) else {
                    continue;
                };
                let mut next: Vec<NodeIndex> = [member.old, member.change, service.about]
                    .into_iter()
                    .filter_map(|i| self.work.delete(i))
                    .collect();
                if changes[link].reason == Some(Reason::Rests) {
                    next.extend(self.work.forward(member.change));
                }
                if next.is_empty() {
                    continue;
                }
                let drained = self.work.wait(link, Wait::Drained { most: DRAIN });
                self.work.link(Some(leaves), Some(drained));
                for next in next {
                    self.work.link_if_free(Some(drained), Some(next));
                }
            }
        }
    }
}
