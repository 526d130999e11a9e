//! What the planner warns of, once for all layouts that it is so in.

use super::Content;
use super::page::Page;
use crate::report::markdown::marks::MARKS;
use crate::report::markdown::parts::warning;
use indexmap::IndexMap;

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    let mut found: IndexMap<String, Vec<&str>> = IndexMap::new();
    for (layout, plan) in content.planned() {
        for d in &plan.warnings {
            found.entry(warning(d)).or_default().push(layout);
        }
    }
    let lines = found.into_iter().map(|(words, mut layouts)| {
        layouts.dedup();
        format!("{words}, in {}", MARKS.names(layouts))
    });
    page.list("Warnings", lines.collect())
}
