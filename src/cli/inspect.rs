//! Shared by `state`, `output` and `show`: finds the state of a layout and prints text.

use super::args::Global;
use super::ui::Ui;
use super::{Exit, Outcome};
use crate::diag::{Diagnostic, Diagnostics};
use crate::session::workspace;
use crate::state::{Backend, Locked, StateLocation};
use std::path::Path;
use std::time::Duration;

/// The text that a command prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Printed {
    /// For standard output, with its last newline.
    pub(super) data: String,
    /// For standard error, without the last newline; may be empty.
    pub(super) status: String,
}

/// Prints it.
pub(super) fn print(text: Printed, ui: &Ui) -> Outcome {
    if !text.status.is_empty() {
        ui.status(&text.status);
    }
    ui.data(&text.data);
    Ok(Exit::Done)
}

/// Takes the lock of a state, and reports when it was taken from a run that is dead.
pub(super) fn lock(backend: &Backend, command: &str, timeout: Duration, ui: &Ui) -> Result<Locked, Diagnostic> {
    let locked = backend.lock(command, timeout)?;
    if !backend.has_lock() {
        ui.report_one(&unlocked(backend));
    }
    if let Some(dead) = locked.taken_from() {
        ui.status(&format!(
            "Took over the lock of `floorplan {}` of {} on {} since {}, which no longer renewed it.",
            dead.command, dead.who, dead.host, dead.since
        ));
    }
    Ok(locked)
}

/// The warning of a place that has no lock.
pub(super) fn unlocked(backend: &Backend) -> Diagnostic {
    Diagnostic::warning("The state is not locked")
        .code("state-locked")
        .detail(format!(
            "Another run may change {} at the same time; the one that writes later then fails.",
            backend.place()
        ))
        .hint("Add lock_address and unlock_address to the block, if the server has locks.")
}

/// The state of a layout. A layout that cannot be read still has one, under its directory's name.
pub(super) fn backend(dir: &Path, global: &Global, ui: &Ui) -> Result<Backend, Diagnostics> {
    let location = match super::input::layout(dir, &[], ui) {
        Ok(layout) => return super::elsewhere::backend(&layout, global, ui),
        Err(problems) if !dir.is_dir() => return Err(problems),
        // Its state is not the one on this disk.
        Err(problems) if global.state.is_none() && super::elsewhere::seems_remote(dir) => return Err(problems),
        Err(_) => StateLocation { layout: dir.to_owned(), ..StateLocation::default() }
            .named(global.state.clone())
            .of_workspace(&workspace::selected(dir)),
    };
    Ok(Backend::open(&location)?)
}
