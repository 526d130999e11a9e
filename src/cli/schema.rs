//! `floorplan schema`: which types there are and what they take.

use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, did_you_mean};
use crate::resources::{all, all_data};
use crate::schema::reference::form;
use crate::schema::{Attribute, Import, Mode, Schema};
use clap::Args;
use serde_json::{Map, Value as Json, json};

/// Show which resource types and data sources there are and what they take
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Only this type
    #[arg(value_name = "TYPE")]
    type_name: Option<String>,
    /// As JSON: each attribute with its type and who sets it, each block with its nesting
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &SchemaArgs, ui: &Ui) -> Outcome {
    let wanted = |s: &&Schema| args.type_name.as_ref().is_none_or(|t| t == s.name);
    let resources: Vec<&Schema> = all().into_values().filter(wanted).collect();
    let sources: Vec<&Schema> = all_data().into_values().filter(wanted).collect();
    if let Some(given) = args.type_name.as_ref().filter(|_| resources.is_empty() && sources.is_empty()) {
        let d = Diagnostic::error(format!("Unknown type {given:?}")).code("unknown-resource-type");
        let names = all().into_keys().chain(all_data().into_keys());
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
    schemas.iter().map(|s| (s.name.to_owned(), form(&s.attributes))).collect::<Map<String, Json>>().into()
}

/// Whether a block is one that it is nested in, as statements of WAF hold statements. It is shown once.
fn recurs(row: &Attribute, outer: &[&Attribute]) -> bool {
    outer.iter().any(|other| other.name == row.name && row.block.is_some())
}

fn page(schema: &Schema, kind: &str) -> String {
    let mut text = format!("{kind} {}\n", schema.name);
    rows(&schema.attributes, &[], &mut text);
    if kind != "data" && !matches!(schema.import, Import::Never) {
        text.push_str(&format!("  import by: {}\n", schema.import.form().unwrap_or_else(|| "id".into())));
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
