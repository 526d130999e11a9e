//! `floorplan force-unlock`: removes the lock of a remote state. A lock whose run is dead ends by itself; this is for those
//! who cannot wait.

use super::args::Global;
use super::inspect::backend;
use super::ui::Ui;
use super::{Exit, Outcome};
use clap::Args;
use std::path::PathBuf;

/// Remove the lock of a remote state, though its run may be alive
#[derive(Debug, Args)]
pub(super) struct ForceUnlockArgs {
    /// The id of the lock, as the error about it names it
    #[arg(value_name = "ID")]
    id: String,
    /// The layout's directory
    #[arg(long, default_value = ".", value_name = "LAYOUT")]
    layout: PathBuf,
    /// Do not ask
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(super) fn run(args: &ForceUnlockArgs, global: &Global, ui: &Ui) -> Outcome {
    let backend = backend(&args.layout, global, ui)?;
    if !args.force {
        ui.status("Another run can then change the state while the run that holds the lock goes on.");
        if !ui.confirm("Remove the lock? Only 'yes' is accepted.")? {
            ui.status("The lock stays.");
            return Ok(Exit::Failed);
        }
    }
    let had = backend.force_unlock(&args.id)?;
    ui.status(&format!("Removed the lock of {}.", had.holder()));
    Ok(Exit::Done)
}
