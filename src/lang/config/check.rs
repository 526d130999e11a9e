//! `check` blocks, and the conditions that they share with variables, resources and outputs.

use super::Resource;
use crate::diag::Span;
use crate::lang::Name;
use crate::lang::expr::Expr;

/// What must hold: a `validation`, `precondition`, `postcondition` or `assert` block.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What must be true.
    pub condition: Expr,
    /// What is said when it is not.
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
