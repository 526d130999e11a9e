//! A module: what all the files of one directory say together, and the tree that calls make.

use super::{Check, Import, Layout, Moved, Output, Provider, ProviderRef, Removed, Resource, Settings, Variable};
use crate::diag::Span;
use crate::graph::address;
use crate::lang::Name;
use crate::lang::expr::Expr;
use crate::lang::refs::Reference;
use indexmap::IndexMap;
use std::sync::Arc;

/// What a resource is called within its module: mode, type and name.
pub type ResourceKey = (address::Mode, Name, Name);

/// All blocks of one directory, in the order of files and of blocks within them.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// The directory, as a person would type it.
    pub dir: String,
    /// `variable` blocks.
    pub variables: IndexMap<Name, Variable>,
    /// The entries of all `locals` blocks.
    pub locals: IndexMap<Name, Local>,
    /// `output` blocks.
    pub outputs: IndexMap<Name, Output>,
    /// `resource` and `data` blocks, without the data sources inside `check` blocks.
    pub resources: IndexMap<ResourceKey, Resource>,
    /// `module` blocks.
    pub calls: IndexMap<Name, ModuleCall>,
    /// `provider` blocks.
    pub providers: Vec<Provider>,
    /// `moved` blocks.
    pub moved: Vec<Moved>,
    /// `import` blocks.
    pub imports: Vec<Import>,
    /// `removed` blocks.
    pub removed: Vec<Removed>,
    /// `check` blocks.
    pub checks: IndexMap<Name, Check>,
    /// All `terraform` blocks as one.
    pub settings: Option<Settings>,
    /// The `layout` block.
    pub layout: Option<Layout>,
}

/// One entry of a `locals` block.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub expr: Expr,
    /// Where its name is.
    pub span: Span,
}

/// A `module` block.
#[derive(Debug, Clone)]
pub struct ModuleCall {
    /// Its name.
    pub name: Name,
    /// The `source` as written.
    pub source: String,
    /// Where the `source` is.
    pub source_span: Span,
    /// The directory that the source names, as [`super::Files`] takes it.
    pub dir: String,
    /// The values for the module's variables, with the span of each name.
    pub arguments: IndexMap<Name, (Span, Expr)>,
    /// `count`
    pub count: Option<Expr>,
    /// `for_each`
    pub for_each: Option<Expr>,
    /// `providers`: the name inside the module and the provider here that it stands for.
    pub providers: Vec<(ProviderRef, ProviderRef)>,
    /// `depends_on`
    pub depends_on: Vec<Reference>,
    /// Where the block's header is.
    pub span: Span,
}

/// A module with the modules that it calls.
#[derive(Debug, Clone)]
pub struct ModuleNode {
    /// The blocks.
    pub module: Arc<Module>,
    /// By the name of the call. Two calls of one directory share what was read.
    pub children: IndexMap<Name, Arc<ModuleNode>>,
}
