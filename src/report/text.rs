//! The plan as a person reads it, in the manner that users of Terraform know.
//!
//! It only words what the plan holds: it decides nothing, prints nothing and shows no sensitive value.

mod exposure;
mod rollout;
mod seal;
mod service;
mod state;
mod story;
mod words;

pub use exposure::{exposure, exposure_kept_out, exposure_opened};
pub use rollout::rollout;
pub use seal::seal;
pub use service::{losses, service_brief, service_lines, service_title};
pub use state::{object, outputs, state};
pub use story::story;
pub use words::{applied, counts, heading, is_visible, marked_heading, summary};

use super::literal::key;
use super::object_text::Object;
use super::value_diff::{Show, Sign, diff};
use crate::plan::change::{Action, Cause, Change, Drift, Plan, Reason};
use crate::plan::exposure::Turn;
use crate::report::canvas::{Canvas, DiffStyle, Style};
use crate::report::marks::PLAIN;
use crate::report::object_text;
use crate::report::parts::warning;
use crate::schema::{Attribute, Attrs, Schema};
use crate::value::address::{Address, Mode};
use std::collections::HashSet;

/// Gives the schema of a resource type or data source.
pub type Schemas<'a> = &'a dyn Fn(Mode, &str) -> Option<&'a Schema>;

/// The attributes by which people know an object.
const KNOWN_BY: &[&str] = &["id", "name", "tags"];

/// The plan without its summary, in parts that stand by themselves: what changed outside the layout,
/// each change, the outputs. Signs stand at the beginning of each line, as `diff` has them, and `!`
/// stands for a change.
pub fn diff_parts(plan: &Plan, schemas: Schemas<'_>) -> Vec<String> {
    let changes = plan.changes.iter().filter(|c| is_visible(c)).map(|c| as_diff(|p| write_change(p, c, schemas)));
    let (drift, outputs) = (drift_diff(plan, schemas), outputs_diff(plan));
    [drift].into_iter().chain(changes).chain([outputs]).filter(|p| !p.is_empty()).collect()
}

fn as_diff(write: impl Fn(&mut Canvas)) -> String {
    let mut paper = Canvas::new(DiffStyle::Diff);
    write(&mut paper);
    paper.finish()
}

/// The part that changed outside the layout; empty when nothing did.
pub fn drift_diff(plan: &Plan, schemas: Schemas<'_>) -> String {
    as_diff(|p| write_drift(p, plan, schemas))
}

/// One change without its heading.
pub fn object_diff(change: &Change, schemas: Schemas<'_>) -> String {
    as_diff(|p| write_object(p, change, schemas))
}

/// The outputs that change; empty when none does.
pub fn outputs_diff(plan: &Plan) -> String {
    as_diff(|p| write_outputs(p, plan))
}

/// How many objects something outside the layout changed since the last apply.
pub fn drifted(plan: &Plan, schemas: Schemas<'_>) -> usize {
    // A tag that somebody added is among all tags alone. It counts where the layout takes it away again.
    let untags = |c: &&Change| c.attributes.iter().any(|a| a.name == "tags_all" && a.cause != Cause::Layout);
    let untagged: HashSet<&Address> =
        plan.changes.iter().filter(|c| c.deposed.is_none()).filter(untags).map(|c| &c.address).collect();
    let counts = |d: &&Drift| {
        let rows = rows(&d.address, schemas);
        let is_untagged = || d.attributes.iter().any(|name| name == "tags_all") && untagged.contains(&d.address);
        d.live.is_none() || d.attributes.iter().any(|name| is_drift(name, rows)) || is_untagged()
    };
    plan.drift.iter().filter(counts).count()
}

/// Whether a reader should know that the attribute drifted: what AWS alone sets is none of the reader's business.
fn is_drift(name: &str, rows: &[Attribute]) -> bool {
    name != "tags_all" && rows.iter().find(|r| r.name == name).is_none_or(Attribute::is_argument)
}

/// The whole plan with its summary; `colour` only where a terminal shows it. Ends with a newline.
pub fn render(plan: &Plan, schemas: Schemas<'_>, colour: bool) -> String {
    let mut paper = Canvas::new(DiffStyle::on_terminal(colour));
    if let Some(line) = origin(plan) {
        paper.raw("");
        paper.raw(&line);
    }
    write_drift(&mut paper, plan, schemas);
    write_changes(&mut paper, plan, schemas);
    write_outputs(&mut paper, plan);
    write_service(&mut paper, plan);
    write_exposure(&mut paper, plan);
    write_guards(&mut paper, plan);
    paper.raw("");
    let summary = summary(plan);
    let summary = paper.toned(Style::Bold, &summary);
    paper.raw(&summary);
    seal(plan, PLAIN).iter().for_each(|line| paper.raw(line));
    paper.finish()
}

/// What breaks a guard, a line for each: the errors that follow have the whole way.
fn write_guards(paper: &mut Canvas, plan: &Plan) {
    if plan.violations.is_empty() {
        return;
    }
    paper.raw("");
    paper.raw("Guards:");
    for d in &plan.violations {
        let at = d.span.as_ref().map(|span| format!(", {}:{}", span.file.path, span.line_column().0));
        paper.raw(&format!("  ! {}{}", warning(d, PLAIN), at.unwrap_or_default()));
    }
}

/// Whose state the plan was made from, where it is not Floorplan's.
pub fn origin(plan: &Plan) -> Option<String> {
    plan.meta.of_terraform.then(|| format!("State: Terraform's, serial {}, read only", plan.meta.serial))
}

fn write_changes(paper: &mut Canvas, plan: &Plan, schemas: Schemas<'_>) {
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

fn symbol(action: Action) -> (&'static str, Style) {
    match action {
        Action::NoOp => ("   ", Style::Plain),
        Action::Create => ("  +", Style::Add),
        Action::Read => (" <=", Style::Read),
        Action::Update => ("  ~", Style::Change),
        Action::DeleteThenCreate => ("-/+", Style::Alarm),
        Action::CreateThenDelete => ("+/-", Style::Alarm),
        Action::Delete => ("  -", Style::Remove),
        Action::Forget => ("  .", Style::Dim),
    }
}

/// One change: what is done and why, then the object.
pub fn write_change(paper: &mut Canvas, change: &Change, schemas: Schemas<'_>) {
    for (i, line) in heading(change).into_iter().enumerate() {
        let tone = if i > 0 { Style::Dim } else { Style::Bold };
        let line = paper.toned(tone, &format!("# {line}"));
        paper.raw(&format!("  {line}"));
    }
    write_object(paper, change, schemas);
}

fn write_object(paper: &mut Canvas, change: &Change, schemas: Schemas<'_>) {
    let (symbol, tone) = symbol(change.action);
    paper.header(symbol, tone, &format!("{} {{", block_header(&change.address)));
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

/// The rows of the type of an object.
pub fn rows<'a>(address: &Address, schemas: Schemas<'a>) -> &'a [Attribute] {
    let resource = &address.resource;
    schemas(resource.mode, &resource.type_name).map_or(&[], |s| s.attributes.as_slice())
}

fn block_header(address: &Address) -> String {
    let r = &address.resource;
    let word = if r.mode == Mode::Data { "data" } else { "resource" };
    format!("{word} \"{}\" \"{}\"", r.type_name, r.name)
}

fn write_drift(paper: &mut Canvas, plan: &Plan, schemas: Schemas<'_>) {
    let mut begun = false;
    for drift in &plan.drift {
        let names = untold(drift, plan, rows(&drift.address, schemas));
        let reported = match &drift.live {
            Some(_) => names.is_empty(),
            None => plan.changes.iter().any(|c| c.address == drift.address && c.reason == Some(Reason::Vanished)),
        };
        if reported {
            continue;
        }
        if !begun {
            let title = paper.toned(Style::Bold, "Changed outside the layout since the last apply:");
            paper.raw(&title);
            begun = true;
        }
        paper.raw("");
        write_drifted(paper, drift, &names, schemas);
    }
}

/// The drifted attributes that the changes do not already show.
fn untold<'a>(drift: &'a Drift, plan: &Plan, rows: &[Attribute]) -> Vec<&'a str> {
    let change = plan.changes.iter().find(|c| c.address == drift.address && c.deposed.is_none());
    let reported = |name: &str| change.is_some_and(|c| is_visible(c) && c.attributes.iter().any(|a| a.name == name));
    let names = drift.attributes.iter().map(String::as_str);
    names.filter(|n| !reported(n) && is_drift(n, rows)).collect()
}

fn write_drifted(paper: &mut Canvas, drift: &Drift, names: &[&str], schemas: Schemas<'_>) {
    let (what, symbol, tone) = if drift.live.is_some() {
        ("is different in AWS", "  ~", Style::Change)
    } else {
        ("no longer exists in AWS", "  -", Style::Remove)
    };
    let heading = paper.toned(Style::Bold, &format!("# {} {what}", drift.address));
    paper.raw(&format!("  {heading}"));
    paper.header(symbol, tone, &format!("{} {{", block_header(&drift.address)));
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

fn write_service(paper: &mut Canvas, plan: &Plan) {
    let lines = service_lines(plan);
    if lines.is_empty() {
        return;
    }
    paper.raw("");
    let title = paper.toned(Style::Bold, service_title(plan));
    paper.raw(&title);
    lines.iter().for_each(|line| paper.raw(&format!("  {line}")));
}

fn write_exposure(paper: &mut Canvas, plan: &Plan) {
    if plan.exposure.is_empty() {
        return;
    }
    paper.raw("");
    let title = paper.toned(Style::Bold, "Exposure:");
    paper.raw(&title);
    for change in &plan.exposure.changes {
        let tone = match change.action {
            Turn::Opens | Turn::Changes => Style::Alarm,
            Turn::Closes => Style::Plain,
        };
        let line = paper.toned(tone, &exposure::line(change, PLAIN));
        paper.raw(&format!("  {line}"));
    }
    exposure_kept_out(plan, PLAIN).iter().for_each(|line| paper.raw(&format!("  {line}")));
}

fn write_outputs(paper: &mut Canvas, plan: &Plan) {
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

#[cfg(test)]
mod tests;
