//! Objects that exist and are taken over: what `import` blocks and the command name, looked up in AWS.

use super::{Connections, Layout, aws_problem};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::{self, ModuleNode};
use crate::lang::expr::Expr;
use crate::objects::State;
use crate::plan::diff::marked;
use crate::plan::{self, Importing, ProviderFacts};
use crate::resources::{Progress, Types, Which, local, registry};
use crate::schema::{Attrs, Import, Schema, Schemas};
use crate::value::address::{Address, InstanceKey, ModulePath, ResourceAddress};
use crate::value::convert::convert;
use crate::value::{Kind, Name, Type, Value};
use futures::future::join_all;
use std::collections::{BTreeMap, HashMap};

/// The objects that `import` blocks name, looked up.
pub(super) async fn blocks(
    layout: &Layout,
    scopes: &mut Evaluator<'_>,
    state: &State,
    connections: &Connections,
) -> Result<HashMap<Address, Importing>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut wanted: Vec<(Address, Named, Option<Span>, String)> = Vec::new();
    let mut lacking = Vec::new();
    let mut named: HashMap<Address, &Span> = HashMap::new();
    let blocks = problems.take(all_blocks(scopes, &layout.loaded.root, &ModulePath::default()));
    for (path, block) in blocks.into_iter().flatten() {
        for (address, id) in problems.take(block_targets(scopes, &path, block)).into_iter().flatten() {
            if let Some(first) = named.insert(address.clone(), &block.span) {
                problems.push(twice(&address, first, &block.span));
                continue;
            }
            let own = plan::provider_of_address(&layout.loaded.root, &address);
            let given = block.provider.as_ref().map(|p| plan::provider_named(&layout.loaded.root, &path, p));
            if let (Some(own), Some(given)) = (&own, &given)
                && own != given
            {
                problems.push(other_provider(&address, own, given, &block.span));
                continue;
            }
            if own.is_none() && !state.resources.contains_key(&address) {
                lacking.push(not_in_layout(&address, &block.span));
            }
            let provider = own.or(given).unwrap_or_else(|| "aws".to_owned());
            wanted.push((address, id, Some(block.span.clone()), provider));
        }
    }
    problems.extend(lacking);
    if problems.has_errors() {
        return Err(problems);
    }
    let scopes = &*scopes;
    wanted.retain(|(address, ..)| !state.resources.contains_key(address));
    let looked = join_all(wanted.iter().map(|(address, id, _, provider)| {
        look_up_named(address, id, (provider, region_of(&layout.loaded.root, scopes, address)), connections)
    }))
    .await;
    let mut all = HashMap::new();
    for ((address, _, span, _), found) in wanted.into_iter().zip(looked) {
        let found = found.map_err(|d| d.at(span).about(&address));
        if let Some(importing) = problems.take(found) {
            all.insert(address, importing);
        }
    }
    problems.into_result(all)
}

fn twice(address: &Address, first: &Span, span: &Span) -> Diagnostic {
    let (line, _) = first.line_column();
    Diagnostic::error("Two import blocks for one instance")
        .code("invalid-import")
        .detail(format!("The block in {} on line {line} imports to it, too.", first.file.path))
        .at(span.clone())
        .about(address)
        .hint("Remove one of the blocks.")
}

fn not_in_layout(address: &Address, span: &Span) -> Diagnostic {
    Diagnostic::error("The layout does not have the resource to import to")
        .code("invalid-import")
        .detail(format!("A resource block for {} is required.", address.resource))
        .at(span.clone())
        .about(address)
        .hint("Write the block, or let floorplan plan --generate-config-out=FILE write it.")
}

/// An object that an `import` block names and that no resource block describes.
pub struct WithoutBlock {
    /// Where the layout is to have it.
    pub address: Address,
    /// Its provider configuration.
    pub provider: String,
    /// Its region, where it is known.
    pub region: Option<String>,
    /// Its attributes in AWS, sensitive ones marked.
    pub attrs: Attrs,
}

/// The objects of `import` blocks that no resource block describes, looked up.
pub async fn without_blocks(
    layout: &Layout,
    scopes: &Evaluator<'_>,
    state: &State,
    connections: &Connections,
) -> Result<Vec<WithoutBlock>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let mut all = Vec::new();
    for block in &layout.loaded.root.module.imports {
        for (address, id) in problems.take(block_targets(scopes, &ModulePath::default(), block)).into_iter().flatten() {
            let own = plan::provider_of_address(&layout.loaded.root, &address);
            if own.is_some() || state.resources.contains_key(&address) {
                continue;
            }
            if !address.resource.module.is_root() || address.key != InstanceKey::None {
                let d = not_in_layout(&address, &block.span);
                let detail = "Blocks are written only for resources of the root module without count and for_each.";
                problems.push(Diagnostic { hints: Vec::new(), ..d }.detail(detail));
                continue;
            }
            let provider = block.provider.as_ref().map_or_else(|| "aws".to_owned(), ToString::to_string);
            let found = without_block(&address, &id, (&provider, String::new()), connections).await;
            all.extend(problems.take(found.map_err(|d| d.at(block.span.clone()).about(&address))));
        }
    }
    problems.into_result(all)
}

/// An object that no block names, looked up by its id, as its block is to give it.
pub async fn stray(
    address: &Address,
    id: &str,
    place: (&str, String),
    connections: &Connections,
) -> Result<WithoutBlock, Diagnostic> {
    without_block(address, &Named::Id(id.to_owned()), place, connections).await
}

async fn without_block(
    address: &Address,
    id: &Named,
    (provider, region): (&str, String),
    connections: &Connections,
) -> Result<WithoutBlock, Diagnostic> {
    let found = look_up_named(address, id, (provider, region), connections).await?;
    let rows = Types.resource(&address.resource.type_name).map_or(&[][..], |schema| &schema.attributes);
    let attrs = with_own_tags(marked(rows, &found.live), connections.facts.get(provider));
    let region = attrs.string("region");
    Ok(WithoutBlock { address: address.clone(), provider: provider.to_owned(), region, attrs })
}

/// The attributes with the tags that a block has to give: all but the provider's default tags.
fn with_own_tags(attrs: Attrs, facts: Option<&ProviderFacts>) -> Attrs {
    let Some(Kind::Map(_, all)) = attrs.get("tags_all").map(Value::kind) else { return attrs };
    let default = |key: &Name, value: &Value| facts.is_some_and(|f| f.default_tags.get(key) == Some(value));
    let own = all.iter().filter(|(key, value)| !default(key, value)).map(|(k, v)| (k.clone(), v.clone())).collect();
    attrs.clone().with("tags", Value::map(Type::String, own))
}

/// An object that is looked up through one provider and planned with another would be replaced by that.
fn other_provider(address: &Address, own: &str, given: &str, span: &Span) -> Diagnostic {
    Diagnostic::error("The import block names another provider configuration than the resource has")
        .code("invalid-import")
        .detail(format!("The block says {given}, and {address} is made with {own}."))
        .at(span.clone())
        .about(address)
        .hint(match address.resource.module.0.is_empty() {
            true => format!("Set provider = {given} in the resource block, or remove it from the import block."),
            false => format!(
                "Pass it to the module with providers = {{ aws = {given} }}, or remove it from the import block."
            ),
        })
}

/// How an import names its object.
enum Named {
    /// By what its type is imported by.
    Id(String),
    /// By these attributes.
    Identity(BTreeMap<Name, Value>),
}

/// The parts of an identity that say where the object is.
const PLACE: [&str; 2] = ["account_id", "region"];

/// The `import` blocks of a module instance and of those that it calls, with the instance of each.
fn all_blocks<'a>(
    scopes: &mut Evaluator<'_>,
    node: &'a ModuleNode,
    path: &ModulePath,
) -> Result<Vec<(ModulePath, &'a config::Import)>, Diagnostics> {
    let mut all: Vec<_> = node.module.imports.iter().map(|block| (path.clone(), block)).collect();
    for (name, child) in node.children.iter().filter(|(_, child)| has_imports(child)) {
        let Some(call) = node.module.calls.get(name) else { continue };
        let expansion = crate::evaluation::expand_call(scopes, path, call, false)?;
        scopes.place_call(path, name, expansion.clone());
        for key in expansion.keys() {
            let inside = path.child(name.clone(), key);
            all.extend(all_blocks(scopes, child, &inside)?);
        }
    }
    Ok(all)
}

fn has_imports(node: &ModuleNode) -> bool {
    !node.module.imports.is_empty() || node.children.values().any(|child| has_imports(child))
}

/// The addresses and ids of an `import` block of a module instance.
fn block_targets(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    block: &config::Import,
) -> Result<Vec<(Address, Named)>, Diagnostics> {
    let expansion = crate::evaluation::expand(scopes, path, None, block.for_each.as_ref(), false)?;
    let one = |key: InstanceKey| -> Result<(Address, Named), Diagnostics> {
        let local = Locality { repetition: expansion.repetition(&key), ..Locality::default() };
        let mut module = (*block.to.module.0).clone();
        for ((_, key), given) in module.iter_mut().zip(&block.module_keys) {
            *key = instance_key(scopes, path, given.as_ref(), &local)?;
        }
        let module: Vec<_> = path.0.iter().cloned().chain(module).collect();
        let resource = ResourceAddress { module: ModulePath(module.into()), ..block.to.clone() };
        let instance = instance_key(scopes, path, block.key.as_ref(), &local)?;
        let named = match block.identity {
            true => Named::Identity(identity(scopes, path, &block.id, &local)?),
            false => Named::Id(import_id(scopes, path, &block.id, &local)?),
        };
        Ok((resource.instance(instance), named))
    };
    expansion.keys().into_iter().map(one).collect()
}

fn instance_key(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    given: Option<&Expr>,
    local: &Locality,
) -> Result<InstanceKey, Diagnostics> {
    let Some(given) = given else { return Ok(InstanceKey::None) };
    let value = scopes.eval(path, given, local)?;
    let key = match value.kind() {
        Kind::Number(n) => n.to_usize().map(InstanceKey::Index),
        Kind::String(s) => Some(InstanceKey::Key(s.clone())),
        _ => None,
    };
    let invalid = || {
        Diagnostic::error("Invalid instance key")
            .code("instance-key")
            .detail("A string or an index is required.")
            .at(given.span())
    };
    Ok(key.ok_or_else(invalid)?)
}

/// The attributes that identify an object, without those that are null.
fn identity(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    given: &Expr,
    local: &Locality,
) -> Result<BTreeMap<Name, Value>, Diagnostics> {
    let value = scopes.eval(path, given, local)?;
    let invalid = || {
        Diagnostic::error("Invalid import identity")
            .code("invalid-import")
            .detail("An object of attributes that are known while planning is required.")
            .at(given.span())
    };
    let entries = value.as_entries().filter(|_| value.is_wholly_known()).ok_or_else(invalid)?;
    Ok(entries.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect())
}

fn import_id(scopes: &Evaluator<'_>, path: &ModulePath, given: &Expr, local: &Locality) -> Result<String, Diagnostics> {
    let value = scopes.eval(path, given, local)?;
    let text = convert(&value, &Type::String).ok();
    let text = text.as_ref().and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned);
    let invalid = || {
        Diagnostic::error("Invalid import id")
            .code("invalid-import")
            .detail("A string known while planning is required.")
            .at(given.span())
    };
    Ok(text.ok_or_else(invalid)?)
}

/// The region that the block of an address gives, as far as it is known before anything is planned; empty if the
/// provider's counts.
pub fn region_of(root: &ModuleNode, scopes: &Evaluator<'_>, address: &Address) -> String {
    let mut node = root;
    for (name, _) in address.resource.module.0.iter() {
        match node.children.get(name) {
            Some(child) => node = child,
            None => return String::new(),
        }
    }
    let r = &address.resource;
    let block = node.module.resources.get(&(r.mode, r.type_name.clone(), r.name.clone()));
    let given = block.and_then(|block| block.body.attributes().find(|a| &*a.name == "region"));
    let value = given.and_then(|a| scopes.eval(&r.module, &a.expr, &Locality::default()).ok());
    value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// An id with the region that is written behind it: `vpc-1@eu-west-1`.
fn with_region(given: &str) -> (&str, &str) {
    let is_region = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.len() >= 3
            && parts[..parts.len() - 1].iter().all(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_lowercase()))
            && parts.last().is_some_and(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()))
    };
    given.rsplit_once('@').filter(|(_, region)| is_region(region)).unwrap_or((given, ""))
}

/// The facts about an object that is to be taken over, through a provider configuration in a region; without one in
/// that of the provider.
pub async fn look_up(
    address: &Address,
    given: &str,
    place: (&str, String),
    connections: &Connections,
) -> Result<Importing, Diagnostic> {
    look_up_named(address, &Named::Id(given.to_owned()), place, connections).await
}

impl Named {
    /// It as a person reads it, and as the id where the object has one.
    fn text(&self) -> String {
        match self {
            Named::Id(id) => id.clone(),
            Named::Identity(all) => {
                let part = |(name, value): (&Name, &Value)| format!("{name}={}", text_of(value));
                all.iter().map(part).collect::<Vec<_>>().join(",")
            }
        }
    }

    /// An attribute that names nothing, as the object is looked up `by_id`.
    fn unused(&self, by_id: bool) -> Option<&Name> {
        let Named::Identity(all) = self else { return None };
        let alone = by_id && ["id", "arn"].iter().any(|name| all.contains_key(*name));
        all.keys().find(|name| alone && !PLACE.contains(&&***name) && !["id", "arn"].contains(&&***name))
    }

    /// One of the attributes.
    fn part(&self, name: &str) -> Option<String> {
        match self {
            Named::Id(_) => None,
            Named::Identity(all) => all.get(name).map(text_of),
        }
    }
}

fn text_of(value: &Value) -> String {
    convert(value, &Type::String).ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
}

async fn look_up_named(
    address: &Address,
    named: &Named,
    (provider, region): (&str, String),
    connections: &Connections,
) -> Result<Importing, Diagnostic> {
    let text = named.text();
    let by_id = named.part("id").or(named.part("arn"));
    let given = by_id.as_deref().unwrap_or(&text);
    let type_name = address.resource.type_name.as_ref();
    if let Some(kind) = local::types().get(type_name) {
        let live = kind.imported(&address.to_string(), given).map_err(|e| {
            Diagnostic::error(format!("Invalid id {given:?}")).code("invalid-import").detail(format!("{e}."))
        })?;
        return Ok(Importing { given: given.to_owned(), id: live.string("id").unwrap_or_default(), live });
    }
    let resource = registry().get(type_name).ok_or_else(|| {
        Diagnostic::error(format!("Unknown resource type {type_name:?}")).code("unknown-resource-type")
    })?;
    let (id, written) = with_region(given);
    let written = named.part("region").unwrap_or_else(|| written.to_owned());
    let region = if written.is_empty() { region } else { written };
    let aws = connections.get(provider, &region).ok_or_else(|| {
        Diagnostic::error(format!("There is no provider configuration {provider:?}")).code("provider-configuration")
    })?;
    if let Some(account) =
        named.part("account_id").filter(|account| !aws.account.is_empty() && **account != *aws.account)
    {
        return Err(Diagnostic::error("The object to import is in another account")
            .code("account")
            .detail(format!("The identity says {account}, and the provider {provider:?} works in {}.", aws.account)));
    }
    let schema: &Schema = resource.schema();
    if let Some(unused) = named.unused(matches!(schema.import, Import::Id)) {
        return Err(Diagnostic::error(format!("Invalid identity {given:?}"))
            .code("invalid-import")
            .detail(format!("{type_name} is identified by its id alone, and not by {unused:?}.")));
    }
    let ids = [id.to_owned()];
    let key;
    let which = match schema.import {
        Import::Id if by_id.is_none() && matches!(named, Named::Identity(_)) => {
            let d = Diagnostic::error(format!("Invalid identity {given:?}")).code("invalid-import");
            return Err(d.detail(format!("{type_name} is identified by its id: identity = {{ id = \"…\" }}.")));
        }
        Import::Id => Which::Ids(&ids),
        Import::Never => {
            return Err(Diagnostic::error(format!("{type_name} cannot be imported")).code("invalid-import"));
        }
        keyed @ (Import::Key { .. } | Import::Composite(_)) => {
            let bad = || {
                let form = keyed.form().unwrap_or_default();
                Diagnostic::error(format!("Invalid id {given:?}"))
                    .code("invalid-import")
                    .detail(format!("{type_name} is imported by {form}."))
            };
            key = match named {
                Named::Identity(all) if by_id.is_none() => all
                    .iter()
                    .filter(|(name, _)| !PLACE.contains(&&***name))
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .collect(),
                _ => keyed.parse(id).ok_or_else(bad)?,
            };
            Which::NaturalKey(&key)
        }
    };
    let seen = resource
        .describe(&aws, which)
        .await
        .map_err(|e| aws_problem(&format!("Cannot read {type_name} from AWS"), &e))?;
    // AWS shows a terminated instance for an hour.
    let found = seen.into_iter().find(|object| object.progress != Progress::Gone).ok_or_else(|| {
        Diagnostic::error("The object to import does not exist")
            .code("invalid-import")
            .detail(format!("AWS has no {type_name} {given:?} in {}.", aws.region))
    })?;
    let live = found.attrs.with("id", found.id.as_str());
    // AWS does not say where an object is: it is where it was found.
    let live = match schema.attribute("region") {
        Some(_) => live.with("region", &*aws.region),
        None => live,
    };
    Ok(Importing { given: given.to_owned(), live, id: found.id })
}
