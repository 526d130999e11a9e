//! Functions and what starts them, shares, and what scales beside groups, checked by looks that do not go through the
//! program.

use crate::types::Account;
use serde_json::{Value as Json, json};

/// A zip file with nothing in it.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

fn role(account: &Account) -> String {
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"Service": "lambda.amazonaws.com"}}]});
    account.make("aws_iam_role", json!({"name": "runner", "assume_role_policy": policy.to_string()})).text("arn")
}

fn zip(account: &Account, name: &str) -> String {
    let path = account.world.path().join(name);
    std::fs::write(&path, EMPTY_ZIP).expect("it is written");
    path.to_string_lossy().into_owned()
}

#[test]
fn a_function_keeps_its_code_and_configuration() {
    let account = Account::start();
    let (role, file) = (role(&account), zip(&account, "code.zip"));
    let config = |more: Json| {
        let mut all = json!({"function_name": "jobs", "role": role, "runtime": "python3.12", "handler": "main.handle",
            "filename": file});
        more.as_object().expect("arguments").iter().for_each(|(k, v)| all[k.as_str()] = v.clone());
        all
    };
    let first = json!({"timeout": 5, "environment": {"variables": {"A": "1"}}, "tags": {"a": "1", "b": "2"},
        "publish": true, "reserved_concurrent_executions": 2});
    let mut jobs = account.make("aws_lambda_function", config(first));
    assert_eq!((jobs.text("version"), jobs.text("code_sha256").len()), ("1".into(), 44));
    assert!(jobs.text("invoke_arn").ends_with("/invocations"), "{}", jobs.text("invoke_arn"));
    jobs.change(config(
        json!({"timeout": 9, "tracing_config": {"mode": "Active"}, "tags": {"a": "3"}, "publish": true}),
    ));
    let seen = account.data("aws_lambda_function", json!({"function_name": "jobs"}));
    assert_eq!(seen.str("version"), Some("2"));
    assert_eq!(seen.int("timeout"), Some(9));
    assert_eq!(seen.string_map("tags").into_iter().collect::<Vec<_>>(), [("a".to_owned(), "3".to_owned())]);
    assert!(jobs.live.blocks("environment").is_empty());
    assert_eq!(jobs.drift(), [""; 0]);

    let mut alias = account.make(
        "aws_lambda_alias",
        json!({"name": "live", "function_name": "jobs",
        "function_version": "1"}),
    );
    alias.change(json!({"name": "live", "function_name": "jobs", "function_version": "2"}));
    let permission = account.make(
        "aws_lambda_permission",
        json!({"function_name": "jobs", "principal": "123456789012",
        "action": "lambda:InvokeFunction", "source_account": "123456789012"}),
    );
    assert!(permission.id.starts_with("jobs/floorplan-"), "{}", permission.id);
    let queue = account.make("aws_sqs_queue", json!({"name": "work"}));
    let mapping =
        |size: u32| json!({"function_name": "jobs", "event_source_arn": queue.text("arn"), "batch_size": size});
    let mut reads = account.make("aws_lambda_event_source_mapping", mapping(4));
    reads.change(mapping(6));
    assert_eq!(reads.live.int("batch_size"), Some(6));
    reads.delete();
    permission.delete();
    alias.delete();
    jobs.delete();
}

#[test]
fn a_rule_hands_events_to_a_target() {
    let account = Account::start();
    let queue = account.make("aws_sqs_queue", json!({"name": "events"}));
    let pattern = |source: &str| json!({"source": [source]}).to_string();
    let mut rule = account.make(
        "aws_cloudwatch_event_rule",
        json!({"name": "seen", "event_pattern": pattern("a"),
        "tags": {"a": "1"}}),
    );
    rule.change(json!({"name": "seen", "event_pattern": pattern("b"), "state": "DISABLED", "tags": {"a": "2"}}));
    assert_eq!(rule.text("state"), "DISABLED");
    let config = |input: &str| {
        json!({"rule": "seen", "target_id": "queue", "arn": queue.text("arn"), "input": json!({"n": input}).to_string(),
            "retry_policy": {"maximum_retry_attempts": 2}})
    };
    let mut target = account.make("aws_cloudwatch_event_target", config("1"));
    target.change(config("2"));
    let found = account.world.json("events", "AWSEvents.ListTargetsByRule", json!({"Rule": "seen"}));
    assert_eq!(found["Targets"][0]["Input"], json!({"n": "2"}).to_string());
    assert_eq!(found["Targets"][0]["RetryPolicy"], json!({"MaximumRetryAttempts": 2}));
    target.delete();
    rule.delete();
}

#[test]
fn what_scales_has_bounds_and_a_policy() {
    let account = Account::start();
    let what = json!({"service_namespace": "dynamodb", "resource_id": "table/t",
        "scalable_dimension": "dynamodb:table:ReadCapacityUnits"});
    let with = |more: Json| {
        let mut all = what.clone();
        more.as_object().expect("arguments").iter().for_each(|(k, v)| all[k.as_str()] = v.clone());
        all
    };
    let mut target = account.make(
        "aws_appautoscaling_target",
        with(json!({"min_capacity": 1, "max_capacity": 3,
        "tags": {"a": "1"}})),
    );
    target.change(with(json!({"min_capacity": 2, "max_capacity": 3, "tags": {"a": "2"}})));
    let steps = |upper: &str| {
        with(json!({"name": "steps", "policy_type": "StepScaling", "step_scaling_policy_configuration": {
            "adjustment_type": "ChangeInCapacity", "cooldown": 60,
            "step_adjustment": [{"metric_interval_upper_bound": upper, "scaling_adjustment": -1}]}}))
    };
    let mut policy = account.make("aws_appautoscaling_policy", steps("0"));
    policy.change(steps("1.5"));
    policy.delete();
    target.delete();
}

#[test]
fn a_share_has_principals_and_things() {
    let account = Account::start();
    let mut share = account.make("aws_ram_resource_share", json!({"name": "net", "tags": {"a": "1"}}));
    share.change(json!({"name": "network", "allow_external_principals": true, "tags": {"b": "2"}}));
    let network = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let subnet = account.make("aws_subnet", json!({"vpc_id": network.id, "cidr_block": "10.0.0.0/24"}));
    let with = json!({"resource_share_arn": share.id, "principal": "123456789012"});
    let principal = account.make("aws_ram_principal_association", with);
    assert_eq!(principal.id, format!("{},123456789012", share.id));
    let holds = json!({"resource_share_arn": share.id, "resource_arn": subnet.text("arn")});
    let thing = account.make("aws_ram_resource_association", holds);
    thing.delete();
    principal.delete();
    share.delete();
}

#[test]
fn a_pool_of_users_has_clients_and_a_domain() {
    let account = Account::start();
    let mut pool = account.make(
        "aws_cognito_user_pool",
        json!({"name": "people", "tags": {"a": "1"},
        "mfa_configuration": "OPTIONAL", "software_token_mfa_configuration": {"enabled": true},
        "password_policy": {"minimum_length": 12, "temporary_password_validity_days": 3}}),
    );
    assert_eq!(pool.live.blocks("password_policy")[0].int("minimum_length"), Some(12));
    pool.change(json!({"name": "people", "tags": {"b": "2"}, "auto_verified_attributes": ["email"],
        "mfa_configuration": "OPTIONAL", "software_token_mfa_configuration": {"enabled": true},
        "schema": [{"name": "team", "attribute_data_type": "String", "mutable": true}]}));
    let found = account.world.json(
        "cognito-idp",
        "AWSCognitoIdentityProviderService.DescribeUserPool",
        json!({"UserPoolId": pool.id}),
    );
    let attributes = found["UserPool"]["SchemaAttributes"].as_array().expect("attributes").iter();
    assert_eq!(attributes.filter(|one| one["Name"] == "custom:team").count(), 1);
    assert_eq!(found["UserPool"]["UserPoolTags"], json!({"b": "2"}));
    let client = |name: &str| json!({"name": name, "user_pool_id": pool.id, "generate_secret": true});
    let mut program = account.make("aws_cognito_user_pool_client", client("web"));
    program.change(client("site"));
    assert!(!program.text("client_secret").is_empty());
    let domain = account.make("aws_cognito_user_pool_domain", json!({"domain": "people", "user_pool_id": pool.id}));
    let seen = account.data("aws_cognito_user_pools", json!({"name": "people"}));
    assert_eq!(seen.strings("ids"), [pool.id.as_str()]);
    domain.delete();
    program.delete();
    pool.delete();
}

#[test]
fn the_resolver_asks_others_and_refuses_names() {
    let account = Account::start();
    let network = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let subnet = |n: u32| {
        let config = json!({"vpc_id": network.id, "cidr_block": format!("10.0.{n}.0/24")});
        account.make("aws_subnet", config).id
    };
    let (one, two, three) = (subnet(0), subnet(1), subnet(2));
    let group = account.make("aws_security_group", json!({"name": "dns", "vpc_id": network.id}));
    let ways = |second: &str| {
        json!({"name": "out", "direction": "OUTBOUND", "security_group_ids": [group.id],
            "ip_address": [{"subnet_id": one}, {"subnet_id": second}], "tags": {"a": "1"}})
    };
    let mut endpoint = account.make("aws_route53_resolver_endpoint", ways(&two));
    endpoint.change(ways(&three));
    let subnets: Vec<_> = endpoint.live.blocks("ip_address").iter().filter_map(|ip| ip.string("subnet_id")).collect();
    assert!(subnets.contains(&three) && !subnets.contains(&two), "{subnets:?}");
    let to = |ip: &str| {
        json!({"name": "corp", "domain_name": "corp.example.com", "rule_type": "FORWARD",
            "resolver_endpoint_id": endpoint.id, "target_ip": [{"ip": ip}]})
    };
    let mut rule = account.make("aws_route53_resolver_rule", to("192.0.2.1"));
    rule.change(to("192.0.2.2"));
    let seen = account.data("aws_route53_resolver_rule", json!({"domain_name": "corp.example.com"}));
    assert_eq!(seen.str("resolver_rule_id"), Some(rule.id.as_str()));
    assert_eq!(seen.blocks("target_ips")[0].str("ip"), Some("192.0.2.2"));
    let rules = account.data("aws_route53_resolver_rules", json!({"name_regex": "^co"}));
    assert_eq!(rules.strings("resolver_rule_ids"), [rule.id.as_str()]);
    let seen = account.data("aws_route53_resolver_endpoint", json!({"resolver_endpoint_id": endpoint.id}));
    assert_eq!(seen.strings("ip_addresses").len(), 2);
    let names = |all: &[&str]| json!({"name": "bad", "domains": all});
    let mut list =
        account.make("aws_route53_resolver_firewall_domain_list", names(&["a.example.com", "b.example.com"]));
    list.change(names(&["b.example.com", "c.example.com"]));
    assert_eq!(list.live.strings("domains"), ["b.example.com.", "c.example.com."]);
    rule.delete();
    endpoint.delete();
}

#[test]
fn copies_are_planned_and_kept_in_a_vault() {
    let account = Account::start();
    let vault = account.make("aws_backup_vault", json!({"name": "copies", "tags": {"a": "1"}}));
    let config = |after: u32| {
        json!({"name": "daily", "rule": [{"rule_name": "daily", "target_vault_name": "copies",
            "schedule": "cron(0 5 ? * * *)", "lifecycle": {"delete_after": after}}]})
    };
    let mut plan = account.make("aws_backup_plan", config(7));
    plan.change(config(14));
    let selection = json!({"name": "all", "iam_role_arn": "arn:aws:iam::123456789012:role/backup",
        "plan_id": plan.id, "resources": ["*"], "condition": {"string_equals": {"key": "aws:ResourceTag/Env",
        "value": "prod"}}});
    let selection = account.make("aws_backup_selection", selection);
    let seen = account.data("aws_backup_plan", json!({"plan_id": plan.id}));
    assert_eq!(seen.blocks("rule")[0].blocks("lifecycle")[0].int("delete_after"), Some(14));
    let seen = account.data("aws_backup_vault", json!({"name": "copies"}));
    assert_eq!(seen.str("arn"), Some(vault.text("arn").as_str()));
    let lock = json!({"backup_vault_name": "copies", "min_retention_days": 7});
    account.make("aws_backup_vault_lock_configuration", lock).delete();
    selection.delete();
    plan.delete();
    vault.delete();
}

#[test]
fn a_file_system_is_found_by_its_token() {
    let account = Account::start();
    let config = |mode: &str| {
        json!({"creation_token": "home", "throughput_mode": mode, "tags": {"Name": "home"},
        "lifecycle_policy": [{"transition_to_ia": "AFTER_7_DAYS"}]})
    };
    let mut files = account.make("aws_efs_file_system", config("bursting"));
    files.change(config("elastic"));
    assert_eq!(files.text("dns_name"), format!("{}.efs.eu-west-1.amazonaws.com", files.id));
    let seen = account.data("aws_efs_file_system", json!({"creation_token": "home"}));
    assert_eq!((seen.str("file_system_id"), seen.str("name")), (Some(files.id.as_str()), Some("home")));
    let found = account.data("aws_efs_file_system", json!({"tags": {"Name": "home"}}));
    assert_eq!(found.str("id"), Some(files.id.as_str()));
    files.delete();
}

#[test]
fn a_firewall_passes_what_its_policy_passes() {
    let account = Account::start();
    let network = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"}));
    let config = json!({"vpc_id": network.id, "cidr_block": "10.0.0.0/24", "availability_zone": "eu-west-1a"});
    let subnet = account.make("aws_subnet", config);
    let rules = json!({"name": "plain", "type": "STATELESS", "capacity": 10, "rule_group": {"rules_source": {
        "stateless_rules_and_custom_actions": {"stateless_rule": [{"priority": 1, "rule_definition": {
        "actions": ["aws:pass"], "match_attributes": {"protocols": [6], "source": [{"address_definition": "10.0.0.0/8"}],
        "destination_port": [{"from_port": 443, "to_port": 443}]}}}]}}}});
    let group = account.make("aws_networkfirewall_rule_group", rules);
    let policy = |action: &str| {
        json!({"name": "edge", "firewall_policy": {"stateless_default_actions": [action],
            "stateless_fragment_default_actions": ["aws:drop"],
            "stateless_rule_group_reference": [{"priority": 1, "resource_arn": group.id}]}})
    };
    let mut edge = account.make("aws_networkfirewall_firewall_policy", policy("aws:pass"));
    edge.change(policy("aws:drop"));
    let config = |on: bool| {
        json!({"name": "edge", "firewall_policy_arn": edge.id, "vpc_id": network.id, "delete_protection": on,
            "subnet_mapping": [{"subnet_id": subnet.id}]})
    };
    let mut firewall = account.make("aws_networkfirewall_firewall", config(true));
    let state = &firewall.live.blocks("firewall_status")[0].blocks("sync_states")[0];
    assert_eq!(state.str("availability_zone"), Some("eu-west-1a"));
    assert_eq!(state.blocks("attachment")[0].str("subnet_id"), Some(subnet.id.as_str()));
    firewall.change(config(false));
    firewall.delete();
    edge.delete();
    group.delete();
}
