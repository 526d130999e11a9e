//! A document in memory to test with, whose answers can be lost or old.

use super::{Document, Locking, Written};
use crate::diag::Diagnostic;
use std::sync::{Mutex, PoisonError};

/// A server in memory.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Server>);

#[derive(Debug, Default)]
struct Server {
    /// All that was written.
    versions: Vec<Vec<u8>>,
    lock: Option<Vec<u8>>,
    /// Whether each call is received twice.
    losing: bool,
    /// Whether it refuses a number that it has.
    numbered: bool,
    /// How many of the next answers are the one before the last.
    old: usize,
    unlocked: bool,
}

impl Memory {
    /// A server without locks.
    pub fn without_lock() -> Self {
        let memory = Memory::default();
        memory.with(|server| server.unlocked = true);
        memory
    }

    /// Receives each call twice, and refuses a number that it has.
    pub fn lose_answers(&self) {
        self.with(|server| (server.losing, server.numbered) = (true, true));
    }

    /// Answers with the document before the last, so often.
    pub fn answer_old(&self, times: usize) {
        self.with(|server| server.old = times);
    }

    /// How often the document was written.
    pub fn writes(&self) -> usize {
        self.with(|server| server.versions.len())
    }

    /// Whether somebody has the lock.
    pub fn is_locked(&self) -> bool {
        self.with(|server| server.lock.is_some())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Server) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn field(text: &[u8], name: &str) -> serde_json::Value {
    serde_json::from_slice::<serde_json::Value>(text).unwrap()[name].clone()
}

impl Server {
    fn put(&mut self, text: &[u8], lock: Option<&str>) -> Written {
        let serial = field(text, "serial");
        let taken = self.numbered && self.versions.iter().any(|version| field(version, "serial") == serial);
        let others = self.lock.as_ref().is_some_and(|held| field(held, "ID").as_str() != lock);
        if taken || others {
            return Written::Refused;
        }
        self.versions.push(text.to_vec());
        Written::Done
    }

    fn lock(&mut self, info: &[u8]) -> Locking {
        match &self.lock {
            Some(held) => Locking::Held(held.clone()),
            None => {
                self.lock = Some(info.to_vec());
                Locking::Taken
            }
        }
    }
}

impl Document for Memory {
    fn place(&self) -> String {
        "https://states.example/acme".into()
    }

    fn get(&self) -> Result<Option<Vec<u8>>, Diagnostic> {
        Ok(self.with(|server| {
            let back = if server.old > 0 { 2 } else { 1 };
            server.old = server.old.saturating_sub(1);
            server.versions.len().checked_sub(back).and_then(|at| server.versions.get(at)).cloned()
        }))
    }

    fn put(&self, text: &[u8], lock: Option<&str>) -> Result<Written, Diagnostic> {
        Ok(self.with(|server| match server.put(text, lock) {
            Written::Done if server.losing => server.put(text, lock),
            done => done,
        }))
    }

    fn has_lock(&self) -> bool {
        self.with(|server| !server.unlocked)
    }

    fn lock(&self, info: &[u8]) -> Result<Locking, Diagnostic> {
        Ok(self.with(|server| match server.lock(info) {
            Locking::Taken if server.losing => server.lock(info),
            done => done,
        }))
    }

    fn unlock(&self, info: &[u8]) -> Result<(), Diagnostic> {
        self.with(|server| {
            if server.lock.as_ref().is_some_and(|held| field(held, "ID") == field(info, "ID")) {
                server.lock = None;
            }
        });
        Ok(())
    }
}
