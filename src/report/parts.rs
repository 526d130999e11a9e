//! Sentences that the comment on one plan and the preview of many share.

use crate::diag::Diagnostic;
use crate::plan::change::{Action, Cause, Change};
use crate::report::edits::{of_attribute, reported};
use crate::report::marks::{Marks, first};
use crate::report::text::{self, Schemas};

/// What is wrong, and with what.
pub fn warning(d: &Diagnostic, marks: Marks) -> String {
    let about = d.address.as_ref().map(|a| format!(" ({})", (marks.name)(a))).unwrap_or_default();
    format!("{}{about}", (marks.words)(&d.summary))
}

/// What breaks a guard: what it is, where, and on which way.
pub fn violation(d: &Diagnostic, marks: Marks) -> String {
    let at = d.span.as_ref().map(|span| format!(", {}:{}", span.file.path, span.line_column().0)).unwrap_or_default();
    let mut lines = d.detail.lines();
    let first = lines.next().unwrap_or_default();
    let between = if first.ends_with("The way:") { " → " } else { "; " };
    let rest: Vec<&str> = lines.map(str::trim).collect();
    let detail = [first.to_owned(), rest.join(between)].join(" ");
    let (at, detail) = ((marks.words)(&at), (marks.words)(detail.trim()));
    format!("{} {}{at}. {detail}", (marks.strong)("refused:"), warning(d, marks))
}

/// The name of an object that changes.
pub fn object(change: &Change, marks: Marks) -> String {
    let name = (marks.name)(&change.address.to_string());
    match &change.deposed {
        Some(key) => format!("{name} (deposed object {})", (marks.name)(key)),
        None => name,
    }
}

/// The remarks that a reviewer should read before the details: why, and by which attributes.
pub fn remark(change: &Change, schemas: Schemas<'_>, marks: Marks) -> String {
    const EDITS: usize = 3;
    let rows = text::rows(&change.address, schemas);
    let from = change.moved_from.as_ref().filter(|_| change.action == Action::NoOp);
    let from = from.map(|from| format!("from {}", (marks.name)(&from.to_string())));
    let reasons = text::marked_heading(change, marks).1;
    let attributes = reported(change).map(|a| {
        let mut words = (marks.name)(&a.name);
        if a.forces_replacement {
            let edits = of_attribute(change, &a.name, rows);
            let edits = first(edits.iter().map(|e| (marks.name)(&format!("{} {}", e.what, e.how))), EDITS).join(", ");
            words = if edits.is_empty() { words } else { edits };
            words.push_str(" forces replacement");
        }
        match a.cause {
            Cause::Layout => {}
            Cause::World => words.push_str(" (changed outside the layout)"),
            Cause::Both => words.push_str(" (changed in the layout and outside)"),
        }
        words
    });
    let attributes: Vec<String> = attributes.collect();
    from.into_iter()
        .chain(reasons)
        .chain((!attributes.is_empty()).then(|| attributes.join(", ")))
        .collect::<Vec<_>>()
        .join("; ")
}
