//! `floorplan init` and `floorplan get`: fetch the modules of a layout, check it, and say what was done.

use super::args::{Global, ValueArgs, VariableArgument};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::Diagnostic;
use crate::session::{self, Fetch, Layout};
use crate::sources::lock;
use crate::sources::manifest::Entry;
use clap::{ArgAction, Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Fetch the modules of a layout, check it, and pin what it uses
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    values: ValueArgs,
    /// Take the newest modules that the layout allows, whatever the lock file pins
    #[arg(long)]
    upgrade: bool,
    /// Check where the state is kept
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    backend: bool,
    /// Fetch modules
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    get: bool,
    /// Accepted for scripts: nothing is asked
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    input: bool,
    /// Fail when the lock file would change
    #[arg(long, value_name = "MODE")]
    lockfile: Option<LockMode>,
    /// Without effect: no state is moved
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", action = ArgAction::Set)]
    lock: bool,
    /// Without effect: no state is moved
    #[arg(long, default_value = "0s", value_name = "TIME")]
    lock_timeout: String,
    /// Print events for programs, one JSON object per line, as Terraform does
    #[arg(long)]
    pub(super) json: bool,
    /// Forget what an earlier init was given for the backend
    #[arg(long)]
    reconfigure: bool,
    /// Move the state, which `state migrate` does
    #[arg(long, hide = true)]
    migrate_state: bool,
}

/// What may happen to the lock file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LockMode {
    /// It must not change.
    Readonly,
}

/// Fetch the modules of a layout
#[derive(Debug, Args)]
pub(super) struct GetArgs {
    /// The layout's directory
    #[arg(default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    values: ValueArgs,
    /// Take the newest modules that the layout allows, whatever the lock file pins
    #[arg(long)]
    update: bool,
}

/// Runs the command.
pub(super) fn run(args: &InitArgs, typed: &[VariableArgument], global: &Global, ui: &Ui) -> Outcome {
    if args.migrate_state && args.backend {
        return Err(Diagnostic::error("init does not move a state")
            .code("usage")
            .hint("Run `floorplan init`, and then `floorplan state migrate`.")
            .into());
    }
    super::args::lock_timeout(&args.lock_timeout)?;
    let say = |line: &str| ui.status(line);
    let fetch = if args.get { Fetch::Missing(&say) } else { Fetch::Never };
    let early = super::input::early(&args.layout, typed);
    let (layout, fetched) = Layout::init(&args.layout, args.upgrade, args.lockfile.is_some(), fetch, &early)?;
    ui.report(&layout.loaded.warnings);
    list(&args.layout, &fetched, ui);
    if args.backend {
        if args.reconfigure {
            session::state::forget(&layout)?;
        }
        if !global.backend_config.is_empty() {
            session::state::remember(&layout, &global.backend_config)?;
        }
    }
    if args.backend && global.state.is_none() {
        let problems = super::elsewhere::unserved(&layout).into_iter().chain(session::state::problems(&layout));
        ui.report(&problems.map(Diagnostic::as_warning).collect());
    }
    ui.say("Providers are built in.\n");
    let named = if args.layout == Path::new(".") { String::new() } else { format!(" {}", args.layout.display()) };
    ui.say(&format!("The layout is ready. To see what apply would do: floorplan plan{named}\n"));
    Ok(Exit::Done)
}

/// Runs `floorplan get`.
pub(super) fn get(args: &GetArgs, typed: &[VariableArgument], ui: &Ui) -> Outcome {
    let say = |line: &str| ui.status(line);
    let early = super::input::early(&args.layout, typed);
    let (_, fetched) = Layout::init(&args.layout, args.update, false, Fetch::Missing(&say), &early)?;
    list(&args.layout, &fetched, ui);
    Ok(Exit::Done)
}

/// The modules that were fetched, now or earlier.
fn list(layout: &Path, fetched: &[Entry], ui: &Ui) {
    for entry in fetched {
        let shown = [entry.source.as_str(), &entry.version].join(" ");
        ui.say(&format!("module.{}: {}\n", entry.key.replace('.', ".module."), shown.trim_end()));
    }
    if !fetched.is_empty() {
        ui.say(&format!(
            "Pinned in {}.\n",
            (if layout == Path::new(".") { PathBuf::from(lock::NAME) } else { layout.join(lock::NAME) }).display()
        ));
    }
}
