//! The messaging family: queues.

mod queue;
mod queue_policy;

use crate::resources::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<queue::AwsSqsQueue>(all);
    add::<queue_policy::AwsSqsQueuePolicy>(all);
}
