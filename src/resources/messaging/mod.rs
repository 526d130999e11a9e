//! The messaging family: queues.

pub(super) mod allowed;
mod queue;
mod queue_data;
mod queue_policy;

use crate::resources::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<queue::AwsSqsQueue>(all);
    add::<queue_policy::AwsSqsQueuePolicy>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<queue_data::AwsSqsQueue>(all);
}
