//! The rows of a type in the form in which the provider's schema is written down: `string ?=`, `set(string) !`,
//! `list` blocks with their least and most items. `floorplan schema --json` prints it, and a test holds every type
//! against the provider's.

use super::{Attribute, Mode, Nesting};
use crate::value::Type;
use serde_json::{Map, Value as Json, json};

/// The attributes and blocks of these rows.
pub fn form(rows: &[Attribute]) -> Json {
    within(rows, &[])
}

fn within(rows: &[Attribute], outer: &[&Attribute]) -> Json {
    let (blocks, plain): (Vec<&Attribute>, Vec<&Attribute>) =
        rows.iter().partition(|row| row.block.is_some() && !recurs(row, outer));
    let attributes: Map<String, Json> = plain.iter().map(|row| (row.name.to_owned(), attribute(row).into())).collect();
    let mut all = json!({ "attributes": attributes });
    if !blocks.is_empty() {
        let blocks: Map<String, Json> =
            blocks.iter().filter_map(|row| Some((row.name.to_owned(), block(row, outer)?))).collect();
        all["blocks"] = blocks.into();
    }
    all
}

/// Whether a block is one that it is nested in, as statements of WAF hold statements. Its rows are given once.
fn recurs(row: &Attribute, outer: &[&Attribute]) -> bool {
    let inner =
        |row: &Attribute| row.block.iter().flat_map(|b| b.attributes.iter()).map(|r| r.name).collect::<Vec<_>>();
    let own = inner(row);
    let same = |other: &&Attribute| other.name == row.name && own.iter().all(|name| inner(other).contains(name));
    row.block.is_some() && outer.iter().any(same)
}

fn block(row: &Attribute, outer: &[&Attribute]) -> Option<Json> {
    let block = row.block.as_ref()?;
    let nesting = match block.nesting {
        Nesting::Single => "single",
        Nesting::List => "list",
        Nesting::Set => "set",
    };
    let mut all = within(&block.attributes, &[outer, &[row]].concat());
    all["nesting"] = nesting.into();
    // Only a block that is written as an attribute can be computed in Terraform's schema.
    let kept = row.mode == Mode::OptionalComputed && !block.as_attribute;
    all["mode"] = if block.min > 0 {
        "!"
    } else if kept {
        "?"
    } else {
        mode(row)
    }
    .into();
    if block.min > 0 {
        all["min"] = block.min.into();
    }
    if let Some(max) = block.max {
        all["max"] = max.into();
    }
    Some(all)
}

fn attribute(row: &Attribute) -> String {
    let sensitive = if row.sensitive { "*" } else { "" };
    format!("{} {}{sensitive}", type_name(&row.ty), mode(row))
}

fn mode(row: &Attribute) -> &'static str {
    match row.mode {
        Mode::Required => "!",
        Mode::Optional => "?",
        Mode::OptionalComputed => "?=",
        Mode::Computed => "=",
    }
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::List(element) => format!("list({})", type_name(element)),
        Type::Set(element) => format!("set({})", type_name(element)),
        Type::Map(element) => format!("map({})", type_name(element)),
        Type::String => "string".into(),
        Type::Number => "number".into(),
        Type::Bool => "bool".into(),
        Type::Dynamic => "any".into(),
        _ => "object".into(),
    }
}

/// How `ours` differs from the provider's `theirs`: the path from `place`, and what differs.
pub fn deviations(place: &str, ours: &Json, theirs: &Json) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let group = |side: &Json, kind: &str| side.get(kind).and_then(Json::as_object).cloned().unwrap_or_default();
    let [(our_plain, our_blocks), (their_plain, their_blocks)] =
        [ours, theirs].map(|side| (group(side, "attributes"), group(side, "blocks")));
    let mut names: Vec<&String> =
        [&our_plain, &our_blocks, &their_plain, &their_blocks].map(Map::keys).into_iter().flatten().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let path = format!("{place}.{name}");
        let mut differs = |text: String| all.push((path.clone(), text));
        match (our_blocks.get(name), their_blocks.get(name), our_plain.get(name), their_plain.get(name)) {
            (Some(ours), Some(theirs), _, _) => {
                for key in ["nesting", "mode", "min", "max"] {
                    // The least and most items of what is newer than provider 5.100 are not known.
                    let unknown = matches!(key, "min" | "max") && theirs.get(key).is_none();
                    if ours.get(key) != theirs.get(key) && !unknown {
                        let text = |side: &Json| side.get(key).map_or("none".to_owned(), ToString::to_string);
                        differs(format!("{key} is {}, the provider has {}", text(ours), text(theirs)));
                    }
                }
                all.extend(deviations(&path, ours, theirs));
            }
            (_, _, Some(ours), Some(theirs)) => {
                let text = |side: &Json| side.as_str().unwrap_or_default().trim_end_matches('~').to_owned();
                if text(ours) != text(theirs) {
                    differs(format!("is `{}`, the provider has `{}`", text(ours), text(theirs)));
                }
            }
            (Some(_), None, _, _) => differs(
                if their_plain.contains_key(name) {
                    "is a block, the provider has an attribute"
                } else {
                    "is not in the provider"
                }
                .into(),
            ),
            (None, Some(_), _, _) => differs(
                if our_plain.contains_key(name) { "is an attribute, the provider has a block" } else { "is missing" }
                    .into(),
            ),
            (None, None, Some(_), None) => differs("is not in the provider".into()),
            _ => differs("is missing".into()),
        }
    }
    all
}
