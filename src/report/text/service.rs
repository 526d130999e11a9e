//! The words for what a plan promises about service: waves, what stays in service, what is there only once.

use crate::plan::change::Plan;
use crate::plan::service_check::words;
use crate::plan::service_impact::{
    FlowSummary, Interruption, InterruptionReason, Level, OnFailure, ServiceImpact, ServiceKind, ServiceSummary,
    SinglePoint, Wave,
};
use crate::report::marks::{Marks, PLAIN, counted, first};

/// One line each, indented by what it belongs to; empty when there is nothing to report.
pub fn service_lines(plan: &Plan) -> Vec<String> {
    let promise = &plan.promise;
    let mut lines: Vec<String> = promise.services.iter().map(|s| kept(s, PLAIN)).collect();
    for wave in &promise.waves {
        lines.push(format!("wave {} of {} of {}: {}", wave.number, wave.total, wave.of, wave.members.join(", ")));
        lines.push(format!("  {}", course(wave, PLAIN)));
    }
    lines.extend(promise.losses.iter().map(|loss| lost(loss, PLAIN)));
    lines.extend(promise.flows.iter().map(|flow| path(flow, PLAIN)));
    lines.extend(window(promise, PLAIN));
    lines.extend(promise.unjudged.iter().map(|what| unjudged(what, PLAIN)));
    lines.extend(single_points(plan).map(|p| single(p, PLAIN)));
    lines
}

/// The same for a reviewer: interruptions first, and one line for all waves of a block.
pub fn service_brief(plan: &Plan, marks: Marks) -> Vec<String> {
    let promise = &plan.promise;
    let mut lines = losses(plan, marks);
    lines.extend(window(promise, marks));
    lines.extend(single_points(plan).map(|p| single(p, marks)));
    let mut rolling: Vec<&str> = promise.waves.iter().map(|w| w.of.as_str()).collect();
    rolling.dedup();
    let mut named = std::collections::BTreeSet::new();
    for of in rolling.into_iter().filter(|of| named.insert(*of)) {
        let waves: Vec<&Wave> = promise.waves.iter().filter(|w| w.of == of).collect();
        lines.push(rolled(of, &waves, marks));
    }
    lines.extend(promise.services.iter().map(|s| kept(s, marks)));
    lines.extend(promise.flows.iter().map(|flow| path(flow, marks)));
    lines.extend(promise.unjudged.iter().map(|what| unjudged(what, marks)));
    lines
}

/// The interruptions alone.
pub fn losses(plan: &Plan, marks: Marks) -> Vec<String> {
    plan.promise.losses.iter().map(|loss| lost(loss, marks)).collect()
}

fn single_points(plan: &Plan) -> impl Iterator<Item = &SinglePoint> {
    plan.promise.single_points.iter().filter(|_| plan.has_changes())
}

fn lost(loss: &Interruption, marks: Marks) -> String {
    let allowed = if loss.allowed { " (allowed with --allow-downtime)" } else { "" };
    let reason = (marks.words)(&words(&loss.reason));
    let of_flow = match loss.reason {
        InterruptionReason::FlowLost { .. } | InterruptionReason::FlowOpens { .. } => Some("from"),
        InterruptionReason::FlowEnds { .. } => Some("in"),
        _ => None,
    };
    if let Some(when) = of_flow {
        return format!("{when} step {}: {reason}{allowed}", loss.step + 1);
    }
    format!("{} is interrupted in step {}: {reason}{allowed}", (marks.name)(&loss.service), loss.step + 1)
}

/// A flow that stays, with the steps that bear on it.
fn path(flow: &FlowSummary, marks: Marks) -> String {
    let ends = [Some(&flow.from), flow.through.as_ref(), Some(&flow.to)].into_iter().flatten();
    let way: Vec<String> = ends.map(|end| (marks.name)(end)).collect();
    let flow_in_words = format!("{} {}", way.join(" → "), (marks.words)(&flow.what));
    let numbers: Vec<String> = flow.steps.iter().map(|step| (step + 1).to_string()).collect();
    let steps = match numbers.as_slice() {
        [] => String::new(),
        [one] => format!(" (step {one})"),
        many => format!(" (steps {})", first(many.iter().cloned(), STEPS).join(", ")),
    };
    let kept = format!("kept throughout{steps}");
    let fate = match &flow.leaves_by {
        Some(gateway) => {
            let moves = format!("leaves by {} from then on, with another address", (marks.name)(gateway));
            let moves = if flow.whole { format!("{kept}, but {moves}") } else { format!("{moves}{steps}") };
            format!("{moves}; open connections break")
        }
        None => kept,
    };
    format!("{flow_in_words}: {fate}")
}

/// So many steps of a flow are named.
const STEPS: usize = 12;

fn single(point: &SinglePoint, marks: Marks) -> String {
    let (service, address) = ((marks.name)(&point.service), (marks.name)(&point.address));
    format!("single point of failure: {service} ({address}). {}", (marks.words)(&point.cure))
}

fn unjudged(what: &str, marks: Marks) -> String {
    format!("not checked: {}", (marks.words)(what))
}

/// The waves of one block: who is in each, and how they go.
fn rolled(of: &str, waves: &[&Wave], marks: Marks) -> String {
    const WAVES: usize = 12;
    let short = |member: &String| match member.strip_prefix(of).filter(|key| key.starts_with('[')) {
        Some(key) => (marks.name)(key),
        None => (marks.name)(member),
    };
    let members = waves.iter().map(|wave| first(wave.members.iter().map(short), marks.most).join(", "));
    let members = first(members, WAVES).join("; then ");
    let mut courses: Vec<String> = Vec::new();
    for wave in waves {
        let course = course(wave, marks);
        if !courses.contains(&course) {
            courses.push(course);
        }
    }
    let each = if waves.len() == 1 { "" } else { "each: " };
    let courses = first(courses, 3).join("; or: ");
    format!("{} rolls in {}: {members}; {each}{courses}", (marks.name)(of), counted(waves.len(), "wave"))
}

/// The title above the lines.
pub fn service_title(plan: &Plan) -> &'static str {
    match plan.promise.level {
        Some(Level::High) => "Availability (high):",
        Some(Level::Single) => "Availability (single):",
        None => "Rolling replacement:",
    }
}

fn kept(kept: &ServiceSummary, marks: Marks) -> String {
    let service = (marks.name)(&kept.service);
    let names = |all: &[String]| marks.names(all);
    if kept.gone {
        return format!("{service}: removed, as the layout asks");
    }
    let mut parts = Vec::new();
    if kept.unreached {
        parts.push("nothing leads to it any more, as the layout asks".to_owned());
    } else if kept.judged {
        parts.push(level(kept));
    }
    if !kept.removed.is_empty() {
        parts.push(format!("removed, as the layout asks: {}", names(&kept.removed)));
    }
    if !kept.sick.is_empty() {
        parts.push(format!("not healthy now: {}", names(&kept.sick)));
    }
    parts.extend(kept.later.as_deref().map(marks.words));
    if !kept.unjudged.is_empty() {
        parts.push(format!("not checked: {}", (marks.words)(&kept.unjudged.join(", "))));
    }
    format!("{service}: {}", parts.join("; "))
}

/// How much of a service stays.
fn level(kept: &ServiceSummary) -> String {
    let ServiceSummary { members, least, surge, failover, kind, .. } = kept;
    let whole = least == members;
    let throughout =
        if kept.unjudged.is_empty() { "in service throughout" } else { "in service, as far as Floorplan checks" };
    match (kind, failover) {
        (ServiceKind::Database, Some(seconds)) => format!("failover, about {seconds} s"),
        (ServiceKind::Egress, _) if whole && kept.unjudged.is_empty() => "0 s without egress".into(),
        (ServiceKind::Egress, _) if whole => "its gateway stays".into(),
        (ServiceKind::Egress, _) => "without egress until its new gateway is there".into(),
        (ServiceKind::Vpn, _) if whole => "one of its two tunnels at least stays up".into(),
        (ServiceKind::Vpn, _) => "both tunnels are down for a while".into(),
        (ServiceKind::Database, None) if whole => throughout.into(),
        _ if *least == 0 => format!("0 of {members} in service for a while"),
        _ if whole && *surge > 0 => format!("{members} of {members} {throughout}, surge {surge}"),
        _ if whole => format!("{members} of {members} {throughout}"),
        _ if kept.refreshed => format!("at least {least} of {members} in service while AWS refreshes the group"),
        _ => format!("at least {least} of {members} in service"),
    }
}

fn course(wave: &Wave, marks: Marks) -> String {
    let mut parts = Vec::new();
    let bake = if wave.bake > 0 { format!(" for {} s", wave.bake) } else { String::new() };
    let healthy = wave.health.as_ref().map(|by| format!("wait until {}{bake}", (marks.words)(by)));
    let drain = if wave.drain > 0 { format!(", drained for at most {} s", wave.drain) } else { String::new() };
    let out = format!("take the old out of service{drain}");
    if wave.in_place {
        if wave.health.as_ref().is_some_and(|by| by.starts_with("healthy in")) {
            parts.push(format!("wait until the others are healthy; {}", out.replace("the old", "it")));
        }
        parts.push("change it in place, which interrupts it".to_owned());
        parts.extend(healthy);
    } else if wave.create_first {
        parts.push("create the new".to_owned());
        parts.extend(healthy);
        parts.push(format!("{out}, delete it"));
    } else {
        parts.push(format!("{out}, delete it"));
        parts.push("create the new".to_owned());
        parts.extend(healthy);
    }
    if wave.on_failure == OnFailure::Rollback {
        parts.push("on failure remove the new again".to_owned());
    }
    let course = parts.join("; ");
    match &wave.remark {
        Some(remark) => format!("{course} ({})", (marks.words)(remark)),
        None => course,
    }
}

fn window(promise: &ServiceImpact, marks: Marks) -> Option<String> {
    promise.broken().next()?;
    let window = promise.window.as_ref()?;
    let state = if window.open {
        format!("is open until {}", window.closes)
    } else {
        format!("opens next at {}", window.opens)
    };
    let text = (marks.name)(&format!("{:?}", window.text));
    Some(format!("the maintenance window {text} ({}) {state}", (marks.words)(&window.timezone)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::fixtures::plan;

    #[test]
    fn flows_are_said_with_their_steps() {
        let mut plan = plan(Vec::new());
        let kept = |leaves_by: Option<&str>, steps| FlowSummary {
            from: "web".into(),
            to: if leaves_by.is_some() { "internet" } else { "db" }.into(),
            what: "tcp/3306".into(),
            steps,
            leaves_by: leaves_by.map(Into::into),
            through: leaves_by.is_none().then(|| "front".into()),
            whole: true,
        };
        plan.promise.flows = vec![kept(None, vec![3, 8]), kept(Some("aws_nat_gateway.b"), vec![1])];
        let flow = || "vpn → db tcp/3306".to_owned();
        let loss = |reason, step| Interruption {
            service: "db".into(),
            address: "aws_thing.db".into(),
            step,
            reason,
            cure: String::new(),
            place: None,
            allowed: false,
        };
        plan.promise.losses = vec![
            loss(InterruptionReason::FlowLost { flow: flow(), until: Some(4) }, 2),
            loss(InterruptionReason::FlowEnds { flow: flow() }, 5),
            loss(InterruptionReason::FlowOpens { flow: flow(), until: None, public: false }, 6),
        ];
        insta::assert_snapshot!(service_lines(&plan).join("\n"), @r"
        from step 3: vpn → db tcp/3306 is cut off until step 5 is done
        in step 6: vpn → db tcp/3306 ends
        from step 7: vpn → db tcp/3306 is open for a while, and is so neither before nor after the plan
        web → front → db tcp/3306: kept throughout (steps 4, 9)
        web → internet tcp/3306: kept throughout (step 2), but leaves by aws_nat_gateway.b from then on, with another address; open connections break
        ");
        let broken = |plan: &Plan| plan.promise.broken().count();
        plan.promise.level = Some(Level::High);
        assert_eq!(broken(&plan), 2);
        plan.promise.level = Some(Level::Single);
        assert_eq!(broken(&plan), 1);
    }
}
