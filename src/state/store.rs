//! Where states are kept, as bytes: what a place must be able to do. What the bytes mean is not its
//! business.

use super::lock::LockInfo;
use crate::diag::Diagnostic;
use std::any::Any;
use std::fmt;

/// A place for the state of one layout. All calls block; a write is durable when it returns.
pub trait Store: Send + Sync + fmt::Debug {
    /// The place of the state file, as a person would name it.
    fn place(&self) -> String;
    /// The current state file, if there is one.
    fn read(&self) -> Result<Option<Vec<u8>>, Diagnostic>;
    /// Replaces the state file at once and as a whole, and keeps the text as `serial` in the history.
    fn write(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic>;
    /// The serials of the history, rising.
    fn serials(&self) -> Result<Vec<u64>, Diagnostic>;
    /// The state file as it was at `serial`.
    fn read_serial(&self, serial: u64) -> Result<Option<Vec<u8>>, Diagnostic>;
    /// The journal, if there is one.
    fn read_journal(&self) -> Result<Option<Vec<u8>>, Diagnostic>;
    /// Replaces the journal at once and as a whole; an empty text takes it away.
    fn replace_journal(&self, text: &[u8]) -> Result<(), Diagnostic>;
    /// Appends to the journal.
    fn append_journal(&self, text: &[u8]) -> Result<(), Diagnostic>;
    /// Takes the lock, or says who has it.
    fn try_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic>;
    /// An error once the lock that was taken may be another's. Asks nobody.
    fn check(&self) -> Result<(), Diagnostic> {
        Ok(())
    }
    /// Whether the lock of a run that is dead stays for a while, so that a person may want to remove it.
    fn locks_linger(&self) -> bool {
        false
    }
    /// Removes the lock with this id, whoever has it, and says who had it.
    fn force_unlock(&self, _id: &str) -> Result<LockInfo, Diagnostic> {
        Err(Diagnostic::error("The lock of this state cannot be removed")
            .code("state-locked")
            .detail(format!("The operating system releases the lock of {} when its process ends.", self.place()))
            .hint("End the process that has it."))
    }
}

/// The outcome of trying to take a lock.
pub enum Attempt {
    /// It is taken.
    Taken {
        /// Holds it, until this is dropped or the process ends.
        guard: Box<dyn Any + Send + Sync>,
        /// Who had it and died.
        from: Option<LockInfo>,
    },
    /// Another run has it; who, if that can be read.
    Held {
        /// Who has it.
        by: Option<LockInfo>,
    },
}
