//! The layout language: Terraform's, evaluated with unknown values and sensitive marks.
//!
//! Pure: text and inputs come in as arguments, values and diagnostics go out.

pub(crate) mod ast;
pub mod budget;
pub mod config;
pub mod constraint;
pub mod edit;
pub mod eval;
pub mod expr;
pub mod fmt;
pub mod funcs;
pub(crate) mod json;
pub mod parse;
pub mod refs;
