//! The values of a layout: per module instance its variables, locals, outputs and resource
//! instances. The planner fills in what resources will be, apply what they became; everything else
//! is evaluated from those on demand.
//!
//! Pure. A value with unknown parts is evaluated again once something became known; a wholly known one changes only
//! where what it is made of is read again at the end of an apply.

mod expand;
mod module;

pub use expand::{Expansion, Repetition, expand, expand_call, expand_resource, expansion_of_keys};
pub use module::{ModuleScope, ResourceValues};

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::config::{ModuleCall, ModuleNode, is_ephemeral, undeclared};
use crate::lang::eval::{self, Scope};
use crate::lang::expr::Expr;
use crate::lang::funcs;
use crate::lang::refs::{Reference, Subject};
use crate::value::address::{InstanceKey, Mode, ModulePath};
use crate::value::{Name, Type, Value};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The values of all module instances of a layout.
pub struct Evaluator<'a> {
    modules: HashMap<ModulePath, ModuleScope>,
    functions: &'a funcs::Context<'a>,
    workspace: String,
    cwd: String,
    /// Whether every output can be evaluated. Until then only those that were announced can: the
    /// others would be remembered without what they are made of.
    complete: bool,
    /// How many instances of blocks there are.
    instances: usize,
    /// Whether it was said that there are too many.
    too_many: Cell<bool>,
    /// Whether a layout is validated: no variable has a value, whatever its default.
    validating: bool,
    /// Counts what became known; values evaluated before the last count are evaluated again.
    epoch: Cell<u64>,
}

impl<'a> Evaluator<'a> {
    /// The root module with the values of its variables; no child module instances yet.
    pub fn new(
        root: &Arc<ModuleNode>,
        variables: BTreeMap<Name, Value>,
        functions: &'a funcs::Context<'a>,
        cwd: String,
    ) -> Self {
        let mut scope = ModuleScope::new(root.clone(), ModulePath::default(), ".".into());
        scope.given = variables;
        let modules = HashMap::from([(ModulePath::default(), scope)]);
        let workspace = "default".into();
        let (too_many, epoch) = (Cell::new(false), Cell::new(0));
        let (complete, instances, validating) = (false, 0, false);
        Evaluator { modules, functions, workspace, cwd, complete, instances, too_many, validating, epoch }
    }

    /// The same for a layout that is only validated: what is said of a variable holds for every value that it can have.
    pub fn validating(self) -> Self {
        Evaluator { validating: true, ..self }
    }

    /// The same in another workspace than the default one.
    pub fn in_workspace(self, workspace: String) -> Self {
        Evaluator { workspace, ..self }
    }

    /// The same values, with functions that see another world.
    pub fn with_functions<'b>(self, functions: &'b funcs::Context<'b>) -> Evaluator<'b> {
        let Evaluator { modules, workspace, cwd, complete, instances, too_many, validating, epoch, .. } = self;
        Evaluator { modules, functions, workspace, cwd, complete, instances, too_many, validating, epoch }
    }

    /// All module instances, the root among them, by their paths.
    pub fn all(&self) -> impl Iterator<Item = &ModuleScope> {
        let mut all: Vec<&ModuleScope> = self.modules.values().collect();
        all.sort_by_key(|module| module.path.clone());
        all.into_iter()
    }

    /// The scope of a module instance.
    pub fn module(&self, path: &ModulePath) -> Option<&ModuleScope> {
        self.modules.get(path)
    }

    /// All module instances that a way of calls leads to, in order of their keys.
    pub fn instances_of(&self, calls: &[Name]) -> Vec<ModulePath> {
        let mut paths = vec![ModulePath::default()];
        for name in calls {
            paths = paths.iter().flat_map(|path| self.children_of(path, name)).collect();
        }
        paths
    }

    /// The same, of those that `own` sees: where the ways go through one call, through one instance.
    pub fn instances_beside(&self, own: &ModulePath, calls: &[Name]) -> Vec<ModulePath> {
        let shared = own.0.iter().zip(calls).take_while(|((name, _), call)| name == *call).count();
        let mut paths = vec![ModulePath(own.0[..shared].to_vec().into())];
        for name in &calls[shared..] {
            paths = paths.iter().flat_map(|path| self.children_of(path, name)).collect();
        }
        paths
    }

    /// The instances of a call in a module instance.
    fn children_of(&self, path: &ModulePath, name: &Name) -> Vec<ModulePath> {
        let expansion = self.modules.get(path).and_then(|m| m.calls.get(name));
        expansion.into_iter().flat_map(|e| e.keys()).map(|key| path.child(name.clone(), key)).collect()
    }

    /// Whether the module instance certainly exists: none of the calls that lead to it has an unknown number of
    /// instances.
    pub fn is_certain(&self, path: &ModulePath) -> bool {
        path.0.iter().enumerate().all(|(i, (name, _))| {
            let caller = self.modules.get(&ModulePath(path.0[..i].to_vec().into()));
            caller.and_then(|m| m.calls.get(name)) != Some(&Expansion::Unknown)
        })
    }

    /// Makes the instances of a module call.
    pub fn expand_call(&mut self, path: &ModulePath, name: &Name, expansion: Expansion) {
        let Some(caller) = self.modules.get_mut(path) else { return };
        let Some(node) = caller.node.children.get(name).cloned() else { return };
        let dir = node.module.path.clone();
        caller.calls.insert(name.clone(), expansion.clone());
        self.instances += expansion.instances();
        for key in expansion.keys() {
            let child = path.child(name.clone(), key);
            self.modules.insert(child.clone(), ModuleScope::new(node.clone(), child, dir.clone()));
        }
    }

    /// The same before anything is planned, for what only needs the values that the call gives.
    pub fn place_call(&mut self, path: &ModulePath, name: &Name, expansion: Expansion) {
        let instances = self.instances;
        self.expand_call(path, name, expansion);
        self.instances = instances;
    }

    /// The directory of the root module, absolute.
    pub fn cwd(&self) -> &str {
        &self.cwd
    }

    /// Makes one module instance, and those above it, where they are not there: for what only knows its own object.
    pub fn place_module(&mut self, path: &ModulePath) {
        for (i, (name, _)) in path.0.iter().enumerate() {
            let above = ModulePath(path.0[..i].to_vec().into());
            let own = ModulePath(path.0[..=i].to_vec().into());
            let Some(caller) = self.modules.get(&above).filter(|_| !self.modules.contains_key(&own)) else { continue };
            let Some(node) = caller.node.children.get(name).cloned() else { return };
            let dir = node.module.path.clone();
            let scope = ModuleScope::new(node, own.clone(), dir);
            self.modules.insert(own, scope);
        }
    }

    /// Makes room for the instances of a resource.
    pub fn expand_resource(&mut self, path: &ModulePath, key: &crate::lang::config::ResourceKey, expansion: Expansion) {
        if let Some(module) = self.modules.get_mut(path) {
            self.instances += expansion.instances();
            module.resources.insert(key.clone(), ResourceValues::new(expansion));
        }
    }

    /// Sets the value of one resource instance.
    pub fn set_instance(
        &mut self,
        path: &ModulePath,
        key: &crate::lang::config::ResourceKey,
        instance: &InstanceKey,
        value: Value,
    ) {
        if let Some(values) = self.modules.get_mut(path).and_then(|m| m.resources.get_mut(key)) {
            values.set(instance.clone(), value);
        }
    }

    /// Says that all that an output is made of is in place.
    pub fn announce_output(&mut self, path: &ModulePath, name: &Name) {
        if let Some(module) = self.modules.get_mut(path) {
            module.announced.insert(name.clone());
        }
    }

    /// Says that everything is in place, so that every output can be evaluated.
    pub fn complete(&mut self) {
        self.complete = true;
    }

    /// Says that something became known since the last call: what was evaluated with unknown parts
    /// is evaluated again when it is next asked for.
    pub fn something_became_known(&self) {
        self.epoch.set(self.epoch.get() + 1);
    }

    /// Says that a known value is another now, so that all variables, locals and outputs are evaluated again.
    pub fn something_changed(&mut self) {
        for module in self.modules.values_mut() {
            module.memo_variables.clear();
            module.memo_locals.clear();
            module.memo_outputs.clear();
        }
    }

    /// The repetition that the instance `key` of a block sees. Where `each.value` was not known when the block was
    /// expanded, `for_each` is evaluated again.
    pub fn repetition(
        &self,
        path: &ModulePath,
        planned: &Expansion,
        for_each: Option<&Expr>,
        key: &InstanceKey,
    ) -> Repetition {
        let repetition = planned.repetition(key);
        let (Some((name, value)), Some(expr), InstanceKey::Key(k)) = (&repetition.each, for_each, key) else {
            return repetition;
        };
        if value.is_wholly_known() {
            return repetition;
        }
        let now = self.eval(path, expr, &Locality::default()).ok();
        let value = now.as_ref().and_then(|v| v.get(k)).unwrap_or(value);
        Repetition { each: Some((name.clone(), value.clone())), count: repetition.count }
    }

    /// Evaluates an expression of a module instance.
    pub fn eval(&self, path: &ModulePath, expr: &Expr, local: &Locality) -> Result<Value, Diagnostics> {
        let scope = self.at(path, local).ok_or_else(|| gone(path))?;
        eval::eval(expr, &scope)
    }

    /// Adds the values of the references in an expression of a module instance to what is wrong with its value.
    pub fn explain(&self, path: &ModulePath, expr: &Expr, local: &Locality, d: Diagnostic) -> Diagnostic {
        match self.at(path, local) {
            Some(scope) => eval::explain(d, expr, &scope),
            None => d,
        }
    }

    /// The scope for expressions of a module instance.
    pub fn at<'s>(&'s self, path: &ModulePath, local: &'s Locality) -> Option<Located<'s, 'a>> {
        Some(Located { scopes: self, module: self.modules.get(path)?, local })
    }

    /// The value of a variable in a module instance, converted and marked, its default filled in.
    pub fn variable(&self, path: &ModulePath, name: &Name) -> Result<Value, Diagnostics> {
        let module = self.modules.get(path).ok_or_else(|| gone(path))?;
        module.memo_variables.get(name, self.epoch.get(), || self.evaluate_variable(module, name))
    }

    fn evaluate_variable(&self, module: &ModuleScope, name: &Name) -> Result<Value, Diagnostics> {
        let Some(variable) = module.node.module.variables.get(name) else { return Err(gone(&module.path)) };
        let mut argument = None;
        let (given, span) = match self.caller(module) {
            None => (module.given.get(name).cloned(), variable.span.clone()),
            Some((outer, call, key)) => match call.arguments.get(name) {
                Some((span, expr)) => {
                    let planned = outer.calls.get(&call.name);
                    let repetition = planned
                        .map(|e| self.repetition(&outer.path, e, call.for_each.as_ref(), key))
                        .unwrap_or_default();
                    let local = Locality { repetition, ..Locality::default() };
                    let value = self.eval(&outer.path, expr, &local)?;
                    argument = Some((&outer.path, expr, local));
                    (Some(value), span.clone())
                }
                None => (None, call.span.clone()),
            },
        };
        let value = match given {
            Some(v) if !v.is_null() || variable.nullable => v,
            _ => match &variable.default {
                Some(default) => default.clone(),
                None => {
                    let d = Diagnostic::error(format!("No value for variable {name:?}")).code("missing-value");
                    return Err(d
                        .detail("The variable has no default, so a value that is not null is required.")
                        .at(span)
                        .into());
                }
            },
        };
        let converted = variable.constraint.apply(&value).map_err(|e| {
            let at = if e.path.is_empty() { String::new() } else { format!("{}: ", e.path) };
            let d = Diagnostic::error(format!("Invalid value for variable {name:?}"))
                .code("invalid-variable")
                .detail(format!("The value does not have the type of the variable: {at}{}.", e.message))
                .at(span);
            match argument.filter(|_| !variable.sensitive) {
                Some((path, expr, local)) => self.explain(path, expr, &local, d),
                None => d,
            }
        })?;
        let value = match (self.validating, variable.nullable) {
            (false, _) => converted,
            (true, true) => Value::unknown(variable.constraint.ty()),
            (true, false) => Value::unknown_not_null(variable.constraint.ty()),
        };
        Ok(value.mark(variable.sensitive))
    }

    fn caller<'s>(&'s self, module: &'s ModuleScope) -> Option<(&'s ModuleScope, &'s ModuleCall, &'s InstanceKey)> {
        let outer = self.modules.get(&module.path.parent()?)?;
        let (name, key) = module.path.0.last()?;
        Some((outer, outer.node.module.calls.get(name)?, key))
    }

    /// The value of a local in a module instance.
    pub fn local(&self, path: &ModulePath, name: &Name) -> Result<Value, Diagnostics> {
        let module = self.modules.get(path).ok_or_else(|| gone(path))?;
        let Some(local) = module.node.module.locals.get(name) else { return Err(gone(path)) };
        module.memo_locals.get(name, self.epoch.get(), || self.eval(path, &local.expr, &Locality::default()))
    }

    /// The value of an output of a module instance.
    pub fn output(&self, path: &ModulePath, name: &Name) -> Result<Value, Diagnostics> {
        let module = self.modules.get(path).ok_or_else(|| gone(path))?;
        let Some(output) = module.node.module.outputs.get(name) else { return Err(gone(path)) };
        module.memo_outputs.get(name, self.epoch.get(), || {
            let value = self.eval(path, &output.expr, &Locality::default())?;
            let value = match &output.constraint {
                None => value,
                Some(constraint) => constraint.apply(&value).map_err(|e| {
                    Diagnostic::error(format!("Invalid value for output {name:?}"))
                        .code("wrong-type")
                        .detail(format!("The value does not have the type of the output: {e}."))
                        .at(output.expr.span())
                })?,
            };
            Ok(value.mark(output.sensitive && !path.is_root()))
        })
    }

    /// The outputs of all instances of a module call, as the caller sees them.
    fn module_value(&self, module: &ModuleScope, name: &Name) -> Result<Value, Diagnostics> {
        let Some(expansion) = module.calls.get(name) else { return Ok(Value::unknown(Type::Dynamic)) };
        let Some(child) = module.node.children.get(name) else { return Err(gone(&module.path)) };
        let instance = |key: InstanceKey| -> Result<Value, Diagnostics> {
            let path = module.path.child(name.clone(), key);
            let announced = self.modules.get(&path).map(|m| &m.announced);
            let output = |o: &Name| match self.complete || announced.is_some_and(|a| a.contains(o)) {
                true => self.output(&path, o),
                false => Ok(Value::unknown(Type::Dynamic)),
            };
            let outputs = child.module.outputs.keys().map(|o| Ok((o.clone(), output(o)?)));
            Ok(Value::object(outputs.collect::<Result<Vec<_>, Diagnostics>>()?))
        };
        expansion.assemble(instance)
    }
}

/// The values that only some places of a module have: `each`, `count`, `self`.
#[derive(Debug, Clone, Default)]
pub struct Locality {
    /// Of the instance that is evaluated.
    pub repetition: Repetition,
    /// `self`
    pub this: Option<Value>,
    /// A data source that only a `check` block sees.
    pub data: Option<(Name, Name, Value)>,
}

/// A module instance as scope of an expression.
pub struct Located<'s, 'a> {
    scopes: &'s Evaluator<'a>,
    module: &'s ModuleScope,
    local: &'s Locality,
}

impl Scope for Located<'_, '_> {
    fn subject(&self, subject: &Subject, span: &Span) -> Result<Value, Diagnostic> {
        let missing = |what: &str| {
            Diagnostic::error(format!("Reference to {what} where there is none")).code("instance-key").at(span.clone())
        };
        let first = |all: Diagnostics| {
            let mut all = all.into_iter();
            all.next().unwrap_or_else(|| missing("a value"))
        };
        let path = &self.module.path;
        let module = &self.module.node.module;
        // Reading a layout finds this, except in the content of dynamic blocks.
        let undeclared = || undeclared(module, subject).unwrap_or_else(|| missing(&subject.to_string()));
        match subject {
            Subject::Variable(name) if !module.variables.contains_key(name) => Err(undeclared()),
            Subject::Local(name) if !module.locals.contains_key(name) => Err(undeclared()),
            Subject::Module(name) if !module.calls.contains_key(name) => Err(undeclared()),
            Subject::Variable(name) => self.scopes.variable(path, name).map_err(first),
            Subject::Local(name) => self.scopes.local(path, name).map_err(first),
            Subject::Module(name) => self.scopes.module_value(self.module, name).map_err(first),
            Subject::Resource { mode, type_name, name } => {
                if let Some((own_type, own_name, value)) = &self.local.data
                    && *mode == Mode::Data
                    && (own_type, own_name) == (type_name, name)
                {
                    return Ok(value.clone());
                }
                let key = (*mode, type_name.clone(), name.clone());
                if !module.resources.contains_key(&key) {
                    return Err(undeclared());
                }
                Ok(self.module.resources.get(&key).map_or(Value::unknown(Type::Dynamic), ResourceValues::value))
            }
            Subject::EachKey => {
                self.local.repetition.each.as_ref().map(|e| e.0.clone()).ok_or_else(|| missing("\"each\""))
            }
            Subject::EachValue => {
                self.local.repetition.each.as_ref().map(|e| e.1.clone()).ok_or_else(|| missing("\"each\""))
            }
            Subject::CountIndex => {
                self.local.repetition.count.map(|i| Value::from(i as i64)).ok_or_else(|| missing("\"count\""))
            }
            Subject::SelfObject => self.local.this.clone().ok_or_else(|| missing("\"self\"")),
            Subject::Path(name) => Ok(match name.as_ref() {
                "module" => Value::string(&self.module.dir),
                "root" => Value::string("."),
                "cwd" => Value::string(&self.scopes.cwd),
                other => {
                    let d = Diagnostic::error(format!("path has no attribute {other:?}"))
                        .code("unsupported-attribute")
                        .at(span.clone());
                    return Err(d.hint("It has path.module, path.root and path.cwd."));
                }
            }),
            Subject::Terraform(name) => match name.as_ref() {
                "workspace" => Ok(Value::string(&self.scopes.workspace)),
                other => Err(Diagnostic::error(format!("terraform has no attribute {other:?}"))
                    .code("unsupported-attribute")
                    .at(span.clone())
                    .hint("It has terraform.workspace.")),
            },
        }
    }

    fn functions(&self) -> &funcs::Context<'_> {
        self.scopes.functions
    }

    fn is_ephemeral(&self, reference: &Reference) -> bool {
        is_ephemeral(&self.module.node, reference)
    }
}

fn gone(path: &ModulePath) -> Diagnostics {
    Diagnostic::error(format!("{path} has no such value")).code("unsupported-attribute").into()
}
