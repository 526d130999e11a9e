//! The details of each layout in a fold: each change with a link to its block and its difference.

use super::Content;
use super::page::Page;
use crate::plan::change::{Change, Plan};
use crate::report::markdown::marks::{MARKS, fenced, html, place};
use crate::report::marks::counted;
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
    difference(page, "", &drift, most)?;
    for change in changes {
        difference(page, &title(content, layout, change), &text::object_diff(change, content.schemas), most)?;
    }
    difference(page, "", &outputs, most)?;
    page.add("\n</details>\n")
}

/// The change in words, and where its block is.
fn title(content: &Content<'_, '_>, layout: &str, change: &Change) -> String {
    let (mut words, reasons) = text::marked_heading(change, MARKS);
    if !reasons.is_empty() {
        words.push_str(&format!(" ({})", reasons.join("; ")));
    }
    let at = (content.links.place)(layout, &change.address);
    match at {
        Some((file, line)) => format!("{words}, {}", place(content.links.base, &file, line)),
        None => words,
    }
}

fn difference(page: &mut Page, title: &str, text: &str, most: usize) -> Option<()> {
    if text.is_empty() {
        return Some(());
    }
    let lines = text.lines().count();
    match (title, lines > most) {
        ("", true) => page.add(&format!("\n{} left out.\n", counted(lines, "line"))),
        (title, true) => page.add(&format!("\n{title} ({lines} lines left out)\n")),
        ("", false) => page.add(&format!("\n{}", fenced(text))),
        (title, false) => page.add(&format!("\n{title}\n\n{}", fenced(text))),
    }
}
