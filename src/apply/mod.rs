//! Carrying a plan out. Decides nothing: which steps, in which order, with which values is the plan's.
//!
//! Every mutating call is preceded by a durable intent and followed by its outcome; see
//! `docs/architecture.md` for what a kill at any instant leaves behind.

mod aws_target;
mod backoff;
mod checks;
pub mod engine;
pub mod event;
mod foreign;
mod gate;
pub mod imported;
mod provision;
pub mod recover;
pub mod refreshed;
mod remote;
mod reread;
mod rollback;
mod runner;
mod state_target;
mod target;
pub mod wait;

pub use engine::{Engine, Report, known_secrets};
pub use event::{Event, Events};
