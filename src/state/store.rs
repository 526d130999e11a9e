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
    /// Keeps a text as `serial` in the history alone, where the place has one.
    fn keep(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic>;
    /// Replaces the state file at once and as a whole, and leaves the history alone.
    fn replace(&self, text: &[u8]) -> Result<(), Diagnostic>;
    /// Whether the place keeps earlier serials.
    fn has_history(&self) -> bool {
        true
    }
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
    /// Removes the state with its history and its journal.
    fn remove(&self) -> Result<(), Diagnostic>;
    /// Takes the lock, or says who has it.
    fn try_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic>;
    /// Who has the lock, as far as that can be seen without taking it. The lock of a run that is dead counts as free.
    fn locked_by(&self) -> Result<Option<LockInfo>, Diagnostic> {
        Ok(None)
    }
    /// An error once the lock that was taken may be another's. Asks nobody.
    fn check(&self) -> Result<(), Diagnostic> {
        Ok(())
    }
    /// Takes the lock that Terraform takes at this place, until it is released. Fails if the state is not `text` any more.
    fn lock_for_terraform(&self, _info: &LockInfo, _text: &[u8]) -> Result<TerraformsLock, Diagnostic> {
        Err(stays(&self.place()))
    }
    /// Keeps the text of a state of Terraform's beside, in place of one that was kept before.
    fn keep_terraforms(&self, _text: &[u8]) -> Result<(), Diagnostic> {
        Err(stays(&self.place()))
    }
    /// The state of Terraform's that is kept beside.
    fn terraforms(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(None)
    }
    /// Takes the state away, and leaves its history.
    fn take_away(&self) -> Result<(), Diagnostic> {
        Err(stays(&self.place()))
    }
    /// Whether the lock of a run that is dead stays for a while, so that a person may want to remove it.
    fn locks_linger(&self) -> bool {
        false
    }
    /// Whether the place has a lock at all.
    fn has_lock(&self) -> bool {
        true
    }
    /// Takes the lock and keeps it when the process ends, until it is given back by [`Store::give_back`].
    fn keep_lock(&self, _info: &LockInfo) -> Result<Attempt, Diagnostic> {
        Err(self.cannot_keep())
    }
    /// Gives a lock back that was kept, if `mine` says so of who has it. Gives who had it.
    fn give_back(&self, _mine: &dyn Fn(&LockInfo) -> bool) -> Result<LockInfo, Diagnostic> {
        Err(self.cannot_keep())
    }
    /// The error of a place whose lock ends with its process.
    fn cannot_keep(&self) -> Diagnostic {
        Diagnostic::error("The lock of this state cannot be kept")
            .code("state-locked")
            .detail(format!("The operating system releases the lock of {} when its process ends.", self.place()))
            .hint("A state in a bucket or on a web server can be locked for longer.")
    }
    /// Removes the lock with this id, whoever has it, and says who had it.
    fn force_unlock(&self, _id: &str) -> Result<LockInfo, Diagnostic> {
        Err(Diagnostic::error("The lock of this state cannot be removed")
            .code("state-locked")
            .detail(format!("The operating system releases the lock of {} when its process ends.", self.place()))
            .hint("End the process that has it."))
    }
}

/// The error of a place where a state stays with the program that it belongs to.
fn stays(place: &str) -> Diagnostic {
    Diagnostic::error("A state at this place cannot change between Terraform and Floorplan")
        .code("state-terraform")
        .detail(format!("{place} keeps one document, and has no room for the one of the other program."))
}

/// The lock that Terraform takes at a place of a state.
pub struct TerraformsLock {
    release: Option<Box<dyn FnOnce() -> Result<(), Diagnostic> + Send + Sync>>,
}

impl TerraformsLock {
    /// One that is given back by `release`.
    pub fn new(release: impl FnOnce() -> Result<(), Diagnostic> + Send + Sync + 'static) -> Self {
        TerraformsLock { release: Some(Box::new(release)) }
    }

    /// Gives it back once something is done, and says where that fails: Terraform is locked out until somebody removes it.
    pub fn after<T>(mut self, done: Result<T, Diagnostic>) -> Result<T, Diagnostic> {
        let released = self.release.take().map_or(Ok(()), |release| release());
        match (done, released) {
            (done, Ok(())) => done,
            (Ok(_), Err(stays)) => {
                let detail = format!("{} All else is done.", stays.detail);
                Err(Diagnostic { detail, ..stays })
            }
            (Err(failed), Err(stays)) => {
                let hints = stays.hints.into_iter();
                Err(hints.fold(failed.hint(format!("{}: {}", stays.summary, stays.detail)), Diagnostic::hint))
            }
        }
    }
}

/// For a program that unwinds.
impl Drop for TerraformsLock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            let _ = release();
        }
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
        /// When it ends, should its run be dead.
        ends: Ends,
    },
}

/// When the lock of a run that is dead ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// With its process.
    AtOnce,
    /// When its lease runs out.
    Soon,
    /// Never: a person removes it.
    ByHand,
    /// The same, as the server does not say what time it is.
    ByHandWithoutTime,
}
