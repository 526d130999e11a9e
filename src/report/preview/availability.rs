//! Interruptions, single points of failure and waves, layout by layout.

use super::page::Page;
use super::{Content, Rung};
use crate::plan::change::Plan;
use crate::report::markdown::marks::MARKS;
use crate::report::marks::Marks;
use crate::report::text;

pub fn write(page: &mut Page, content: &Content<'_, '_>, rung: Rung) -> Option<()> {
    page.list("Availability", lines(content, rung, MARKS))
}

/// A line for each; in a short form only of the interruptions.
pub fn lines(content: &Content<'_, '_>, rung: Rung, marks: Marks) -> Vec<String> {
    let mut lines = Vec::new();
    for (layout, plan) in content.planned() {
        let all = if rung <= Rung::Small { text::service_brief(plan, marks) } else { text::losses(plan, marks) };
        let all = refused(plan, marks).into_iter().chain(all);
        lines.extend(all.map(|line| format!("{}: {line}", (marks.name)(layout))));
    }
    lines
}

/// Whether an apply is refused, and why.
fn refused(plan: &Plan, marks: Marks) -> Option<String> {
    let why = match plan.outside_window() {
        Some(_) => "outside the maintenance window",
        None if plan.interruptions().has_errors() => "which the layout does not allow",
        None => return None,
    };
    Some(format!("{}: it interrupts service {why}", (marks.strong)("apply refuses this plan")))
}
