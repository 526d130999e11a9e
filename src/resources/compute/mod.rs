//! The compute family: instances, what they start from, what they hang on, and groups of them.

mod check;
mod autoscaling_group;
mod instance;
mod launch_template;

use super::any::{AnyData, AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<autoscaling_group::AwsAutoscalingGroup>(all);
    add::<instance::AwsInstance>(all);
    add::<launch_template::AwsLaunchTemplate>(all);
}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}
