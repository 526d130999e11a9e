//! The plan as a person reads it, in the manner that users of Terraform know.
//!
//! It only words what the plan holds: it decides nothing, prints nothing and shows no sensitive value.

use super::change::{Action, Change, Drift, OutputChange, Plan, Reason, Summary};
use super::literal::key;
use super::object_text::{self, Object};
use super::paper::{Paper, Tone};
use super::value_diff::{Show, Sign, diff};
use crate::graph::{Address, InstanceKey, Mode};
use crate::resource::{Attribute, Attrs, Schema};

/// Gives the schema of a resource type or data source.
pub type Schemas<'a> = &'a dyn Fn(Mode, &str) -> Option<&'a Schema>;

/// The attributes by which people know an object.
const KNOWN_BY: &[&str] = &["id", "name", "tags"];

/// The whole plan with its summary; `colour` only where a terminal shows it. Ends with a newline.
pub fn render(plan: &Plan, schemas: Schemas<'_>, colour: bool) -> String {
    let mut paper = Paper::new(colour);
    write_drift(&mut paper, plan, schemas);
    write_changes(&mut paper, plan, schemas);
    write_outputs(&mut paper, plan);
    paper.raw("");
    let summary = summary(plan);
    let summary = paper.toned(Tone::Bold, &summary);
    paper.raw(&summary);
    paper.finish()
}

/// What the plan comes to, in one line.
pub fn summary(plan: &Plan) -> String {
    if !plan.has_changes() && plan.changes.iter().all(|c| c.action != Action::Read) {
        return match (plan.meta.destroy, plan.meta.refreshed) {
            (true, _) => "No changes. There is nothing to destroy.".into(),
            (false, true) => "No changes. The layout matches AWS.".into(),
            (false, false) => "No changes. The layout matches the stored state; AWS was not read.".into(),
        };
    }
    let s = plan.summary();
    if s == Summary::default() {
        return if plan.outputs.iter().any(OutputChange::changes) {
            "Only outputs change; AWS stays as it is.".into()
        } else {
            "Nothing in AWS changes; data sources are read during apply.".into()
        };
    }
    let extra = [(s.import, "import"), (s.moved, "move"), (s.forget, "forget")];
    let always = [(s.create, "add"), (s.update, "change"), (s.replace, "replace"), (s.delete, "destroy")];
    let parts = extra.into_iter().filter(|(n, _)| *n > 0).chain(always);
    let parts: Vec<String> = parts.map(|(n, what)| format!("{n} to {what}")).collect();
    format!("Plan: {}.", parts.join(", "))
}

/// What an apply came to, in one line.
pub fn applied(s: &Summary) -> String {
    let extra = [(s.import, "imported"), (s.moved, "moved"), (s.forget, "forgotten")];
    let always = [(s.create, "added"), (s.update, "changed"), (s.replace, "replaced"), (s.delete, "destroyed")];
    let parts = extra.into_iter().filter(|(n, _)| *n > 0).chain(always);
    let parts: Vec<String> = parts.map(|(n, what)| format!("{n} {what}")).collect();
    format!("Apply complete: {}.", parts.join(", "))
}

/// Whether a reader needs to see it.
pub fn is_visible(change: &Change) -> bool {
    change.action != Action::NoOp || change.moved_from.is_some() || change.importing.is_some()
}

fn write_changes(paper: &mut Paper, plan: &Plan, schemas: Schemas<'_>) {
    let visible: Vec<&Change> = plan.changes.iter().filter(|c| is_visible(c)).collect();
    if visible.is_empty() {
        return;
    }
    let symbols: Vec<String> = LEGEND
        .iter()
        .filter(|(action, _)| visible.iter().any(|c| c.action == *action))
        .map(|(action, words)| {
            let (symbol, tone) = symbol(*action);
            format!("{} {words}", paper.toned(tone, symbol.trim_start()))
        })
        .collect();
    if !symbols.is_empty() {
        paper.raw("");
        paper.raw(&format!("Floorplan will do the following ({}):", symbols.join(", ")));
    }
    for change in visible {
        paper.raw("");
        write_change(paper, change, schemas);
    }
}

const LEGEND: &[(Action, &str)] = &[
    (Action::Create, "create"),
    (Action::Update, "update in place"),
    (Action::DeleteThenCreate, "destroy, then create"),
    (Action::CreateThenDelete, "create, then destroy"),
    (Action::Delete, "destroy"),
    (Action::Forget, "forget"),
    (Action::Read, "read"),
];

fn symbol(action: Action) -> (&'static str, Tone) {
    match action {
        Action::NoOp => ("   ", Tone::Plain),
        Action::Create => ("  +", Tone::Add),
        Action::Read => (" <=", Tone::Read),
        Action::Update => ("  ~", Tone::Change),
        Action::DeleteThenCreate => ("-/+", Tone::Alarm),
        Action::CreateThenDelete => ("+/-", Tone::Alarm),
        Action::Delete => ("  -", Tone::Remove),
        Action::Forget => ("  .", Tone::Dim),
    }
}

/// One change: what is done and why, then the object.
pub fn write_change(paper: &mut Paper, change: &Change, schemas: Schemas<'_>) {
    for (i, line) in heading(change).into_iter().enumerate() {
        let tone = if i > 0 { Tone::Dim } else { Tone::Bold };
        let line = paper.toned(tone, &format!("# {line}"));
        paper.raw(&format!("  {line}"));
    }
    let (symbol, tone) = symbol(change.action);
    let symbol = paper.toned(tone, symbol);
    paper.raw(&format!("{symbol} {} {{", block_header(&change.address)));
    let keeps = matches!(change.action, Action::NoOp | Action::Forget);
    let before = change.before.as_ref().or(change.stored.as_ref());
    let object = Object {
        before: if change.action == Action::Read { None } else { before },
        after: if keeps { before.or(change.after.as_ref()) } else { change.after.as_ref() },
        rows: rows(&change.address, schemas),
        changes: &change.attributes,
        show: Show { null: true, unchanged: change.action == Action::NoOp && change.importing.is_some() },
        keep: KNOWN_BY,
    };
    object_text::write(paper, 6, &object);
    paper.raw("    }");
}

fn rows<'a>(address: &Address, schemas: Schemas<'a>) -> &'a [Attribute] {
    let resource = &address.resource;
    schemas(resource.mode, &resource.type_name).map_or(&[], |s| s.attributes.as_slice())
}

fn block_header(address: &Address) -> String {
    let r = &address.resource;
    let word = if r.mode == Mode::Data { "data" } else { "resource" };
    format!("{word} \"{}\" \"{}\"", r.type_name, r.name)
}

/// What is done, and below it why, a line each.
pub fn heading(change: &Change) -> Vec<String> {
    let name = match &change.deposed {
        Some(key) => format!("{} (deposed object {key})", change.address),
        None => change.address.to_string(),
    };
    let mut lines = Vec::new();
    let done = match change.action {
        Action::NoOp => match (&change.importing, &change.moved_from) {
            (Some(_), _) => "will be imported".into(),
            (None, Some(from)) => {
                lines.push(format!("{from} has moved to {name}"));
                String::new()
            }
            (None, None) => "stays as it is".into(),
        },
        Action::Create => "will be created".into(),
        Action::Read => "will be read during apply".into(),
        Action::Update => "will be updated in-place".into(),
        Action::DeleteThenCreate | Action::CreateThenDelete => replaced(change.reason.as_ref()),
        Action::Delete => "will be destroyed".into(),
        Action::Forget => "will no longer be managed, but will not be destroyed".into(),
    };
    if !done.is_empty() {
        lines.push(format!("{name} {done}"));
        lines.extend(change.moved_from.as_ref().map(|from| format!("(moved from {from})")));
    }
    lines.extend(change.importing.as_ref().map(|id| format!("(imported from \"{id}\")")));
    lines.extend(change.reason.as_ref().and_then(|r| why(r, change)).map(|why| format!("({why})")));
    if change.action == Action::CreateThenDelete {
        lines.push("(the new one is created before the old one is destroyed)".into());
    }
    lines
}

fn replaced(reason: Option<&Reason>) -> String {
    match reason {
        Some(Reason::Tainted) => "is tainted, so must be replaced".into(),
        Some(Reason::Requested) => "will be replaced, as requested".into(),
        Some(Reason::TriggeredBy(what)) => format!("will be replaced due to changes in {what}"),
        _ => "must be replaced".into(),
    }
}

fn why(reason: &Reason, change: &Change) -> Option<String> {
    let address = &change.address;
    Some(match reason {
        Reason::Tainted | Reason::Requested | Reason::TriggeredBy(_) | Reason::CannotUpdate(_) => return None,
        Reason::Vanished => "it no longer exists in AWS".into(),
        Reason::NoConfig => format!("because {} is not in the layout", address.resource),
        Reason::NoInstance => match &address.key {
            InstanceKey::None => format!("because {} has count or for_each now", address.resource),
            InstanceKey::Index(i) => format!("because index [{i}] is out of range for count"),
            InstanceKey::Key(_) => format!("because key {} is not in the for_each map", address.key),
        },
        Reason::NoModule => format!("because {} is not in the layout", address.resource.module),
        Reason::Removed => "because a removed block names it".into(),
        Reason::Deposed => "left over from a replacement that did not end".into(),
        Reason::ConfigUnknown => "its arguments are known only during apply".into(),
        Reason::DependencyPending => "something that it depends on changes first".into(),
    })
}

fn write_drift(paper: &mut Paper, plan: &Plan, schemas: Schemas<'_>) {
    let mut begun = false;
    for drift in &plan.drift {
        let names = untold(drift, plan, rows(&drift.address, schemas));
        let told = match &drift.live {
            Some(_) => names.is_empty(),
            None => plan.changes.iter().any(|c| c.address == drift.address && c.reason == Some(Reason::Vanished)),
        };
        if told {
            continue;
        }
        if !begun {
            let title = paper.toned(Tone::Bold, "Changed outside the layout since the last apply:");
            paper.raw(&title);
            begun = true;
        }
        paper.raw("");
        write_drifted(paper, drift, &names, schemas);
    }
}

/// The drifted attributes that the changes do not already tell of; what AWS alone sets is none of
/// the reader's business.
fn untold<'a>(drift: &'a Drift, plan: &Plan, rows: &[Attribute]) -> Vec<&'a str> {
    let change = plan.changes.iter().find(|c| c.address == drift.address && c.deposed.is_none());
    let told = |name: &str| change.is_some_and(|c| is_visible(c) && c.attributes.iter().any(|a| a.name == name));
    let argument = |name: &str| rows.iter().find(|r| r.name == name).is_none_or(Attribute::is_argument);
    let names = drift.attributes.iter().map(String::as_str);
    names.filter(|n| !told(n) && argument(n) && *n != "tags_all").collect()
}

fn write_drifted(paper: &mut Paper, drift: &Drift, names: &[&str], schemas: Schemas<'_>) {
    let (what, symbol) = if drift.live.is_some() {
        ("is different in AWS", paper.toned(Tone::Change, "~"))
    } else {
        ("no longer exists in AWS", paper.toned(Tone::Remove, "-"))
    };
    let heading = paper.toned(Tone::Bold, &format!("# {} {what}", drift.address));
    paper.raw(&format!("  {heading}"));
    paper.raw(&format!("  {symbol} {} {{", block_header(&drift.address)));
    let shown = |attrs: &Attrs| -> Attrs {
        let wanted = |name: &str| name == "id" || names.contains(&name);
        attrs.iter().filter(|(k, _)| wanted(k)).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let (before, after) = (shown(&drift.stored), drift.live.as_ref().map(shown));
    let object = Object {
        before: Some(&before),
        after: after.as_ref(),
        rows: rows(&drift.address, schemas),
        changes: &[],
        show: Show { null: true, unchanged: false },
        keep: KNOWN_BY,
    };
    object_text::write(paper, 6, &object);
    paper.raw("    }");
}

fn write_outputs(paper: &mut Paper, plan: &Plan) {
    let changed: Vec<_> = plan.outputs.iter().filter(|o| o.changes()).collect();
    if changed.is_empty() {
        return;
    }
    paper.raw("");
    paper.raw("Changes to outputs:");
    let width = changed.iter().map(|o| o.name.chars().count()).max().unwrap_or(0);
    for output in changed {
        let mut node = diff(output.before.as_ref(), output.after.as_ref(), Show { null: true, unchanged: false });
        if node.sign == Sign::Keep {
            node.sign = Sign::Change;
        }
        paper.node(2, &format!("{:width$} = ", key(&output.name)), &node, "", "");
    }
}

/// An existing object as a block, as `show` and `state show` print it.
pub fn object(address: &Address, attrs: &Attrs, schemas: Schemas<'_>, colour: bool) -> String {
    let mut paper = Paper::new(colour);
    let heading = paper.toned(Tone::Bold, &format!("# {address}:"));
    paper.raw(&heading);
    paper.raw(&format!("{} {{", block_header(address)));
    let object = Object {
        before: Some(attrs),
        after: Some(attrs),
        rows: rows(address, schemas),
        changes: &[],
        show: Show { null: false, unchanged: true },
        keep: &[],
    };
    object_text::write(&mut paper, 2, &object);
    paper.raw("}");
    paper.finish()
}

#[cfg(test)]
mod tests;
