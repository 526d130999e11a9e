//! `terraform` blocks: the versions that a module asks for and where its state is kept.

use super::literal::literal;
use super::reader::{self, Shape};
use super::{ProviderRef, version};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Body, Expr};
use crate::value::{Name, Type};
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
    pub aliases: Vec<ProviderRef>,
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

const SHAPE: Shape = Shape {
    what: "terraform",
    attributes: &["required_version", "experiments"],
    blocks: &["required_providers", "backend", "cloud", "provider_meta"],
};
const PROVIDER_KEYS: [&str; 3] = ["source", "version", "configuration_aliases"];

impl Settings {
    /// Adds what a `terraform` block says.
    pub(super) fn add(&mut self, block: &Block, diags: &mut Diagnostics) {
        reader::labels(block, &[], diags);
        let body = &block.body;
        SHAPE.check(body, diags);
        if let Some((text, span)) = reader::literal_string(body, "required_version", diags) {
            version::check_language(&text, &span, diags);
            self.required_version.push((text, span));
        }
        for providers in reader::nested(body, "required_providers") {
            reader::labels(&providers, &[], diags);
            for inner in providers.body.blocks() {
                diags.push(
                    Diagnostic::error("Unsupported block")
                        .code("unsupported-block")
                        .detail("A provider is required with an argument, not with a block.")
                        .at(inner.span.clone())
                        .hint(format!("Write {} = {{ source = \"…\" }}.", inner.ident)),
                );
            }
            for entry in providers.body.attributes() {
                let provider = required_provider(&entry.expr, entry.name_span.clone(), diags);
                if let Some(first) = self.required_providers.get(&entry.name) {
                    diags.push(reader::duplicate("required provider", &entry.name, &first.span, &entry.name_span));
                } else {
                    self.required_providers.insert(entry.name.clone(), provider);
                }
            }
        }
        for kept in body.blocks().filter(|b| matches!(&*b.ident, "backend" | "cloud")) {
            let Some(backend) = Backend::read(&kept, diags) else { continue };
            match &self.backend {
                Some(first) => diags.push(
                    Diagnostic::error("Second backend")
                        .code("block-count")
                        .detail(format!(
                            "A state is kept in one place; the first block is at {}.",
                            reader::place(&first.span)
                        ))
                        .at(kept.span.clone()),
                ),
                None => self.backend = Some(backend),
            }
        }
    }
}

impl Backend {
    /// A `backend "KIND"`, `state "KIND"` or `cloud` block.
    pub(super) fn read(block: &Block, diags: &mut Diagnostics) -> Option<Backend> {
        let labels: &[&str] = if &*block.ident == "cloud" { &[] } else { &["kind"] };
        if !reader::labels(block, labels, diags) {
            return None;
        }
        let kind = block.labels.first().map_or_else(|| "cloud".into(), |(kind, _)| kind.clone());
        Some(Backend { kind, body: block.body.clone(), span: block.span.clone() })
    }
}

fn required_provider(expr: &Expr, span: Span, diags: &mut Diagnostics) -> RequiredProvider {
    let mut found = RequiredProvider { source: None, version: None, aliases: Vec::new(), span };
    let Some(items) = expr.as_object_items() else {
        found.version = text(expr, "version", diags);
        return found;
    };
    for (key, value) in items {
        let name = key.as_keyword().unwrap_or_else(|| key.span().text().trim_matches('"').into());
        match &*name {
            "source" => found.source = text(&value, "source", diags),
            "version" => {
                found.version = text(&value, "version", diags);
                if let Some(constraint) = &found.version {
                    version::check_syntax(constraint, &value.span(), diags);
                }
            }
            "configuration_aliases" => {
                let items = reader::items(&value, "configuration_aliases", diags);
                found.aliases = items.iter().filter_map(|item| reader::provider_ref(item, diags)).collect();
            }
            other => {
                let d = Diagnostic::error("Unsupported argument")
                    .code("unsupported-argument")
                    .detail(format!("A required provider takes no argument named {other:?}."))
                    .at(key.span());
                diags.push(reader::suggest(d, other, &PROVIDER_KEYS));
            }
        }
    }
    found
}

fn text(expr: &Expr, name: &str, diags: &mut Diagnostics) -> Option<String> {
    literal(expr, name, &Type::String, diags)?.as_str().map(str::to_owned)
}
