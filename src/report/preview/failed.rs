//! The layouts that did not plan, with what was wrong.

use super::page::Page;
use super::{Content, Rung};
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::markdown::marks::{MARKS, code};
use crate::report::markdown::parts::warning;

/// How many errors of a layout are named.
const ERRORS: usize = 10;

pub fn write(page: &mut Page, content: &Content<'_, '_>, rung: Rung) -> Option<()> {
    let failed = content.all.iter().filter_map(|one| Some((one.layout, one.outcome.err()?)));
    let lines: Vec<String> = failed.map(|(layout, why)| reported(layout, why, rung)).collect();
    page.list(&format!("Did not plan ({})", lines.len()), lines)
}

fn reported(layout: &str, why: &Diagnostics, rung: Rung) -> String {
    let errors: Vec<&Diagnostic> = why.iter().filter(|d| d.is_error()).collect();
    let most = if rung <= Rung::Small { ERRORS } else { 1 };
    let mut lines: Vec<String> = errors.iter().take(most).map(|d| error(d, rung)).collect();
    let more = errors.len().saturating_sub(most);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    match lines.as_slice() {
        [] => code(layout),
        [one] => format!("{}: {one}", code(layout)),
        [one, rest] if most == 1 => format!("{}: {one}, {rest}", code(layout)),
        all => format!("{}:\n  - {}", code(layout), all.join("\n  - ")),
    }
}

fn error(d: &Diagnostic, rung: Rung) -> String {
    let mut words = warning(d);
    if let Some(span) = &d.span {
        words.push_str(&format!(", {}", code(&format!("{}:{}", span.file.path, span.line_column().0))));
    }
    if rung <= Rung::Small {
        words.push('.');
        if !d.detail.is_empty() {
            words.push_str(&format!(" {}", (MARKS.words)(&d.detail)));
        }
        for hint in &d.hints {
            words.push_str(&format!(" Hint: {}", (MARKS.words)(hint)));
        }
    }
    words
}
