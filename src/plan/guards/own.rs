//! The guards that a layout has of its own: what they deny and what they require.

use super::ends::{is_one_block, is_outside, side};
use super::{Guarded, Net, left, words};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::config::{Guard, GuardAction, GuardEnd, GuardLevel, GuardRule};
use crate::network::space::{Packets, range};
use crate::network::{Answer, Flow, Obstacle, Source, Verdict};
use crate::value::ports::PortRange;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The guards of the layout that count, besides those that every layout has.
pub(super) fn all<'a>(of: &'a Guarded<'_, '_>) -> impl Iterator<Item = &'a Guard> {
    of.guards().iter().filter(|guard| guard.standard.is_none() && guard.off.is_none())
}

/// What breaks them.
pub(super) fn judge(of: &Guarded<'_, '_>, net: &Net, mentioned: &mut Vec<Span>) -> Diagnostics {
    let mut said = Diagnostics::new();
    for guard in all(of) {
        let mut found = Diagnostics::new();
        for rule in guard.rules.iter().filter(|rule| !matches!(rule.action, GuardAction::Allow { .. })) {
            let unfit =
                [(&rule.from, &rule.from_span), (&rule.to, &rule.to_span)].map(|(e, s)| unfit(guard, net, e, s));
            if unfit.iter().any(Option::is_some) {
                said.extend(unfit.into_iter().flatten());
                continue;
            }
            let flows = flows(net, rule);
            match rule.action {
                GuardAction::Deny => found.extend(denied(of, net, (guard, rule), &flows, mentioned)),
                _ => found.extend(required(of, net, (guard, rule), &flows)),
            }
        }
        match guard.level {
            Some(GuardLevel::Warning) => said.extend(found.into_iter().map(Diagnostic::as_warning)),
            Some(GuardLevel::Error) | None => said.extend(found),
        }
    }
    said
}

/// The objects of the network that a text stands for.
fn objects(net: &Net, end: &GuardEnd) -> Vec<Arc<str>> {
    let named = net.objects.iter().filter(|object| side(end, &object.address, false).is_some());
    named.map(|object| object.address.clone()).filter(|address| net.model.has_ends(address)).collect()
}

/// Planned objects. None of them is an end.
fn unfit(guard: &Guard, net: &Net, end: &GuardEnd, span: &Span) -> Option<Diagnostic> {
    let GuardEnd::Objects(pattern) = end else { return None };
    let planned = net.objects.iter().any(|object| side(end, &object.address, false).is_some());
    (planned && objects(net, end).is_empty()).then(|| words::unfit(guard, pattern, span))
}

/// All traffic between the ends of a rule.
fn flows(net: &Net, rule: &GuardRule) -> Vec<Flow> {
    let sources = match &rule.from {
        GuardEnd::Internet => vec![Source::Internet],
        GuardEnd::Vpn => vec![Source::Vpn],
        GuardEnd::Range(text) => range(text).map(Source::Range).into_iter().collect(),
        end @ GuardEnd::Objects(_) => objects(net, end).into_iter().map(Source::Object).collect(),
    };
    let wanted = |name: &str| matches!(rule.to, GuardEnd::Range(_)) || side(&rule.to, name, false).is_some();
    net.model.flows_to(&sources, &wanted)
}

/// The part of a flow from the ends of a rule that the rule is about. The senders of a range are named by their subnets.
fn about(flow: &Flow, rule: &GuardRule) -> Packets {
    let ports = Packets::of_ports(&rule.ports);
    match (&rule.to, is_outside(&flow.source)) {
        (GuardEnd::Range(text), false) => {
            range(text).map_or_else(Packets::default, |range| ports.and(&Packets::with_addresses(&range)))
        }
        _ => ports,
    }
}

fn denied(
    of: &Guarded<'_, '_>,
    net: &Net,
    (guard, rule): (&Guard, &GuardRule),
    flows: &[Flow],
    mentioned: &mut Vec<Span>,
) -> Diagnostics {
    let (mut said, mut may) = (Diagnostics::new(), Vec::new());
    for flow in flows {
        let mut ended = Vec::new();
        let left = left(of, flow, &Verdict::known(about(flow, rule)), guard.allows(), &mut ended);
        if !left.sure.is_empty() {
            mentioned.extend(ended.iter().map(|rule| rule.span.clone()));
            let hit = words::Hit { flow, packets: left.sure, ended };
            said.push(words::reached(of, net, (&guard.name, Some(rule)), &hit));
        } else if !left.may.is_empty() {
            may.push((flow, left.may));
        }
    }
    if of.has_values {
        said.extend(words::doubtful((&guard.name, Some(rule)), &may));
    }
    said
}

/// The ends of one side that each have to be there; nothing where one of several is enough.
fn each(net: &Net, end: &GuardEnd) -> Option<Vec<Arc<str>>> {
    match end {
        GuardEnd::Objects(pattern) if is_one_block(pattern) => Some(objects(net, end)),
        _ => None,
    }
}

fn required(
    of: &Guarded<'_, '_>,
    net: &Net,
    (guard, rule): (&Guard, &GuardRule),
    flows: &[Flow],
) -> Option<Diagnostic> {
    let sides = |end: &GuardEnd| match each(net, end) {
        Some(all) => all.into_iter().map(Some).collect(),
        None => vec![None],
    };
    let (froms, tos) = (sides(&rule.from), sides(&rule.to));
    let pairs = froms.iter().flat_map(|from| tos.iter().map(move |to| (from.as_ref(), to.as_ref())));
    let judged = pairs.map(|(from, to)| (answer(flows, rule, from, to), from, to)).min_by_key(|(answer, ..)| *answer);
    let ports = text(&rule.ports);
    match judged {
        Some((Answer::Yes, ..)) => None,
        Some((Answer::May, from, to)) => {
            let doubts: BTreeSet<String> =
                between(flows, from, to).flat_map(|flow| flow.doubts.iter().cloned()).collect();
            let doubts: Vec<String> = doubts.into_iter().collect();
            let ends = (&*name(&rule.from, from), &*name(&rule.to, to), &*ports);
            of.has_values.then(|| words::perhaps((&guard.name, rule), ends, &doubts))
        }
        no => {
            let (from, to) = no.map_or((None, None), |(_, from, to)| (from, to));
            let ends = (&*name(&rule.from, from), &*name(&rule.to, to), &*ports);
            Some(words::missing(of, (&guard.name, rule), ends, &obstacles(net, rule, from, to)))
        }
    }
}

/// An end as a sentence names it.
fn name(end: &GuardEnd, one: Option<&Arc<str>>) -> String {
    match (one, end) {
        (Some(one), _) => one.to_string(),
        (None, GuardEnd::Internet) => "internet".to_owned(),
        (None, GuardEnd::Vpn) => "vpn".to_owned(),
        (None, GuardEnd::Range(text) | GuardEnd::Objects(text)) => text.clone(),
    }
}

fn between<'f>(
    flows: &'f [Flow],
    from: Option<&'f Arc<str>>,
    to: Option<&'f Arc<str>>,
) -> impl Iterator<Item = &'f Flow> {
    let is = |one: Option<&Arc<str>>, name: &Arc<str>| one.is_none_or(|one| one == name);
    flows.iter().filter(move |flow| is(from, &flow.source) && is(to, &flow.destination))
}

/// Whether all ports of a rule come through between two of its ends.
fn answer(flows: &[Flow], rule: &GuardRule, from: Option<&Arc<str>>, to: Option<&Arc<str>>) -> Answer {
    let one = |flow: &Flow| {
        let through = |passed: &Packets| {
            let passed = passed.and(&about(flow, rule));
            let services = passed.without_addresses();
            rule.ports.iter().all(|range| match range.protocol {
                Some(_) => services.covers(&range.into()),
                None => !passed.is_empty(),
            })
        };
        match (through(&flow.packets.sure), through(&flow.packets.may)) {
            (true, _) => Answer::Yes,
            (false, true) => Answer::May,
            (false, false) => Answer::No,
        }
    };
    between(flows, from, to).map(one).max().unwrap_or(Answer::No)
}

/// All that is in the way between two ends: those that are named, else the first that the rule is about.
fn obstacles(net: &Net, rule: &GuardRule, from: Option<&Arc<str>>, to: Option<&Arc<str>>) -> Vec<Obstacle> {
    let end = |end: &GuardEnd, one: Option<&Arc<str>>| match (end, one) {
        (GuardEnd::Objects(_), None) => objects(net, end).into_iter().next(),
        (_, one) => Some(one.cloned().unwrap_or_else(|| name(end, None).into())),
    };
    let (Some(from), Some(to)) = (end(&rule.from, from), end(&rule.to, to)) else { return Vec::new() };
    let source = match &rule.from {
        GuardEnd::Range(text) => range(text).map(Source::Range),
        _ => Some(words::source(&from)),
    };
    let destination = match &rule.to {
        GuardEnd::Range(text) => range(text).map(crate::network::Destination::Range),
        _ => Some(words::destination(&to)),
    };
    let (Some(source), Some(destination)) = (source, destination) else { return Vec::new() };
    let closed = rule.ports.iter().find_map(|range| {
        let range = PortRange { protocol: range.protocol.or(Some(crate::network::space::TCP)), ..*range };
        let reach = net.model.reach_with(&source, &destination, &Packets::from(&range)).ok()?;
        (reach.answer == Answer::No).then_some(reach.obstacles)
    });
    closed.unwrap_or_default()
}

fn text(ports: &[PortRange]) -> String {
    match ports.iter().any(|range| range.protocol.is_none()) {
        true => "any port".to_owned(),
        false => words::services(&Packets::of_ports(ports)),
    }
}
