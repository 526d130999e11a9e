//! The objects of a layout for a question about its network.

use super::Layout;
use crate::objects::State;
use crate::plan::reach::{Part, When, of_plan, of_state};
use crate::plan::{Change, Plan};
use crate::resources::Types;
use crate::value::Value;
use crate::value::address::Address;
use std::collections::BTreeMap;

/// The objects of a plan, before or after it.
pub fn planned(layout: &Layout, plan: &Plan, when: When) -> Part {
    part(layout, of_plan(&plan.changes, when), plan.answers.clone())
}

/// The objects of a state, brought into the shape of today's rows.
pub fn stored(layout: &Layout, mut state: State) -> Part {
    state.reshape(&Types);
    part(layout, of_state(&state), BTreeMap::new())
}

fn part(layout: &Layout, objects: Vec<Change>, answers: BTreeMap<Address, Value>) -> Part {
    Part { layout: layout.dir.display().to_string(), root: layout.loaded.root.clone(), objects, answers }
}
