//! The plan in the form of `terraform show -json`, so that tools made for it work.
//!
//! Format 1.2 as Terraform 1.11 writes it; `floorplan_version` says who wrote it. A sensitive value
//! appears only to who asks for it: else its place holds null. The `*_sensitive` fields mark it.

pub mod configuration;
mod diagnostic;
pub mod events;
mod tree;
pub(super) mod value;

pub use diagnostic::diagnostic;

use super::text::Schemas;
use crate::objects::State;
use crate::plan::change::{Action, Cause, Change, Drift, OutputChange, Plan, Reason, Undo};
use crate::plan::service_impact::ServiceImpact;
use crate::schema::{Attribute, Attrs};
use crate::value::address::{Address, InstanceKey, Mode};
use crate::value::{Value, type_json};
use serde_json::{Map, Value as Json, json};
use tree::Item;

/// The Terraform version whose formats these are; tools refuse documents without one.
pub const TERRAFORM_VERSION: &str = "1.11.4";
/// The source of the provider of AWS, as tools know it.
pub const PROVIDER: &str = "registry.terraform.io/hashicorp/aws";

/// How documents are written.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The rows of types.
    pub schemas: Schemas<'a>,
    /// Whether sensitive values are written, as Terraform does, instead of null.
    pub secrets: bool,
}

impl<'a> View<'a> {
    /// Without sensitive values.
    pub fn new(schemas: Schemas<'a>) -> Self {
        View { schemas, secrets: false }
    }

    /// The value as it is to be written.
    fn open(&self, value: &Value) -> Value {
        if self.secrets { value.unmark_deep() } else { value.clone() }
    }
}

/// The plan. `configuration` is what [`configuration::build`] makes of the layout, or null.
pub fn plan_json(plan: &Plan, view: View<'_>, configuration: &Json) -> Json {
    let mut out = Map::new();
    let mut put = |key: &str, value: Json| {
        out.insert(key.into(), value);
    };
    put("format_version", "1.2".into());
    put("terraform_version", TERRAFORM_VERSION.into());
    put("floorplan_version", env!("CARGO_PKG_VERSION").into());
    let variables =
        plan.meta.variables.iter().map(|(k, v)| (k.to_string(), json!({ "value": value::shown(&view.open(v)) })));
    put("variables", Json::Object(variables.collect()));
    put("planned_values", planned_values(plan, view));
    let drift: Vec<Json> = plan.drift.iter().map(|d| drifted(d, view)).collect();
    if !drift.is_empty() {
        put("resource_drift", drift.into());
    }
    put("resource_changes", plan.changes.iter().map(|c| changed(c, view)).collect());
    let outputs = plan.outputs.iter().map(|o| (o.name.to_string(), output_change(o, view)));
    put("output_changes", Json::Object(outputs.collect()));
    put("prior_state", prior_state(plan, view));
    if !configuration.is_null() {
        put("configuration", configuration.clone());
    }
    put("relevant_attributes", relevant(plan));
    if plan.promise != ServiceImpact::default() {
        put("availability", serde_json::to_value(&plan.promise).unwrap_or_default());
    }
    if !plan.exposure.is_empty() {
        put("exposure", serde_json::to_value(&plan.exposure).unwrap_or_default());
    }
    if !plan.violations.is_empty() {
        put("violations", plan.violations.iter().map(diagnostic).collect());
    }
    if !plan.undo.is_empty() {
        put("steps_on_failure", plan.undo.iter().map(|undo| undone(plan, undo)).collect());
    }
    put("timestamp", plan.meta.created.to_string().into());
    if !plan.meta.seal.is_empty() {
        put("seal", plan.meta.seal.as_str().into());
        put("commit", serde_json::to_value(&plan.meta.basis.commit).unwrap_or_default());
    }
    put("applyable", (plan.has_changes() && !plan.refusals().has_errors()).into());
    put("complete", true.into());
    put("errored", false.into());
    Json::Object(out)
}

/// A step that is only taken when one of these waits fails.
fn undone(plan: &Plan, undo: &Undo) -> Json {
    let address = |step: &usize| plan.changes[plan.steps[*step].change].address.to_string();
    json!({
        "address": address(&undo.of),
        "action": "delete",
        "when_not_healthy": undo.when.iter().map(address).collect::<Vec<_>>(),
        "restores_the_replaced_object": undo.restores,
    })
}

/// A state in the form of `terraform show -json`; without `values` when it is empty.
pub fn state_json(state: &State, view: View<'_>) -> Json {
    let mut out = versions("1.0");
    if state.is_empty() {
        return Json::Object(out);
    }
    let items = state.objects().map(|(slot, instance)| Item {
        deposed: slot.deposed,
        attrs: &instance.attrs,
        depends_on: Some(&instance.depends_on),
        tainted: instance.tainted,
        address: slot.address,
    });
    let outputs = state.outputs.iter().map(|(name, output)| (name.to_string(), output_value(&output.value, view)));
    out.insert(
        "values".into(),
        json!({ "outputs": outputs.collect::<Map<_, _>>(), "root_module": tree::root(items, view) }),
    );
    Json::Object(out)
}

fn versions(format: &str) -> Map<String, Json> {
    let entries = [
        ("format_version", format),
        ("terraform_version", TERRAFORM_VERSION),
        ("floorplan_version", env!("CARGO_PKG_VERSION")),
    ];
    entries.into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect()
}

fn output_value(value: &Value, view: View<'_>) -> Json {
    let sensitive = value.has_sensitive();
    if !value.is_wholly_known() {
        return json!({ "sensitive": sensitive });
    }
    let ty = type_json::to_json(&value.ty());
    json!({ "sensitive": sensitive, "type": ty, "value": value::shown(&view.open(value)) })
}

fn planned_values(plan: &Plan, view: View<'_>) -> Json {
    let items = plan.changes.iter().filter(|c| c.deposed.is_none()).filter_map(|c| {
        let attrs = match c.action {
            Action::Delete | Action::Forget => return None,
            Action::NoOp => c.after.as_ref().or(c.before.as_ref())?,
            _ => c.after.as_ref()?,
        };
        Some(Item { address: c.address.clone(), deposed: None, attrs, depends_on: None, tainted: false })
    });
    let mut out = Map::new();
    let outputs = plan.outputs.iter().filter_map(|o| Some((o.name.to_string(), output_value(o.after.as_ref()?, view))));
    let outputs: Map<_, _> = outputs.collect();
    if !outputs.is_empty() {
        out.insert("outputs".into(), outputs.into());
    }
    out.insert("root_module".into(), tree::root(items, view));
    Json::Object(out)
}

/// The state with what AWS says laid over it.
fn prior_state(plan: &Plan, view: View<'_>) -> Json {
    let mut out = versions("1.0");
    let items = plan.changes.iter().filter_map(|c| {
        Some(Item {
            address: c.moved_from.clone().unwrap_or_else(|| c.address.clone()),
            deposed: c.deposed.clone(),
            attrs: c.before.as_ref().or(c.stored.as_ref())?,
            depends_on: Some(&c.depends_on),
            tainted: c.reason == Some(Reason::Tainted),
        })
    });
    let outputs =
        plan.outputs.iter().filter_map(|o| Some((o.name.to_string(), output_value(o.before.as_ref()?, view))));
    out.insert(
        "values".into(),
        json!({ "outputs": outputs.collect::<Map<_, _>>(), "root_module": tree::root(items, view) }),
    );
    Json::Object(out)
}

fn rows<'a>(address: &Address, view: View<'a>) -> &'a [Attribute] {
    (view.schemas)(address.resource.mode, &address.resource.type_name).map_or(&[], |s| s.attributes.as_slice())
}

/// The source of the provider that a type belongs to, as tools know it.
fn provider(type_name: &str) -> String {
    match type_name.split('_').next().unwrap_or_default() {
        "aws" => PROVIDER.to_owned(),
        "terraform" => "terraform.io/builtin/terraform".to_owned(),
        other => format!("registry.terraform.io/hashicorp/{other}"),
    }
}

/// The identity of an object, the same in every part of the document.
fn identity(address: &Address) -> Map<String, Json> {
    let resource = &address.resource;
    let mut out = Map::new();
    out.insert("address".into(), address.to_string().into());
    if !resource.module.is_root() {
        out.insert("module_address".into(), resource.module.to_string().into());
    }
    out.insert("mode".into(), if resource.mode == Mode::Data { "data" } else { "managed" }.into());
    out.insert("type".into(), resource.type_name.as_ref().into());
    out.insert("name".into(), resource.name.as_ref().into());
    match &address.key {
        InstanceKey::None => None,
        InstanceKey::Index(i) => out.insert("index".into(), (*i).into()),
        InstanceKey::Key(k) => out.insert("index".into(), k.as_ref().into()),
    };
    out.insert("provider_name".into(), provider(&resource.type_name).into());
    out
}

pub(super) fn changed(c: &Change, view: View<'_>) -> Json {
    let mut out = identity(&c.address);
    if let Some(from) = &c.moved_from {
        out.insert("previous_address".into(), from.to_string().into());
    }
    if let Some(key) = &c.deposed {
        out.insert("deposed".into(), key.as_str().into());
    }
    let before = c.before.as_ref().or(c.stored.as_ref());
    let after = match c.action {
        Action::NoOp => c.after.as_ref().or(before),
        Action::Delete | Action::Forget => None,
        _ => c.after.as_ref(),
    };
    let mut change = difference(actions(c.action), before, after, (&c.address, view));
    let forced = c.attributes.iter().filter(|a| a.forces_replacement);
    let paths: Vec<Json> = forced.map(|a| json!([a.name])).collect();
    if !paths.is_empty() {
        change.insert("replace_paths".into(), paths.into());
    }
    if let Some(id) = &c.importing {
        change.insert("importing".into(), json!({ "id": id }));
    }
    out.insert("change".into(), change.into());
    if let Some(reason) = action_reason(c) {
        out.insert("action_reason".into(), reason.into());
    }
    Json::Object(out)
}

fn actions(action: Action) -> &'static [&'static str] {
    match action {
        Action::NoOp => &["no-op"],
        Action::Create => &["create"],
        Action::Read => &["read"],
        Action::Update => &["update"],
        Action::DeleteThenCreate => &["delete", "create"],
        Action::CreateThenDelete => &["create", "delete"],
        Action::Delete => &["delete"],
        Action::Forget => &["forget"],
    }
}

fn action_reason(c: &Change) -> Option<&'static str> {
    Some(match c.reason.as_ref()? {
        Reason::Tainted => "replace_because_tainted",
        Reason::Requested => "replace_by_request",
        Reason::CannotUpdate(_) => "replace_because_cannot_update",
        Reason::TriggeredBy(_) => "replace_by_triggers",
        Reason::NoConfig => "delete_because_no_resource_config",
        Reason::NoInstance => match c.address.key {
            InstanceKey::None => "delete_because_wrong_repetition",
            InstanceKey::Index(_) => "delete_because_count_index",
            InstanceKey::Key(_) => "delete_because_each_key",
        },
        Reason::NoModule => "delete_because_no_module",
        Reason::ConfigUnknown => "read_because_config_unknown",
        Reason::DependencyPending => "read_because_dependency_pending",
        Reason::Unfinished
        | Reason::Vanished
        | Reason::Removed
        | Reason::Kept
        | Reason::Deposed
        | Reason::Rests
        | Reason::Beside => {
            return None;
        }
    })
}

fn difference(
    actions: &[&str],
    before: Option<&Attrs>,
    after: Option<&Attrs>,
    (address, view): (&Address, View<'_>),
) -> Map<String, Json> {
    let mark = |attrs: &Attrs| value::mark(attrs, rows(address, view)).to_value();
    let (before, after) = (before.map(mark), after.map(mark));
    let mut out = Map::new();
    out.insert("actions".into(), actions.into());
    out.insert("before".into(), before.as_ref().map_or(Json::Null, |v| value::shown(&view.open(v))));
    out.insert("after".into(), after.as_ref().map_or(Json::Null, |v| value::known(&view.open(v))));
    out.insert("after_unknown".into(), after.as_ref().map_or_else(|| json!({}), value::unknown_parts));
    out.insert("before_sensitive".into(), before.as_ref().map_or(false.into(), value::sensitive_parts));
    out.insert("after_sensitive".into(), after.as_ref().map_or(false.into(), value::sensitive_parts));
    out
}

pub(super) fn drifted(d: &Drift, view: View<'_>) -> Json {
    let mut out = identity(&d.address);
    let action = if d.live.is_some() { Action::Update } else { Action::Delete };
    let change = difference(actions(action), Some(&d.stored), d.live.as_ref(), (&d.address, view));
    out.insert("change".into(), change.into());
    Json::Object(out)
}

pub(super) fn output_change(o: &OutputChange, view: View<'_>) -> Json {
    let action = match (&o.before, &o.after) {
        _ if !o.changes() => Action::NoOp,
        (None, _) => Action::Create,
        (_, None) => Action::Delete,
        _ => Action::Update,
    };
    let sensitive = [&o.before, &o.after].into_iter().flatten().any(|v| v.has_sensitive());
    let shown = |v: Option<&Value>| match v {
        Some(v) if !sensitive || view.secrets => value::known(&view.open(v)),
        _ => Json::Null,
    };
    json!({
        "actions": actions(action),
        "before": shown(o.before.as_ref()),
        "after": shown(o.after.as_ref()),
        "after_unknown": o.after.as_ref().filter(|v| !v.is_wholly_known()).map_or(false.into(), value::unknown_parts),
        "before_sensitive": sensitive,
        "after_sensitive": sensitive,
    })
}

/// The attributes whose change outside the layout led to a change of the plan.
fn relevant(plan: &Plan) -> Json {
    let of = |c: &Change| {
        let address = c.address.to_string();
        let outside = c.attributes.iter().filter(|a| a.cause != Cause::Layout);
        outside.map(move |a| json!({ "resource": address, "attribute": [a.name] })).collect::<Vec<_>>()
    };
    plan.changes.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests;
