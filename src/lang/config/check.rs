//! `check` blocks, and the conditions that they share with variables, resources and outputs.

use super::reader::{self, Shape};
use super::{Resource, Types, resource};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Body, Expr};
use crate::value::Name;
use crate::value::address::Mode;

/// A condition that must hold: a `validation`, `precondition`, `postcondition` or `assert` block.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The expression that must be true.
    pub condition: Expr,
    /// The message when it is not.
    pub error_message: Expr,
    /// Where the block's header is.
    pub span: Span,
}

/// A `check` block: its failures warn and stop nothing.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its name.
    pub name: Name,
    /// A data source that only this block sees.
    pub data: Option<Resource>,
    /// `assert` blocks.
    pub asserts: Vec<Condition>,
    /// Where the block's header is.
    pub span: Span,
}

const CONDITION: Shape = Shape { what: "", attributes: &["condition", "error_message"], blocks: &[] };
const CHECK: Shape = Shape { what: "check", attributes: &[], blocks: &["data", "assert"] };

/// The conditions in the nested blocks `kind` of `body`.
pub(super) fn conditions(body: &Body, kind: &'static str, diags: &mut Diagnostics) -> Vec<Condition> {
    let mut found = Vec::new();
    for block in reader::nested(body, kind) {
        reader::labels(&block, &[], diags);
        Shape { what: kind, ..CONDITION }.check(&block.body, diags);
        let condition = reader::required(&block.body, "condition", &block.span, diags);
        let error_message = reader::required(&block.body, "error_message", &block.span, diags);
        if let (Some(condition), Some(error_message)) = (condition, error_message) {
            if condition.references().is_empty() {
                diags.push(
                    Diagnostic::error("Condition without a reference")
                        .code("invalid-condition")
                        .detail("A condition that refers to nothing is always the same and checks nothing.")
                        .at(condition.span()),
                );
            }
            found.push(Condition { condition, error_message, span: block.span.clone() });
        }
    }
    found
}

/// A `check` block.
pub(super) fn read(block: &Block, types: Option<&dyn Types>, diags: &mut Diagnostics) -> Option<Check> {
    if !reader::labels(block, &["name"], diags) {
        return None;
    }
    let (name, name_span) = block.labels.first()?;
    reader::identifier(name, name_span, diags);
    CHECK.check(&block.body, diags);
    let mut data = None;
    for (i, inner) in reader::nested(&block.body, "data").into_iter().enumerate() {
        if i > 0 {
            diags.push(
                Diagnostic::error("Second \"data\" block")
                    .code("block-count")
                    .detail("A check may hold only one data source.")
                    .at(inner.span.clone()),
            );
            continue;
        }
        data = resource::read(&inner, Mode::Data, types, diags);
        let meta = data.as_ref().and_then(|d: &Resource| d.count.as_ref().or(d.for_each.as_ref()));
        if let Some(expr) = meta {
            diags.push(
                Diagnostic::error("Repeated data source in a check")
                    .code("invalid-condition")
                    .detail("The data source of a check takes neither \"count\" nor \"for_each\".")
                    .at(expr.span()),
            );
        }
    }
    let asserts = conditions(&block.body, "assert", diags);
    if asserts.is_empty() && reader::nested(&block.body, "assert").is_empty() {
        diags.push(
            Diagnostic::error("Check without an assertion")
                .code("invalid-condition")
                .detail("A \"check\" block needs at least one \"assert\" block.")
                .at(block.span.clone()),
        );
    }
    Some(Check { name: name.clone(), data, asserts, span: block.span.clone() })
}
