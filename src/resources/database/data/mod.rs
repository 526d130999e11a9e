//! The family's data sources.

pub mod engine_version;
pub mod instance;
pub mod subnet_group;
