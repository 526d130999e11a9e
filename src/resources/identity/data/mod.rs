//! The family's data sources.

pub mod policy;
pub mod policy_document;
pub mod role;
