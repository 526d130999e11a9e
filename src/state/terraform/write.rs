//! A state of Floorplan's as one that Terraform continues. Where Terraform has seen an object before, its own
//! spelling stays wherever nothing changed: its provider fills in more than the schema says.

use super::document::{Document, FORMAT, Instance as Written, Output, Resource, Step};
use super::read::{self, id, plain, value_of};
use super::versions;
use crate::objects::{Instance, Slot, State};
use crate::schema::redaction::{holds_digest, restore_digests};
use crate::schema::{Attribute, Schemas};
use crate::value::address::{InstanceKey, ResourceAddress};
use crate::value::json::to_json;
use crate::value::{Kind, Type, Value, type_json};
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;

/// The version of the AWS provider that is to read the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// 5.x: objects have no `region`.
    V5,
    /// 6.x.
    V6,
}

/// A state for Terraform.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// The file.
    pub document: Document,
    /// Secrets that nobody has any more, by address and attribute: Terraform will set them anew.
    pub unknown: Vec<String>,
}

/// The state as a file of Terraform's. `original` is the file that Terraform left when the state was adopted: objects
/// of types that are not served, and data sources, are taken from it.
pub fn write(
    state: &State,
    original: Option<&Document>,
    provider: Provider,
    terraform_version: &str,
    schemas: &dyn Schemas,
) -> Export {
    let mut resources: BTreeMap<String, Resource> = BTreeMap::new();
    let carried = original.iter().flat_map(|document| &document.resources);
    for resource in carried.filter(|r| r.mode != "managed" || schemas.resource(&r.type_name).is_none()) {
        resources.insert(resource.address(), resource.clone());
    }
    let before = Before::of(original);
    let mut unknown = Vec::new();
    for (slot, instance) in state.objects() {
        let resource = &slot.address.resource;
        let schema = schemas.resource(&resource.type_name);
        let is_it = |was: &&Written| schema.and_then(|schema| id(was, schema)).as_ref() == Some(&instance.id);
        let was = before.instances.get(&key_of(&slot)).copied().filter(is_it);
        let written = object(&slot, instance, was, provider, schemas, &mut unknown);
        resources
            .entry(resource.to_string())
            .or_insert_with(|| Resource {
                module: Some(resource.module.to_string()).filter(|_| !resource.module.is_root()),
                mode: "managed".into(),
                type_name: resource.type_name.to_string(),
                name: resource.name.to_string(),
                each: None,
                provider: before
                    .providers
                    .get(&resource.to_string())
                    .map_or_else(|| source(resource, &instance.provider), |given| (*given).to_owned()),
                instances: Vec::new(),
            })
            .instances
            .push(written);
    }
    let outputs = state.outputs.iter().map(|(name, output)| {
        let value = output.value.unmark_deep();
        let written = Output {
            value: to_json(&value),
            ty: type_json::to_json(&value.ty()),
            sensitive: output.value.has_sensitive(),
        };
        (name.to_string(), written)
    });
    let document = Document {
        version: FORMAT,
        terraform_version: original.map_or(terraform_version, |document| &document.terraform_version).to_owned(),
        serial: state.serial,
        lineage: state.lineage.clone(),
        outputs: outputs.collect(),
        resources: resources.into_values().collect(),
        check_results: Json::Null,
    };
    Export { document, unknown }
}

/// The version of the AWS provider that wrote a state: objects have a region since 6.
pub fn written_for(document: &Document) -> Provider {
    let has_region = |resource: &Resource| {
        resource.type_name.starts_with("aws_")
            && !versions::HAS_REGION.contains(&&*resource.type_name)
            && resource.instances.iter().any(|one| one.attributes.contains_key("region"))
    };
    match document.resources.iter().filter(|resource| resource.mode == "managed").any(has_region) {
        true => Provider::V6,
        false => Provider::V5,
    }
}

/// Objects as Terraform left them.
#[derive(Default)]
struct Before<'a> {
    instances: BTreeMap<String, &'a Written>,
    providers: BTreeMap<String, &'a str>,
}

impl<'a> Before<'a> {
    fn of(original: Option<&'a Document>) -> Self {
        let mut before = Before::default();
        for resource in original.iter().flat_map(|document| &document.resources).filter(|r| r.mode == "managed") {
            before.providers.insert(resource.address(), &resource.provider);
            for one in &resource.instances {
                let deposed = one.deposed.as_deref().unwrap_or_default();
                let key = format!("{}{} {deposed}", resource.address(), one.key().unwrap_or_default());
                before.instances.insert(key, one);
            }
        }
        before
    }
}

fn key_of(slot: &Slot) -> String {
    format!("{} {}", slot.address, slot.deposed.as_deref().unwrap_or_default())
}

/// The provider configuration as Terraform writes it.
fn source(resource: &ResourceAddress, provider: &str) -> String {
    let (name, alias) = provider.split_once('.').map_or((provider, String::new()), |(n, a)| (n, format!(".{a}")));
    match &*resource.type_name {
        "terraform_data" => "provider[\"terraform.io/builtin/terraform\"]".into(),
        _ => format!("provider[\"registry.terraform.io/hashicorp/{name}\"]{alias}"),
    }
}

fn object(
    slot: &Slot,
    instance: &Instance,
    was: Option<&Written>,
    provider: Provider,
    schemas: &dyn Schemas,
    unknown: &mut Vec<String>,
) -> Written {
    let type_name = &*slot.address.resource.type_name;
    let mut attributes = was.map(|was| was.attributes.clone()).unwrap_or_default();
    let mut sensitive = was.map(|was| was.sensitive_attributes.clone()).unwrap_or_default();
    let rows = schemas.resource(type_name).map_or(&[][..], |schema| &schema.attributes);
    // A secret that Terraform knows and that is still the same.
    let held = match was.and_then(|was| read::attributes(&was.attributes, rows).ok()) {
        Some(known) => restore_digests(rows, &instance.attrs, &known),
        None => instance.attrs.clone(),
    };
    for row in rows {
        let value = held.get(row.name).cloned().unwrap_or_else(|| Value::null(row.ty.clone()));
        let is_same = |held: &Json| value_of(held, &row.ty).is_ok_and(|held| alike(&held, &value));
        // Terraform has a spelling of its own for ids that are made of arguments.
        let stays = was.is_some() && row.name == "id" || attributes.get(row.name).is_some_and(is_same);
        if holds_digest(&value) {
            unknown.push(format!("{}.{}", slot.address, row.name));
            attributes.insert(row.name.to_owned(), Json::Null);
        } else if row.write_only || !stays {
            attributes.insert(row.name.to_owned(), spelled(row, &value));
        }
        let path = vec![Step { kind: "get_attr".into(), value: row.name.into() }];
        if value.is_sensitive() && !sensitive.iter().any(|held| held.starts_with(&path)) {
            sensitive.push(path);
        }
    }
    if provider == Provider::V5 && type_name.starts_with("aws_") && !versions::HAS_REGION.contains(&type_name) {
        attributes.remove("region");
    }
    let mut dependencies: Vec<String> = instance.depends_on.iter().map(|a| plain(&a.resource)).collect();
    dependencies.sort();
    dependencies.dedup();
    Written {
        index_key: match &slot.address.key {
            InstanceKey::None => None,
            InstanceKey::Index(n) => Some((*n).into()),
            InstanceKey::Key(key) => Some((&**key).into()),
        },
        status: instance.tainted.then(|| "tainted".to_owned()),
        deposed: slot.deposed.clone(),
        schema_version: versions::of(type_name).max(was.map_or(0, |was| was.schema_version)),
        attributes,
        sensitive_attributes: sensitive,
        identity: was.and_then(|was| was.identity.clone()),
        identity_schema_version: was.and_then(|was| was.identity_schema_version),
        private: was.and_then(|was| was.private.clone()),
        dependencies: was.map_or(dependencies, |was| was.dependencies.clone()),
        create_before_destroy: instance.create_before_destroy,
    }
}

/// A value of a row as Terraform keeps it: a block that is not there is an empty list.
fn spelled(row: &Attribute, value: &Value) -> Json {
    let Some(block) = &row.block else { return plainly(&row.ty, value) };
    let inside = |one: &Value| match one.as_entries() {
        None => to_json(one),
        Some(_) => {
            let member = |row: &Attribute| {
                let part = one.get(row.name).cloned().unwrap_or_else(|| Value::null(row.ty.clone()));
                (row.name.to_owned(), spelled(row, &part))
            };
            Json::Object(block.attributes.iter().map(member).collect::<Map<_, _>>())
        }
    };
    match (value.as_elements(), &row.ty) {
        (Some(all), _) => Json::Array(all.iter().map(inside).collect()),
        (None, Type::List(_) | Type::Set(_)) => Json::Array(Vec::new()),
        (None, _) if value.is_null() => Json::Null,
        (None, _) => inside(value),
    }
}

/// A value of an argument; one of any type with its type beside it.
fn plainly(ty: &Type, value: &Value) -> Json {
    match ty {
        Type::Dynamic if !value.is_null() => {
            let value = value.unmark_deep();
            serde_json::json!({ "value": to_json(&value), "type": type_json::to_json(&value.ty()) })
        }
        _ => to_json(&value.unmark_deep()),
    }
}

/// Whether two values are the same but for spellings of nothing.
fn alike(a: &Value, b: &Value) -> bool {
    let nothing = |value: &Value| {
        value.is_null() || value.as_str() == Some("") || value.as_elements().is_some_and(<[Value]>::is_empty)
    };
    if nothing(a) && nothing(b) {
        return true;
    }
    match (a.kind(), b.kind()) {
        (Kind::List(_, xs), Kind::List(_, ys)) => {
            xs.len() == ys.len() && xs.iter().zip(ys.iter()).all(|(x, y)| alike(x, y))
        }
        (Kind::Set(_, xs), Kind::Set(_, ys)) => {
            xs.len() == ys.len() && xs.iter().all(|x| ys.iter().any(|y| alike(x, y)))
        }
        (Kind::Object(xs), Kind::Object(ys)) => {
            let has = |(name, x)| ys.get(name).is_some_and(|y| alike(x, y));
            xs.len() == ys.len() && xs.iter().all(has)
        }
        _ => a.unmark_deep() == b.unmark_deep(),
    }
}
