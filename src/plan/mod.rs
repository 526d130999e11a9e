//! The plan: what apply will do, as a value. Everything is decided here and nothing is done here.
//!
//! Pure: the layout, the stored state and what AWS answered come in as values.

mod across;
pub mod availability;
pub mod change;
pub mod conditions;
pub mod data;
pub mod detour;
pub mod diff;
pub mod file;
mod finish;
#[cfg(test)]
mod fixtures;
pub mod input;
mod instance;
pub mod json;
mod layout_rules;
pub mod literal;
pub mod markdown;
mod object_text;
pub mod order;
pub mod outlook;
mod paper;
pub mod place;
pub mod planner;
pub mod promise;
pub mod refactor;
pub mod resolve;
pub mod rolling;
pub mod same;
pub mod services;
mod single_points;
mod spelling;
pub mod text;
pub mod unique;
mod unjudged;
mod value_diff;
mod walk;
pub mod window;
pub mod wire;

pub use change::{
    Action, AttributeChange, Cause, Change, Drift, Op, OutputChange, Plan, PlanMeta, Reason, Step, StepId, Summary,
};
pub use data::complete;
pub use input::{Heard, Importing, Input, Live, Options, ProviderFacts, Pulse, Schemas};
pub use instance::{arguments, provider_of_address, provider_of_block, providers_used};
pub use planner::{DataRead, HealthRead, Planner};
