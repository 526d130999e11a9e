//! Floorplan: AWS networks from HCL layouts.
//!
//! - [`diag`]: what is said to a person about bad input.
//! - [`lang`]: the layout language: values, types, expressions, functions, configuration.

pub mod diag;
pub mod lang;
