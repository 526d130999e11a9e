//! Objects as a tree of modules, as `planned_values` and `prior_state` have them.

use super::{View, identity, rows, value};
use crate::schema::Attrs;
use crate::value::address::{Address, ModulePath};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// One object.
pub struct Item<'a> {
    /// Its address.
    pub address: Address,
    /// Its key, if it is a deposed one.
    pub deposed: Option<String>,
    /// Its attributes.
    pub attrs: &'a Attrs,
    /// The addresses that it depends on, where they are known.
    pub depends_on: Option<&'a [Address]>,
    /// Whether it was left unfinished.
    pub tainted: bool,
}

/// The root module with all modules below it.
pub fn root<'a>(items: impl Iterator<Item = Item<'a>>, view: View<'_>) -> Json {
    let mut modules: BTreeMap<ModulePath, Vec<Json>> = BTreeMap::new();
    for item in items {
        let module = item.address.resource.module.clone();
        let mut above = module.parent();
        while let Some(path) = above {
            above = path.parent();
            modules.entry(path).or_default();
        }
        modules.entry(module).or_default().push(object(&item, view));
    }
    let mut children: BTreeMap<ModulePath, Vec<Json>> = BTreeMap::new();
    let mut root = Json::Object(Map::new());
    // Deepest first, so that a module's children are complete when it is its turn.
    let mut paths: Vec<ModulePath> = modules.keys().cloned().collect();
    paths.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    for path in paths {
        let mut module = Map::new();
        if !path.is_root() {
            module.insert("address".into(), path.to_string().into());
        }
        let resources = modules.remove(&path).unwrap_or_default();
        if !resources.is_empty() {
            module.insert("resources".into(), resources.into());
        }
        if let Some(children) = children.remove(&path) {
            module.insert("child_modules".into(), children.into());
        }
        match path.parent() {
            Some(parent) => children.entry(parent).or_default().push(module.into()),
            None => root = module.into(),
        }
    }
    root
}

fn object(item: &Item<'_>, view: View<'_>) -> Json {
    let mut out = identity(&item.address);
    out.shift_remove("module_address");
    let attrs = value::mark(item.attrs, rows(&item.address, view)).to_value();
    out.insert("schema_version".into(), 0.into());
    out.insert("values".into(), value::known(&view.open(&attrs)));
    out.insert("sensitive_values".into(), value::sensitive_parts(&attrs));
    if let Some(needs) = item.depends_on.filter(|n| !n.is_empty()) {
        let mut needs: Vec<String> = needs.iter().map(|a| a.resource.to_string()).collect();
        needs.dedup();
        out.insert("depends_on".into(), needs.into());
    }
    if item.tainted {
        out.insert("tainted".into(), true.into());
    }
    if let Some(key) = &item.deposed {
        out.insert("deposed_key".into(), key.as_str().into());
    }
    Json::Object(out)
}
