//! The plan as a comment on a pull request: what it comes to, a table per action, the details folded
//! away. Never longer than GitHub takes, never with a sensitive value, and nothing in a value or an
//! address can break out of its place.

pub mod marks;

use super::text::{Schemas, is_visible};
use crate::plan::change::{Action, Change, Plan};
use crate::report::parts::{remark, violation, warning};
use crate::report::text;
use marks::{MARKS, code, fence};

/// The limit of one comment on GitHub, in characters; counted here in bytes, which are never fewer.
const LIMIT: usize = 65_536;
/// Room for the warnings, for them and the exposure, and for those and the services.
const WARNINGS: usize = LIMIT / 8;
const EXPOSURE: usize = LIMIT / 16 * 3;
const SERVICE: usize = LIMIT / 4;
/// Room for those and the tables; the rest is for the details.
const TABLES: usize = LIMIT / 2;
/// Room for what follows the details.
const TAIL: usize = 512;

/// The comment.
pub fn render(plan: &Plan, schemas: Schemas<'_>) -> String {
    let mut out = format!("### Floorplan: {}\n\n**{}**\n", code(&plan.meta.layout), text::summary(plan));
    if let Some(line) = text::origin(plan) {
        out.push_str(&format!("\n{line}\n"));
    }
    let seal = text::seal(plan, MARKS);
    if !seal.is_empty() {
        out.push_str(&format!("\n{}\n", seal.join("\n\n")));
    }
    guards(&mut out, plan);
    warnings(&mut out, plan);
    exposure(&mut out, plan);
    service(&mut out, plan);
    tables(&mut out, plan, schemas);
    details(&mut out, plan, schemas);
    out
}

/// What breaks a guard, before all else.
fn guards(out: &mut String, plan: &Plan) {
    if !plan.violations.is_empty() {
        out.push_str("\n**Guards**\n\n");
        list(out, plan.violations.iter().map(|d| violation(d, MARKS)), WARNINGS);
    }
}

fn warnings(out: &mut String, plan: &Plan) {
    if !plan.warnings.is_empty() {
        out.push_str("\n**Warnings**\n\n");
        list(out, plan.warnings.iter().map(|w| warning(w, MARKS)), WARNINGS);
    }
}

/// The traffic from outside that comes and goes, before all that is about the inside.
fn exposure(out: &mut String, plan: &Plan) {
    let lines = text::exposure(plan, MARKS);
    if !lines.is_empty() {
        out.push_str("\n**Exposure**\n\n");
        list(out, lines, EXPOSURE);
    }
}

/// The services, before the changes.
fn service(out: &mut String, plan: &Plan) {
    let lines = text::service_brief(plan, MARKS);
    if !lines.is_empty() {
        out.push_str(&format!("\n**{}**\n\n", text::service_title(plan).trim_end_matches(':')));
        list(out, lines, SERVICE);
    }
}

/// A list that ends before the comment has so many bytes.
fn list(out: &mut String, lines: impl IntoIterator<Item = String>, until: usize) {
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next_if(|line| out.len() + line.len() < until) {
        out.push_str(&format!("- {line}\n"));
    }
    if let more @ 1.. = lines.count() {
        out.push_str(&format!("- and {more} more\n"));
    }
}

/// Whether a change belongs to a group.
type Belongs = fn(&Change) -> bool;

const GROUPS: &[(&str, Belongs)] = &[
    ("Destroy", |c| c.action == Action::Delete),
    ("Replace", |c| c.action.is_replace()),
    ("Change", |c| c.action == Action::Update),
    ("Create", |c| c.action == Action::Create),
    ("Import", |c| c.action == Action::NoOp && c.importing.is_some()),
    ("Move", |c| c.action == Action::NoOp && c.importing.is_none() && c.moved_from.is_some()),
    ("Forget", |c| c.action == Action::Forget),
    ("Read during apply", |c| c.action == Action::Read),
];

fn tables(out: &mut String, plan: &Plan, schemas: Schemas<'_>) {
    for (title, belongs) in GROUPS {
        let group: Vec<&Change> = plan.changes.iter().filter(|c| is_visible(c) && belongs(c)).collect();
        if group.is_empty() {
            continue;
        }
        out.push_str(&format!("\n**{title}** ({})\n\n| Resource | Remark |\n|---|---|\n", group.len()));
        for (i, change) in group.iter().enumerate() {
            let row = format!("| {} | {} |\n", code(&change.address.to_string()), remark(change, schemas, MARKS));
            if out.len() + row.len() > TABLES {
                out.push_str(&format!("| and {} more | |\n", group.len() - i));
                break;
            }
            out.push_str(&row);
        }
    }
}

fn details(out: &mut String, plan: &Plan, schemas: Schemas<'_>) {
    let parts = text::diff_parts(plan, schemas);
    if parts.is_empty() {
        return;
    }
    let fence = fence(parts.iter().map(String::as_str));
    let open = format!("\n<details><summary>Details</summary>\n\n{fence}diff\n");
    let close = format!("{fence}\n\n</details>\n");
    let room = LIMIT.saturating_sub(out.len() + open.len() + close.len() + TAIL);
    let mut body = String::new();
    let mut shown = 0;
    for part in &parts {
        let gap = usize::from(!body.is_empty());
        if body.len() + gap + part.len() > room {
            break;
        }
        body.push_str(&"\n"[..gap]);
        body.push_str(part);
        shown += 1;
    }
    if !body.is_empty() {
        out.push_str(&open);
        out.push_str(&body);
        out.push_str(&close);
    }
    let cut = parts.len() - shown;
    if cut > 0 {
        out.push_str(&format!(
            "\n> {cut} of {} parts of the details are left out: a comment has at most {LIMIT} characters. `floorplan show` with the saved plan shows them all.\n",
            parts.len()
        ));
    }
}

#[cfg(test)]
mod tests;
