//! The availability check: for every step of a plan, which services lose which members, and whether
//! the layout allows that. It decides nothing about the order; it only proves or refutes it.
//!
//! A member is out from the first step that takes its old object out of service until the step after
//! which the new one serves. Steps that no order separates may fall together, so that two absences
//! count as one moment unless the plan puts one wholly before the other.

use super::change::{Action, Change, Op, Step, StepId};
use super::promise::{Kept, Level, Loss, LossReason, ServiceKind, SinglePoint, Wait};
use super::services::{Member, Service, short};
use crate::graph::Address;
use crate::resource::Schema;
use crate::resource::schema::Turnover;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What is judged.
pub struct Judged<'a, 's> {
    /// The changes.
    pub changes: &'a [Change],
    /// The steps.
    pub steps: &'a [Step],
    /// The services before anything is done.
    pub services: &'a [Service],
    /// What the layout demands.
    pub level: Level,
    /// How many members of a block or service may be missing, where its `rolling` block says so.
    pub may_be_missing: &'a dyn Fn(&Service) -> Option<usize>,
    /// How many are created beyond the number at a time, by service name.
    pub surge: &'a dyn Fn(&Service) -> usize,
    /// The types.
    pub schema: &'a dyn Fn(&Address) -> Option<&'s Schema>,
}

/// What stays in service, what does not, and what is there only once.
#[derive(Debug, Default)]
pub struct Verdict {
    /// One line for each service that the plan touches.
    pub services: Vec<Kept>,
    /// Interruptions.
    pub losses: Vec<Loss>,
    /// What is single by construction.
    pub single_points: Vec<SinglePoint>,
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
}

/// Judges a plan.
pub fn judge(judged: &Judged<'_, '_>) -> Verdict {
    let order = Order::new(judged.steps);
    let mut verdict = Verdict::default();
    for service in judged.services {
        judged.service(service, &order, &mut verdict);
    }
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

    /// The step that waits until the new object of a change is healthy.
    fn healthy(&self, change: usize) -> Option<StepId> {
        self.of(change).find(|&id| matches!(self.steps[id].wait, Some(Wait::Healthy { .. })))
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

impl Judged<'_, '_> {
    fn service(&self, service: &Service, order: &Order<'_>, verdict: &mut Verdict) {
        let about = &self.changes[service.about];
        if about.action == Action::Delete || service.size() == 0 {
            return;
        }
        let mut failover = None;
        let mut touched = false;
        let mut absences = Vec::new();
        for (i, member) in service.members.iter().enumerate() {
            touched |= self.touches(member, order);
            absences.extend(self.absence(i, member, service, order, &mut failover));
        }
        let fronts = self.front(service, order);
        if !touched && fronts.is_empty() {
            return;
        }
        let refreshed = service.members.iter().find_map(|m| self.turnover(m));
        let loss = |address: &Address, step, reason, cure| Loss {
            service: service.name.clone(),
            address: address.to_string(),
            step,
            reason,
            cure,
            allowed: false,
        };
        let mut least = service.size();
        for (front, step) in &fronts {
            let address = &self.changes[*front].address;
            let cure = "Let it be created before the old one goes, or change it without replacing it.".to_owned();
            verdict.losses.push(loss(address, *step, LossReason::Front(address.to_string()), cure));
            least = 0;
        }
        let mut worst: Option<(usize, &Absence, BTreeSet<String>)> = None;
        for absence in &absences {
            let together: Vec<&Absence> = absences.iter().filter(|other| order.overlap(absence, other)).collect();
            let mut out: BTreeMap<usize, usize> = BTreeMap::new();
            for a in together {
                let missing = out.entry(a.member).or_default();
                *missing = a.missing.max(*missing);
            }
            let zones = out.keys().filter_map(|&m| service.members[m].zone.clone()).collect();
            let out: usize = out.values().sum();
            if worst.as_ref().is_none_or(|(most, _, _)| out > *most) {
                worst = Some((out, absence, zones));
            }
        }
        if let Some((out, absence, zones)) = worst {
            least = least.min(service.size() - out);
            if let Some((reason, cure)) = self.reason(service, absence, least, &zones) {
                let change = service.members[absence.member].change;
                verdict.losses.push(loss(&self.changes[change].address, absence.from, reason, cure));
            }
        }
        verdict.services.push(Kept {
            service: service.name.clone(),
            address: about.address.to_string(),
            members: service.size(),
            least,
            surge: (self.surge)(service).max(refreshed.map_or(0, |t| t.surge)),
            refreshed: refreshed.is_some(),
            failover,
            kind: service.kind,
        });
    }

    fn touches(&self, member: &Member, order: &Order<'_>) -> bool {
        std::iter::once(&member.change).chain(&member.links).any(|&i| order.of(i).next().is_some())
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
            let until = order.healthy(member.change).unwrap_or(step);
            return Some(Absence { member: i, missing: member.count, from: step, until: Some(until), interrupted });
        }
        if let (Some(turnover), Some(step)) = (self.turnover(member), forward) {
            let missing = turnover.members.saturating_sub(turnover.least);
            return (missing > 0).then_some(Absence {
                member: i,
                missing,
                from: step,
                until: Some(step),
                interrupted: None,
            });
        }
        let leaves = member.links.iter().filter_map(|&link| self.leaves(link, order));
        let mut out: Vec<StepId> = order.step(member.change, &[Op::Delete]).into_iter().chain(leaves).collect();
        out.sort_unstable();
        if out.is_empty() {
            return None;
        }
        let comes_back = change.action.is_replace() || !matches!(change.action, Action::Delete);
        let linked = member.links.iter().filter_map(|&link| order.forward(link));
        let back = order.healthy(member.change).or_else(|| forward.into_iter().chain(linked).max());
        let back = back.filter(|_| comes_back);
        let kind = service.kind;
        let detour = |&link: &usize| order.step(link, &[Op::Detour]);
        if let (ServiceKind::Egress, Some(gone)) = (kind, order.step(member.change, &[Op::Delete]))
            && member.links.iter().all(|link| detour(link).is_some_and(|around| order.before(around, gone)))
        {
            return None;
        }
        // A database that is replaced comes back without its data, a server under another address.
        let same = !matches!(kind, ServiceKind::Database | ServiceKind::Server) || !change.action.is_replace();
        let replaced = service.members.len() > 1 && kind == ServiceKind::Server;
        let exposed = |&&step: &&StepId| !back.is_some_and(|back| (same || replaced) && order.before(back, step));
        let from = *out.iter().find(exposed)?;
        Some(Absence { member: i, missing: member.count, from, until: back, interrupted: None })
    }

    /// The step in which a link takes its member out of service: its end, or its change when it leads
    /// elsewhere from then on.
    fn leaves(&self, link: usize, order: &Order<'_>) -> Option<StepId> {
        match self.changes[link].action {
            Action::Delete | Action::DeleteThenCreate | Action::CreateThenDelete => order.step(link, &[Op::Delete]),
            _ => None,
        }
    }

    /// What stands before the members and goes before its successor is there, with the step.
    fn front(&self, service: &Service, order: &Order<'_>) -> Vec<(usize, StepId)> {
        let goes = |&i: &usize| {
            let gone = matches!(self.changes[i].action, Action::DeleteThenCreate);
            Some((i, order.step(i, &[Op::Delete]).filter(|_| gone)?))
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
    ) -> Option<(LossReason, String)> {
        let change = &self.changes[service.members[absence.member].change];
        if let (Some((attribute, seconds)), 1) = (&absence.interrupted, service.members.len()) {
            let reason = LossReason::Interrupted { attribute: attribute.clone(), seconds: *seconds };
            return Some((reason, cure_of_single(service.kind, service)));
        }
        match service.kind {
            ServiceKind::Egress => Some((
                LossReason::Egress,
                format!("{} {}", self.why_first(change), cure_of_single(service.kind, service)),
            )),
            ServiceKind::Database if change.action.is_replace() => {
                let cure = "Undo the change, or make a new database beside it, move the data, and change over.";
                Some((LossReason::Data, cure.into()))
            }
            _ if least == 0 && self.turnover(&service.members[absence.member]).is_some() => Some((
                LossReason::LastMember,
                "Let the refresh make new members first: min_healthy_percentage = 100 and a max_healthy_percentage above \
                 it in the preferences of its instance_refresh."
                    .into(),
            )),
            // How many go at a time is what the group itself says.
            _ if self.turnover(&service.members[absence.member]).is_some() => None,
            _ if least == 0 => Some((
                LossReason::LastMember,
                format!("{} {}", self.why_first(change), cure_of_single(service.kind, service)),
            )),
            _ if zones.len() > 1 => Some((
                LossReason::Zones(zones.iter().cloned().collect()),
                "Change the zones one after the other, for instance with a rolling block.".into(),
            )),
            _ => {
                let missing = (self.may_be_missing)(service).unwrap_or(1);
                let limit = service.size().saturating_sub(missing);
                (least < limit).then(|| {
                    let cure = "Let fewer members change at a time, or allow more with max_unavailable.";
                    (LossReason::UnderLimit { least, limit }, cure.into())
                })
            }
        }
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

    /// What the layout has only once, whether the plan touches it or not.
    fn single_points(&self) -> Vec<SinglePoint> {
        let mut all: Vec<SinglePoint> = Vec::new();
        let mut point = |service: &Service, i: usize, cure: String| {
            let address = &self.changes[i].address;
            let known = |p: &SinglePoint| p.address == address.to_string();
            if !all.iter().any(known) {
                all.push(SinglePoint {
                    service: if service.kind == ServiceKind::Egress { short(address) } else { service.name.clone() },
                    address: address.to_string(),
                    cure,
                });
            }
        };
        for service in self.services {
            let only = service.members.first().map(|m| m.change);
            match service.kind {
                ServiceKind::Egress => {
                    let gateway = only.filter(|g| {
                        let uses =
                            |s: &&Service| s.kind == ServiceKind::Egress && s.members.iter().any(|m| m.change == *g);
                        self.services.iter().filter(uses).count() > 1
                    });
                    if let Some(gateway) = gateway {
                        point(service, gateway, cure_of_single(service.kind, service));
                    }
                }
                ServiceKind::Database => {
                    let spread = |i: usize| {
                        let attrs = self.changes[i].after.as_ref().or(self.changes[i].before.as_ref());
                        attrs.and_then(|a| a.bool("multi_az")) == Some(true)
                    };
                    if let Some(only) = only.filter(|&i| service.members.len() == 1 && !spread(i)) {
                        point(service, only, cure_of_single(service.kind, service));
                    }
                }
                ServiceKind::Targets | ServiceKind::Server => {
                    if let Some(only) = only.filter(|_| service.size() == 1) {
                        point(service, only, cure_of_single(service.kind, service));
                    }
                }
                ServiceKind::Vpn => {}
            }
        }
        all
    }
}

/// What would make a service highly available that has one member.
fn cure_of_single(kind: ServiceKind, service: &Service) -> String {
    match kind {
        ServiceKind::Egress => "Give each zone a NAT gateway of its own.".into(),
        ServiceKind::Database => "Set multi_az = true, or add an instance to the cluster.".into(),
        ServiceKind::Targets if service.members.len() > 1 => "Let the members change one after the other.".into(),
        ServiceKind::Targets => "Give it members in at least two zones.".into(),
        ServiceKind::Server => "Put at least two behind a load balancer.".into(),
        ServiceKind::Vpn => "Make a second connection first and move the routes.".into(),
    }
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
