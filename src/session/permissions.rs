//! The permissions without which a layout cannot be planned and applied: the actions of the types that it uses, and
//! those on the objects of its state. AWS is not asked.

use super::{Layout, World, state};
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Evaluator;
use crate::lang::config::{Resource, Variable};
use crate::lang::expr::Block;
use crate::objects::State;
use crate::plan::{Input, Options, Planner};
use crate::report::policy::Statement;
use crate::resources::Types;
use crate::resources::permissions::{Scope, declared, of_arguments, of_data, of_resource};
use crate::value::address::{Mode, Target};
use crate::value::{Name, Value};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// The call that each connection makes, to learn whose the credentials are.
const IDENTITY: &str = "sts:GetCallerIdentity";

/// The types that a layout uses, each with the arguments that its blocks give.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Resource types.
    resources: BTreeMap<Name, BTreeSet<Name>>,
    /// Data sources, and the types of `ephemeral` blocks.
    data: BTreeMap<Name, BTreeSet<Name>>,
}

impl Used {
    /// The types of all blocks of a layout that may have an instance: where their number hangs on a variable without a
    /// value, or on what only AWS knows, they may.
    pub fn of(layout: &Layout, given: BTreeMap<Name, Value>, world: &Rc<World>) -> Result<Self, Diagnostics> {
        let root = &layout.loaded.root;
        let unknown =
            |(name, v): (&Name, &Variable)| (name.clone(), Value::unknown(v.constraint.ty()).mark(v.sensitive));
        let mut variables: BTreeMap<Name, Value> = root.module.variables.iter().map(unknown).collect();
        variables.extend(given);
        let functions = world.functions(true, None);
        let functions = functions.context();
        let options = Options { validate: true, ..Options::default() };
        let input = Input {
            root,
            graph: &layout.graph,
            schemas: &Types,
            state: &State::new("", ""),
            moved: &HashMap::new(),
            live: &HashMap::new(),
            imports: &HashMap::new(),
            providers: &HashMap::new(),
            options: &options,
        };
        let mut planner = Planner::new(&input, world.evaluator(root, variables, &functions));
        planner.advance();
        let mut used = Used::in_blocks(&planner.scopes);
        let problems = planner.into_problems();
        if problems.has_errors() {
            return Err(problems);
        }
        // Their objects are in the state, or will be.
        let imported = root.module.imports.iter().map(|block| block.to.type_name.clone());
        let removed = root.module.removed.iter().filter_map(|block| match &block.from {
            Target::Module(_) => None,
            Target::Resource(resource) => Some(resource.type_name.clone()),
            Target::Instance(address) => Some(address.resource.type_name.clone()),
        });
        for name in imported.chain(removed) {
            used.resources.entry(name).or_default();
        }
        Ok(used)
    }

    /// Adds the types of another layout.
    pub fn add(&mut self, other: Self) {
        for (name, arguments) in other.resources {
            self.resources.entry(name).or_default().extend(arguments);
        }
        for (name, arguments) in other.data {
            self.data.entry(name).or_default().extend(arguments);
        }
    }

    fn in_blocks(scopes: &Evaluator<'_>) -> Self {
        let mut used = Used::default();
        for scope in scopes.all() {
            let module = &scope.node.module;
            for (key, block) in &module.resources {
                let Some(values) = scope.resource(key) else {
                    used.block(key.0, block, |_| true);
                    continue;
                };
                let instances = values.expansion.keys();
                let empty = |value: &Value| value.is_null() || value.as_str() == Some("");
                let given = |name: &str| {
                    let value = |key| values.get(key)?.get(name);
                    instances.iter().any(|key| !value(key).is_some_and(empty))
                };
                if !instances.is_empty() {
                    used.block(key.0, block, given);
                }
            }
            let of_checks = module.checks.values().filter_map(|check| check.data.as_ref());
            of_checks.for_each(|block| used.block(Mode::Data, block, |_| true));
        }
        used
    }

    /// A block, with those of the arguments that it names that are `given` a value.
    fn block(&mut self, mode: Mode, block: &Resource, given: impl Fn(&str) -> bool) {
        let types = if mode == Mode::Data { &mut self.data } else { &mut self.resources };
        let arguments = types.entry(block.type_name.clone()).or_default();
        arguments.extend(block.body.attributes().map(|attribute| attribute.name).filter(|name| given(name)));
        let name = |inner: Block| match (&*inner.ident, inner.labels.first()) {
            ("dynamic", Some((name, _))) => name.clone(),
            _ => inner.ident,
        };
        arguments.extend(block.body.blocks().map(name));
    }

    /// The actions on all of them, as IAM names them.
    pub fn actions(&self, scope: Scope) -> BTreeSet<&'static str> {
        let mut all = BTreeSet::new();
        for (name, arguments) in &self.resources {
            all.extend(of_resource(name, scope));
            all.extend(of_arguments(name, scope, |argument| arguments.contains(argument)));
        }
        for (name, arguments) in &self.data {
            all.extend(of_data(name));
            all.extend(of_arguments(&format!("data.{name}"), scope, |argument| arguments.contains(argument)));
        }
        if all.is_empty() { all } else { all.into_iter().chain([IDENTITY]).collect() }
    }

    /// What is allowed under conditions: to hand roles to the services that objects of these types hand them to.
    pub fn conditional(&self, scope: Scope) -> Vec<Statement> {
        let passes = self.resources.keys().filter_map(|name| declared(name)).flat_map(|actions| actions.passes);
        let services: BTreeSet<&&str> = passes.filter(|_| scope == Scope::Write).collect();
        let passing = Statement {
            name: "PassRole".into(),
            actions: BTreeSet::from(["iam:PassRole".into()]),
            resources: vec!["*".into()],
            condition: Some(json!({ "StringEquals": { "iam:PassedToService": services } })),
        };
        if services.is_empty() { Vec::new() } else { vec![passing] }
    }
}

/// What `drift --blame` needs besides.
pub fn on_events() -> Statement {
    Statement {
        name: "Events".into(),
        actions: BTreeSet::from(["cloudtrail:LookupEvents".into()]),
        resources: vec!["*".into()],
        condition: None,
    }
}

/// What is done with the objects of a state that is kept in a bucket, and with the keys that seal it. `given` are the
/// arguments that its block leaves out.
pub fn on_state(layout: &Layout, given: &[String], scope: Scope) -> Result<Vec<Statement>, Diagnostics> {
    let Some(block) = state::place(layout, given)?.filter(|place| &*place.kind == "s3") else {
        return Err(Diagnostic::error("The state of the layout is in no bucket")
            .code("usage")
            .detail("--backend adds what is allowed on the objects of the state.")
            .hint("Leave the option out, or name a bucket in a backend \"s3\" block.")
            .into());
    };
    let s3 = state::in_bucket(&block)?;
    let (bucket, key) = (&s3.bucket, s3.key_of(layout.location(None).workspace.as_deref()));
    let named = |all: &[&str], more: &[&str]| {
        let more = if scope == Scope::Write { more } else { &[] };
        all.iter().chain(more).map(|action| (*action).to_owned()).collect()
    };
    let statement = |name: &str, actions, resource: String| Statement {
        name: name.into(),
        actions,
        resources: vec![resource],
        condition: None,
    };
    let objects = named(&["s3:GetObject"], &["s3:PutObject", "s3:DeleteObject"]);
    let mut all = vec![
        statement("StateObjects", objects, format!("arn:aws:s3:::{bucket}/{key}*")),
        statement("StateBucket", named(&["s3:ListBucket"], &[]), format!("arn:aws:s3:::{bucket}")),
    ];
    let on_key = |name: &str, actions, id: &str| match (id.rsplit_once("alias/"), id.starts_with("arn:")) {
        // A policy names keys; an alias is a condition on them.
        (Some((_, alias)), _) => Statement {
            condition: Some(json!({
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": format!("alias/{alias}") }
            })),
            ..statement(name, actions, "arn:aws:kms:*:*:key/*".into())
        },
        (None, true) => statement(name, actions, id.to_owned()),
        (None, false) => statement(name, actions, format!("arn:aws:kms:*:*:key/{id}")),
    };
    if let Some(id) = &s3.encryption.key {
        all.push(on_key("StateKey", named(&["kms:Decrypt"], &["kms:GenerateDataKey"]), id));
    }
    // A plan that is saved seals as well.
    if let Some(id) = &s3.seal_key {
        all.push(on_key("SealKey", named(&["kms:Decrypt", "kms:GenerateDataKey"], &[]), id));
    }
    Ok(all)
}
