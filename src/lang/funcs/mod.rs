//! The built-in functions of the language.

mod context;

pub use context::{Context, Files, Render};

use super::value::Value;
use std::fmt;

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// Which argument is to blame, from 0, if one is.
    pub argument: Option<usize>,
    /// The reason, such as `a number is required`.
    pub message: String,
}

impl FunctionError {
    /// A failure of the call as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        FunctionError { argument: None, message: message.into() }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The names of all functions, `try` and `can` among them, which the evaluator calls itself.
pub fn names() -> impl Iterator<Item = &'static str> {
    ["can", "try"].into_iter()
}

/// What the parameter that takes the argument at `index` is called.
pub fn parameter_name(_function: &str, _index: usize) -> Option<&'static str> {
    None
}

/// Calls the function `name`.
pub fn call(name: &str, _args: &[Value], _ctx: &Context<'_>) -> Result<Value, FunctionError> {
    Err(FunctionError::new(format!("there is no function named {name:?}")))
}
