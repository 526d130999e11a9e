//! The layout in the form of `configuration` in Terraform's plan JSON: what is written, not what it
//! comes to. Expressions appear as constants or as what they refer to.
//!
//! A constant for a sensitive attribute is left out, as is the default of a sensitive variable.

use super::{PROVIDER, value};
use crate::lang::config::{Module, ModuleCall, ModuleNode, Output, Provider, ProviderRef, Resource, Variable};
use crate::lang::expr::{Body, Expr};
use crate::lang::refs::{Reference, Step};
use crate::report::text::Schemas;
use crate::schema::{Attribute, Nesting};
use crate::value::address::Mode;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// The configurations that a module knows, by the name it has for them, and what the root calls them.
type Names = BTreeMap<String, String>;

/// The layout whose root module is `root`.
pub fn build(root: &ModuleNode, schemas: Schemas<'_>) -> Json {
    let module = &root.module;
    let version = module.settings.as_ref().and_then(|s| s.required_providers.get("aws")?.version.clone());
    let mut providers: Map<String, Json> =
        module.providers.iter().map(|p| (provider_key(p), provider(p, version.as_deref()))).collect();
    if providers.is_empty() {
        providers.insert("aws".into(), json!({ "name": "aws", "full_name": PROVIDER }));
    }
    json!({ "provider_config": providers, "root_module": module_json(root, &Names::new(), schemas) })
}

fn provider_key(p: &Provider) -> String {
    p.alias.as_ref().map_or_else(|| p.name.to_string(), |alias| format!("{}.{alias}", p.name))
}

fn provider(p: &Provider, version: Option<&str>) -> Json {
    let mut out = Map::new();
    out.insert("name".into(), p.name.as_ref().into());
    out.insert("full_name".into(), PROVIDER.into());
    if let Some(alias) = &p.alias {
        out.insert("alias".into(), alias.as_ref().into());
    }
    if let Some(version) = version {
        out.insert("version_constraint".into(), version.into());
    }
    const SECRETS: &[&str] = &["access_key", "secret_key", "token"];
    let mut expressions = body(&p.body, &[]);
    for name in SECRETS {
        if let Some(found) = expressions.get_mut(*name) {
            *found = without_constant(found);
        }
    }
    out.insert("expressions".into(), expressions.into());
    Json::Object(out)
}

fn module_json(node: &ModuleNode, names: &Names, schemas: Schemas<'_>) -> Json {
    let module: &Module = &node.module;
    let mut out = Map::new();
    let mut put = |key: &str, entries: Map<String, Json>| {
        if !entries.is_empty() {
            out.insert(key.into(), entries.into());
        }
    };
    put("outputs", module.outputs.values().map(|o| (o.name.to_string(), output(o))).collect());
    put("variables", module.variables.values().map(|v| (v.name.to_string(), variable(v))).collect());
    let calls = module.calls.values().map(|c| (c.name.to_string(), call(c, node, names, schemas)));
    put("module_calls", calls.collect());
    let resources: Vec<Json> = module.resources.values().map(|r| resource(r, names, schemas)).collect();
    if !resources.is_empty() {
        out.insert("resources".into(), resources.into());
    }
    Json::Object(out)
}

fn output(o: &Output) -> Json {
    let mut out = Map::new();
    if o.sensitive {
        out.insert("sensitive".into(), true.into());
    }
    let reported = expression(&o.expr);
    out.insert("expression".into(), if o.sensitive { without_constant(&reported) } else { reported });
    if let Some(text) = &o.description {
        out.insert("description".into(), text.as_str().into());
    }
    put_depends_on(&mut out, &o.depends_on);
    Json::Object(out)
}

fn variable(v: &Variable) -> Json {
    let mut out = Map::new();
    if let Some(default) = v.default.as_ref().filter(|_| !v.sensitive) {
        out.insert("default".into(), value::shown(default));
    }
    if let Some(text) = &v.description {
        out.insert("description".into(), text.as_str().into());
    }
    if v.sensitive {
        out.insert("sensitive".into(), true.into());
    }
    Json::Object(out)
}

fn call(c: &ModuleCall, node: &ModuleNode, names: &Names, schemas: Schemas<'_>) -> Json {
    let mut out = Map::new();
    out.insert("source".into(), c.source.as_str().into());
    if let Some((version, _)) = &c.version {
        out.insert("version_constraint".into(), version.as_str().into());
    }
    let child = node.children.get(&c.name);
    let secret = |name: &str| child.and_then(|n| n.module.variables.get(name)).is_some_and(|v| v.sensitive);
    let arguments = c.arguments.iter().map(|(name, (_, expr))| {
        let reported = expression(expr);
        (name.to_string(), if secret(name) { without_constant(&reported) } else { reported })
    });
    out.insert("expressions".into(), Json::Object(arguments.collect()));
    put_expression(&mut out, "count_expression", c.count.as_ref());
    put_expression(&mut out, "for_each_expression", c.for_each.as_ref());
    put_depends_on(&mut out, &c.depends_on);
    if let Some(child) = child {
        let mut inside = names.clone();
        let given = c.providers.iter().map(|(inner, outer)| (inner.to_string(), root_name(outer, names)));
        inside.extend(given);
        out.insert("module".into(), module_json(child, &inside, schemas));
    }
    Json::Object(out)
}

fn root_name(provider: &ProviderRef, names: &Names) -> String {
    let own = provider.to_string();
    names.get(&own).cloned().unwrap_or(own)
}

fn resource(r: &Resource, names: &Names, schemas: Schemas<'_>) -> Json {
    let schema = schemas(r.mode, &r.type_name);
    let (word, prefix) = if r.mode == Mode::Data { ("data", "data.") } else { ("managed", "") };
    let provider = match &r.provider {
        Some(named) => root_name(named, names),
        None => names.get("aws").cloned().unwrap_or_else(|| "aws".into()),
    };
    let mut out = Map::new();
    out.insert("address".into(), format!("{prefix}{}.{}", r.type_name, r.name).into());
    out.insert("mode".into(), word.into());
    out.insert("type".into(), r.type_name.as_ref().into());
    out.insert("name".into(), r.name.as_ref().into());
    out.insert("provider_config_key".into(), provider.into());
    out.insert("expressions".into(), body(&r.body, schema.map_or(&[], |s| s.attributes.as_slice())).into());
    out.insert("schema_version".into(), 0.into());
    put_expression(&mut out, "count_expression", r.count.as_ref());
    put_expression(&mut out, "for_each_expression", r.for_each.as_ref());
    put_depends_on(&mut out, &r.depends_on);
    Json::Object(out)
}

fn put_expression(out: &mut Map<String, Json>, key: &str, expr: Option<&Expr>) {
    if let Some(expr) = expr {
        out.insert(key.into(), expression(expr));
    }
}

fn put_depends_on(out: &mut Map<String, Json>, references: &[Reference]) {
    if !references.is_empty() {
        out.insert("depends_on".into(), references.iter().map(|r| Json::from(r.to_string())).collect());
    }
}

/// Arguments and nested blocks; of a `dynamic` block its content, once.
fn body(b: &Body, rows: &[Attribute]) -> Map<String, Json> {
    let row = |name: &str| rows.iter().find(|r| r.name == name);
    let mut out = Map::new();
    for attribute in b.attributes() {
        let reported = expression(&attribute.expr);
        let secret = row(&attribute.name).is_some_and(has_secret);
        out.insert(attribute.name.to_string(), if secret { without_constant(&reported) } else { reported });
    }
    for block in b.blocks() {
        let (name, content) = match (&*block.ident, block.labels.first()) {
            ("dynamic", Some((label, _))) => {
                let Some(content) = block.body.blocks_of("content").next() else { continue };
                (label.clone(), content.body)
            }
            _ => (block.ident.clone(), block.body),
        };
        let inner = row(&name).and_then(|r| r.block.as_ref());
        let reported: Json = body(&content, inner.map_or(&[], |i| i.attributes.as_slice())).into();
        if inner.is_some_and(|i| i.nesting == Nesting::Single) {
            out.insert(name.to_string(), reported);
        } else if let Json::Array(all) = out.entry(name.to_string()).or_insert_with(|| Json::Array(Vec::new())) {
            all.push(reported);
        }
    }
    out
}

/// Whether it, or a part of it when a block is given as an argument, must not be shown.
fn has_secret(row: &Attribute) -> bool {
    row.sensitive || row.block.as_ref().is_some_and(|b| b.attributes.iter().any(has_secret))
}

fn expression(expr: &Expr) -> Json {
    if let Some(constant) = constant(expr) {
        return json!({ "constant_value": constant });
    }
    let mut references: Vec<String> = Vec::new();
    for text in expr.references().iter().flat_map(reported) {
        if !references.contains(&text) {
            references.push(text);
        }
    }
    if references.is_empty() { json!({}) } else { json!({ "references": references }) }
}

fn without_constant(reported: &Json) -> Json {
    if reported.get("constant_value").is_some() { json!({}) } else { reported.clone() }
}

/// A reference and all that it is a part of, the longest first: `aws_vpc.a[0].id`, `aws_vpc.a[0]`,
/// `aws_vpc.a`. It ends where it becomes a matter of evaluation.
fn reported(reference: &Reference) -> Vec<String> {
    let mut text = reference.subject.to_string();
    let mut all = vec![text.clone()];
    for step in &reference.steps {
        match step {
            Step::Attribute(_) | Step::Index(_) => text.push_str(&step.to_string()),
            Step::Expression(_) | Step::Splat => break,
        }
        all.push(text.clone());
    }
    all.reverse();
    all
}

fn constant(expr: &Expr) -> Option<Json> {
    if let Some(literal) = expr.as_literal() {
        return Some(value::shown(&literal));
    }
    if let Some(items) = expr.as_list_items() {
        return items.iter().map(constant).collect();
    }
    let items = expr.as_object_items()?;
    let entry = |(k, v): &(Expr, Expr)| {
        let name = k.as_keyword().or_else(|| k.as_string())?;
        Some((name.to_string(), constant(v)?))
    };
    items.iter().map(entry).collect::<Option<Map<_, _>>>().map(Json::Object)
}

#[cfg(test)]
mod tests;
