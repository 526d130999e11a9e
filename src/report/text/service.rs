//! The words for what a plan promises about service: waves, what stays in service, what is there only once.

use crate::plan::change::Plan;
use crate::plan::service_check::words;
use crate::plan::service_impact::{Level, OnFailure, ServiceImpact, ServiceKind, ServiceSummary, Wave};

/// One line each, indented by what it belongs to; empty when there is nothing to report.
pub fn service_lines(plan: &Plan) -> Vec<String> {
    let promise = &plan.promise;
    let mut lines: Vec<String> = promise.services.iter().map(kept).collect();
    for wave in &promise.waves {
        lines.push(format!("wave {} of {} of {}: {}", wave.number, wave.total, wave.of, wave.members.join(", ")));
        lines.push(format!("  {}", course(wave)));
    }
    for loss in &promise.losses {
        let allowed = if loss.allowed { " (allowed with --allow-downtime)" } else { "" };
        lines.push(format!(
            "{} is interrupted in step {}: {}{allowed}",
            loss.service,
            loss.step + 1,
            words(&loss.reason)
        ));
    }
    lines.extend(window(promise));
    lines.extend(promise.unjudged.iter().map(|what| format!("not checked: {what}")));
    let single = promise.single_points.iter().filter(|_| plan.has_changes());
    lines.extend(single.map(|p| format!("single point of failure: {} ({}). {}", p.service, p.address, p.cure)));
    lines
}

/// The title above the lines.
pub fn service_title(plan: &Plan) -> &'static str {
    match plan.promise.level {
        Some(Level::High) => "Availability (high):",
        Some(Level::Single) => "Availability (single):",
        None => "Rolling replacement:",
    }
}

fn kept(kept: &ServiceSummary) -> String {
    let service = &kept.service;
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
        parts.push(format!("removed, as the layout asks: {}", kept.removed.join(", ")));
    }
    if !kept.sick.is_empty() {
        parts.push(format!("not healthy now: {}", kept.sick.join(", ")));
    }
    parts.extend(kept.later.clone());
    if !kept.unjudged.is_empty() {
        parts.push(format!("not checked: {}", kept.unjudged.join(", ")));
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

fn course(wave: &Wave) -> String {
    let mut parts = Vec::new();
    let bake = if wave.bake > 0 { format!(" for {} s", wave.bake) } else { String::new() };
    let healthy = wave.health.as_ref().map(|by| format!("wait until {by}{bake}"));
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
        Some(remark) => format!("{course} ({remark})"),
        None => course,
    }
}

fn window(promise: &ServiceImpact) -> Option<String> {
    promise.broken().next()?;
    let window = promise.window.as_ref()?;
    let state = if window.open {
        format!("is open until {}", window.closes)
    } else {
        format!("opens next at {}", window.opens)
    };
    Some(format!("the maintenance window {:?} ({}) {state}", window.text, window.timezone))
}
