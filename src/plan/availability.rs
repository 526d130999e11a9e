//! The availability check: for every step of a plan, which services lose which members, and whether
//! the layout allows that. It decides nothing about the order; it only proves or refutes it.
//!
//! A member is out from the first step that takes its old object out of service until the step after
//! which the new one serves. Steps that no order separates may fall together, so that two absences
//! count as one moment unless the plan puts one wholly before the other.

use super::change::{Action, Change, Op, Step, StepId};
use super::rolling::handover;
use super::services::{self, Index, Member, Service};
use super::single_points::cure_of_single;
use super::unjudged::Unjudged;
use crate::plan::service_impact::{
    Health, Interruption, InterruptionReason, Level, ServiceKind, ServiceSummary, SinglePoint, Wait,
};
use crate::schema::Schema;
use crate::schema::role::Door;
use crate::schema::rows::Turnover;
use crate::value::address::Address;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The input of the judgement.
pub struct Judged<'a, 's> {
    /// The changes.
    pub changes: &'a [Change],
    /// The steps.
    pub steps: &'a [Step],
    /// The services before anything is done.
    pub services: &'a [Service],
    /// The availability that the layout demands.
    pub level: Level,
    /// How many members of a block or service may be missing, where its `rolling` block says so.
    pub may_be_missing: &'a dyn Fn(&Service) -> Option<usize>,
    /// How many are created beyond the number at a time, by service name.
    pub surge: &'a dyn Fn(&Service) -> usize,
    /// The types.
    pub schema: &'a dyn Fn(&Address) -> Option<&'s Schema>,
    /// The changes of rules, lists and routes that the check of paths judges.
    pub ways: &'a BTreeSet<usize>,
}

/// The services that stay, those that do not, and the single points of failure.
#[derive(Debug, Default)]
pub struct Verdict {
    /// One line for each service that the plan touches.
    pub services: Vec<ServiceSummary>,
    /// Interruptions.
    pub losses: Vec<Interruption>,
    /// The single points of failure.
    pub single_points: Vec<SinglePoint>,
    /// Changes that cannot be judged and that bear on no service.
    pub unjudged: Vec<String>,
}

/// When a member is out, and why.
#[derive(Debug, Clone)]
struct Absence {
    member: usize,
    /// How many of those that serve by it are out.
    missing: usize,
    from: StepId,
    /// The step after which it serves again; nothing when it does not come back.
    until: Option<StepId>,
    interrupted: Option<(String, u32)>,
    /// Whether it is so before anything is done.
    already: bool,
}

/// Judges a plan.
pub fn judge(judged: &Judged<'_, '_>) -> Verdict {
    let order = Order::new(judged.steps);
    let roles = services::roles(judged.changes, judged.schema);
    let index = Index::new(judged.changes, &roles);
    let unjudged = Unjudged::new(judged.changes, judged.services, &index, judged.ways);
    let mut verdict = Verdict::default();
    for (i, service) in judged.services.iter().enumerate() {
        judged.service(service, &order, &index, unjudged.of(i), &mut verdict);
    }
    verdict.unjudged = unjudged.of_none();
    if judged.level == Level::High {
        verdict.single_points = judged.single_points();
    }
    verdict.services.sort_by(|a, b| a.service.cmp(&b.service));
    verdict
}

/// Which step comes before which, in every order that the plan allows.
struct Order<'a> {
    steps: &'a [Step],
    by_change: BTreeMap<usize, Vec<StepId>>,
}

impl<'a> Order<'a> {
    fn new(steps: &'a [Step]) -> Self {
        let mut by_change: BTreeMap<usize, Vec<StepId>> = BTreeMap::new();
        steps.iter().enumerate().for_each(|(id, step)| by_change.entry(step.change).or_default().push(id));
        Order { steps, by_change }
    }

    fn of(&self, change: usize) -> impl Iterator<Item = StepId> + '_ {
        self.by_change.get(&change).into_iter().flatten().copied()
    }

    fn step(&self, change: usize, ops: &[Op]) -> Option<StepId> {
        self.of(change).find(|&id| ops.contains(&self.steps[id].op))
    }

    fn forward(&self, change: usize) -> Option<StepId> {
        self.step(change, &[Op::Create, Op::Update])
    }

    /// The step after which a member is healthy, by what puts it in service.
    fn healthy(&self, member: &Member) -> Option<StepId> {
        let proves = |step: &Step| match &step.wait {
            Some(Wait::Healthy { by: Health::Targets(all), .. }) => all.iter().any(|i| member.links.contains(i)),
            Some(Wait::Healthy { by: Health::Scaling(i), .. }) => *i == member.change,
            Some(Wait::Healthy { by: Health::Status, .. }) => step.change == member.change,
            _ => false,
        };
        (0..self.steps.len()).find(|&id| proves(&self.steps[id]))
    }

    /// Whether `a` is always done before `b` begins.
    fn before(&self, a: StepId, b: StepId) -> bool {
        let mut visited = HashSet::new();
        let mut stack: Vec<StepId> = self.steps[b].needs.clone();
        while let Some(at) = stack.pop() {
            if at == a {
                return true;
            }
            // A step comes after all that it needs, so that nothing before `a` can lead to it.
            stack.extend(self.steps[at].needs.iter().copied().filter(|&n| n >= a && visited.insert(n)));
        }
        false
    }
}

/// Where the listeners of a service move to, and when.
struct Moves {
    forward: Vec<StepId>,
}

impl Judged<'_, '_> {
    fn service(
        &self,
        service: &Service,
        order: &Order<'_>,
        index: &Index<'_>,
        unjudged: Vec<String>,
        verdict: &mut Verdict,
    ) {
        let about = &self.changes[service.about];
        if service.size() == 0 {
            return;
        }
        let moves = self.moves(service, order, index);
        let mut kept = ServiceSummary {
            service: service.name.clone(),
            address: about.address.to_string(),
            members: service.measure(),
            least: service.measure(),
            surge: 0,
            refreshed: false,
            failover: None,
            kind: service.kind,
            gone: self.gone(service),
            unreached: self.unreached(service, index),
            removed: self.removed(service),
            sick: service.members.iter().filter(|m| m.sick > 0).map(|m| self.sick_words(m)).collect(),
            unjudged,
            judged: true,
            later: self.later(service),
        };
        let touched = service.members.iter().any(|m| self.touches(m, order)) || !kept.removed.is_empty();
        let fronts = self.front(service, order);
        kept.judged = touched || !fronts.is_empty() || !moves.forward.is_empty() || kept.later.is_some();
        if !kept.judged && kept.unjudged.is_empty() && !kept.gone && !kept.unreached {
            return;
        }
        if kept.gone {
            verdict.services.push(kept);
            return;
        }
        let mut absences = Vec::new();
        for (i, member) in service.members.iter().enumerate().filter(|(_, m)| m.after > 0) {
            absences.extend(self.absence(i, member, service, order, &moves, &mut kept.failover));
            absences.extend(self.sick(i, member, order));
        }
        absences.extend(self.leaving(service, order));
        let loss = |address: &Address, step, reason, cure| Interruption {
            service: service.name.clone(),
            address: address.to_string(),
            step,
            reason,
            cure,
            place: None,
            allowed: false,
        };
        for (front, step, reason) in fronts {
            let change = &self.changes[front];
            let cure = match reason {
                InterruptionReason::Front(_) => self.why_first(change),
                _ => cure_of_single(service),
            };
            verdict.losses.push(loss(&change.address, step, reason, cure));
            kept.least = 0;
        }
        let worst = worst(service, &absences, order);
        if let Some((out, _, _)) = &worst {
            kept.least = kept.least.min(service.measure().saturating_sub(*out));
        }
        let begins = worst.as_ref().and_then(|(_, absence, zones)| Some((absence.as_ref()?, zones)));
        if let Some((absence, zones)) = begins
            && let Some((reason, cure)) = self.reason(service, absence, kept.least, zones)
        {
            let change = service.members[absence.member].change;
            verdict.losses.push(loss(&self.changes[change].address, absence.from, reason, cure));
        }
        if service.measure() == 0 && !kept.unreached {
            let member = &service.members[0];
            let step = self.outs(member, order).into_iter().min().or_else(|| order.forward(member.change));
            let cure = "Leave at least one member, or remove the target group and everything that leads to it as well.";
            kept.members = service.size();
            kept.least = 0;
            let address = &self.changes[member.change].address;
            verdict.losses.extend(step.map(|step| loss(address, step, InterruptionReason::Emptied, cure.into())));
        }
        let refreshed = service.members.iter().find_map(|m| self.turnover(m));
        kept.surge = (self.surge)(service).max(refreshed.map_or(0, |t| t.surge));
        kept.refreshed = refreshed.is_some();
        verdict.services.push(kept);
    }

    /// Whether the layout no longer has the service.
    fn gone(&self, service: &Service) -> bool {
        match service.kind {
            ServiceKind::Server => service.members.iter().all(|m| self.changes[m.change].action == Action::Delete),
            _ => self.changes[service.about].action == Action::Delete,
        }
    }

    /// Whether something led to a target group, and nothing does afterwards.
    fn unreached(&self, service: &Service, index: &Index<'_>) -> bool {
        let mut doors = service.front.iter().filter_map(|&i| Some((i, index.door(i)?))).peekable();
        let leads = |(i, door): (usize, Door)| {
            let after = self.changes[i].after.as_ref();
            after.is_some_and(|a| index.forwards(&door, a).iter().any(|(group, _)| *group == service.about))
        };
        doors.peek().is_some() && !doors.any(leads)
    }

    /// Members and what stands before them that the layout no longer has.
    fn removed(&self, service: &Service) -> Vec<String> {
        let leaving = service.members.iter().filter(|m| m.after == 0).map(|m| m.change);
        let fronts = service.front.iter().copied().filter(|&i| self.changes[i].action == Action::Delete);
        let mut all: Vec<String> = leaving.chain(fronts).map(|i| self.changes[i].address.to_string()).collect();
        all.dedup();
        all
    }

    fn sick_words(&self, member: &Member) -> String {
        let address = self.changes[member.change].address.to_string();
        if member.count > 1 { format!("{} of {address}", member.sick) } else { address }
    }

    /// The steps in which what stands before a target group leads to another one.
    fn moves(&self, service: &Service, order: &Order<'_>, index: &Index<'_>) -> Moves {
        let away = |&door: &usize| {
            let moved = handover::moved(index, self.changes, door)?;
            order.forward(door).filter(|_| moved.from.iter().any(|g| index.current(*g) == service.about))
        };
        Moves { forward: service.front.iter().filter_map(away).collect() }
    }

    fn touches(&self, member: &Member, order: &Order<'_>) -> bool {
        [member.change, member.old].iter().chain(&member.links).any(|&i| order.of(i).next().is_some())
    }

    /// Members that are not healthy before anything is done.
    fn sick(&self, i: usize, member: &Member, order: &Order<'_>) -> Option<Absence> {
        let missing = member.sick.min(member.stays());
        let changes = self.touches(member, order);
        let until = order.healthy(member).filter(|_| changes);
        (missing > 0).then_some(Absence { member: i, missing, from: 0, until, interrupted: None, already: true })
    }

    /// Members that go for good, where others have to replace them: those are in service first.
    fn leaving(&self, service: &Service, order: &Order<'_>) -> Vec<Absence> {
        let stays: usize = service.members.iter().map(Member::stays).sum();
        let mut lacking = service.measure().saturating_sub(stays);
        let proofs: Option<Vec<StepId>> = service.coming.iter().map(|m| order.healthy(m)).collect();
        let mut all = Vec::new();
        for (i, member) in service.members.iter().enumerate().filter(|(_, m)| m.stays() < m.count) {
            let missing = lacking.min(member.count - member.stays());
            let shrinks = order.forward(member.change).filter(|_| member.after > 0);
            let Some(from) = self.outs(member, order).into_iter().chain(shrinks).min().filter(|_| missing > 0) else {
                continue;
            };
            lacking -= missing;
            let ready = |all: &Vec<StepId>| !all.is_empty() && all.iter().all(|&proof| order.before(proof, from));
            if !proofs.as_ref().is_some_and(ready) {
                let until = proofs.as_ref().and_then(|all| all.iter().max().copied());
                all.push(Absence { member: i, missing, from, until, interrupted: None, already: false });
            }
        }
        all
    }

    /// The steps that end what puts a member in service, or the member itself.
    fn outs(&self, member: &Member, order: &Order<'_>) -> Vec<StepId> {
        let links = member.links.iter().filter_map(|&link| self.leaves(link, order));
        let own = [member.change, member.old].map(|i| order.step(i, &[Op::Delete]).filter(|_| i == member.old));
        own.into_iter().flatten().chain(links).collect()
    }

    /// An interruption that a change brings about only after the run.
    fn later(&self, service: &Service) -> Option<String> {
        let parts = service.members.iter().map(|m| m.change).chain(service.front.iter().copied());
        parts.into_iter().find_map(|i| {
            let change = &self.changes[i];
            let how = (self.schema)(&change.address)?.interrupts_later.filter(|_| change.action == Action::Update)?;
            how(change.before.as_ref()?, change.after.as_ref()?)
        })
    }

    /// How AWS replaces those who serve by a member, a group, after its change in place.
    fn turnover(&self, member: &Member) -> Option<Turnover> {
        let change = &self.changes[member.change];
        let how = (self.schema)(&change.address)?.turnover.filter(|_| change.action == Action::Update)?;
        how(change.before.as_ref()?, change.after.as_ref()?)
    }

    /// When a member is out of service, if it is at all.
    fn absence(
        &self,
        i: usize,
        member: &Member,
        service: &Service,
        order: &Order<'_>,
        moves: &Moves,
        failover: &mut Option<u32>,
    ) -> Option<Absence> {
        let change = &self.changes[member.change];
        let forward = order.forward(member.change);
        if change.action == Action::Update
            && let (Some(before), Some(after)) = (&change.before, &change.after)
            && let Some(step) = forward
            && let Some(how) = (self.schema)(&change.address).and_then(|s| s.interrupts).and_then(|f| f(before, after))
        {
            let elsewhere = service.kind == ServiceKind::Database && service.members.len() > 1;
            if how.failover || elsewhere {
                *failover = Some(failover.unwrap_or(0).max(how.seconds));
            }
            if how.failover {
                return None;
            }
            let interrupted = Some((how.attribute.to_owned(), how.seconds));
            let until = Some(order.healthy(member).unwrap_or(step));
            let from = self.outs(member, order).into_iter().min().unwrap_or(step).min(step);
            return Some(Absence { member: i, missing: member.stays(), from, until, interrupted, already: false });
        }
        if let (Some(turnover), Some(step)) = (self.turnover(member), forward) {
            let missing = turnover.members.saturating_sub(turnover.least).min(member.stays());
            let until = Some(step);
            let absence = Absence { member: i, missing, from: step, until, interrupted: None, already: false };
            return (missing > 0).then_some(absence);
        }
        let absence = |from, until| {
            Some(Absence { member: i, missing: member.stays(), from, until, interrupted: None, already: false })
        };
        let kind = service.kind;
        let attached = kind == ServiceKind::Targets;
        let healthy = order.healthy(member);
        // A listener that leads elsewhere does so when the new targets are healthy and before the old ones go.
        let unproved = |step: &&StepId| !healthy.is_some_and(|healthy| order.before(healthy, **step));
        if let Some(&early) = moves.forward.iter().find(unproved) {
            return absence(early, healthy);
        }
        let mut out = self.outs(member, order);
        if attached && !moves.forward.is_empty() {
            out.extend(forward.filter(|_| change.action == Action::Update && member.is_group));
        }
        out.sort_unstable();
        if out.is_empty() {
            return None;
        }
        if let Some(&early) = out.iter().find(|&&out| moves.forward.iter().any(|&m| !order.before(m, out))) {
            return absence(early, moves.forward.iter().max().copied());
        }
        let linked = member.links.iter().filter_map(|&link| order.forward(link));
        let begun = || forward.into_iter().chain(linked).max().filter(|_| change.action != Action::Delete);
        let back = healthy.or_else(|| if attached { None } else { begun() });
        let detour = |&link: &usize| order.step(link, &[Op::Reroute]);
        let gone = order.step(member.old, &[Op::Delete]);
        if let (ServiceKind::Egress, Some(gone)) = (kind, gone)
            && member.links.iter().all(|link| detour(link).is_some_and(|around| order.before(around, gone)))
        {
            return None;
        }
        // A route that leads through another gateway by then misses nothing.
        if let (ServiceKind::Egress, Some(gone)) = (kind, gone.filter(|_| change.action == Action::Delete)) {
            let elsewhere =
                |link: &usize| order.step(*link, &[Op::Update]).is_some_and(|moves| order.before(moves, gone));
            if member.links.iter().all(elsewhere) {
                return None;
            }
        }
        // A database that is replaced comes back without its data, a server under another address.
        let same = !matches!(kind, ServiceKind::Database | ServiceKind::Server) || !change.action.is_replace();
        let replaced = service.members.len() > 1 && kind == ServiceKind::Server;
        let exposed = |&&step: &&StepId| !back.is_some_and(|back| (same || replaced) && order.before(back, step));
        let from = *out.iter().find(exposed)?;
        absence(from, back)
    }

    /// The step in which a link takes its member out of service: its end, or its change when it leads
    /// elsewhere from then on.
    fn leaves(&self, link: usize, order: &Order<'_>) -> Option<StepId> {
        match self.changes[link].action {
            Action::Delete | Action::DeleteThenCreate | Action::CreateThenDelete => order.step(link, &[Op::Delete]),
            _ => None,
        }
    }

    /// The object before the members that goes, or is interrupted, before its successor is there, with the step.
    fn front(&self, service: &Service, order: &Order<'_>) -> Vec<(usize, StepId, InterruptionReason)> {
        let goes = |&i: &usize| {
            let change = &self.changes[i];
            if let (Action::Update, Some(how)) = (change.action, (self.schema)(&change.address)?.interrupts) {
                let how = how(change.before.as_ref()?, change.after.as_ref()?).filter(|how| !how.failover)?;
                let reason =
                    InterruptionReason::Interrupted { attribute: how.attribute.to_owned(), seconds: how.seconds };
                return Some((i, order.forward(i)?, reason));
            }
            let gone = matches!(change.action, Action::DeleteThenCreate);
            let step = order.step(i, &[Op::Delete]).filter(|_| gone)?;
            Some((i, step, InterruptionReason::Front(change.address.to_string())))
        };
        let about = service.about;
        let own = (service.kind == ServiceKind::Targets).then_some(about);
        service.front.iter().chain(own.iter()).filter_map(goes).collect()
    }

    fn reason(
        &self,
        service: &Service,
        absence: &Absence,
        least: usize,
        zones: &BTreeSet<String>,
    ) -> Option<(InterruptionReason, String)> {
        let change = &self.changes[service.members[absence.member].change];
        if let (Some((attribute, seconds)), 1) = (&absence.interrupted, service.members.len()) {
            let reason = InterruptionReason::Interrupted { attribute: attribute.clone(), seconds: *seconds };
            return Some((reason, cure_of_single(service)));
        }
        match service.kind {
            ServiceKind::Egress if !change.action.is_replace() => {
                let cure = "Give its route table another way out in the same plan, or remove the table as well.";
                Some((InterruptionReason::Egress, cure.into()))
            }
            ServiceKind::Egress => Some((
                InterruptionReason::Egress,
                format!("{} {}", self.why_first(change), cure_of_single(service)),
            )),
            ServiceKind::Database if change.action.is_replace() => {
                let cure = "Undo the change, or make a new database beside it, move the data, and change over.";
                Some((InterruptionReason::Data, cure.into()))
            }
            _ if least == 0 && self.turnover(&service.members[absence.member]).is_some() => Some((
                InterruptionReason::LastMember,
                "Let the refresh make new members first: min_healthy_percentage = 100 and a max_healthy_percentage above \
                 it in the preferences of its instance_refresh."
                    .into(),
            )),
            // How many go at a time is what the group itself says.
            _ if self.turnover(&service.members[absence.member]).is_some() => None,
            _ if least == 0 => Some((
                InterruptionReason::LastMember,
                format!("{} {}", self.why_first(change), cure_of_single(service)),
            )),
            _ if zones.len() > 1 => Some((
                InterruptionReason::Zones(zones.iter().cloned().collect()),
                self.cure_of_sick(service)
                    .unwrap_or("Change the zones one after the other, for instance with a rolling block.".into()),
            )),
            _ => {
                let missing = (self.may_be_missing)(service).unwrap_or(1);
                let limit = service.measure().saturating_sub(missing);
                (least < limit).then(|| {
                    let usual = "Let fewer members change at a time, or allow more with max_unavailable.";
                    let cure = self.cure_of_sick(service).unwrap_or_else(|| usual.into());
                    (InterruptionReason::UnderLimit { least, limit }, cure)
                })
            }
        }
    }

    /// The cure where members are not healthy now, if some are.
    fn cure_of_sick(&self, service: &Service) -> Option<String> {
        let sick = service.members.iter().filter(|m| m.sick > 0).map(|m| self.sick_words(m));
        let sick = sick.collect::<Vec<_>>().join(", ");
        (!sick.is_empty()).then(|| format!("Not healthy now: {sick}. Make it healthy first, or let it change as well."))
    }

    /// Why the new object does not come first, with what to change.
    fn why_first(&self, change: &Change) -> String {
        let conflict = (self.schema)(&change.address).and_then(|s| super::rolling::conflict::of(s, change));
        match conflict {
            Some(conflict) => {
                let names: Vec<String> = conflict.attributes.iter().map(|n| format!("{n:?}")).collect();
                format!(
                    "The new one cannot come first, as both would have the same {}. {}",
                    names.join(" and "),
                    conflict.cure
                )
            }
            None => "Let the new one come first, with create_before_destroy = true.".into(),
        }
    }
}

/// The moment at which most members are out: how many, the first absence that the plan brings about, the zones.
fn worst(
    service: &Service,
    absences: &[Absence],
    order: &Order<'_>,
) -> Option<(usize, Option<Absence>, BTreeSet<String>)> {
    let mut worst: Option<(usize, Option<Absence>, BTreeSet<String>)> = None;
    // What is so already may last over all that the plan does, which is not out at one time by that.
    let brought = absences.iter().any(|a| !a.already);
    for absence in absences.iter().filter(|a| a.already != brought) {
        let together = absences.iter().filter(|other| order.overlap(absence, other));
        let mut out: BTreeMap<usize, usize> = BTreeMap::new();
        for a in together {
            let missing = out.entry(a.member).or_default();
            *missing = a.missing.max(*missing);
        }
        let zones = out.keys().filter_map(|&m| service.members[m].zone.clone()).collect();
        let out: usize = out.values().sum();
        if worst.as_ref().is_none_or(|(most, _, _)| out > *most) {
            worst = Some((out, brought.then(|| absence.clone()), zones));
        }
    }
    worst
}

impl Order<'_> {
    /// Whether two absences may fall into one moment.
    fn overlap(&self, a: &Absence, b: &Absence) -> bool {
        let over = |first: &Absence, second: &Absence| {
            first.until.is_some_and(|until| until != second.from && self.before(until, second.from))
        };
        a.member == b.member || !(over(a, b) || over(b, a))
    }
}
