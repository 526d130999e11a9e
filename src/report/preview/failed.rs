//! The layouts that did not plan, with what was wrong.

use super::page::Page;
use super::{Content, Rung};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::markdown::marks::{MARKS, code};
use crate::report::marks::{Marks, first};
use crate::report::parts::warning;

/// How many errors of a layout are named.
const ERRORS: usize = 10;

pub fn write(page: &mut Page, content: &Content<'_, '_>, rung: Rung) -> Option<()> {
    let lines: Vec<String> = each(content, rung, MARKS)
        .map(|(layout, lines)| match lines.as_slice() {
            [] => code(layout),
            [one] => format!("{}: {one}", code(layout)),
            all => format!("{}:\n  - {}", code(layout), all.join("\n  - ")),
        })
        .collect();
    page.list(&title(lines.len()), lines)
}

/// The title of the list.
pub fn title(count: usize) -> String {
    format!("Did not plan ({count})")
}

/// The layouts, each with its errors; in a short form one line.
pub fn each<'a>(content: &Content<'a, '_>, rung: Rung, marks: Marks) -> impl Iterator<Item = (&'a str, Vec<String>)> {
    let failed = content.all.iter().filter_map(|one| Some((one.layout, one.outcome.err()?)));
    failed.map(move |(layout, why)| (layout, errors(why, rung, marks)))
}

fn errors(why: &Diagnostics, rung: Rung, marks: Marks) -> Vec<String> {
    let errors = why.iter().filter(|d| d.is_error()).map(|d| error(d, rung, marks));
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
