//! A plan, drift, and what exists, as text, JSON, markdown and HTML, and for services that read
//! SARIF or JUnit. Pure.

pub mod accept;
pub mod adopt;
pub mod blocks;
mod canvas;
pub mod drift;
mod edits;
mod html;
pub mod json;
mod junit;
pub mod literal;
pub mod markdown;
mod marks;
mod object_text;
mod parts;
pub mod picture;
pub mod policy;
pub mod preview;
pub mod reach;
mod said;
mod sarif;
pub mod table;
#[cfg(test)]
mod testing;
pub mod text;
mod value_diff;

pub use marks::counted;
