//! The plan of one managed instance.

use super::change::{Action, AttributeChange, Change, Reason};
use super::conditions::Place;
use super::diff::{Difference, Sides, diff};
use super::input::{Live, ProviderFacts};
use super::planner::{Planner, Site, call_names, resource_address};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::evaluation::{Evaluator, Expansion, Locality};
use crate::graph::build::Item;
use crate::lang::config::{
    ConditionKind, EPHEMERAL, ModuleNode, ProviderRef, Resource, ResourceKey, check_rules, decode, references,
    without_dropped,
};
use crate::lang::refs::{Reference, Step, Subject};
use crate::objects::{Instance, Slot};
use crate::schema::secrecy::hidden;
use crate::schema::{Attrs, Schema, exposed};
use crate::value::address::{Address, InstanceKey, Mode, ModulePath, ResourceAddress};
use crate::value::{Kind, Name, Origin, Type, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Plans the instance; gives what it will be, or nothing after an error.
pub(super) fn plan(p: &mut Planner<'_, '_>, site: &Site<'_>, expansion: &Expansion) -> Option<Value> {
    let schemas = p.input.schemas;
    let Some(schema) = schemas.resource(&site.key.1) else {
        p.problems.push(unknown_type(site, &schemas.names(false)));
        return None;
    };
    let place = Place { path: site.path, local: site.local, about: Some(site.address) };
    super::conditions::all(p, &place, &site.block.lifecycle.preconditions, ConditionKind::Precondition);
    let provider = provider_of(p, site);
    let facts = p.input.providers.get(&provider).cloned().unwrap_or_default();
    let config = configured(p, site, schema, &facts)?;
    let address = site.address.clone();
    let importing = p.input.imports.get(&address);
    let stored = match p.stored_at(&address, expansion) {
        None if importing.is_none() => p.renamed(&address, schema, (&provider, &facts.region), &config),
        stored => stored,
    };
    let depends = narrowed(p, site, depends_on(p, site), &config, stored.as_ref().map(|(_, i)| &i.attrs));
    let implicit_move = stored.as_ref().filter(|(at, _)| *at != address).map(|(at, _)| at.clone());
    if let Some(from) = &implicit_move {
        p.claim(from);
    }
    let moved_from = implicit_move.clone().or_else(|| p.input.moved.get(&address).cloned());
    let at = implicit_move.as_ref().unwrap_or(&address);
    let live = p.input.live.get(at);
    let importing = importing.filter(|_| stored.is_none());
    let gone = matches!(live, Some(Live::Gone));
    let stored_instance = stored.map(|(_, i)| i).filter(|_| !gone);
    let mut live_attrs = match (live, importing) {
        (_, Some(import)) => Some(readable(&import.live, schema, &config, &facts, None)),
        (Some(Live::There(attrs)), None) => {
            Some(readable(attrs, schema, &config, &facts, stored_instance.map(|i| &i.attrs)))
        }
        _ => None,
    };
    let mut stored_attrs = stored_instance.map(|i| i.attrs.clone());
    match &mut stored_attrs {
        Some(_) => taken_over(&mut stored_attrs, live_attrs.as_ref(), schema, &config),
        None => taken_over(&mut live_attrs, None, schema, &config),
    }
    let forced = forced_reason(p, site, stored_instance.is_some_and(|i| i.tainted));
    let unfinished = stored_instance.is_some_and(|i| i.unfinished);
    let lasting = lasting(p, schema, &config, stored_instance.map(|i| i.id.as_str()));
    let create_before_destroy = site.block.lifecycle.create_before_destroy.unwrap_or(false);
    let difference = diff(&Sides {
        schema,
        config: &config,
        stored: stored_attrs.as_ref(),
        live: live_attrs.as_ref(),
        ignore: &site.block.lifecycle.ignore_changes,
        forced,
        create_before_destroy,
        unfinished,
        lasting: &lasting,
        secrets: &p.secrets,
    });
    let Difference { action, reason, before, after, attributes } = difference;
    let shown = with_origins(&after, &address, &|_| true);
    // An argument that is given and not known yet is not one that AWS chooses.
    let after = with_origins(&after, &address, &|name| !config.get(name).is_some_and(Value::is_unknown));
    if action == Action::Create || action.is_replace() {
        for (name, reason) in schema.check_new.map(|check| check(&config)).unwrap_or_default() {
            p.problems.push(
                Diagnostic::error(format!("Invalid value for {name:?}"))
                    .code("invalid-value")
                    .detail(config.discreet(&reason))
                    .at(site.block.span.clone())
                    .about(site.address),
            );
        }
    }
    let reason = reason.or((gone && action == Action::Create).then_some(Reason::Vanished));
    let id = stored_instance.map(|i| i.id.clone()).or_else(|| importing.map(|i| i.id.clone()));
    let change = Change {
        address: address.clone(),
        moved_from,
        deposed: None,
        provider,
        region: after.str("region").unwrap_or(&facts.region).to_owned(),
        action,
        reason,
        id,
        importing: importing.map(|i| i.given.clone()),
        stored: stored_instance.map(|i| hidden(&schema.attributes, &config, i.attrs.clone(), &p.secrets)),
        before,
        after: Some(after),
        attributes,
        depends_on: depends.clone(),
        create_before_destroy,
    };
    let value = exposed::object(Some(schema), &shown);
    let this = Locality { this: Some(value.clone()), ..site.local.clone() };
    let place = Place { path: site.path, local: &this, about: Some(site.address) };
    super::conditions::all(p, &place, &site.block.lifecycle.postconditions, ConditionKind::Postcondition);
    for side in [&change.before, &change.after].into_iter().flatten() {
        for id in ["id", "arn"].iter().filter_map(|name| side.str(name)) {
            p.by_id.insert(id.to_owned(), address.to_string());
        }
    }
    p.configs.insert(address.clone(), config);
    if !lasting.is_empty() {
        p.lasting.insert(address.clone(), lasting);
    }
    p.depends.insert(address.clone(), depends);
    p.changes.insert(Slot::current(address), change);
    Some(value)
}

/// The attributes; of those that are unknown until apply, the ones that `is_own` names are marked as this instance's.
fn with_origins(after: &Attrs, address: &Address, is_own: &dyn Fn(&str) -> bool) -> Attrs {
    let text: std::sync::Arc<str> = address.to_string().into();
    let mark = |(name, value): (&Name, &Value)| {
        let origin = || Origin { address: text.clone(), attribute: name.clone() };
        let value = value.clone();
        (name.clone(), if is_own(name) { value.from_origin(origin) } else { value })
    };
    after.iter().map(mark).collect()
}

/// The arguments as the layout gives them, with the region and all tags filled in.
fn configured(p: &mut Planner<'_, '_>, site: &Site<'_>, schema: &Schema, facts: &ProviderFacts) -> Option<Attrs> {
    let (config, found) = arguments(&p.scopes, site.path, site.block, site.local, schema)?;
    let errors = found.has_errors();
    p.problems.extend(found.into_iter().map(|d| d.about(site.address)));
    (!errors).then(|| with_provider(config, schema, facts))
}

/// The arguments of an instance by the scope as it is now, and what is wrong with them.
pub fn arguments(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    block: &Resource,
    local: &Locality,
    schema: &Schema,
) -> Option<(Attrs, Diagnostics)> {
    let scope = scopes.at(path, local)?;
    let (body, dropped) = without_dropped(&block.body, schema, Some(&scope));
    let (value, mut found) = decode(&body, &schema.attributes, &block.span, &scope);
    let config = Attrs::from_value(&value);
    // What is wrong beyond single values is said as well, but not again where one is wrong already.
    let known: Vec<_> = found.iter().filter(|d| d.is_error()).filter_map(|d| d.span.clone()).collect();
    let rules = check_rules(schema, &config, &body, &block.span);
    found.extend(rules.into_iter().filter(|d| d.span.as_ref().is_none_or(|span| !known.contains(span))));
    found.extend(block.timeouts.check(&scope));
    found.extend(dropped);
    Some((config, found))
}

/// The arguments with what the provider configuration adds to them: the region and default tags.
pub fn with_provider(mut config: Attrs, schema: &Schema, facts: &ProviderFacts) -> Attrs {
    if schema.attribute("region").is_some() && !config.is_set("region") && !facts.region.is_empty() {
        config = config.with("region", facts.region.as_str());
    }
    if schema.attribute("tags_all").is_some() {
        let all = all_tags(config.get("tags"), &default_tags(&config, facts));
        config = config.with("tags_all", all);
    }
    config
}

/// The tags that an object gets without an own tag: the provider's, unless the object has others in their place.
fn default_tags<'a>(config: &Attrs, facts: &'a ProviderFacts) -> Cow<'a, BTreeMap<Name, Value>> {
    let instead = config.blocks("override_provider");
    if instead.is_empty() {
        return Cow::Borrowed(&facts.default_tags);
    }
    let tags = instead.iter().flat_map(|b| b.blocks("default_tags")).filter_map(|b| b.get("tags").cloned());
    Cow::Owned(tags.filter_map(|tags| tags.as_entries().cloned()).flatten().collect())
}

/// The tags of the layout over the provider's default tags.
fn all_tags(tags: Option<&Value>, defaults: &BTreeMap<Name, Value>) -> Value {
    let tags = tags.cloned().unwrap_or_else(|| Value::null(Type::map(Type::String)));
    if tags.is_unknown() {
        return Value::unknown(Type::map(Type::String)).mark(tags.is_sensitive());
    }
    let mut all = defaults.clone();
    all.extend(
        tags.as_entries().into_iter().flatten().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())),
    );
    Value::map(Type::String, all).mark(tags.is_sensitive())
}

/// An object as the state has it, or else AWS, with the layout's value for the rows where neither says
/// anything. An imported object has such rows: settings that exist only here, and what only a replacement could
/// change. What AWS never gives back and can be changed in place stays open, and is set.
fn taken_over(attrs: &mut Option<Attrs>, other: Option<&Attrs>, schema: &Schema, config: &Attrs) {
    let Some(said) = attrs else { return };
    let unsaid = |name: &str| said.get(name).is_none() && other.is_none_or(|other| other.get(name).is_none());
    let open = schema.attributes.iter().filter(|row| unsaid(row.name) && (row.force_new || !row.never_returned));
    let given: Vec<_> = open.filter_map(|row| Some((row.name, config.get(row.name)?.clone()))).collect();
    *attrs = Some(given.into_iter().fold(said.clone(), |attrs, (name, value)| attrs.with(name, value)));
}

/// The values in AWS, in the terms of the layout: ignored tags left out, `tags` taken from all tags. Which tags were
/// the object's own and which defaults the state knows; for others the layout has them.
pub(super) fn readable(
    live: &Attrs,
    schema: &Schema,
    config: &Attrs,
    facts: &ProviderFacts,
    stored: Option<&Attrs>,
) -> Attrs {
    if schema.attribute("tags_all").is_none() {
        return live.clone();
    }
    let Some(Kind::Map(_, all)) = live.get("tags_all").map(Value::kind) else { return live.clone() };
    let given = |key: &Name| config.get("tags").and_then(Value::as_entries).is_some_and(|t| t.contains_key(key));
    let ignored = |key: &Name| {
        !given(key)
            && (facts.ignore_keys.iter().any(|k| **k == **key)
                || facts.ignore_prefixes.iter().any(|p| key.starts_with(p.as_str())))
    };
    let all: BTreeMap<Name, Value> =
        all.iter().filter(|(k, _)| !ignored(k)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let stored = |name: &str, key: &Name| stored?.get(name)?.get(key);
    let defaults = default_tags(config, facts);
    let is_own = |k: &Name, v: &Value| match stored("tags_all", k) == Some(v) {
        true => stored("tags", k) == Some(v),
        false => given(k) || defaults.get(k) != Some(v),
    };
    let own = all.iter().filter(|(k, v)| is_own(k, v));
    let own = own.map(|(k, v)| (k.clone(), v.clone())).collect();
    live.clone().with("tags", Value::map(Type::String, own)).with("tags_all", Value::map(Type::String, all))
}

/// The rows that the layout leaves out and that stay as the last apply left them. Where the state has
/// objects that are parts of this one, such as a group's rules, they have a share in them: then AWS says.
fn lasting(p: &Planner<'_, '_>, schema: &Schema, config: &Attrs, id: Option<&str>) -> Vec<&'static str> {
    let (Some(lasting), Some(id)) = (schema.lasting, id) else { return Vec::new() };
    let part = |(slot, part): (Slot, &Instance)| {
        let of = schema.parts.iter().find(|(name, _)| *name == &*slot.address.resource.type_name);
        of.is_some_and(|(_, argument)| part.attrs.str(argument) == Some(id))
    };
    let rows = lasting(config);
    if rows.is_empty() || p.input.state.objects().any(part) { Vec::new() } else { rows }
}

fn forced_reason(p: &Planner<'_, '_>, site: &Site<'_>, tainted: bool) -> Option<Reason> {
    if tainted {
        return Some(Reason::Tainted);
    }
    if p.input.options.replace.contains(site.address) {
        return Some(Reason::Requested);
    }
    site.block.lifecycle.replace_triggered_by.iter().find_map(|(reference, _)| triggered(p, site, reference))
}

/// Whether what `replace_triggered_by` names changes.
fn triggered(p: &Planner<'_, '_>, site: &Site<'_>, reference: &Reference) -> Option<Reason> {
    let Subject::Resource { mode, type_name, name } = &reference.subject else { return None };
    let resource = resource_address(site.path, &(*mode, type_name.clone(), name.clone()));
    let key = index_of(p, site, reference);
    let attribute = reference.steps.iter().find_map(Step::attribute);
    let first = Slot::current(resource.instance(InstanceKey::None));
    let of_resource = p.changes.range(first..).take_while(|(slot, _)| slot.address.resource == resource);
    let hit = |c: &AttributeChange| attribute.is_none_or(|a| a == c.name);
    let changes = |change: &Change| match change.action {
        Action::Update => change.attributes.iter().any(hit),
        action => {
            action.is_replace()
                || (action == Action::Create && attribute.is_none() && change.reason == Some(Reason::Vanished))
        }
    };
    of_resource
        .filter(|(slot, _)| slot.deposed.is_none() && key.as_ref().is_none_or(|k| *k == slot.address.key))
        .find(|(_, change)| changes(change))
        .map(|(slot, _)| Reason::TriggeredBy(slot.address.to_string()))
}

/// The instance key that a reference names, if it names one that is known.
fn index_of(p: &Planner<'_, '_>, site: &Site<'_>, reference: &Reference) -> Option<InstanceKey> {
    let value = match reference.steps.first()? {
        Step::Index(key) => key.clone(),
        Step::Expression(expr) => p.scopes.eval(site.path, expr, site.local).ok()?,
        Step::Attribute(_) | Step::Splat => return None,
    };
    match value.kind() {
        Kind::Number(n) => n.to_usize().map(InstanceKey::Index),
        Kind::String(s) => Some(InstanceKey::Key(s.clone())),
        _ => None,
    }
}

/// The instances that an instance needs: those that its references name, all instances of what it
/// needs indirectly.
pub(super) fn depends_on(p: &Planner<'_, '_>, site: &Site<'_>) -> Vec<Address> {
    let Some(needs) = p.needs.get(&site.index) else { return Vec::new() };
    let own: Vec<Reference> = references(&site.block.body);
    let mut all = Vec::new();
    for &need in needs.direct.union(&needs.indirect) {
        let node = p.input.graph.node(need);
        let Item::Resource(key) = &node.item else { continue };
        let named = if needs.indirect.contains(&need) { None } else { named_instances(p, site, key, &own) };
        for path in p.scopes.instances_beside(site.path, &node.path.0) {
            let Some(values) = p.scopes.module(&path).and_then(|m| m.resource(key)) else { continue };
            let keys = match &named {
                Some(named) => named.clone(),
                None => values.expansion.keys(),
            };
            let resource = resource_address(&path, key);
            all.extend(keys.into_iter().map(|k| resource.instance(k)).filter(|a| a != site.address));
        }
    }
    through_data(p, all)
}

/// The same without the instances of a block that left nothing in the object, neither in what the
/// layout gives nor in what it was made of, where others of that block are in it. A block that repeats
/// over another is thus tied instance by instance. Where something was made of an unknown value, that
/// cannot be seen, and nothing is left out; nor where the layout itself names what comes first.
fn narrowed(
    p: &Planner<'_, '_>,
    site: &Site<'_>,
    all: Vec<Address>,
    config: &Attrs,
    stored: Option<&Attrs>,
) -> Vec<Address> {
    let mut held = Held::default();
    config.iter().for_each(|(_, value)| held.add(value, p));
    if held.derived || !site.block.depends_on.is_empty() || called_after(p, site) {
        return all;
    }
    stored.into_iter().flat_map(Attrs::iter).for_each(|(_, value)| held.add(value, p));
    let tied: BTreeSet<&ResourceAddress> =
        all.iter().filter(|a| held.addresses.contains(&a.to_string())).map(|a| &a.resource).collect();
    let stays = |a: &&Address| !tied.contains(&a.resource) || held.addresses.contains(&a.to_string());
    all.iter().filter(stays).cloned().collect()
}

/// Whether a call of the module that the block is in, or of one around it, names what comes first.
fn called_after(p: &Planner<'_, '_>, site: &Site<'_>) -> bool {
    let mut path = site.path.clone();
    while let (Some(parent), Some((name, _))) = (path.parent(), path.0.last()) {
        let call = p.scopes.module(&parent).and_then(|m| m.node.module.calls.get(name).cloned());
        if call.is_some_and(|call| !call.depends_on.is_empty()) {
            return true;
        }
        path = parent;
    }
    false
}

/// The instances whose ids are in a value, and whether it holds something made of an unknown one.
#[derive(Default)]
struct Held {
    addresses: HashSet<String>,
    derived: bool,
}

impl Held {
    fn add(&mut self, value: &Value, p: &Planner<'_, '_>) {
        match (value.as_str(), value.origin()) {
            (Some(text), _) => self.addresses.extend(p.by_id.get(text).cloned()),
            (None, Some(origin)) => drop(self.addresses.insert(origin.address.to_string())),
            (None, None) if value.is_unknown() => self.derived = true,
            (None, None) => value.children().for_each(|child| self.add(child, p)),
        }
    }
}

/// Data sources stand for the managed instances that they need.
fn through_data(p: &Planner<'_, '_>, all: Vec<Address>) -> Vec<Address> {
    let mut managed = Vec::new();
    for address in all {
        if address.resource.mode == Mode::Data && !p.changes.contains_key(&Slot::current(address.clone())) {
            managed.extend(p.depends.get(&address).into_iter().flatten().cloned());
        } else {
            managed.push(address);
        }
    }
    managed.sort();
    managed.dedup();
    managed
}

/// The keys that direct references name, if every one of them names one.
fn named_instances(
    p: &Planner<'_, '_>,
    site: &Site<'_>,
    key: &ResourceKey,
    own: &[Reference],
) -> Option<Vec<InstanceKey>> {
    let explicit = site.block.depends_on.iter().any(|r| is_to(r, key))
        || site.block.lifecycle.replace_triggered_by.iter().any(|(r, _)| is_to(r, key));
    let mut references = own.iter().filter(|r| is_to(r, key)).peekable();
    if explicit || references.peek().is_none() {
        return None;
    }
    references.map(|r| index_of(p, site, r)).collect()
}

fn is_to(reference: &Reference, key: &ResourceKey) -> bool {
    matches!(&reference.subject, Subject::Resource { mode, type_name, name } if (*mode, type_name, name) == (key.0, &key.1, &key.2))
}

/// The root module's provider configuration that a block uses: `aws` or `aws.west`.
pub(super) fn provider_of(p: &Planner<'_, '_>, site: &Site<'_>) -> String {
    provider_of_block(p.input.root, site.path, site.key, site.block)
}

/// The root module's provider configuration that a block in the module instance at `path` uses.
pub fn provider_of_block(root: &ModuleNode, path: &ModulePath, key: &ResourceKey, block: &Resource) -> String {
    provider_in(root, &call_names(path), local_provider(key, block))
}

/// The root's name for a provider that the module at `calls` calls `local`.
fn provider_in(root: &ModuleNode, calls: &[Name], local: (Name, Option<Name>)) -> String {
    let mut local = local;
    let mut callers = vec![root];
    for name in calls {
        match callers.last().and_then(|n| n.children.get(name)) {
            Some(child) => callers.push(child),
            None => break,
        }
    }
    for (caller, name) in callers.iter().zip(calls).rev() {
        let Some(call) = caller.module.calls.get(name) else { continue };
        let passed = call.providers.iter().find(|(inner, _)| inner.name == local.0 && inner.alias == local.1);
        if let Some((_, outer)) = passed {
            local = (outer.name.clone(), outer.alias.clone());
        }
    }
    match local {
        (name, Some(alias)) => format!("{name}.{alias}"),
        (name, None) => name.to_string(),
    }
}

fn unknown_type(site: &Site<'_>, names: &[&str]) -> Diagnostic {
    let (kind, given, code) = match (site.key.0, site.key.1.strip_prefix(EPHEMERAL)) {
        (_, Some(given)) => ("ephemeral resource type", given, "unknown-data-source"),
        (Mode::Data, None) => ("data source", &*site.key.1, "unknown-data-source"),
        _ => ("resource type", &*site.key.1, "unknown-resource-type"),
    };
    let d = Diagnostic::error(format!("Unknown {kind} {given:?}"))
        .code(code)
        .detail(format!("Floorplan has no {kind} of this name."))
        .at(site.block.type_span.clone())
        .about(site.address);
    match did_you_mean(given, names.iter().copied()) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint("`floorplan schema` lists all types."),
    }
}

pub(super) fn unknown_data_source(site: &Site<'_>, names: &[&str]) -> Diagnostic {
    unknown_type(site, names)
}

/// The provider configurations of the root module that the blocks of a layout use.
pub fn providers_used(root: &ModuleNode) -> BTreeSet<String> {
    fn walk(root: &ModuleNode, node: &ModuleNode, calls: &mut Vec<Name>, found: &mut BTreeSet<String>) {
        for (key, block) in &node.module.resources {
            found.insert(provider_in(root, calls, local_provider(key, block)));
        }
        for (name, child) in &node.children {
            calls.push(name.clone());
            walk(root, child, calls, found);
            calls.pop();
        }
    }
    let mut found = BTreeSet::new();
    walk(root, root, &mut Vec::new(), &mut found);
    found
}

/// The root module's provider configuration that the block of an address uses; nothing if the
/// layout has no such block.
pub fn provider_of_address(root: &ModuleNode, address: &Address) -> Option<String> {
    let calls = call_names(&address.resource.module);
    let mut node = root;
    for name in &calls {
        node = node.children.get(name)?;
    }
    let r = &address.resource;
    let key = (r.mode, r.type_name.clone(), r.name.clone());
    Some(provider_in(root, &calls, local_provider(&key, node.module.resources.get(&key)?)))
}

/// The root module's provider configuration that the module instance at `path` names so.
pub fn provider_named(root: &ModuleNode, path: &ModulePath, named: &ProviderRef) -> String {
    provider_in(root, &call_names(path), (named.name.clone(), named.alias.clone()))
}

fn local_provider(key: &ResourceKey, block: &Resource) -> (Name, Option<Name>) {
    match &block.provider {
        Some(provider) => (provider.name.clone(), provider.alias.clone()),
        None => (key.1.strip_prefix(EPHEMERAL).unwrap_or(&key.1).split('_').next().unwrap_or("aws").into(), None),
    }
}
