//! The watch family: flow logs, log groups, alarms and where they are told.

mod log_group;
mod metric_alarm;
mod metric_query;

use super::any::{AnyData, AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<log_group::AwsCloudwatchLogGroup>(all);
    add::<metric_alarm::AwsCloudwatchMetricAlarm>(all);
}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}
