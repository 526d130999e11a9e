//! Steps that are more than one call, and cut something off between two of these. The rules of a group are no such
//! case, as new ones come before old ones go, nor are the routes of a table, each of which changes in one call. The
//! entries of an ACL are: they change one by one, in the order of their numbers.

use super::ask::Asked;
use super::ids;
use super::pairs::{Group, View};
use super::states::States;
use crate::plan::change::{Change, Op, Step, StepId};
use crate::schema::Attrs;
use crate::value::{Type, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Many entries that change at once are looked at in so many moments.
const MOST: usize = 100;

/// What comes through within the steps of a group, in the order that the plan has them in.
pub fn of(view: &View, group: &Group, states: &States, steps: &[Step]) -> Vec<(StepId, Asked)> {
    let mut found = Vec::new();
    for (at, &id) in states.steps.iter().enumerate() {
        let change = &view.changes[steps[id].change];
        if steps[id].op != Op::Update || !change.address.resource.type_name.ends_with("network_acl") {
            continue;
        }
        let done = (0..states.steps.len()).map(|other| other <= at).collect();
        let done: BTreeSet<StepId> = ids(states, &done);
        for after in between(change).into_iter().take(MOST) {
            let moment = Change { after: Some(after), ..change.clone() };
            found.push((id, view.when(group, steps, &done, Some(&moment))));
        }
    }
    found
}

/// An ACL after each of the calls that change its entries but the last one.
fn between(change: &Change) -> Vec<Attrs> {
    let (Some(before), Some(after)) = (&change.before, &change.after) else { return Vec::new() };
    let mut all = Vec::new();
    let mut now = after.clone();
    for side in ["ingress", "egress"] {
        now = now.with(side, before.get(side).cloned().unwrap_or(Value::null(Type::Dynamic)));
    }
    for side in ["ingress", "egress"] {
        let numbered = |attrs: &Attrs| -> BTreeMap<i64, Value> {
            let number = |entry: &Value| entry.get("rule_no").and_then(Value::as_i64);
            attrs.elements(side).iter().filter_map(|entry| Some((number(entry)?, entry.clone()))).collect()
        };
        let (mut entries, wanted) = (numbered(before), numbered(after));
        let gone: Vec<i64> = entries.keys().filter(|number| !wanted.contains_key(number)).copied().collect();
        let changed = wanted.into_iter().map(|(number, entry)| (number, Some(entry)));
        for (number, entry) in changed.chain(gone.into_iter().map(|number| (number, None))) {
            match entry {
                Some(entry) if entries.get(&number) == Some(&entry) => continue,
                Some(entry) => entries.insert(number, entry),
                None => entries.remove(&number),
            };
            let ty = entries.values().next().map_or(Type::Dynamic, Value::ty);
            now = now.with(side, Value::list(ty, entries.values().cloned().collect()));
            all.push(now.clone());
        }
    }
    all.pop();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::change::Action;
    use crate::plan::fixtures::{attrs, change};

    fn acl(entries: &[(i64, &str)]) -> Attrs {
        let entry = |(number, action): &(i64, &str)| {
            Value::object([("rule_no", Value::from(*number)), ("action", Value::from(*action))])
        };
        let all: Vec<Value> = entries.iter().map(entry).collect();
        attrs([("id", "acl".into()), ("ingress", Value::list(Type::Dynamic, all))])
    }

    #[test]
    fn entries_change_by_number_and_go_last() {
        let (before, after) =
            (acl(&[(100, "allow"), (200, "allow"), (300, "deny")]), acl(&[(50, "deny"), (200, "deny")]));
        let change = change("aws_network_acl.a", Action::Update, Some(before), Some(after));
        let shown: Vec<String> = between(&change)
            .iter()
            .map(|now| {
                let entry = |entry: &Value| {
                    let number = entry.get("rule_no").and_then(Value::as_i64).unwrap();
                    format!("{number} {}", entry.get("action").and_then(Value::as_str).unwrap())
                };
                now.elements("ingress").iter().map(entry).collect::<Vec<_>>().join(", ")
            })
            .collect();
        assert_eq!(
            shown,
            [
                "50 deny, 100 allow, 200 allow, 300 deny",
                "50 deny, 100 allow, 200 deny, 300 deny",
                "50 deny, 200 deny, 300 deny",
            ]
        );
    }
}
