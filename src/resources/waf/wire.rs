//! Between what a layout says and what WAF's API takes. WAF's rules are a tree of some hundred
//! structures whose members are the layout's arguments in the API's spelling, so that the rows alone
//! lead from one to the other, and one function each way does for all of them. What WAF has and no
//! row names stays in the JSON, and so survives a read, a change and a write.

use crate::resources::prelude::*;
use crate::schema::shape::{only, shaped};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Map, Value as Json};

/// The API's name of the member that a row stands for.
pub fn name(row: &Attribute) -> String {
    match row.name {
        "asn" => return "ASN".into(),
        "custom_response_body" => return "CustomResponseBodies".into(),
        "regular_expression" => return "RegularExpressionList".into(),
        "api_gateway" | "app_runner_service" | "cloudfront" | "cognito_user_pool" | "verified_access_instance" => {
            return row.name.to_ascii_uppercase();
        }
        _ => {}
    }
    let mut name: String = row.name.split('_').map(word).collect();
    let several = row.block.as_ref().is_some_and(|b| !b.is_single());
    if several && !name.ends_with('s') {
        name.push('s');
    }
    name
}

fn word(word: &str) -> String {
    match word {
        "acfp" | "arn" | "atp" | "aws" | "http" | "ip" | "ja3" | "ja4" => word.to_ascii_uppercase(),
        "cloudwatch" => "CloudWatch".into(),
        "ddos" => "DDoS".into(),
        _ => word[..1].to_ascii_uppercase() + &word[1..],
    }
}

/// The structure that `object` means by these rows. What is null or empty is left out.
pub fn to_json(rows: &[Attribute], object: &Value) -> Json {
    let member = |row: &Attribute| Some((name(row), member(row, object.get(row.name)?)?));
    Json::Object(rows.iter().filter_map(member).collect())
}

/// The value of one member; none where it is left out.
pub fn member(row: &Attribute, value: &Value) -> Option<Json> {
    if value.is_null() || value.is_unknown() {
        return None;
    }
    let Some(block) = &row.block else { return plain(row, value) };
    let rows = &block.attributes;
    if block.is_single() {
        let value = only(value);
        value.as_entries()?;
        return Some(match row.name {
            "address_fields" | "phone_number_fields" => identifiers(value),
            _ => to_json(rows, value),
        });
    }
    let elements = value.as_elements().filter(|all| !all.is_empty())?;
    Some(match row.name {
        "custom_response_body" => Json::Object(elements.iter().map(|body| keyed(rows, body)).collect()),
        _ => elements.iter().map(|each| to_json(rows, each)).collect(),
    })
}

fn plain(row: &Attribute, value: &Value) -> Option<Json> {
    if let Some(elements) = value.as_elements() {
        return (!elements.is_empty()).then(|| elements.iter().filter_map(|v| plain(row, v)).collect());
    }
    let text = value.as_str().filter(|text| !text.is_empty());
    let text = text.map(|text| if row.name == "search_string" { BASE64.encode(text) } else { text.to_owned() });
    text.map(Json::from).or_else(|| value.as_bool().map(Json::from)).or_else(|| value.as_i64().map(Json::from))
}

/// Fields of a form: a list of texts in the layout, a list of structures in the API.
fn identifiers(block: &Value) -> Json {
    let texts = block.get("identifiers").and_then(Value::as_elements).unwrap_or_default();
    texts.iter().filter_map(Value::as_str).map(|text| serde_json::json!({ "Identifier": text })).collect()
}

/// A response body: a block with a key in the layout, an entry of a map in the API.
fn keyed(rows: &[Attribute], body: &Value) -> (String, Json) {
    let key = body.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut json = to_json(rows, body);
    if let Some(entry) = json.as_object_mut() {
        entry.remove("Key");
    }
    (key, json)
}

/// The value of a structure by these rows, all of them present.
pub fn from_json(rows: &[Attribute], json: &Json) -> Value {
    Value::object(rows.iter().map(|row| (row.name, read(row, json.get(name(row))))))
}

/// An object in the API's form, of a kind that has these members.
pub trait Members<L> {
    /// The rows of the members.
    fn members() -> &'static [Attribute];
    /// The object.
    fn json(live: &L) -> &Json;
}

/// The value of the member at a place.
fn nth<L, M: Members<L>, const N: usize>(live: &L) -> Value {
    M::members().get(N).map_or_else(Value::any_null, |row| read(row, M::json(live).get(name(row))))
}

/// The members as rows of a type.
pub fn columns<L, M: Members<L>>() -> impl Iterator<Item = A<L>> {
    let reads: [fn(&L) -> Value; 10] = [
        nth::<L, M, 0>,
        nth::<L, M, 1>,
        nth::<L, M, 2>,
        nth::<L, M, 3>,
        nth::<L, M, 4>,
        nth::<L, M, 5>,
        nth::<L, M, 6>,
        nth::<L, M, 7>,
        nth::<L, M, 8>,
        nth::<L, M, 9>,
    ];
    M::members().iter().zip(reads).map(|(row, read)| A { row: row.clone(), read: Some(read) })
}

/// The value of one member.
pub fn read(row: &Attribute, json: Option<&Json>) -> Value {
    let Some(json) = json.filter(|json| !json.is_null()) else { return Value::null(row.ty.clone()) };
    let Some(block) = &row.block else { return scalar(&row.ty, row.name == "search_string", json) };
    let rows = &block.attributes;
    let several = || match (row.name, json) {
        ("custom_response_body", Json::Object(bodies)) => {
            bodies.iter().map(|(key, body)| with_key(rows, key, body)).collect()
        }
        (_, Json::Array(all)) => all.iter().map(|each| from_json(rows, each)).collect(),
        _ => Vec::new(),
    };
    let made = match (&row.ty, row.name) {
        (Type::List(element), _) if !block.is_single() => Value::list((**element).clone(), several()),
        (Type::Set(element), _) if !block.is_single() => Value::set((**element).clone(), several()),
        (_, "address_fields" | "phone_number_fields") => {
            let texts = json.as_array().into_iter().flatten().filter_map(|field| field["Identifier"].as_str());
            Value::object([("identifiers", Value::strings(texts))])
        }
        _ => from_json(rows, json),
    };
    shaped(row, made)
}

fn with_key(rows: &[Attribute], key: &str, body: &Json) -> Value {
    let entries = from_json(rows, body).as_entries().cloned().unwrap_or_default();
    let entries = entries.into_iter().filter(|(name, _)| &**name != "key");
    Value::object(entries.chain([(Name::from("key"), Value::from(key))]))
}

fn scalar(ty: &Type, encoded: bool, json: &Json) -> Value {
    let elements = |ty: &Type| json.as_array().into_iter().flatten().map(|v| scalar(ty, false, v)).collect();
    let value = match ty {
        Type::List(element) => Some(Value::list((**element).clone(), elements(element))),
        Type::Set(element) => Some(Value::set((**element).clone(), elements(element))),
        Type::Number => json.as_i64().map(Value::from),
        Type::Bool => json.as_bool().map(Value::from),
        _ if encoded => json.as_str().map(|text| match BASE64.decode(text) {
            Ok(bytes) => Value::string(String::from_utf8_lossy(&bytes)),
            Err(_) => text.into(),
        }),
        _ => json.as_str().map(Value::from),
    };
    value.unwrap_or_else(|| Value::null(ty.clone()))
}

/// What one change does to one member: from what it was to what it shall be.
pub struct Edit {
    /// The API's name of the member.
    pub member: String,
    /// As it was when the change was decided.
    pub before: Option<Json>,
    /// As it shall be.
    pub after: Option<Json>,
}

impl Edit {
    /// Makes the change on `object` as it is by now. What else somebody has done to the object
    /// meanwhile stays: in maps other keys, in lists other elements.
    pub fn apply(&self, object: &mut Map<String, Json>) {
        let merged = match (&self.before, &self.after, object.get(&self.member)) {
            (Some(Json::Object(before)), Some(Json::Object(after)), Some(Json::Object(now))) => {
                Some(Json::Object(merge_maps(before, after, now)))
            }
            (before, after, now) if [before.as_ref(), after.as_ref(), now].iter().flatten().any(|v| v.is_array()) => {
                let of = |side: Option<&Json>| side.and_then(Json::as_array).cloned().unwrap_or_default();
                let all = merge_lists(&of(before.as_ref()), &of(after.as_ref()), of(now));
                (!all.is_empty()).then_some(Json::Array(all))
            }
            (_, after, _) => after.clone(),
        };
        match merged {
            Some(json) => object.insert(self.member.clone(), json),
            None => object.remove(&self.member),
        };
    }
}

fn merge_maps(before: &Map<String, Json>, after: &Map<String, Json>, now: &Map<String, Json>) -> Map<String, Json> {
    let gone = |key: &str| before.contains_key(key) && !after.contains_key(key);
    let mut all: Map<String, Json> =
        now.iter().filter(|(key, _)| !gone(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
    for (key, value) in after.iter().filter(|(key, value)| before.get(*key) != Some(value)) {
        all.insert(key.clone(), value.clone());
    }
    all
}

fn merge_lists(before: &[Json], after: &[Json], mut now: Vec<Json>) -> Vec<Json> {
    let find = |all: &[Json], one: &Json| all.iter().position(|each| identity(each) == identity(one));
    now.retain(|one| find(before, one).is_none() || find(after, one).is_some());
    for one in after.iter().filter(|one| !before.contains(one)) {
        match find(&now, one) {
            Some(at) => now[at] = one.clone(),
            None => now.push(one.clone()),
        }
    }
    now
}

/// By what an element of a list is known: a rule by its name, an address range by what it means,
/// anything else by all of it.
fn identity(element: &Json) -> Json {
    let range = || element.as_str()?.parse::<ipnet::IpNet>().ok().map(|net| net.to_string().into());
    element.get("Name").cloned().or_else(range).unwrap_or_else(|| element.clone())
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
