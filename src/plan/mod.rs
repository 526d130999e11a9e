//! The plan: what apply will do, as a value. Everything is decided here and nothing is done here.
//!
//! Pure: the layout, the stored state and what AWS answered come in as values.

pub mod change;
pub mod file;
#[cfg(test)]
mod fixtures;
pub mod json;
pub mod literal;
pub mod markdown;
mod object_text;
mod paper;
pub mod text;
mod value_diff;
pub mod wire;

pub use change::{
    Action, AttributeChange, Cause, Change, Drift, Op, OutputChange, Plan, PlanMeta, Reason, Step, StepId, Summary,
};
