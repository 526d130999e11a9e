//! `output` blocks.

use super::reader::{self, Shape};
use super::{Condition, check, type_expr};
use crate::diag::{Diagnostics, Span};
use crate::lang::constraint::Constraint;
use crate::lang::expr::{Block, Expr};
use crate::lang::refs::Reference;
use crate::value::Name;

/// An `output` block.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub expr: Expr,
    /// Its purpose, in the layout's words.
    pub description: Option<String>,
    /// The type that its value is converted to.
    pub constraint: Option<Constraint>,
    /// What callers should use instead, if it is deprecated.
    pub deprecated: Option<String>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether its value is never stored.
    pub ephemeral: bool,
    /// `depends_on`
    pub depends_on: Vec<Reference>,
    /// `precondition` blocks.
    pub preconditions: Vec<Condition>,
    /// Where the block's header is.
    pub span: Span,
}

const SHAPE: Shape = Shape {
    what: "output",
    attributes: &["value", "description", "type", "deprecated", "sensitive", "ephemeral", "depends_on"],
    blocks: &["precondition"],
};

/// An `output` block.
pub(super) fn read(block: &Block, diags: &mut Diagnostics) -> Option<Output> {
    if !reader::labels(block, &["name"], diags) {
        return None;
    }
    let (name, name_span) = block.labels.first()?;
    reader::identifier(name, name_span, diags);
    let body = &block.body;
    SHAPE.check(body, diags);
    let description = reader::literal_string(body, "description", diags).map(|(text, _)| text);
    let constraint = reader::expr(body, "type").and_then(|e| type_expr::of_variable(&e, diags));
    let deprecated = reader::literal_string(body, "deprecated", diags).map(|(text, _)| text);
    let sensitive = reader::literal_bool(body, "sensitive", diags).unwrap_or(false);
    let ephemeral = reader::literal_bool(body, "ephemeral", diags).unwrap_or(false);
    let depends_on = reader::depends_on(body, diags);
    let preconditions = check::conditions(body, "precondition", diags);
    let expr = reader::required(body, "value", &block.span, diags)?;
    Some(Output {
        name: name.clone(),
        expr,
        description,
        constraint,
        deprecated,
        sensitive,
        ephemeral,
        depends_on,
        preconditions,
        span: block.span.clone(),
    })
}
