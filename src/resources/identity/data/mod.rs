//! The family's data sources.

pub mod people;
pub mod policy;
pub mod policy_document;
pub mod role;
