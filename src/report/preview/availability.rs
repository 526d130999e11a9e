//! Interruptions, single points of failure and waves, layout by layout.

use super::page::Page;
use super::{Content, Rung};
use crate::plan::change::Plan;
use crate::report::markdown::marks::{MARKS, code};
use crate::report::text;

pub fn write(page: &mut Page, content: &Content<'_, '_>, rung: Rung) -> Option<()> {
    let mut lines = Vec::new();
    for (layout, plan) in content.planned() {
        let all = if rung <= Rung::Small { text::service_brief(plan, MARKS) } else { text::losses(plan, MARKS) };
        let all = refused(plan).into_iter().chain(all);
        lines.extend(all.map(|line| format!("{}: {line}", code(layout))));
    }
    page.list("Availability", lines)
}

/// Whether an apply is refused, and why.
fn refused(plan: &Plan) -> Option<String> {
    let why = match plan.outside_window() {
        Some(_) => "outside the maintenance window",
        None if plan.refusals().has_errors() => "which the layout does not allow",
        None => return None,
    };
    Some(format!("**apply refuses this plan**: it interrupts service {why}"))
}
