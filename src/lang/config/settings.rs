//! `terraform` blocks: the versions that a module asks for and where its state is kept.

use crate::diag::Span;
use crate::lang::Name;
use crate::lang::expr::Body;
use indexmap::IndexMap;

/// All `terraform` blocks of a module.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `required_version`, as written.
    pub required_version: Vec<(String, Span)>,
    /// `required_providers`, by local name.
    pub required_providers: IndexMap<Name, RequiredProvider>,
    /// `backend` or `cloud`.
    pub backend: Option<Backend>,
}

/// An entry of `required_providers`.
#[derive(Debug, Clone)]
pub struct RequiredProvider {
    /// The address, such as `hashicorp/aws`.
    pub source: Option<String>,
    /// The version constraint as written.
    pub version: Option<String>,
    /// `configuration_aliases`
    pub aliases: Vec<super::ProviderRef>,
    /// Where its name is.
    pub span: Span,
}

/// Where state is kept: a `backend`, `cloud` or `state` block.
#[derive(Debug, Clone)]
pub struct Backend {
    /// The kind, such as `s3`; `cloud` for a `cloud` block.
    pub kind: Name,
    /// Its arguments.
    pub body: Body,
    /// Where the block's header is.
    pub span: Span,
}
