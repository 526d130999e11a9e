//! `floorplan schema`: which types there are and what they take.

use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, did_you_mean};
use crate::resources::{all, data_sources};
use crate::schema::{Attribute, Import, Mode, Nesting, Schema};
use crate::value::Type;
use clap::Args;
use serde_json::{Map, Value as Json, json};

/// Show which resource types and data sources there are and what they take
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Only this type
    #[arg(value_name = "TYPE")]
    type_name: Option<String>,
    /// In the form of the reference file
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &SchemaArgs, ui: &Ui) -> Outcome {
    let wanted = |s: &&Schema| args.type_name.as_ref().is_none_or(|t| t == s.name);
    let resources: Vec<&Schema> = all().into_values().filter(wanted).collect();
    let sources: Vec<&Schema> = data_sources().values().map(|d| d.schema()).filter(wanted).collect();
    if let Some(given) = args.type_name.as_ref().filter(|_| resources.is_empty() && sources.is_empty()) {
        let d = Diagnostic::error(format!("Unknown type {given:?}"));
        let names = all().into_keys().chain(data_sources().keys().copied());
        return Err(match did_you_mean(given, names) {
            Some(near) => d.hint(format!("Did you mean {near:?}?")),
            None => d.hint("`floorplan schema` lists all types."),
        }
        .into());
    }
    if args.json {
        let all = json!({ "resources": by_name(&resources), "data_sources": by_name(&sources) });
        ui.data(&format!("{all:#}\n"));
    } else if args.type_name.is_some() {
        resources.iter().for_each(|s| ui.data(&page(s, "resource")));
        sources.iter().for_each(|s| ui.data(&page(s, "data")));
    } else {
        resources.iter().for_each(|s| ui.data(&format!("resource {}\n", s.name)));
        sources.iter().for_each(|s| ui.data(&format!("data     {}\n", s.name)));
    }
    Ok(Exit::Done)
}

fn by_name(schemas: &[&Schema]) -> Json {
    schemas.iter().map(|s| (s.name.to_owned(), as_json(&s.attributes))).collect::<Map<String, Json>>().into()
}

/// Rows in the form of the reference: arguments with `!` where required, blocks, computed.
pub fn as_json(rows: &[Attribute]) -> Json {
    json_within(rows, &[])
}

/// Whether a block repeats one around it, as statements of WAF hold statements. It is shown once.
fn recurs(row: &Attribute, outer: &[&Attribute]) -> bool {
    let inner =
        |row: &Attribute| row.block.iter().flat_map(|b| b.attributes.iter()).map(|r| r.name).collect::<Vec<_>>();
    let own = inner(row);
    let same = |other: &&Attribute| other.name == row.name && own.iter().all(|name| inner(other).contains(name));
    row.block.is_some() && outer.iter().any(same)
}

fn json_within(rows: &[Attribute], outer: &[&Attribute]) -> Json {
    let arguments =
        rows.iter().filter(|r| r.block.is_none() && (r.is_argument() || r.name == "tags_all" || r.name == "id"));
    let again = rows.iter().filter(|r| recurs(r, outer)).map(|r| (r.name.to_owned(), "any".into()));
    let arguments: Map<String, Json> =
        arguments.map(|r| (r.name.to_owned(), type_name(r).into())).chain(again).collect();
    let computed = rows.iter().filter(|r| r.mode == Mode::Computed && r.name != "tags_all" && r.name != "id");
    let computed: Map<String, Json> = computed.map(|r| (r.name.to_owned(), type_name(r).into())).collect();
    let mut all = json!({ "arguments": arguments });
    let blocks: Map<String, Json> =
        rows.iter().filter(|r| r.is_argument()).filter_map(|r| Some((r.name.to_owned(), block(r, outer)?))).collect();
    if !blocks.is_empty() {
        all["blocks"] = blocks.into();
    }
    all["computed"] = computed.into();
    let chosen: Vec<&str> = rows.iter().filter(|r| r.mode == Mode::OptionalComputed).map(|r| r.name).collect();
    if !chosen.is_empty() {
        all["optional_computed"] = chosen.into();
    }
    let secret: Vec<&str> = rows.iter().filter(|r| r.sensitive).map(|r| r.name).collect();
    if !secret.is_empty() {
        all["sensitive"] = secret.into();
    }
    all
}

fn block(row: &Attribute, outer: &[&Attribute]) -> Option<Json> {
    let block = row.block.as_ref().filter(|_| !recurs(row, outer))?;
    let nesting = if block.nesting == Nesting::Single || block.max == Some(1) { "single" } else { "list" };
    let mut inner = json_within(&block.attributes, &[outer, &[row]].concat());
    let mut all = json!({ "nesting": nesting, "required": block.min > 0 || row.mode == Mode::Required });
    for key in ["arguments", "blocks"] {
        if let Some(part) = inner.get_mut(key) {
            all[key] = part.take();
        }
    }
    Some(all)
}

/// The reference's words for a type: it does not distinguish lists from sets.
fn type_name(row: &Attribute) -> String {
    let name = match &row.ty {
        Type::String => "string".into(),
        Type::Number => "number".into(),
        Type::Bool => "bool".into(),
        Type::List(t) | Type::Set(t) if t.is_primitive() => format!("list({})", t.friendly()),
        Type::Map(t) if t.is_primitive() => format!("map({})", t.friendly()),
        _ => "struct".into(),
    };
    if row.mode == Mode::Required { format!("{name}!") } else { name }
}

fn page(schema: &Schema, kind: &str) -> String {
    let mut text = format!("{kind} {}\n", schema.name);
    rows(&schema.attributes, &[], &mut text);
    match schema.import {
        _ if kind == "data" => {}
        Import::Id => text.push_str("  import by: id\n"),
        Import::Key { form, .. } => text.push_str(&format!("  import by: {form}\n")),
        Import::Never => {}
    }
    text
}

fn rows(rows_: &[Attribute], outer: &[&Attribute], text: &mut String) {
    let indent = "  ".repeat(outer.len() + 1);
    for row in rows_ {
        let mode = match row.mode {
            Mode::Required => "required",
            Mode::Optional => "optional",
            Mode::OptionalComputed => "optional, else computed",
            Mode::Computed => "computed",
        };
        let replaces = if row.force_new { ", forces replacement" } else { "" };
        let what = if row.block.is_some() { "block".to_owned() } else { row.ty.to_string() };
        let again = if recurs(row, outer) { ", same as the block around it" } else { "" };
        text.push_str(&format!("{indent}{} ({what}): {mode}{replaces}{again}\n", row.name));
        if let Some(block) = row.block.as_ref().filter(|_| again.is_empty()) {
            rows(&block.attributes, &[outer, &[row]].concat(), text);
        }
    }
}
