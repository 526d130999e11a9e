//! Drift: how the world differs from what was applied. From a plan that has read AWS come findings, each with its class,
//! its severity and what an apply would do about it; ignores take out those that a person has accepted for a while.
//!
//! Pure. A difference that the layout wants, or that its `ignore_changes` names, is not a finding.

pub mod blame;
mod exposed;
pub mod finding;
pub mod ignore;
mod look;
pub mod memory;
mod parts;
mod severity;
mod strays;

pub use crate::plan::repeats::held;
pub use finding::{Class, Coverage, Difference, Effect, Finding, Ignored, LayoutDrift, Outcome, Place, Severity, exit};
pub use ignore::{Entry, Ignores, Seen};
pub use look::{Beside, Looked, Open, Unmanaged, Written, findings, managed};
pub use memory::Memory;

#[cfg(test)]
mod tests;
