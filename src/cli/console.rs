//! `floorplan console`: evaluates expressions, one per line of standard input.

use super::args::{Global, VariableArgs, VariableArgument};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics, render};
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::{Module, ModuleNode, is_layout};
use crate::lang::parse;
use crate::objects::State;
use crate::resources::Types;
use crate::schema::redaction::holds_digest;
use crate::schema::{Attrs, Schemas, exposed};
use crate::session::{self, World};
use crate::value::address::ModulePath;
use crate::value::{Value, format, json};
use clap::Args;
use indexmap::IndexMap;
use std::io::{BufRead, stdin};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Evaluate expressions, one per line of standard input
#[derive(Debug, Args)]
pub(super) struct ConsoleArgs {
    /// The layout's directory. Without a layout, expressions see an empty one
    #[arg(value_name = "LAYOUT")]
    layout: Option<PathBuf>,
    #[command(flatten)]
    variables: VariableArgs,
    /// One JSON value per line; {"error": "…"} for an expression that failed
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &ConsoleArgs, typed: Vec<VariableArgument>, global: &Global, ui: &Ui) -> Outcome {
    let here = Path::new(".");
    let dir = args.layout.as_deref().unwrap_or(here);
    let given = args.layout.as_deref().or_else(|| is_layout(&session::disk("."), ".").then_some(here));
    let world = World::new(dir);
    let functions = world.functions(false, None);
    let functions = functions.context();
    let layout = given.map(|dir| super::input::layout(dir, &typed, ui)).transpose()?;
    let (root, variables, mut state) = match &layout {
        Some(layout) => {
            let variables = super::input::values(layout, &args.variables, &typed, ui)?;
            (layout.loaded.root.clone(), variables, super::elsewhere::backend(layout, global, ui)?.read()?.state)
        }
        None => {
            let empty = ModuleNode { module: Arc::new(Module::default()), children: IndexMap::new() };
            (Arc::new(empty), Default::default(), State::new("", ""))
        }
    };
    state.reshape(&Types);
    let mut scopes = world.evaluator(&root, variables, &functions);
    remember(&mut scopes, &root, &state);
    scopes.complete();
    let mut failed = false;
    for (number, line) in stdin().lock().lines().enumerate() {
        let line = line.map_err(|e| {
            Diagnostic::error("Cannot read standard input").code("unreadable-file").detail(format!("{e}."))
        })?;
        if line.trim().is_empty() {
            continue;
        }
        if line.trim() == "exit" {
            break;
        }
        match evaluate(&scopes, &line, number + 1) {
            Ok(value) if args.json => ui.data(&format!("{}\n", shown_json(&value))),
            Ok(value) => ui.data(&format!("{}\n", format::format_value(&value))),
            Err(problems) => {
                failed = true;
                if args.json {
                    let text: Vec<String> = problems.iter().map(message).collect();
                    ui.data(&format!("{}\n", serde_json::json!({ "error": text.join("; ") })));
                } else {
                    problems.iter().for_each(|d| ui.status(&render(d, ui.colour_errors)));
                }
            }
        }
    }
    Ok(if failed && !args.json { Exit::Failed } else { Exit::Done })
}

fn evaluate(scopes: &Evaluator<'_>, line: &str, number: usize) -> Result<Value, Diagnostics> {
    let expr = parse::parse_expression(&format!("<console>:{number}"), line)?;
    scopes.eval(&ModulePath::default(), &expr, &Locality::default())
}

/// The value as one line of JSON; what is sensitive or unknown is an error, as it has no JSON.
fn shown_json(value: &Value) -> serde_json::Value {
    if value.has_sensitive() {
        return serde_json::json!({ "error": "the value is sensitive; use nonsensitive() to see it" });
    }
    if !value.is_wholly_known() {
        return serde_json::json!({ "error": "the value is known only after apply" });
    }
    json::to_json(value)
}

fn message(d: &Diagnostic) -> String {
    let parts = [d.summary.as_str(), d.detail.as_str()];
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(": ")
}

/// Puts what the state holds where expressions of the root module and its children find it.
fn remember(scopes: &mut Evaluator<'_>, root: &Arc<ModuleNode>, state: &State) {
    use crate::evaluation::expansion_of_keys;
    let mut keys = std::collections::BTreeMap::new();
    for (address, instance) in &state.resources {
        let r = &address.resource;
        let key = (r.mode, r.type_name.clone(), r.name.clone());
        keys.entry((r.module.clone(), key)).or_insert_with(Vec::new).push((address.key.clone(), instance));
    }
    for call in root.module.calls.keys() {
        let inside = keys.keys().filter_map(|(path, _)| path.0.first()).filter(|(name, _)| name == call);
        let found: Vec<_> = inside.map(|(_, key)| key.clone()).collect();
        scopes.expand_call(&ModulePath::default(), call, expansion_of_keys(&found));
    }
    for ((path, key), instances) in keys {
        let found: Vec<_> = instances.iter().map(|(k, _)| k.clone()).collect();
        scopes.expand_resource(&path, &key, expansion_of_keys(&found));
        for (instance_key, instance) in instances {
            let reported = |v: &Value| if holds_digest(v) { Value::unknown(v.ty()).mark(true) } else { v.clone() };
            let attrs: Attrs = instance.attrs.iter().map(|(name, v)| (name.clone(), reported(v))).collect();
            let value = exposed::object(Types.resource(&key.1), &attrs);
            scopes.set_instance(&path, &key, &instance_key, value);
        }
    }
}
