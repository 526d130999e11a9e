//! Floorplan: AWS networks from HCL layouts.
//!
//! - [`diag`]: what is said to a person about bad input.
//! - [`value`]: values, types, numbers, how they are written, and the addresses of objects.
//! - [`lang`]: the layout language: expressions, functions, configuration.
//! - [`sources`]: the disk, as the language reads it.
//! - [`rules`]: AWS knowledge that is pure and of no single type.
//! - [`graph`]: the order that references put between them.
//! - [`schema`]: what a resource type is to everything that is not the type itself.
//! - [`evaluation`]: the values of a layout, evaluated on demand.
//! - [`network`]: who reaches whom, through what, and what is in the way.
//! - [`objects`]: what is remembered of an object.
//! - [`plan`]: what apply will do, as a value.
//! - [`drift`]: how the world differs from what was applied.
//! - [`report`]: a plan or drift as text, JSON, markdown and HTML.
//! - [`apply`]: carries a plan out.
//! - [`refresh`]: what AWS says of the objects of a state.
//! - [`resources`]: the types, one file each.
//! - [`aws`]: clients, limits, errors by kind, paging.
//! - [`state`]: keeps what is remembered between runs: state, journal, lock, history.
//! - [`session`]: one layout: load, connect, refresh, plan.
//! - [`fleet`]: many layouts: which they are, one reading of AWS for all of them, a plan of each.
//! - [`forge`]: pull requests on GitHub and GitLab: comment, status, remarks on lines; and issues about drift.
//! - [`notify`]: the memory of a drift job, and those who hear of what changed.
//! - [`cli`]: the command line, one file per command.
//! - [`sandbox`]: the local AWS endpoint for trying things and for the tests.

pub mod apply;
pub mod aws;
pub mod cli;
pub mod diag;
pub mod drift;
pub mod evaluation;
pub mod fleet;
pub mod forge;
pub mod graph;
pub mod lang;
pub mod network;
pub mod notify;
pub mod objects;
pub mod plan;
pub mod refresh;
pub mod report;
pub mod resources;
pub mod rules;
pub mod sandbox;
pub mod schema;
pub mod session;
pub mod sources;
pub mod state;
pub mod value;
