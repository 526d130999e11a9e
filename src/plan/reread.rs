//! The objects that apply reads again once all is done: an output shows an attribute that AWS decides, and the run
//! works on another object that needs this one, so that it may fill the attribute. A listener does that to
//! `load_balancer_arns` of its target group, an attachment to `target_group_arns` of its scaling group. Recorded as it was
//! when its own step ended, the output would change in the next plan.

use super::change::{Action, Change, Reread};
use super::planner::Planner;
use crate::graph::build::Reads;
use crate::objects::Slot;
use crate::schema::{Attribute, Schema};
use crate::value::Name;
use crate::value::address::{Address, Mode};
use petgraph::graph::NodeIndex;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Attributes that AWS gives an object once and for all.
const SETTLED: [&str; 12] = [
    "arn",
    "arn_suffix",
    "bucket_domain_name",
    "bucket_region",
    "bucket_regional_domain_name",
    "dns_name",
    "hosted_zone_id",
    "id",
    "owner_id",
    "region",
    "unique_id",
    "zone_id",
];

/// What is read again after these changes. The outputs of `held` stay as they are.
pub(super) fn reread(planner: &Planner<'_, '_>, held: &HashSet<Name>) -> Reread {
    let options = &planner.input.options;
    if options.destroy || options.refresh_only || options.validate {
        return Reread::default();
    }
    let needed = needed_by_changes(planner);
    if needed.is_empty() {
        return Reread::default();
    }
    let shown = shown(planner, held);
    let mut found = Reread::default();
    let mut outputs = BTreeSet::new();
    for address in needed {
        let Some(readers) = planner.node_of(&address.resource).and_then(|at| shown.get(&at)) else { continue };
        let Some(schema) = planner.input.schemas.resource(&address.resource.type_name) else { continue };
        let mut attributes = Vec::new();
        for name in open(planner, &address, schema) {
            let mut readers = readers.iter().filter(|(_, reads)| reads.has(name)).peekable();
            if readers.peek().is_some() {
                attributes.push(name.to_owned());
                outputs.extend(readers.map(|(output, _)| output.clone()));
            }
        }
        if !attributes.is_empty() {
            found.objects.push((address, attributes));
        }
    }
    found.outputs = outputs.into_iter().collect();
    found
}

/// The objects that stay and that others need, or needed, which this run works on.
fn needed_by_changes(planner: &Planner<'_, '_>) -> BTreeSet<Address> {
    let works = |change: &&Change| match change.action {
        Action::Create | Action::Update | Action::Delete => true,
        Action::DeleteThenCreate | Action::CreateThenDelete => true,
        Action::NoOp | Action::Read | Action::Forget => false,
    };
    let stays = |address: &&Address| {
        let change = planner.changes.get(&Slot::current((*address).clone()));
        address.resource.type_name.starts_with("aws_")
            && address.resource.mode == Mode::Managed
            && change.is_some_and(|change| change.after.is_some())
    };
    let stored = |change: &Change| planner.input.state.resources.get(&change.address).map(|i| i.depends_on.as_slice());
    let needs = |change: &'_ Change| -> Vec<Address> {
        change.depends_on.iter().chain(stored(change).into_iter().flatten()).cloned().collect()
    };
    planner.changes.values().filter(works).flat_map(needs).filter(|address| stays(&address)).collect()
}

/// The resources that the root outputs are made of: which output reads what of them.
fn shown(planner: &Planner<'_, '_>, held: &HashSet<Name>) -> HashMap<NodeIndex, Vec<(Name, Reads)>> {
    let graph = planner.input.graph;
    let mut all: HashMap<NodeIndex, Vec<(Name, Reads)>> = HashMap::new();
    for name in planner.input.root.module.outputs.keys().filter(|name| !held.contains(*name)) {
        let Some(at) = planner.node_of_output(name) else { continue };
        for (resource, reads) in graph.made_of(at) {
            all.entry(resource).or_default().push((name.clone(), reads));
        }
    }
    all
}

/// The attributes of an object that another one may fill.
fn open<'s>(planner: &Planner<'_, '_>, address: &Address, schema: &'s Schema) -> Vec<&'s str> {
    let config = planner.configs.get(address);
    let given = |name: &str| config.and_then(|config| config.get(name)).is_some_and(|value| !value.is_null());
    let open = |row: &&Attribute| {
        row.is_computed() && !row.force_new && !row.never_returned && !SETTLED.contains(&row.name) && !given(row.name)
    };
    schema.attributes.iter().filter(open).map(|row| row.name).collect()
}
