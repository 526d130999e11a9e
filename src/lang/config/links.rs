//! Checks between the blocks of a module, and between a call and the module called: inputs, providers, and the names
//! that expressions refer to.

use super::{Module, ModuleCall, ModuleNode, ProviderRef, names, reader};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::value::Name;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

/// Reports what does not agree. `whole` is false when a file of the module could not be read, so
/// that what seems missing may be there; `broken` are those directories.
pub(super) fn check(
    module: &Module,
    children: &IndexMap<Name, Arc<ModuleNode>>,
    whole: bool,
    broken: &HashSet<String>,
    diags: &mut Diagnostics,
) {
    for (name, child) in children {
        let Some(call) = module.calls.get(name) else { continue };
        if !broken.contains(&child.module.dir) {
            check_arguments(call, &child.module, diags);
            check_root_only(&child.module, diags);
            check_providers(call, &child.module, diags);
        }
    }
    if whole {
        let resources = module.resources.values().filter_map(|r| r.provider.as_ref());
        let checks = module.checks.values().filter_map(|c| c.data.as_ref()?.provider.as_ref());
        let imports = module.imports.iter().filter_map(|i| i.provider.as_ref());
        let passed = module.calls.values().flat_map(|c| c.providers.iter().map(|(_, outer)| outer));
        for provider in resources.chain(checks).chain(imports).chain(passed) {
            provider_exists(module, provider, diags);
        }
        names::check(module, children, broken, diags);
    }
}

/// The blocks that only the root module may have.
fn check_root_only(child: &Module, diags: &mut Diagnostics) {
    let only = |what: &str, span: &Span| {
        Diagnostic::error(format!("{what:?} block in a module"))
            .code("root-only")
            .detail(format!("Only a layout itself may hold a {what:?} block, not a module that it calls."))
            .at(span.clone())
            .hint("Move the block to the layout.")
    };
    diags.extend(child.layout.iter().map(|l| only("layout", &l.span)));
    let backend = child.settings.iter().filter_map(|s| s.backend.as_ref());
    diags.extend(backend.map(|b| {
        Diagnostic::warning("Backend of a module")
            .code("root-only")
            .detail("Only the root module has a state: this block has no effect here.")
            .at(b.span.clone())
    }));
}

fn check_arguments(call: &ModuleCall, child: &Module, diags: &mut Diagnostics) {
    let about = format!("module.{}", call.name);
    for (name, (span, _)) in &call.arguments {
        if !child.variables.contains_key(name) {
            let names: Vec<&str> = child.variables.keys().map(|n| &**n).collect();
            let d = Diagnostic::error("Unsupported argument")
                .code("unsupported-argument")
                .detail(format!("The module in {} has no variable named {:?}.", child.dir, &**name))
                .at(span.clone())
                .about(&about);
            diags.push(reader::suggest(d, name, &names));
        }
    }
    for (name, (span, _)) in &call.arguments {
        if let Some(instead) = child.variables.get(name).and_then(|variable| variable.deprecated.as_ref()) {
            let d = Diagnostic::warning(format!("The variable {:?} is deprecated", &**name)).code("deprecated");
            diags.push(d.detail(reader::sentence(instead)).at(span.clone()).about(&about));
        }
    }
    for variable in child.variables.values() {
        if variable.default.is_none() && !call.arguments.contains_key(&variable.name) {
            diags.push(
                Diagnostic::error("Missing required argument")
                    .code("missing-argument")
                    .detail(format!(
                        "The module in {} requires the argument {:?}, but it is not given.",
                        child.dir, &*variable.name
                    ))
                    .at(call.span.clone())
                    .about(&about),
            );
        }
    }
}

fn check_providers(call: &ModuleCall, child: &Module, diags: &mut Diagnostics) {
    let about = format!("module.{}", call.name);
    if let Some(own) = child.providers.iter().find(|p| !p.body.is_empty()) {
        let meta = [
            ("count", call.count.is_some()),
            ("for_each", call.for_each.is_some()),
            ("depends_on", !call.depends_on.is_empty()),
        ];
        if let Some((meta, _)) = meta.into_iter().find(|(_, given)| *given) {
            diags.push(
                Diagnostic::error(format!("{meta:?} on a module with a provider of its own")).code("provider-configuration")
                    .detail(format!(
                        "The module configures the provider {:?} at {}: its objects could no longer be destroyed once the call is gone.",
                        &*own.name,
                        reader::place(&own.span)
                    ))
                    .at(call.span.clone())
                    .about(&about)
                    .hint("Configure the provider in the root module and pass it with \"providers\"."),
            );
        }
    }
    for (inner, _) in &call.providers {
        let Some(alias) = &inner.alias else { continue };
        if !child.has_provider(&inner.name, alias) {
            let names: Vec<String> =
                child.provider_aliases(&inner.name).map(|a| format!("{}.{a}", inner.name)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let d = Diagnostic::warning("Unknown provider in a module")
                .code("provider-configuration")
                .detail(format!(
                    "The module in {} does not declare a provider {inner}, and does not use it.",
                    child.dir
                ))
                .at(inner.span.clone())
                .about(&about);
            diags.push(reader::suggest(d, &inner.to_string(), &names));
        }
    }
    let required = child.settings.iter().flat_map(|s| s.required_providers.values()).flat_map(|r| &r.aliases);
    for alias in required {
        if !call.providers.iter().any(|(inner, _)| inner.to_string() == alias.to_string()) {
            diags.push(
                Diagnostic::error("Missing provider for a module")
                    .code("provider-configuration")
                    .detail(format!("The module in {} needs a provider to be passed as {alias}.", child.dir))
                    .at(call.span.clone())
                    .about(&about)
                    .hint(format!("Add providers = {{ {alias} = … }}.")),
            );
        }
    }
}

fn provider_exists(module: &Module, provider: &ProviderRef, diags: &mut Diagnostics) {
    let Some(alias) = &provider.alias else { return };
    if module.has_provider(&provider.name, alias) {
        return;
    }
    let names: Vec<String> =
        module.provider_aliases(&provider.name).map(|a| format!("{}.{a}", provider.name)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let d = Diagnostic::error("Provider not configured")
        .code("provider-configuration")
        .detail(format!("No provider {:?} block here has the alias {:?}.", &*provider.name, &**alias))
        .at(provider.span.clone());
    diags.push(reader::suggest(d, &provider.to_string(), &names));
}
