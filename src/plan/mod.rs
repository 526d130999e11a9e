//! The plan: what apply will do, as a value. Everything is decided here and nothing is done here.
//!
//! Pure: the layout, the stored state and what AWS answered come in as values.

pub mod change;

pub use change::{
    Action, AttributeChange, Cause, Change, Drift, Op, OutputChange, Plan, PlanMeta, Reason, Step, StepId, Summary,
};
