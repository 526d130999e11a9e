//! A plan, drift, and what exists, as text, JSON, markdown and HTML. Pure.

pub mod accept;
pub mod adopt;
pub mod blocks;
mod canvas;
pub mod drift;
mod edits;
pub mod json;
pub mod literal;
pub mod markdown;
mod marks;
mod object_text;
mod parts;
pub mod policy;
pub mod preview;
mod said;
pub mod table;
pub mod text;
mod value_diff;

pub use marks::counted;
