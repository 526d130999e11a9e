//! `floorplan output`: the outputs of the last apply.
//!
//! A sensitive one is shown only to who asks for it by name, with `--raw` or `--json`: the reader is
//! then a program.

mod many;

use super::Outcome;
use super::args::Global;
use super::fleet::{Selection, Which};
use super::inspect::{Printed, backend, print};
use super::ui::Ui;
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::objects::OutputValue;
use crate::state::Backend;
use crate::value::format::format_value;
use crate::value::type_json::to_json as type_to_json;
use crate::value::{Kind, Name, Value, json};
use clap::Args;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The outputs of a layout.
type Outputs = BTreeMap<Name, OutputValue>;

/// Show the outputs of the last apply
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Only this one
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The layout's directory; given again, several; or a pattern of them
    #[arg(long, value_name = "LAYOUT")]
    layout: Vec<PathBuf>,
    #[command(flatten)]
    which: Which,
    /// As JSON; of several layouts, one object with a member for each
    #[arg(long)]
    json: bool,
    /// The text of a string, number or bool, without quotes or newline
    #[arg(long, requires = "name", conflicts_with = "json")]
    raw: bool,
}

/// Runs the command.
pub(super) fn run(args: &OutputArgs, global: &Global, ui: &Ui) -> Outcome {
    let selection = Selection { layouts: args.layout.clone(), which: args.which.clone() };
    match selection.one() {
        Some(dir) => print(execute(args, &backend(&dir, global, ui)?)?, ui),
        None => many::run(args, &selection, global, ui),
    }
}

/// The text to print; sensitive values only where a program reads them and asks by name.
fn execute(args: &OutputArgs, backend: &Backend) -> Result<Printed, Diagnostics> {
    let outputs = backend.read()?.state.outputs;
    let Some(name) = &args.name else { return Ok(if args.json { all_json(&outputs) } else { all(&outputs) }) };
    let value = &find(&outputs, name)?.value;
    let data = if args.json {
        format!("{}\n", json::to_json(value))
    } else if args.raw {
        raw(name, value)?
    } else {
        format!("{}\n", format_value(value))
    };
    let hidden = value.has_sensitive() && !args.json && !args.raw;
    let status = if hidden { format!("{name} is sensitive: --raw or --json shows it.") } else { String::new() };
    Ok(Printed { data, status })
}

/// A line, or several, for an output.
fn line(name: &str, output: &OutputValue) -> String {
    format!("{name} = {}\n", format_value(&output.value))
}

fn all(outputs: &Outputs) -> Printed {
    if outputs.is_empty() {
        return Printed {
            status: "The state holds no outputs. `floorplan apply` stores them.".into(),
            ..Printed::default()
        };
    }
    Printed { data: outputs.iter().map(|(name, output)| line(name, output)).collect(), ..Printed::default() }
}

fn all_json(outputs: &Outputs) -> Printed {
    let (all, hidden) = object(outputs);
    let status = match hidden.first() {
        Some(first) => format!(
            "Sensitive values are left out: {}. `floorplan output --json {first}` shows one.",
            hidden.join(", ")
        ),
        None => String::new(),
    };
    Printed { data: format!("{all:#}\n"), status }
}

/// In Terraform's form, but for what is sensitive: it has no `value`. The names of that.
fn object(outputs: &Outputs) -> (Json, Vec<String>) {
    let mut hidden = Vec::new();
    let mut all = serde_json::Map::new();
    for (name, output) in outputs {
        let sensitive = output.value.has_sensitive();
        let mut entry = json!({ "sensitive": sensitive, "type": type_to_json(&output.value.ty()) });
        if sensitive {
            hidden.push(name.to_string());
        } else {
            entry["value"] = json::to_json(&output.value);
        }
        all.insert(name.to_string(), entry);
    }
    (Json::Object(all), hidden)
}

fn find<'a>(outputs: &'a Outputs, name: &str) -> Result<&'a OutputValue, Diagnostic> {
    outputs.get(name).ok_or_else(|| {
        let d = Diagnostic::error(format!("The output {name:?} was not found")).code("unknown-output");
        if outputs.is_empty() {
            return d.detail("The state holds no outputs.").hint("`floorplan apply` stores them.");
        }
        match did_you_mean(name, outputs.keys().map(|n: &Name| &**n)) {
            Some(near) => d.hint(format!("Did you mean {near:?}?")),
            None => d.hint("`floorplan output` lists them. `floorplan apply` stores a new one."),
        }
    })
}

fn raw(name: &str, value: &Value) -> Result<String, Diagnostic> {
    match value.kind() {
        Kind::String(s) => Ok(s.to_string()),
        Kind::Number(n) => Ok(n.to_string()),
        Kind::Bool(b) => Ok(b.to_string()),
        _ => {
            let what = if value.is_null() { "null".into() } else { format!("a {}", value.ty().friendly()) };
            Err(Diagnostic::error(format!("The output {name:?} cannot be written raw"))
                .code("usage")
                .detail(format!("It is {what}; only a string, number or bool can be."))
                .hint("Use --json instead."))
        }
    }
}

#[cfg(test)]
mod tests;
