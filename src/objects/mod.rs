//! What is remembered of objects between runs, and how it moves to other addresses. Pure; `state` keeps it.

pub mod moves;
mod object;

pub use object::{Instance, JournalMark, OutputValue, Slot, State};
