//! The check of paths: what comes through before a plan and after it comes through at every step in between, and what
//! comes through in neither does not come through in between either. It stands beside the check of members
//! (`availability`), which knows how many serve, and not by which ways they are reached.
//!
//! Checked is every set of completed steps that the plan's order allows, of the steps that bear on the pair of ends.
//! Where some of those sets cut a flow off or open one, and an order avoids them, the plan gets the edges of that order.

mod ask;
mod bearing;
mod beside;
mod endpoints;
mod few;
mod moments;
mod names;
mod pairs;
mod states;
#[cfg(test)]
mod tests;
mod words;

use self::ask::{Asked, End};
use self::few::{Lines, Said};
use self::names::Names;
use self::pairs::{Flow, Group, View};
use self::states::{Done, States, tie};
use crate::network::Object;
use crate::network::space::Packets;
use crate::plan::change::{Action, Change, Op, Step, StepId};
use crate::plan::service_impact::{FlowSummary, Interruption, InterruptionReason};
use crate::plan::services::{self, Service};
use crate::schema::Schema;
use crate::value::address::Address;
use std::collections::{BTreeSet, HashSet};

type Types<'f, 's> = &'f dyn Fn(&Address) -> Option<&'s Schema>;

/// The flows that a plan touches.
pub struct Flows {
    view: View,
    groups: Vec<Group>,
}

/// What the check of paths says.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The flows that stay and that steps of the plan could cut off.
    pub flows: Vec<FlowSummary>,
    /// Flows that are cut off, that end, or that open in between.
    pub losses: Vec<Interruption>,
}

/// What happens to a flow in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    lost: Packets,
    opened: Packets,
}

/// Steps that make something come before those that change something, and these before those that take away.
fn rank(step: &Step) -> usize {
    match step.op {
        Op::Reroute => 0,
        Op::Create => 1,
        Op::Update => 2,
        _ => 3,
    }
}

impl Flows {
    /// Finds the flows that the plan touches. `found` is what data sources found.
    pub fn of(changes: &[Change], steps: &[Step], found: Vec<Object>, schema: Types<'_, '_>) -> Self {
        let acts = |change: &&Change| !matches!(change.action, Action::NoOp | Action::Read | Action::Forget);
        let roles = services::roles(changes, schema);
        let changes = match changes.iter().any(|change| acts(&change)) {
            true => crate::plan::repeats::once(changes, schema),
            false => Vec::new(),
        };
        let view = View::of(changes, roles, found);
        let groups = view.groups(steps);
        Flows { view, groups }
    }

    /// Gives the steps an order in which no flow is cut off and none opens, as far as there is one.
    pub fn arrange(&self, steps: &mut Vec<Step>) {
        for group in &self.groups {
            let mut states = States::of(steps, &self.view.steps(group, steps));
            if states.steps.len() < 2 || !group.flows.iter().any(|flow| self.can_fail(flow)) {
                continue;
            }
            let ranks: Vec<usize> = steps.iter().map(rank).collect();
            let mut edges = states.narrow(&|id| ranks[id]);
            let faults = self.faults(group, &states, steps);
            let bad = |counts: fn(&Fault) -> bool| -> HashSet<Done> {
                let is_bad = |(_, all): &&(Done, Vec<Option<Fault>>)| all.iter().flatten().any(counts);
                faults.iter().filter(is_bad).map(|(done, _)| done.clone()).collect()
            };
            let all = bad(|_| true);
            // Where nothing keeps both promises, one of them is kept.
            let lost = bad(|fault| !fault.lost.is_empty());
            let opened = bad(|fault| !fault.opened.is_empty());
            let avoided = [all, lost, opened].iter().find_map(|bad| states.clone().avoiding(bad, &|id| ranks[id]));
            edges.extend(avoided.into_iter().flatten());
            tie(steps, &edges);
        }
    }

    /// The rules whose change in place cuts a flow off in every order, and that could be made anew beside the old ones.
    pub fn in_place(&self, steps: &[Step], schema: Types<'_, '_>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        for group in &self.groups {
            let can = |i: &usize| beside::can(&self.view.changes[*i], schema);
            let rules: Vec<usize> = group.acting.iter().copied().filter(can).collect();
            if rules.is_empty() {
                continue;
            }
            let states = States::of(steps, &self.view.steps(group, steps));
            let faults = self.faults(group, &states, steps);
            if faults.iter().flat_map(|(_, all)| all).flatten().any(|fault| !fault.lost.is_empty()) {
                found.extend(rules);
            }
        }
        found
    }

    /// Whether a flow is one that can be cut off or opened.
    fn can_fail(&self, flow: &Flow) -> bool {
        !flow.kept.is_empty() || !flow.pair.served
    }

    /// What happens to the flows of a group in each state.
    fn faults(&self, group: &Group, states: &States, steps: &[Step]) -> Vec<(Done, Vec<Option<Fault>>)> {
        let one = |done: Done| {
            let asked = self.view.when(group, steps, &ids(states, &done), None);
            let faults = group.flows.iter().map(|flow| fault(flow, &asked)).collect();
            (done, faults)
        };
        states.all().into_iter().map(one).collect()
    }

    /// The changes of rules, lists and routes whose effect on flows is known.
    pub fn judged(&self) -> BTreeSet<usize> {
        let sees = |group: &&Group| group.flows.iter().any(|flow| !flow.kept.is_empty() || !flow.ends.is_empty());
        let all = self.groups.iter().filter(sees).flat_map(|group| group.acting.iter().copied());
        all.filter(|i| self.view.is_way(*i)).collect()
    }

    /// Judges the plan with its steps in their final order.
    pub fn judge(&self, steps: &[Step], services: &[Service]) -> Judgement {
        // A plan without changes touches nothing, and is not looked at.
        if self.view.changes.is_empty() {
            return Judgement::default();
        }
        let mut lines = Lines::default();
        let names = Names::of(&self.view.changes, services);
        for group in &self.groups {
            let states = States::of(steps, &self.view.steps(group, steps));
            let faults = self.faults(group, &states, steps);
            let needed = self.needed(group, &states, steps);
            let moments = moments::of(&self.view, group, &states, steps);
            for (at, flow) in group.flows.iter().enumerate() {
                let of_flow: Vec<(&Done, &Fault)> =
                    faults.iter().filter_map(|(done, all)| Some((done, all[at].as_ref()?))).collect();
                let within = moments.iter().find_map(|(step, asked)| {
                    let lost = fault(flow, asked)?.lost;
                    (!lost.is_empty()).then_some((*step, lost))
                });
                let whole = of_flow.iter().all(|(_, fault)| fault.lost.is_empty()) && within.is_none();
                let mut losses: Vec<(Packets, Interruption)> = Vec::new();
                losses.extend(within.map(|(step, lost)| {
                    let what = words::flow(flow, &lost, &names);
                    let reason = InterruptionReason::FlowLost { flow: what, until: Some(step) };
                    (lost, self.interruption(flow, step, reason, words::IN_TWO, steps, &names))
                }));
                losses.extend(self.lost(flow, &of_flow, &states, steps, &names));
                losses.extend(self.opened(flow, &of_flow, &states, steps, &names));
                losses.extend(self.ended(group, flow, &states, steps, &names));
                let (pair, around) = (flow.pair, names.is_around(flow));
                lines.losses.extend(losses.into_iter().map(|(packets, line)| Said { pair, around, packets, line }));
                let touching = self.touching(flow, &states, steps);
                let leaves_by = names.other_way_out(flow);
                let stays = whole && needed[at] && !touching.is_empty() || leaves_by.is_some();
                if stays && !flow.kept.is_empty() {
                    let (from, to) = (names.of_end(pair.from), names.of_end(pair.to));
                    let (through, what) = (names.of_balancer(pair), words::packets(flow, &flow.kept));
                    let line = FlowSummary { from, through, to, what, steps: touching, leaves_by, whole };
                    lines.flows.push(Said { pair, around, packets: flow.kept.clone(), line });
                }
            }
        }
        lines.put_together(self.view.ended(steps, services, &names))
    }

    /// Which flows hang on the steps of their group: one step more or less, in whatever order, would end them, or what
    /// a step that changes something takes away would, without what it brings.
    fn needed(&self, group: &Group, states: &States, steps: &[Step]) -> Vec<bool> {
        let mut needed = vec![false; group.flows.len()];
        for (at, id) in states.steps.iter().enumerate() {
            let creates = matches!(steps[*id].op, Op::Create | Op::Update | Op::Reroute);
            let other = |i: usize| if i == at { !creates } else { creates };
            let done: Done = (0..states.steps.len()).map(other).collect();
            let change = &self.view.changes[steps[*id].change];
            let meanwhile = (steps[*id].op == Op::Update)
                .then(|| Change { after: self.view.unchanged(steps[*id].change), ..change.clone() });
            let done = match &meanwhile {
                Some(_) => vec![true; states.steps.len()],
                None => done,
            };
            let asked = self.view.when(group, steps, &ids(states, &done), meanwhile.as_ref());
            for (needed, flow) in needed.iter_mut().zip(&group.flows) {
                *needed |= !asked.passes(&flow.pair).may.covers(&flow.kept);
            }
        }
        needed
    }

    /// The steps that bear on a flow, without those that only replace its ends: they have lines of their own.
    fn touching(&self, flow: &Flow, states: &States, steps: &[Step]) -> Vec<StepId> {
        let own = |change: usize| [flow.pair.from, flow.pair.to].contains(&End::At(change));
        let replaced = |step: &Step| step.op != Op::Update && own(step.change);
        let of_members = |id: &StepId| replaced(&steps[*id]) || self.view.joins(steps[*id].change);
        states.steps.iter().copied().filter(|id| !of_members(id)).collect()
    }

    fn lost(
        &self,
        flow: &Flow,
        faults: &[(&Done, &Fault)],
        states: &States,
        steps: &[Step],
        names: &Names<'_>,
    ) -> Option<(Packets, Interruption)> {
        let is_bad = |done: &Done| faults.iter().find(|(at, fault)| *at == done && !fault.lost.is_empty());
        let (begins, until, fault) = first(states, is_bad, faults, |fault| !fault.lost.is_empty())?;
        let what = words::flow(flow, &fault.lost, names);
        let reason = InterruptionReason::FlowLost { flow: what, until };
        Some((fault.lost.clone(), self.interruption(flow, begins, reason, words::REORDER, steps, names)))
    }

    fn opened(
        &self,
        flow: &Flow,
        faults: &[(&Done, &Fault)],
        states: &States,
        steps: &[Step],
        names: &Names<'_>,
    ) -> Option<(Packets, Interruption)> {
        let is_bad = |done: &Done| faults.iter().find(|(at, fault)| *at == done && !fault.opened.is_empty());
        let (begins, until, fault) = first(states, is_bad, faults, |fault| !fault.opened.is_empty())?;
        let what = words::flow(flow, &fault.opened, names);
        let public = flow.pair.from == End::Internet;
        let reason = InterruptionReason::FlowOpens { flow: what, until, public };
        Some((fault.opened.clone(), self.interruption(flow, begins, reason, words::CLOSE_FIRST, steps, names)))
    }

    /// A flow that the layout does not let through any more, though both of its ends stay.
    fn ended(
        &self,
        group: &Group,
        flow: &Flow,
        states: &States,
        steps: &[Step],
        names: &Names<'_>,
    ) -> Option<(Packets, Interruption)> {
        if flow.ends.is_empty() {
            return None;
        }
        let ends = |done: &Done| {
            let asked = self.view.when(group, steps, &ids(states, done), None);
            !asked.passes(&flow.pair).may.covers(&flow.ends)
        };
        let turn = states.in_turn();
        let at = turn.iter().position(ends).filter(|at| *at > 0);
        let step = at.and_then(|at| states.steps.get(at - 1)).or(states.steps.last()).copied()?;
        let reason = InterruptionReason::FlowEnds { flow: words::flow(flow, &flow.ends, names) };
        Some((flow.ends.clone(), self.interruption(flow, step, reason, words::KEEP, steps, names)))
    }

    fn interruption(
        &self,
        flow: &Flow,
        step: StepId,
        reason: InterruptionReason,
        cure: &str,
        steps: &[Step],
        names: &Names<'_>,
    ) -> Interruption {
        let service = match (flow.pair.from, flow.pair.to) {
            (_, End::At(i)) | (End::At(i), _) => names.of_service(i),
            _ => names.of_end(flow.pair.to),
        };
        let change = &self.view.changes[steps[step].change];
        Interruption {
            service,
            address: change.address.to_string(),
            step,
            reason,
            cure: cure.to_owned(),
            place: None,
            allowed: false,
        }
    }
}

/// Lets these changes be made by new objects, which come before the old ones go.
pub fn made_anew(changes: &mut [Change], which: &BTreeSet<usize>) {
    which.iter().filter_map(|i| changes.get_mut(*i).map(beside::made_anew)).for_each(drop);
}

fn ids(states: &States, done: &Done) -> BTreeSet<StepId> {
    states.steps.iter().zip(done).filter(|(_, done)| **done).map(|(id, _)| *id).collect()
}

fn fault(flow: &Flow, asked: &Asked) -> Option<Fault> {
    if !asked.is_there(&flow.pair) {
        return None;
    }
    let passes = asked.passes(&flow.pair);
    let lost = flow.kept.minus(&passes.may);
    let opened = if flow.pair.served { Packets::default() } else { passes.sure.minus(&flow.known) };
    (!lost.is_empty() || !opened.is_empty()).then_some(Fault { lost, opened })
}

/// Where a fault begins and ends: in the order of the plan if it is there, else in some order.
fn first<'f>(
    states: &States,
    is_bad: impl Fn(&Done) -> Option<&'f (&'f Done, &'f Fault)>,
    faults: &'f [(&'f Done, &'f Fault)],
    counts: impl Fn(&Fault) -> bool,
) -> Option<(StepId, Option<StepId>, &'f Fault)> {
    let turn = states.in_turn();
    if let Some(at) = (1..turn.len()).find(|at| is_bad(&turn[*at]).is_some()) {
        let (_, fault) = is_bad(&turn[at])?;
        let until = (at + 1..turn.len()).find(|later| is_bad(&turn[*later]).is_none());
        return Some((states.steps[at - 1], until.map(|until| states.steps[until - 1]), fault));
    }
    let (done, fault) = faults.iter().find(|(_, fault)| counts(fault))?;
    let last = (0..done.len()).rev().find(|at| done[*at])?;
    Some((states.steps[last], None, fault))
}
