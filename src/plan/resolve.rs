//! The wanted object of a step at the moment it is done: the planned one with its unknown parts
//! filled in from what became known. It decides nothing: what the plan knew stays as planned.

use super::change::Change;
use super::input::ProviderFacts;
use super::instance::{arguments, with_provider};
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::{ConditionKind, Resource};
use crate::schema::{Attribute, Attrs, Schema, Schemas};
use crate::value::Value;
use crate::value::address::Mode;

/// The block of an address in the layout, and what its instance sees.
pub fn place(scopes: &Evaluator<'_>, change: &Change) -> Option<(Resource, Locality)> {
    let r = &change.address.resource;
    let key = (r.mode, r.type_name.clone(), r.name.clone());
    let module = scopes.module(&r.module)?;
    let block = module.node.module.resources.get(&key)?.clone();
    let planned = &module.resource(&key)?.expansion;
    let repetition = scopes.repetition(&r.module, planned, block.for_each.as_ref(), &change.address.key);
    Some((block, Locality { repetition, ..Locality::default() }))
}

/// The object that the step of `change` shall bring about; wholly known. What only AWS decides is
/// null in it.
pub fn wanted(
    scopes: &Evaluator<'_>,
    change: &Change,
    schemas: &dyn Schemas,
    facts: &ProviderFacts,
) -> Result<Attrs, Diagnostics> {
    let r = &change.address.resource;
    let lost = || {
        Diagnostic::error("The layout no longer holds what the plan was made from")
            .code("plan-inconsistent")
            .about(&change.address)
    };
    let (block, local) = place(scopes, change).ok_or_else(lost)?;
    let found = match r.mode {
        Mode::Managed => schemas.resource(&r.type_name),
        Mode::Data => schemas.data(&r.type_name),
    };
    let schema: &Schema = found.ok_or_else(lost)?;
    let conditions = super::conditions::evaluate(
        scopes,
        &r.module,
        &local,
        &block.lifecycle.preconditions,
        ConditionKind::Precondition,
    );
    let (config, problems) = arguments(scopes, &r.module, &block, &local, schema).ok_or_else(lost)?;
    let mut problems: Diagnostics = conditions.into_iter().chain(problems).map(|d| d.about(&change.address)).collect();
    let config = with_provider(config, schema, facts);
    let mut want = Vec::new();
    for row in &schema.attributes {
        let planned = change.after.as_ref().and_then(|a| a.get(row.name));
        match fill(row, planned, config.get(row.name)) {
            Some(value) => want.push((row.name, row.marked(&value))),
            None => problems.push(
                Diagnostic::error("A value is still not known")
                    .code("unknown-value")
                    .detail(format!(
                        "{:?} depends on a value that is still not known after everything it needs is done.",
                        row.name
                    ))
                    .at(block.span.clone())
                    .about(&change.address),
            ),
        }
    }
    problems.into_result(want.into_iter().collect())
}

/// The value that the plan knew, else the layout's now, else nothing.
fn fill(row: &Attribute, planned: Option<&Value>, given: Option<&Value>) -> Option<Value> {
    let planned = planned.filter(|_| !row.write_only);
    match (planned, given) {
        (Some(planned), _) if planned.is_wholly_known() => Some(planned.clone()),
        (_, Some(given)) if !given.is_null() => given.is_wholly_known().then(|| given.clone()),
        _ => Some(Value::null(row.ty.clone())),
    }
}
