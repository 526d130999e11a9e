//! The command line: one file per command. This file parses, dispatches and turns what a command
//! says into output and exit code; it decides nothing else.

mod apply;
mod args;
mod command_line;
mod completions;
mod console;
mod destroy;
#[cfg(test)]
mod documented_tests;
mod draw;
mod drift;
mod elsewhere;
mod environment;
mod fleet;
mod fmt;
mod force_unlock;
mod generate;
mod gone;
mod graph;
mod import;
mod init;
mod input;
mod inspect;
mod instead;
mod interrupt;
mod output;
mod permissions;
mod plan;
mod post;
mod preview;
mod progress;
mod providers;
mod reach;
mod refresh;
mod review;
mod sandbox;
mod schema;
mod show;
mod spelling;
mod state;
mod stream;
mod taint;
mod ui;
mod validate;
mod version;
mod watch;
mod workspace;

use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::budget::Limits;
use crate::report::json::events;
use clap::{CommandFactory, FromArgMatches};
use command_line::{Cli, Command};
use std::ffi::OsString;
use std::process::ExitCode;
use ui::Ui;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done,
    /// It failed; what went wrong was said.
    Failed,
    /// There are differences, or drift, or surely no way.
    Differences,
    /// The plan was shown, and availability or the maintenance window forbids it.
    Refused,
}

/// The result of every command; its errors are printed here.
type Outcome = Result<Exit, Diagnostics>;

/// Runs the command that `arguments` name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed = match typed(arguments.into_iter().collect()) {
        Ok(typed) => typed,
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{problem}\n"));
            return ExitCode::from(1);
        }
    };
    let matches = match Cli::command().try_get_matches_from(typed) {
        Ok(matches) => matches,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 1 } else { 0 });
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(1);
        }
    };
    let variables = command_line::ordered_variables(&matches);
    let ui = Ui::new(&cli.global, cli.command.streams());
    if ui.stream {
        ui.event(events::version());
    }
    let outcome = run(&cli, variables, &ui);
    match outcome {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Failed) => ExitCode::from(1),
        Ok(Exit::Differences) => ExitCode::from(2),
        Ok(Exit::Refused) => ExitCode::from(3),
        Err(problems) => {
            ui.report(&problems);
            ExitCode::from(1)
        }
    }
}

/// The arguments as clap reads them, with those of the environment.
fn typed(arguments: Vec<OsString>) -> Result<Vec<OsString>, Diagnostics> {
    let root = Cli::command();
    let arguments = match arguments.as_slice() {
        [program, only] if only == "-v" => vec![program.clone(), "--version".into()],
        _ => arguments,
    };
    let arguments = environment::change_directory(spelling::long_options(arguments))?;
    if let Some(problem) = instead::command(&arguments) {
        return Err(problem.into());
    }
    let arguments = environment::with_environment(&root, arguments, |name| std::env::var(name).ok())?;
    let arguments = spelling::flags(&root, spelling::long_options(arguments))?;
    instead::options(&root, &arguments).into_result(())?;
    Ok(command_line::layout_first(arguments, &|path| path.is_dir()))
}

fn run(cli: &Cli, variables: Vec<args::VariableArgument>, ui: &Ui) -> Outcome {
    let global = &cli.global;
    limits()?.choose();
    let set = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    ui.report(&environment::unserved(set));
    match &cli.command {
        Command::Init(args) => init::run(args, &variables, global, ui),
        Command::Get(args) => init::get(args, &variables, ui),
        Command::Plan(args) => plan::run(args, variables, global, ui),
        Command::Preview(args) => preview::run(args, &variables, global, ui),
        Command::Apply(args) => apply::run(args, variables, global, ui),
        Command::Destroy(args) => destroy::run(args, variables, global, ui),
        Command::Drift(args) => drift::run(args, &variables, global, ui),
        Command::Reach(args) => reach::run(args, &variables, global, ui),
        Command::Refresh(args) => refresh::run(args, variables, global, ui),
        Command::Validate(args) => validate::run(args, &variables, global, ui),
        Command::Console(args) => console::run(args, variables, global, ui),
        Command::Fmt(args) => fmt::run(args, ui),
        Command::Import(args) => import::run(args, variables, global, ui),
        Command::Show(args) => show::run(args, global, ui),
        Command::State(args) => state::run(args, global, ui),
        Command::Output(args) => output::run(args, global, ui),
        Command::Taint(args) => taint::run(args, true, global, ui),
        Command::Untaint(args) => taint::run(args, false, global, ui),
        Command::ForceUnlock(args) => force_unlock::run(args, global, ui),
        Command::Permissions(args) => permissions::run(args, &variables, global, ui),
        Command::Providers(args) => providers::run(args, ui),
        Command::Draw(args) => draw::run(args, &variables, global, ui),
        Command::Graph(args) => graph::run(args, ui),
        Command::Version(args) => version::run(args, ui),
        Command::Workspace(args) => workspace::run(args, global, ui),
        Command::Completions(args) => completions::run(args, ui),
        Command::Man(_) => completions::man(ui),
        Command::Schema(args) => schema::run(args, ui),
        Command::Sandbox(args) => sandbox::run(args, ui),
    }
}

/// The limits of one evaluation, as the environment gives them.
fn limits() -> Result<Limits, Diagnostics> {
    let read = |name: &str, usual: u64| match std::env::var_os(name).filter(|v| !v.is_empty()) {
        None => Ok(usual),
        Some(given) => given.to_str().and_then(|v| v.parse().ok()).filter(|v| *v > 0).ok_or_else(|| {
            let detail = format!("{} is not a valid number; a whole number above 0 is required.", given.display());
            Diagnostic::error(format!("The environment variable {name} cannot be read"))
                .code("environment")
                .detail(detail)
        }),
    };
    let usual = Limits::default();
    let elements = read("FLOORPLAN_MAX_ELEMENTS", usual.elements)?;
    Ok(Limits { elements, bytes: read("FLOORPLAN_MAX_BYTES", usual.bytes)? })
}

/// The runtime of a command that calls AWS.
fn runtime() -> Result<tokio::runtime::Runtime, Diagnostics> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|e| Diagnostic::error("Cannot start").code("internal").detail(format!("{e}.")).into())
}
