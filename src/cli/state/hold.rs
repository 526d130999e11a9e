//! `state lock` and `state unlock`: a lock that a person keeps while nobody shall change anything.

use super::{Printed, status};
use crate::diag::Diagnostics;
use crate::state::Backend;
use clap::Args;
use std::time::Duration;

/// `state lock`
#[derive(Debug, Args)]
pub(in crate::cli) struct HoldArgs {
    /// Why, for those who meet the lock
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// `state unlock`
#[derive(Debug, Args)]
pub(in crate::cli) struct GiveBackArgs {
    /// The lock that this user took on this machine; `force-unlock ID` removes another's
    #[arg(long, required = true)]
    mine: bool,
}

/// Takes the lock and keeps it.
pub(super) fn lock(backend: &Backend, timeout: Duration, given: &HoldArgs) -> Result<Printed, Diagnostics> {
    let info = backend.keep_lock(given.reason.clone(), timeout)?;
    let lines = [
        format!("Locked {} with the id {}.", backend.place(), info.id),
        "No run changes the state, yours included, until `floorplan state unlock --mine`. Plans go on.".to_owned(),
    ];
    Ok(status(lines.into_iter()))
}

/// Gives it back.
pub(super) fn give_back(backend: &Backend) -> Result<Printed, Diagnostics> {
    let had = backend.give_back()?;
    Ok(status(std::iter::once(format!("Unlocked {}, which was locked since {}.", backend.place(), had.since))))
}
