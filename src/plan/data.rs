//! The plan of one data source: read now, or during apply where its arguments are not known yet.

use super::change::{Action, Change, Reason};
use super::conditions::Place;
use super::instance::{arguments, depends_on, provider_of, unknown_data_source};
use super::planner::{DataRead, Planner, Site, resource_address};
use crate::evaluation::Locality;
use crate::lang::config::{ConditionKind, Resource, references};
use crate::lang::refs::{Reference, Subject};
use crate::objects::Slot;
use crate::schema::secrecy::hidden;
use crate::schema::secrets::Secrets;
use crate::schema::{Attrs, Schema, complete, exposed};
use crate::value::address::{Address, InstanceKey, Mode, ModulePath};
use crate::value::{Type, Value};
use petgraph::graph::NodeIndex;

/// How far planning came.
pub(super) enum Outcome {
    /// Its attributes, known or not.
    Value(Value),
    /// It has to be read first.
    Waits,
    /// An error was found.
    Failed,
}

pub(super) fn plan(p: &mut Planner<'_, '_>, site: &Site<'_>) -> Outcome {
    let schemas = p.input.schemas;
    let Some(schema) = schemas.data(&site.key.1) else {
        p.problems.push(unknown_data_source(site, &schemas.names(true)));
        return Outcome::Failed;
    };
    if let Some(result) = p.read.remove(site.address) {
        return finish(p, site, schema, result);
    }
    let place = Place { path: site.path, local: site.local, about: Some(site.address) };
    super::conditions::all(p, &place, &site.block.lifecycle.preconditions, ConditionKind::Precondition);
    let Some((config, found)) = arguments(&p.scopes, site.path, site.block, site.local, schema) else {
        return Outcome::Failed;
    };
    let errors = found.has_errors();
    p.problems.extend(found.into_iter().map(|d| d.about(site.address)));
    if errors {
        return Outcome::Failed;
    }
    let depends = depends_on(p, site);
    let action = |address: &Address| p.changes.get(&Slot::current(address.clone())).map_or(Action::NoOp, |c| c.action);
    let pending = (!site.block.depends_on.is_empty() && depends.iter().any(|d| action(d) != Action::NoOp))
        || named(p, site).iter().any(|d| action(d) == Action::Create || action(d).is_replace());
    p.depends.insert(site.address.clone(), depends.clone());
    if p.input.options.validate {
        return Outcome::Value(exposed::answer(Some(schema), &planned(schema, &config)));
    }
    let known = config.iter().all(|(_, v)| v.is_wholly_known());
    if known && !pending {
        let region = config.string("region");
        p.wanted_reads.push(DataRead { address: site.address.clone(), provider: provider_of(p, site), region, config });
        return Outcome::Waits;
    }
    let after = planned(schema, &config);
    let provider = provider_of(p, site);
    let region = p.input.providers.get(&provider).map(|f| f.region.clone()).unwrap_or_default();
    let change = Change {
        address: site.address.clone(),
        moved_from: None,
        deposed: None,
        region: after.string("region").unwrap_or(region),
        provider,
        action: Action::Read,
        reason: Some(if known { Reason::DependencyPending } else { Reason::ConfigUnknown }),
        id: None,
        importing: None,
        stored: None,
        before: None,
        after: Some(after.clone()),
        attributes: Vec::new(),
        depends_on: depends,
        create_before_destroy: false,
    };
    p.changes.insert(Slot::current(site.address.clone()), change);
    Outcome::Value(exposed::answer(Some(schema), &after))
}

/// The objects of its own module that a data source names. What it asks for may be there only when they are, even where
/// all its arguments are known: such as a database by the name that the layout gives it.
fn named(p: &Planner<'_, '_>, site: &Site<'_>) -> Vec<Address> {
    let instances = |reference: Reference| {
        let Subject::Resource { mode: Mode::Managed, type_name, name } = reference.subject else { return Vec::new() };
        let key = (Mode::Managed, type_name, name);
        let values = p.scopes.module(site.path).and_then(|module| module.resource(&key));
        let resource = resource_address(site.path, &key);
        values.into_iter().flat_map(|v| v.expansion.keys()).map(|key| resource.instance(key)).collect()
    };
    references(&site.block.body).into_iter().flat_map(instances).collect()
}

/// The answer of a check's own data source; unknown until apply where it has to be. That it cannot be read is a warning.
pub(super) fn of_check(p: &mut Planner<'_, '_>, path: &ModulePath, block: &Resource, index: NodeIndex) -> Outcome {
    let key = (Mode::Data, block.type_name.clone(), block.name.clone());
    let address = resource_address(path, &key).instance(InstanceKey::None);
    let local = Locality::default();
    let site = Site { path, key: &key, block, address: &address, local: &local, index };
    let Some(schema) = p.input.schemas.data(&key.1) else {
        p.problems.push(unknown_data_source(&site, &p.input.schemas.names(true)));
        return Outcome::Failed;
    };
    match p.read.remove(&address) {
        Some(Ok(answer)) => return Outcome::Value(exposed::answer(Some(schema), &complete(schema, &answer))),
        Some(Err(d)) => {
            p.problems.push(d.as_warning().about(&address).at(block.span.clone()));
            return Outcome::Failed;
        }
        None => {}
    }
    let Some((config, found)) = arguments(&p.scopes, path, block, &local, schema) else { return Outcome::Failed };
    let errors = found.has_errors();
    p.problems.extend(found.into_iter().map(|d| d.about(&address)));
    if errors {
        return Outcome::Failed;
    }
    if p.input.options.validate || !config.iter().all(|(_, v)| v.is_wholly_known()) {
        return Outcome::Value(Value::unknown(Type::Dynamic));
    }
    let region = config.string("region");
    p.wanted_reads.push(DataRead { provider: provider_of(p, &site), address, region, config });
    Outcome::Waits
}

fn finish(
    p: &mut Planner<'_, '_>,
    site: &Site<'_>,
    schema: &Schema,
    result: Result<Attrs, crate::diag::Diagnostic>,
) -> Outcome {
    let attrs = match result {
        Ok(attrs) => complete(schema, &attrs),
        Err(d) => {
            p.problems.push(d.about(site.address).at(site.block.span.clone()));
            return Outcome::Failed;
        }
    };
    let value = exposed::answer(Some(schema), &attrs);
    let this = Locality { this: Some(value.clone()), ..site.local.clone() };
    let place = Place { path: site.path, local: &this, about: Some(site.address) };
    super::conditions::all(p, &place, &site.block.lifecycle.postconditions, ConditionKind::Postcondition);
    Outcome::Value(value)
}

/// The arguments as given, unknown where only the answer has the value.
fn planned(schema: &Schema, config: &Attrs) -> Attrs {
    let row = |r: &crate::schema::Attribute| {
        let given = config.get(r.name).filter(|v| !v.is_null()).cloned();
        let value = match given {
            Some(v) => v,
            None if r.is_computed() => Value::unknown(r.ty.clone()),
            None => Value::null(r.ty.clone()),
        };
        (r.name, value.mark(r.sensitive))
    };
    let planned = schema.attributes.iter().map(row).collect();
    hidden(&schema.attributes, config, planned, &Secrets::default())
}
