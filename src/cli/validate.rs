//! `floorplan validate`: finds errors without credentials or network.

use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::lang::config::Variable;
use crate::objects::State;
use crate::plan::{Input, Options, Planner};
use crate::resources::Types;
use crate::session::{Fetch, Layout, World};
use crate::value::{Name, Value};
use clap::Args;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Find errors without credentials or network
#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    /// Directories of layouts
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layouts: Vec<PathBuf>,
    /// Print the findings as JSON, as Terraform does
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &ValidateArgs, ui: &Ui) -> Outcome {
    let mut failed = false;
    let mut found = Vec::new();
    for dir in &args.layouts {
        let problems = check(dir, &|line| ui.status(line));
        failed |= problems.has_errors();
        if args.json {
            found.extend(problems.iter().map(as_json));
            continue;
        }
        ui.report(&problems);
        if !problems.has_errors() {
            ui.data(&format!("{}: valid\n", dir.display()));
        }
    }
    if args.json {
        let errors = found.iter().filter(|d| d["severity"] == "error").count();
        let all = json!({
            "format_version": "1.0",
            "valid": !failed,
            "error_count": errors,
            "warning_count": found.len() - errors,
            "diagnostics": found,
        });
        ui.data(&format!("{all:#}\n"));
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// All that is wrong with a layout as far as it can be found without values.
fn check(dir: &Path, say: &(dyn Fn(&str) + Sync)) -> Diagnostics {
    let layout = match Layout::load(dir, Fetch::Missing(say)) {
        Ok(layout) => layout,
        Err(problems) => return problems,
    };
    let root = &layout.loaded.root;
    let unknown = |(name, v): (&Name, &Variable)| (name.clone(), Value::unknown(v.constraint.ty()));
    let variables: BTreeMap<Name, Value> = root.module.variables.iter().map(unknown).collect();
    let world = World::new(dir);
    let functions = world.functions(true, None);
    let functions = functions.context();
    let options = Options { validate: true, ..Options::default() };
    let input = Input {
        root,
        graph: &layout.graph,
        schemas: &Types,
        state: &State::new("", ""),
        moved: &HashMap::new(),
        live: &HashMap::new(),
        imports: &HashMap::new(),
        providers: &HashMap::new(),
        options: &options,
    };
    let mut planner = Planner::new(&input, world.evaluator(root, variables, &functions).validating());
    planner.advance();
    let mut all = layout.loaded.warnings.clone();
    all.extend(planner.into_problems());
    all
}

fn as_json(d: &Diagnostic) -> serde_json::Value {
    let mut all = json!({
        "severity": if d.severity == Severity::Error { "error" } else { "warning" },
        "summary": d.summary,
        "detail": std::iter::once(d.detail.as_str()).chain(d.hints.iter().map(String::as_str)).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n"),
    });
    if let Some(address) = &d.address {
        all["address"] = json!(address);
    }
    if let Some(span) = &d.span {
        let (line, column) = span.line_column();
        let end = crate::diag::Span::new(&span.file, span.range.end..span.range.end);
        let (end_line, end_column) = end.line_column();
        all["range"] = json!({
            "filename": span.file.path,
            "start": {"line": line, "column": column, "byte": span.range.start},
            "end": {"line": end_line, "column": end_column, "byte": span.range.end},
        });
    }
    if let Some(snippet) = snippet(d) {
        all["snippet"] = snippet;
    }
    all
}

/// The line of source and the values of its references, as Terraform has them.
fn snippet(d: &Diagnostic) -> Option<serde_json::Value> {
    let span = d.span.as_ref()?;
    let text = &span.file.text;
    let start = text[..span.range.start].rfind('\n').map_or(0, |at| at + 1);
    let code = text[start..].lines().next().unwrap_or_default();
    let offset = span.range.start - start;
    let values = d.values.iter().flatten();
    let values: Vec<_> = values.map(|v| json!({ "traversal": v.reference, "statement": v.statement })).collect();
    Some(json!({
        "context": null,
        "code": code,
        "start_line": span.line_column().0,
        "highlight_start_offset": offset,
        "highlight_end_offset": (offset + span.range.len()).min(code.len()),
        "values": values,
    }))
}
