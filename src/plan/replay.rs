//! The values of a layout as a saved plan has them: what applying it evaluates the rest from. Nothing is decided
//! anew; a layout that has other instances than the plan is refused.

use super::change::{Change, Plan};
use super::planner::resource_address;
use super::stale::stale;
use crate::diag::Diagnostics;
use crate::evaluation::{Evaluator, expand_call, expand_resource};
use crate::graph::build::{Graph, Item};
use crate::lang::config::{EPHEMERAL, ResourceKey};
use crate::schema::{Attrs, Schemas, exposed};
use crate::value::address::{Address, Mode, ModulePath};
use crate::value::{Type, Value};
use std::collections::HashMap;

/// `scopes` with all instances as `plan` has them.
pub fn replay<'s>(
    plan: &Plan,
    graph: &Graph,
    schemas: &dyn Schemas,
    scopes: Evaluator<'s>,
) -> Result<Evaluator<'s>, Diagnostics> {
    let current = |change: &&Change| change.deposed.is_none();
    let value = |c: &Change, after: &Attrs| match c.address.resource.mode {
        Mode::Managed => exposed::object(schemas.resource(&c.address.resource.type_name), after),
        Mode::Data => exposed::answer(schemas.data(&c.address.resource.type_name), after),
    };
    let planned = plan.changes.iter().filter(current).filter_map(|c| Some((&c.address, value(c, c.after.as_ref()?))));
    let answers = plan.answers.iter().map(|(address, value)| (address, value.clone()));
    let mut replay = Replay {
        scopes,
        values: planned.chain(answers).collect(),
        partial: plan.meta.partial,
        problems: Diagnostics::new(),
    };
    if !plan.meta.destroy {
        for (index, _) in graph.order() {
            let node = graph.node(index);
            for path in replay.scopes.instances_of(&node.path.0) {
                replay.visit(&path, &node.item);
            }
        }
        for address in replay.values.into_keys() {
            replay.problems.push(other_instances(address, "the plan has this instance, the layout does not"));
        }
    }
    replay.scopes.complete();
    replay.problems.into_result(replay.scopes)
}

struct Replay<'s, 'p> {
    scopes: Evaluator<'s>,
    /// The instances of the plan that the layout was not seen to have yet.
    values: HashMap<&'p Address, Value>,
    /// Whether instances may be missing that are held back.
    partial: bool,
    problems: Diagnostics,
}

impl Replay<'_, '_> {
    fn visit(&mut self, path: &ModulePath, item: &Item) {
        let Some(module) = self.scopes.module(path).map(|m| m.node.clone()) else { return };
        match item {
            Item::Call(name) => {
                let Some(call) = module.module.calls.get(name) else { return };
                let expansion = expand_call(&self.scopes, path, call, false);
                if let Some(expansion) = self.problems.take(expansion) {
                    self.scopes.expand_call(path, name, expansion);
                }
            }
            Item::Output(name) => self.scopes.announce_output(path, name),
            Item::Resource(key) => self.instances(path, key),
            Item::Variable(_) | Item::Local(_) | Item::Check(_) | Item::Provider(_) => {}
        }
    }

    fn instances(&mut self, path: &ModulePath, key: &ResourceKey) {
        let Some(module) = self.scopes.module(path).map(|m| m.node.clone()) else { return };
        let Some(block) = module.module.resources.get(key) else { return };
        let expansion = expand_resource(&self.scopes, path, block, false);
        let Some(expansion) = self.problems.take(expansion) else { return };
        self.scopes.expand_resource(path, key, expansion.clone());
        let resource = resource_address(path, key);
        for instance in expansion.keys() {
            let address = resource.instance(instance.clone());
            match self.values.remove(&address) {
                Some(value) => self.scopes.set_instance(path, key, &instance, value),
                None if self.partial || key.1.starts_with(EPHEMERAL) => {
                    self.scopes.set_instance(path, key, &instance, Value::unknown(Type::Dynamic));
                }
                None => {
                    let problem = other_instances(&address, "the layout has this instance, the plan does not");
                    self.problems.push(problem.at(block.span.clone()));
                }
            }
        }
    }
}

fn other_instances(address: &Address, why: &str) -> crate::diag::Diagnostic {
    stale("the layout has other instances", format!("A file or a value that it reads is another now: {why}."))
        .about(address)
}
