//! Log groups, alarms, topics and flow logs against a sandbox, checked by looks that do not go through
//! the program.

use serde_json::{Value as Json, json};

use crate::modules::Example;
use crate::support::World;
use crate::types::Account;

fn log_group(account: &Account, name: &str) -> Json {
    let body = json!({"logGroupNamePrefix": name});
    account.world.json("logs", "Logs_20140328.DescribeLogGroups", body)["logGroups"][0].clone()
}

#[test]
fn a_log_group_keeps_its_retention_and_key() {
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
    let found = account.data("aws_cloudwatch_log_group", json!({"name": "/app/web"}));
    assert_eq!((found.str("arn"), found.str("kms_key_id")), (group.live.str("arn"), Some(KEY)));
    assert!(account.try_data("aws_cloudwatch_log_group", json!({"name": "/app"})).is_err_and(|e| e.is_not_found()));
    group.change(json!({"name": "/app/web", "deletion_protection_enabled": false}));
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

/// An attribute of a topic or subscription, asked of SNS.
fn attribute(account: &Account, action: &str, id: &str, name: &str) -> Option<String> {
    let key = if action == "GetTopicAttributes" { "TopicArn" } else { "SubscriptionArn" };
    let answer = account.world.query("sns", action, &[(key, id)]);
    let (keys, values) = (answer.all("key"), answer.all("value"));
    keys.iter().position(|k| k == name).map(|at| values[at].clone())
}

#[test]
fn a_topic_has_its_attributes_and_a_policy_by_meaning() {
    let account = Account::start();
    let of = |id: &str, name: &str| attribute(&account, "GetTopicAttributes", id, name);
    let mut topic = account.make(
        "aws_sns_topic",
        json!({"name": "alarms", "display_name": "Alarms", "kms_master_key_id": "alias/aws/sns", "tags": {"a": "1"}}),
    );
    let arn = topic.id.clone();
    assert_eq!(of(&arn, "KmsMasterKeyId").as_deref(), Some("alias/aws/sns"));
    let policy = |principal: Json| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sns:Publish"], "Resource": arn,
            "Principal": principal}]})
        .to_string()
    };
    let of_account = policy(json!({"AWS": "123456789012"}));
    let more = json!({"name": "alarms", "signature_version": 2, "tracing_config": "Active", "http_success_feedback_sample_rate": 50,
        "http_success_feedback_role_arn": "arn:aws:iam::123456789012:role/a", "policy": of_account, "tags": {"b": "2"}});
    topic.change(more);
    assert_eq!(of(&arn, "HTTPSuccessFeedbackSampleRate").as_deref(), Some("50"));
    assert_eq!((of(&arn, "DisplayName"), of(&arn, "KmsMasterKeyId")), (Some(String::new()), None));
    assert_eq!(account.world.query("sns", "ListTagsForResource", &[("ResourceArn", &arn)]).all("Key"), ["b"]);
    let as_root = policy(json!({"AWS": "arn:aws:iam::123456789012:root"}));
    let set = [("TopicArn", arn.as_str()), ("AttributeName", "Policy"), ("AttributeValue", as_root.as_str())];
    account.world.query("sns", "SetTopicAttributes", &set);
    assert_eq!(topic.drift(), [""; 0], "an account is its root");

    let other = account.make("aws_sns_topic", json!({"name_prefix": "orders-"}));
    let mine = account
        .make("aws_sns_topic_policy", json!({"arn": other.id, "policy": policy(json!("*")).replace(&arn, &other.id)}));
    assert!(of(&other.id, "Policy").unwrap().contains("sns:Publish"));
    mine.delete();
    assert!(of(&other.id, "Policy").unwrap().contains("__default_policy_ID"), "the topic has AWS's own policy again");
    let refused = account.try_make("aws_sns_topic", json!({"name": "alarms"})).expect_err("it is there");
    assert!(refused.to_string().contains("exists already"), "{refused}");
    assert_eq!(account.data("aws_sns_topic", json!({"name": "alarms"})).str("arn"), Some(arn.as_str()));
    other.delete();
    topic.delete();
    account
        .make("aws_sns_topic", json!({"name": "orders.fifo", "fifo_topic": true, "content_based_deduplication": true}))
        .delete();
}

#[test]
fn a_subscription_waits_for_its_endpoint_and_for_nobody_else() {
    let account = Account::start();
    let of = |id: &str, name: &str| attribute(&account, "GetSubscriptionAttributes", id, name);
    let topic = account.make("aws_sns_topic", json!({"name": "alarms"})).id;
    let email = account.make(
        "aws_sns_topic_subscription",
        json!({"topic_arn": topic, "protocol": "email", "endpoint": "ops@example.com"}),
    );
    assert_eq!(email.live.bool("pending_confirmation"), Some(true));
    account.world.query("sns", "ConfirmSubscription", &[("TopicArn", &topic), ("Token", "ops@example.com")]);
    email.delete();

    let queue = |more: Json| {
        let mut config =
            json!({"topic_arn": topic, "protocol": "sqs", "endpoint": "arn:aws:sqs:eu-west-1:123456789012:q"});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        config
    };
    let filter = |text: &str| queue(json!({"filter_policy": text, "raw_message_delivery": true}));
    let mut told = account.make("aws_sns_topic_subscription", filter(r#"{"state":["ALARM","OK"]}"#));
    assert_eq!(of(&told.id, "RawMessageDelivery").as_deref(), Some("true"));
    account.world.forget_calls();
    told.change(filter(r#"{ "state": [ "OK", "ALARM" ] }"#));
    assert_eq!(account.world.writes(), [""; 0], "it filters the same");
    told.change(queue(json!({"filter_policy": r#"{"state":["OK"]}"#, "filter_policy_scope": "MessageBody",
        "redrive_policy": r#"{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead"}"#})));
    assert_eq!(of(&told.id, "FilterPolicyScope").as_deref(), Some("MessageBody"));
    told.delete();

    account.world.delay("subscription", 0.5);
    let web = account.make(
        "aws_sns_topic_subscription",
        json!({"topic_arn": topic, "protocol": "https", "endpoint": "https://example.com/a"}),
    );
    assert_eq!(web.live.bool("pending_confirmation"), Some(true));
}

#[test]
fn a_flow_log_is_written_where_its_arguments_say() {
    let account = Account::start();
    let world = &account.world;
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
    let subnet = account.make("aws_subnet", json!({"vpc_id": vpc, "cidr_block": "10.0.1.0/24"})).id;
    let group = account.make("aws_cloudwatch_log_group", json!({"name": "/vpc/flows"})).text("arn");
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}}]})
    .to_string();
    let role = "arn:aws:iam::123456789012:role/flows";
    let config = json!({"vpc_id": vpc, "traffic_type": "ALL", "iam_role_arn": role, "log_destination": format!("{group}:*"),
        "max_aggregation_interval": 60, "tags": {"Name": "flows"}});
    let early = account.try_make("aws_flow_log", config.clone()).expect_err("there is no role");
    assert!(early.is_not_found(), "a role that is not seen yet is asked for again: {early:?}");
    world.query("iam", "CreateRole", &[("RoleName", "flows"), ("AssumeRolePolicyDocument", &trust)]);
    let mut log = account.make("aws_flow_log", config);
    assert_eq!(world.ids("DescribeFlowLogs", "resourceId", &[("tag:Name", "flows")]), [vpc.as_str()]);
    log.change(json!({"vpc_id": vpc, "traffic_type": "ALL", "iam_role_arn": role, "log_destination": group,
        "max_aggregation_interval": 60, "tags": {"Name": "all"}}));
    assert_eq!(log.drift(), [""; 0], "a group is the same with and without its streams");

    let location =
        "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
    assert_eq!(world.send("PUT", "/flows", "s3", &[], location.as_bytes()).0, 200);
    let bucket = account.make(
        "aws_flow_log",
        json!({"subnet_id": subnet, "traffic_type": "REJECT", "log_destination_type": "s3", "log_destination": "arn:aws:s3:::flows/rejected/",
            "log_format": "${srcaddr} ${dstaddr} ${action}",
            "destination_options": {"file_format": "parquet", "per_hour_partition": true}}),
    );
    let seen = world.ec2("DescribeFlowLogs", &[("FlowLogId.1", &bucket.id)]);
    assert_eq!(
        (seen.one("resourceId"), seen.one("fileFormat"), seen.one("perHourPartition")),
        (subnet, "parquet".into(), "true".into())
    );
    bucket.delete();
    log.delete();
}

#[test]
fn one_more_watched_database_changes_nothing_else() {
    let example = Example::applied("monitoring", "network");
    let world = &example.world;
    let alarms = || {
        let mut names = world.query("monitoring", "DescribeAlarms", &[]).all("AlarmName");
        names.sort();
        names
    };
    let mut expected: Vec<String> = [
        "balancer-web-errors",
        "balancer-web-latency",
        "database-orders-cpu",
        "database-orders-memory",
        "database-orders-storage",
        "instance-bastion-status",
        "nat-eu-west-1a-drops",
        "nat-eu-west-1a-ports",
        "targets-web-unhealthy",
        "vpn-leeds-tunnel",
    ]
    .iter()
    .map(|name| format!("watched-{name}"))
    .collect();
    assert_eq!(alarms(), expected);
    assert_eq!(world.ec2("DescribeFlowLogs", &[]).one("logGroupName"), "/vpc/watched/flow-logs");
    assert_eq!(world.query("sns", "ListSubscriptions", &[]).all("Protocol").len(), 2);

    world.forget_calls();
    let more = ["--var", r#"databases={orders="orders-prod",users="users-prod"}"#];
    example.run("apply", &[&["--auto-approve"], &more[..]].concat()).succeeds();
    assert_eq!(world.writes(), ["PutMetricAlarm"; 3], "three alarms for it and nothing else");
    expected.extend(["cpu", "memory", "storage"].map(|what| format!("watched-database-users-{what}")));
    expected.sort();
    assert_eq!(alarms(), expected);

    world.query(
        "sns",
        "ConfirmSubscription",
        &[("TopicArn", "arn:aws:sns:eu-west-1:123456789012:watched-alarms"), ("Token", "duty@example.com")],
    );
    example.run("plan", &[&["--detailed-exitcode"], &more[..]].concat()).exits(0);
    example.run("destroy", &[&["--auto-approve"], &more[..]].concat()).succeeds();
    assert!(alarms().is_empty() && world.query("iam", "ListRoles", &[]).all("RoleName").is_empty());
    assert!(world.query("sns", "ListTopics", &[]).all("TopicArn").is_empty());
}

/// A role, a log group, a flow log between them, a topic with an alarm and a web endpoint that confirms
/// by itself. Names are ours to choose where the types allow it.
const NAMELESS: &str = r#"
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_cloudwatch_log_group" "flows" {
  name_prefix = "/vpc/"
}
resource "aws_iam_role" "flows" {
  name_prefix = "flows-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "vpc-flow-logs.amazonaws.com" }
  }] })
}
resource "aws_flow_log" "main" {
  vpc_id          = aws_vpc.main.id
  traffic_type    = "ALL"
  iam_role_arn    = aws_iam_role.flows.arn
  log_destination = aws_cloudwatch_log_group.flows.arn
}
resource "aws_sns_topic" "alarms" {}
resource "aws_sns_topic_subscription" "web" {
  topic_arn              = aws_sns_topic.alarms.arn
  protocol               = "https"
  endpoint               = "https://example.com/alarms"
  endpoint_auto_confirms = true
}
resource "aws_cloudwatch_metric_alarm" "flows" {
  alarm_name          = "flows"
  namespace           = "AWS/Logs"
  metric_name         = "IncomingLogEvents"
  dimensions          = { LogGroupName = aws_cloudwatch_log_group.flows.name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "LessThanThreshold"
  threshold           = 0.5
  alarm_actions       = [aws_sns_topic.alarms.arn]
}
"#;

#[test]
fn lost_answers_and_a_role_that_is_not_seen_yet_double_nothing() {
    let world = World::start();
    world.write("net/main.tf", NAMELESS);
    for action in ["CreateLogGroup", "CreateRole", "CreateTopic", "Subscribe", "PutMetricAlarm", "CreateFlowLogs"] {
        world.lose_answer(action);
    }
    let message = "Unable to assume given IAM role";
    world.fault(json!({"action": "CreateFlowLogs", "code": "InvalidParameter", "message": message, "times": 2}));
    world.delay("subscription", 1.0);
    world.floorplan(&["apply", "net", "--sandbox", "--auto-approve"]).succeeds();

    let groups = world.json("logs", "Logs_20140328.DescribeLogGroups", json!({}));
    assert_eq!(groups["logGroups"].as_array().map(Vec::len), Some(1));
    assert_eq!(world.query("iam", "ListRoles", &[]).all("RoleName").len(), 1);
    assert_eq!(world.query("sns", "ListTopics", &[]).all("TopicArn").len(), 1);
    assert_eq!(world.query("monitoring", "DescribeAlarms", &[]).one("Threshold"), "0.5");
    assert_eq!(world.ec2("DescribeFlowLogs", &[]).all("flowLogId").len(), 1);
    let listed = world.query("sns", "ListSubscriptions", &[]).one("SubscriptionArn");
    assert!(listed.starts_with("arn:"), "apply waited until the endpoint confirmed: {listed}");

    world.floorplan(&["plan", "net", "--sandbox", "--detailed-exitcode"]).exits(0);
    world.floorplan(&["destroy", "net", "--sandbox", "--auto-approve"]).succeeds();
    assert!(world.query("iam", "ListRoles", &[]).all("RoleName").is_empty());
}
