//! A state of Terraform's as one of Floorplan's. Attributes are read by the rows of their type, whatever version of the
//! provider wrote them; AWS is asked for their present values anyway.

use super::document::{self, Document, FORMAT, Step};
use crate::diag::Diagnostic;
use crate::objects::{Instance, OutputValue, Slot, State};
use crate::schema::redaction::{redact_for_state, salt};
use crate::schema::{Attribute, Attrs, Import, Mode, Schema, Schemas};
use crate::value::address::{Address, ResourceAddress, parse_instance};
use crate::value::json::{from_json, from_json_typed};
use crate::value::{Kind, Name, Type, Value, type_json};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// A state of Terraform's, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The objects of types that are served, and the outputs. The lineage and the serial are Terraform's.
    pub state: State,
    /// The version of Terraform that wrote it.
    pub version: String,
    /// The addresses of objects whose types are not served, by address.
    pub unserved: Vec<String>,
}

/// Whether a text is a state of Terraform's, whatever its format.
pub fn is_state(text: &[u8]) -> bool {
    let json: Option<Json> = serde_json::from_slice(text).ok();
    let of_floorplan =
        |json: &Json| json.as_object().is_some_and(|all| all.keys().any(|k| k.starts_with("floorplan_")));
    json.is_some_and(|json| json.get("version").is_some_and(Json::is_u64) && !of_floorplan(&json))
}

/// The file as Terraform wrote it; `place` names it in errors.
pub fn document(text: &[u8], place: &str) -> Result<Document, Diagnostic> {
    let version = |json: Json| json.get("version").and_then(Json::as_u64);
    match serde_json::from_slice(text).ok().and_then(version) {
        Some(FORMAT) => {}
        Some(other) => {
            return Err(Diagnostic::error("The state of Terraform has another format")
                .code("state-format")
                .detail(format!("{place} is of format {other}; Floorplan reads format {FORMAT}."))
                .hint(
                    "Let Terraform 0.12 or later write it anew, for instance with `terraform apply -refresh-only`.",
                ));
        }
        None => return Err(damaged(place, "it is not a state of Terraform in JSON")),
    }
    serde_json::from_slice(text).map_err(|e| damaged(place, &e.to_string()))
}

/// The state of the layout `layout` that a file of Terraform's holds; `place` names the file in errors.
pub fn read(text: &[u8], place: &str, layout: &str, schemas: &dyn Schemas) -> Result<Read, Diagnostic> {
    let document = document(text, place)?;
    let mut problems = Vec::new();
    let mut state = State::new(layout, document.lineage.clone());
    state.serial = document.serial;
    for (name, output) in &document.outputs {
        match output_of(output) {
            Ok(value) => drop(state.outputs.insert(name.as_str().into(), OutputValue { value })),
            Err(why) => problems.push(format!("the output {name:?} is not valid: {why}")),
        }
    }
    let mut unserved = BTreeSet::new();
    let mut needs: Vec<(Slot, &[String])> = Vec::new();
    let managed = || document.resources.iter().filter(|resource| resource.mode == "managed");
    for resource in managed() {
        let Some(schema) = schemas.resource(&resource.type_name) else {
            unserved.extend(resource.instances.iter().map(|one| addressed(resource, one)));
            continue;
        };
        for one in &resource.instances {
            let address = addressed(resource, one);
            match object(resource, one, schema, &document.lineage) {
                Ok((slot, instance)) => {
                    needs.push((slot.clone(), &one.dependencies));
                    state.set(slot, Some(instance));
                }
                Err(why) => problems.push(format!("{address} is not valid: {why}")),
            }
        }
    }
    let held = instances(&state);
    for (slot, dependencies) in needs {
        let depends_on = dependencies.iter().filter_map(|name| held.get(name)).flatten().cloned().collect();
        if let Some(instance) = state.get(&slot).cloned() {
            state.set(slot, Some(Instance { depends_on, ..instance }));
        }
    }
    match problems.is_empty() {
        true => Ok(Read { state, version: document.terraform_version, unserved: unserved.into_iter().collect() }),
        false => Err(damaged(place, &problems.join("; "))),
    }
}

/// The outputs of a file of Terraform's, those too that are sensitive, unmarked.
pub fn outputs(text: &[u8], place: &str) -> Result<BTreeMap<Name, Value>, Diagnostic> {
    let one = |(name, output): (&String, &document::Output)| {
        let value =
            output_of(output).map_err(|why| damaged(place, &format!("the output {name:?} is not valid: {why}")));
        Ok((name.as_str().into(), value?))
    };
    document(text, place)?.outputs.iter().map(one).collect()
}

fn damaged(place: &str, why: &str) -> Diagnostic {
    Diagnostic::error("The state of Terraform cannot be read")
        .code("state-damaged")
        .detail(format!("{place}: {}. It was left as it is.", why.trim_end_matches('.')))
}

fn output_of(output: &document::Output) -> Result<Value, String> {
    let ty = type_json::from_json(&output.ty)?;
    Ok(from_json_typed(&output.value, &ty).map_err(|e| e.to_string())?.mark(output.sensitive))
}

/// The address of an object, of a deposed one too.
fn addressed(resource: &document::Resource, one: &document::Instance) -> String {
    format!("{}{}", resource.address(), one.key().unwrap_or_default())
}

/// The instances of each resource, by the address of the resource without any instance key.
fn instances(state: &State) -> BTreeMap<String, Vec<Address>> {
    let mut all: BTreeMap<String, Vec<Address>> = BTreeMap::new();
    for address in state.resources.keys() {
        all.entry(plain(&address.resource)).or_default().push(address.clone());
    }
    all
}

/// The address without instance keys, as Terraform writes dependencies.
pub fn plain(resource: &ResourceAddress) -> String {
    let modules: String = resource.module.0.iter().map(|(name, _)| format!("module.{name}.")).collect();
    format!("{modules}{}.{}", resource.type_name, resource.name)
}

fn object(
    resource: &document::Resource,
    one: &document::Instance,
    schema: &Schema,
    lineage: &str,
) -> Result<(Slot, Instance), String> {
    let key = one.key().ok_or("its key is neither a number nor a text")?;
    let address = parse_instance(&format!("{}{key}", resource.address()))?;
    let provider = resource.provider().ok_or_else(|| format!("{:?} is not a provider", resource.provider))?;
    let attrs = attributes(&one.attributes, &schema.attributes)?;
    let attrs: Attrs = match resource.type_name.starts_with("aws_") {
        true => schema.attributes.iter().filter_map(|row| Some((row.name, given(row, attrs.get(row.name)?)))).collect(),
        false => attrs,
    };
    let id = id_of(schema, &attrs, &one.attributes).ok_or("it has no id")?;
    let mut attrs = attrs;
    for path in &one.sensitive_attributes {
        if let Some((name, rest)) = path.split_first().and_then(|(first, rest)| Some((first.value.as_str()?, rest)))
            && let Some(value) = attrs.get(name)
        {
            attrs = attrs.clone().with(name, marked_at(value, rest));
        }
    }
    let region = attrs.string("region").filter(|r| !r.is_empty()).unwrap_or_else(|| part_of_arn(&attrs, 3));
    let account = part_of_arn(&attrs, 4);
    let instance = Instance {
        id,
        attrs: redact_for_state(&schema.attributes, &attrs, &salt(lineage, &address.to_string())),
        provider,
        region,
        account: if account.chars().all(|c| c.is_ascii_digit()) { account } else { String::new() },
        depends_on: Vec::new(),
        create_before_destroy: one.create_before_destroy,
        tainted: one.status.as_deref() == Some("tainted"),
        unfinished: false,
    };
    Ok((Slot { address, deposed: one.deposed.clone() }, instance))
}

/// The id that Floorplan knows an object by that Terraform wrote.
pub(super) fn id(one: &document::Instance, schema: &Schema) -> Option<String> {
    id_of(schema, &attributes(&one.attributes, &schema.attributes).ok()?, &one.attributes)
}

/// The id of an object: as Terraform has it, or made of the arguments that identify it.
fn id_of(schema: &Schema, attrs: &Attrs, raw: &Map<String, Json>) -> Option<String> {
    let text = |name: &str| raw.get(name).and_then(Json::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
    let made = match (schema.id_from, schema.import) {
        (Some(made), _) => made(attrs),
        (None, Import::Composite(key)) => key.id(attrs),
        (None, _) => None,
    };
    let own = schema.name.trim_start_matches("aws_");
    let own = [own, own.trim_start_matches("vpc_")].map(|name| format!("{name}_id"));
    made.or_else(|| text("id")).or_else(|| own.iter().find_map(|name| text(name))).or_else(|| text("arn"))
}

/// A part of the object's own ARN; empty where it has none.
fn part_of_arn(attrs: &Attrs, part: usize) -> String {
    let arn = attrs.str("arn").filter(|arn| arn.starts_with("arn:"));
    arn.and_then(|arn| arn.split(':').nth(part)).unwrap_or_default().to_owned()
}

pub(super) fn attributes(raw: &Map<String, Json>, rows: &[Attribute]) -> Result<Attrs, String> {
    let one = |row: &Attribute| {
        let value =
            value_of(raw.get(row.name).unwrap_or(&Json::Null), &row.ty).map_err(|e| format!("{}{e}", row.name))?;
        Ok((Name::from(row.name), row.marked(&there(row, value))))
    };
    rows.iter().map(one).collect()
}

/// The provider keeps zero for an argument that was never given. Where AWS does not say otherwise, nothing was given.
fn given(row: &Attribute, value: &Value) -> Value {
    let zero = match value.kind() {
        Kind::String(text) => text.is_empty(),
        Kind::Number(number) => number.to_usize() == Some(0),
        Kind::Bool(on) => !on,
        _ => false,
    };
    match zero && row.mode == Mode::Optional && row.default.is_none() && !row.is_read {
        true => Value::null(row.ty.clone()),
        false => value.clone(),
    }
}

/// A block that is there at most once and is not is an empty list in Terraform, and null here.
fn there(row: &Attribute, value: Value) -> Value {
    let Some(block) = &row.block else { return value };
    if block.is_single() && value.as_elements().is_some_and(<[Value]>::is_empty) {
        return Value::null(row.ty.clone());
    }
    value.map_objects(&mut |name, inner| match block.attributes.iter().find(|row| row.name == name) {
        Some(row) => there(row, inner.clone()),
        None => inner.clone(),
    })
}

/// A value of this type. Members of objects that the file lacks are null, and those that the type lacks are left out:
/// another version of the provider wrote it.
pub(super) fn value_of(json: &Json, ty: &Type) -> Result<Value, String> {
    let parts = |all: &[Json], element: &Type| {
        let one = |(i, part)| value_of(part, element).map_err(|e| format!("[{i}]{e}"));
        all.iter().enumerate().map(one).collect::<Result<Vec<_>, String>>()
    };
    Ok(match (ty, json) {
        (_, Json::Null) => Value::null(ty.clone()),
        (Type::Dynamic, Json::Object(all))
            if all.len() == 2 && all.contains_key("value") && all.contains_key("type") =>
        {
            let ty = type_json::from_json(&all["type"]).map_err(|e| format!(": {e}"))?;
            from_json_typed(&all["value"], &ty).map_err(|e| format!(": {e}"))?
        }
        (Type::Dynamic, _) => from_json(json).map_err(|e| format!(": {e}"))?,
        (Type::List(element), Json::Array(all)) => Value::list((**element).clone(), parts(all, element)?),
        (Type::Set(element), Json::Array(all)) => Value::set((**element).clone(), parts(all, element)?),
        (Type::Map(element), Json::Object(all)) => {
            let one = |(name, part): (&String, &Json)| {
                Ok((Name::from(name.as_str()), value_of(part, element).map_err(|e| format!(".{name}{e}"))?))
            };
            Value::map((**element).clone(), all.iter().map(one).collect::<Result<_, String>>()?)
        }
        (Type::Object(members), Json::Object(all)) => {
            let one = |(name, ty): (&Name, &Type)| {
                let part = all.get(&**name).unwrap_or(&Json::Null);
                Ok((name.clone(), value_of(part, ty).map_err(|e| format!(".{name}{e}"))?))
            };
            Value::object(members.iter().map(one).collect::<Result<Vec<_>, String>>()?)
        }
        // A block that was there at most once in another version of the provider, or is now.
        (Type::Object(_), Json::Array(all)) => match &all[..] {
            [] => Value::null(ty.clone()),
            [one] => value_of(one, ty)?,
            _ => return Err(": an object is required".into()),
        },
        (Type::List(_) | Type::Set(_), Json::Object(_)) => value_of(&Json::Array(vec![json.clone()]), ty)?,
        // An empty text stands for a number or a switch that was never set.
        (Type::Number | Type::Bool, Json::String(text)) if text.is_empty() => Value::null(ty.clone()),
        _ => from_json_typed(json, ty).map_err(|e| format!(": {e}"))?,
    })
}

/// The value with the mark on the part at this path; on the nearest part around it, where the path leads nowhere.
fn marked_at(value: &Value, path: &[Step]) -> Value {
    let Some((step, rest)) = path.split_first() else { return value.clone().mark(true) };
    let key = if step.kind == "index" { step.value.get("value").unwrap_or(&Json::Null) } else { &step.value };
    let member = |all: &BTreeMap<Name, Value>| -> Option<BTreeMap<Name, Value>> {
        let name = key.as_str()?;
        let part = marked_at(all.get(name)?, rest);
        Some(all.iter().map(|(k, v)| (k.clone(), if &**k == name { part.clone() } else { v.clone() })).collect())
    };
    let made = match value.kind() {
        Kind::Object(all) => member(all).map(Value::object),
        Kind::Map(ty, all) => member(all).map(|all| Value::map(ty.clone(), all)),
        Kind::List(ty, all) => {
            key.as_u64().and_then(|at| usize::try_from(at).ok()).filter(|at| *at < all.len()).map(|at| {
                let part = |(i, v): (usize, &Value)| if i == at { marked_at(v, rest) } else { v.clone() };
                Value::list(ty.clone(), all.iter().enumerate().map(part).collect())
            })
        }
        _ => None,
    };
    made.map_or_else(|| value.clone().mark(true), |made| made.mark(value.is_sensitive()))
}
