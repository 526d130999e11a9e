//! The objects as they are remembered between runs, and how they move to other addresses. Pure; `state` keeps them.

pub mod moves;
mod object;

pub use object::{Instance, JournalMark, OutputValue, Slot, State};
