//! Security groups that are replaced while others hold them: the new group comes first, with its rules; all
//! that hold the old one move to it; only then the old one goes. AWS deletes no group that is held.

use super::conflict;
use crate::diag::{Diagnostic, Diagnostics};
use crate::plan::change::{Action, Change};
use crate::plan::order::Work;
use crate::schema::{Role, Schema};
use crate::value::Value;
use crate::value::address::Address;

/// Whether a text stands anywhere in a value.
fn holds(value: &Value, text: &str) -> bool {
    value.as_str() == Some(text) || value.children().any(|child| holds(child, text))
}

/// The holders of a group that is replaced, and its rules.
struct Held {
    holders: Vec<usize>,
    rules: Vec<usize>,
}

fn held(changes: &[Change], roles: &[Role], group: usize) -> Option<Held> {
    let (change, role) = (&changes[group], &roles[group]);
    let moves = role.filter().is_some_and(|f| f.held) && change.deposed.is_none() && change.action.is_replace();
    let id = change.id.as_deref().filter(|_| moves)?;
    let mut held = Held { holders: Vec::new(), rules: Vec::new() };
    for (i, change) in changes.iter().enumerate().filter(|(i, _)| *i != group) {
        let Some(before) = &change.before else { continue };
        if !before.iter().any(|(name, value)| &**name != "id" && holds(value, id)) {
            continue;
        }
        match roles[i].filter_rule().and_then(|rule| rule.filter) {
            None => held.holders.push(i),
            Some(filter) if before.str(filter) == Some(id) => held.rules.push(i),
            Some(_) => {}
        }
    }
    Some(held)
}

/// Groups that others hold are made first, and so are their rules; an error where the name forbids it.
pub fn decide<'s>(
    changes: &mut [Change],
    roles: &[Role],
    schema: &dyn Fn(&Address) -> Option<&'s Schema>,
) -> Diagnostics {
    let mut problems = Diagnostics::new();
    for group in 0..changes.len() {
        let Some(held) = held(changes, roles, group) else { continue };
        let goes_first = |i: &usize| matches!(changes[*i].action, Action::Delete | Action::DeleteThenCreate);
        let Some(&holder) = held.holders.iter().find(|i| !goes_first(i)) else { continue };
        if let Some(conflict) = schema(&changes[group].address).and_then(|s| conflict::of(s, &changes[group])) {
            let (of, by) = (&changes[group].address, &changes[holder].address);
            problems.push(
                Diagnostic::error("A security group cannot be replaced under its own name while it is held")
                    .code("replacement-conflict")
                    .detail(format!(
                        "{by} holds {of}. AWS does not delete a group that is held, and the new group cannot come \
                         first: both would have the same {}.",
                        conflict.attributes.join(" and ")
                    ))
                    .about(of)
                    .hint(conflict.cure)
                    .hint("Or undo the change that needs the replacement; \"description\" cannot be changed in place."),
            );
            continue;
        }
        for i in held.rules.into_iter().chain([group]) {
            let clashes = schema(&changes[i].address).is_some_and(|s| conflict::of(s, &changes[i]).is_some());
            if changes[i].action == Action::DeleteThenCreate && !clashes {
                changes[i].action = Action::CreateThenDelete;
                changes[i].create_before_destroy = true;
            }
        }
    }
    problems
}

/// New group, its rules, all that hold it, and only then the old rules and the old group.
pub fn arrange(changes: &[Change], roles: &[Role], work: &mut Work) {
    for group in 0..changes.len() {
        let Some(held) = held(changes, roles, group).filter(|_| changes[group].action == Action::CreateThenDelete)
        else {
            continue;
        };
        for (&holder, &rule) in held.holders.iter().flat_map(|h| held.rules.iter().map(move |r| (h, r))) {
            let (moves, made, gone) = (work.forward(holder), work.forward(rule), work.delete(rule));
            work.link_if_free(made, moves);
            work.link_if_free(moves, gone);
        }
        for &holder in &held.holders {
            let (moves, gone) = (work.forward(holder), work.delete(group));
            work.link_if_free(moves, gone);
        }
    }
}
