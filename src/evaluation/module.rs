//! The values of one module instance.

use super::Expansion;
use crate::diag::Diagnostics;
use crate::lang::config::{ModuleNode, ResourceKey};
use crate::value::address::{InstanceKey, ModulePath};
use crate::value::{Name, Type, Value};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// One module instance.
pub struct ModuleScope {
    /// The blocks.
    pub node: Arc<ModuleNode>,
    /// Which instance.
    pub path: ModulePath,
    /// The directory as seen from the root module: `path.module`.
    pub dir: String,
    /// The values given to the root module's variables; empty in others.
    pub given: BTreeMap<Name, Value>,
    /// The instances of each module call that was expanded.
    pub(super) calls: HashMap<Name, Expansion>,
    /// The instances of each resource that was expanded.
    pub(super) resources: HashMap<ResourceKey, ResourceValues>,
    /// The outputs whose inputs are all in place.
    pub(super) announced: HashSet<Name>,
    pub(super) memo_variables: Memo,
    pub(super) memo_locals: Memo,
    pub(super) memo_outputs: Memo,
}

impl ModuleScope {
    pub(super) fn new(node: Arc<ModuleNode>, path: ModulePath, dir: String) -> Self {
        ModuleScope {
            node,
            path,
            dir,
            given: BTreeMap::new(),
            calls: HashMap::new(),
            resources: HashMap::new(),
            announced: HashSet::new(),
            memo_variables: Memo::default(),
            memo_locals: Memo::default(),
            memo_outputs: Memo::default(),
        }
    }

    /// The instances of a resource, if it was expanded.
    pub fn resource(&self, key: &ResourceKey) -> Option<&ResourceValues> {
        self.resources.get(key)
    }
}

/// The instances of one resource.
pub struct ResourceValues {
    /// How it repeats.
    pub expansion: Expansion,
    instances: BTreeMap<InstanceKey, Value>,
    assembled: OnceCell<Value>,
}

impl ResourceValues {
    pub(super) fn new(expansion: Expansion) -> Self {
        ResourceValues { expansion, instances: BTreeMap::new(), assembled: OnceCell::new() }
    }

    pub(super) fn set(&mut self, key: InstanceKey, value: Value) {
        self.instances.insert(key, value);
        self.assembled.take();
    }

    /// One instance as an expression sees it; none before it is planned.
    pub fn get(&self, key: &InstanceKey) -> Option<&Value> {
        self.instances.get(key)
    }

    /// All instances as an expression sees them: an object, a tuple or an object of objects.
    pub fn value(&self) -> Value {
        let instance =
            |key: InstanceKey| Ok(self.instances.get(&key).cloned().unwrap_or(Value::unknown(Type::Dynamic)));
        let assemble = || self.expansion.assemble(instance).unwrap_or(Value::unknown(Type::Dynamic));
        self.assembled.get_or_init(assemble).clone()
    }
}

/// Evaluated values by name. A failure is kept as well: it is found once.
#[derive(Default)]
pub(super) struct Memo(RefCell<HashMap<Name, (u64, Result<Value, Diagnostics>)>>);

impl Memo {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.get_mut().clear();
    }

    /// The remembered value, unless it had unknown parts before `epoch`; else the result of `evaluate`.
    pub fn get(
        &self,
        name: &Name,
        epoch: u64,
        evaluate: impl FnOnce() -> Result<Value, Diagnostics>,
    ) -> Result<Value, Diagnostics> {
        if let Some((at, result)) = self.0.borrow().get(name) {
            let still_valid = *at == epoch || result.as_ref().map_or(true, Value::is_wholly_known);
            if still_valid {
                return result.clone();
            }
        }
        let result = evaluate();
        self.0.borrow_mut().insert(name.clone(), (epoch, result.clone()));
        result
    }
}
