//! aws_cloudwatch_metric_alarm: says that a metric, or what is computed from some, is not as it should
//! be. PutMetricAlarm makes an alarm and changes one, and would take over another's without a word.

use super::metric_query;
use crate::aws::{Aws, Error, Kind, Result, each};
use crate::resources::spec::{self, Resource, Spec, Tagging, Token, Which, rows};
use crate::resources::tags;
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::{Number, Type, Value};
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder as Put;
use aws_sdk_cloudwatch::types::{
    AlarmPromQlCriteria, AlarmType, ComparisonOperator, EvaluationCriteria, MetricAlarm, StandardUnit, Statistic, Tag,
    WarmUpConfiguration,
};

type A = spec::A<Alarm>;
type Row = spec::A<()>;

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

fn promql_rows() -> Vec<Attribute> {
    rows([Row::number("pending_period"), Row::string("query").required(), Row::number("recovery_period")])
}

fn criteria_rows() -> Vec<Attribute> {
    rows([Row::optional_block("promql_criteria", promql_rows()).count(1, Some(1))])
}

fn warm_up_rows() -> Vec<Attribute> {
    rows([
        Row::bool("only_start_evaluating_after_warm_up_period_ends").default(false),
        Row::number("warm_up_period_duration_in_minutes").required(),
    ])
}

fn criteria(alarm: &MetricAlarm) -> Value {
    match alarm.evaluation_criteria() {
        Some(EvaluationCriteria::PromQlCriteria(promql)) => {
            let inner = Value::object([
                ("pending_period", Value::from(promql.pending_period())),
                ("query", promql.query().into()),
                ("recovery_period", promql.recovery_period().into()),
            ]);
            Value::object([("promql_criteria", inner)])
        }
        _ => Value::null(object_type(&criteria_rows())),
    }
}

fn wanted_criteria(want: &Attrs) -> Option<EvaluationCriteria> {
    let promql = want.blocks("evaluation_criteria").first()?.blocks("promql_criteria").into_iter().next()?;
    let criteria = AlarmPromQlCriteria::builder()
        .set_query(promql.string("query"))
        .set_pending_period(promql.int("pending_period"))
        .set_recovery_period(promql.int("recovery_period"));
    Some(EvaluationCriteria::PromQlCriteria(criteria.build()))
}

fn warm_up(alarm: &MetricAlarm) -> Value {
    match alarm.warm_up_configuration() {
        Some(warm_up) => Value::object([
            (
                "only_start_evaluating_after_warm_up_period_ends",
                warm_up.only_start_evaluating_after_warm_up_period_ends().unwrap_or(false).into(),
            ),
            ("warm_up_period_duration_in_minutes", warm_up.warm_up_period_duration_in_minutes().into()),
        ]),
        None => Value::null(object_type(&warm_up_rows())),
    }
}

fn wanted_warm_up(want: &Attrs) -> Option<WarmUpConfiguration> {
    let block = want.blocks("warm_up_configuration").into_iter().next()?;
    let built = WarmUpConfiguration::builder()
        .set_only_start_evaluating_after_warm_up_period_ends(
            block.bool("only_start_evaluating_after_warm_up_period_ends"),
        )
        .set_warm_up_period_duration_in_minutes(block.int("warm_up_period_duration_in_minutes"));
    Some(built.build())
}

fn period(value: &Value) -> std::result::Result<(), String> {
    match value.as_i64() {
        Some(seconds) if ![10, 20, 30].contains(&seconds) && (seconds <= 0 || seconds % 60 != 0) => {
            Err(format!("{seconds} is not a valid period; AWS takes 10, 20, 30 and multiples of 60, in seconds"))
        }
        _ => Ok(()),
    }
}

fn at_least_one(value: &Value) -> std::result::Result<(), String> {
    match value.as_i64() {
        Some(count) if count < 1 => Err(format!("{count} is less than 1")),
        _ => Ok(()),
    }
}

fn missing(value: &Value) -> std::result::Result<(), String> {
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
fn put(aws: &Aws, name: &str, want: &Attrs) -> Put {
    let text = |argument: &str| want.string(argument).filter(|t| !t.is_empty());
    let list = |argument: &str| Some(want.strings(argument)).filter(|l| !l.is_empty());
    let count = |argument: &str| want.int(argument).filter(|n| *n != 0);
    let criteria = wanted_criteria(want);
    let queries = metric_query::wanted(&want.blocks("metric_query"));
    let unless_promql = criteria.is_none();
    let banded = text("threshold_metric_id").is_some();
    let threshold = want.get("threshold").and_then(Value::as_number).map(Number::to_f64);
    aws.write
        .cloudwatch
        .put_metric_alarm()
        .alarm_name(name)
        .set_actions_enabled(want.bool("actions_enabled"))
        .set_alarm_actions(list("alarm_actions"))
        .set_alarm_description(text("alarm_description"))
        .set_comparison_operator(text("comparison_operator").as_deref().map(ComparisonOperator::from))
        .set_datapoints_to_alarm(count("datapoints_to_alarm"))
        .set_dimensions(Some(metric_query::dimensions(want)).filter(|d| !d.is_empty()))
        .set_evaluate_low_sample_count_percentile(text("evaluate_low_sample_count_percentiles"))
        .set_evaluation_criteria(criteria)
        .set_evaluation_interval(count("evaluation_interval"))
        .set_evaluation_periods(count("evaluation_periods"))
        .set_extended_statistic(text("extended_statistic"))
        .set_insufficient_data_actions(list("insufficient_data_actions"))
        .set_metric_name(text("metric_name"))
        .set_metrics(Some(queries).filter(|q| !q.is_empty()))
        .set_namespace(text("namespace"))
        .set_ok_actions(list("ok_actions"))
        .set_period(count("period"))
        .set_statistic(text("statistic").as_deref().map(Statistic::from))
        .set_threshold(threshold.filter(|_| unless_promql && !banded))
        .set_threshold_metric_id(text("threshold_metric_id"))
        .set_treat_missing_data(text("treat_missing_data").filter(|_| unless_promql))
        .set_unit(text("unit").as_deref().map(StandardUnit::from))
        .set_warm_up_configuration(wanted_warm_up(want))
}

fn tag((key, value): (String, String)) -> Tag {
    Tag::builder().key(key).value(value).build()
}

impl Resource for AwsCloudwatchMetricAlarm {
    type Live = Alarm;

    fn spec() -> Spec<Alarm> {
        let [tags, tags_all] = A::tags(|a| {
            tags::visible(a.tags.iter().map(|t| (t.key().unwrap_or_default(), t.value().unwrap_or_default())))
        });
        let rows = vec![
            A::bool("actions_enabled").default(true).read(|a| a.alarm.actions_enabled().unwrap_or(true).into()),
            A::string_set("alarm_actions").read(|a| Value::string_set(a.alarm.alarm_actions())),
            A::string("alarm_description").read(|a| a.alarm.alarm_description().into()),
            A::string("alarm_name").required().force_new().read(|a| a.alarm.alarm_name().into()),
            A::string("comparison_operator")
                .check(|v| checks::one_of(v, &COMPARISONS))
                .read(|a| a.alarm.comparison_operator().map(ComparisonOperator::as_str).into()),
            A::number("datapoints_to_alarm").check(at_least_one).read(|a| a.alarm.datapoints_to_alarm().into()),
            A::of("dimensions", Type::map(Type::String)).read(|a| metric_query::dimension_map(a.alarm.dimensions())),
            A::string("evaluate_low_sample_count_percentiles")
                .optional_computed()
                .check(|v| checks::one_of(v, &["evaluate", "ignore"]))
                .read(|a| a.alarm.evaluate_low_sample_count_percentile().into()),
            A::number("evaluation_interval").check(period).read(|a| a.alarm.evaluation_interval().into()),
            A::number("evaluation_periods").check(at_least_one).read(|a| a.alarm.evaluation_periods().into()),
            A::string("extended_statistic").read(|a| a.alarm.extended_statistic().into()),
            A::string_set("insufficient_data_actions").read(|a| Value::string_set(a.alarm.insufficient_data_actions())),
            A::string("metric_name").read(|a| a.alarm.metric_name().into()),
            A::string("namespace").read(|a| a.alarm.namespace().into()),
            A::string_set("ok_actions").read(|a| Value::string_set(a.alarm.ok_actions())),
            A::number("period").check(period).read(|a| a.alarm.period().into()),
            A::string("statistic")
                .check(|v| checks::one_of(v, &["SampleCount", "Average", "Sum", "Minimum", "Maximum"]))
                .read(|a| a.alarm.statistic().map(Statistic::as_str).into()),
            A::number("threshold").read(|a| a.alarm.threshold().and_then(Number::from_f64).into()),
            A::string("threshold_metric_id").read(|a| a.alarm.threshold_metric_id().into()),
            A::string("treat_missing_data")
                .default("missing")
                .check(missing)
                .read(|a| a.alarm.treat_missing_data().unwrap_or("missing").into()),
            A::string("unit").read(|a| a.alarm.unit().map(StandardUnit::as_str).into()),
            A::optional_block("evaluation_criteria", criteria_rows()).read(|a| criteria(&a.alarm)),
            A::block("metric_query", Nesting::Set, metric_query::query_rows())
                .read(|a| metric_query::read(a.alarm.metrics())),
            A::optional_block("warm_up_configuration", warm_up_rows()).read(|a| warm_up(&a.alarm)),
            A::string("arn").computed().read(|a| a.alarm.alarm_arn().into()),
            tags,
            tags_all,
        ];
        Spec::new("aws_cloudwatch_metric_alarm", |a| a.alarm.alarm_name().map(Into::into), rows)
            .tagging(Tagging::Own)
            .unique(&[&["alarm_name"]])
            .recover(Recover::Key)
            .conflicts(&[&["statistic", "extended_statistic"], &["threshold", "threshold_metric_id"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Alarm>> {
        match which {
            Which::Ids(ids) => listed(aws, ids).await,
            Which::Token(_) => Ok(Vec::new()),
            Which::NaturalKey(want) => listed(aws, want.string("alarm_name").as_slice()).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("alarm_name").unwrap_or_default();
        let names = std::slice::from_ref(&name);
        let same = aws.read.cloudwatch.describe_alarms().set_alarm_names(Some(names.to_vec())).send().await?;
        if !same.metric_alarms().is_empty() {
            let message = format!("an alarm {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let tags: Vec<Tag> = want.string_map("tags_all").into_iter().map(tag).collect();
        put(aws, &name, want).set_tags(Some(tags).filter(|t| !t.is_empty())).send().await?;
        Ok(name)
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some(retagging) = tags::take(change) {
            let arn = change.before.string("arn").unwrap_or_default();
            if !retagging.gone.is_empty() {
                let call = aws.write.cloudwatch.untag_resource().resource_arn(&arn);
                call.set_tag_keys(Some(retagging.gone)).send().await?;
            }
            if !retagging.set.is_empty() {
                let set = retagging.set.into_iter().map(tag).collect();
                aws.write.cloudwatch.tag_resource().resource_arn(&arn).set_tags(Some(set)).send().await?;
            }
        }
        let changed: Vec<String> = change.unhandled().map(str::to_owned).collect();
        if change.take_any(&changed.iter().map(String::as_str).collect::<Vec<_>>()) {
            put(aws, id, change.after).send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.cloudwatch.delete_alarms().alarm_names(id).send().await?;
        Ok(())
    }
}
