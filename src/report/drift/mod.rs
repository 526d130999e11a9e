//! Drift of one or many layouts: for people, for programs, for a pull request, for test and code scanning services. Each
//! form holds the same findings in the same order; none shows a sensitive value.

mod html;
mod ignores;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;
mod words;

pub use html::html;
pub use ignores::ignores;
pub use json::{FORMAT, json};
pub use junit::junit;
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::text;

#[cfg(test)]
mod tests;
