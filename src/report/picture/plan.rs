//! The change that a plan makes, for its picture.

use super::{Changed, Touch};
use crate::network::Object;
use crate::plan::{Action, Plan, Summary};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The change of a plan, from these objects on.
pub fn change<'a>(plan: &Plan, before: &'a [Object]) -> Changed<'a> {
    let mut touched: BTreeMap<Arc<str>, Touch> = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| change.deposed.is_none()) {
        let touch = match change.action {
            Action::Create => Touch::New,
            Action::Update => Touch::Changed,
            Action::DeleteThenCreate | Action::CreateThenDelete => Touch::Replaced,
            Action::Delete => Touch::Gone,
            Action::NoOp | Action::Read | Action::Forget => continue,
        };
        touched.insert(change.address.to_string().into(), touch);
    }
    let waves = plan.promise.waves.iter();
    let waves =
        waves.flat_map(|wave| wave.members.iter().map(|member| (member.as_str().into(), wave.number))).collect();
    Changed { before, touched, waves }
}

/// The counts of a plan in words.
pub fn counts(plan: &Plan) -> String {
    let Summary { create, update, replace, delete, .. } = plan.summary();
    let all = [(create, "new"), (update, "changed"), (replace, "replaced"), (delete, "removed")];
    let words: Vec<String> =
        all.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if words.is_empty() { "nothing changes".to_owned() } else { words.join(", ") }
}
