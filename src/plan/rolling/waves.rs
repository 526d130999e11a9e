//! Groups as waves in the work: what each creates, waits for, takes out of service and deletes, and in
//! what order.

use super::handover::Gates;
use super::spec::{Amount, DRAIN, TIMEOUT};
use super::{Group, Rolled, Rolling};
use crate::plan::change::{Action, Change, Reason};
use crate::plan::order::Work;
use crate::plan::service_impact::{Health, OnFailure, Wait, Wave};
use crate::plan::services::Index;
use crate::schema::Role;
use std::collections::{BTreeMap, BTreeSet};

impl Rolling {
    /// Puts the waves and their waits into the work and gives them back.
    pub fn arrange(&self, changes: &[Change], roles: &[Role], work: &mut Work) -> (Vec<Wave>, Gates) {
        let index = Index::new(changes, roles);
        let mut all = Vec::new();
        let mut gates = Gates::default();
        let mut ends: BTreeMap<&str, Bounds> = BTreeMap::new();
        for group in &self.groups {
            all.extend(group.arrange(&index, work, ends.entry(&group.label).or_default(), &mut gates));
        }
        number(&mut all);
        (all, gates)
    }
}

impl Rolled {
    /// The steps that lead the routes of a gateway through its stand-in before it goes.
    fn detours(&self, index: &Index<'_>, work: &mut Work) -> Vec<petgraph::graph::NodeIndex> {
        let Some(peer) = self.stand_in.map(|peer| index.change(peer).address.to_string()) else { return Vec::new() };
        let routes = self.hangs.iter().filter(|&&i| {
            let leads = index.role(i).route().is_some() && index.change(i).deposed.is_none();
            leads && index.change(i).action == Action::Update
        });
        routes.map(|&route| work.detour(route, peer.clone())).collect()
    }
}

/// Numbers the waves of each block or service.
fn number(waves: &mut [Wave]) {
    let mut totals: BTreeMap<String, usize> = BTreeMap::new();
    for wave in waves.iter_mut() {
        let total = totals.entry(wave.of.clone()).or_default();
        *total += 1;
        wave.number = *total;
    }
    waves.iter_mut().for_each(|wave| wave.total = totals[&wave.of]);
}

/// The ends and beginnings of a wave in the work.
#[derive(Default)]
struct Bounds {
    first: Vec<petgraph::graph::NodeIndex>,
    last: Vec<petgraph::graph::NodeIndex>,
}

impl Group {
    /// How many members change at a time.
    fn size(&self) -> usize {
        let n = self.total.max(self.members.len());
        let size = if self.shared.is_some() && self.create_first {
            n
        } else if self.create_first {
            self.spec.max_surge.unwrap_or(Amount::Count(1)).up(n)
        } else {
            self.spec.max_unavailable.unwrap_or(Amount::Count(1)).down(n)
        };
        size.max(1)
    }

    /// Members by wave. Where old members go first, a wave keeps to one zone.
    fn waves(&self) -> Vec<Vec<&Rolled>> {
        let mut waves: Vec<Vec<&Rolled>> = Vec::new();
        for member in &self.members {
            let fits = |wave: &&mut Vec<&Rolled>| {
                let zones = self.create_first || wave.iter().all(|m| m.zone == member.zone);
                wave.len() < self.size() && zones
            };
            match waves.last_mut().filter(fits) {
                Some(wave) => wave.push(member),
                None => waves.push(vec![member]),
            }
        }
        waves
    }

    /// Puts the waves one after the other, the first after what ends `before`, which then ends them.
    fn arrange(&self, index: &Index<'_>, work: &mut Work, before: &mut Bounds, gates: &mut Gates) -> Vec<Wave> {
        let mut reported = Vec::new();
        let mut health = None;
        for members in self.waves() {
            let bounds = self.wave(&members, index, work, &mut health, gates);
            for &first in &bounds.first {
                before.last.iter().for_each(|&last| work.link(Some(last), Some(first)));
            }
            reported.push(Wave {
                of: self.label.clone(),
                number: 0,
                total: 0,
                members: members.iter().map(|m| index.change(m.new).address.to_string()).collect(),
                create_first: self.create_first,
                in_place: self.in_place,
                health: health.clone(),
                bake: self.spec.bake,
                drain: self.spec.drain.unwrap_or(0),
                remark: self.remark(index, &members),
                on_failure: if self.create_first { self.spec.on_failure } else { OnFailure::Stop },
                parts: members.iter().flat_map(|m| std::iter::once(m.new).chain(m.hangs.iter().copied())).collect(),
            });
            *before = bounds;
        }
        reported
    }

    fn remark(&self, index: &Index<'_>, members: &[&Rolled]) -> Option<String> {
        let detour = members.iter().find_map(|m| m.stand_in.map(|peer| &index.change(peer).address));
        match (self.shared.filter(|_| self.create_first && self.members.len() > 1), &self.why_not, detour) {
            (Some(user), _, _) => Some(format!("all at once, as {} uses all of them", index.change(user).address)),
            (None, Some(why), None) => Some(format!("the old ones go first: {why}")),
            (None, Some(why), Some(peer)) => Some(format!("its routes lead through {peer} meanwhile, as {why}")),
            (None, None, _) => None,
        }
    }

    fn wave(
        &self,
        members: &[&Rolled],
        index: &Index<'_>,
        work: &mut Work,
        reported: &mut Option<String>,
        gates: &mut Gates,
    ) -> Bounds {
        let mut bounds = Bounds::default();
        let mut healthy = Vec::new();
        for member in members {
            if let Some(wait) = self.healthy(member, index, work, reported) {
                healthy.push(wait);
                let attached = member.hangs.iter().filter(|&&i| is_attachment(index, i));
                gates.healthy.extend(attached.map(|&i| (i, wait)));
            }
        }
        let others = self.others_serve(members, index, work);
        for member in members {
            let forward: Vec<_> = std::iter::once(member.new)
                .chain(member.hangs.iter().copied())
                .filter_map(|i| work.forward(i))
                .collect();
            let leaves: Vec<_> = member
                .hangs
                .iter()
                .chain(&member.left)
                .filter(|&&i| is_attachment(index, i))
                .filter_map(|&i| Some((i, work.delete(i)?)))
                .collect();
            let rests = self.in_place && leaves.iter().any(|(i, _)| index.change(*i).reason == Some(Reason::Rests));
            let goes = if rests { work.forward(member.new) } else { work.delete(member.old) };
            let detours = if self.create_first { Vec::new() } else { member.detours(index, work) };
            detours.iter().for_each(|&detour| work.link(Some(detour), goes));
            let mut drained = Vec::new();
            for &(i, leave) in &leaves {
                let most = self.spec.drain.unwrap_or(DRAIN);
                let wait = work.wait(i, Wait::Drained { most });
                work.link(Some(leave), Some(wait));
                work.link(Some(wait), goes);
                drained.push(wait);
                gates.drained.insert(i);
            }
            let out: Vec<_> = leaves.iter().map(|(_, node)| *node).chain(goes).collect();
            if self.create_first {
                for &wait in &healthy {
                    out.iter().for_each(|&o| work.link(Some(wait), Some(o)));
                }
                bounds.first.extend(forward.first().copied());
                bounds.first.extend(if forward.is_empty() { out.clone() } else { Vec::new() });
                bounds.last.extend(out.iter().copied().chain(drained));
            } else {
                bounds.first.extend(out.iter().chain(&detours).copied());
                bounds.first.extend(if out.is_empty() { forward.clone() } else { Vec::new() });
                bounds.last.extend(forward);
            }
        }
        if let Some(others) = others {
            bounds.first.iter().for_each(|&first| work.link(Some(others), Some(first)));
            bounds.first.push(others);
        }
        bounds.last.extend(healthy);
        bounds
    }

    /// The step that looks whether enough of the other members serve for these to be taken out of service.
    fn others_serve(
        &self,
        members: &[&Rolled],
        index: &Index<'_>,
        work: &mut Work,
    ) -> Option<petgraph::graph::NodeIndex> {
        let own = |i: &usize| members.iter().any(|m| m.new == *i || m.hangs.contains(i) || m.left.contains(i));
        let by: Vec<usize> = self.others.iter().copied().filter(|i| !own(i)).collect();
        let leaves = members
            .iter()
            .flat_map(|m| m.hangs.iter().chain(&m.left))
            .find(|&&i| is_attachment(index, i) && index.change(i).before.is_some());
        let first = *leaves.filter(|_| !self.create_first && !by.is_empty())?;
        let may = self.spec.max_unavailable.unwrap_or(Amount::Count(1)).down(self.total.max(self.members.len()));
        let least = by.len().saturating_sub(may.saturating_sub(members.len()) + self.sick);
        let timeout = self.spec.timeout.unwrap_or(TIMEOUT);
        Some(work.wait(first, Wait::Others { by, least, timeout }))
    }

    /// The step that waits until a new member is healthy, if anything can say so.
    fn healthy(
        &self,
        member: &Rolled,
        index: &Index<'_>,
        work: &mut Work,
        reported: &mut Option<String>,
    ) -> Option<petgraph::graph::NodeIndex> {
        let attached: Vec<usize> = member.hangs.iter().copied().filter(|&i| is_attachment(index, i)).collect();
        let groups: BTreeSet<String> = attached
            .iter()
            .filter_map(|&i| index.of(index.change(i).after.as_ref()?, index.role(i).attachment()?.group))
            .map(|group| index.change(group).address.to_string())
            .collect();
        let by = if !attached.is_empty() {
            *reported = Some(format!("healthy in {}", groups.into_iter().collect::<Vec<_>>().join(", ")));
            Health::Targets(attached.clone())
        } else if index.role(member.new).member().is_some() && index.change(member.new).deposed.is_none() {
            *reported = Some("its status checks pass".into());
            Health::Status
        } else {
            return None;
        };
        let timeout = self.spec.timeout.unwrap_or(TIMEOUT);
        let wait = work.wait(member.new, Wait::Healthy { by, bake: self.spec.bake, timeout });
        work.link(work.forward(member.new), Some(wait));
        attached.iter().for_each(|&i| work.link(work.forward(i), Some(wait)));
        Some(wait)
    }
}

fn is_attachment(index: &Index<'_>, i: usize) -> bool {
    index.role(i).attachment().is_some()
}
