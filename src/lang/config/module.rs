//! A module: what all the files of one directory say together, and the tree that calls make.

use super::{Check, Import, Layout, ModuleCall, Moved, Output, Provider, Removed, Resource, Settings, Types, Variable};
use super::{call, check, ephemeral, layout, output, provider, reader, refactor, resource, variable};
use crate::diag::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::lang::expr::{Block, Body, Expr};
use crate::value::Name;
use crate::value::address::Mode;
use indexmap::IndexMap;
use std::sync::Arc;

/// The name of a resource within its module: mode, type and name.
pub type ResourceKey = (Mode, Name, Name);

/// All blocks of one directory, in the order of files and of blocks within them.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// The directory, as a person would type it.
    pub dir: String,
    /// The directory as seen from the root module: `path.module`.
    pub path: String,
    /// `variable` blocks.
    pub variables: IndexMap<Name, Variable>,
    /// The entries of all `locals` blocks.
    pub locals: IndexMap<Name, Local>,
    /// `output` blocks.
    pub outputs: IndexMap<Name, Output>,
    /// `schema` and `data` blocks, without the data sources inside `check` blocks.
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

/// A module with the modules that it calls.
#[derive(Debug, Clone)]
pub struct ModuleNode {
    /// The blocks.
    pub module: Arc<Module>,
    /// By the name of the call. Two calls of one directory share what was read.
    pub children: IndexMap<Name, Arc<ModuleNode>>,
}

/// The blocks at the top of a file and the labels of each.
const BLOCKS: [&str; 14] = [
    "resource",
    "data",
    "ephemeral",
    "module",
    "variable",
    "output",
    "locals",
    "provider",
    "terraform",
    "layout",
    "moved",
    "import",
    "removed",
    "check",
];

impl Module {
    /// Adds the blocks of all files.
    pub(super) fn add(&mut self, blocks: &[Block], types: Option<&dyn Types>, diags: &mut Diagnostics) {
        blocks.iter().for_each(|block| self.add_block(block, types, diags));
    }

    /// Reports what a file has outside of its blocks.
    pub(super) fn check_top(body: &Body, diags: &mut Diagnostics) {
        for attribute in body.attributes() {
            diags.push(
                Diagnostic::error("Argument outside of a block")
                    .code("unsupported-argument")
                    .detail(format!(
                        "{:?} is not part of any block; at the top of a file there are only blocks.",
                        &*attribute.name
                    ))
                    .at(attribute.name_span.clone())
                    .hint("A named value goes into a locals block, an input's value into a .tfvars file."),
            );
        }
    }

    fn add_block(&mut self, block: &Block, types: Option<&dyn Types>, diags: &mut Diagnostics) {
        match &*block.ident {
            "resource" => self.add_resource(block, Mode::Managed, types, diags),
            "data" => self.add_resource(block, Mode::Data, types, diags),
            "ephemeral" => self.add_resource(&ephemeral::as_data(block), Mode::Data, types, diags),
            "module" => {
                if let Some(call) = call::read(block, diags) {
                    insert(&mut self.calls, "module", call.name.clone(), call, |c| &c.span, diags);
                }
            }
            "variable" => {
                if let Some(v) = variable::read(block, diags) {
                    insert(&mut self.variables, "variable", v.name.clone(), v, |v| &v.span, diags);
                }
            }
            "output" => {
                if let Some(o) = output::read(block, diags) {
                    insert(&mut self.outputs, "output", o.name.clone(), o, |o| &o.span, diags);
                }
            }
            "check" => {
                if let Some(c) = check::read(block, types, diags) {
                    insert(&mut self.checks, "check", c.name.clone(), c, |c| &c.span, diags);
                }
            }
            "locals" => self.add_locals(block, diags),
            "provider" => self.add_provider(block, diags),
            "terraform" => self.settings.get_or_insert_default().add(block, diags),
            "layout" => match &self.layout {
                Some(first) => diags.push(
                    Diagnostic::error("Second \"layout\" block")
                        .code("block-count")
                        .detail(format!("A layout has at most one; the first is at {}.", reader::place(&first.span)))
                        .at(block.span.clone()),
                ),
                None => self.layout = Some(layout::read(block, diags)),
            },
            "moved" => self.moved.extend(refactor::read_moved(block, diags)),
            "import" => self.imports.extend(refactor::read_import(block, diags)),
            "action" | "list" => diags.push(
                Diagnostic::warning(format!("{:?} blocks are not served", &*block.ident))
                    .code("unsupported-block")
                    .detail("Nothing is done for the block.")
                    .at(block.span.clone()),
            ),
            "removed" => self.removed.extend(refactor::read_removed(block, diags)),
            other => {
                let d = Diagnostic::error("Unsupported block")
                    .code("unsupported-block")
                    .detail(format!("There are no blocks named {other:?} at the top of a file."))
                    .at(block.ident_span.clone());
                diags.push(match did_you_mean(other, BLOCKS) {
                    Some(near) => d.hint(format!("Did you mean {near:?}?")),
                    None => d.hint(format!("There are {}.", reader::list(&BLOCKS))),
                });
            }
        }
    }

    fn add_resource(&mut self, block: &Block, mode: Mode, types: Option<&dyn Types>, diags: &mut Diagnostics) {
        let Some(found) = resource::read(block, mode, types, diags) else { return };
        let key = (mode, found.type_name.clone(), found.name.clone());
        if let Some(first) = self.resources.get(&key) {
            let what = if mode == Mode::Managed { "resource" } else { "data source" };
            let name = format!("{}.{}", found.type_name, found.name);
            diags.push(reader::duplicate(what, &name, &first.span, &found.span));
            return;
        }
        self.resources.insert(key, found);
    }

    fn add_locals(&mut self, block: &Block, diags: &mut Diagnostics) {
        reader::labels(block, &[], diags);
        for inner in block.body.blocks() {
            diags.push(
                Diagnostic::error("Unsupported block")
                    .code("unsupported-block")
                    .detail("A \"locals\" block holds only named values.")
                    .at(inner.ident_span.clone())
                    .hint(format!("Write {} = {{ … }}, with an equals sign.", inner.ident)),
            );
        }
        for attribute in block.body.attributes() {
            reader::identifier(&attribute.name, &attribute.name_span, diags);
            let name = attribute.name.clone();
            let local = Local { name: name.clone(), expr: attribute.expr.clone(), span: attribute.name_span.clone() };
            insert(&mut self.locals, "local value", name, local, |l| &l.span, diags);
        }
    }

    fn add_provider(&mut self, block: &Block, diags: &mut Diagnostics) {
        let Some(found) = provider::read(block, diags) else { return };
        let same = |p: &&Provider| p.name == found.name && p.alias == found.alias;
        if let Some(first) = self.providers.iter().find(same) {
            let (name, place) = (&found.name, reader::place(&first.span));
            let detail = match &found.alias {
                Some(alias) => format!("{name}.{alias} is already configured at {place}."),
                None => format!("{name} is already configured at {place}; a second configuration needs an \"alias\"."),
            };
            diags.push(
                Diagnostic::error("Duplicate provider")
                    .code("provider-configuration")
                    .detail(detail)
                    .at(found.span.clone()),
            );
            return;
        }
        self.providers.push(found);
    }

    /// Whether a variable's value is never stored.
    pub fn is_ephemeral(&self, variable: &str) -> bool {
        self.variables.get(variable).is_some_and(|variable| variable.ephemeral)
    }

    /// Whether there is such a variable.
    pub fn has_ephemeral(&self) -> bool {
        self.variables.values().any(|variable| variable.ephemeral)
    }

    /// Whether the provider configuration `name.alias` exists here: configured or passed in.
    pub fn has_provider(&self, name: &str, alias: &str) -> bool {
        self.provider_aliases(name).any(|a| a == alias)
    }

    /// The aliases of the configurations of a provider that exist here.
    pub(super) fn provider_aliases<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = self.providers.iter().filter(move |p| &*p.name == name).filter_map(|p| p.alias.as_deref());
        let required = self.settings.iter().flat_map(|s| s.required_providers.values());
        let passed = required.flat_map(|r| &r.aliases).filter(move |a| &*a.name == name);
        own.chain(passed.filter_map(|a| a.alias.as_deref()))
    }
}

fn insert<T>(
    all: &mut IndexMap<Name, T>,
    what: &str,
    name: Name,
    new: T,
    span: fn(&T) -> &Span,
    diags: &mut Diagnostics,
) {
    match all.get(&name) {
        Some(first) => diags.push(reader::duplicate(what, &name, span(first), span(&new))),
        None => {
            all.insert(name, new);
        }
    }
}
