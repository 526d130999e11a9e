//! Attributes that AWS accepts only once (`Schema::unique`). An object whose address has left the layout may be the
//! same as a new one with these attributes: then it was renamed. Otherwise the new object is created after the old one
//! is gone.

use super::change::{Action, Change};
use super::order::Work;
use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::equal::{Origin, differs};
use crate::schema::{Attribute, Attrs, Schema};
use crate::value::Value;
use crate::value::address::Address;
use ipnet::IpNet;
use std::collections::HashMap;

/// Attributes that two objects cannot share.
pub type Set = &'static [&'static str];

/// Address ranges, which two objects cannot even share in part.
const RANGES: [&str; 2] = ["cidr_block", "ipv6_cidr_block"];

/// The set that both objects would have in common, if there is one. Parts of `wanted` may be unknown,
/// which is then taken for something new.
pub fn shared(schema: &Schema, held: &Attrs, wanted: &Attrs) -> Option<Set> {
    schema.unique?.iter().find(|set| in_common(schema, set, held, wanted, false)).copied()
}

/// As [`shared`]; address ranges that overlap count too.
fn clash(schema: &Schema, held: &Attrs, wanted: &Attrs) -> Option<Set> {
    schema.unique?.iter().find(|set| in_common(schema, set, held, wanted, true)).copied()
}

/// The first attribute of a set must be given, and a second one where there are several; of the others
/// both may lack the same, or the layout leaves the attribute to AWS.
fn in_common(schema: &Schema, set: Set, held: &Attrs, wanted: &Attrs, ranges: bool) -> bool {
    let mut given = 0;
    let alike = |name: &&&'static str| {
        let row = schema.attribute(name);
        let null = Value::any_null();
        let old = held.get(name).unwrap_or(&null).unmark_deep();
        let new = wanted.get(name).unwrap_or(&null).unmark_deep();
        let overlap = || ranges && RANGES.contains(name) && overlap(&old, &new);
        let left = new.is_null() && row.is_some_and(Attribute::is_computed);
        left || row.map_or_else(|| old == new, |row| !differs(row, &old, &new, Origin::Kept)) || overlap()
    };
    for name in set {
        if !alike(&name) {
            return false;
        }
        given += usize::from(is_given(wanted, name));
    }
    given >= set.len().min(2) && set.first().is_some_and(|first| is_given(wanted, first))
}

fn is_given(attrs: &Attrs, name: &str) -> bool {
    attrs.is_set(name) && attrs.get(name).is_none_or(|v| v.as_elements() != Some(&[]))
}

/// Ranges nest or are apart.
fn overlap(a: &Value, b: &Value) -> bool {
    let range = |v: &Value| v.as_str().and_then(|text| text.parse::<IpNet>().ok());
    range(a).zip(range(b)).is_some_and(|(a, b)| a.contains(&b) || b.contains(&a))
}

/// An object that the layout names otherwise than the state.
pub struct Renamed {
    /// The address in the state.
    pub from: Address,
    /// The address in the layout.
    pub to: Address,
    /// The set in which both agree.
    pub by: Set,
}

/// The warnings about objects that are taken for renamed.
pub fn reported(all: &[Renamed]) -> Option<Diagnostic> {
    let first = all.first()?;
    let moved = |r: &Renamed| format!("moved {{\n  from = {}\n  to   = {}\n}}", r.from, r.to);
    let blocks: Vec<String> = all.iter().map(moved).collect();
    let by = names(first.by);
    let (summary, detail) = match all {
        [only] => (
            format!("{} is treated as a rename of {}", only.to, only.from),
            format!(
                "The layout no longer has {}, and {} has the same {by}, which must be unique in AWS. The object stays as it is, under the new name.",
                only.from, only.to
            ),
        ),
        _ => (
            format!("{} objects are treated as renamed", all.len()),
            format!(
                "The layout no longer has their old addresses, and new ones have the same attributes that AWS takes only once ({} of {} and {}: {by}). The objects stay as they are, under their new names.",
                if all.len() == 2 { "first" } else { "for instance" },
                first.from,
                first.to
            ),
        ),
    };
    Some(
        Diagnostic::warning(summary)
            .code("taken-for-renamed")
            .detail(detail)
            .hint(format!("Say so in the layout:\n{}", blocks.join("\n"))),
    )
}

/// Lets each object that takes what another one gives up come after that; an error where it cannot.
pub fn hand_over<'s>(
    changes: &[Change],
    schema: &dyn Fn(&Address) -> Option<&'s Schema>,
    work: &mut Work,
) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for (old, new, set) in handovers(changes, schema) {
        let freed = if changes[old].action == Action::Update { work.forward(old) } else { work.delete(old) };
        if !work.link_if_free(freed, work.forward(new)) {
            problems.push(stuck(&changes[old], &changes[new], set));
        }
    }
    problems
}

/// The change that gives up a set, the change that takes it, and the set.
fn handovers<'s>(changes: &[Change], schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> Vec<(usize, usize, Set)> {
    let key = |change: &Change, name: &'static str, attrs: &Attrs| {
        let value = attrs.get(name).and_then(Value::as_str)?.to_owned();
        Some((change.address.resource.type_name.clone(), change.region.clone(), change.provider.clone(), name, value))
    };
    let firsts = |schema: &Schema| schema.unique.into_iter().flatten().filter_map(|set| set.first().copied());
    let mut held: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, change) in changes.iter().enumerate().filter(|(_, c)| gives_up(c.action)) {
        let (Some(schema), Some(before)) = (schema(&change.address), &change.before) else { continue };
        for name in firsts(schema) {
            key(change, name, before).into_iter().for_each(|key| held.entry(key).or_default().push(i));
        }
    }
    if held.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (i, change) in changes.iter().enumerate().filter(|(_, c)| takes(c.action)) {
        let (Some(schema), Some(after)) = (schema(&change.address), &change.after) else { continue };
        let had = |set: Set| change.before.as_ref().is_some_and(|own| in_common(schema, set, own, after, false));
        let mut near: Vec<usize> =
            firsts(schema).filter_map(|name| held.get(&key(change, name, after)?)).flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        for old in near.into_iter().filter(|&old| old != i) {
            let in_place = [old, i].iter().all(|&j| changes[j].action == Action::Update);
            let Some(before) = changes[old].before.as_ref().filter(|_| !in_place || !schema.exchanges) else {
                continue;
            };
            let Some(set) = clash(schema, before, after) else { continue };
            let keeps = changes[old].after.as_ref().is_some_and(|kept| clash(schema, kept, after).is_some());
            if !had(set) && !keeps {
                found.push((old, i, set));
            }
        }
    }
    found
}

/// Whether an object may lose something by it.
pub fn gives_up(action: Action) -> bool {
    matches!(action, Action::Delete | Action::Update) || action.is_replace()
}

/// Whether an object may get something by it.
pub fn takes(action: Action) -> bool {
    matches!(action, Action::Create | Action::Update) || action.is_replace()
}

fn stuck(old: &Change, new: &Change, set: Set) -> Diagnostic {
    Diagnostic::error("The new object cannot be created before the old one is gone")
        .code("replacement-conflict")
        .detail(format!(
            "It needs the {} of {}, which must be unique in AWS, and {} can go only after the new object is there.",
            names(set),
            old.address,
            old.address
        ))
        .about(&new.address)
        .hint(format!(
            "If both are the same object, say so with a moved block. Else apply in two parts: first without {}, then \
             with it.",
            new.address
        ))
}

fn names(set: Set) -> String {
    let quoted: Vec<String> = set.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
