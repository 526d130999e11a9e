//! The family's data sources.

pub mod cluster;
pub mod engine_version;
pub mod instance;
pub mod orderable;
pub mod settings;
pub mod snapshot;
pub mod subnet_group;
