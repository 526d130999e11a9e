//! The lock of a state that is kept as objects: an object that its owner renews. A lock that was not renewed for the
//! length of its lease, by the server's clock, belongs to a run that is dead, and the next run takes it over.
//!
//! The owner knows by its own clock until when it surely has the lock, and changes nothing after that.

use super::clock;
use super::objects::{Objects, Only, Put, put};
use crate::diag::Diagnostic;
use crate::state::lock::{LockInfo, free, held, not_mine, other_id};
use crate::state::store::Ends;
use serde::{Deserialize, Serialize};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How wrong the age of an object may be: servers give times in whole seconds.
const ROUNDING: Duration = Duration::from_secs(2);

/// How long the end of a run waits for a renewal under way.
const LAST_RENEWAL: Duration = Duration::from_secs(5);

/// The lease of a lock that a person keeps: a hundred years.
const KEPT: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// What the object of a lock holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Held {
    /// Who has it.
    #[serde(flatten)]
    info: LockInfo,
    /// For how long, from when it was last written; in seconds.
    lease: u64,
    /// How often it was renewed. Each writing thus differs from those before it.
    renewed: u64,
}

/// A lock that this run has.
#[derive(Debug)]
pub struct Lease {
    objects: Arc<dyn Objects>,
    key: String,
    length: Duration,
    current: Mutex<Current>,
}

#[derive(Debug)]
struct Current {
    held: Held,
    tag: String,
    /// By [`clock::now`].
    until: Duration,
    lost: bool,
}

/// What came of trying to take a lock.
pub enum Taking {
    /// It is ours; whether it was another's whose lease had run out.
    Taken(Arc<Lease>, Option<LockInfo>),
    /// Another run has it, and when that lock ends if the run is dead.
    Held(Option<LockInfo>, Ends),
}

impl Lease {
    /// Takes the lock at `key`. One that is kept has no end.
    pub fn take(
        objects: &Arc<dyn Objects>,
        key: &str,
        info: &LockInfo,
        length: Duration,
    ) -> Result<Taking, Diagnostic> {
        let length = if info.kept { KEPT } else { length };
        let held = Held { info: info.clone(), lease: length.as_secs(), renewed: 0 };
        let text = serde_json::to_vec(&held).unwrap_or_default();
        let taken = |begun: Duration, tag: String, from: Option<LockInfo>| {
            let current = Current { held: held.clone(), tag, until: begun + length, lost: false };
            let lease = Lease { objects: objects.clone(), key: key.to_owned(), length, current: Mutex::new(current) };
            Ok(Taking::Taken(Arc::new(lease), from))
        };
        let begun = clock::now();
        if let Some(tag) = put(&**objects, key, &text, Only::Absent)? {
            refuses(&**objects, key, &text)?;
            return taken(begun, tag, None);
        }
        // One that was released meanwhile is free at the next attempt.
        let Some(found) = objects.get(key)? else { return Ok(Taking::Held(None, Ends::Soon)) };
        let by: Option<Held> = serde_json::from_slice(&found.text).ok();
        let lease = by.as_ref().map_or(length, |by| Duration::from_secs(by.lease));
        let by = by.map(|by| by.info);
        let Some(age) = found.age else { return Ok(Taking::Held(by, Ends::ByHandWithoutTime)) };
        if age <= lease + ROUNDING || by.as_ref().is_some_and(|by| by.kept) {
            return Ok(Taking::Held(by, Ends::Soon));
        }
        let begun = clock::now();
        match put(&**objects, key, &text, Only::Unchanged(&found.tag))? {
            Some(tag) => taken(begun, tag, by),
            None => Ok(Taking::Held(by, Ends::Soon)),
        }
    }

    /// Who has the lock at `key` now. Asks without taking it.
    pub fn held_by(objects: &dyn Objects, key: &str) -> Result<Option<LockInfo>, Diagnostic> {
        let Some(found) = objects.get(key)? else { return Ok(None) };
        let Ok(Held { info, lease, .. }) = serde_json::from_slice::<Held>(&found.text) else { return Ok(None) };
        let over = found.age.is_some_and(|age| age > Duration::from_secs(lease) + ROUNDING);
        Ok((!over || info.kept).then_some(info))
    }

    /// An error unless this run surely has the lock now.
    pub fn check(&self) -> Result<(), Diagnostic> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        // A call needs some time to arrive.
        if !current.lost && clock::now() + self.length / 4 < current.until {
            return Ok(());
        }
        Err(lost(&self.objects.place(&self.key)))
    }

    /// Says that another run has the lock, as a write of it was found.
    pub fn lose(&self) -> Diagnostic {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).lost = true;
        lost(&self.objects.place(&self.key))
    }

    /// Renews the lease. False once it is lost.
    fn renew(&self) -> bool {
        let (held, tag) = {
            let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            if current.lost {
                return false;
            }
            (Held { renewed: current.held.renewed + 1, ..current.held.clone() }, current.tag.clone())
        };
        let begun = clock::now();
        let text = serde_json::to_vec(&held).unwrap_or_default();
        let renewed = put(&*self.objects, &self.key, &text, Only::Unchanged(&tag));
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match renewed {
            Ok(Some(tag)) => {
                let until = begun + self.length;
                *current = Current { held, tag, until, lost: current.lost };
            }
            Ok(None) => current.lost = true,
            // The next attempt may succeed; until then the lease runs on.
            Err(_) => {}
        }
        !current.lost
    }

    /// Gives the lock back, unless another run has it.
    fn release(&self) {
        let id = self.current.lock().unwrap_or_else(PoisonError::into_inner).held.info.id.clone();
        if self.check().is_err() {
            return;
        }
        let ours = |text: &[u8]| serde_json::from_slice::<Held>(text).is_ok_and(|held| held.info.id == id);
        self.current.lock().unwrap_or_else(PoisonError::into_inner).lost = true;
        if let Ok(Some(found)) = self.objects.get(&self.key)
            && ours(&found.text)
        {
            // Should that fail, the lease runs out.
            let _ = self.objects.delete(&self.key, Some(&found.tag));
        }
    }
}

/// Renews a lease until it is dropped, and then gives the lock back.
pub struct Heartbeat {
    lease: Arc<Lease>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Heartbeat {
    /// Renews `lease` three times in its length.
    pub fn start(lease: Arc<Lease>) -> Result<Self, Diagnostic> {
        let (stop, stopped) = channel();
        let renewing = lease.clone();
        let beat = move || {
            while stopped.recv_timeout(renewing.length / 3) == Err(RecvTimeoutError::Timeout) {
                if !renewing.renew() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("lease".into()).spawn(beat).map_err(|e| {
            Diagnostic::error("Cannot keep the lock of the state").code("state-file").detail(format!("{e}."))
        })?;
        Ok(Heartbeat { lease, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop.take();
        let Some(thread) = self.thread.take() else { return };
        let begun = Instant::now();
        while !thread.is_finished() && begun.elapsed() < LAST_RENEWAL {
            std::thread::sleep(Duration::from_millis(5));
        }
        // A renewal that hangs would write the lock anew: it is left to run out.
        if thread.is_finished() {
            self.lease.release();
        }
    }
}

/// An error where the store writes an object that is there already, though the write says that none may be: it passes over
/// conditions, so that every run would get the lock.
fn refuses(objects: &dyn Objects, key: &str, text: &[u8]) -> Result<(), Diagnostic> {
    let Put::Done(tag) = objects.put(key, text, Only::Absent)? else { return Ok(()) };
    objects.delete(key, Some(&tag))?;
    Err(Diagnostic::error("This store cannot keep a state safely")
        .code("state-remote")
        .detail(format!(
            "{}: it wrote an object a second time, though the write had the condition If-None-Match. Two runs could have the \
             lock at once.",
            objects.place(key)
        ))
        .hint("Use S3, or a store that honours conditional writes (If-None-Match and If-Match)."))
}

/// Removes the lock of a person, where `mine` says that it is theirs.
pub fn give_back(objects: &dyn Objects, key: &str, mine: &dyn Fn(&LockInfo) -> bool) -> Result<LockInfo, Diagnostic> {
    let place = objects.place(key);
    let Some(found) = objects.get(key)? else { return Err(free(&place)) };
    match serde_json::from_slice::<Held>(&found.text) {
        Ok(by) if by.info.kept && mine(&by.info) => {
            objects.delete(key, Some(&found.tag))?;
            Ok(by.info)
        }
        Ok(by) => Err(not_mine(&place, &by.info, Ends::Soon)),
        Err(_) => Err(held(&place, None, Ends::ByHand)),
    }
}

/// Removes the lock with this id, whoever has it.
pub fn force(objects: &dyn Objects, key: &str, id: &str) -> Result<LockInfo, Diagnostic> {
    let place = objects.place(key);
    let Some(found) = objects.get(key)? else { return Err(free(&place)) };
    match serde_json::from_slice::<Held>(&found.text) {
        Ok(by) if by.info.id == id => {
            objects.delete(key, Some(&found.tag))?;
            Ok(by.info)
        }
        Ok(by) => Err(other_id(&place, &by.info, id, Ends::Soon)),
        Err(_) => Err(held(&place, None, Ends::ByHand)),
    }
}

fn lost(place: &str) -> Diagnostic {
    Diagnostic::error("Another run has taken over the lock of the state")
        .code("state-lock-lost")
        .detail(format!(
            "This run did not renew {place} in time, for instance since the machine was suspended or the network was \
             down. It makes no further changes."
        ))
        .hint("Run the command again. It finds out what became of the call that was under way.")
}
