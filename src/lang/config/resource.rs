//! `resource` and `data` blocks: the meta-arguments apart from the arguments.

use super::{Lifecycle, ProviderRef};
use crate::diag::Span;
use crate::graph::address::Mode;
use crate::lang::Name;
use crate::lang::expr::{Body, Expr};
use crate::lang::refs::Reference;

/// A `resource` or `data` block.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Managed or data.
    pub mode: Mode,
    /// The type, such as `aws_subnet`.
    pub type_name: Name,
    /// Its name.
    pub name: Name,
    /// The arguments and nested blocks without the meta-arguments.
    pub body: Body,
    /// `count`
    pub count: Option<Expr>,
    /// `for_each`; never together with `count`.
    pub for_each: Option<Expr>,
    /// `provider`; without it the default configuration of the provider in the type's name.
    pub provider: Option<ProviderRef>,
    /// `depends_on`
    pub depends_on: Vec<Reference>,
    /// `lifecycle`, all defaults when left out.
    pub lifecycle: Lifecycle,
    /// `timeouts`, empty when left out.
    pub timeouts: Timeouts,
    /// Where the type's label is.
    pub type_span: Span,
    /// Where the block's header is.
    pub span: Span,
}

/// A `timeouts` block: how long each operation may take, as text such as `10m`.
#[derive(Debug, Clone, Default)]
pub struct Timeouts {
    /// Of a creation.
    pub create: Option<Expr>,
    /// Of a read.
    pub read: Option<Expr>,
    /// Of a change in place.
    pub update: Option<Expr>,
    /// Of a deletion.
    pub delete: Option<Expr>,
}
