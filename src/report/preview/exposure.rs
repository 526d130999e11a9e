//! Traffic from outside that comes and goes, layout by layout.

use super::page::Page;
use super::{Content, Rung};
use crate::report::markdown::marks::MARKS;
use crate::report::marks::Marks;
use crate::report::text;

/// The title above the lines.
pub const TITLE: &str = "Exposure";

pub fn write(page: &mut Page, content: &Content<'_, '_>, rung: Rung) -> Option<()> {
    page.list(TITLE, lines(content, rung, MARKS))
}

/// A line for each; in a short form only of what comes in.
pub fn lines(content: &Content<'_, '_>, rung: Rung, marks: Marks) -> Vec<String> {
    let mut lines = Vec::new();
    for (layout, plan) in content.planned() {
        let all = if rung <= Rung::Small { text::exposure(plan, marks) } else { text::exposure_opened(plan, marks) };
        lines.extend(all.into_iter().map(|line| format!("{}: {line}", (marks.name)(layout))));
    }
    lines
}
