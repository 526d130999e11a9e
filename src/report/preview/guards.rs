//! Violations of the guards of a layout, each with its way and its place.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Diagnostic, SourceFile, Span};
    use crate::report::marks::PLAIN;
    use std::sync::Arc;

    #[test]
    fn a_way_is_one_line() {
        let file = Arc::new(SourceFile { path: "main.tf".into(), text: "resource {}\n".into() });
        let reached = Diagnostic::error("The Internet reaches x on tcp/22")
            .detail("The guard \"a\" forbids it. The way:\n  internet\n  x (main.tf:1)")
            .at(Span::new(&file, 0..8));
        assert_eq!(
            violation(&reached, PLAIN),
            "refused: The Internet reaches x on tcp/22, main.tf:1. The guard \"a\" forbids it. The way: internet → x \
             (main.tf:1)"
        );
        let open = Diagnostic::error("A group is open").detail("The guard \"b\" forbids it: all.").about("aws_x.y");
        assert_eq!(violation(&open, PLAIN), "refused: A group is open (aws_x.y). The guard \"b\" forbids it: all.");
    }
}
