//! The outputs of several layouts: grouped by layout for people, one object with a member for each layout for programs.

use super::{OutputArgs, Outputs, line, object};
use crate::cli::args::Global;
use crate::cli::fleet::{self, Selection};
use crate::cli::inspect::backend;
use crate::cli::ui::Ui;
use crate::cli::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::fleet::twins::Twins;
use crate::report::counted;
use crate::value::{Name, json};
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

/// A layout, and the outputs of its state.
type Read = (PathBuf, Result<Outputs, Diagnostics>);

/// Prints them. What is wrong with a layout is printed last.
pub(super) fn run(args: &OutputArgs, selection: &Selection, global: &Global, ui: &Ui) -> Outcome {
    fleet::only_for_one(&[("--raw", args.raw)])?;
    let found = selection.all(&[], ui)?;
    let (mut all, mut twins): (Vec<Read>, Twins) = (Vec::new(), Twins::default());
    let work = |dir: &Path, ui: &Ui| {
        let backend = backend(dir, global, ui)?;
        Ok((backend.place(), backend.read()?.state.outputs))
    };
    fleet::each(&found, ui, work, |dir, read| {
        let outputs = read.map(|(place, outputs)| {
            twins.add_state(dir, place);
            outputs
        });
        all.push((dir.to_owned(), outputs));
    });
    for (dir, outputs) in &mut all {
        // Whose they are is not known.
        if let Some(problem) = twins.of_state(dir) {
            *outputs = Err(problem.into());
        }
    }
    let shown = match &args.name {
        Some(name) => one_of_each(name, &all, args.json, ui)?,
        None => all_of_each(&all, args.json, ui),
    };
    ui.data(&shown);
    let mut exit = Exit::Done;
    for (dir, outputs) in &all {
        if let Err(problems) = outputs {
            fleet::report(dir, problems, ui);
            exit = Exit::Failed;
        }
    }
    Ok(exit)
}

/// The layouts whose outputs are known.
fn known(all: &[Read]) -> impl Iterator<Item = (String, &Outputs)> {
    all.iter().filter_map(|(dir, outputs)| Some((dir.display().to_string(), outputs.as_ref().ok()?)))
}

fn all_of_each(all: &[Read], as_json: bool, ui: &Ui) -> String {
    let (mut members, mut groups) = (serde_json::Map::new(), Vec::new());
    for (dir, outputs) in known(all) {
        if as_json {
            let (member, hidden) = object(outputs);
            if !hidden.is_empty() {
                ui.status(&format!("{dir}: sensitive values are left out: {}.", hidden.join(", ")));
            }
            members.insert(dir, member);
        } else if outputs.is_empty() {
            ui.status(&format!("{dir}: the state holds no outputs."));
        } else {
            let lines: String = outputs.iter().map(|(name, output)| line(name, output)).collect();
            groups.push(format!("{dir}:\n{lines}"));
        }
    }
    if as_json { format!("{:#}\n", Json::Object(members)) } else { groups.join("\n") }
}

/// One output of each layout that has it. It is an error if none has.
fn one_of_each(name: &str, all: &[Read], as_json: bool, ui: &Ui) -> Result<String, Diagnostic> {
    let (mut members, mut groups, mut without) = (serde_json::Map::new(), Vec::new(), Vec::new());
    for (dir, outputs) in known(all) {
        let Some(output) = outputs.get(name) else {
            without.push(dir);
            continue;
        };
        if as_json {
            members.insert(dir, json::to_json(&output.value));
            continue;
        }
        if output.value.has_sensitive() {
            ui.status(&format!("{dir}: {name} is sensitive: --json shows it."));
        }
        groups.push(format!("{dir}:\n{}", line(name, output)));
    }
    if members.is_empty() && groups.is_empty() && !without.is_empty() {
        return Err(found_nowhere(name, all));
    }
    without.iter().for_each(|dir| ui.status(&format!("{dir}: the state holds no output {name:?}.")));
    Ok(if as_json { format!("{:#}\n", Json::Object(members)) } else { groups.join("\n") })
}

fn found_nowhere(name: &str, all: &[Read]) -> Diagnostic {
    let read = counted(known(all).count(), "layout");
    let d = Diagnostic::error(format!("The output {name:?} was not found"))
        .code("unknown-output")
        .detail(format!("The states of {read} were read. None of them holds it."));
    let names = known(all).flat_map(|(_, outputs)| outputs.keys().map(|name: &Name| &**name));
    match did_you_mean(name, names) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint("`floorplan output` lists them. `floorplan apply` stores a new one."),
    }
}
