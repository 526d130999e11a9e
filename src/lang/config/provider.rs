//! `provider` blocks and the references to them.

use crate::diag::Span;
use crate::lang::Name;
use crate::lang::expr::Body;
use std::fmt;

/// A `provider` block.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The provider, such as `aws`.
    pub name: Name,
    /// `alias`; the block without one is the default.
    pub alias: Option<Name>,
    /// The arguments, without `alias` and `version`.
    pub body: Body,
    /// Where the block's header is.
    pub span: Span,
}

/// A provider as an argument names it: `aws` or `aws.london`.
#[derive(Debug, Clone)]
pub struct ProviderRef {
    /// The provider.
    pub name: Name,
    /// Which of its configurations; the default one without.
    pub alias: Option<Name>,
    /// Where it is named.
    pub span: Span,
}

impl fmt::Display for ProviderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.alias {
            Some(alias) => write!(f, "{}.{alias}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
