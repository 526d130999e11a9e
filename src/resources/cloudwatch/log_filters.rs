//! aws_cloudwatch_log_metric_filter and aws_cloudwatch_log_subscription_filter: what becomes of lines of a log group, by a
//! name within the group.

use crate::resources::block::RealText;
use crate::resources::block::TextMap;
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use aws_sdk_cloudwatchlogs::operation::put_metric_filter::builders::PutMetricFilterFluentBuilder as PutMetric;
use aws_sdk_cloudwatchlogs::operation::put_subscription_filter::builders::PutSubscriptionFilterFluentBuilder as Send;
use aws_sdk_cloudwatchlogs::types::{MetricFilter, MetricTransformation, SubscriptionFilter};

/// The resource type `aws_cloudwatch_log_metric_filter`.
pub struct AwsCloudwatchLogMetricFilter;
/// The resource type `aws_cloudwatch_log_subscription_filter`.
pub struct AwsCloudwatchLogSubscriptionFilter;

static KEY: Composite = Composite::new(&["log_group_name", "name"], ":");
const WHY: &str = "it says what becomes of log lines";

block! {
    /// The metric of a filter.
    Metric: MetricTransformation => MetricTransformation, ok {
        default_value: RealText;
        dimensions: TextMap;
        name = metric_name: Text [.required()];
        namespace = metric_namespace: Text [.required()];
        unit: EnumCell [.default("None")];
        value = metric_value: Text [.required()];
    }
}

table! {
    Counted: MetricFilter, create PutMetric {
        apply_on_transformed_logs: Flag [.optional_computed()];
        log_group_name: Text [.required().force_new()];
        metric_transformation = metric_transformations: BlockList<Metric> [.count(1, Some(1))];
        name = filter_name: Text [.required().force_new()];
        pattern = filter_pattern: Text, read [.required()];
    }
}

table! {
    Sent: SubscriptionFilter, create Send {
        apply_on_transformed_logs: Flag [.optional_computed()];
        destination_arn: Text [.required()];
        distribution: EnumCell
            [.default("ByLogStream").check(|v| checks::one_of(v, &["ByLogStream", "Random"]))];
        emit_system_fields: Texts;
        filter_pattern: Text, read [.required()];
        log_group_name: Text [.required().force_new()];
        name = filter_name: Text [.required().force_new()];
        role_arn: Text [.optional_computed()];
    }
}

/// The group and the name in an id.
fn place(id: &str) -> (String, String) {
    id.split_once(':').map(|(group, name)| (group.to_owned(), name.to_owned())).unwrap_or_default()
}

/// The groups that are asked about, each once.
fn groups(which: Which<'_>) -> Vec<String> {
    which.parts(&KEY, "log_group_name")
}

async fn put_metric(aws: &Aws, want: &Attrs) -> Result<()> {
    let call = Counted::create(aws.write.logs.put_metric_filter(), want);
    done(call.filter_pattern(want.str("pattern").unwrap_or_default()).send().await)
}

impl Resource for AwsCloudwatchLogMetricFilter {
    type Live = MetricFilter;

    fn spec() -> Spec<MetricFilter> {
        Spec::composite("aws_cloudwatch_log_metric_filter", &KEY, Counted::rows()).role(Role::NotServing(WHY))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<MetricFilter>> {
        let found = each(groups(which), |group| async move {
            let call = aws.read.logs.describe_metric_filters().log_group_name(group);
            all_of(call.into_paginator().items().send()).await
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put_metric(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put_metric(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let (group, name) = place(id);
        unless_gone(aws.write.logs.delete_metric_filter().log_group_name(group).filter_name(name).send().await)
    }
}

async fn put_subscription(aws: &Aws, want: &Attrs) -> Result<()> {
    let call = Sent::create(aws.write.logs.put_subscription_filter(), want);
    let call = call.filter_pattern(want.str("filter_pattern").unwrap_or_default());
    settle::once_known(|| async { Ok(call.clone().send().await?) }).await.map(drop)
}

impl Resource for AwsCloudwatchLogSubscriptionFilter {
    type Live = SubscriptionFilter;

    fn spec() -> Spec<SubscriptionFilter> {
        Spec::composite("aws_cloudwatch_log_subscription_filter", &KEY, Sent::rows()).role(Role::NotServing(WHY))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<SubscriptionFilter>> {
        let found = each(groups(which), |group| async move {
            let call = aws.read.logs.describe_subscription_filters().log_group_name(group);
            all_of(call.into_paginator().items().send()).await
        });
        Ok(found.await?.into_iter().flatten().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put_subscription(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put_subscription(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let (group, name) = place(id);
        unless_gone(aws.write.logs.delete_subscription_filter().log_group_name(group).filter_name(name).send().await)
    }
}
