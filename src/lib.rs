//! Floorplan: AWS networks from HCL layouts.
//!
//! - [`diag`]: what is said to a person about bad input.
//! - [`lang`]: the layout language: values, types, expressions, functions, configuration.
//! - [`files`]: the disk, as the language reads it.
//! - [`graph`]: addresses and the order that references put between them.
//! - [`resource`]: what a resource type is to everything that is not the type itself.
//! - [`scope`]: the values of a layout, evaluated on demand.
//! - [`plan`]: what apply will do, as a value.
//! - [`apply`]: carries a plan out.
//! - [`refresh`]: what AWS says of the objects of a state.
//! - [`resources`]: the types, one file each.
//! - [`aws`]: clients, limits, errors by kind, paging.
//! - [`state`]: what is remembered between runs: state, journal, lock, history.
//! - [`cli`]: the command line, one file per command.
//! - [`sandbox`]: the local AWS endpoint for trying things and for the tests.

pub mod apply;
pub mod aws;
pub mod cli;
pub mod diag;
pub mod files;
pub mod graph;
pub mod lang;
pub mod plan;
pub mod refresh;
pub mod resource;
pub mod resources;
pub mod sandbox;
pub mod scope;
pub mod state;
