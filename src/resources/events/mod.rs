//! The EventBridge family: rules for events, and whom they are handed to.

pub(super) mod allowed;
mod rule;
mod target;

use super::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<rule::AwsCloudwatchEventRule>(all);
    add::<target::AwsCloudwatchEventTarget>(all);
}

const DEFAULT_BUS: &str = "default";
