//! `module` blocks.

use super::early::Sight;
use super::version::check_syntax;
use super::{ProviderRef, reader, resource};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::expr::{Block, Expr};
use crate::lang::refs::Reference;
use crate::value::Name;
use indexmap::IndexMap;

/// A `module` block.
#[derive(Debug, Clone)]
pub struct ModuleCall {
    /// Its name.
    pub name: Name,
    /// The `source`; empty until what it is made of is known.
    pub source: String,
    /// Where the `source` is.
    pub source_span: Span,
    /// What the `source` and the `version` are made of.
    pub(super) written: (Expr, Option<Expr>),
    /// The directory that a local source names, as [`super::Files`] takes it.
    pub dir: Option<String>,
    /// The `version` constraint, and where it is.
    pub version: Option<(String, Span)>,
    /// The values for the module's variables, with the span of each name.
    pub arguments: IndexMap<Name, (Span, Expr)>,
    /// `count`
    pub count: Option<Expr>,
    /// `for_each`
    pub for_each: Option<Expr>,
    /// `enabled` of its `lifecycle`: whether there is an instance at all.
    pub enabled: Option<Expr>,
    /// `providers`: the name inside the module and the provider here that it stands for.
    pub providers: Vec<(ProviderRef, ProviderRef)>,
    /// `depends_on`
    pub depends_on: Vec<Reference>,
    /// Where the block's header is.
    pub span: Span,
}

const META: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

const LIFECYCLE: reader::Shape = reader::Shape { what: "lifecycle", attributes: &["enabled"], blocks: &[] };

impl ModuleCall {
    /// Whether it has other than exactly one instance.
    pub fn repeats(&self) -> bool {
        self.count.is_some() || self.for_each.is_some() || self.enabled.is_some()
    }
}

/// A `module` block.
pub(super) fn read(block: &Block, diags: &mut Diagnostics) -> Option<ModuleCall> {
    if !reader::labels(block, &["name"], diags) {
        return None;
    }
    let (name, name_span) = block.labels.first()?;
    reader::identifier(name, name_span, diags);
    let body = &block.body;
    let lifecycle = reader::nested_single(body, "lifecycle", diags);
    let enabled = lifecycle.and_then(|block| {
        LIFECYCLE.check(&block.body, diags);
        reader::expr(&block.body, "enabled")
    });
    for inner in body.blocks().filter(|b| &*b.ident != "lifecycle") {
        let d = Diagnostic::error("Unsupported block").code("unsupported-block").at(inner.ident_span.clone());
        diags.push(match &*inner.ident {
            "providers" => {
                d.detail("\"providers\" is an argument.").hint("Write providers = { … }, with an equals sign.")
            }
            other => d
                .detail(format!("A \"module\" block takes no nested blocks, and so no {other:?}."))
                .hint(format!("If it is an input of the module, write {other} = …, with an equals sign.")),
        });
    }
    let (count, for_each) = resource::repetition(body, diags);
    if let (Some(enabled), Some(repeated)) = (&enabled, count.as_ref().or(for_each.as_ref())) {
        diags.push(resource::enabled_and_repeated(enabled, repeated));
    }
    let depends_on = reader::depends_on(body, diags);
    let providers = reader::expr(body, "providers").map(|e| providers(&e, diags)).unwrap_or_default();
    let arguments = body.attributes().filter(|a| !META.contains(&&*a.name));
    let arguments = arguments.map(|a| (a.name.clone(), (a.name_span.clone(), a.expr.clone()))).collect();
    reader::required(body, "source", &block.span, diags)?;
    let source = reader::expr(body, "source")?;
    let (name, span) = (name.clone(), block.span.clone());
    Some(ModuleCall {
        name,
        source: String::new(),
        source_span: source.span(),
        written: (source, reader::expr(body, "version")),
        dir: None,
        version: None,
        arguments,
        count,
        for_each,
        enabled,
        providers,
        depends_on,
        span,
    })
}

/// Finds the source and the version of a call, by what is known early in its module.
pub(super) fn settle(call: &mut ModuleCall, sight: &Sight<'_>) -> Result<(), Diagnostics> {
    let (source, version) = &call.written;
    let mut diags = Diagnostics::new();
    let source = diags.take(sight.text(source, "source"));
    let version = version.as_ref().and_then(|expr| Some((diags.take(sight.text(expr, "version"))??, expr.span())));
    match source {
        None => {}
        Some(None) => diags.push(
            Diagnostic::error("Invalid \"source\" of a module")
                .code("module-source")
                .detail("The source is null.")
                .at(call.source_span.clone()),
        ),
        Some(Some(source)) => {
            call.dir = is_local(&source).then(|| join(&sight.module.dir, &source));
            call.source = source;
        }
    }
    if let Some((text, span)) = &version {
        check_syntax(text, span, &mut diags);
    }
    if let Some((_, span)) = version.as_ref().filter(|_| call.dir.is_some()) {
        diags.push(
            Diagnostic::error("Version of a local module")
                .code("module-source")
                .detail("A module that is a directory here has no versions to choose from.")
                .at(span.clone())
                .hint("Remove \"version\"."),
        );
    }
    call.version = version;
    diags.into_result(())
}

/// Whether a source is a path that starts at the directory of the calling module.
fn is_local(source: &str) -> bool {
    matches!(source, "." | "..") || source.starts_with("./") || source.starts_with("../")
}

/// `dir` followed by the relative `path`, without `.` and with `..` resolved where it can be.
pub fn join(dir: &str, path: &str) -> String {
    let absolute = dir.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in dir.split('/').chain(path.split('/')) {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            ".." if absolute => {}
            step => steps.push(step),
        }
    }
    match (absolute, steps.is_empty()) {
        (true, _) => format!("/{}", steps.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => steps.join("/"),
    }
}

fn providers(expr: &Expr, diags: &mut Diagnostics) -> Vec<(ProviderRef, ProviderRef)> {
    let Some(items) = expr.as_object_items() else {
        diags.push(
            Diagnostic::error("Invalid \"providers\"")
                .code("provider-configuration")
                .detail("Expected which provider here stands for which one in the module: { aws = aws.london }.")
                .at(expr.span()),
        );
        return Vec::new();
    };
    let mut found: Vec<(ProviderRef, ProviderRef)> = Vec::new();
    for (inner, outer) in items {
        let inner = reader::provider_ref(&inner, diags);
        let Some((inner, outer)) = inner.zip(reader::provider_ref(&outer, diags)) else { continue };
        if let Some((first, _)) = found.iter().find(|(i, _)| i.to_string() == inner.to_string()) {
            diags.push(reader::duplicate("provider assignment", &inner.to_string(), &first.span, &inner.span));
        } else if inner.name != outer.name {
            diags.push(
                Diagnostic::error("Mismatched providers")
                    .code("provider-configuration")
                    .detail(format!(
                        "{inner} in the module is a provider {}, but {outer} is a provider {}.",
                        inner.name, outer.name
                    ))
                    .at(outer.span.clone()),
            );
        } else {
            found.push((inner, outer));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn a_path_is_joined_without_looking_at_the_disk() {
        for (dir, path, joined) in [
            ("layouts/a", "../../modules/network", "modules/network"),
            (".", "./m", "m"),
            (".", "../m", "../m"),
            ("../x", "../../m", "../../m"),
            ("/w/a", "../m/", "/w/m"),
            ("/", "../..", "/"),
            ("a", "..", "."),
        ] {
            assert_eq!(join(dir, path), joined, "{dir} + {path}");
        }
    }
}
