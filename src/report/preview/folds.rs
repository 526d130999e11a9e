//! The details of each layout in a fold: each change with a link to its block and its difference.

use super::Content;
use super::page::Page;
use crate::plan::change::{Change, Plan};
use crate::report::edits::edits;
use crate::report::markdown::marks::{MARKS, code, fenced, html, place};
use crate::report::marks::{counted, first};
use crate::report::text::{self, is_visible};

/// A difference of so many lines is small.
pub const SMALL: usize = 12;

/// Differences with more than `most` lines are left out.
pub fn write(page: &mut Page, content: &Content<'_, '_>, most: usize) -> Option<()> {
    for (layout, plan) in content.planned() {
        fold(page, content, layout, plan, most)?;
    }
    Some(())
}

fn fold(page: &mut Page, content: &Content<'_, '_>, layout: &str, plan: &Plan, most: usize) -> Option<()> {
    let (same, changes): (Vec<&Change>, Vec<&Change>) =
        plan.changes.iter().filter(|c| is_visible(c)).partition(|c| content.same.has(c));
    let (drift, outputs) = (text::drift_diff(plan, content.schemas), text::outputs_diff(plan));
    if changes.is_empty() && drift.is_empty() && outputs.is_empty() {
        return Some(());
    }
    let summary = html(&text::summary(plan));
    page.add(&format!("\n<details><summary><code>{}</code>: {summary}</summary>\n", html(layout)))?;
    if let Some(line) = text::origin(plan) {
        page.add(&format!("\n{}\n", (MARKS.words)(&line)))?;
    }
    if !same.is_empty() {
        page.add(&format!(
            "\nBesides {} that {} the same in other layouts.\n",
            counted(same.len(), "change"),
            if same.len() == 1 { "is" } else { "are" }
        ))?;
    }
    part(page, "Changed outside the layout", &drift, most)?;
    for change in changes {
        let difference = text::object_diff(change, content.schemas);
        match difference.lines().count() {
            lines if lines > most => short(page, content, layout, change, lines)?,
            _ => page.add(&format!("\n{}\n\n{}", title(content, layout, change), fenced(&difference)))?,
        }
    }
    part(page, "Changes to outputs", &outputs, most)?;
    page.add("\n</details>\n")
}

/// The change in words, and where its block is.
fn title(content: &Content<'_, '_>, layout: &str, change: &Change) -> String {
    let (mut words, reasons) = text::marked_heading(change, MARKS);
    if !reasons.is_empty() {
        words.push_str(&format!(" ({})", reasons.join("; ")));
    }
    match (content.links.place)(layout, &change.address) {
        Some((file, line)) => format!("{words}, {}", place(content.links.base, within(layout, &file), &file, line)),
        None => words,
    }
}

/// A file of a layout as it is called within it.
pub fn within<'a>(layout: &str, file: &'a str) -> &'a str {
    let below = file.strip_prefix(layout).and_then(|rest| rest.strip_prefix('/'));
    below.filter(|rest| !rest.is_empty()).unwrap_or(file)
}

/// A large difference by its edits alone.
fn short(page: &mut Page, content: &Content<'_, '_>, layout: &str, change: &Change, lines: usize) -> Option<()> {
    let edits = edits(change, text::rows(&change.address, content.schemas));
    let edits = first(edits.iter().map(|edit| code(&edit.line())), SMALL).join(", ");
    let edits = if edits.is_empty() { edits } else { format!(": {edits}") };
    page.add(&format!("\n{}{edits} ({lines} lines left out)\n", title(content, layout, change)))
}

/// What is not the change of one object.
fn part(page: &mut Page, called: &str, difference: &str, most: usize) -> Option<()> {
    match difference.lines().count() {
        0 => Some(()),
        lines if lines > most => page.add(&format!("\n{called} ({lines} lines left out)\n")),
        _ => page.add(&format!("\n{}", fenced(difference))),
    }
}
