//! The family's data sources.

pub mod log_group;
pub mod topic;
