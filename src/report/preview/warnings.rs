//! Warnings of the planner, each once with the layouts that it is about.

use super::Content;
use super::page::Page;
use crate::report::markdown::marks::MARKS;
use crate::report::marks::Marks;
use crate::report::parts::warning;
use indexmap::IndexMap;

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    page.list("Warnings", lines(content, MARKS))
}

/// A line for each.
pub fn lines(content: &Content<'_, '_>, marks: Marks) -> Vec<String> {
    let mut found: IndexMap<String, Vec<&str>> = IndexMap::new();
    for (layout, plan) in content.planned() {
        for d in &plan.warnings {
            found.entry(warning(d, marks)).or_default().push(layout);
        }
    }
    let line = found.into_iter().map(|(words, mut layouts)| {
        layouts.dedup();
        format!("{words}, in {}", marks.names(layouts))
    });
    line.collect()
}
