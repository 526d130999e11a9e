//! The objects that are destroyed or replaced, and what forces it.

use super::Content;
use super::page::Page;
use crate::plan::change::Action;
use crate::report::markdown::marks::MARKS;
use crate::report::markdown::parts::{object, remark};
use indexmap::IndexMap;

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    let mut found: IndexMap<[String; 3], Vec<&str>> = IndexMap::new();
    let mut count = 0;
    for (layout, change) in content.changes() {
        let what = match change.action {
            Action::Delete => "destroy",
            action if action.is_replace() => "**replace**",
            _ => continue,
        };
        count += 1;
        let row = [what.to_owned(), object(change), remark(change, content.schemas)];
        found.entry(row).or_default().push(layout);
    }
    let rows = found.into_iter().map(|([what, object, why], mut layouts)| {
        layouts.dedup();
        vec![what, object, MARKS.names(layouts), why]
    });
    page.table(&format!("Destroyed and replaced ({count})"), &["", "Object", "Layout", "Why"], rows.collect())
}
