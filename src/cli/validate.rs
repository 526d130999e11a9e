//! `floorplan validate`: finds errors without credentials or network.

use super::args::{Global, ValueArgs, VariableArgument};
use super::fleet::{self, Selection};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::fleet::twins::Twins;
use crate::lang::config::Variable;
use crate::objects::State;
use crate::plan::{Input, Options, Planner};
use crate::report::{json, table};
use crate::resources::Types;
use crate::session::{Layout, World, state};
use crate::value::{Name, Value};
use clap::Args;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Find errors without credentials or network
#[derive(Debug, Args)]
pub(super) struct ValidateArgs {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    values: ValueArgs,
    /// Print the findings as JSON, as Terraform does
    #[arg(long)]
    json: bool,
}

/// A layout, and what is wrong with it.
type Checked = (PathBuf, Diagnostics);

/// Runs the command.
pub(super) fn run(args: &ValidateArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let Some(dir) = args.selection.one() else { return many(args, typed, global, ui) };
    let problems = check(&dir, typed, ui).map_or_else(|problems| problems, |(_, problems)| problems);
    let failed = problems.has_errors();
    if args.json {
        let found: Vec<Json> = problems.iter().map(json::diagnostic).collect();
        ui.data(&format!("{:#}\n", summary(found)));
    } else {
        ui.report(&problems);
        if !failed {
            ui.data(&format!("{}: valid\n", dir.display()));
        }
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// Checks several layouts, and whether they get along: the findings of each, then a table of all.
fn many(args: &ValidateArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    let found = args.selection.all(typed, ui)?;
    let (mut all, mut twins): (Vec<Checked>, Twins) = (Vec::new(), Twins::default());
    let work = |dir: &Path, ui: &Ui| {
        let (layout, mut problems) = check(dir, typed, ui)?;
        let place = match state::written_place(&layout, global.state.as_ref(), &global.backend_config) {
            Ok(place) => place,
            // A block may lack what `init` is given.
            Err(_) if !state::places(&layout).is_empty() => None,
            Err(why) => {
                problems.extend(why);
                None
            }
        };
        Ok((layout.given_name(), place, problems))
    };
    fleet::each(&found, ui, work, |dir, checked| {
        let problems = checked.map_or_else(
            |problems| problems,
            |(name, place, problems)| {
                place.into_iter().for_each(|place| twins.add_state(dir, place));
                name.into_iter().for_each(|name| twins.add_name(dir, name));
                problems
            },
        );
        all.push((dir.to_owned(), problems));
    });
    let shared = fleet::shared(&found, typed, global, ui);
    for (dir, problems) in &mut all {
        let dir: &PathBuf = dir;
        problems.extend(twins.of_state(dir).or_else(|| shared.get(dir).cloned()));
        let own = twins.of_names().filter(|(dirs, _)| dirs.contains(dir)).map(|(_, warning)| warning);
        problems.extend(own);
    }
    let failed = all.iter().any(|(_, problems)| problems.has_errors());
    if args.json {
        ui.data(&format!("{:#}\n", summary_of_many(&all)));
    } else {
        all.iter().for_each(|(dir, problems)| fleet::report(dir, problems, ui));
        let rows: Vec<Vec<String>> = all.iter().map(row).collect();
        if !rows.is_empty() {
            ui.data(&table::render(&["layout", "errors", "warnings", "result"], &rows));
        }
    }
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// How many errors and warnings there are.
fn counts(problems: &Diagnostics) -> (usize, usize) {
    let errors = problems.iter().filter(|d| d.is_error()).count();
    (errors, problems.iter().count() - errors)
}

fn row((dir, problems): &Checked) -> Vec<String> {
    let (errors, warnings) = counts(problems);
    let cell = |n: usize| if n == 0 { String::new() } else { n.to_string() };
    let result = if errors > 0 { "invalid" } else { "valid" };
    vec![dir.display().to_string(), cell(errors), cell(warnings), result.to_owned()]
}

/// The findings as Terraform has them.
fn summary(found: Vec<Json>) -> Json {
    let errors = found.iter().filter(|d| d["severity"] == "error").count();
    json!({
        "format_version": "1.0",
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": found.len() - errors,
        "diagnostics": found,
    })
}

/// The same over several layouts: each finding says whose it is, and each layout has its counts.
fn summary_of_many(all: &[Checked]) -> Json {
    let finding = |dir: &Path, d: &Diagnostic| {
        let mut finding = json::diagnostic(d);
        finding["layout"] = json!(dir.display().to_string());
        finding
    };
    let findings = all.iter().flat_map(|(dir, problems)| problems.iter().map(move |d| finding(dir, d))).collect();
    let layout = |(dir, problems): &Checked| {
        let (errors, warnings) = counts(problems);
        json!({
            "layout": dir.display().to_string(),
            "valid": errors == 0,
            "error_count": errors,
            "warning_count": warnings,
        })
    };
    let mut whole = summary(findings);
    whole["layouts"] = all.iter().map(layout).collect();
    whole
}

/// A layout, and all that is wrong with it as far as it can be found without values.
fn check(dir: &Path, typed: &[VariableArgument], ui: &Ui) -> Result<(Layout, Diagnostics), Diagnostics> {
    let layout = super::input::layout(dir, typed, ui)?;
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
    all.extend(planner.into_all_problems(world.now()));
    Ok((layout, all))
}
