//! Broken guards in words: what is wrong, on which way, where the layout says it, and the cures.

use super::standard::first;
use super::{Guarded, Net};
use crate::diag::{Diagnostic, Span};
use crate::lang::config::{Guard, GuardAction, GuardRule};
use crate::network::space::Packets;
use crate::network::{Answer, Destination, Flow, Obstacle, Source};
use crate::plan::change::Action;
use crate::plan::place;
use crate::rules::guard::Standard;
use crate::rules::layout_checks::standard::Found;
use std::sync::Arc;

/// So many of a list are named.
const NAMED: usize = 5;

/// A guard with the rule of it that is broken, if it is one of the layout's own.
pub(super) type Broken<'g> = (&'g str, Option<&'g GuardRule>);

fn finding(summary: impl Into<String>) -> Diagnostic {
    Diagnostic::error(summary).code("guard")
}

fn summary(guard: Standard) -> &'static str {
    match guard {
        Standard::Databases => "A database is reached from the Internet",
        Standard::AdminPorts => "A port of administration is reached from the Internet",
        Standard::OpenGroups => "A security group opens all ports to the world",
        Standard::PublicDatabases => "A database asks for a public address",
        Standard::Encryption => "The storage of a database is not encrypted",
        Standard::FlowLogs => "A VPC has no flow logs",
        Standard::Imdsv2 => "An instance hands its credentials to requests without a token",
    }
}

fn cure(guard: Standard) -> &'static str {
    match guard {
        Standard::Databases | Standard::AdminPorts => "Close one of the places on the way.",
        Standard::OpenGroups => "Name the ports that are served, or whose addresses may come.",
        Standard::PublicDatabases => "Set publicly_accessible = false.",
        Standard::Encryption => {
            "Set storage_encrypted = true. One that exists is replaced by that: restore a copy first."
        }
        Standard::FlowLogs => "Add an aws_flow_log with the vpc_id.",
        Standard::Imdsv2 => "Set http_tokens = \"required\" in metadata_options.",
    }
}

/// Addresses of a list, one a line.
fn lines(all: impl ExactSizeIterator<Item = String>) -> String {
    let more = all.len().saturating_sub(NAMED);
    let mut text: Vec<String> = all.take(NAMED).map(|line| format!("  {line}")).collect();
    text.extend((more > 0).then(|| format!("  and {more} more")));
    text.join("\n")
}

fn switched_off(name: &str) -> String {
    format!("Or switch the guard off in the layout block, with the reason: guard {name:?} {{ off = \"…\" }}")
}

/// An object that a guard finds.
pub(super) fn object(guard: Standard, one: &Found) -> Diagnostic {
    finding(summary(guard))
        .detail(format!("The guard {:?} forbids it: {}.", guard.name(), one.why))
        .at(one.span.clone())
        .about(&one.address)
        .hint(cure(guard))
        .hint(switched_off(guard.name()))
}

/// All objects that a guard finds, as one warning.
pub(super) fn objects(guard: Standard, all: &[&Found]) -> Option<Diagnostic> {
    let [first, rest @ ..] = all else { return None };
    if rest.is_empty() {
        return Some(object(guard, first).as_warning());
    }
    let line = |one: &&Found| match &one.span {
        Some(span) => format!("{} ({})", one.address, place::words(span)),
        None => one.address.clone(),
    };
    Some(
        finding(format!("{}, {} times", summary(guard), all.len()))
            .as_warning()
            .detail(format!("The guard {:?} finds these:\n{}", guard.name(), lines(all.iter().map(line))))
            .hint(cure(guard))
            .hint(switched_off(guard.name())),
    )
}

/// The sender of a flow, or its receiver at the end of a sentence.
pub(super) fn who(name: &str, begins: bool) -> String {
    match name {
        "internet" => if begins { "The Internet" } else { "the Internet" }.to_owned(),
        "vpn" => if begins { "A site behind a VPN" } else { "a site behind a VPN" }.to_owned(),
        name => name.to_owned(),
    }
}

/// Protocols and ports, the first few of them.
pub(super) fn services(packets: &Packets) -> String {
    let text = packets.services();
    let all: Vec<&str> = text.split(", ").collect();
    match all.len() > NAMED {
        true => format!("{} and {} more", all[..NAMED - 1].join(", "), all.len() - NAMED + 1),
        false => all.join(", "),
    }
}

/// A name of the network as the end that a question begins with.
pub(super) fn source(name: &Arc<str>) -> Source {
    match &**name {
        "internet" => Source::Internet,
        "vpn" => Source::Vpn,
        _ => Source::Object(name.clone()),
    }
}

/// A name of the network as the end that a question leads to.
pub(super) fn destination(name: &Arc<str>) -> Destination {
    match &**name {
        "internet" => Destination::Internet,
        "vpn" => Destination::Vpn,
        _ => Destination::Object(name.clone()),
    }
}

/// The objects on a way, each with its place.
fn way(of: &Guarded<'_, '_>, path: &[Arc<str>]) -> String {
    let line = |name: &Arc<str>| match of.place(name) {
        Some(span) => format!("  {name} ({})", place::words(&span)),
        None => format!("  {name}"),
    };
    path.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Settings in the way, each with its place.
pub(super) fn in_the_way(of: &Guarded<'_, '_>, all: &[Obstacle]) -> String {
    let line = |one: &Obstacle| match of.place(&one.at) {
        Some(span) => format!("  {} ({}): {}", one.at, place::words(&span), one.why),
        None => format!("  {}: {}", one.at, one.why),
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The place that a person looks at first: what the plan changes on the way, the nearest to the end; else the end.
fn culprit(of: &Guarded<'_, '_>, path: &[Arc<str>]) -> Option<Span> {
    let end = path.iter().rev().find(|name| of.change(name).is_some())?;
    let is_new = |name: &Arc<str>| of.change(name).is_some_and(|change| change.action == Action::Create);
    if is_new(end) {
        return of.place(end);
    }
    let moves = |name: &&Arc<str>| {
        let still = [Action::NoOp, Action::Read];
        of.change(name).is_some_and(|change| !still.contains(&change.action))
    };
    path.iter().rev().find(moves).and_then(|name| of.place(name)).or_else(|| of.place(end))
}

/// Traffic that a guard forbids, with its way.
pub(super) fn reached(of: &Guarded<'_, '_>, net: &Net, (name, rule): Broken<'_>, hit: &Hit<'_, '_>) -> Diagnostic {
    let flow = hit.flow;
    let (protocol, port) = first(&hit.packets);
    let asked = net.model.reach(&source(&flow.source), &destination(&flow.destination), protocol, port);
    let path = asked.ok().filter(|reach| reach.answer != Answer::No).map_or_else(|| flow.path.clone(), |r| r.path);
    let denied = match rule {
        Some(rule) => format!("The guard {name:?} denies it ({}).", place::words(&rule.span)),
        None => format!("The guard {name:?} forbids it."),
    };
    let mut detail = format!("{denied} The way:\n{}", way(of, &path));
    for rule in &hit.ended {
        if let GuardAction::Allow { reason, until: Some(until) } = &rule.action {
            let place = place::words(&rule.span);
            detail.push_str(&format!("\nThe exception at {place} has ended on {until}; its reason was: {reason}"));
        }
    }
    finding(reaches(hit))
        .detail(detail)
        .at(culprit(of, &path))
        .hint("Close one of the places on the way.")
        .hint(format!("Or let it be, with the reason: an allow block in guard {name:?} of the layout block."))
}

/// Traffic that a guard forbids, and the exceptions that would have let it through.
pub(super) struct Hit<'f, 'g> {
    pub flow: &'f Flow,
    pub packets: Packets,
    pub ended: Vec<&'g GuardRule>,
}

/// What one guard finds as one warning: the first with its way, the others by their ends.
pub(super) fn joined(of: &Guarded<'_, '_>, net: &Net, name: &str, all: &[Hit<'_, '_>]) -> Option<Diagnostic> {
    let [one, rest @ ..] = all else { return None };
    let first = reached(of, net, (name, None), one).as_warning();
    if rest.is_empty() {
        return Some(first);
    }
    let line = |hit: &Hit<'_, '_>| match of.place(&hit.flow.destination) {
        Some(span) => format!("{} ({})", reaches(hit), place::words(&span)),
        None => reaches(hit),
    };
    let detail = format!("The guard {name:?} finds these too:\n{}\n{}", lines(rest.iter().map(line)), first.detail);
    Some(Diagnostic { detail, ..first })
}

fn reaches(hit: &Hit<'_, '_>) -> String {
    let (from, to) = (who(&hit.flow.source, true), who(&hit.flow.destination, false));
    format!("{from} reaches {to} on {}", services(&hit.packets))
}

/// Traffic that a guard may forbid: not all is known.
pub(super) fn doubtful((name, rule): Broken<'_>, all: &[(&Flow, Packets)]) -> Option<Diagnostic> {
    if all.is_empty() {
        return None;
    }
    let line = |(flow, packets): &(&Flow, Packets)| {
        let (from, to) = (who(&flow.source, true), who(&flow.destination, false));
        let why = flow.doubts.first().map_or("not all that filters compare is known yet", String::as_str);
        format!("{from} may reach {to} on {}: {why}", services(packets))
    };
    let d = finding(format!("It is not known yet whether the guard {name:?} is kept"))
        .as_warning()
        .detail(format!("As far as it is known:\n{}", lines(all.iter().map(line))));
    Some(match rule {
        Some(rule) => d.at(rule.span.clone()),
        None => d,
    })
}

/// An exception that counts no more, where nothing needs it.
pub(super) fn ended(guard: &Guard, rule: &GuardRule) -> Option<Diagnostic> {
    let GuardAction::Allow { until: Some(until), .. } = &rule.action else { return None };
    let d = finding(format!("An exception of the guard {:?} has ended on {until}", guard.name)).as_warning();
    Some(d.detail("It counts no more, and nothing needs it.").at(rule.span.clone()).hint("Remove the allow block."))
}

/// Traffic that a guard requires, and that is not possible: between which ends, and what is in the way.
pub(super) fn missing(
    of: &Guarded<'_, '_>,
    (name, rule): (&str, &GuardRule),
    (from, to, ports): (&str, &str, &str),
    obstacles: &[Obstacle],
) -> Diagnostic {
    let detail = match obstacles {
        [] => format!("The guard {name:?} requires it, and nothing of it is planned."),
        all => format!("The guard {name:?} requires it. In the way:\n{}", in_the_way(of, all)),
    };
    finding(format!("{} does not reach {} on {ports}", who(from, true), who(to, false)))
        .detail(detail)
        .at(rule.span.clone())
        .hint("Open the way, or change what the guard requires.")
}

/// Traffic that a guard requires and that may not be possible: not all is known.
pub(super) fn perhaps(
    (name, rule): (&str, &GuardRule),
    (from, to, ports): (&str, &str, &str),
    doubts: &[String],
) -> Diagnostic {
    let why = doubts.first().map_or("not all that filters compare is known yet", String::as_str);
    let detail = format!("{} may not reach {} on {ports}: {why}.", who(from, true), who(to, false));
    finding(format!("It is not known yet whether the guard {name:?} is kept"))
        .as_warning()
        .detail(detail)
        .at(rule.span.clone())
}

/// An end whose objects neither send nor take traffic.
pub(super) fn unfit(guard: &Guard, pattern: &str, span: &Span) -> Diagnostic {
    Diagnostic::error(format!("{pattern:?} names nothing that sends or takes traffic"))
        .code("invalid-guard")
        .detail(format!("The guard {:?} would never find anything there.", guard.name))
        .at(span.clone())
        .hint("Name instances, balancers, databases or the like, or the module that they are in.")
}
