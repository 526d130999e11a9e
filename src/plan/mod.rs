//! The plan: what apply will do, as a value. Everything is decided here and nothing is done here.
//!
//! Pure: the layout, the stored state and what AWS answered come in as values.

mod across;
pub mod availability;
pub mod basis;
pub mod change;
pub mod conditions;
pub mod data;
pub mod detour;
pub mod diff;
pub mod exposure;
pub mod file;
mod finish;
#[cfg(test)]
pub(crate) mod fixtures;
pub mod flows;
mod guards;
mod hold;
pub mod input;
mod instance;
mod layout_rules;
pub mod network;
pub mod order;
pub mod place;
pub mod planner;
mod protection;
pub mod provisioners;
pub mod reach;
pub mod refactor;
pub mod repeats;
pub mod replay;
mod reread;
pub mod resolve;
pub mod rolling;
mod rows;
pub mod service_check;
pub mod service_impact;
pub mod services;
mod single_points;
mod spelling;
pub mod stale;
mod undo;
pub mod unique;
mod unjudged;
mod unmade;
mod walk;
pub mod window;

pub use basis::{Basis, Commit, Seen, Site};
pub use change::{
    Action, AttributeChange, Cause, Change, Drift, Op, OutputChange, Plan, PlanMeta, Reason, Reread, Step, StepId,
    Summary, Undo,
};
pub use exposure::{Exposure, ExposureChange};
pub use guards::ended_since;
pub use input::{Heard, Importing, Input, Live, Options, ProviderFacts, Pulse};
pub use instance::{arguments, provider_named, provider_of_address, provider_of_block, providers_used};
pub use planner::{DataRead, HealthRead, Planner};
pub use rows::Rows;
pub use unjudged::bears_on_service;
