//! The context of the planner: its input, the decisions so far, and the reads that are still open.
//!
//! The walk that decides is in `walk`, the plan that comes of it in `finish`.

use super::change::Change;
use super::input::{Heard, Input, Live, Pulse};
use super::rolling::spec::Spec;
use super::unique::{self, Renamed};
use super::unmade::Unserved;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::{Evaluator, Expansion, Locality};
use crate::graph::build::{CallPath, Item, Node};
use crate::lang::config::{Resource, ResourceKey, Rolling};
use crate::objects::{Instance, Slot};
use crate::plan::service_check;
use crate::schema::secrets::Secrets;
use crate::schema::{Attrs, Schema};
use crate::value::address::{Address, InstanceKey, ModulePath, ResourceAddress};
use crate::value::{Name, Value};
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A data source that has to be read before the plan can continue.
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

/// A target group whose targets' health has to be known.
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
    /// The planned values.
    pub scopes: Evaluator<'s>,
    pub(super) changes: BTreeMap<Slot, Change>,
    pub(super) read: HashMap<Address, Result<Attrs, Diagnostic>>,
    /// The answers of data sources.
    pub(super) answers: BTreeMap<Address, Value>,
    pub(super) wanted_reads: Vec<DataRead>,
    pub(super) needs: HashMap<NodeIndex, crate::graph::build::Needs>,
    pub(super) problems: Diagnostics,
    /// Instances that the layout has, with what each needs.
    pub(super) depends: BTreeMap<Address, Vec<Address>>,
    /// The addresses of the instances that are planned, by their ids and ARNs in AWS.
    pub(super) by_id: HashMap<String, String>,
    pub(super) rolls: BTreeMap<ResourceAddress, Rolling>,
    /// The `rolling` blocks, as values.
    pub(super) rollings: BTreeMap<ResourceAddress, Spec>,
    /// The configured arguments of each instance, for drift and layout checks.
    pub(super) configs: BTreeMap<Address, Attrs>,
    /// Rows that the layout leaves out and that stay as the state has them.
    pub(super) lasting: BTreeMap<Address, Vec<&'static str>>,
    /// Those that were known before the walk: of the variables and of the state.
    pub(super) secrets: Secrets,
    pub(super) claimed: HashSet<Address>,
    pub(super) renamed: Vec<Renamed>,
    pub(super) remaining: Vec<NodeIndex>,
    pub(super) done: HashSet<NodeIndex>,
    pub(super) failed: HashSet<NodeIndex>,
    pub(super) pulse: Pulse,
    pub(super) unserved: Unserved,
}

impl<'a, 's> Planner<'a, 's> {
    /// Ready to walk.
    pub fn new(input: &'a Input<'a>, scopes: Evaluator<'s>) -> Self {
        let mut secrets = Secrets::of(input.state.objects().map(|(_, instance)| &instance.attrs));
        secrets.add(scopes.module(&ModulePath::default()).into_iter().flat_map(|root| root.given.values()));
        secrets.seek();
        Planner {
            input,
            scopes,
            secrets,
            changes: BTreeMap::new(),
            read: HashMap::new(),
            answers: BTreeMap::new(),
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
            unserved: Unserved::new(),
        }
    }

    /// The secrets that must not be shown of any object, as far as they were known before the walk.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Gives the walk what a data source said.
    pub fn supply(&mut self, address: Address, result: Result<Attrs, Diagnostic>) {
        self.read.insert(address, result);
    }

    /// The target groups whose targets the plan touches, once the walk is over.
    pub fn health_wanted(&self) -> Vec<HealthRead> {
        match service_check::level(self.input.root) {
            Some(_) if !self.input.options.destroy && !self.input.options.validate => {
                let schema = |address: &Address| self.input.schemas.resource(&address.resource.type_name);
                service_check::groups(self.changes.values(), schema)
            }
            _ => Vec::new(),
        }
    }

    /// Gives what a target group says of its targets.
    pub fn supply_health(&mut self, group: String, targets: Vec<Heard>) {
        self.pulse.groups.insert(group, targets);
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
        let paths = self.scopes.instances_of(&call_names(&r.module));
        if self.node_of(r).is_none() {
            return true;
        }
        match self.scopes.module(&r.module) {
            None => !paths.is_empty(),
            Some(module) => module.resource(&key).is_some_and(|block| !block.expansion.keys().contains(&address.key)),
        }
    }

    /// The node of a resource, if the layout has its block.
    pub(super) fn node_of(&self, r: &ResourceAddress) -> Option<NodeIndex> {
        let item = Item::Resource((r.mode, r.type_name.clone(), r.name.clone()));
        self.input.graph.find(&Node { path: CallPath(Arc::new(call_names(&r.module))), item })
    }

    /// The node of an output of the root module.
    pub(super) fn node_of_output(&self, name: &Name) -> Option<NodeIndex> {
        self.input.graph.find(&Node { path: CallPath::default(), item: Item::Output(name.clone()) })
    }

    /// Marks an address of the state as taken by the layout.
    pub(super) fn claim(&mut self, address: &Address) {
        self.claimed.insert(address.clone());
    }
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
