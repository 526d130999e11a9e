//! `floorplan validate`: finds errors without credentials or network.

use super::args::{ValueArgs, VariableArgument};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::Diagnostics;
use crate::lang::config::Variable;
use crate::objects::State;
use crate::plan::{Input, Options, Planner};
use crate::report::json;
use crate::resources::Types;
use crate::session::World;
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
    #[command(flatten)]
    values: ValueArgs,
    /// Print the findings as JSON, as Terraform does
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(super) fn run(args: &ValidateArgs, typed: &[VariableArgument], ui: &Ui) -> Outcome {
    let mut failed = false;
    let mut found = Vec::new();
    for dir in &args.layouts {
        let problems = check(dir, typed, ui);
        failed |= problems.has_errors();
        if args.json {
            found.extend(problems.iter().map(json::diagnostic));
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
fn check(dir: &Path, typed: &[VariableArgument], ui: &Ui) -> Diagnostics {
    let layout = match super::input::layout(dir, typed, ui) {
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
