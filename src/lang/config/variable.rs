//! `variable` blocks.

use super::Condition;
use crate::diag::Span;
use crate::lang::constraint::TypeConstraint;
use crate::lang::{Name, Value};

/// A `variable` block.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// What a value must be; `any` when the block does not say.
    pub constraint: TypeConstraint,
    /// The value when none is given, of the right type; `None` makes the variable required.
    pub default: Option<Value>,
    /// What it is for.
    pub description: Option<String>,
    /// `validation` blocks.
    pub validations: Vec<Condition>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether null is a value; if not, null means the default.
    pub nullable: bool,
    /// Whether its value is never stored.
    pub ephemeral: bool,
    /// Where the block's header is.
    pub span: Span,
}
