//! `floorplan workspace`: several states of one layout.

use super::args::{Global, LockArgs};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::session::{Fetch, Layout, workspace};
use crate::state::{Backend, StateLocation};
use clap::{Args, Subcommand};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// List, make, choose or remove workspaces: several states of one layout
#[derive(Debug, Args)]
pub(super) struct WorkspaceArgs {
    /// The layout's directory
    #[arg(long, global = true, default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    #[command(flatten)]
    lock: LockArgs,
    /// The command
    #[command(subcommand)]
    command: WorkspaceCommand,
}

/// The commands of `workspace`.
#[derive(Debug, Subcommand)]
enum WorkspaceCommand {
    /// List the workspaces, the selected one marked
    List,
    /// Show the name of the selected one
    Show,
    /// Make one and select it
    New {
        /// Its name
        name: String,
    },
    /// Select one
    Select {
        /// Its name
        name: String,
        /// Make it if it is not there
        #[arg(long)]
        or_create: bool,
    },
    /// Remove one with its state
    Delete {
        /// Its name
        name: String,
        /// Also if its state holds objects, which stay in AWS
        #[arg(long)]
        force: bool,
    },
}

/// Runs the command.
pub(super) fn run(args: &WorkspaceArgs, global: &Global, ui: &Ui) -> Outcome {
    let timeout = args.lock.wait()?;
    let layout = Layout::load(&args.layout, Fetch::Never, &super::input::early(&args.layout, &[]))?;
    if layout.location(global.state.clone()).file.is_some() {
        return Err(Diagnostic::error("A state in a file of its own has no workspaces")
            .code("workspace")
            .hint("Name a folder of states with --state DIR, or none.")
            .into());
    }
    if global.state.is_none() && super::elsewhere::is_remote(&layout) {
        return Err(Diagnostic::error("Workspaces of a state in a bucket are not listed, made or removed")
            .code("workspace")
            .hint("Set TF_WORKSPACE to the name of one: its state is made when something is first applied.")
            .into());
    }
    let at = |name: &str| layout.location(global.state.clone()).of_workspace(name);
    let selected = workspace::selected(&args.layout);
    let all = names(&at(workspace::DEFAULT))?;
    match &args.command {
        WorkspaceCommand::List => {
            let known = all.iter().cloned().chain([selected.clone()]).collect::<BTreeSet<_>>();
            for name in known {
                ui.data(&format!("{} {name}\n", if name == selected { "*" } else { " " }));
            }
        }
        WorkspaceCommand::Show => ui.data(&format!("{selected}\n")),
        WorkspaceCommand::New { name } if all.contains(name) => {
            return Err(Diagnostic::error(format!("There is a workspace {name:?} already"))
                .code("workspace")
                .hint(format!("floorplan workspace select {name} selects it."))
                .into());
        }
        WorkspaceCommand::New { name } => {
            make(&at(name))?;
            choose(args, name, ui)?;
        }
        WorkspaceCommand::Select { name, or_create } => {
            if !all.contains(name) && !or_create {
                return Err(unknown(name, &all).into());
            }
            make(&at(name))?;
            choose(args, name, ui)?;
        }
        WorkspaceCommand::Delete { name, force } => {
            if name == workspace::DEFAULT || *name == selected {
                return Err(Diagnostic::error(format!("The workspace {name:?} cannot be removed"))
                    .code("workspace")
                    .detail("It is the default one, or selected.")
                    .hint("Select another one first; the default one stays.")
                    .into());
            }
            if !all.contains(name) {
                return Err(unknown(name, &all).into());
            }
            delete(&at(name), name, timeout, *force)?;
            ui.status(&format!("Removed the workspace {name}."));
        }
    }
    Ok(Exit::Done)
}

/// The workspaces that have a folder, and the default one.
fn names(default: &StateLocation) -> Result<BTreeSet<String>, Diagnostics> {
    let mut all = BTreeSet::from([workspace::DEFAULT.to_owned()]);
    let dir = default.dir()?;
    let (Some(folder), Some(name)) = (dir.parent(), dir.file_name()) else { return Ok(all) };
    let start = format!("{}@", name.to_string_lossy());
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| entry.path().is_dir());
    let found = entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_prefix(&start)?.to_owned()));
    all.extend(found);
    Ok(all)
}

fn make(location: &StateLocation) -> Result<(), Diagnostic> {
    let dir = location.dir()?;
    std::fs::create_dir_all(&dir).map_err(|e| {
        Diagnostic::error(format!("Cannot make {}", dir.display())).code("unwritable-file").detail(format!("{e}."))
    })
}

fn choose(args: &WorkspaceArgs, name: &str, ui: &Ui) -> Result<(), Diagnostic> {
    workspace::select(&args.layout, name)?;
    let selected = workspace::selected(&args.layout);
    if selected != name {
        ui.report_one(
            &Diagnostic::warning(format!("TF_WORKSPACE selects {selected:?} all the same")).code("workspace"),
        );
    }
    ui.status(&format!("The workspace is now {name}."));
    Ok(())
}

fn delete(location: &StateLocation, name: &str, timeout: Duration, force: bool) -> Result<(), Diagnostics> {
    let mut locked = Backend::open(location)?.lock("workspace delete", timeout)?;
    let held = locked.load()?.state.objects().count();
    if held > 0 && !force {
        return Err(Diagnostic::error(format!("The workspace {name:?} holds {held} objects"))
            .code("workspace")
            .detail("They would stay in AWS, and nothing would know of them.")
            .hint(format!("Run floorplan destroy in it first, or remove it with -force: {name}."))
            .into());
    }
    drop(locked);
    let dir = location.dir()?;
    std::fs::remove_dir_all(&dir).map_err(|e| {
        Diagnostics::from(
            Diagnostic::error(format!("Cannot remove {}", dir.display()))
                .code("unwritable-file")
                .detail(format!("{e}.")),
        )
    })
}

fn unknown(name: &str, all: &BTreeSet<String>) -> Diagnostic {
    let d = Diagnostic::error(format!("Unknown workspace {name:?}")).code("workspace");
    match did_you_mean(name, all.iter().map(String::as_str)) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint(format!("floorplan workspace new {name} makes it.")),
    }
}
