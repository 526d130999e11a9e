//! The plan as a comment on a pull request: what it comes to, a table per action, the details folded
//! away. Never longer than GitHub takes, never with a sensitive value, and nothing in a value or an
//! address can break out of its place.

use super::text::{Schemas, is_visible};
use crate::plan::change::{Action, Cause, Change, Plan};
use crate::report::text;

/// The limit of one comment on GitHub, in characters; counted here in bytes, which are never fewer.
const LIMIT: usize = 65_536;
/// Room for the tables; the rest is for the details.
const TABLES: usize = LIMIT / 2;
/// Room for what follows the details.
const TAIL: usize = 512;

/// The comment.
pub fn render(plan: &Plan, schemas: Schemas<'_>) -> String {
    let mut out = format!("### Floorplan: {}\n\n**{}**\n", code(&plan.meta.layout), text::summary(plan));
    if let Some(line) = text::origin(plan) {
        out.push_str(&format!("\n{line}\n"));
    }
    warnings(&mut out, plan);
    service(&mut out, plan);
    tables(&mut out, plan);
    details(&mut out, plan, schemas);
    out
}

fn warnings(out: &mut String, plan: &Plan) {
    const MOST: usize = 20;
    if plan.warnings.is_empty() {
        return;
    }
    out.push_str("\n**Warnings**\n\n");
    for w in plan.warnings.iter().take(MOST) {
        let about = w.address.as_ref().map(|a| format!(" ({})", code(a))).unwrap_or_default();
        let summary: String = w.summary.chars().take(400).collect();
        out.push_str(&format!("- {}{about}\n", prose(&summary)));
    }
    if let Some(more @ 1..) = plan.warnings.len().checked_sub(MOST) {
        out.push_str(&format!("- and {more} more\n"));
    }
}

/// The services, before the changes.
fn service(out: &mut String, plan: &Plan) {
    const MOST: usize = 200;
    let lines = text::service_lines(plan);
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("\n**{}**\n\n", text::service_title(plan).trim_end_matches(':')));
    for line in lines.iter().take(MOST) {
        let indent = line.len() - line.trim_start().len();
        let short: String = line.trim_start().chars().take(400).collect();
        out.push_str(&format!("{}- {}\n", &"  "[..indent.min(2)], prose(&short)));
    }
    if let Some(more @ 1..) = lines.len().checked_sub(MOST) {
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

fn tables(out: &mut String, plan: &Plan) {
    for (title, belongs) in GROUPS {
        let group: Vec<&Change> = plan.changes.iter().filter(|c| is_visible(c) && belongs(c)).collect();
        if group.is_empty() {
            continue;
        }
        out.push_str(&format!("\n**{title}** ({})\n\n| Resource | Remark |\n|---|---|\n", group.len()));
        for (i, change) in group.iter().enumerate() {
            let row = format!("| {} | {} |\n", code(&change.address.to_string()), remark(change));
            if out.len() + row.len() > TABLES {
                out.push_str(&format!("| and {} more | |\n", group.len() - i));
                break;
            }
            out.push_str(&row);
        }
    }
}

/// The remarks that a reviewer should read before opening the details.
fn remark(change: &Change) -> String {
    let from = change.moved_from.as_ref().filter(|_| change.action == Action::NoOp);
    let from = from.map(|from| format!("from {}", code(&from.to_string())));
    let reasons = text::heading(change).into_iter().skip(1).map(|line| prose(line.trim_matches(['(', ')'])));
    let untold = |name: &str| change.after.as_ref().and_then(|a| a.get(name)).is_some_and(|v| v.is_unknown());
    let reported =
        change.attributes.iter().filter(|a| change.before.is_some() && (a.forces_replacement || !untold(&a.name)));
    let attributes = reported.map(|a| {
        let mut words = code(&a.name);
        if a.forces_replacement {
            words.push_str(" forces replacement");
        }
        match a.cause {
            Cause::Layout => {}
            Cause::World => words.push_str(" (changed outside the layout)"),
            Cause::Both => words.push_str(" (changed in the layout and outside)"),
        }
        words
    });
    let attributes: Vec<String> = attributes.collect();
    from.into_iter()
        .chain(reasons)
        .chain((!attributes.is_empty()).then(|| attributes.join(", ")))
        .collect::<Vec<_>>()
        .join("; ")
}

fn details(out: &mut String, plan: &Plan, schemas: Schemas<'_>) {
    let parts = text::diff_parts(plan, schemas);
    if parts.is_empty() {
        return;
    }
    let ticks = parts.iter().map(|p| longest_run(p, '`')).max().unwrap_or(0);
    let fence = "`".repeat(ticks.max(2) + 1);
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

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(str::len).max().unwrap_or(0)
}

/// As code, wherever it stands.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() || text.contains(['`', '|', '\n', '\r']) {
        return format!("<code>{}</code>", prose(text));
    }
    format!("`{text}`")
}

/// As plain text: what could be markup is written by number.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '`' | '|' | '*' | '_' | '<' | '>' | '&' | '[' | ']' | '\\' | '#' | '@' | '~' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
