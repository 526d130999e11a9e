//! Errors and warnings in the form of `terraform validate -json`, with a `code` besides.

use crate::diag::{Diagnostic, Severity, Span};
use serde_json::{Value as Json, json};

/// One finding.
pub fn diagnostic(d: &Diagnostic) -> Json {
    let mut all = json!({
        "severity": if d.severity == Severity::Error { "error" } else { "warning" },
        "code": d.code,
        "summary": d.summary,
        "detail": explanation(d),
    });
    if let Some(address) = &d.address {
        all["address"] = json!(address);
    }
    if let Some(span) = &d.span {
        let (line, column) = span.line_column();
        let end = Span::new(&span.file, span.range.end..span.range.end);
        let (end_line, end_column) = end.line_column();
        all["range"] = json!({
            "filename": span.file.path,
            "start": {"line": line, "column": column, "byte": span.range.start},
            "end": {"line": end_line, "column": end_column, "byte": span.range.end},
        });
    }
    if let Some(snippet) = snippet(d) {
        all["snippet"] = snippet;
    }
    all
}

/// Why, and what to do.
fn explanation(d: &Diagnostic) -> String {
    let lines = std::iter::once(&d.detail).chain(&d.hints).filter(|text| !text.is_empty());
    lines.map(String::as_str).collect::<Vec<_>>().join("\n")
}

/// The line of source and the values of its references, as Terraform has them.
fn snippet(d: &Diagnostic) -> Option<Json> {
    let span = d.span.as_ref()?;
    let text = &span.file.text;
    let start = text[..span.range.start].rfind('\n').map_or(0, |at| at + 1);
    let code = text[start..].lines().next().unwrap_or_default();
    let offset = span.range.start - start;
    let values = d.values.iter().flatten();
    let values: Vec<_> = values.map(|v| json!({ "traversal": v.reference, "statement": v.statement })).collect();
    Some(json!({
        "context": null,
        "code": code,
        "start_line": span.line_column().0,
        "highlight_start_offset": offset,
        "highlight_end_offset": (offset + span.range.len()).min(code.len()),
        "values": values,
    }))
}
