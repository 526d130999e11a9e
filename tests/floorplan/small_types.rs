//! Filters and streams of logs, grants and policies of keys, policies and rotations of secrets, against the sandbox.

use serde_json::json;

use crate::types::Account;

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:rotate";

fn lets(service: &str, action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*",
           "Principal": {"Service": service}}]})
    .to_string()
}

#[test]
fn lines_of_a_log_group_are_counted_and_sent_on() {
    let account = Account::start();
    let group = account.make("aws_cloudwatch_log_group", json!({"name": "web"}));
    let other = account.make("aws_cloudwatch_log_group", json!({"name": "all"}));
    let stream = account.make("aws_cloudwatch_log_stream", json!({"name": "a", "log_group_name": group.id}));
    assert_eq!(stream.id, "web:a");
    stream.delete();

    let metric = |pattern: &str, value: &str| {
        json!({"name": "errors", "log_group_name": group.id, "pattern": pattern,
               "metric_transformation": [{"name": "Errors", "namespace": "web", "value": value, "default_value": "0"}]})
    };
    let mut filter = account.make("aws_cloudwatch_log_metric_filter", metric("ERROR", "1"));
    assert_eq!(filter.id, "web:errors");
    filter.change(metric("", "2"));
    filter.delete();

    let to = other.text("arn");
    let sent = |pattern: &str| json!({"name": "on", "log_group_name": group.id, "filter_pattern": pattern, "destination_arn": to});
    let mut filter = account.make("aws_cloudwatch_log_subscription_filter", sent(""));
    filter.change(sent("ERROR"));
    filter.delete();

    let policy = |action: &str| json!({"policy_name": "es", "policy_document": lets("es.amazonaws.com", action)});
    let mut writers = account.make("aws_cloudwatch_log_resource_policy", policy("logs:PutLogEvents"));
    writers.change(policy("logs:CreateLogStream"));
    writers.delete();
}

#[test]
fn a_key_is_granted_and_has_a_policy() {
    let account = Account::start();
    let key = account.make("aws_kms_key", json!({})).id;
    let grant = |context: &str| {
        json!({"key_id": key, "name": "it", "grantee_principal": "arn:aws:iam::123456789012:role/web",
               "operations": ["Decrypt", "Encrypt"], "constraints": [{"encryption_context_equals": {"a": context}}]})
    };
    let made = account.make("aws_kms_grant", grant("b"));
    assert!(made.id.starts_with(&format!("{key}:")) && !made.text("grant_token").is_empty());
    made.delete();

    let policy = |action: &str| json!({"key_id": key, "policy": lets("logs.amazonaws.com", action)});
    let mut of_key = account.make("aws_kms_key_policy", policy("kms:Encrypt*"));
    of_key.change(policy("kms:Decrypt*"));
    of_key.forget();
    let now = account.describe("aws_kms_key", std::slice::from_ref(&key));
    assert!(now[0].attrs.str("policy").is_some_and(|text| text.contains(":root")), "it goes back to the usual one");
}

#[test]
fn a_secret_has_a_policy_and_is_replaced() {
    let account = Account::start();
    let secret = account.make("aws_secretsmanager_secret", json!({"name": "db", "recovery_window_in_days": 0})).id;
    account.make("aws_secretsmanager_secret_version", json!({"secret_id": secret, "secret_string": "battery-staple"}));
    let policy = |action: &str| json!({"secret_arn": secret, "policy": lets("ecs.amazonaws.com", action)});
    let mut readers = account.make("aws_secretsmanager_secret_policy", policy("secretsmanager:GetSecretValue"));
    readers.change(policy("secretsmanager:DescribeSecret"));
    readers.delete();

    let rules = |days: i32| json!({"secret_id": secret, "rotation_lambda_arn": FUNCTION, "rotation_rules": [{"automatically_after_days": days}]});
    let mut rotation = account.make("aws_secretsmanager_secret_rotation", rules(30));
    rotation.change(rules(60));
    rotation.delete();
}

#[test]
fn a_group_has_other_sizes_at_other_times() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
    let subnet = account.make("aws_subnet", json!({"vpc_id": vpc, "cidr_block": "10.0.0.0/24"})).id;
    let image = account.data("aws_ami", json!({"most_recent": true, "owners": ["amazon"]})).string("id");
    let template = json!({"name": "web", "image_id": image, "instance_type": "t3.micro"});
    let template = account.make("aws_launch_template", template).id;
    let config = json!({"name": "web", "min_size": 0, "max_size": 1, "vpc_zone_identifier": [subnet],
                        "launch_template": [{"id": template}]});
    let group = account.make("aws_autoscaling_group", config).id;
    let night = |most: i32, at: &str| {
        json!({"scheduled_action_name": "night", "autoscaling_group_name": group, "recurrence": at, "min_size": 0,
               "max_size": most, "desired_capacity": -1, "time_zone": "Europe/Berlin"})
    };
    let mut schedule = account.make("aws_autoscaling_schedule", night(1, "0 22 * * *"));
    assert_eq!(schedule.id, "web/night");
    schedule.change(night(2, "0 23 * * *"));
    schedule.delete();

    let lattice = "arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-0123456789abcdef0";
    let source = json!([{"identifier": lattice, "type": "vpc-lattice"}]);
    let config = json!({"autoscaling_group_name": group, "traffic_source": source});
    let attachment = account.make("aws_autoscaling_traffic_source_attachment", config);
    assert_eq!(attachment.id, format!("web,vpc-lattice,{lattice}"));
    attachment.delete();
}

#[test]
fn the_internet_is_kept_out_of_all_networks_but_one() {
    let account = Account::start();
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
    let type_name = "aws_vpc_block_public_access_options";
    let mut options = account.make(type_name, json!({"internet_gateway_block_mode": "block-ingress"}));
    assert_eq!(options.id, "eu-west-1");
    options.change(json!({"internet_gateway_block_mode": "block-bidirectional"}));
    let but = |mode: &str| json!({"vpc_id": vpc, "internet_gateway_exclusion_mode": mode, "tags": {"Name": "a"}});
    let mut exclusion = account.make("aws_vpc_block_public_access_exclusion", but("allow-egress"));
    assert!(exclusion.text("resource_arn").ends_with(&vpc));
    exclusion.change(but("allow-bidirectional"));
    exclusion.delete();
    options.forget();
    let now = account.describe(type_name, &["eu-west-1".into()]);
    assert_eq!(now[0].attrs.str("internet_gateway_block_mode"), Some("off"));
}

#[test]
fn names_of_aws_are_taken_apart_and_regions_listed() {
    let account = Account::start();
    let found = account.data("aws_arn", json!({"arn": "arn:aws:iam::123456789012:role/web"}));
    assert_eq!(
        (found.str("service"), found.str("account"), found.str("resource")),
        (Some("iam"), Some("123456789012"), Some("role/web"))
    );
    assert!(account.data("aws_regions", json!({})).strings("names").contains(&"eu-west-1".to_owned()));
    let found = account.data("aws_service_principal", json!({"service_name": "logs"}));
    assert_eq!(
        (found.str("name"), found.str("id")),
        (Some("logs.amazonaws.com"), Some("logs.eu-west-1.amazonaws.com"))
    );

    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
    let subnet = account.make("aws_subnet", json!({"vpc_id": vpc, "cidr_block": "10.0.0.0/24"})).id;
    let address = account.make("aws_eip", json!({"domain": "vpc"}));
    assert_eq!(account.data("aws_eips", json!({})).strings("allocation_ids"), [address.id.as_str()]);
    let nat = account.make("aws_nat_gateway", json!({"subnet_id": subnet, "connectivity_type": "private"})).id;
    assert_eq!(account.data("aws_nat_gateways", json!({"vpc_id": vpc})).strings("ids"), [nat.as_str()]);
    let group = account.make("aws_security_group", json!({"name": "a", "vpc_id": vpc})).id;
    let of_group = json!({"filter": [{"name": "group-id", "values": [group]}]});
    assert_eq!(account.data("aws_vpc_security_group_rules", of_group).strings("ids"), [""; 0]);
    for empty in [
        "aws_ebs_volumes",
        "aws_vpc_peering_connections",
        "aws_ec2_transit_gateway_attachments",
        "aws_ec2_transit_gateway_route_tables",
    ] {
        assert_eq!(account.data(empty, json!({})).strings("ids"), [""; 0], "{empty}");
    }
    assert!(!account.data("aws_network_interfaces", json!({})).strings("ids").is_empty());
    assert!(!account.data("aws_ec2_managed_prefix_lists", json!({})).strings("ids").is_empty());
}
