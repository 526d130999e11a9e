//! The family's data sources.

mod log_group;
mod topic;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<log_group::LogGroupData>(all);
    add_data::<topic::TopicData>(all);
}
