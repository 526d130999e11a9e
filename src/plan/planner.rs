//! The walk over a layout's graph that decides what happens to every instance.
//!
//! It does no I/O: where a data source has to be read, the walk stops and names it; the caller reads
//! and calls `advance` again. All errors of the layout are collected, none stops the walk of what
//! does not need the failed part.

use super::change::{Action, Change, Drift, OutputChange, Plan, PlanMeta, Reason};
use super::conditions::Place;
use super::input::{Heard, Input, Live, Pulse};
use super::order::{Demands, Ordered};
use super::rolling::{self, spec::Spec};
use super::unique::{self, Renamed};
use super::{data, instance, order, outlook};
use crate::diag::{Diagnostic, Diagnostics};
use crate::graph::address::{Address, InstanceKey, Mode, ModulePath, ResourceAddress};
use crate::graph::build::{CallPath, Item, Node};
use crate::lang::config::{ConditionKind, Resource, ResourceKey, Rolling};
use crate::lang::{Name, Type, Value};
use crate::resource::secrecy::hidden;
use crate::resource::secrets::Secrets;
use crate::resource::{Attrs, Schema};
use crate::scope::{Expansion, Locality, Scopes, expand};
use crate::state::{Instance, Slot};
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A data source that has to be read before the plan can go on.
#[derive(Debug, Clone, PartialEq)]
pub struct DataRead {
    /// The instance.
    pub address: Address,
    /// The provider configuration.
    pub provider: String,
    /// The region argument, if the block has one.
    pub region: Option<String>,
    /// Its arguments, wholly known.
    pub config: Attrs,
}

/// A target group of which it has to be known how its targets are.
#[derive(Debug, Clone, PartialEq)]
pub struct HealthRead {
    /// The provider configuration.
    pub provider: String,
    /// Where it is.
    pub region: String,
    /// The ARN of the group.
    pub group: String,
}

/// The walk.
pub struct Planner<'a, 's> {
    pub(super) input: &'a Input<'a>,
    /// What everything will be.
    pub scopes: Scopes<'s>,
    pub(super) changes: BTreeMap<Slot, Change>,
    pub(super) read: HashMap<Address, Result<Attrs, Diagnostic>>,
    pub(super) wanted_reads: Vec<DataRead>,
    pub(super) needs: HashMap<NodeIndex, crate::graph::build::Needs>,
    pub(super) problems: Diagnostics,
    /// Instances that the layout has, with what each needs.
    pub(super) depends: BTreeMap<Address, Vec<Address>>,
    /// The addresses of the instances that are planned, by their ids and ARNs in AWS.
    pub(super) by_id: HashMap<String, String>,
    rolls: BTreeMap<ResourceAddress, Rolling>,
    /// The `rolling` blocks, as values.
    pub(super) rollings: BTreeMap<ResourceAddress, Spec>,
    /// The configured arguments of each instance, for drift and layout checks.
    pub(super) configs: BTreeMap<Address, Attrs>,
    /// Rows that the layout leaves out and that stay as the state has them.
    pub(super) lasting: BTreeMap<Address, Vec<&'static str>>,
    /// Those that were known before the walk: of the variables and of the state.
    pub(super) secrets: Secrets,
    claimed: HashSet<Address>,
    renamed: Vec<Renamed>,
    remaining: Vec<NodeIndex>,
    done: HashSet<NodeIndex>,
    failed: HashSet<NodeIndex>,
    pulse: Pulse,
}

impl<'a, 's> Planner<'a, 's> {
    /// Ready to walk.
    pub fn new(input: &'a Input<'a>, scopes: Scopes<'s>) -> Self {
        let mut secrets = Secrets::of(input.state.objects().map(|(_, instance)| &instance.attrs));
        secrets.add(scopes.module(&ModulePath::default()).into_iter().flat_map(|root| root.given.values()));
        secrets.seek();
        Planner {
            input,
            scopes,
            secrets,
            changes: BTreeMap::new(),
            read: HashMap::new(),
            wanted_reads: Vec::new(),
            needs: input.graph.resource_needs(),
            problems: Diagnostics::new(),
            depends: BTreeMap::new(),
            by_id: HashMap::new(),
            rolls: BTreeMap::new(),
            rollings: BTreeMap::new(),
            configs: BTreeMap::new(),
            lasting: BTreeMap::new(),
            claimed: HashSet::new(),
            renamed: Vec::new(),
            remaining: if input.options.destroy { Vec::new() } else { input.graph.order().map(|(i, _)| i).collect() },
            done: HashSet::new(),
            failed: HashSet::new(),
            pulse: Pulse::default(),
        }
    }

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

    /// What must not be shown of any object, as far as it was known before the walk.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Gives the walk what a data source said.
    pub fn supply(&mut self, address: Address, result: Result<Attrs, Diagnostic>) {
        self.read.insert(address, result);
    }

    /// The target groups whose targets the plan touches, once the walk is over.
    pub fn health_wanted(&self) -> Vec<HealthRead> {
        match outlook::level(self.input.root) {
            Some(_) if !self.input.options.destroy && !self.input.options.validate => outlook::groups(&self.changes),
            _ => Vec::new(),
        }
    }

    /// Gives what a target group says of its targets.
    pub fn supply_health(&mut self, group: String, targets: Vec<Heard>) {
        self.pulse.groups.insert(group, targets);
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
                Diagnostic::error(format!("Output {name:?} holds a sensitive value"))
                    .detail("Outputs of the root module are shown after apply, so that one with a sensitive value must say so.")
                    .at(output.span.clone())
                    .hint("Add sensitive = true to the output, or use nonsensitive() if the value gives nothing away."),
            );
        }
    }

    fn visit_call(&mut self, path: &ModulePath, name: &Name) {
        let Some(module) = self.scopes.module(path) else { return };
        let Some(call) = module.node.module.calls.get(name).cloned() else { return };
        let lenient = self.input.options.validate;
        let expansion = expand(&self.scopes, path, call.count.as_ref(), call.for_each.as_ref(), lenient);
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
                let expanded = expand(&self.scopes, path, block.count.as_ref(), block.for_each.as_ref(), lenient);
                let Some(expansion) = self.problems.take(expanded) else { return false };
                self.scopes.expand_resource(path, key, expansion.clone());
                expansion
            }
        };
        let address = resource_address(path, key);
        self.roll(&address, &block);
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
                    data::Outcome::Value(value) => Some(value),
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
                Diagnostic::error("A single object cannot roll")
                    .detail("A rolling block says how many instances change at a time, but this resource has neither \"count\" nor \"for_each\".")
                    .at(rolling.span.clone())
                    .about(address.instance(InstanceKey::None))
                    .hint("Give the resource instances, or take the rolling block out."),
            );
        } else {
            self.rolls.insert(address.clone(), rolling.clone());
        }
    }

    /// The state's object for an instance, also where `count` was added or taken away.
    pub(super) fn stored_at(&self, address: &Address, expansion: &Expansion) -> Option<(Address, &'a Instance)> {
        let resources = &self.input.state.resources;
        if let Some(instance) = resources.get(address) {
            return Some((address.clone(), instance));
        }
        let other = match (expansion, &address.key) {
            (Expansion::Count(_), InstanceKey::Index(0)) => InstanceKey::None,
            (Expansion::Single, InstanceKey::None) => InstanceKey::Index(0),
            _ => return None,
        };
        let other = address.resource.instance(other);
        resources.get(&other).map(|instance| (other, instance))
    }

    /// The state's object that the layout no longer has by its old address and that is the same as a wanted one
    /// in what AWS takes only once.
    pub(super) fn renamed(
        &mut self,
        address: &Address,
        schema: &Schema,
        (provider, region): (&str, &str),
        config: &Attrs,
    ) -> Option<(Address, &'a Instance)> {
        if schema.unique.is_none_or(<[_]>::is_empty) {
            return None;
        }
        let wanted = schema.derived(config.clone());
        let mut same = self.input.state.resources.iter().filter(|(_, stored)| {
            stored.provider == provider && wanted.str("region").unwrap_or(region) == stored.region
        });
        let (from, stored, by) = same.find_map(|(from, stored)| {
            let near = from.resource.type_name == address.resource.type_name && self.is_left(from);
            let by = near.then(|| unique::shared(schema, &stored.attrs, &wanted))??;
            Some((from, stored, by))
        })?;
        self.renamed.push(Renamed { from: from.clone(), to: address.clone(), by });
        Some((from.clone(), stored))
    }

    /// Whether the layout certainly has no such instance any more, as far as the walk has come, and does not say
    /// what becomes of the object.
    fn is_left(&self, address: &Address) -> bool {
        let gone = self.input.live.get(address) == Some(&Live::Gone);
        if self.claimed.contains(address) || gone || super::refactor::removed(self.input.root, address).is_some() {
            return false;
        }
        let r = &address.resource;
        let key = (r.mode, r.type_name.clone(), r.name.clone());
        let calls = call_names(&r.module);
        let paths = self.scopes.instances_of(&calls);
        let node = Node { path: CallPath(std::sync::Arc::new(calls)), item: Item::Resource(key.clone()) };
        if self.input.graph.find(&node).is_none() {
            return true;
        }
        match self.scopes.module(&r.module) {
            None => !paths.is_empty(),
            Some(module) => module.resource(&key).is_some_and(|block| !block.expansion.keys().contains(&address.key)),
        }
    }

    /// Marks an address of the state as taken by the layout.
    pub(super) fn claim(&mut self, address: &Address) {
        self.claimed.insert(address.clone());
    }

    /// Ends the walk: what the layout no longer has goes, steps are put in order.
    pub fn finish(mut self, meta: PlanMeta) -> Result<(Plan, Scopes<'s>), Diagnostics> {
        self.scopes.complete();
        self.orphans();
        let outputs = self.outputs();
        self.add_secrets();
        let drift = self.drift();
        self.check_layout();
        self.problems.extend(self.undeletable());
        self.problems.extend(unique::told(&self.renamed));
        if self.problems.has_errors() {
            let all: Vec<Change> = self.changes.into_values().collect();
            let find = |change: &Change| super::place::of_change(&self.scopes, change, &[]);
            let located = |problem| super::place::located(problem, &all, &find);
            return Err(self.problems.into_iter().map(located).collect());
        }
        let schemas = self.input.schemas;
        let schema = |address: &Address| schemas.resource(&address.resource.type_name);
        let level = outlook::level(self.input.root);
        let place = |change: &Change, names: &[&str]| super::place::of_change(&self.scopes, change, names);
        let demands = Demands { level, specs: &self.rollings, schema: &schema, pulse: &self.pulse, place: &place };
        let changes: Vec<Change> = std::mem::take(&mut self.changes).into_values().collect();
        let ordered = order::steps(changes, &self.depends, &demands)?;
        let promise = self.problems.take(outlook::promise(self.input, &self.scopes, &ordered, &self.rollings, &meta));
        let Some(promise) = promise.filter(|_| !self.problems.has_errors()) else { return Err(self.problems) };
        let Ordered { changes, steps, .. } = ordered;
        let warnings = self.problems.into_iter().collect();
        let mut plan = Plan { meta, changes, steps, drift, outputs, promise, warnings };
        plan.warnings.extend(plan.mostly_gone());
        Ok((plan, self.scopes))
    }

    /// What the walk found wrong, when only that is wanted.
    pub fn into_problems(mut self) -> Diagnostics {
        self.check_layout();
        self.problems
    }

    /// What is wrong between instances and with the layout as a whole.
    fn check_layout(&mut self) {
        self.problems.extend(super::layout_rules::check(self));
        for (address, block) in &self.rolls {
            let spec = rolling::spec::read(block, &self.scopes, &address.module);
            self.rollings.extend(self.problems.take(spec).map(|spec| (address.clone(), spec)));
        }
        self.problems.extend(outlook::check(self));
    }

    fn orphans(&mut self) {
        for (address, stored) in &self.input.state.resources {
            if self.claimed.contains(address) {
                continue;
            }
            let change = self.orphan(address, stored, self.input.live.get(address));
            self.changes.insert(Slot::current(address.clone()), change);
        }
        for ((address, key), stored) in &self.input.state.deposed {
            let mut change = self.orphan(address, stored, None);
            change.deposed = Some(key.clone());
            change.action = Action::Delete;
            change.reason = Some(Reason::Deposed);
            self.changes.insert(Slot::deposed(address.clone(), key), change);
        }
    }

    /// Hides in what is planned the secrets that only the walk has shown.
    fn add_secrets(&mut self) {
        let known = self.secrets.len();
        self.secrets.add(self.configs.values().flat_map(Attrs::iter).map(|(_, value)| value));
        self.secrets.seek();
        if self.secrets.len() == known {
            return;
        }
        for change in self.changes.values_mut() {
            let r = &change.address.resource;
            let Some(schema) = self.input.schemas.resource(&r.type_name).filter(|_| r.mode == Mode::Managed) else {
                continue;
            };
            let rows = &schema.attributes;
            let given = self.configs.get(&change.address).cloned().unwrap_or_default();
            for attrs in [&mut change.stored, &mut change.before, &mut change.after] {
                *attrs = attrs.take().map(|attrs| hidden(rows, &given, attrs, &self.secrets));
            }
        }
    }

    /// The end of an object that the layout does not have; `live` is what AWS says of it.
    fn orphan(&self, address: &Address, stored: &Instance, live: Option<&Live>) -> Change {
        let rows = self.input.schemas.resource(&address.resource.type_name).map(|s| s.attributes.as_slice());
        let before = match (rows, live) {
            (Some(rows), Some(Live::There(live))) => super::diff::current(rows, Some(&stored.attrs), Some(live)),
            _ => Some(stored.attrs.clone()),
        };
        let hide = |attrs: Attrs| match rows {
            Some(rows) => hidden(rows, &Attrs::default(), attrs, &self.secrets),
            None => attrs,
        };
        let removed = super::refactor::removed(self.input.root, address);
        let forget = removed == Some(false);
        let gone = live == Some(&Live::Gone);
        let action = match (forget, gone) {
            (true, _) | (_, true) => Action::Forget,
            _ => Action::Delete,
        };
        let reason = if gone {
            Reason::Vanished
        } else if removed.is_some() {
            Reason::Removed
        } else {
            self.orphan_reason(address)
        };
        Change {
            address: address.clone(),
            moved_from: None,
            deposed: None,
            provider: stored.provider.clone(),
            region: stored.region.clone(),
            action,
            reason: (!self.input.options.destroy || gone).then_some(reason),
            id: Some(stored.id.clone()),
            importing: None,
            stored: Some(hide(stored.attrs.clone())),
            before: before.map(hide),
            after: None,
            attributes: Vec::new(),
            depends_on: match stored.depends_on.is_empty() {
                true => self.needed_by_layout(address),
                false => stored.depends_on.clone(),
            },
            create_before_destroy: stored.create_before_destroy,
        }
    }

    /// What an object of the state needs by the layout, for one that was imported: its needs are not recorded.
    fn needed_by_layout(&self, address: &Address) -> Vec<Address> {
        let node = |r: &ResourceAddress| {
            let key = (r.mode, r.type_name.clone(), r.name.clone());
            Node { path: CallPath(std::sync::Arc::new(call_names(&r.module))), item: Item::Resource(key) }
        };
        let mut found: HashSet<NodeIndex> = HashSet::new();
        let mut open: Vec<NodeIndex> = self.input.graph.find(&node(&address.resource)).into_iter().collect();
        while let Some(needs) = open.pop().and_then(|at| self.needs.get(&at)) {
            for &need in needs.direct.union(&needs.indirect).filter(|&&need| found.insert(need)) {
                let data = matches!(&self.input.graph.node(need).item, Item::Resource(key) if key.0 == Mode::Data);
                open.extend(data.then_some(need));
            }
        }
        if found.is_empty() {
            return Vec::new();
        }
        let needed = |a: &&Address| self.input.graph.find(&node(&a.resource)).is_some_and(|at| found.contains(&at));
        self.input.state.resources.keys().filter(needed).cloned().collect()
    }

    fn orphan_reason(&self, address: &Address) -> Reason {
        let r = &address.resource;
        let key = (r.mode, r.type_name.clone(), r.name.clone());
        let node = Node { path: CallPath(std::sync::Arc::new(call_names(&r.module))), item: Item::Resource(key) };
        match (self.scopes.module(&r.module), self.input.graph.find(&node)) {
            (None, _) => Reason::NoModule,
            (Some(_), Some(_)) => Reason::NoInstance,
            (Some(_), None) => Reason::NoConfig,
        }
    }

    fn outputs(&mut self) -> Vec<OutputChange> {
        let stored = &self.input.state.outputs;
        let mut all: BTreeMap<Name, OutputChange> = BTreeMap::new();
        for (name, output) in stored {
            let change = OutputChange { name: name.clone(), before: Some(output.value.clone()), after: None };
            all.insert(name.clone(), change);
        }
        if !self.input.options.destroy {
            let root = self.input.root.clone();
            for (name, output) in &root.module.outputs {
                let Ok(value) = self.scopes.output(&ModulePath::default(), name) else { continue };
                let after = if output.sensitive { value.unmark_deep().mark(true) } else { value };
                let change =
                    all.entry(name.clone()).or_insert(OutputChange { name: name.clone(), before: None, after: None });
                change.after = Some(after);
            }
        }
        all.into_values().collect()
    }

    /// What the plan would delete and AWS would not.
    fn undeletable(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        for change in self.changes.values().filter(|c| c.action == Action::Delete || c.action.is_replace()) {
            let schema = self.input.schemas.resource(&change.address.resource.type_name);
            let before = change.before.as_ref();
            let why = schema.and_then(|s| s.undeletable).zip(before).and_then(|(why, before)| why(before));
            if let Some(why) = why {
                let doing = if change.action == Action::Delete { "delete" } else { "replace" };
                found.push(
                    Diagnostic::error("Object cannot be deleted as it is")
                        .detail(format!("The plan would {doing} it, but {why}"))
                        .about(&change.address),
                );
            }
        }
        found
    }

    fn drift(&self) -> Vec<Drift> {
        let mut all = Vec::new();
        for (address, stored) in self.input.state.resources.iter().filter(|(_, stored)| !stored.unfinished) {
            let Some(schema) = self.input.schemas.resource(&address.resource.type_name) else { continue };
            let (live, attributes) = match self.input.live.get(address) {
                None => continue,
                Some(Live::Gone) => (None, Vec::new()),
                Some(Live::There(live)) => {
                    let config = self.configs.get(address);
                    let lasting = self.lasting.get(address).map_or(&[][..], Vec::as_slice);
                    let moved = super::diff::drifted(schema, config, lasting, &stored.attrs, live);
                    if moved.is_empty() {
                        continue;
                    }
                    (super::diff::current(&schema.attributes, Some(&stored.attrs), Some(live)), moved)
                }
            };
            let rows = &schema.attributes;
            let given = self.configs.get(address).cloned().unwrap_or_default();
            let hide = |attrs: Attrs| hidden(rows, &given, attrs, &self.secrets);
            let (stored, live) = (hide(stored.attrs.clone()), live.map(hide));
            all.push(Drift { address: address.clone(), stored, live, attributes });
        }
        all
    }
}

enum Visit {
    Done,
    Failed,
    Waits,
}

/// One instance of a block, with all that planning it needs.
pub(super) struct Site<'x> {
    pub path: &'x ModulePath,
    pub key: &'x ResourceKey,
    pub block: &'x Resource,
    pub address: &'x Address,
    pub local: &'x Locality,
    pub index: NodeIndex,
}

/// The address of a block in a module instance.
pub(super) fn resource_address(path: &ModulePath, key: &ResourceKey) -> ResourceAddress {
    ResourceAddress { module: path.clone(), mode: key.0, type_name: key.1.clone(), name: key.2.clone() }
}

/// The names of the calls that lead to a module instance.
pub(super) fn call_names(path: &ModulePath) -> Vec<Name> {
    path.0.iter().map(|(name, _)| name.clone()).collect()
}
