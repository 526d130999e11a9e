//! Drift of one or many layouts: for people, for programs, for a pull request, for test and code scanning services. Each
//! form holds the same findings in the same order; none shows a sensitive value.

mod blame;
mod html;
mod ignores;
mod json;
mod junit;
mod markdown;
mod notice;
mod sarif;
mod slack;
mod text;
mod words;

pub use html::html;
pub use ignores::ignores;
pub use json::{FORMAT, json};
pub use junit::junit;
pub use markdown::markdown;
pub use notice::{Issue, issue, message, subject};
pub use sarif::sarif;
pub use slack::slack;
pub use text::text;

#[cfg(test)]
mod notice_tests;
#[cfg(test)]
mod tests;
