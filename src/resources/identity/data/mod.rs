//! The family's data sources.

pub mod instance_profile;
pub mod people;
pub mod policy;
pub mod policy_document;
pub mod role;
