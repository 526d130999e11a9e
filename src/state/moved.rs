//! Moving a state to another place, with its history. A marker stays at the old place, which refuses everything from then
//! on: a run that does not know of the move would otherwise continue with an old state.

use super::backend::Backend;
use super::encode::{Unreadable, from_text, head};
use super::lock::LockInfo;
use super::record::OpenIntent;
use crate::diag::Diagnostic;
use crate::objects::State;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The format version by which Terraform, which reads up to 4, knows that the marker is not a state.
const NOT_TERRAFORMS: u64 = 5;

/// What is left at the old place of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    version: u64,
    /// The place where the state is.
    floorplan_moved_to: String,
    layout: String,
    /// The lineage of the state.
    pub lineage: String,
    /// The serial that was moved.
    pub serial: u64,
    by: String,
    at: String,
}

impl Marker {
    /// The marker that a text is.
    pub fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Where the state is.
    pub fn to(&self) -> &str {
        &self.floorplan_moved_to
    }

    /// What happened.
    pub fn sentence(&self) -> String {
        format!("{} moved its serial {} to {} at {}", self.by, self.serial, self.floorplan_moved_to, self.at)
    }

    fn new(state: &State, to: &str) -> Self {
        let by = LockInfo::of_this_process("state migrate");
        Marker {
            version: NOT_TERRAFORMS,
            floorplan_moved_to: to.to_owned(),
            layout: state.layout.clone(),
            lineage: state.lineage.clone(),
            serial: state.serial,
            by: format!("{} on {}", by.who, by.host),
            at: by.since,
        }
    }
}

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The serial of the state.
    pub serial: u64,
    /// How many objects it holds.
    pub objects: usize,
    /// How many serials of its history were copied with it; none where the new place keeps none.
    pub history: Option<usize>,
}

/// Moves the state of `from` to `to`. A move that was cut off is done again: until its end, the old place has the state.
pub fn migrate(from: &Backend, to: &Backend, timeout: Duration) -> Result<Moved, Diagnostic> {
    let (old, new) = (from.place(), to.place());
    if old == new {
        return Err(Diagnostic::error("The state is there already")
            .code("usage")
            .detail(format!("{old} is both where the state is and where the layout says."))
            .hint("Name the place where the state was with --from."));
    }
    let mut source = from.lock("state migrate", timeout)?;
    let _target = to.lock("state migrate", timeout)?;
    let loaded = source.load()?;
    settled(&loaded.open)?;
    let state = loaded.state;
    let Some(text) = from.store.read()?.filter(|_| !state.lineage.is_empty()) else {
        return Err(Diagnostic::error("No state to move")
            .code("state-other")
            .detail(format!("{old} holds no state."))
            .hint("Name the place where the state is with --from."));
    };
    vacant(from, to, &state)?;
    let mut copied = Vec::new();
    for serial in from.store.serials()?.into_iter().filter(|serial| *serial < state.serial && to.store.has_history()) {
        if let Some(text) = from.store.read_serial(serial)? {
            to.store.keep(serial, &text)?;
            copied.push((serial, text));
        }
    }
    to.store.write(state.serial, &text)?;
    let same = |found: Option<Vec<u8>>, text: &[u8]| found.is_some_and(|found| found == text);
    let mut whole = same(to.store.read()?, &text) && to.store.read_journal()?.is_none();
    for (serial, text) in &copied {
        whole &= same(to.store.read_serial(*serial)?, text);
    }
    if !whole || !to.read()?.state.same_content(&state) {
        return Err(Diagnostic::error("The state was not copied well")
            .code("state-damaged")
            .detail(format!("{new} does not give back what was written. {old} still has the state."))
            .hint("Move nothing to that place: it does not keep what it is given."));
    }
    let marker = serde_json::to_vec_pretty(&Marker::new(&state, &new));
    let failed = |e| Diagnostic::error("The state cannot be written").code("state-file").detail(format!("{e}."));
    from.store.replace(&marker.map_err(failed)?)?;
    let history = to.store.has_history().then_some(copied.len());
    Ok(Moved { serial: state.serial, objects: state.objects().count(), history })
}

/// An error where the new place holds what the move would overwrite.
fn vacant(from: &Backend, to: &Backend, state: &State) -> Result<(), Diagnostic> {
    let taken = |why: &str| {
        Diagnostic::error("The new place is taken")
            .code("state-other")
            .detail(format!("{} {why}. Nothing was moved.", to.place()))
            .hint("Give the layout a place of its own, such as another key.")
    };
    if to.store.read_journal()?.is_some() {
        return Err(taken("has the journal of a run"));
    }
    let Some(text) = to.store.read()? else {
        for serial in to.store.serials()? {
            let ours = to.store.read_serial(serial)?.and_then(|text| head(&text).ok());
            if ours.is_none_or(|head| head.lineage != state.lineage) {
                return Err(taken("has the history of another state"));
            }
        }
        return Ok(());
    };
    let follows = match from_text(&text, &to.sealer) {
        // It came from there and goes back.
        Err(Unreadable::Moved(_)) => {
            Marker::read(&text).is_some_and(|was| was.lineage == state.lineage && was.serial <= state.serial)
        }
        // A move that was cut off, or an earlier copy.
        Ok(there) if there.lineage == state.lineage => match there.serial == state.serial {
            true => there.same_content(state),
            false => from.store.read_serial(there.serial)?.is_some_and(|ours| ours == text),
        },
        _ => false,
    };
    if follows { Ok(()) } else { Err(taken("holds another state")) }
}

/// Refuses to move a state while nobody knows what became of a call.
fn settled(open: &[OpenIntent]) -> Result<(), Diagnostic> {
    let Some(first) = open.first() else { return Ok(()) };
    Err(Diagnostic::error("An earlier run was interrupted")
        .code("interrupted-run")
        .detail(format!("It is not known yet whether its call to {} succeeded.", first.intent.kind.word()))
        .hint("Run `floorplan apply` with the state at its old place first: it finds out and continues from there.")
        .about(&first.intent.slot.address))
}

#[cfg(test)]
mod tests;
