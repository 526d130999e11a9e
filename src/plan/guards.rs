//! Guards: what must never be possible once a plan is carried out, and what must. Those that every layout has, and those
//! that its `layout` block has.
//!
//! They are judged on the objects as they will be: what the plan brings and what it keeps, not what it cures. A model
//! of the network is made only where a guard needs it.

mod ends;
mod own;
mod standard;
mod unreached;
mod words;

use super::change::Change;
use super::planner::Planner;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::evaluation::{Evaluator, Expansion};
use crate::lang::config::{Guard, GuardAction, GuardEnd, GuardRule, ModuleNode};
use crate::network::{Flow, Model, Object, Verdict};
use crate::schema::{Attrs, Schema};
use crate::value::Value;
use crate::value::address::Address;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// A layout as it will be, with what judges it.
pub(super) struct Guarded<'a, 's> {
    pub root: &'a ModuleNode,
    pub scopes: &'a Evaluator<'s>,
    pub configs: &'a BTreeMap<Address, Attrs>,
    pub changes: &'a [Change],
    pub schema: &'a dyn Fn(&Address) -> Option<&'a Schema>,
    pub answers: &'a BTreeMap<Address, Value>,
    pub today: Date,
    /// Whether the values of the layout are known. Where they are not, only what is sure is said.
    pub has_values: bool,
    /// The changes by their addresses, once something is found.
    pub by_address: OnceCell<HashMap<String, usize>>,
}

/// The day of a time, as the dates of exceptions are read.
pub(super) fn day(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}

/// The network of a layout, made once for all guards.
struct Net {
    model: Model,
    objects: Vec<Object>,
}

/// Attributes of what may send or take traffic.
const PLACED: [&str; 8] = [
    "network_configuration",
    "network_interface",
    "security_group_ids",
    "security_groups",
    "subnets",
    "vpc_config",
    "vpc_security_group_ids",
    "vpc_zone_identifier",
];

impl Guarded<'_, '_> {
    fn guards(&self) -> &[Guard] {
        self.root.module.layout.as_ref().map_or(&[], |layout| &layout.guards)
    }

    /// Whether something of the layout may send or take traffic.
    fn has_ends(&self) -> bool {
        let given = |attrs: &Attrs| PLACED.iter().any(|name| attrs.get(name).is_some());
        self.changes.iter().filter_map(|change| change.after.as_ref()).any(given)
    }

    fn net(&self) -> Net {
        let mut objects = super::network::after(&super::repeats::once(self.changes, self.schema));
        objects.extend(super::network::found(self.answers, &objects));
        Net { model: Model::of(&objects), objects }
    }

    /// Whether an exception counts today.
    fn counts(&self, rule: &GuardRule) -> bool {
        !matches!(rule.action, GuardAction::Allow { until: Some(until), .. } if until < self.today)
    }

    /// The change of the object with this address.
    fn change(&self, address: &str) -> Option<&Change> {
        let by_address = self.by_address.get_or_init(|| {
            let kept = self.changes.iter().enumerate().filter(|(_, change)| change.deposed.is_none());
            kept.map(|(at, change)| (change.address.to_string(), at)).collect()
        });
        self.changes.get(*by_address.get(address)?)
    }

    /// Where the layout has an object.
    fn place(&self, address: &str) -> Option<Span> {
        super::place::of_change(self.scopes, self.change(address)?, &[])
    }
}

/// What is wrong with the `guard` blocks themselves: ends that are nothing in the layout.
pub(super) fn check(p: &Planner<'_, '_>) -> Diagnostics {
    let guards = p.input.root.module.layout.as_ref().map_or(&[][..], |layout| &layout.guards);
    if guards.is_empty() || p.input.options.look_only {
        return Diagnostics::new();
    }
    let mut addresses: Vec<String> = ends::blocks(p.input.root, "");
    addresses.extend(p.changes.values().map(|change| change.address.to_string()));
    addresses.extend(p.answers.keys().map(Address::to_string));
    let mut found = Diagnostics::new();
    for (guard, rule) in guards.iter().flat_map(|guard| guard.rules.iter().map(move |rule| (guard, rule))) {
        for (end, span) in [(&rule.from, &rule.from_span), (&rule.to, &rule.to_span)] {
            let GuardEnd::Objects(pattern) = end else { continue };
            if !addresses.iter().any(|address| ends::names(pattern, address)) {
                found.push(nothing(guard, pattern, span, &addresses));
            }
        }
    }
    found
}

fn nothing(guard: &Guard, pattern: &str, span: &Span, addresses: &[String]) -> Diagnostic {
    let d = Diagnostic::error(format!("{pattern:?} names nothing in the layout"))
        .code("invalid-guard")
        .detail(format!("The guard {:?} would never find anything there.", guard.name))
        .at(span.clone());
    match crate::diag::did_you_mean(pattern, addresses.iter().map(String::as_str)) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint("Name a module, an object or a type as it is in the layout, such as \"aws_db_instance.*\"."),
    }
}

/// The exceptions that counted when a plan was made and do not any more. It is not judged anew: what they let through may
/// be forbidden now.
pub fn ended_since(root: &ModuleNode, planned: Timestamp, now: Timestamp) -> Diagnostics {
    let guards = root.module.layout.as_ref().map_or(&[][..], |layout| &layout.guards);
    let (planned, now) = (day(planned), day(now));
    let ended = |rule: &&GuardRule| matches!(rule.action, GuardAction::Allow { until: Some(until), .. } if planned <= until && until < now);
    let error = |guard: &Guard, rule: &GuardRule| {
        Diagnostic::error(format!("An exception of the guard {:?} has ended since the plan was made", guard.name))
            .code("guard")
            .detail("Whether the plan still keeps the guard is not known.")
            .at(rule.span.clone())
            .hint("Plan again.")
    };
    guards.iter().flat_map(|guard| guard.allows().filter(ended).map(|rule| error(guard, rule))).collect()
}

/// All that breaks a guard: errors where a plan must not be carried out, else warnings.
pub(super) fn judge(of: &Guarded<'_, '_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    found.extend(standard::objects(of));
    let mut mentioned: Vec<Span> = Vec::new();
    if of.has_values || certain(of.scopes) {
        let has_own = own::all(of).next().is_some();
        if has_own || (standard::about_traffic(of) && of.has_ends()) {
            let net = of.net();
            found.extend(standard::traffic(of, &net, &mut mentioned));
            found.extend(own::judge(of, &net, &mut mentioned));
        }
    }
    for guard in of.guards() {
        let ended = guard.allows().filter(|rule| !of.counts(rule) && !mentioned.contains(&rule.span));
        found.extend(ended.filter_map(|rule| words::ended(guard, rule)));
    }
    found
}

/// Whether it is known how often each block of the layout repeats.
fn certain(scopes: &Evaluator<'_>) -> bool {
    scopes.all().all(|module| {
        let known = |key| module.resource(key).is_none_or(|values| values.expansion != Expansion::Unknown);
        scopes.is_certain(&module.path) && module.node.module.resources.keys().all(known)
    })
}

/// The part of a flow that a guard is about, without what its exceptions let through; the exceptions that have ended
/// and would have let some of it through are added to `ended`.
fn left<'g>(
    of: &Guarded<'_, '_>,
    flow: &Flow,
    guarded: &Verdict,
    allows: impl Iterator<Item = &'g GuardRule>,
    ended: &mut Vec<&'g GuardRule>,
) -> Verdict {
    let mut left = flow.packets.and(guarded);
    for rule in allows {
        let Some(excepted) = ends::packets(flow, rule) else { continue };
        if of.counts(rule) {
            left.sure = left.sure.minus(&excepted);
            left.may = left.may.minus(&excepted);
        } else if left.may.meets(&excepted) {
            ended.push(rule);
        }
    }
    left
}
