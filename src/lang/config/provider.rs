//! `provider` blocks and the references to them.

use super::reader;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Body};
use crate::value::Name;
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

/// A `provider` block.
pub(super) fn read(block: &Block, diags: &mut Diagnostics) -> Option<Provider> {
    if !reader::labels(block, &["name"], diags) {
        return None;
    }
    let (name, name_span) = block.labels.first()?;
    reader::identifier(name, name_span, diags);
    let alias = reader::literal_string(&block.body, "alias", diags);
    if let Some((alias, span)) = &alias {
        reader::identifier(alias, span, diags);
    }
    if let Some(version) = reader::argument(&block.body, "version") {
        diags.push(
            Diagnostic::warning("Version in a provider block")
                .code("provider-configuration")
                .detail("The version of a provider is not read here.")
                .at(version.name_span)
                .hint("Move it to required_providers in the terraform block."),
        );
    }
    let alias = alias.map(|(alias, _)| alias.into());
    let body = block.body.without(&["alias", "version"], &[]);
    Some(Provider { name: name.clone(), alias, body, span: block.span.clone() })
}
