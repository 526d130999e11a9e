//! Things that AWS has once and that objects of different types can have: a rule of a security group is a block of
//! the group or an object of one of three types (`Schema::holds`). What takes it comes after what gives it up; where
//! the block of another object keeps it, or wants it though its own object goes, the plan would end half done, and is
//! refused with the way that changes nothing in AWS.

use super::change::{Action, Change};
use super::order::Work;
use super::unique::{gives_up, takes};
use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::rows::Holds;
use crate::schema::{Attrs, Schema};
use crate::value::address::Address;
use std::collections::{BTreeMap, BTreeSet};

type Types<'f, 's> = &'f dyn Fn(&Address) -> Option<&'s Schema>;

fn keys(holds: &Holds, attrs: Option<&Attrs>) -> BTreeSet<String> {
    attrs.map(holds.keys).unwrap_or_default().into_iter().collect()
}

/// The parts of a change that the object has only before, or only after it.
fn given_up(holds: &Holds, change: &Change) -> BTreeSet<String> {
    &keys(holds, change.before.as_ref()) - &keys(holds, change.after.as_ref())
}

fn taken(holds: &Holds, change: &Change) -> BTreeSet<String> {
    &keys(holds, change.after.as_ref()) - &keys(holds, change.before.as_ref())
}

/// Lets each object that takes what another one gives up come after that; an error where one of another type cannot.
pub fn hand_over(changes: &[Change], schema: Types<'_, '_>, work: &mut Work) -> Diagnostics {
    let holders = |acts: fn(Action) -> bool| {
        let holds = move |(i, change): (usize, &Change)| Some((i, schema(&change.address)?.holds?));
        changes.iter().enumerate().filter(move |(_, c)| acts(c.action)).filter_map(holds)
    };
    let mut free: BTreeMap<String, usize> = BTreeMap::new();
    for (i, holds) in holders(gives_up) {
        free.extend(given_up(&holds, &changes[i]).into_iter().map(|key| (key, i)));
    }
    let mut problems = Diagnostics::new();
    if free.is_empty() {
        return problems;
    }
    for (new, holds) in holders(takes) {
        for key in taken(&holds, &changes[new]) {
            let Some(&old) = free.get(&key).filter(|old| **old != new) else { continue };
            let alike = changes[old].address.resource.type_name == changes[new].address.resource.type_name;
            let freed = if changes[old].action == Action::Update { work.forward(old) } else { work.delete(old) };
            // What two of one type exchange is for `unique`, or for AWS.
            if !work.link_if_free(freed, work.forward(new)) && !alike {
                problems.push(stuck(&changes[old], &changes[new], &key));
            }
        }
    }
    problems
}

fn stuck(old: &Change, new: &Change, key: &str) -> Diagnostic {
    Diagnostic::error("The new object cannot be created before the old one is gone").code("replacement-conflict")
        .detail(format!(
            "It takes {key} from {0}, and AWS allows that only once. {0} can only be deleted after the new object is there.",
            old.address
        ))
        .about(&new.address)
        .hint(kept_by(&old.address))
        .hint(format!("And take it over with an import block for {}.", new.address))
}

fn kept_by(address: &Address) -> String {
    format!(
        "Let it stay in AWS, and only forget it:\nremoved {{\n  from = {}\n  lifecycle {{\n    destroy = false\n  }}\n}}",
        address.resource
    )
}

/// Changes that would end half done, though each step could be carried out. `config` is what the layout says of an
/// instance, if it has it.
pub fn refused<'c>(
    changes: &[&Change],
    schema: Types<'_, '_>,
    config: &dyn Fn(&Address) -> Option<&'c Attrs>,
) -> Diagnostics {
    let all = || changes.iter().filter_map(|change| Some((*change, schema(&change.address)?.holds?)));
    let single = || all().filter(|(_, holds)| !holds.inline);
    let inline = || all().filter(|(c, holds)| holds.inline && !c.action.is_replace() && c.after.is_some());
    let mut problems = Diagnostics::new();
    let comes: Vec<(&Change, BTreeSet<String>)> =
        single().filter(|(c, holds)| takes(c.action) && !holds.twice).map(|(c, holds)| (c, taken(&holds, c))).collect();
    let goes: Vec<(&Change, BTreeSet<String>)> =
        single().filter(|(c, _)| gives_up(c.action)).map(|(c, holds)| (c, given_up(&holds, c))).collect();
    if comes.iter().chain(&goes).all(|(_, keys)| keys.is_empty()) {
        return problems;
    }
    let held: BTreeSet<String> = single().flat_map(|(c, holds)| keys(&holds, c.before.as_ref())).collect();
    for (owner, holds) in inline() {
        // The layout does not say the id, which is the owner's own.
        let id = owner.id.as_deref().unwrap_or_default();
        let said = config(&owner.address).map(|config| config.clone().with("id", id));
        let said = keys(&holds, said.as_ref());
        let there = keys(&holds, owner.before.as_ref());
        let stays = &there & &keys(&holds, owner.after.as_ref());
        for (new, keys) in &comes {
            let already = keys.iter().find(|key| stays.contains(*key) && !said.contains(*key) && !held.contains(*key));
            problems.extend(already.map(|key| already_there(owner, new, key, schema(&new.address))));
        }
        for (old, keys) in &goes {
            problems.extend(
                keys.iter()
                    .find(|key| said.contains(*key) && there.contains(*key))
                    .map(|key| still_wanted(owner, old, key)),
            );
        }
    }
    problems
}

/// AWS has what a new object would be: the block that made it is gone from the layout, or it was made elsewhere.
fn already_there(owner: &Change, new: &Change, key: &str, schema: Option<&Schema>) -> Diagnostic {
    let id = schema.and_then(|schema| schema.import.form()).unwrap_or_else(|| "its id".into());
    Diagnostic::error("The object to be created already exists in AWS")
        .code("replacement-conflict")
        .detail(format!(
            "{} is {key}. {} has it already and keeps it; AWS refuses to create it a second time.",
            new.address, owner.address
        ))
        .about(&new.address)
        .hint(format!("Take it over as it is:\nimport {{\n  to = {}\n  id = \"…\" # {id}\n}}", new.address))
}

/// An object is deleted that a block now contains: the block finds it there, and nothing creates it again.
fn still_wanted(owner: &Change, old: &Change, key: &str) -> Diagnostic {
    let problem = Diagnostic::error("Another block needs what this change would take away")
        .code("replacement-conflict")
        .detail(format!(
            "{} is {key}, which {} now contains. It would be deleted, and be missing until the next apply.",
            old.address, owner.address
        ))
        .about(&old.address);
    match old.action {
        Action::Delete => problem.hint(kept_by(&old.address)),
        _ => problem.hint(format!("Apply in two parts: first the change of {}.", old.address)),
    }
}
