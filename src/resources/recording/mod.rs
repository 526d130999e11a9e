//! The families of Config and CloudTrail: what is recorded of an account, and the rules that judge it.

pub(super) mod allowed;
mod channel;
mod recorder;
mod recorder_status;
mod rule;
mod trail;

use super::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<channel::AwsConfigDeliveryChannel>(all);
    add::<recorder::AwsConfigConfigurationRecorder>(all);
    add::<recorder_status::AwsConfigConfigurationRecorderStatus>(all);
    add::<rule::AwsConfigConfigRule>(all);
    add::<trail::AwsCloudtrail>(all);
}

/// How often Config does something.
const FREQUENCIES: [&str; 5] = ["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"];
