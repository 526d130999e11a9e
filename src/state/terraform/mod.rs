//! States of Terraform's: read as they are, and written so that Terraform continues them. Pure.

pub mod document;
mod read;
mod versions;
mod write;

pub use document::Document;
pub use read::{Read, document, is_state, outputs, read};
pub use write::{Export, Provider, write, written_for};
