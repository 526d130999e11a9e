//! The objects of a layout for a question about its network.

use super::Layout;
use crate::objects::State;
use crate::plan::reach::{Part, When, of_plan, of_state};
use crate::plan::repeats::held;
use crate::plan::{Change, Plan};
use crate::resources::Types;
use crate::schema::Attrs;
use crate::value::Value;
use crate::value::address::Address;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The objects of a plan, before or after it.
pub fn planned(layout: &Layout, plan: &Plan, when: When) -> Part {
    let before = plan.changes.iter().filter_map(|change| Some((change, change.before.as_ref()?)));
    let held = held(before.map(|(change, before)| (&*change.address.resource.type_name, before)), &Types);
    part(layout, of_plan(&plan.changes, when), held, plan.answers.clone())
}

/// The objects of a state, brought into the shape of today's rows.
pub fn stored(layout: &Layout, mut state: State) -> Part {
    state.reshape(&Types);
    let own = state.objects().map(|(slot, instance)| (slot.address.resource.type_name, &instance.attrs));
    let own: Vec<(Arc<str>, &Attrs)> = own.collect();
    let held = held(own.iter().map(|(name, attrs)| (&**name, *attrs)), &Types);
    part(layout, of_state(&state), held, BTreeMap::new())
}

fn part(layout: &Layout, objects: Vec<Change>, held: BTreeSet<String>, answers: BTreeMap<Address, Value>) -> Part {
    Part { layout: layout.dir.display().to_string(), root: layout.loaded.root.clone(), objects, held, answers }
}
