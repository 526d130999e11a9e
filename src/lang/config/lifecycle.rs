//! `lifecycle` blocks: how an object is replaced, protected and watched.

use super::Condition;
use crate::diag::Span;
use crate::lang::expr::Expr;
use crate::lang::refs::Reference;

/// A `lifecycle` block.
#[derive(Debug, Clone, Default)]
pub struct Lifecycle {
    /// Whether a replacement is created before the old object goes; `None` when it is not said.
    pub create_before_destroy: Option<bool>,
    /// Whether a plan that destroys the object is refused.
    pub prevent_destroy: bool,
    /// Which differences do not count.
    pub ignore_changes: IgnoreChanges,
    /// What replaces the object by changing.
    pub replace_triggered_by: Vec<(Reference, Expr)>,
    /// Checked before the object is planned.
    pub preconditions: Vec<Condition>,
    /// Checked after the object was made or read.
    pub postconditions: Vec<Condition>,
    /// How many instances change at a time.
    pub rolling: Option<Rolling>,
}

/// `ignore_changes`
#[derive(Debug, Clone)]
pub enum IgnoreChanges {
    /// `all`
    All,
    /// The attributes listed, as a path of attribute names and literal keys: `tags["Name"]` is
    /// `["tags", "Name"]`. Empty when left out.
    Paths(Vec<(Vec<String>, Span)>),
}

impl Default for IgnoreChanges {
    fn default() -> Self {
        IgnoreChanges::Paths(Vec::new())
    }
}

/// A `rolling` block: the instances change in waves, each proved healthy before the next begins.
#[derive(Debug, Clone)]
pub struct Rolling {
    /// How many may be out of service: a count, or text such as `25%`.
    pub max_unavailable: Option<Expr>,
    /// How many may exist beyond the wanted number: a count, or text such as `25%`.
    pub max_surge: Option<Expr>,
    /// The resource that must call a new member healthy.
    pub health: Option<Expr>,
    /// How long a new member must stay healthy, as text such as `60s`.
    pub bake: Option<Expr>,
    /// How long an old member is drained, as text such as `120s`.
    pub drain: Option<Expr>,
    /// How long a wave may take, as text such as `10m`.
    pub timeout: Option<Expr>,
    /// What happens when a wave fails.
    pub on_failure: Option<Expr>,
    /// Where the block's header is.
    pub span: Span,
}
