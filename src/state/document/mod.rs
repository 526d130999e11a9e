//! A state that is kept as one document on a web server, as Terraform's backend `http` and GitLab keep it.
//!
//! Such a server has a single document for a state, so the document holds both the state and the journal of the run under
//! way, and each batch of the journal writes it anew. It keeps no earlier serials. Only the lock of the server keeps two
//! runs apart; that the document is still the one that this run wrote last is checked before each writing, by its number.

#[cfg(test)]
mod memory;
#[cfg(test)]
mod tests;
mod wire;

use super::lock::{LockInfo, free, not_mine, other_id};
use super::store::{Attempt, Ends, Store};
use crate::diag::Diagnostic;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wire::{Content, lock_info, read_lock_info};

/// How often a server that gives an earlier document than it took is asked again, and how long to wait in between.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(300);

/// A document that a server keeps, with its lock. All calls block; what is written is durable when `put` returns.
pub trait Document: Send + Sync + fmt::Debug {
    /// The address, as a person would name it.
    fn place(&self) -> String;
    /// The document, if there is one.
    fn get(&self) -> Result<Option<Vec<u8>>, Diagnostic>;
    /// Writes the document, for the holder of the lock with this id. A call whose answer is lost may be repeated.
    fn put(&self, text: &[u8], lock: Option<&str>) -> Result<Written, Diagnostic>;
    /// Whether the server has a lock.
    fn has_lock(&self) -> bool;
    /// Takes the lock.
    fn lock(&self, info: &[u8]) -> Result<Locking, Diagnostic>;
    /// Gives the lock back, whoever has it.
    fn unlock(&self, info: &[u8]) -> Result<(), Diagnostic>;
}

/// The state in the text of a document, which may be a state of Terraform's; none where a run has only begun. The error is
/// a sentence.
pub fn state_in(text: &[u8]) -> Result<Option<Vec<u8>>, String> {
    Ok(Content::read(Some(text))?.state)
}

/// What came of a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The document is written.
    Done,
    /// The server says that another has the lock, or that this document is not the next one.
    Refused,
}

/// What came of taking a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locking {
    /// It is taken.
    Taken,
    /// Another has it; what the server says of who that is.
    Held(Vec<u8>),
}

/// The state in a document.
#[derive(Debug)]
pub struct DocumentStore {
    document: Arc<dyn Document>,
    current: Arc<Mutex<Current>>,
}

/// What this run knows of the document.
#[derive(Debug, Default)]
struct Current {
    /// As it was last read or written.
    content: Option<Content>,
    /// The id of the lock, while this run has it.
    lock: Option<String>,
    lost: bool,
}

impl DocumentStore {
    /// The state in this document.
    pub fn new(document: Arc<dyn Document>) -> Self {
        DocumentStore { document, current: Arc::default() }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Current) -> T) -> T {
        work(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The document as it is. An answer that is older than what this run wrote is not believed.
    fn look(&self) -> Result<Content, Diagnostic> {
        let known = self.with(|current| current.content.as_ref().map_or(0, |content| content.number));
        for _ in 0..LOOKS {
            let content = Content::read(self.document.get()?.as_deref()).map_err(|why| self.damaged(&why))?;
            if content.number >= known {
                self.with(|current| current.content = Some(content.clone()));
                return Ok(content);
            }
            std::thread::sleep(PAUSE);
        }
        Err(Diagnostic::error("The server gives an earlier state than it took")
            .code("state-remote")
            .detail(format!("{} does not have what was written to it.", self.place()))
            .hint("Run the command again. If that goes on, the server does not keep what it is given."))
    }

    /// Writes what `change` makes of the document, unless that is what it is.
    fn change(&self, change: impl FnOnce(&mut Content)) -> Result<(), Diagnostic> {
        self.check()?;
        let (known, lock) = self.with(|current| (current.content.clone(), current.lock.clone()));
        let now = self.look()?;
        if known.is_some_and(|known| known != now) {
            return Err(self.overtaken());
        }
        let mut next = now.clone();
        change(&mut next);
        if next == now {
            return Ok(());
        }
        next.number += 1;
        let text = next
            .text()
            .map_err(|e| Diagnostic::error("The state cannot be written").code("state-file").detail(format!("{e}.")))?;
        let written = self.document.put(&text, lock.as_deref());
        // A write that failed is not a lost one: an earlier attempt of the same call may have come through.
        let came_through = || Content::read(self.document.get().ok().flatten().as_deref()).ok().as_ref() == Some(&next);
        match written {
            Ok(Written::Done) => {}
            _ if came_through() => {}
            Ok(Written::Refused) => return Err(self.overtaken()),
            Err(problem) => return Err(problem),
        }
        self.with(|current| current.content = Some(next));
        Ok(())
    }

    fn overtaken(&self) -> Diagnostic {
        let had = self.with(|current| {
            current.lost = true;
            current.lock.is_some()
        });
        lost(&self.place(), had)
    }

    fn damaged(&self, why: &str) -> Diagnostic {
        Diagnostic::error("The document of the state is damaged")
            .code("state-damaged")
            .detail(format!("{}: {why}. It was left as it is.", self.place()))
            .hint("If the server keeps earlier versions, put the last good one back.")
    }
}

fn lost(place: &str, had: bool) -> Diagnostic {
    if had {
        return Diagnostic::error("Another run has written the state")
            .code("state-lock-lost")
            .detail(format!(
                "{place} is not as this run left it, or its lock is another's: somebody removed the lock of this run. It \
                 makes no further changes."
            ))
            .hint("Run the command again. It finds out what became of the call that was under way.");
    }
    Diagnostic::error("The state was changed meanwhile")
        .code("state-locked")
        .detail(format!("Another run wrote {place}."))
        .hint("Run the command again.")
}

impl Store for DocumentStore {
    fn place(&self) -> String {
        self.document.place()
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(self.look()?.state)
    }

    fn write(&self, _: u64, text: &[u8]) -> Result<(), Diagnostic> {
        self.replace(text)
    }

    fn keep(&self, _: u64, _: &[u8]) -> Result<(), Diagnostic> {
        Ok(())
    }

    fn replace(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.change(|content| content.state = Some(text.to_vec()))?;
        self.look().map(drop)
    }

    fn has_history(&self) -> bool {
        false
    }

    fn serials(&self) -> Result<Vec<u64>, Diagnostic> {
        Ok(Vec::new())
    }

    fn read_serial(&self, _: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(None)
    }

    fn read_journal(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(self.look()?.journal)
    }

    fn replace_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.change(|content| content.journal = Some(text.to_vec()).filter(|text| !text.is_empty()))
    }

    fn remove(&self) -> Result<(), Diagnostic> {
        self.change(|content| (content.state, content.journal) = (None, None))
    }

    fn append_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.change(|content| content.journal.get_or_insert_default().extend(text))
    }

    fn try_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic> {
        let document = self.document.clone();
        if document.has_lock() {
            if let Some(held) = self.taken_by(info)? {
                return Ok(held);
            }
            self.with(|current| *current = Current { lock: Some(info.id.clone()), ..Current::default() });
        }
        let guard = Guard { document, info: lock_info(info, &self.place()), current: self.current.clone() };
        Ok(Attempt::Taken { guard: Box::new(guard), from: None })
    }

    fn check(&self) -> Result<(), Diagnostic> {
        match self.with(|current| current.lost.then(|| current.lock.is_some())) {
            Some(had) => Err(lost(&self.place(), had)),
            None => Ok(()),
        }
    }

    fn has_lock(&self) -> bool {
        self.document.has_lock()
    }

    fn keep_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic> {
        if !self.document.has_lock() {
            return Err(self.cannot_keep());
        }
        Ok(self.taken_by(info)?.unwrap_or(Attempt::Taken { guard: Box::new(()), from: None }))
    }

    fn give_back(&self, mine: &dyn Fn(&LockInfo) -> bool) -> Result<LockInfo, Diagnostic> {
        let by = self.holder()?;
        match by.kept && mine(&by) {
            true => self.document.unlock(&lock_info(&by, &self.place())).map(|()| by),
            false => Err(not_mine(&self.place(), &by, Ends::ByHand)),
        }
    }

    fn cannot_keep(&self) -> Diagnostic {
        no_lock(&self.place())
    }

    fn force_unlock(&self, id: &str) -> Result<LockInfo, Diagnostic> {
        let by = self.holder()?;
        match by.id == id {
            true => self.document.unlock(&lock_info(&by, &self.place())).map(|()| by),
            false => Err(other_id(&self.place(), &by, id, Ends::ByHand)),
        }
    }
}

impl DocumentStore {
    /// Takes the lock; who has it, where another does.
    fn taken_by(&self, info: &LockInfo) -> Result<Option<Attempt>, Diagnostic> {
        Ok(match self.document.lock(&lock_info(info, &self.place()))? {
            Locking::Taken => None,
            Locking::Held(by) => match read_lock_info(&by) {
                // The answer to an earlier attempt was lost.
                Some(by) if by.id == info.id => None,
                by => Some(Attempt::Held { by, ends: Ends::ByHand }),
            },
        })
    }

    /// Who has the lock. A server says so only to those who try to take it.
    fn holder(&self) -> Result<LockInfo, Diagnostic> {
        if !self.document.has_lock() {
            return Err(no_lock(&self.place()));
        }
        let probe = LockInfo::of_this_process("force-unlock");
        match self.taken_by(&probe)? {
            Some(Attempt::Held { by: Some(by), .. }) => Ok(by),
            Some(_) => Err(super::lock::held(&self.place(), None, Ends::ByHand)),
            None => {
                self.document.unlock(&lock_info(&probe, &self.place()))?;
                Err(free(&self.place()))
            }
        }
    }
}

fn no_lock(place: &str) -> Diagnostic {
    Diagnostic::error("The state has no lock")
        .code("state-locked")
        .detail(format!("The layout names no address at which {place} can be locked."))
        .hint("Add lock_address and unlock_address to the block, if the server has locks.")
}

/// Gives the lock back when it is dropped.
struct Guard {
    document: Arc<dyn Document>,
    info: Vec<u8>,
    current: Arc<Mutex<Current>>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let lost = self.current.lock().unwrap_or_else(PoisonError::into_inner).lost;
        if self.document.has_lock() && !lost {
            // Should that fail, the next run names the id for `force-unlock`.
            let _ = self.document.unlock(&self.info);
        }
    }
}
