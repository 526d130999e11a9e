//! A run that changes things: it holds the lock, its journal is open, and the state in memory is
//! what the journal says.

use super::backend::{Loaded, Locked};
use super::fold::{Folder, JournalContent};
use super::journal::JournalWriter;
use super::lines::Header;
use super::now;
use super::record::{OpenIntent, Record};
use crate::diag::Diagnostic;
use crate::objects::State;
use std::sync::{Arc, Mutex, PoisonError};

/// The state of a layout while a run changes it. Dropping it without [`Run::finish`] loses nothing:
/// the next run reads the journal.
pub struct Run {
    locked: Locked,
    journal: JournalWriter,
    folder: Mutex<Folder>,
    open: Vec<OpenIntent>,
}

impl Run {
    pub(super) fn new(locked: Locked, loaded: Loaded, journal: JournalContent) -> Result<Self, Diagnostic> {
        let last = journal.records.len() as u64;
        let header = Header::new(journal.id.clone(), loaded.state.lineage.clone(), loaded.state.serial);
        let mut folder = Folder::new(loaded.state, journal.id);
        journal.records.iter().for_each(|(n, record)| folder.apply(*n, record));
        let (store, sealer) = (Arc::clone(&locked.backend.store), Arc::clone(&locked.backend.sealer));
        let journal = JournalWriter::open(store, sealer, header, last)?;
        Ok(Run { locked, journal, folder: Mutex::new(folder), open: loaded.open })
    }

    /// Calls of earlier runs whose outcome is not known; each is settled by an outcome with
    /// its `op`.
    pub fn open(&self) -> &[OpenIntent] {
        &self.open
    }

    /// Appends a record. When this returns it is durable and [`Run::state`] shows it.
    pub async fn append(&self, record: Record) -> Result<(), Diagnostic> {
        let n = self.journal.append(&record).await?;
        self.folder.lock().unwrap_or_else(PoisonError::into_inner).apply(n, &record);
        Ok(())
    }

    /// The state as it is now.
    pub fn state(&self) -> State {
        self.with_state(State::clone)
    }

    /// Looks at the state as it is now, without copying it.
    pub fn with_state<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(self.folder.lock().unwrap_or_else(PoisonError::into_inner).state())
    }

    /// Ends the run: the journal is folded into the state file. `ok` says whether everything that
    /// was planned is done. Intents without outcome stay for the next run.
    pub async fn finish(self, ok: bool) -> Result<State, Diagnostic> {
        let ended = self.append(Record::RunEnded { ok, at: now() }).await;
        self.journal.close();
        let state = self.locked.end()?;
        ended.map(|()| state)
    }
}
