//! The layouts that were deleted and those that did not plan, with what is wrong.

use super::page::Page;
use super::{Content, DELETED, Rung};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::markdown::marks::{MARKS, code};
use crate::report::marks::{Marks, first};
use crate::report::parts::warning;

/// How many errors of a layout are named.
const ERRORS: usize = 10;

pub fn write(page: &mut Page, content: &Content<'_, '_>, rung: Rung) -> Option<()> {
    sections(content, rung, MARKS).into_iter().try_for_each(|(title, layouts)| {
        let line = |(layout, lines): (&str, Vec<String>)| match lines.as_slice() {
            [] => code(layout),
            [one] => format!("{}: {one}", code(layout)),
            all => format!("{}:\n  - {}", code(layout), all.join("\n  - ")),
        };
        page.list(&title, layouts.into_iter().map(line).collect())
    })
}

/// Layouts, each with its errors; in a short form one line.
type Layouts<'a> = Vec<(&'a str, Vec<String>)>;

/// The deleted layouts under their title, then the others under theirs.
pub fn sections<'a>(content: &Content<'a, '_>, rung: Rung, marks: Marks) -> [(String, Layouts<'a>); 2] {
    [("Deleted", true), ("Did not plan", false)].map(|(title, deleted)| {
        let these = content.all.iter().filter(|one| one.is_deleted() == deleted);
        let layouts = these.filter_map(|one| Some((one.layout, errors(one.outcome.err()?, rung, marks))));
        let layouts: Layouts<'a> = layouts.collect();
        (format!("{title} ({})", layouts.len()), layouts)
    })
}

fn errors(why: &Diagnostics, rung: Rung, marks: Marks) -> Vec<String> {
    // A deleted layout may have a warning alone.
    let errors = why.iter().filter(|d| d.is_error() || d.code == DELETED).map(|d| error(d, rung, marks));
    if rung <= Rung::Small {
        return first(errors, ERRORS);
    }
    let line = first(errors, 1).join(", ");
    if line.is_empty() { Vec::new() } else { vec![line] }
}

fn error(d: &Diagnostic, rung: Rung, marks: Marks) -> String {
    let mut words = warning(d, marks);
    if let Some(span) = &d.span {
        words.push_str(&format!(", {}", (marks.name)(&format!("{}:{}", span.file.path, span.line_column().0))));
    }
    if rung <= Rung::Small {
        words.push('.');
        if !d.detail.is_empty() {
            words.push_str(&format!(" {}", (marks.words)(&d.detail)));
        }
        for hint in &d.hints {
            words.push_str(&format!(" Hint: {}", (marks.words)(hint)));
        }
    }
    words
}
