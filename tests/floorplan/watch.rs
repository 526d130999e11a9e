//! Log groups, alarms, topics and flow logs against a sandbox, checked by looks that do not go through
//! the program.

use serde_json::{Value as Json, json};

use crate::types::Account;

fn log_group(account: &Account, name: &str) -> Json {
    let body = json!({"logGroupNamePrefix": name});
    account.world.json("logs", "Logs_20140328.DescribeLogGroups", body)["logGroups"][0].clone()
}

#[test]
fn a_log_group_is_kept_as_long_and_as_secret_as_its_arguments_say() {
    const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/1";
    let account = Account::start();
    let mut group = account.make(
        "aws_cloudwatch_log_group",
        json!({"name": "/app/web", "retention_in_days": 30, "tags": {"a": "1", "b": "2"}}),
    );
    assert_eq!(log_group(&account, "/app/web")["retentionInDays"], 30);
    assert_eq!(group.text("arn"), "arn:aws:logs:eu-west-1:123456789012:log-group:/app/web");
    group.change(
        json!({"name": "/app/web", "kms_key_id": KEY, "deletion_protection_enabled": true, "tags": {"a": "3"}}),
    );
    let seen = log_group(&account, "/app/web");
    assert_eq!((&seen["kmsKeyId"], &seen["deletionProtectionEnabled"]), (&json!(KEY), &json!(true)));
    assert!(seen.get("retentionInDays").is_none(), "kept for ever: {seen}");
    let arn = json!({"resourceArn": group.text("arn")});
    let tags = account.world.json("logs", "Logs_20140328.ListTagsForResource", arn);
    assert_eq!(tags["tags"], json!({"a": "3"}));
    group.change(json!({"name": "/app/web"}));
    group.delete();
    assert!(log_group(&account, "/app/web").is_null());
    let named = account.make("aws_cloudwatch_log_group", json!({"name_prefix": "/app/"}));
    assert!(named.text("name").starts_with("/app/") && named.text("name_prefix") == "/app/");
    account.make("aws_cloudwatch_log_group", json!({"name": "/app", "log_group_class": "DELIVERY"}));
    account.world.forget_calls();
    assert_eq!(
        account.describe("aws_cloudwatch_log_group", &["/app".into(), named.id.clone(), "/gone".into()]).len(),
        2
    );
    let calls = account.world.calls();
    assert_eq!(calls.iter().filter(|call| call.action == "DescribeLogGroups").count(), 1);
}

#[test]
fn an_alarm_watches_a_metric_a_formula_or_a_band() {
    let account = Account::start();
    let simple = |more: Json| {
        let mut config = json!({"alarm_name": "cpu", "comparison_operator": "GreaterThanThreshold", "metric_name": "CPUUtilization",
            "namespace": "AWS/EC2", "period": 60, "evaluation_periods": 3, "statistic": "Average", "threshold": 80,
            "dimensions": {"InstanceId": "i-1"}, "alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:a"]});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let mut alarm = account.make("aws_cloudwatch_metric_alarm", simple(json!({"tags": {"a": "1"}})));
    let look = || account.world.query("monitoring", "DescribeAlarms", &[("AlarmNames.member.1", "cpu")]);
    assert_eq!((look().one("Threshold"), look().one("StateValue")), ("80.0".into(), "INSUFFICIENT_DATA".into()));
    alarm.change(simple(json!({"threshold": 0, "datapoints_to_alarm": 2, "treat_missing_data": "breaching",
        "alarm_description": "busy", "actions_enabled": false, "alarm_actions": null, "tags": {"b": "2"}})));
    assert_eq!((look().one("Threshold"), look().one("TreatMissingData")), ("0.0".into(), "breaching".into()));
    assert_eq!(look().all("AlarmActions"), [""]);
    let arn = alarm.text("arn");
    let tags = account.world.query("monitoring", "ListTagsForResource", &[("ResourceARN", &arn)]);
    assert_eq!((tags.all("Key"), tags.all("Value")), (vec!["b".to_owned()], vec!["2".to_owned()]));

    let metric = |name: &str| {
        json!({"metric_name": name, "namespace": "AWS/ApplicationELB", "period": 60, "stat": "Sum",
        "dimensions": {"LoadBalancer": "app/web/1"}})
    };
    let mut share = json!({"alarm_name": "share", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1, "threshold": 5,
        "metric_query": [
            {"id": "share", "expression": "bad * 100 / all", "label": "share of errors", "return_data": true},
            {"id": "bad", "metric": metric("HTTPCode_Target_5XX_Count")},
            {"id": "all", "metric": metric("RequestCount")}]});
    let mut of_share = account.make("aws_cloudwatch_metric_alarm", share.clone());
    share["metric_query"][0]["expression"] = json!("bad * 100 / (all + 1)");
    of_share.change(share.clone());
    share["metric_query"].as_array_mut().unwrap().rotate_left(1);
    of_share.change(share);
    assert_eq!(account.world.writes().iter().filter(|w| *w == "PutMetricAlarm").count(), 4, "order means nothing");
    let band = json!({"alarm_name": "band", "comparison_operator": "GreaterThanUpperThreshold", "evaluation_periods": 2,
        "threshold_metric_id": "band", "metric_query": [
            {"id": "band", "expression": "ANOMALY_DETECTION_BAND(load)", "return_data": true},
            {"id": "load", "metric": metric("RequestCount"), "return_data": true}]});
    account.make("aws_cloudwatch_metric_alarm", band).delete();
    let promql = json!({"alarm_name": "promql", "evaluation_interval": 60, "treat_missing_data": "missing",
        "evaluation_criteria": {"promql_criteria": {"query": "up == 0", "pending_period": 120}},
        "warm_up_configuration": {"warm_up_period_duration_in_minutes": 5}});
    account.make("aws_cloudwatch_metric_alarm", promql).delete();
    of_share.delete();
    alarm.delete();
}

#[test]
fn nothing_of_somebody_elses_is_taken_over() {
    let account = Account::start();
    let world = &account.world;
    let put = [
        ("AlarmName", "theirs"),
        ("MetricName", "m"),
        ("Namespace", "n"),
        ("Period", "60"),
        ("Threshold", "7"),
        ("EvaluationPeriods", "1"),
        ("Statistic", "Sum"),
        ("ComparisonOperator", "LessThanThreshold"),
    ];
    world.query("monitoring", "PutMetricAlarm", &put);
    let config = json!({"alarm_name": "theirs", "comparison_operator": "LessThanThreshold", "metric_name": "m", "namespace": "n",
        "period": 60, "evaluation_periods": 1, "statistic": "Sum", "threshold": 1});
    let refused = account.try_make("aws_cloudwatch_metric_alarm", config).expect_err("it is not ours");
    assert!(refused.to_string().contains("exists already"), "{refused}");
    assert_eq!(world.query("monitoring", "DescribeAlarms", &[]).one("Threshold"), "7.0");
}
