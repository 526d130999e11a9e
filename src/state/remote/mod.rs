//! A state that is kept as objects of a bucket, beside the key that the backend names:
//!
//! - `KEY`: the state;
//! - `KEY.history/SERIAL.json`: each serial;
//! - `KEY.journal/GENERATION/NUMBER`: the journal of the run under way;
//! - `KEY.lock`: the lock.
//!
//! Every write carries a condition on what was read before. A run whose lock was taken over thus fails at its next
//! write, whatever its clock says.

mod clock;
mod journal;
mod lease;
#[cfg(test)]
mod memory;
mod objects;
mod terraform;
#[cfg(test)]
mod tests;

pub use objects::{Object, Objects, Only, Put, put};

use super::local::KEPT;
use super::lock::LockInfo;
use super::store::{Attempt, Store, TerraformsLock};
use crate::diag::Diagnostic;
use journal::Listing;
use lease::{Heartbeat, Lease, Taking};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// For how long a lock is held without being renewed.
pub const LEASE: Duration = Duration::from_secs(30);

/// The state at a key.
#[derive(Debug)]
pub struct RemoteStore {
    objects: Arc<dyn Objects>,
    key: String,
    lease: Duration,
    current: Mutex<Current>,
}

/// What this run knows of the place.
#[derive(Debug, Default)]
struct Current {
    /// The lock, while this run has it.
    lease: Option<Arc<Lease>>,
    /// The tag of the state as it was last read or written. The outer none: not read yet; the inner one: no state.
    tag: Option<Option<String>>,
    /// The generation of the next journal, from when the lock was taken.
    generation: Option<u64>,
    /// The object of the journal that is written next.
    next: Option<(u64, u64)>,
}

impl RemoteStore {
    /// The state at `key`.
    pub fn new(objects: Arc<dyn Objects>, key: impl Into<String>, lease: Duration) -> Self {
        RemoteStore { objects, key: key.into(), lease, current: Mutex::default() }
    }

    fn beside(&self, what: &str) -> String {
        format!("{}.{what}", self.key)
    }

    fn history(&self, serial: u64) -> String {
        format!("{}{serial:012}.json", self.beside("history/"))
    }

    fn journal(&self) -> String {
        self.beside("journal/")
    }

    fn with<T>(&self, work: impl FnOnce(&mut Current) -> T) -> T {
        work(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The error of a write whose condition does not hold.
    fn overtaken(&self) -> Diagnostic {
        match self.with(|current| current.lease.clone()) {
            Some(lease) => lease.lose(),
            None => Diagnostic::error("The state was changed meanwhile")
                .code("state-locked")
                .detail(format!("Another run wrote {}.", self.place()))
                .hint("Run the command again."),
        }
    }

    /// The tag of the state as this run knows it.
    fn known(&self) -> Result<Option<String>, Diagnostic> {
        if let Some(known) = self.with(|current| current.tag.clone()) {
            return Ok(known);
        }
        self.read()?;
        Ok(self.with(|current| current.tag.clone()).flatten())
    }

    fn prune(&self) -> Result<(), Diagnostic> {
        let serials = self.serials()?;
        let old = serials.iter().take(serials.len().saturating_sub(KEPT));
        old.map(|serial| self.history(*serial)).try_for_each(|key| self.objects.delete(&key, None))
    }
}

impl Store for RemoteStore {
    fn place(&self) -> String {
        self.objects.place(&self.key)
    }

    fn read(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        let found = self.objects.get(&self.key)?;
        self.with(|current| current.tag = Some(found.as_ref().map(|state| state.tag.clone())));
        Ok(found.map(|state| state.text))
    }

    fn write(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic> {
        // The copy comes first: a damaged state is then never newer than the history.
        self.keep(serial, text)?;
        self.replace(text)?;
        self.prune()
    }

    /// What another run left for a serial without making it the state is replaced.
    fn keep(&self, serial: u64, text: &[u8]) -> Result<(), Diagnostic> {
        self.check()?;
        let known = self.known()?;
        let key = self.history(serial);
        if put(&*self.objects, &key, text, Only::Absent)?.is_some() {
            return Ok(());
        }
        if self.objects.get(&self.key)?.map(|state| state.tag) != known {
            return Err(self.overtaken());
        }
        let Some(left) = self.objects.get(&key)? else { return Err(self.overtaken()) };
        put(&*self.objects, &key, text, Only::Unchanged(&left.tag))?.map(drop).ok_or_else(|| self.overtaken())
    }

    fn replace(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.check()?;
        let known = self.known()?;
        let only = known.as_deref().map_or(Only::Absent, Only::Unchanged);
        let tag = put(&*self.objects, &self.key, text, only)?.ok_or_else(|| self.overtaken())?;
        self.with(|current| current.tag = Some(Some(tag)));
        Ok(())
    }

    fn serials(&self) -> Result<Vec<u64>, Diagnostic> {
        let prefix = self.beside("history/");
        let keys = self.objects.list(&prefix)?;
        let serial = |key: &String| key.strip_prefix(&prefix)?.strip_suffix(".json")?.parse::<u64>().ok();
        let mut serials: Vec<u64> = keys.iter().filter_map(serial).collect();
        serials.sort_unstable();
        Ok(serials)
    }

    fn read_serial(&self, serial: u64) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(self.objects.get(&self.history(serial))?.map(|object| object.text))
    }

    fn read_journal(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        Listing::read(&*self.objects, &self.journal())?.text(&*self.objects, &self.journal())
    }

    fn replace_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.check()?;
        let prefix = self.journal();
        let listing = Listing::read(&*self.objects, &prefix)?;
        let generation = self.with(|current| current.generation).unwrap_or_else(|| listing.unused());
        if text.is_empty() {
            self.with(|current| current.next = None);
            return listing.remove(&*self.objects, &prefix, generation);
        }
        let first = journal::key(&prefix, generation, 0);
        put(&*self.objects, &first, text, Only::Absent)?.ok_or_else(|| self.overtaken())?;
        self.with(|current| {
            current.next = Some((generation, 1));
            current.generation = current.generation.map(|_| generation + 1);
        });
        listing.remove(&*self.objects, &prefix, generation)
    }

    fn remove(&self) -> Result<(), Diagnostic> {
        self.check()?;
        let known = self.known()?;
        // Without its history a state that is not there is a new one.
        for serial in self.serials()? {
            self.objects.delete(&self.history(serial), None)?;
        }
        self.replace_journal(b"")?;
        self.objects.delete(&self.key, known.as_deref())
    }

    fn append_journal(&self, text: &[u8]) -> Result<(), Diagnostic> {
        self.check()?;
        let Some((generation, number)) = self.with(|current| current.next) else { return Err(self.overtaken()) };
        let key = journal::key(&self.journal(), generation, number);
        put(&*self.objects, &key, text, Only::Absent)?.ok_or_else(|| self.overtaken())?;
        self.with(|current| current.next = Some((generation, number + 1)));
        Ok(())
    }

    fn try_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic> {
        match Lease::take(&self.objects, &self.beside("lock"), info, self.lease)? {
            Taking::Held(by, ends) => Ok(Attempt::Held { by, ends }),
            Taking::Taken(lease, from) => {
                let heartbeat = Heartbeat::start(lease.clone())?;
                self.with(|current| *current = Current { lease: Some(lease), ..Current::default() });
                let generation = journal::fence(&*self.objects, &self.journal(), &info.id)?;
                self.with(|current| current.generation = Some(generation));
                Ok(Attempt::Taken { guard: Box::new(heartbeat), from })
            }
        }
    }

    fn lock_for_terraform(&self, info: &LockInfo, text: &[u8]) -> Result<TerraformsLock, Diagnostic> {
        let lock = terraform::lock(&self.objects, &self.key, info)?;
        match self.read() {
            Ok(now) if now.as_deref().unwrap_or_default() == text => Ok(lock),
            Ok(_) => lock.after(Err(self.overtaken())),
            Err(problem) => lock.after(Err(problem)),
        }
    }

    fn keep_terraforms(&self, text: &[u8]) -> Result<(), Diagnostic> {
        let key = self.beside("terraform");
        let found = self.objects.get(&key)?;
        let only = found.as_ref().map_or(Only::Absent, |found| Only::Unchanged(&found.tag));
        put(&*self.objects, &key, text, only)?.map(drop).ok_or_else(|| self.overtaken())
    }

    fn terraforms(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(self.objects.get(&self.beside("terraform"))?.map(|object| object.text))
    }

    fn locked_by(&self) -> Result<Option<LockInfo>, Diagnostic> {
        Lease::held_by(&*self.objects, &self.beside("lock"))
    }

    fn check(&self) -> Result<(), Diagnostic> {
        self.with(|current| current.lease.clone()).map_or(Ok(()), |lease| lease.check())
    }

    fn keep_lock(&self, info: &LockInfo) -> Result<Attempt, Diagnostic> {
        Ok(match Lease::take(&self.objects, &self.beside("lock"), info, self.lease)? {
            Taking::Held(by, ends) => Attempt::Held { by, ends },
            Taking::Taken(_, from) => Attempt::Taken { guard: Box::new(()), from },
        })
    }

    fn give_back(&self, mine: &dyn Fn(&LockInfo) -> bool) -> Result<LockInfo, Diagnostic> {
        lease::give_back(&*self.objects, &self.beside("lock"), mine)
    }

    fn force_unlock(&self, id: &str) -> Result<LockInfo, Diagnostic> {
        lease::force(&*self.objects, &self.beside("lock"), id)
    }
}
