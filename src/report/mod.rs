//! A plan, drift, and what exists, as text, JSON and markdown. Pure.

pub mod blocks;
mod canvas;
pub mod drift;
pub mod json;
pub mod literal;
pub mod markdown;
mod object_text;
pub mod policy;
pub mod text;
mod value_diff;
