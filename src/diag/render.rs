//! Diagnostics as people read them: summary, source with the span underlined, reason, cure.

use super::{Diagnostic, Severity};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// Renders one diagnostic; `colour` only where a terminal shows it. Ends without a newline.
pub fn render(d: &Diagnostic, colour: bool) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = match &d.address {
        Some(address) => format!("{} ({address})", d.summary),
        None => d.summary.clone(),
    };
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let head = level.primary_title(title.as_str());
    let mut out = match &d.span {
        Some(span) => {
            let mark = AnnotationKind::Primary.span(span.range.clone());
            let mark = if d.label.is_empty() { mark } else { mark.label(d.label.as_str()) };
            let snippet = Snippet::source(span.file.text.as_str()).path(span.file.path.as_str()).annotation(mark);
            let values = d.values.iter().flatten().map(|v| format!("{} {}", v.reference, v.statement));
            let values: Vec<String> = values.collect();
            let values = values.iter().map(|text| Level::NOTE.no_name().message(text.as_str()));
            renderer.render(&[head.element(snippet).elements(values)])
        }
        None => renderer.render(&[annotate_snippets::Group::with_title(head)]),
    };
    if !d.detail.is_empty() {
        out.push('\n');
        out.push_str(&indent(&d.detail));
    }
    for hint in &d.hints {
        out.push_str("\n  Hint: ");
        out.push_str(hint);
    }
    out
}

fn indent(text: &str) -> String {
    text.lines().map(|l| format!("  {l}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{ReferencedValue, SourceFile, Span};
    use std::sync::Arc;

    #[test]
    fn an_error_shows_the_line_the_reason_and_the_cure() {
        let text = "resource \"aws_subnet\" \"a\" {\n  cdir_block = \"10.0.0.0/24\"\n}\n";
        let file = Arc::new(SourceFile { path: "main.tf".into(), text: text.into() });
        let d = Diagnostic::error("Unsupported argument")
            .detail("An argument named \"cdir_block\" is not expected here.")
            .at(Span::new(&file, 30..40))
            .hint("Did you mean \"cidr_block\"?")
            .about("aws_subnet.a");
        insta::assert_snapshot!(render(&d, false), @r#"
        error: Unsupported argument (aws_subnet.a)
         --> main.tf:2:3
          |
        2 |   cdir_block = "10.0.0.0/24"
          |   ^^^^^^^^^^
          An argument named "cdir_block" is not expected here.
          Hint: Did you mean "cidr_block"?
        "#);
    }

    #[test]
    fn the_values_of_references_are_shown_below_the_source() {
        let file = Arc::new(SourceFile { path: "main.tf".into(), text: "value = var.zones[0]\n".into() });
        let values = [("var.zones", "is []"), ("each.key", "is \"a\"")];
        let values = values
            .map(|(reference, statement)| ReferencedValue { reference: reference.into(), statement: statement.into() });
        let d =
            Diagnostic::error("Invalid index").detail("The collection has no elements.").at(Span::new(&file, 18..19));
        insta::assert_snapshot!(render(&Diagnostic { values: Some(values.into()), ..d }, false), @r#"
        error: Invalid index
         --> main.tf:1:19
          |
        1 | value = var.zones[0]
          |                   ^
          |
          = var.zones is []
          = each.key is "a"
          The collection has no elements.
        "#);
    }
}
