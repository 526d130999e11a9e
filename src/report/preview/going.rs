//! The objects that are destroyed or replaced, and what forces it.

use super::Content;
use super::page::Page;
use crate::plan::change::Action;
use crate::report::markdown::marks::MARKS;
use crate::report::marks::Marks;
use crate::report::parts::{object, remark};
use indexmap::IndexMap;

/// The columns.
pub const COLUMNS: [&str; 4] = ["", "Object", "Layout", "Why"];

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    let (count, rows) = rows(content, MARKS);
    page.table(&title(count), &COLUMNS.map(str::to_owned), rows)
}

/// The title of the table.
pub fn title(count: usize) -> String {
    format!("Destroyed and replaced ({count})")
}

/// How many there are, and a row for each or for those that are the same in several layouts.
pub fn rows(content: &Content<'_, '_>, marks: Marks) -> (usize, Vec<Vec<String>>) {
    let mut found: IndexMap<[String; 3], Vec<&str>> = IndexMap::new();
    let mut count = 0;
    for (layout, change) in content.changes() {
        let what = match change.action {
            Action::Delete => "destroy".to_owned(),
            action if action.is_replace() => (marks.strong)("replace"),
            _ => continue,
        };
        count += 1;
        let row = [what, object(change, marks), remark(change, content.schemas, marks)];
        found.entry(row).or_default().push(layout);
    }
    let rows = found.into_iter().map(|([what, object, why], mut layouts)| {
        layouts.dedup();
        vec![what, object, marks.names(layouts), why]
    });
    (count, rows.collect())
}
