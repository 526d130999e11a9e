//! aws_cloudwatch_metric_alarm: says that a metric, or what is computed from some, is not as it should
//! be. PutMetricAlarm makes an alarm and changes one, and would take over another's without a word.

use super::metric_query::{self, Dimensions, Query};
use crate::aws::api::services::CLOUDWATCH;
use crate::aws::api::{Pages, items, member, member_text};
use crate::resources::document::{Document, Member, One, Unordered, at, document};
use crate::resources::prelude::*;
use crate::resources::row::unread;
use serde_json::{Value as Json, json};

/// An alarm with its tags.
pub type Alarm = tags::Tagged<Json, Json>;

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

document! {
    /// A PromQL expression that is watched.
    Promql {
        pending_period = "PendingPeriod": Int;
        query = "Query": Text [.required()];
        recovery_period = "RecoveryPeriod": Int;
    }
}

document! {
    /// When a new alarm begins to watch.
    WarmUp {
        only_start_evaluating_after_warm_up_period_ends = "OnlyStartEvaluatingAfterWarmUpPeriodEnds": Switch;
        warm_up_period_duration_in_minutes = "WarmUpPeriodDurationInMinutes": Int [.required()];
    }
}

/// Criteria of their own kind. So far AWS has one kind.
struct Criteria;

fn criteria_rows() -> Vec<Attribute> {
    rows([Row::optional_block("promql_criteria", unread(Promql::rows::<Json>())).count(1, Some(1))])
}

impl Cell for Criteria {
    fn column<L>(name: &'static str) -> A<L> {
        A::optional_block(name, criteria_rows())
    }
}
impl Member for Criteria {
    fn get(object: &Json, path: &str) -> Value {
        match member(object, path).filter(|criteria| member(criteria, "PromQLCriteria").is_some()) {
            Some(criteria) => Value::object([("promql_criteria", at::<One<Promql>>(criteria, "PromQLCriteria"))]),
            None => Value::null(object_type(&criteria_rows())),
        }
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        let promql = One::<Promql>::put(want.blocks(name).first()?, "promql_criteria");
        promql.map(|promql| json!({"PromQLCriteria": promql}))
    }
}

document! {
    Rows {
        actions_enabled = "ActionsEnabled": Flag [.default(true)];
        alarm_actions = "AlarmActions": Texts;
        alarm_description = "AlarmDescription": Text;
        alarm_name = "AlarmName": Text [.required().force_new()];
        comparison_operator = "ComparisonOperator": Text [.check(|v| checks::one_of(v, &COMPARISONS))];
        datapoints_to_alarm = "DatapointsToAlarm": Int [.check(at_least_one)];
        dimensions = "Dimensions": Dimensions;
        evaluate_low_sample_count_percentiles = "EvaluateLowSampleCountPercentile": Text
            [.optional_computed().check(|v| checks::one_of(v, &["evaluate", "ignore"]))];
        evaluation_interval = "EvaluationInterval": Int [.check(period)];
        evaluation_periods = "EvaluationPeriods": Int [.check(at_least_one)];
        extended_statistic = "ExtendedStatistic": Text;
        insufficient_data_actions = "InsufficientDataActions": Texts;
        metric_name = "MetricName": Text;
        namespace = "Namespace": Text;
        ok_actions = "OKActions": Texts;
        period = "Period": Int [.check(period)];
        statistic = "Statistic": Text
            [.check(|v| checks::one_of(v, &["SampleCount", "Average", "Sum", "Minimum", "Maximum"]))];
        threshold = "Threshold": Real;
        threshold_metric_id = "ThresholdMetricId": Text;
        treat_missing_data = "TreatMissingData": Text, create [.default("missing")]
            [.check(|v| checks::one_of(v, &["missing", "ignore", "breaching", "notBreaching"]))]
            [.read(|a| member_text(a.held(), "TreatMissingData").unwrap_or_else(|| "missing".to_owned()).into())];
        unit = "Unit": Text;
        evaluation_criteria = "EvaluationCriteria": Criteria;
        metric_query = "Metrics": Unordered<Query>;
        warm_up_configuration = "WarmUpConfiguration": One<WarmUp>;
        arn = "AlarmArn": Text, read [.computed()];
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

/// The alarms with these names and of this type, which is one of the lists of an answer, with their tags.
pub async fn listed(aws: &Aws, names: &[String], kind: &str) -> Result<Vec<Alarm>> {
    let mut found = Vec::new();
    for names in names.chunks(NAMES_PER_CALL) {
        let input = json!({"AlarmTypes": [kind], "AlarmNames": names});
        let pages = Pages("NextToken", "NextToken");
        found.extend(aws.read.api.list(&CLOUDWATCH, "DescribeAlarms", input, pages, &format!("{kind}s")).await?);
    }
    each(found, |object| async move {
        let input = json!({"ResourceARN": member(&object, "AlarmArn")});
        let answer = aws.read.api.call(&CLOUDWATCH, "ListTagsForResource", input).await?;
        Ok(Alarm { tags: items(&answer, "Tags"), object })
    })
    .await
}

/// The members of PutMetricAlarm but the tags: what is left out of a put is gone.
fn put(want: &Attrs) -> Json {
    let mut input = Rows::create(want);
    let by_criteria = !want.blocks("evaluation_criteria").is_empty();
    if by_criteria || text(want, "threshold_metric_id").is_some() {
        input["Threshold"] = Json::Null;
    }
    if by_criteria {
        input["TreatMissingData"] = Json::Null;
    }
    input
}

impl Resource for AwsCloudwatchMetricAlarm {
    type Live = Alarm;

    fn spec() -> Spec<Alarm> {
        Spec::new("aws_cloudwatch_metric_alarm", |a: &Alarm| member_text(a, "AlarmName"), Rows::rows())
            .role(Role::NotServing("it says how services are"))
            .own_tags(|a| tags::of(&a.tags))
            .unique(&[&["alarm_name"]])
            .recover(Recover::Key)
            .conflicts(&[&["statistic", "extended_statistic"], &["threshold", "threshold_metric_id"]])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Alarm>> {
        listed(aws, &which.by("alarm_name"), "MetricAlarm").await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let name = want.string("alarm_name").unwrap_or_default();
        let same = aws.read.api.call(&CLOUDWATCH, "DescribeAlarms", json!({"AlarmNames": [name]})).await?;
        if !items(&same, "MetricAlarms").is_empty() {
            let message = format!("an alarm {name:?} exists already; import it, or choose another name");
            return Err(Error::new(Kind::Exists, message));
        }
        let mut input = put(want);
        input["Tags"] = json!(tags::wanted::<Json>(want));
        aws.write.api.call(&CLOUDWATCH, "PutMetricAlarm", input).await?;
        Ok(name)
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let arn = change.before.str("arn").unwrap_or_default();
        tags::change_at(aws, &CLOUDWATCH, json!({"ResourceARN": arn}), change).await?;
        if !change.take_all() {
            return Ok(());
        }
        done(aws.write.api.call(&CLOUDWATCH, "PutMetricAlarm", put(change.after)).await)
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.api.call(&CLOUDWATCH, "DeleteAlarms", json!({"AlarmNames": [id]})).await)
    }
}
