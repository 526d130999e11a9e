//! The walk over a layout's graph that decides what happens to every instance.
//!
//! It does no I/O: where a data source has to be read, the walk stops and names it; the caller reads
//! and calls `advance` again. All errors of the layout are collected, none stops the walk of what
//! does not need the failed part.

use super::conditions::Place;
use super::planner::{DataRead, Planner, Site, resource_address};
use super::{data, instance};
use crate::diag::Diagnostic;
use crate::evaluation::{Locality, expand_call, expand_resource};
use crate::graph::build::Item;
use crate::lang::config::{ConditionKind, EPHEMERAL, Resource, ResourceKey};
use crate::objects::Slot;
use crate::value::address::{InstanceKey, Mode, ModulePath, ResourceAddress};
use crate::value::{Name, Type, Value};
use petgraph::graph::NodeIndex;

enum Visit {
    Done,
    Failed,
    Waits,
}

impl Planner<'_, '_> {
    /// Walks as far as it goes without reading; gives the data sources to read, none at the end.
    pub fn advance(&mut self) -> Vec<DataRead> {
        let graph = self.input.graph;
        for index in std::mem::take(&mut self.remaining) {
            let mut ready = true;
            let mut broken = false;
            for need in graph.needs(index) {
                ready &= self.done.contains(&need);
                broken |= self.failed.contains(&need);
            }
            if broken {
                self.failed.insert(index);
                continue;
            }
            if !ready {
                self.remaining.push(index);
                continue;
            }
            match self.visit(index) {
                Visit::Done => {
                    self.done.insert(index);
                }
                Visit::Failed => {
                    self.failed.insert(index);
                }
                Visit::Waits => self.remaining.push(index),
            }
        }
        std::mem::take(&mut self.wanted_reads)
    }

    fn visit(&mut self, index: NodeIndex) -> Visit {
        let node = self.input.graph.node(index).clone();
        let before = self.problems.iter().filter(|d| d.is_error()).count();
        let mut waits = false;
        for path in self.scopes.instances_of(&node.path.0) {
            match &node.item {
                Item::Variable(name) => self.visit_variable(&path, name),
                Item::Local(name) => {
                    let value = self.scopes.local(&path, name);
                    self.problems.take(value);
                }
                Item::Output(name) => self.visit_output(&path, name),
                Item::Call(name) => self.visit_call(&path, name),
                Item::Resource(key) => waits |= self.visit_resource(&path, key, index),
                Item::Check(name) => waits |= self.visit_check(&path, name, index),
                Item::Provider(_) => {}
            }
        }
        let failed = self.problems.iter().filter(|d| d.is_error()).count() > before;
        match (waits, failed) {
            (_, true) => Visit::Failed,
            (true, false) => Visit::Waits,
            (false, false) => Visit::Done,
        }
    }

    fn visit_variable(&mut self, path: &ModulePath, name: &Name) {
        let value = self.scopes.variable(path, name);
        if self.problems.take(value).is_some() {
            super::conditions::variable(self, path, name);
        }
    }

    fn visit_output(&mut self, path: &ModulePath, name: &Name) {
        let Some(module) = self.scopes.module(path) else { return };
        let Some(output) = module.node.module.outputs.get(name).cloned() else { return };
        let place = Place { path, local: &Locality::default(), about: None };
        super::conditions::all(self, &place, &output.preconditions, ConditionKind::Precondition);
        self.scopes.announce_output(path, name);
        let value = self.scopes.output(path, name);
        let Some(value) = self.problems.take(value) else { return };
        if path.is_root() && value.has_sensitive() && !output.sensitive {
            self.problems.push(
                Diagnostic::error(format!("Output {name:?} holds a sensitive value")).code("sensitive-output")
                    .detail("Outputs of the root module are shown after apply. An output with a sensitive value must be marked.")
                    .at(output.span.clone())
                    .hint("Add sensitive = true to the output, or use nonsensitive() if the value gives nothing away."),
            );
        }
    }

    fn visit_call(&mut self, path: &ModulePath, name: &Name) {
        let Some(module) = self.scopes.module(path) else { return };
        let Some(call) = module.node.module.calls.get(name).cloned() else { return };
        let lenient = self.input.options.validate;
        let expansion = expand_call(&self.scopes, path, &call, lenient);
        if let Some(expansion) = self.problems.take(expansion) {
            self.scopes.expand_call(path, name, expansion);
        }
    }

    /// Runs a check; whether its data source has to be read first.
    fn visit_check(&mut self, path: &ModulePath, name: &Name, index: NodeIndex) -> bool {
        let Some(module) = self.scopes.module(path) else { return false };
        let Some(block) = module.node.module.checks.get(name).cloned() else { return false };
        let answer = match &block.data {
            Some(data) => match data::of_check(self, path, data, index) {
                data::Outcome::Value(value) => Some(value),
                data::Outcome::Waits => return true,
                data::Outcome::Failed => return false,
            },
            None => None,
        };
        let found = super::conditions::check(&self.scopes, path, name, answer);
        self.problems.extend(found.diagnostics);
        false
    }

    /// Plans all instances of a block; whether some of them wait for a data source.
    fn visit_resource(&mut self, path: &ModulePath, key: &ResourceKey, index: NodeIndex) -> bool {
        let Some(module) = self.scopes.module(path) else { return false };
        let Some(block) = module.node.module.resources.get(key).cloned() else { return false };
        let expansion = match module.resource(key) {
            Some(values) => values.expansion.clone(),
            None => {
                let lenient = self.input.options.validate;
                let expanded = expand_resource(&self.scopes, path, &block, lenient);
                let Some(expansion) = self.problems.take(expanded) else { return false };
                self.scopes.expand_resource(path, key, expansion.clone());
                expansion
            }
        };
        let address = resource_address(path, key);
        self.roll(&address, &block);
        if self.is_unmade(path, key, &block, &expansion) {
            return false;
        }
        let mut waits = false;
        for instance in expansion.keys() {
            let address = address.instance(instance.clone());
            if self.claimed.contains(&address) {
                continue;
            }
            let local = Locality { repetition: expansion.repetition(&instance), ..Locality::default() };
            let site = Site { path, key, block: &block, address: &address, local: &local, index };
            let value = match key.0 {
                Mode::Managed => instance::plan(self, &site, &expansion),
                Mode::Data => match data::plan(self, &site) {
                    data::Outcome::Value(value) => {
                        let stored = !address.resource.type_name.starts_with(EPHEMERAL);
                        if stored && !self.changes.contains_key(&Slot::current(address.clone())) {
                            self.answers.insert(address.clone(), value.clone());
                        }
                        Some(value)
                    }
                    data::Outcome::Failed => None,
                    data::Outcome::Waits => {
                        waits = true;
                        continue;
                    }
                },
            };
            self.claimed.insert(address);
            let value = value.unwrap_or(Value::unknown(Type::Dynamic));
            self.scopes.set_instance(path, key, &instance, value);
        }
        waits
    }

    /// Keeps the `rolling` block of a resource, which needs instances to roll over. It is read at the end, as
    /// it may name what is planned after the resource.
    fn roll(&mut self, address: &ResourceAddress, block: &Resource) {
        let Some(rolling) = block.lifecycle.rolling.as_ref().filter(|_| !self.rolls.contains_key(address)) else {
            return;
        };
        if block.count.is_none() && block.for_each.is_none() {
            self.problems.push(
                Diagnostic::error("A single object cannot roll").code("invalid-rolling")
                    .detail("A rolling block says how many instances change at a time, but this resource has neither \"count\" nor \"for_each\".")
                    .at(rolling.span.clone())
                    .about(address.instance(InstanceKey::None))
                    .hint("Give the resource instances, or remove the rolling block."),
            );
        } else {
            self.rolls.insert(address.clone(), rolling.clone());
        }
    }
}
