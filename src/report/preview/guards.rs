//! What breaks a guard of a layout, each with its way and its place.

use super::Content;
use super::page::Page;
use crate::report::markdown::marks::MARKS;
use crate::report::marks::Marks;
use crate::report::parts::violation;

/// The title of the list.
pub const TITLE: &str = "Guards";

pub fn write(page: &mut Page, content: &Content<'_, '_>) -> Option<()> {
    page.list(TITLE, lines(content, MARKS))
}

/// A line for each.
pub fn lines(content: &Content<'_, '_>, marks: Marks) -> Vec<String> {
    let of = |(layout, plan): (&str, &crate::plan::change::Plan)| {
        let all = plan.violations.iter();
        all.map(|d| format!("{}: {}", (marks.name)(layout), violation(d, marks))).collect::<Vec<_>>()
    };
    content.planned().flat_map(of).collect()
}
