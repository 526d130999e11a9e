//! What Floorplan remembers of a layout between runs: the state, the journal of the run under way,
//! the lock, earlier serials.
//!
//! A command that only looks uses `Backend::read`. A command that changes takes the lock first:
//!
//! ```text
//! let backend = Backend::open(&location)?;
//! let locked = backend.lock("apply", timeout)?;     // a second run loses here
//! let loaded = locked.load()?;                      // State, and the intents that a killed run left open
//! let run = locked.begin("apply")?;                 // the journal is open
//! run.append(Record::Intent(intent)).await?;        // durable when it returns
//! run.append(Record::Outcome(outcome)).await?;
//! run.append(Record::Recorded(recorded)).await?;    // run.state() shows it from now on
//! let state = run.finish(ok)?;                      // folded into the state file, serial + 1
//! ```

pub mod format;
pub mod record;

pub use format::{Instance, JournalMark, OutputValue, Slot, State};
pub use record::{Intent, IntentKind, OpenIntent, Outcome, OutcomeResult, Record, Recorded};
