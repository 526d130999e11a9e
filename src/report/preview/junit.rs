//! A preview as the results of tests: a case per layout, which fails if the plan could not be made or the layout forbids it.

use super::Previewed;
use crate::diag::{Diagnostic, Diagnostics};
use crate::report::junit::{Case, Suite, Verdict, document};
use crate::report::text;

/// The document.
pub fn junit(all: &[Previewed<'_>]) -> String {
    let name = "floorplan preview";
    document(name, &[Suite { name: name.into(), cases: all.iter().map(case).collect() }])
}

fn case(one: &Previewed<'_>) -> Case {
    let forbidden = one.forbidden();
    let verdict = match one.outcome {
        Err(problems) if one.is_deleted() && problems.has_errors() => failed("deleted", problems),
        Err(problems) if one.is_deleted() => Verdict::Passed(problems.iter().map(lines).collect::<Vec<_>>().join("\n")),
        Err(problems) => failed("failed", problems),
        Ok(_) if forbidden.has_errors() => failed("forbidden", &forbidden),
        Ok(plan) => Verdict::Passed(text::summary(plan)),
    };
    Case { name: one.layout.to_owned(), class: "preview".into(), at: None, verdict }
}

fn failed(kind: &'static str, problems: &Diagnostics) -> Verdict {
    let errors: Vec<&Diagnostic> = problems.iter().filter(|d| d.is_error()).collect();
    let message = errors.first().map(|d| d.summary.clone()).unwrap_or_default();
    Verdict::Failed { kind, message, text: errors.into_iter().map(lines).collect::<Vec<_>>().join("\n") }
}

fn lines(d: &Diagnostic) -> String {
    let at = d.span.as_ref().map(|span| format!(", {}:{}", span.file.path, span.line_column().0));
    let about = d.address.as_ref().map(|address| format!(" ({address})"));
    let first = format!("{}{}{}", d.summary, about.unwrap_or_default(), at.unwrap_or_default());
    let detail = Some(&d.detail).filter(|detail| !detail.is_empty()).map(|detail| format!("  {detail}"));
    let hints = d.hints.iter().map(|hint| format!("  Hint: {hint}"));
    [first].into_iter().chain(detail).chain(hints).collect::<Vec<_>>().join("\n")
}
