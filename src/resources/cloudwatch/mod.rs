//! The watch family: flow logs, log groups, alarms and their topics.

pub(super) mod allowed;
mod composite_alarm;
mod dashboard;
mod data;
mod data_protection;
mod flow_log;
mod log_filters;
mod log_group;
mod log_resource_policy;
mod log_stream;
mod metric_alarm;
mod metric_query;
mod sns;
mod subscription;
mod topic;
mod topic_policy;

use crate::resources::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<composite_alarm::AwsCloudwatchCompositeAlarm>(all);
    add::<dashboard::AwsCloudwatchDashboard>(all);
    add::<data_protection::AwsCloudwatchLogDataProtectionPolicy>(all);
    add::<data_protection::AwsSnsTopicDataProtectionPolicy>(all);
    add::<flow_log::AwsFlowLog>(all);
    add::<log_group::AwsCloudwatchLogGroup>(all);
    add::<log_filters::AwsCloudwatchLogMetricFilter>(all);
    add::<log_filters::AwsCloudwatchLogSubscriptionFilter>(all);
    add::<log_resource_policy::AwsCloudwatchLogResourcePolicy>(all);
    add::<log_stream::AwsCloudwatchLogStream>(all);
    add::<metric_alarm::AwsCloudwatchMetricAlarm>(all);
    add::<subscription::AwsSnsTopicSubscription>(all);
    add::<topic::AwsSnsTopic>(all);
    add::<topic_policy::AwsSnsTopicPolicy>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::log_group::LogGroupData>(all);
    add_data::<data::log_group::LogGroupsData>(all);
    add_data::<data::topic::TopicData>(all);
}
