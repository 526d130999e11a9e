//! The availability check between the plan and its reader. A plan that a highly available layout does not allow is
//! still a plan: it can be read, saved and explained, and it says itself why it must not be carried out.

use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Evaluator;
use crate::lang::config::{Availability, Maintenance, ModuleNode};
use crate::plan::availability::{Judged, judge};
use crate::plan::change::{Action, Change, Plan, PlanMeta, Step};
use crate::plan::flows::Flows;
use crate::plan::input::Input;
use crate::plan::order::Ordered;
use crate::plan::place;
use crate::plan::planner::{HealthRead, Planner};
use crate::plan::rolling::spec::Spec;
use crate::plan::service_impact::{Interruption, InterruptionReason, Level, ServiceImpact, Window};
use crate::plan::services::{self, Index, Service};
use crate::plan::window;
use crate::schema::{Role, Schema};
use crate::value::address::{Address, ResourceAddress};
use std::collections::{BTreeMap, BTreeSet};

/// The availability that the layout demands.
pub(super) fn level(root: &ModuleNode) -> Option<Level> {
    root.module.layout.as_ref()?.availability.map(|availability| match availability {
        Availability::High => Level::High,
        Availability::Single => Level::Single,
    })
}

/// Whether a change of an object with this role may change who is in a target group, or is healthy there.
fn joins(role: &Role) -> bool {
    let member = matches!(role, Role::Member(_) | Role::MemberGroup(_) | Role::MemberTemplate);
    member || matches!(role, Role::Attachment(_) | Role::GroupAttachment(_) | Role::TargetGroup(_))
}

/// The target groups whose members a plan touches.
pub fn groups<'c, 's>(
    changes: impl Iterator<Item = &'c Change> + Clone,
    schema: impl Fn(&Address) -> Option<&'s Schema>,
) -> Vec<HealthRead> {
    let role = |c: &Change| services::role(schema(&c.address));
    let serves = |c: &Change| joins(&role(c));
    if !changes.clone().any(|c| serves(c) && !matches!(c.action, Action::NoOp | Action::Create | Action::Read)) {
        return Vec::new();
    }
    let read = |c: &Change| {
        let arn = c.before.as_ref()?.string("arn")?;
        (matches!(role(c), Role::TargetGroup(_)) && c.deposed.is_none()).then(|| HealthRead {
            provider: c.provider.clone(),
            region: c.region.clone(),
            group: arn,
        })
    };
    changes.filter_map(read).collect()
}

fn maintenance(root: &ModuleNode) -> Option<&Maintenance> {
    root.module.layout.as_ref()?.maintenance.as_ref()
}

/// The maintenance window of a layout that has interruptions only in one: the one that is open at `now`, else the next.
pub fn window(root: &ModuleNode, now: jiff::Timestamp) -> Result<Option<Window>, Diagnostic> {
    match (level(root), maintenance(root)) {
        (Some(Level::Single), Some(maintenance)) => window::next(maintenance, now).map(Some),
        _ => Ok(None),
    }
}

/// The errors in a layout's demands, whatever is planned.
pub(super) fn check(p: &Planner<'_, '_>) -> Diagnostics {
    let window = maintenance(p.input.root).map_or(Ok(()), window::check);
    let mut found: Diagnostics = window.err().into_iter().collect();
    found.extend(p.rollings.iter().filter_map(|(address, spec)| health(p, address, spec)));
    found
}

/// A `health` that is not a target group of the members.
fn health(p: &Planner<'_, '_>, address: &ResourceAddress, spec: &Spec) -> Option<Diagnostic> {
    let value = spec.health.as_ref()?;
    let arn = value.get("arn").unwrap_or(value);
    let changes: Vec<_> = p.changes.values().cloned().collect();
    // Where no member is wanted, nothing has to call one healthy.
    if !changes.iter().any(|c| c.address.resource == *address && c.after.is_some()) {
        return None;
    }
    let roles = services::roles(&changes, &|a| p.input.schemas.resource(&a.resource.type_name));
    let index = Index::new(&changes, &roles);
    let group = index.find(arn);
    let attached = index.each(Role::attachment).any(|(_, c, attachment)| {
        let of = |name: &str| c.after.as_ref().and_then(|a| index.of(a, name));
        of(attachment.member).is_some_and(|t| changes[t].address.resource == *address) && of(attachment.group) == group
    });
    if attached || arn.is_unknown() && arn.origin().is_none() {
        return None;
    }
    let block = p.scopes.module(&address.module)?.node.module.resources.get(&(
        address.mode,
        address.type_name.clone(),
        address.name.clone(),
    ))?;
    let span = block.lifecycle.rolling.as_ref().and_then(|r| r.health.as_ref()).map(|e| e.span());
    Some(
        Diagnostic::error("health must name a target group of these instances")
            .code("invalid-service")
            .detail("An aws_lb_target_group_attachment puts an instance into a target group.")
            .at(span)
            .about(address.instance(crate::value::address::InstanceKey::None))
            .hint("Attach the instances to that target group, or name the one that they are attached to."),
    )
}

/// The promise of a plan, with every interruption that it brings about.
pub(super) fn promise(
    input: &Input<'_>,
    scopes: &Evaluator<'_>,
    ordered: &Ordered,
    specs: &BTreeMap<ResourceAddress, Spec>,
    meta: &PlanMeta,
    flows: Option<&Flows>,
) -> Result<ServiceImpact, Diagnostics> {
    let level = level(input.root);
    let mut promise = ServiceImpact { level, waves: ordered.waves.clone(), ..ServiceImpact::default() };
    let Some(level) = level.filter(|_| !input.options.destroy) else { return Ok(promise) };
    let schema = |address: &Address| input.schemas.resource(&address.resource.type_name);
    let spec_of = |service: &Service| {
        let of = |m: &super::services::Member| specs.get(&ordered.changes[m.change].address.resource);
        service.members.iter().find_map(of)
    };
    let may_be_missing =
        |service: &Service| spec_of(service)?.max_unavailable.map(|amount| amount.down(service.size()));
    let surge = |service: &Service| {
        let rolls = |m: &super::services::Member| {
            let address = ordered.changes[m.change].address.to_string();
            let wave = ordered.waves.iter().find(|w| w.create_first && w.members.contains(&address));
            wave.map(|w| w.members.len())
        };
        service.members.iter().filter_map(rolls).max().unwrap_or(0)
    };
    let ways = flows.map(Flows::judged).unwrap_or_default();
    let verdict = judge(&Judged {
        ways: &ways,
        changes: &ordered.changes,
        steps: &ordered.steps,
        services: &ordered.services,
        level,
        may_be_missing: &may_be_missing,
        surge: &surge,
        schema: &schema,
    });
    promise.services = verdict.services;
    promise.single_points = verdict.single_points;
    promise.losses = verdict.losses;
    promise.unjudged = verdict.unjudged;
    if let Some(flows) = flows {
        let judgement = flows.judge(&ordered.steps, &ordered.services);
        promise.flows = judgement.flows;
        let known: BTreeSet<String> = promise.losses.iter().map(|loss| loss.service.clone()).collect();
        // Where a service is interrupted as it is, its ways need no line of their own.
        let passing = |loss: &Interruption| matches!(loss.reason, InterruptionReason::FlowLost { .. });
        let egress = promise.losses.iter().any(|loss| loss.reason == InterruptionReason::Egress);
        let out = |loss: &Interruption| match &loss.reason {
            InterruptionReason::FlowLost { flow, .. } | InterruptionReason::FlowEnds { flow } => {
                flow.contains(" → internet ")
            }
            _ => false,
        };
        let said = |loss: &Interruption| passing(loss) && known.contains(&loss.service) || egress && out(loss);
        promise.losses.extend(judgement.losses.into_iter().filter(|loss| !said(loss)));
    }
    let allowed = &input.options.allow_downtime;
    for loss in &mut promise.losses {
        let change = ordered.changes.iter().find(|c| c.deposed.is_none() && c.address.to_string() == loss.address);
        let service = ordered.services.iter().find(|s| s.name == loss.service);
        let find = |c| place::of_loss(scopes, &ordered.changes, c, &loss.reason, service, schema(&c.address));
        loss.place = change.and_then(find).map(|span| place::words(&span));
        loss.allowed = allowed.contains(&loss.service) || allowed.contains(&loss.address);
    }
    let mut problems = unknown_services(allowed, &ordered.services, &ordered.changes);
    promise.window = problems.take(window(input.root, meta.created)).flatten();
    problems.into_result(promise)
}

fn unknown_services(allowed: &[String], services: &[Service], changes: &[super::change::Change]) -> Diagnostics {
    let known = |name: &&String| {
        services.iter().any(|s| s.name == **name) || changes.iter().any(|c| c.address.to_string() == **name)
    };
    let unknown = allowed.iter().filter(|name| !known(name));
    let names: Vec<&str> = services.iter().map(|s| s.name.as_str()).collect();
    let problem = |name: &String| {
        let d = Diagnostic::error(format!("The service {name:?} to interrupt was not found"))
            .code("unknown-address")
            .detail(format!(
                "The services of this layout are {}.",
                if names.is_empty() { "none".into() } else { names.join(", ") }
            ));
        match crate::diag::did_you_mean(name, names.iter().copied()) {
            Some(near) => d.hint(format!("Did you mean {near:?}?")),
            None => d,
        }
    };
    unknown.map(problem).collect()
}

/// Why a plan is refused: step, service, reason, cure.
fn refusal(loss: &Interruption, steps: &[Step], changes: &[Change]) -> Option<Diagnostic> {
    let step = steps.get(loss.step)?;
    let change = changes.get(step.change)?;
    let does = match loss.reason {
        InterruptionReason::FlowOpens { .. } => "expose",
        InterruptionReason::FlowEnds { .. } => "cut off",
        _ => "interrupt",
    };
    let refused = Diagnostic::error(format!("The plan would {does} {:?}", loss.service))
        .code("interruption")
        .detail(format!(
            "In step {} of {} ({} {}), {}. The layout says availability = \"high\".",
            loss.step + 1,
            steps.len(),
            step.op,
            change.address,
            words(&loss.reason)
        ))
        .about(&change.address)
        .hint(match &loss.place {
            Some(place) => format!("{} See {place}.", loss.cure),
            None => loss.cure.clone(),
        })
        .hint(format!("Or allow the interruption, which is recorded: --allow-downtime {:?}", loss.service));
    Some(refused)
}

/// A reason in words, as the second half of a sentence.
pub fn words(reason: &InterruptionReason) -> String {
    match reason {
        InterruptionReason::LastMember => "no member of it is left in service".into(),
        InterruptionReason::UnderLimit { least, limit } => {
            format!("only {least} of its members serve, and {limit} should")
        }
        InterruptionReason::Zones(zones) => format!("members in {} are out at once", zones.join(" and ")),
        InterruptionReason::Egress => "its private subnets have no way out".into(),
        InterruptionReason::Interrupted { attribute, seconds } => {
            format!("it is interrupted for about {seconds} s, as {attribute:?} changes")
        }
        InterruptionReason::Front(what) => {
            format!("{what}, through which it is reached, is gone before the new one is there")
        }
        InterruptionReason::Emptied => "the layout leaves no member in it".into(),
        InterruptionReason::Data => "its data is deleted with the old object".into(),
        InterruptionReason::FlowLost { flow, until: Some(step) } => {
            format!("{flow} is cut off until step {} is done", step + 1)
        }
        InterruptionReason::FlowLost { flow, until: None } => format!("{flow} is cut off for a while"),
        InterruptionReason::FlowEnds { flow } => format!("{flow} ends"),
        InterruptionReason::FlowOpens { flow, until: Some(step), .. } => {
            format!("{flow} is open until step {} is done, and is so neither before nor after the plan", step + 1)
        }
        InterruptionReason::FlowOpens { flow, until: None, .. } => {
            format!("{flow} is open for a while, and is so neither before nor after the plan")
        }
    }
}

impl Plan {
    /// Why the plan must not be carried out: each interruption that a highly available layout does not allow, and all
    /// that breaks a guard.
    pub fn refusals(&self) -> Diagnostics {
        self.interruptions().into_iter().chain(self.violations.iter().cloned()).collect()
    }

    /// Each interruption that a highly available layout does not allow.
    pub fn interruptions(&self) -> Diagnostics {
        let broken = self.promise.broken().filter(|_| self.promise.level == Some(Level::High));
        broken.filter_map(|loss| refusal(loss, &self.steps, &self.changes)).collect()
    }

    /// Why the plan must not be carried out now, in a layout whose interruptions need a window.
    pub fn outside_window(&self) -> Option<Diagnostic> {
        let promise = &self.promise;
        if promise.level != Some(Level::Single) || promise.window.as_ref().is_some_and(|w| w.open) {
            return None;
        }
        let broken: Vec<&Interruption> = promise.broken().collect();
        let first = broken.first()?;
        let what: Vec<String> = broken.iter().map(|l| format!("{} ({})", l.service, words(&l.reason))).collect();
        let d = Diagnostic::error("The plan interrupts service outside the maintenance window")
            .code("maintenance-window")
            .detail(format!("It would interrupt {}.", what.join("; ")))
            .about(&first.address);
        let d = match &promise.window {
            Some(w) => d.hint(format!(
                "The window {:?} ({}) opens next at {} and closes at {}; apply then.",
                w.text, w.timezone, w.opens, w.closes
            )),
            None => {
                d.hint("The layout has no maintenance window. Add one: maintenance { window = \"Sun 02:00-04:00\" }.")
            }
        };
        let places: BTreeSet<&str> = broken.iter().filter_map(|loss| loss.place.as_deref()).collect();
        let d = match places.is_empty() {
            true => d,
            false => d.hint(format!(
                "Or undo the change that interrupts it, in {}.",
                places.into_iter().collect::<Vec<_>>().join(", ")
            )),
        };
        Some(d.hint("Or apply with --now, which is recorded."))
    }
}
