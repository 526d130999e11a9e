//! `moved`, `import` and `removed` blocks: what the state is told about objects that stay.

use super::ProviderRef;
use crate::diag::Span;
use crate::graph::address::{ResourceAddress, Target};
use crate::lang::expr::Expr;

/// A `moved` block. Both addresses are relative to the module that it stands in.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The address until now.
    pub from: Target,
    /// The address from now on.
    pub to: Target,
    /// Where `from` is.
    pub from_span: Span,
    /// Where `to` is.
    pub to_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

/// An `import` block.
#[derive(Debug, Clone)]
pub struct Import {
    /// The resource, in the module instance named.
    pub to: ResourceAddress,
    /// The instance key, if one is given: a literal, or made from `each` or variables.
    pub key: Option<Expr>,
    /// The id of the object that exists.
    pub id: Expr,
    /// One import for each element.
    pub for_each: Option<Expr>,
    /// `provider`
    pub provider: Option<ProviderRef>,
    /// Where `to` is.
    pub to_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

/// A `removed` block.
#[derive(Debug, Clone)]
pub struct Removed {
    /// The resource or module that the layout no longer holds, without instance keys.
    pub from: Target,
    /// Whether the objects are destroyed; if not, they are only forgotten.
    pub destroy: bool,
    /// Where `from` is.
    pub from_span: Span,
    /// Where the block's header is.
    pub span: Span,
}
