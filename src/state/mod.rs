//! The memory of a layout between runs: the state, the journal of the run under way, the lock, earlier serials.
//!
//! A command that only looks uses [`Backend::read`]. A command that changes takes the lock first:
//!
//! ```text
//! let backend = Backend::open(&location)?;
//! let mut locked = backend.lock("apply", timeout)?; // a second run loses here
//! let loaded = locked.load()?;                      // State, and the intents that a killed run left open
//! let run = locked.begin()?;                        // the journal is open
//! run.append(Record::Intent(intent)).await?;        // durable when it returns
//! run.append(Record::Outcome(outcome)).await?;
//! run.append(Record::Recorded(recorded)).await?;    // run.state() shows it from now on
//! let state = run.finish(ok).await?;                // folded into the state file, serial + 1
//! ```
//!
//! An edit of the state alone needs no journal: `locked.save(state)`.
//!
//! `record`, `fold`, `vault`, `wire`, `encode` and `lines` are pure; the disk is
//! only in `local`, the key file only in `key`.

mod adopt;
mod backend;
pub mod document;
pub mod encode;
pub mod fold;
mod history;
mod journal;
pub mod key;
pub mod lines;
mod local;
mod location;
mod lock;
mod moved;
mod proof;
pub mod record;
pub mod remote;
mod run;
mod seal;
mod service;
mod store;
pub mod terraform;
#[cfg(test)]
pub mod testing;
mod unreadable;
mod vault;
pub mod wire;

pub use backend::{Backend, Loaded, Locked, Terraforms, sealer_of_environment};
pub use fold::{deposed_key, fold};
pub use history::Entry;
pub use local::LocalStore;
pub use location::{StateLocation, default_dir};
pub use lock::LockInfo;
pub use moved::{Marker, Moved, migrate};
pub use record::{Intent, IntentKind, OpenIntent, Outcome, OutcomeResult, Record, Recorded};
pub use run::Run;
pub use seal::{Sealer, Tied};
pub use service::{DataKey, KeyService};
pub use store::{Attempt, Ends, Store};

/// A new random UUID.
fn new_uuid() -> String {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid().to_string()
}

/// The time; RFC 3339, UTC, to the second.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
