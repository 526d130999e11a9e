//! aws_cloudwatch_metric_alarm: says that a metric, or what is computed from some, is not as it should
//! be. PutMetricAlarm makes an alarm and changes one, and would take over another's without a word.

use super::metric_query::{self, Dimensions, Query};
use crate::resources::block::text;
use crate::resources::prelude::*;
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder as PutAlarm;
use aws_sdk_cloudwatch::types::{
    AlarmPromQlCriteria, AlarmType, EvaluationCriteria, MetricAlarm, Tag, WarmUpConfiguration,
};

/// An alarm with its tags.
pub type Alarm = tags::Tagged<MetricAlarm, Tag>;

/// The resource type `aws_cloudwatch_metric_alarm`.
pub struct AwsCloudwatchMetricAlarm;

/// How many names one call takes (CloudWatch API: DescribeAlarms).
const NAMES_PER_CALL: usize = 100;

const COMPARISONS: [&str; 7] = [
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
    "LessThanLowerOrGreaterThanUpperThreshold",
    "LessThanLowerThreshold",
    "GreaterThanUpperThreshold",
];

/// What an alarm on one metric says of it; an alarm on a query says it there.
const OF_ONE_METRIC: [&str; 7] =
    ["dimensions", "extended_statistic", "metric_name", "namespace", "period", "statistic", "unit"];

block! {
    /// A PromQL expression that is watched.
    Promql: AlarmPromQlCriteria => AlarmPromQlCriteria {
        pending_period: Int;
        query: Text [.required()];
        recovery_period: Int;
    }

    /// When a new alarm begins to watch.
    WarmUp: WarmUpConfiguration => WarmUpConfiguration {
        only_start_evaluating_after_warm_up_period_ends: Switch;
        warm_up_period_duration_in_minutes: Int [.required()];
    }
}

/// Criteria of their own kind. So far AWS has one kind.
struct Criteria;

fn criteria_rows() -> Vec<Attribute> {
    rows([Row::optional_block("promql_criteria", Promql::rows()).count(1, Some(1))])
}

impl Cell for Criteria {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, criteria_rows())
    }
}
impl Get<Option<&EvaluationCriteria>> for Criteria {
    fn get(from: Option<&EvaluationCriteria>) -> Value {
        match from {
            Some(EvaluationCriteria::PromQlCriteria(promql)) => {
                Value::object([("promql_criteria", OptionalBlock::<Promql>::get(Some(promql)))])
            }
            _ => Value::null(object_type(&criteria_rows())),
        }
    }
}
impl Put<Option<EvaluationCriteria>> for Criteria {
    fn put(from: &Attrs, name: &str) -> Option<EvaluationCriteria> {
        let promql = OptionalBlock::<Promql>::put(from.blocks(name).first()?, "promql_criteria");
        promql.map(EvaluationCriteria::PromQlCriteria)
    }
}

table! {
    Rows: MetricAlarm, create PutAlarm {
        actions_enabled: Flag [.default(true)];
        alarm_actions: Texts;
        alarm_description: Text;
        alarm_name: Text [.required().force_new()];
        comparison_operator: EnumCell [.check(|v| checks::one_of(v, &COMPARISONS))];
        datapoints_to_alarm: Int [.check(at_least_one)];
        dimensions: Dimensions;
        evaluate_low_sample_count_percentiles = evaluate_low_sample_count_percentile: Text
            [.optional_computed().check(|v| checks::one_of(v, &["evaluate", "ignore"]))];
        evaluation_interval: Int [.check(period)];
        evaluation_periods: Int [.check(at_least_one)];
        extended_statistic: Text;
        insufficient_data_actions: Texts;
        metric_name: Text;
        namespace: Text;
        ok_actions: Texts;
        period: Int [.check(period)];
        statistic: EnumCell
            [.check(|v| checks::one_of(v, &["SampleCount", "Average", "Sum", "Minimum", "Maximum"]))];
        threshold: Real;
        threshold_metric_id: Text;
        treat_missing_data: Text, create [.default("missing")]
            [.check(|v| checks::one_of(v, &["missing", "ignore", "breaching", "notBreaching"]))]
            [.read(|a| a.held().treat_missing_data().unwrap_or("missing").into())];
        unit: EnumCell;
        evaluation_criteria: Criteria;
        metric_query = metrics: BlockSet<Query>;
        warm_up_configuration: OptionalBlock<WarmUp>;
        arn = alarm_arn: Text, read [.computed()];
    }
}

fn period(value: &Value) -> Result<(), String> {
    let fits = |seconds| [10, 20, 30].contains(&seconds) || (seconds > 0 && seconds % 60 == 0);
    checks::number(value, fits, "is not a valid period; AWS takes 10, 20, 30 and multiples of 60, in seconds")
}

fn at_least_one(value: &Value) -> Result<(), String> {
    checks::number(value, |count| count >= 1, "is less than 1")
}

/// What is watched is a metric, a query or a PromQL expression; each needs some arguments and
/// excludes others.
fn check(want: &Attrs) -> Faults {
    const WATCHED: [&str; 3] = ["metric_name", "metric_query", "evaluation_criteria"];
    const OF_NUMBERS: [&str; 5] =
        ["threshold", "comparison_operator", "threshold_metric_id", "evaluation_periods", "datapoints_to_alarm"];
    if WATCHED.iter().any(|name| want.is_unknown(name)) {
        return Vec::new();
    }
    let blocks = |name: &str| !want.blocks(name).is_empty();
    let empty = |value: &Value| value.as_str() == Some("") || value.as_entries().is_some_and(|all| all.is_empty());
    let given = |name: &str| want.is_given(name) && !want.get(name).is_some_and(empty);
    let watched = [given("metric_name"), blocks("metric_query"), blocks("evaluation_criteria")];
    let by_criteria = [&OF_ONE_METRIC[..], &OF_NUMBERS].concat();
    let (kind, needs, excludes): (&str, &[&str], &[&str]) = match watched {
        [true, false, false] => {
            ("on a metric", &["comparison_operator", "evaluation_periods", "namespace", "period"], &[])
        }
        [false, true, false] => ("on a metric_query", &["comparison_operator", "evaluation_periods"], &OF_ONE_METRIC),
        [false, false, true] => ("with evaluation_criteria", &["evaluation_interval"], &by_criteria),
        _ => ("", &[], &[]),
    };
    let excluded = |name: &str| match watched[1] {
        true => format!("an alarm on a metric_query takes {name} in the query's own metric block"),
        false => format!("an alarm {kind} takes no {name}"),
    };
    let mut wrong: Faults = excludes.iter().filter(|name| given(name)).map(|name| (*name, excluded(name))).collect();
    let missing = needs.iter().filter(|name| !given(name));
    wrong.extend(missing.map(|name| (*name, format!("an alarm {kind} needs {name}"))));
    if kind == "on a metric_query" {
        let queries = metric_query::check(&want.blocks("metric_query"), want.str("threshold_metric_id"));
        wrong.extend(queries.into_iter().map(|message| ("metric_query", message)));
    }
    let one = kind == "on a metric";
    let (of, out_of) = (want.int("datapoints_to_alarm"), want.int("evaluation_periods"));
    wrong.extend(faults! {
        one && !given("statistic") && !given("extended_statistic") => "statistic",
            "an alarm on a metric needs statistic or extended_statistic";
        one && !given("threshold") && !given("threshold_metric_id") => "threshold", "an alarm on a metric needs threshold";
        kind.is_empty() => "metric_name", format!("an alarm needs exactly one of {}", WATCHED.join(", "));
        of.zip(out_of).is_some_and(|(of, out_of)| of > out_of) => "datapoints_to_alarm",
            format!("{} is more than the {} of evaluation_periods", of.unwrap_or(0), out_of.unwrap_or(0));
    });
    wrong
}

/// The alarms with these names, with their tags.
pub async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Alarm>> {
    let mut found = Vec::new();
    for names in names.chunks(NAMES_PER_CALL) {
        let call = aws.read.cloudwatch.describe_alarms().alarm_types(AlarmType::MetricAlarm);
        let pages = all_of(call.set_alarm_names(Some(names.to_vec())).into_paginator().send()).await?;
        found.extend(pages.into_iter().flat_map(|page| page.metric_alarms.unwrap_or_default()));
    }
    each(found, |object| async move {
        let call = aws.read.cloudwatch.list_tags_for_resource();
        let answer = call.set_resource_arn(object.alarm_arn().map(Into::into)).send().await?;
        Ok(Alarm { object, tags: answer.tags.unwrap_or_default() })
    })
    .await
}

/// All arguments but the tags: what is left out of a put is gone.
fn put(aws: &Aws, want: &Attrs) -> PutAlarm {
    let call = Rows::create(aws.write.cloudwatch.put_metric_alarm(), want);
    if !want.blocks("evaluation_criteria").is_empty() {
        return call.set_threshold(None).set_treat_missing_data(None);
    }
    if text(want, "threshold_metric_id").is_some() { call.set_threshold(None) } else { call }
}

impl Resource for AwsCloudwatchMetricAlarm {
    type Live = Alarm;

    fn spec() -> Spec<Alarm> {
        Spec::new("aws_cloudwatch_metric_alarm", |a: &Alarm| a.alarm_name().map(Into::into), Rows::rows())
            .role(Role::NotServing("it says how services are"))
            .own_tags(|a| tags::of(&a.tags))
            .unique(&[&["alarm_name"]])
            .recover(Recover::Key)
            .conflicts(&[&["statistic", "extended_statistic"], &["threshold", "threshold_metric_id"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Alarm>> {
        listed(aws, &which.by("alarm_name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("alarm_name").unwrap_or_default();
        let names = std::slice::from_ref(&name);
        let same = aws.read.cloudwatch.describe_alarms().set_alarm_names(Some(names.to_vec())).send().await?;
        if !same.metric_alarms().is_empty() {
            let message = format!("an alarm {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        put(aws, want).set_tags(tags::wanted(want)).send().await?;
        Ok(name)
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let cloudwatch = &aws.write.cloudwatch;
        let arn = change.before.str("arn").unwrap_or_default();
        tags::change_by!(change, cloudwatch, tag_resource untag_resource, resource_arn arn)?;
        if change.take_all() { done(put(aws, change.after).send().await) } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.cloudwatch.delete_alarms().alarm_names(id).send().await)
    }
}
