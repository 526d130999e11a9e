//! `output` blocks.

use super::Condition;
use crate::diag::Span;
use crate::lang::Name;
use crate::lang::expr::Expr;
use crate::lang::refs::Reference;

/// An `output` block.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub expr: Expr,
    /// What it is for.
    pub description: Option<String>,
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
