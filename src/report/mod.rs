//! A plan, and what exists, as text, JSON and markdown. Pure.

mod canvas;
pub mod json;
pub mod literal;
pub mod markdown;
mod object_text;
pub mod text;
mod value_diff;
