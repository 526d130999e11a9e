//! Changes that are held back: with `--target` and `--exclude` only a part of the layout is changed.
//!
//! The whole layout is evaluated all the same. What is held back stays as the state has it, and with it the outputs
//! that come of it.

use super::change::{Action, Change};
use super::planner::Planner;
use crate::diag::Diagnostic;
use crate::objects::Slot;
use crate::value::Name;
use crate::value::address::{Address, Target};
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Holds back what was not asked for; the root outputs that come of it.
pub(super) fn hold(planner: &mut Planner<'_, '_>) -> HashSet<Name> {
    let options = &planner.input.options;
    if !options.is_partial() && !options.refresh_only {
        return HashSet::new();
    }
    let held = if options.refresh_only { changing(planner) } else { held(planner) };
    let nodes: HashSet<NodeIndex> = held.iter().filter_map(|address| planner.node_of(&address.resource)).collect();
    for address in &held {
        let slots: Vec<Slot> = planner.changes.keys().filter(|slot| slot.address == *address).cloned().collect();
        for slot in slots {
            let Some(change) = planner.changes.remove(&slot) else { continue };
            if let Some(kept) = kept(change) {
                planner.changes.insert(slot, kept);
            }
        }
    }
    planner.problems.extend(unmet(planner));
    if !options.is_partial() {
        return outputs(planner, &nodes);
    }
    planner.problems.push(
        Diagnostic::warning("Only a part of the layout is planned")
            .code("partial-plan")
            .detail("--target and --exclude leave the rest as it is, and outputs that come of it too.")
            .hint("Use them to get out of a fault, and plan the whole layout afterwards."),
    );
    outputs(planner, &nodes)
}

/// The addresses of all that would change.
fn changing(planner: &Planner<'_, '_>) -> BTreeSet<Address> {
    let changes = planner.changes.values().filter(|c| c.action != Action::NoOp || c.importing.is_some());
    changes.map(|c| c.address.clone()).collect()
}

/// The addresses of all that is held back.
fn held(planner: &Planner<'_, '_>) -> BTreeSet<Address> {
    let options = &planner.input.options;
    let all: BTreeSet<&Address> = planner.changes.keys().map(|slot| &slot.address).collect();
    let named = |targets: &[Target], change: &Change| {
        let from = change.moved_from.as_ref();
        targets.iter().any(|t| t.covers(&change.address) || from.is_some_and(|from| t.covers(from)))
    };
    let covered = |targets: &[Target]| -> BTreeSet<Address> {
        planner.changes.values().filter(|c| named(targets, c)).map(|c| c.address.clone()).collect()
    };
    let needs = needs(planner);
    let goes: BTreeSet<&Address> =
        planner.changes.values().filter(|c| c.action == Action::Delete).map(|c| &c.address).collect();
    let needed_by = reversed(&needs);
    // An object goes only with those that need it; it comes only with those that it needs.
    let before = |address: &Address| -> Vec<Address> {
        if goes.contains(address) { among(&needed_by, address, &goes) } else { of(&needs, address) }
    };
    let after = |address: &Address| -> Vec<Address> {
        if goes.contains(address) { among(&needs, address, &goes) } else { of(&needed_by, address) }
    };
    let mut held: BTreeSet<Address> = BTreeSet::new();
    if !options.targets.is_empty() {
        let wanted = closure(covered(&options.targets), before);
        held.extend(all.iter().filter(|address| !wanted.contains(**address)).map(|a| (*a).clone()));
    }
    held.extend(closure(covered(&options.excludes), after));
    held
}

/// What each instance needs, by the layout or by the state.
fn needs(planner: &Planner<'_, '_>) -> BTreeMap<Address, Vec<Address>> {
    let mut needs = planner.depends.clone();
    for change in planner.changes.values() {
        needs.entry(change.address.clone()).or_insert_with(|| change.depends_on.clone());
    }
    needs
}

fn reversed(needs: &BTreeMap<Address, Vec<Address>>) -> BTreeMap<Address, Vec<Address>> {
    let mut reversed: BTreeMap<Address, Vec<Address>> = BTreeMap::new();
    for (address, needed) in needs {
        for one in needed {
            reversed.entry(one.clone()).or_default().push(address.clone());
        }
    }
    reversed
}

fn of(map: &BTreeMap<Address, Vec<Address>>, address: &Address) -> Vec<Address> {
    map.get(address).cloned().unwrap_or_default()
}

fn among(map: &BTreeMap<Address, Vec<Address>>, address: &Address, only: &BTreeSet<&Address>) -> Vec<Address> {
    of(map, address).into_iter().filter(|one| only.contains(one)).collect()
}

fn closure(start: BTreeSet<Address>, next: impl Fn(&Address) -> Vec<Address>) -> BTreeSet<Address> {
    let mut found = start.clone();
    let mut open: Vec<Address> = start.into_iter().collect();
    while let Some(address) = open.pop() {
        for one in next(&address) {
            if found.insert(one.clone()) {
                open.push(one);
            }
        }
    }
    found
}

/// The change without its effect. None where the layout has no object for it.
fn kept(change: Change) -> Option<Change> {
    let stored = change.stored.clone()?;
    if change.deposed.is_some() || change.after.is_none() {
        return None;
    }
    Some(Change {
        action: Action::NoOp,
        reason: None,
        moved_from: None,
        importing: None,
        before: Some(stored.clone()),
        after: Some(stored),
        attributes: Vec::new(),
        ..change
    })
}

/// Addresses that name nothing.
fn unmet(planner: &Planner<'_, '_>) -> Vec<Diagnostic> {
    let options = &planner.input.options;
    let instances = || planner.depends.keys().chain(planner.input.state.resources.keys()).chain(planner.answers.keys());
    let given = options.targets.iter().chain(&options.excludes);
    let none = given.filter(|target| !instances().any(|address| target.covers(address)));
    let problem = |target: &Target| {
        Diagnostic::error(format!("Nothing has the address {target}"))
            .code("unknown-address")
            .detail("Neither the layout nor the state has such a module, resource or instance.")
            .hint("floorplan state list lists the objects of the state.")
    };
    none.map(problem).collect()
}

/// The root outputs that come of these nodes.
fn outputs(planner: &Planner<'_, '_>, nodes: &HashSet<NodeIndex>) -> HashSet<Name> {
    let graph = planner.input.graph;
    let mut touched = nodes.clone();
    for (index, _) in graph.order() {
        if graph.needs(index).any(|need| touched.contains(&need)) {
            touched.insert(index);
        }
    }
    let names = planner.input.root.module.outputs.keys();
    let of_root = |name: &&Name| planner.node_of_output(name).is_some_and(|index| touched.contains(&index));
    names.filter(of_root).cloned().collect()
}
