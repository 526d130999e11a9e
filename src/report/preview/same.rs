//! The same change in several layouts: one line for all of them.

use super::Previewed;
use super::page::Page;
use crate::plan::change::{Action, Cause, Change};
use crate::report::edits::edits;
use crate::report::literal::inline;
use crate::report::markdown::marks::MARKS;
use crate::report::marks::{Marks, counted, first};
use crate::report::text::{self, Schemas};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};
use std::collections::{BTreeSet, HashSet};

/// The changes that are the same in several layouts.
pub struct Same<'a> {
    groups: Vec<(Deed, Group<'a>)>,
    members: HashSet<*const Change>,
}

/// What is done, in words that are equal only where the change is.
#[derive(PartialEq, Eq, Hash)]
enum Deed {
    /// These edits.
    Edits(Vec<String>),
    /// A new object with this address and these values.
    Created(String, String),
}

#[derive(Default)]
struct Group<'a> {
    layouts: Vec<&'a str>,
    changes: Vec<&'a Change>,
}

impl<'a> Same<'a> {
    /// Finds them.
    pub fn among(all: &'a [Previewed<'a>], schemas: Schemas<'_>) -> Self {
        let mut found: IndexMap<Deed, Group<'a>> = IndexMap::new();
        for (one, plan) in all.iter().filter_map(|one| Some((one, one.outcome.ok()?))) {
            for change in &plan.changes {
                let Some(deed) = deed(change, schemas) else { continue };
                let group = found.entry(deed).or_default();
                group.changes.push(change);
                if group.layouts.last() != Some(&one.layout) {
                    group.layouts.push(one.layout);
                }
            }
        }
        let mut groups: Vec<(Deed, Group<'a>)> = found.into_iter().filter(|(_, g)| g.layouts.len() > 1).collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.changes.len()));
        let members = groups.iter().flat_map(|(_, group)| group.changes.iter().map(|c| std::ptr::from_ref(*c)));
        Same { members: members.collect(), groups }
    }

    /// Whether a change is one of them.
    pub fn has(&self, change: &Change) -> bool {
        self.members.contains(&std::ptr::from_ref(change))
    }

    /// The same for programs.
    pub fn json(&self) -> Json {
        let one = |(deed, group): &(Deed, Group<'_>)| {
            let (what, edits) = match deed {
                Deed::Created(..) => ("create", Vec::new()),
                Deed::Edits(edits) => ("update", edits.clone()),
            };
            let addresses = group.changes.iter().map(|change| change.address.to_string());
            let addresses: BTreeSet<String> = addresses.collect();
            json!({
                "action": what,
                "edits": edits,
                "objects": group.changes.len(),
                "addresses": addresses,
                "layouts": group.layouts,
            })
        };
        self.groups.iter().map(one).collect()
    }

    /// A line for each.
    pub fn write(&self, page: &mut Page) -> Option<()> {
        page.list("The same in several layouts", self.lines(MARKS))
    }

    /// The lines.
    pub fn lines(&self, marks: Marks) -> Vec<String> {
        self.groups.iter().map(|group| line(group, marks)).collect()
    }
}

/// Nothing for a change that is not simple, moves or imports an object, undoes what others did, or hides a value.
fn deed(change: &Change, schemas: Schemas<'_>) -> Option<Deed> {
    if change.moved_from.is_some() || change.importing.is_some() || change.deposed.is_some() || change.reason.is_some()
    {
        return None;
    }
    if change.attributes.iter().any(|a| a.cause != Cause::Layout) {
        return None;
    }
    match change.action {
        Action::Update => {
            let edits = edits(change, text::rows(&change.address, schemas));
            let plain = !edits.is_empty() && edits.iter().all(|e| !e.vague);
            plain.then(|| Deed::Edits(edits.iter().map(|e| e.line()).collect()))
        }
        Action::Create => {
            let after = change.after.as_ref()?;
            let rows = text::rows(&change.address, schemas);
            let hides = rows.iter().any(|row| after.get(row.name).is_some_and(|v| row.marked(v).has_sensitive()));
            let hides = hides || after.iter().any(|(_, v)| v.has_sensitive());
            (!hides).then(|| Deed::Created(change.address.to_string(), inline(&after.to_value())))
        }
        _ => None,
    }
}

fn line((deed, group): &(Deed, Group<'_>), marks: Marks) -> String {
    const EDITS: usize = 6;
    const TYPES: usize = 3;
    let objects = counted(group.changes.len(), "object");
    let place = format!("{objects} in {}", counted(group.layouts.len(), "layout"));
    match deed {
        Deed::Created(address, _) => format!("create {}: {place}", (marks.name)(address)),
        Deed::Edits(edits) => {
            let mut types: Vec<&str> = group.changes.iter().map(|c| &*c.address.resource.type_name).collect();
            types.sort_unstable();
            types.dedup();
            let types = first(types.into_iter().map(marks.name), TYPES).join(", ");
            let edits = first(edits.iter().map(|e| (marks.name)(e)), EDITS).join(", ");
            format!("{edits}: {place} ({types})")
        }
    }
}
