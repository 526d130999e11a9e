//! aws_cloudwatch_metric_alarm: says that a metric, or what is computed from some, is not as it should
//! be. PutMetricAlarm makes an alarm and changes one, and would take over another's without a word.

use super::metric_query::{self, Dimensions, Query};
use crate::resources::block::text;
use crate::resources::prelude::*;
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder as PutAlarm;
use aws_sdk_cloudwatch::types::{
    AlarmPromQlCriteria, AlarmType, EvaluationCriteria, MetricAlarm, Tag, WarmUpConfiguration,
};

/// An alarm as listed, with its tags.
pub struct Alarm {
    /// What CloudWatch lists.
    pub alarm: MetricAlarm,
    /// Its tags.
    pub tags: Vec<Tag>,
}

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
    rows([A::<()>::optional_block("promql_criteria", Promql::rows()).count(1, Some(1))])
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
        treat_missing_data: Text, create [.default("missing").check(missing)]
            [.read(|a| a.held().treat_missing_data().unwrap_or("missing").into())];
        unit: EnumCell;
        evaluation_criteria: Criteria;
        metric_query = metrics: BlockSet<Query>;
        warm_up_configuration: OptionalBlock<WarmUp>;
        arn = alarm_arn: Text, read [.computed()];
    }
}

impl Holds<MetricAlarm> for Alarm {
    fn held(&self) -> &MetricAlarm {
        &self.alarm
    }
}

fn period(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(seconds) if ![10, 20, 30].contains(&seconds) && (seconds <= 0 || seconds % 60 != 0) => {
            Err(format!("{seconds} is not a valid period; AWS takes 10, 20, 30 and multiples of 60, in seconds"))
        }
        _ => Ok(()),
    }
}

fn at_least_one(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(count) if count < 1 => Err(format!("{count} is less than 1")),
        _ => Ok(()),
    }
}

fn missing(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["missing", "ignore", "breaching", "notBreaching"])
}

/// What is watched is a metric, a query or a PromQL expression; each needs some arguments and
/// excludes others.
fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    const WATCHED: [&str; 3] = ["metric_name", "metric_query", "evaluation_criteria"];
    if WATCHED.iter().any(|name| want.is_unknown(name)) {
        return Vec::new();
    }
    let blocks = |name: &str| !want.blocks(name).is_empty();
    let given = |name: &str| {
        want.is_unknown(name)
            || (want.is_set(name)
                && want.str(name) != Some("")
                && want.get(name).and_then(Value::as_entries).is_none_or(|entries| !entries.is_empty()))
    };
    let watched = [given("metric_name"), blocks("metric_query"), blocks("evaluation_criteria")];
    let mut wrong = Vec::new();
    let mut say = |name, message: String| wrong.push((name, message));
    match watched {
        [true, false, false] => {
            for name in ["comparison_operator", "evaluation_periods", "namespace", "period"] {
                if !given(name) {
                    say(name, format!("an alarm on a metric needs {name}"));
                }
            }
            if !given("statistic") && !given("extended_statistic") {
                say("statistic", "an alarm on a metric needs statistic or extended_statistic".into());
            }
            if !given("threshold") && !given("threshold_metric_id") {
                say("threshold", "an alarm on a metric needs threshold".into());
            }
        }
        [false, true, false] => {
            for name in OF_ONE_METRIC.into_iter().filter(|name| given(name)) {
                say(name, format!("an alarm on a metric_query takes {name} in the query's own metric block"));
            }
            for name in ["comparison_operator", "evaluation_periods"] {
                if !given(name) {
                    say(name, format!("an alarm on a metric_query needs {name}"));
                }
            }
            for message in metric_query::check(&want.blocks("metric_query"), want.str("threshold_metric_id")) {
                say("metric_query", message);
            }
        }
        [false, false, true] => {
            let others = ["threshold", "comparison_operator", "threshold_metric_id", "evaluation_periods"];
            for name in OF_ONE_METRIC.into_iter().chain(others).chain(["datapoints_to_alarm"]) {
                if given(name) {
                    say(name, format!("an alarm with evaluation_criteria takes no {name}"));
                }
            }
            if !given("evaluation_interval") {
                say("evaluation_interval", "an alarm with evaluation_criteria needs evaluation_interval".into());
            }
        }
        _ => say("metric_name", format!("an alarm needs exactly one of {}", WATCHED.join(", "))),
    }
    let (of, out_of) = (want.int("datapoints_to_alarm"), want.int("evaluation_periods"));
    if let (Some(of), Some(out_of)) = (of, out_of)
        && of > out_of
    {
        say("datapoints_to_alarm", format!("{of} is more than the {out_of} of evaluation_periods"));
    }
    wrong
}

/// The alarms with these names, with their tags.
pub async fn listed(aws: &Aws, names: &[String]) -> Result<Vec<Alarm>> {
    let mut found = Vec::new();
    for names in names.chunks(NAMES_PER_CALL) {
        let call = aws.read.cloudwatch.describe_alarms().alarm_types(AlarmType::MetricAlarm);
        let mut pages = call.set_alarm_names(Some(names.to_vec())).into_paginator().send();
        while let Some(page) = pages.next().await {
            found.extend(page?.metric_alarms.unwrap_or_default());
        }
    }
    each(found, |alarm| async move {
        let call = aws.read.cloudwatch.list_tags_for_resource();
        let answer = call.set_resource_arn(alarm.alarm_arn().map(Into::into)).send().await?;
        Ok(Alarm { alarm, tags: answer.tags.unwrap_or_default() })
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
        Spec::new("aws_cloudwatch_metric_alarm", |a: &Alarm| a.alarm.alarm_name().map(Into::into), Rows::rows())
            .role(Role::NotServing("it says how services are"))
            .tags(|a| tags::of(&a.tags))
            .tagging(Tagging::Own)
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
        let set = |tags| cloudwatch.tag_resource().resource_arn(arn).set_tags(Some(tags)).send();
        let unset = |keys| cloudwatch.untag_resource().resource_arn(arn).set_tag_keys(Some(keys)).send();
        tags::change(change, set, unset).await?;
        let changed: Vec<String> = change.unhandled().map(str::to_owned).collect();
        if change.take_any(&changed.iter().map(String::as_str).collect::<Vec<_>>()) {
            put(aws, change.after).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.cloudwatch.delete_alarms().alarm_names(id).send().await?;
        Ok(())
    }
}
