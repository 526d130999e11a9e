//! `provisioner` blocks: what runs beside the creation or deletion of an object.

use super::walk::{Found, expressions};
use super::{check_static, decode, reader};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::Scope;
use crate::lang::expr::{Block, Body};
use crate::lang::refs::{Reference, Subject};
use crate::schema::{Attribute, Attrs, Mode};
use crate::value::{Name, Type, Value};
use std::collections::BTreeMap;

/// A `provisioner` block.
#[derive(Debug, Clone)]
pub struct Provisioner {
    /// The kind, such as `local-exec`.
    pub kind: Name,
    /// When it runs.
    pub when: When,
    /// Whether the step goes on when it fails.
    pub goes_on: bool,
    /// The arguments.
    body: Body,
    /// Where the block's header is.
    pub span: Span,
}

/// When a provisioner runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Once, after the object is made.
    Create,
    /// Before the object is deleted.
    Destroy,
}

/// A command, ready to be run.
#[derive(Debug, Clone)]
pub struct Command {
    /// The program and its arguments, the command itself last.
    pub words: Vec<String>,
    /// Where it runs, seen from the directory of the layout.
    pub working_dir: String,
    /// What is added to the environment.
    pub environment: BTreeMap<String, String>,
    /// Whether the command itself is not shown.
    pub quiet: bool,
    /// Whether neither it nor what it prints may be shown.
    pub sensitive: bool,
}

const META: [&str; 2] = ["when", "on_failure"];

/// The rows of a kind of provisioner.
fn rows(kind: &str) -> Option<Vec<Attribute>> {
    let text = |name| Attribute::new(name, Type::String);
    let texts = |name| Attribute::new(name, Type::list(Type::String));
    match kind {
        "local-exec" => Some(vec![
            Attribute { mode: Mode::Required, ..text("command") },
            text("working_dir"),
            texts("interpreter"),
            Attribute::new("environment", Type::map(Type::String)),
            Attribute::new("quiet", Type::Bool),
        ]),
        "remote-exec" => Some(vec![texts("inline"), text("script"), texts("scripts")]),
        "file" => {
            Some(vec![text("source"), text("content"), Attribute { mode: Mode::Required, ..text("destination") }])
        }
        _ => None,
    }
}

/// The `provisioner` blocks of a resource.
pub(super) fn all(body: &Body, diags: &mut Diagnostics) -> Vec<Provisioner> {
    body.blocks_of("provisioner").filter_map(|block| read(&block, diags)).collect()
}

fn read(block: &Block, diags: &mut Diagnostics) -> Option<Provisioner> {
    if !reader::labels(block, &["kind"], diags) {
        return None;
    }
    let (kind, kind_span) = block.labels.first()?;
    let body = block.body.without(&META, &["connection"]);
    let Some(rows) = rows(kind) else {
        let known = ["local-exec", "remote-exec", "file"];
        let d = Diagnostic::error("Unknown provisioner")
            .code("invalid-provisioner")
            .detail(format!("{:?} is not a provisioner.", &**kind));
        diags.push(reader::suggest(d.at(kind_span.clone()), kind, &known));
        return None;
    };
    diags.extend(check_static(&body, &rows, &block.span));
    let destroy = one_of(&block.body, "when", ["create", "destroy"], diags);
    let goes_on = one_of(&block.body, "on_failure", ["fail", "continue"], diags);
    let when = if destroy { When::Destroy } else { When::Create };
    let found = Provisioner { kind: kind.clone(), when, goes_on, body, span: block.span.clone() };
    if destroy {
        let foreign = found.references().into_iter().find(|r| !outlives(r));
        diags.extend(foreign.map(|reference| {
            Diagnostic::error("Invalid reference of a provisioner that runs at destruction")
                .code("invalid-provisioner")
                .detail("What else the layout has may be gone by then.")
                .at(reference.span)
                .hint("Only self, count.index and each.key can be used here.")
        }));
    }
    Some(found)
}

/// Whether a reference is to something that is there as long as the object.
fn outlives(reference: &Reference) -> bool {
    matches!(
        reference.subject,
        Subject::SelfObject | Subject::CountIndex | Subject::EachKey | Subject::Path(_) | Subject::Terraform(_)
    )
}

/// Whether a keyword is the second of two; without it, it is the first.
fn one_of(body: &Body, name: &str, words: [&str; 2], diags: &mut Diagnostics) -> bool {
    let Some(expr) = reader::expr(body, name) else { return false };
    let word = expr.as_keyword().or_else(|| expr.as_string());
    let found = words.iter().position(|known| word.as_deref() == Some(*known));
    if found.is_none() {
        diags.push(
            Diagnostic::error(format!("Invalid {name:?}"))
                .code("invalid-provisioner")
                .detail(format!("Expected {} or {}.", words[0], words[1]))
                .at(expr.span()),
        );
    }
    found == Some(1)
}

impl Provisioner {
    /// The command as the layout has it, for a line.
    pub fn shown(&self) -> String {
        let Some(command) = reader::expr(&self.body, "command") else { return self.kind.to_string() };
        let span = command.span();
        let text = span.text().trim().trim_matches('"');
        let line = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with("<<")).unwrap_or_default().trim();
        let short: String = line.chars().take(80).collect();
        if short.len() < line.len() || text.lines().count() > 1 { format!("{short}...") } else { short }
    }

    /// The command of a `local-exec`.
    pub fn command(&self, scope: &dyn Scope) -> Result<Command, Diagnostics> {
        let (value, found) = decode(&self.body, &rows(&self.kind).unwrap_or_default(), &self.span, scope);
        if !value.is_wholly_known() && !found.has_errors() {
            let d = Diagnostic::error("A value is still not known")
                .code("unknown-value")
                .detail("The command depends on it.");
            return Err(d.at(self.span.clone()).into());
        }
        let sensitive = value.has_sensitive();
        let attrs = Attrs::from_value(&value.unmark_deep());
        let mut words = attrs.strings("interpreter");
        if words.is_empty() {
            words = vec!["sh".into(), "-c".into()];
        }
        words.extend(attrs.string("command"));
        found.into_result(Command {
            words,
            working_dir: attrs.string("working_dir").unwrap_or_default(),
            environment: attrs.string_map("environment"),
            quiet: attrs.get("quiet").and_then(Value::as_bool) == Some(true),
            sensitive,
        })
    }

    pub(super) fn expressions(&self) -> Vec<Found> {
        expressions(&self.body)
    }

    /// All that it refers to.
    pub fn references(&self) -> Vec<Reference> {
        self.expressions().iter().flat_map(Found::references).collect()
    }
}
