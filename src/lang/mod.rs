//! The layout language: Terraform's, evaluated with unknown values and sensitive marks.
//!
//! Pure: text and inputs come in as arguments, values and diagnostics go out.

pub(crate) mod ast;
pub mod budget;
pub mod config;
pub mod constraint;
pub mod convert;
pub mod duration;
pub mod eval;
pub mod expr;
pub mod fmt;
pub mod format;
pub mod funcs;
pub mod json;
pub mod number;
pub mod parse;
pub mod refs;
pub mod type_json;
pub mod types;
pub mod value;

pub use number::Number;
pub use types::{Name, Type};
pub use value::{Kind, Value};
