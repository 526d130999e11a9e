//! `provisioner` blocks: what runs beside the creation or deletion of an object.

mod action;
mod connection;
#[cfg(test)]
mod tests;

pub use action::{Action, Command, Content, Remote, Work};
pub use connection::{Connection, Login};

use super::merge::merged;
use super::walk::{Found, expressions};
use super::{check_static, decode, reader};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::Scope;
use crate::lang::expr::{Block, Body};
use crate::lang::refs::{Reference, Subject};
use crate::schema::{Attribute, Attrs};
use crate::value::Name;
use action::{one_of, rows};

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
    /// The `connection` block, over the one of the resource.
    connection: Option<Body>,
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

const META: [&str; 2] = ["when", "on_failure"];

/// The `provisioner` blocks of a resource.
pub(super) fn all(body: &Body, diags: &mut Diagnostics) -> Vec<Provisioner> {
    let shared = connection_of(body, diags);
    body.blocks_of("provisioner").filter_map(|block| read(&block, shared.as_ref(), diags)).collect()
}

/// The `connection` block in a body.
fn connection_of(body: &Body, diags: &mut Diagnostics) -> Option<Body> {
    let mut blocks = body.blocks_of("connection");
    let first = blocks.next()?;
    diags.extend(check_static(&first.body, &connection::rows(), &first.span));
    diags.extend(blocks.map(|more| {
        Diagnostic::error("More than one connection block")
            .code("invalid-provisioner")
            .detail("A resource and a provisioner each have one connection.")
            .at(more.span)
    }));
    Some(first.body)
}

fn read(block: &Block, shared: Option<&Body>, diags: &mut Diagnostics) -> Option<Provisioner> {
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
    let choices = one_of(kind);
    if !choices.is_empty() && choices.iter().filter(|name| body.attribute(name).is_some()).count() != 1 {
        diags.push(
            Diagnostic::error(format!("A {kind} provisioner takes exactly one of {}", choices.join(", ")))
                .code("invalid-provisioner")
                .at(block.span.clone()),
        );
    }
    let own = connection_of(&block.body, diags);
    let connection = match (shared, own) {
        (Some(shared), Some(own)) => Some(merged(shared, &own)),
        (shared, own) => own.or_else(|| shared.cloned()),
    };
    let destroy = keyword(&block.body, "when", ["create", "destroy"], diags);
    let goes_on = keyword(&block.body, "on_failure", ["fail", "continue"], diags);
    let when = if destroy { When::Destroy } else { When::Create };
    let found = Provisioner { kind: kind.clone(), when, goes_on, body, connection, span: block.span.clone() };
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
fn keyword(body: &Body, name: &str, words: [&str; 2], diags: &mut Diagnostics) -> bool {
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
    /// The work as the layout has it, for a line.
    pub fn shown(&self) -> String {
        let names = ["command", "inline", "script", "scripts", "destination"];
        let Some(work) = names.iter().find_map(|name| reader::expr(&self.body, name)) else {
            return self.kind.to_string();
        };
        let span = work.span();
        let text = span.text().trim().trim_matches('"');
        let line = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with("<<")).unwrap_or_default().trim();
        let short: String = line.chars().take(80).collect();
        if short.len() < line.len() || text.lines().count() > 1 { format!("{short}...") } else { short }
    }

    /// Whether it works on another machine.
    pub fn is_remote(&self) -> bool {
        &*self.kind != "local-exec"
    }

    /// Why it cannot be run as it is written, and what to do.
    pub fn unusable(&self) -> Option<(String, &'static str)> {
        match &self.connection {
            _ if !self.is_remote() => None,
            Some(connection) => connection::unusable(connection),
            None => Some(("It has no connection block.".to_owned(), "Add one that says how the machine is reached.")),
        }
    }

    /// The work, with the values of the layout.
    pub fn action(&self, scope: &dyn Scope) -> Result<Action, Diagnostics> {
        let (arguments, sensitive) = self.values(&self.body, &rows(&self.kind).unwrap_or_default(), scope)?;
        if !self.is_remote() {
            return Ok(Action::Local(Command::read(&arguments, sensitive)));
        }
        let invalid = |cause: String| {
            let d = Diagnostic::error(format!("A {} provisioner cannot be run", self.kind)).code("invalid-provisioner");
            Diagnostics::from(d.detail(cause).at(self.span.clone()))
        };
        let empty = Body::empty(self.body.file());
        let (given, _) = self.values(self.connection.as_ref().unwrap_or(&empty), &connection::rows(), scope)?;
        let connection = Connection::read(&given).map_err(invalid)?;
        let work = Work::read(&self.kind, &arguments).map_err(invalid)?;
        Ok(Action::Remote(Box::new(Remote { connection, work, sensitive })))
    }

    /// The values of a body, and whether one of them is sensitive.
    fn values(&self, body: &Body, rows: &[Attribute], scope: &dyn Scope) -> Result<(Attrs, bool), Diagnostics> {
        let (value, found) = decode(body, rows, &self.span, scope);
        if !value.is_wholly_known() && !found.has_errors() {
            let d = Diagnostic::error("A value is still not known")
                .code("unknown-value")
                .detail("The provisioner depends on it.");
            return Err(d.at(self.span.clone()).into());
        }
        let sensitive = value.has_sensitive();
        found.into_result((Attrs::from_value(&value.unmark_deep()), sensitive))
    }

    pub(super) fn expressions(&self) -> Vec<Found> {
        let mut all = expressions(&self.body);
        all.extend(self.connection.iter().flat_map(expressions));
        all
    }

    /// All that it refers to.
    pub fn references(&self) -> Vec<Reference> {
        self.expressions().iter().flat_map(Found::references).collect()
    }
}
