//! aws_cloudwatch_log_metric_filter and aws_cloudwatch_log_subscription_filter: what becomes of lines of a log group, by a
//! name within the group.

use super::log_group::PAGES;
use crate::aws::api::services::LOGS;
use crate::resources::block::{RealText, TextMap};
use crate::resources::document::{Document, Many, document};
use crate::resources::prelude::*;
use crate::resources::settle::unless_gone;
use serde_json::{Value as Json, json};

/// The resource type `aws_cloudwatch_log_metric_filter`.
pub struct AwsCloudwatchLogMetricFilter;
/// The resource type `aws_cloudwatch_log_subscription_filter`.
pub struct AwsCloudwatchLogSubscriptionFilter;

static KEY: Composite = Composite::new(&["log_group_name", "name"], ":");
const WHY: &str = "it says what becomes of log lines";

document! {
    /// The metric of a filter.
    Metric {
        default_value = "defaultValue": RealText;
        dimensions = "dimensions": TextMap;
        name = "metricName": Text [.required()];
        namespace = "metricNamespace": Text [.required()];
        unit = "unit": Text [.default("None")];
        value = "metricValue": Text [.required()];
    }
}

document! {
    Counted {
        apply_on_transformed_logs = "applyOnTransformedLogs": Flag [.optional_computed()];
        log_group_name = "logGroupName": Text [.required().force_new()];
        metric_transformation = "metricTransformations": Many<Metric> [.count(1, Some(1))];
        name = "filterName": Text [.required().force_new()];
        pattern = "filterPattern": Text, read [.required()];
    }
}

document! {
    Sent {
        apply_on_transformed_logs = "applyOnTransformedLogs": Flag [.optional_computed()];
        destination_arn = "destinationArn": Text [.required()];
        distribution = "distribution": Text
            [.default("ByLogStream").check(|v| checks::one_of(v, &["ByLogStream", "Random"]))];
        emit_system_fields = "emitSystemFields": Texts;
        filter_pattern = "filterPattern": Text, read [.required()];
        log_group_name = "logGroupName": Text [.required().force_new()];
        name = "filterName": Text [.required().force_new()];
        role_arn = "roleArn": Text [.optional_computed()];
    }
}

/// The members that name the filter with this id.
fn place(id: &str) -> Json {
    let (group, name) = id.split_once(':').unwrap_or_default();
    json!({"logGroupName": group, "filterName": name})
}

/// The groups that are asked about, each once.
fn groups(which: Which<'_>) -> Vec<String> {
    which.parts(&KEY, "log_group_name")
}

/// The filters of these groups, by one listing for each.
async fn listed(aws: &Aws, groups: Vec<String>, operation: &'static str, path: &str) -> Result<Vec<Json>> {
    let found = each(groups, |group| aws.read.api.list(&LOGS, operation, json!({"logGroupName": group}), PAGES, path));
    Ok(found.await?.into_iter().flatten().collect())
}

async fn put_metric(aws: &Aws, want: &Attrs) -> Result<()> {
    let mut input = Counted::create(want);
    input["filterPattern"] = want.str("pattern").unwrap_or_default().into();
    done(aws.write.api.call(&LOGS, "PutMetricFilter", input).await)
}

impl Resource for AwsCloudwatchLogMetricFilter {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::composite("aws_cloudwatch_log_metric_filter", &KEY, Counted::rows()).role(Role::NotServing(WHY))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        listed(aws, groups(which), "DescribeMetricFilters", "metricFilters").await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put_metric(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put_metric(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.api.call(&LOGS, "DeleteMetricFilter", place(id)).await)
    }
}

async fn put_subscription(aws: &Aws, want: &Attrs) -> Result<()> {
    let mut input = Sent::create(want);
    input["filterPattern"] = want.str("filter_pattern").unwrap_or_default().into();
    settle::once_known(|| aws.write.api.call(&LOGS, "PutSubscriptionFilter", input.clone())).await.map(drop)
}

impl Resource for AwsCloudwatchLogSubscriptionFilter {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::composite("aws_cloudwatch_log_subscription_filter", &KEY, Sent::rows()).role(Role::NotServing(WHY))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        listed(aws, groups(which), "DescribeSubscriptionFilters", "subscriptionFilters").await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put_subscription(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        if change.take_all() { put_subscription(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        unless_gone(aws.write.api.call(&LOGS, "DeleteSubscriptionFilter", place(id)).await)
    }
}
