//! The events that `plan -json`, `apply -json`, `destroy -json` and `refresh -json` print: one per line, in the form of
//! Terraform 1.11. Who prints adds the time.

use super::{TERRAFORM_VERSION, action_reason, diagnostic, value};
use crate::diag::{Diagnostic, Severity};
use crate::plan::Op;
use crate::plan::change::{Action, Change, OutputChange, Plan, PlanMeta};
use crate::plan::service_impact::ServiceImpact;
use crate::value::address::{Address, InstanceKey, ModulePath};
use crate::value::{Name, Value, type_json};
use serde_json::{Map, Value as Json, json};
use std::time::Duration;

/// The version of the form.
const UI_VERSION: &str = "1.2";

/// The command that a summary is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A plan.
    Plan,
    /// An apply.
    Apply,
    /// A destroy.
    Destroy,
}

/// The part of a step that an event is about.
#[derive(Debug, Clone, Copy)]
pub enum Stage<'a> {
    /// It begins; the object that is there has this id.
    Start(Option<&'a str>),
    /// It still runs, after this time. The words of AWS.
    Progress(Duration, &'a str),
    /// It is done after this time; the object has this id.
    Complete(Duration, Option<&'a str>),
    /// It failed after this time.
    Errored(Duration),
}

/// The part of a provisioner's run that an event is about.
#[derive(Debug, Clone, Copy)]
pub enum Provisioning<'a> {
    /// It begins.
    Start,
    /// It printed a line.
    Progress(&'a str),
    /// It is done.
    Complete,
    /// It failed.
    Errored,
}

fn event(kind: &str, message: String, more: Json) -> Json {
    let mut all = json!({ "@level": "info", "@message": message, "@module": "terraform.ui", "type": kind });
    if let (Some(all), Json::Object(more)) = (all.as_object_mut(), more) {
        all.extend(more);
    }
    all
}

/// The first line.
pub fn version() -> Json {
    let own = env!("CARGO_PKG_VERSION");
    let more = json!({ "terraform": TERRAFORM_VERSION, "ui": UI_VERSION, "floorplan": own });
    event("version", format!("Floorplan {own}"), more)
}

/// A line of `init`.
pub fn said(line: &str) -> Json {
    event("init_output", line.to_owned(), json!({}))
}

/// An error or a warning.
pub fn problem(d: &Diagnostic) -> Json {
    let (level, word) = match d.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warn", "Warning"),
    };
    let more = json!({ "@level": level, "diagnostic": diagnostic(d) });
    event("diagnostic", format!("{word}: {}", d.summary), more)
}

/// The plan: what changed outside of the layout, each change, the sum, the outputs, what stays in service.
pub fn plan(plan: &Plan) -> Vec<Json> {
    let mut all: Vec<Json> = plan
        .drift
        .iter()
        .map(|drift| {
            let action = if drift.live.is_some() { "update" } else { "delete" };
            let change = json!({ "resource": resource(&drift.address), "action": action });
            event(
                "resource_drift",
                format!("{}: Drift detected ({action})", drift.address),
                json!({ "change": change }),
            )
        })
        .collect();
    all.extend(plan.changes.iter().filter_map(planned));
    all.push(summary(plan, Operation::Plan));
    if !plan.outputs.is_empty() {
        let outputs = plan.outputs.iter().map(|o| (o.name.to_string(), planned_output(o)));
        let outputs: Map<String, Json> = outputs.collect();
        all.push(event("outputs", format!("Outputs: {}", outputs.len()), json!({ "outputs": outputs })));
    }
    if plan.promise != ServiceImpact::default() {
        let more = json!({ "availability": serde_json::to_value(&plan.promise).unwrap_or_default() });
        all.push(event("availability", "Availability".into(), more));
    }
    if !plan.exposure.is_empty() {
        let more = json!({ "exposure": serde_json::to_value(&plan.exposure).unwrap_or_default() });
        all.push(event("exposure", "Exposure".into(), more));
    }
    if !plan.meta.seal.is_empty() {
        all.push(seal(&plan.meta));
    }
    all
}

/// The seal of a plan.
pub fn seal(plan: &PlanMeta) -> Json {
    let more = json!({ "seal": plan.seal, "commit": serde_json::to_value(&plan.basis.commit).unwrap_or_default() });
    event("seal", format!("Seal: {}", plan.seal), more)
}

fn planned(change: &Change) -> Option<Json> {
    let action = match change.action {
        Action::NoOp if change.importing.is_some() => "import",
        Action::NoOp if change.moved_from.is_some() => "move",
        Action::NoOp => return None,
        Action::Create => "create",
        Action::Read => "read",
        Action::Update => "update",
        Action::DeleteThenCreate | Action::CreateThenDelete => "replace",
        Action::Delete => "delete",
        Action::Forget => "remove",
    };
    let mut body = json!({ "resource": resource(&change.address), "action": action });
    if let Some(from) = &change.moved_from {
        body["previous_resource"] = resource(from);
    }
    if let Some(reason) = action_reason(change) {
        body["reason"] = match reason {
            "replace_because_tainted" => "tainted",
            "replace_by_request" => "requested",
            "replace_because_cannot_update" => "cannot_update",
            "replace_by_triggers" => "replace_triggered_by",
            other => other,
        }
        .into();
    }
    if let Some(id) = &change.importing {
        body["importing"] = json!({ "id": id });
    }
    Some(event("planned_change", format!("{}: Plan to {action}", change.address), json!({ "change": body })))
}

fn planned_output(o: &OutputChange) -> Json {
    let action = match (&o.before, &o.after) {
        _ if !o.changes() => "noop",
        (None, _) => "create",
        (_, None) => "delete",
        _ => "update",
    };
    let sensitive = [&o.before, &o.after].into_iter().flatten().any(Value::has_sensitive);
    json!({ "sensitive": sensitive, "action": action })
}

/// How many objects are changed. A replacement counts as one to add and one to destroy.
pub fn summary(plan: &Plan, operation: Operation) -> Json {
    let s = plan.summary();
    let (add, change, remove) = (s.create + s.replace, s.update, s.delete + s.replace);
    let import = match (s.import, operation) {
        (0, _) => String::new(),
        (n, Operation::Plan) => format!("{n} to import, "),
        (n, _) => format!("{n} imported, "),
    };
    let (message, word) = match operation {
        Operation::Plan => (format!("Plan: {import}{add} to add, {change} to change, {remove} to destroy."), "plan"),
        Operation::Apply => {
            let done = format!("{import}{add} added, {change} changed, {remove} destroyed.");
            (format!("Apply complete! Resources: {done}"), "apply")
        }
        Operation::Destroy => (format!("Destroy complete! Resources: {remove} destroyed."), "destroy"),
    };
    let changes = json!({ "add": add, "change": change, "import": s.import, "remove": remove, "operation": word });
    event("change_summary", message, json!({ "changes": changes }))
}

/// The outputs after an apply. A sensitive one has no value.
pub fn outputs<'a>(outputs: impl Iterator<Item = (&'a Name, &'a Value)>) -> Json {
    let entry = |(name, v): (&Name, &Value)| {
        let mut entry = json!({ "sensitive": v.has_sensitive(), "type": type_json::to_json(&v.ty()) });
        if !v.has_sensitive() {
            entry["value"] = value::shown(v);
        }
        (name.to_string(), entry)
    };
    let all: Map<String, Json> = outputs.map(entry).collect();
    event("outputs", format!("Outputs: {}", all.len()), json!({ "outputs": all }))
}

/// The words for a step: its action, while it runs, how it is done, when it is over.
fn words(op: Op) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match op {
        Op::Create => ("create", "Creating", "Creation"),
        Op::Update => ("update", "Modifying", "Modifications"),
        Op::Delete => ("delete", "Destroying", "Destruction"),
        Op::Read => ("read", "Refreshing", "Refresh"),
        Op::Reroute => ("update", "Rerouting", "Rerouting"),
        Op::Wait => ("read", "Waiting", "Waiting"),
        Op::Record => return None,
    })
}

/// A step of an apply; nothing for one that only writes to the state.
pub fn step(address: &Address, op: Op, stage: Stage<'_>) -> Option<Json> {
    let (action, doing, noun) = words(op)?;
    let mut hook = json!({ "resource": resource(address), "action": action });
    let mut identify = |id: Option<&str>| match id {
        Some(id) => {
            hook["id_key"] = "id".into();
            hook["id_value"] = id.into();
            format!(" [id={id}]")
        }
        None => String::new(),
    };
    let (kind, message, took) = match stage {
        Stage::Start(id) => ("apply_start", format!("{doing}...{}", identify(id)), None),
        Stage::Progress(took, state) => {
            let doing = doing.to_lowercase();
            ("apply_progress", format!("Still {doing}... [{state}, {} elapsed]", time(took)), Some(took))
        }
        Stage::Complete(took, id) => {
            ("apply_complete", format!("{noun} complete after {}{}", time(took), identify(id)), Some(took))
        }
        Stage::Errored(took) => ("apply_errored", format!("{noun} errored after {}", time(took)), Some(took)),
    };
    if let Some(took) = took {
        hook["elapsed_seconds"] = whole(took).into();
    }
    if let Stage::Progress(_, state) = stage {
        hook["state"] = state.into();
    }
    Some(event(kind, format!("{address}: {message}"), json!({ "hook": hook })))
}

/// A provisioner of an object, of a kind such as `local-exec`.
pub fn provisioner(address: &Address, with: &str, what: Provisioning<'_>) -> Json {
    let mut hook = json!({ "resource": resource(address), "provisioner": with });
    let (kind, message) = match what {
        Provisioning::Start => ("provision_start", format!("Provisioning with '{with}'...")),
        Provisioning::Progress(line) => {
            hook["output"] = line.into();
            ("provision_progress", format!("({with}): {line}"))
        }
        Provisioning::Complete => ("provision_complete", format!("({with}) Provisioning complete")),
        Provisioning::Errored => ("provision_errored", format!("({with}) Provisioning errored")),
    };
    event(kind, format!("{address}: {message}"), json!({ "hook": hook }))
}

/// An object of the state is read; `over` when it has been.
pub fn refresh(address: &Address, id: &str, over: bool) -> Json {
    let hook = json!({ "resource": resource(address), "id_key": "id", "id_value": id });
    let (kind, message) = match over {
        false => ("refresh_start", "Refreshing state..."),
        true => ("refresh_complete", "Refresh complete"),
    };
    event(kind, format!("{address}: {message} [id={id}]"), json!({ "hook": hook }))
}

fn resource(address: &Address) -> Json {
    let r = &address.resource;
    let mut inside = address.clone();
    inside.resource.module = ModulePath::default();
    let key = match &address.key {
        InstanceKey::None => Json::Null,
        InstanceKey::Index(i) => (*i).into(),
        InstanceKey::Key(key) => key.as_ref().into(),
    };
    json!({
        "addr": address.to_string(),
        "module": if r.module.is_root() { String::new() } else { r.module.to_string() },
        "resource": inside.to_string(),
        "implied_provider": r.type_name.split('_').next().unwrap_or_default(),
        "resource_type": r.type_name.as_ref(),
        "resource_name": r.name.as_ref(),
        "resource_key": key,
    })
}

fn whole(took: Duration) -> u64 {
    took.as_secs_f64().round() as u64
}

fn time(took: Duration) -> String {
    match (whole(took) / 60, whole(took) % 60) {
        (0, s) => format!("{s}s"),
        (m, s) => format!("{m}m{s}s"),
    }
}
