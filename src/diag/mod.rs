//! Errors and warnings: what is wrong, where, and what to do about it.
//!
//! Errors are collected, not thrown: a run reports all it found. This module holds the values;
//! it never prints, never exits and knows neither AWS nor the disk.

mod render;
mod suggest;

pub use render::render;
pub use suggest::did_you_mean;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A shorter text is part of too many words to be distinguished from them.
const SHORTEST_SECRET: usize = 4;

/// A configuration file as it was read: what spans point into.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path as a person would type it.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A byte range in a source file.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    /// The file that the range points into.
    pub file: Arc<SourceFile>,
    /// Byte offsets into the file's text.
    pub range: Range<usize>,
}

impl Span {
    /// The span `range` of `file`, cut to the file's length and to character boundaries.
    pub fn new(file: &Arc<SourceFile>, range: Range<usize>) -> Self {
        let text = &file.text;
        let floor = |at: usize| {
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(range.start);
        let end = floor(range.end).max(start);
        Span { file: file.clone(), range: start..end }
    }

    /// Line and column of the start, both from 1, the column in characters.
    pub fn line_column(&self) -> (usize, usize) {
        let before = &self.file.text[..self.range.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// The same place in a copy of the file in which these texts cannot be read. A short one is part of too
    /// many words to be distinguished from them: it is hidden only where it is in quotes.
    pub fn hiding<'a>(&self, secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let hidden = |text: String, secret: &str| match secret.len() {
            0 => text,
            1..SHORTEST_SECRET => text.replace(&format!("\"{secret}\""), &format!("\"{}\"", "*".repeat(secret.len()))),
            length => text.replace(secret, &"*".repeat(length)),
        };
        let text = secrets.into_iter().fold(self.file.text.clone(), hidden);
        let file = SourceFile { path: self.file.path.clone(), text };
        Span { file: Arc::new(file), range: self.range.clone() }
    }

    /// The text that the span covers.
    pub fn text(&self) -> &str {
        &self.file.text[self.range.clone()]
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.file.path)
    }
}

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The run continues; the reader should know.
    Warning,
    /// The run ends without having changed anything more.
    Error,
}

/// The value of a reference in an expression that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencedValue {
    /// As it is written, such as `var.zones`.
    pub reference: String,
    /// Such as `is []`. Sensitive values are not in it.
    pub statement: String,
}

/// One finding: what is wrong, where, what was expected and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// The kind of finding for programs, such as `undeclared-variable`; it stays when the words change. All are in
    /// `docs/diagnostics.md`.
    pub code: Cow<'static, str>,
    /// One line: what is wrong.
    pub summary: String,
    /// Sentences: what was found and what was expected. May be empty.
    pub detail: String,
    /// Where it is, if it is in a file.
    pub span: Option<Span>,
    /// A few words printed beside the underlined source. May be empty.
    pub label: String,
    /// The values of the references in the expression that failed, printed below the source; `None` until the
    /// evaluator has looked for them.
    pub values: Option<Vec<ReferencedValue>>,
    /// The cures, one sentence each; printed as `Hint:` lines.
    pub hints: Vec<String>,
    /// The resource or object that it is about, if one.
    pub address: Option<String>,
}

impl Diagnostic {
    /// An error with a one-line summary.
    pub fn error(summary: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code: Cow::Borrowed("other"),
            summary: summary.into(),
            detail: String::new(),
            span: None,
            label: String::new(),
            values: None,
            hints: Vec::new(),
            address: None,
        }
    }

    /// A warning with a one-line summary.
    pub fn warning(summary: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(summary) }
    }

    /// Names the kind of finding; the last one counts.
    pub fn code(mut self, code: &'static str) -> Self {
        self.code = Cow::Borrowed(code);
        self
    }

    /// Adds the explanation.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Says where it is. An existing span stays: the innermost one is the best.
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = self.span.or(span.into());
        self
    }

    /// Words beside the underlined source.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a cure.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Names the object that it is about.
    pub fn about(mut self, address: impl fmt::Display) -> Self {
        self.address.get_or_insert_with(|| address.to_string());
        self
    }

    /// The same, as a warning.
    pub fn as_warning(self) -> Self {
        Diagnostic { severity: Severity::Warning, ..self }
    }

    /// Whether they differ in nothing but values.
    fn is_same_finding(&self, other: &Diagnostic) -> bool {
        let Diagnostic { severity, code, summary, detail, span, label, values: _, hints, address } = self;
        (severity, code, summary, detail) == (&other.severity, &other.code, &other.summary, &other.detail)
            && (span, label, hints, address) == (&other.span, &other.label, &other.hints, &other.address)
    }

    /// Whether it stops the run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render(self, false))
    }
}

/// All findings of a run, in the order found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, unless the same was already reported, perhaps with other values.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.0.iter().any(|d| d.is_same_finding(&diagnostic)) {
            self.0.push(diagnostic);
        }
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        other.into_iter().for_each(|d| self.push(d));
    }

    /// Whether one of them stops the run.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// Whether there are none at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Takes the value out of a result; a failure is kept as finding.
    pub fn take<T, E: Into<Diagnostics>>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(e) => {
                self.extend(e.into());
                None
            }
        }
    }

    /// `Ok(value)` unless an error was found.
    pub fn into_result<T>(self, value: T) -> Result<T, Diagnostics> {
        if self.has_errors() { Err(self) } else { Ok(value) }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(d: Diagnostic) -> Self {
        Diagnostics(vec![d])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        let mut all = Diagnostics::new();
        all.extend(iter);
        all
    }
}
