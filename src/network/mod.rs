//! One model of the network: who reaches whom, through what, and what is in the way.
//!
//! It is built from objects, whether planned, stored or live, and depends on values alone. What is not known yet makes
//! a flow one that *may* be, never one that is not.

mod arrival;
mod attempt;
mod balancers;
mod between;
mod ends;
mod entrances;
mod exits;
pub mod exposure;
mod filters;
mod flows;
mod gates;
mod index;
mod interfaces;
mod kinds;
mod legs;
mod model;
mod nodes;
mod obstacles;
mod parts;
mod places;
mod reach;
mod read;
pub mod scene;
mod served;
pub mod space;
#[cfg(test)]
mod tests;
mod transit_legs;
mod ways;
mod whoever;

pub use ends::EndKind;
pub use filters::Verdict;
pub use flows::Flow;
pub use kinds::ObjectKind;
pub use model::Model;
pub use parts::{Crossing, Part};
pub use reach::{Answer, Destination, Obstacle, Reach, Source};
pub use served::Target;

use crate::value::Value;
use std::sync::Arc;

/// An object as the model takes it.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its address.
    pub address: Arc<str>,
    /// Its type.
    pub type_name: Arc<str>,
    /// Its attributes. One that AWS has yet to choose is left out; one that is unknown is given by the layout, and says
    /// by its origin whose attribute it is.
    pub attributes: Value,
}
