//! `floorplan workspace`: several states of one layout.

use super::args::{Global, LockArgs};
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::session::state::Wanted;
use crate::session::{self, Fetch, Layout, workspace};
use crate::state::{Backend, Locked};
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
    let selected = workspace::selected(&args.layout);
    if matches!(args.command, WorkspaceCommand::Show) {
        ui.data(&format!("{selected}\n"));
        return Ok(Exit::Done);
    }
    super::elsewhere::unserved(&layout).into_result(())?;
    let place = Place::of(&layout, global, ui)?;
    let all = place.names()?;
    match &args.command {
        WorkspaceCommand::List => {
            let known = all.iter().cloned().chain([selected.clone()]).collect::<BTreeSet<_>>();
            for name in known {
                ui.data(&format!("{} {name}\n", if name == selected { "*" } else { " " }));
            }
        }
        WorkspaceCommand::Show => {}
        WorkspaceCommand::New { name } if all.contains(name) => {
            return Err(Diagnostic::error(format!("There is a workspace {name:?} already"))
                .code("workspace")
                .hint(format!("floorplan workspace select {name} selects it."))
                .into());
        }
        WorkspaceCommand::New { name } => {
            place.make(name)?;
            choose(args, name, ui)?;
        }
        WorkspaceCommand::Select { name, or_create } => {
            if !all.contains(name) && !or_create {
                return Err(unknown(name, &all).into());
            }
            place.make(name)?;
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
            place.delete(name, timeout, *force)?;
            ui.status(&format!("Removed the workspace {name}."));
        }
    }
    Ok(Exit::Done)
}

/// Where the states of a layout's workspaces are.
enum Place<'a> {
    /// Folders of this disk, one beside the other.
    Disk(&'a Layout, Option<PathBuf>),
    /// A bucket, with the workspaces that have a state there.
    Bucket { layout: &'a Layout, given: &'a [String], endpoint: Option<String>, names: BTreeSet<String> },
}

impl<'a> Place<'a> {
    fn of(layout: &'a Layout, global: &'a Global, ui: &Ui) -> Result<Self, Diagnostics> {
        if global.state.is_some() || !super::elsewhere::is_remote(layout) {
            return Ok(Place::Disk(layout, global.state.clone()));
        }
        let (given, endpoint) = (&global.backend_config[..], super::elsewhere::endpoint(true, global, ui)?);
        let wanted = Wanted { given, endpoint: endpoint.as_deref(), ..Wanted::default() };
        let names = session::state::workspaces(layout, wanted)?.ok_or_else(|| {
            Diagnostic::error("A state on a web server has no workspaces")
                .code("workspace")
                .hint("Give each environment a layout or an address of its own.")
        })?;
        Ok(Place::Bucket { layout, given, endpoint, names })
    }

    /// All workspaces, the default one included.
    fn names(&self) -> Result<BTreeSet<String>, Diagnostics> {
        let mut all = BTreeSet::from([workspace::DEFAULT.to_owned()]);
        match self {
            Place::Bucket { names, .. } => all.extend(names.iter().cloned()),
            Place::Disk(layout, folder) => {
                let dir = layout.location(folder.clone()).of_workspace(workspace::DEFAULT).dir()?;
                let (Some(folder), Some(name)) = (dir.parent(), dir.file_name()) else { return Ok(all) };
                let start = format!("{}@", name.to_string_lossy());
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                let folders = entries.filter(|entry| entry.path().is_dir());
                all.extend(
                    folders.filter_map(|entry| Some(entry.file_name().to_str()?.strip_prefix(&start)?.to_owned())),
                );
            }
        }
        Ok(all)
    }

    /// Makes one. In a bucket the first apply does.
    fn make(&self, name: &str) -> Result<(), Diagnostic> {
        let (layout, folder) = match self {
            Place::Disk(layout, folder) => (layout, folder.clone()),
            Place::Bucket { layout, .. } => {
                return layout.location(None).of_workspace(name).layout_name().map(drop);
            }
        };
        let dir = layout.location(folder).of_workspace(name).dir()?;
        std::fs::create_dir_all(&dir).map_err(|e| {
            Diagnostic::error(format!("Cannot make {}", dir.display())).code("unwritable-file").detail(format!("{e}."))
        })
    }

    /// Removes one with its state.
    fn delete(&self, name: &str, timeout: Duration, force: bool) -> Result<(), Diagnostics> {
        match self {
            Place::Disk(layout, folder) => {
                let location = layout.location(folder.clone()).of_workspace(name);
                drop(empty(&Backend::open(&location)?, name, timeout, force)?);
                let dir = location.dir()?;
                std::fs::remove_dir_all(&dir).map_err(|e| {
                    Diagnostics::from(
                        Diagnostic::error(format!("Cannot remove {}", dir.display()))
                            .code("unwritable-file")
                            .detail(format!("{e}.")),
                    )
                })
            }
            Place::Bucket { layout, given, endpoint, .. } => {
                let endpoint = endpoint.as_deref();
                let wanted = Wanted { given, endpoint, workspace: Some(name), ..Wanted::default() };
                Ok(empty(&session::state::open(layout, wanted)?, name, timeout, force)?.remove()?)
            }
        }
    }
}

/// The locked state of a workspace that holds no objects.
fn empty(backend: &Backend, name: &str, timeout: Duration, force: bool) -> Result<Locked, Diagnostics> {
    let mut locked = backend.lock("workspace delete", timeout)?;
    let held = locked.load()?.state.objects().count();
    if held > 0 && !force {
        return Err(Diagnostic::error(format!("The workspace {name:?} holds {held} objects"))
            .code("workspace")
            .detail("They would stay in AWS, and nothing would know of them.")
            .hint(format!("Run floorplan destroy in it first, or remove it with -force: {name}."))
            .into());
    }
    Ok(locked)
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

fn unknown(name: &str, all: &BTreeSet<String>) -> Diagnostic {
    let d = Diagnostic::error(format!("Unknown workspace {name:?}")).code("workspace");
    match did_you_mean(name, all.iter().map(String::as_str)) {
        Some(near) => d.hint(format!("Did you mean {near:?}?")),
        None => d.hint(format!("floorplan workspace new {name} makes it.")),
    }
}
