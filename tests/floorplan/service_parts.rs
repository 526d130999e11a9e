//! Parts of databases, keys, identities, names, alarms and of the edge, and what data sources say of them, against the
//! sandbox.

use crate::types::Account;
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/web";

fn database(account: &Account, name: &str) -> String {
    let config = json!({"identifier": name, "engine": "postgres", "instance_class": "db.t4g.micro",
                        "allocated_storage": 20, "username": "root", "password": "correct-horse",
                        "skip_final_snapshot": true});
    account.make("aws_db_instance", config).text("arn")
}

fn cluster(account: &Account, name: &str) -> (String, String) {
    let config = json!({"cluster_identifier": name, "engine": "aurora-postgresql", "engine_mode": "",
                        "engine_version": "16.6", "master_username": "root", "master_password": "correct-horse",
                        "skip_final_snapshot": true});
    let made = account.make("aws_rds_cluster", config);
    (made.id.clone(), made.text("arn"))
}

fn subnets(account: &Account) -> Value {
    let vpc = account.make("aws_vpc", json!({"cidr_block": "10.0.0.0/16"})).id;
    let one = |n: u8, zone: &str| {
        let config = json!({"vpc_id": vpc, "cidr_block": format!("10.0.{n}.0/24"), "availability_zone": zone});
        account.make("aws_subnet", config).id
    };
    json!([one(1, "eu-west-1a"), one(2, "eu-west-1b")])
}

#[test]
fn a_proxy_has_a_further_endpoint() {
    let account = Account::start();
    let subnets = subnets(&account);
    let secret = account.make("aws_secretsmanager_secret", json!({"name": "db"})).id;
    let proxy = json!({"name": "it", "engine_family": "POSTGRESQL", "role_arn": ROLE, "vpc_subnet_ids": subnets,
                       "auth": [{"auth_scheme": "SECRETS", "iam_auth": "DISABLED", "secret_arn": secret}]});
    account.make("aws_db_proxy", proxy);
    let config = |tag: &str| {
        json!({"db_proxy_name": "it", "db_proxy_endpoint_name": "readers", "vpc_subnet_ids": subnets,
               "target_role": "READ_ONLY", "tags": {"a": tag}})
    };
    let mut endpoint = account.make("aws_db_proxy_endpoint", config("1"));
    assert_eq!(endpoint.id, "it/readers");
    endpoint.change(config("2"));
    assert_eq!(endpoint.drift(), [""; 0]);
    endpoint.delete();
}

#[test]
fn clusters_of_several_regions_are_one() {
    let account = Account::start();
    let (name, arn) = cluster(&account, "first");
    let of = |more: Value| {
        let mut all =
            json!({"global_cluster_identifier": "world", "source_db_cluster_identifier": arn, "force_destroy": true});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let mut world = account.make("aws_rds_global_cluster", of(json!({"tags": {"a": "1"}})));
    assert_eq!((world.id.as_str(), world.text("engine").as_str()), ("world", "aurora-postgresql"));
    world.change(of(json!({"deletion_protection": true, "tags": {"a": "2"}})));
    world.change(of(json!({"engine_version": "16.8"})));
    let found = account.data("aws_rds_cluster", json!({"cluster_identifier": name}));
    assert_eq!((found.string("arn"), found.string("engine_version")), (Some(arn.clone()), Some("16.8".into())));
    world.delete();
    assert_eq!(account.data("aws_rds_clusters", json!({})).strings("cluster_identifiers"), ["first"]);
    account.try_data("aws_rds_cluster", json!({"cluster_identifier": "second"})).expect_err("it is not there");
}

#[test]
fn a_cluster_is_recorded_and_spread_over_shards() {
    let account = Account::start();
    let key = account.make("aws_kms_key", json!({})).id;
    let (name, arn) = cluster(&account, "it");
    let stream = account
        .make("aws_rds_cluster_activity_stream", json!({"resource_arn": arn, "mode": "async", "kms_key_id": key}));
    assert_eq!(stream.id, arn);
    assert!(stream.text("kinesis_stream_name").starts_with("aws-rds-das-"));
    stream.delete();
    let shards = |most: i32| json!({"db_cluster_identifier": name, "db_shard_group_identifier": "s", "max_acu": most, "tags": {"a": "b"}});
    let mut group = account.make("aws_rds_shard_group", shards(100));
    group.change(shards(200));
    assert_eq!(group.drift(), [""; 0]);
    group.delete();
}

#[test]
fn backups_are_copied_into_another_region() {
    let account = Account::start();
    let arn = database(&account, "orders");
    let account = account.in_region("eu-central-1");
    let config = json!({"source_db_instance_arn": arn, "retention_period": 14});
    let copied = account.make("aws_db_instance_automated_backups_replication", config);
    assert!(copied.id.contains(":eu-central-1:") && copied.id.contains(":auto-backup:"), "{}", copied.id);
    copied.delete();
}

#[test]
fn snapshots_settings_and_offers_of_databases_are_found() {
    let account = Account::start();
    database(&account, "orders");
    for name in ["one", "two"] {
        let config = json!({"db_instance_identifier": "orders", "db_snapshot_identifier": name});
        account.make("aws_db_snapshot", config);
    }
    let all = json!({"db_instance_identifier": "orders"});
    assert!(account.try_data("aws_db_snapshot", all).is_err(), "there are two");
    let latest = account.data("aws_db_snapshot", json!({"db_instance_identifier": "orders", "most_recent": true}));
    assert_eq!((latest.str("id"), latest.str("engine")), (Some("two"), Some("postgres")));
    cluster(&account, "it");
    let of = [("DBClusterIdentifier", "it"), ("DBClusterSnapshotIdentifier", "s")];
    account.world.query("rds", "CreateDBClusterSnapshot", &of);
    let found = account.data("aws_db_cluster_snapshot", json!({"db_cluster_snapshot_identifier": "s"}));
    assert_eq!((found.str("id"), found.str("db_cluster_identifier")), (Some("s"), Some("it")));

    account.make("aws_db_parameter_group", json!({"name": "tuned", "family": "postgres17"}));
    let found = account.data("aws_db_parameter_group", json!({"name": "tuned"}));
    assert_eq!(found.str("family"), Some("postgres17"));
    let found = account.data("aws_rds_certificate", json!({"default_for_new_launches": true}));
    assert_eq!(found.str("id"), Some("rds-ca-rsa2048-g1"));
    let asked = json!({"engine": "postgres", "engine_version": "17.4", "storage_type": "gp3",
                       "preferred_instance_classes": ["db.x1.huge", "db.r6g.large", "db.t4g.micro"]});
    let found = account.data("aws_rds_orderable_db_instance", asked);
    assert_eq!((found.str("instance_class"), found.bool("supports_iops")), (Some("db.r6g.large"), Some(true)));
    let found = account.data("aws_rds_engine_version", json!({"engine": "aurora-postgresql", "version": "17.5"}));
    assert_eq!(found.str("parameter_group_family"), Some("aurora-postgresql17"));
}

#[test]
fn a_key_takes_material_from_outside() {
    let account = Account::start();
    let bare = account.make("aws_kms_external_key", json!({"description": "waits"}));
    assert_eq!((bare.text("key_state").as_str(), bare.live.bool("enabled")), ("PendingImport", Some(false)));
    bare.delete();
    let material = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let with = |more: Value| {
        let mut all = json!({"key_material_base64": material});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let mut key = account.make("aws_kms_external_key", with(json!({"tags": {"a": "1"}})));
    assert_eq!(key.text("expiration_model"), "KEY_MATERIAL_DOES_NOT_EXPIRE");
    key.change(with(json!({"description": "b", "enabled": false, "tags": {"a": "2"}})));
    key.change(with(json!({"enabled": true, "valid_to": "2099-01-31T12:00:00Z"})));
    assert_eq!(key.text("expiration_model"), "KEY_MATERIAL_EXPIRES");
    assert_eq!(key.drift(), [""; 0]);
    key.delete();
}

#[test]
fn a_key_has_a_copy_in_another_region() {
    let account = Account::start();
    let first = account.make("aws_kms_key", json!({"multi_region": true}));
    let (id, arn) = (first.id.clone(), first.text("arn"));
    let sealed =
        account.data("aws_kms_ciphertext", json!({"key_id": id, "plaintext": "s3cret", "context": {"a": "b"}}));
    let payload = sealed.str("ciphertext_blob").expect("it is sealed");
    let asked = json!({"secret": [{"name": "it", "payload": payload, "context": {"a": "b"}}]});
    let opened = account.data("aws_kms_secrets", asked);
    assert_eq!(opened.string_map("plaintext")["it"], "s3cret");

    let account = account.in_region("eu-central-1");
    let copy = |text: &str| json!({"primary_key_arn": arn, "description": text, "tags": {"a": text}});
    let mut replica = account.make("aws_kms_replica_key", copy("one"));
    assert_eq!(replica.id, id);
    replica.change(copy("two"));
    assert_eq!(replica.drift(), [""; 0]);
    replica.delete();
}

#[test]
fn secrets_are_listed_and_passwords_made_up() {
    let account = Account::start();
    account.make("aws_secretsmanager_secret", json!({"name": "web/db"}));
    account.make("aws_secretsmanager_secret", json!({"name": "other"}));
    let filter = json!({"filter": [{"name": "name", "values": ["web"]}]});
    assert_eq!(account.data("aws_secretsmanager_secrets", filter).strings("names"), ["web/db"]);
    let made =
        account.data("aws_secretsmanager_random_password", json!({"password_length": 20, "exclude_punctuation": true}));
    assert_eq!(made.str("random_password").map(str::len), Some(20));
}

#[test]
fn a_user_has_a_key_and_a_certificate_a_name() {
    let account = Account::start();
    let user = account.make("aws_iam_user", json!({"name": "ann"})).id;
    let mut key = account.make("aws_iam_access_key", json!({"user": user}));
    assert!(!key.text("secret").is_empty() && key.text("ses_smtp_password_v4").len() == 44);
    key.change(json!({"user": user, "status": "Inactive"}));
    assert_eq!(key.drift(), [""; 0]);
    key.delete();
    assert!(account.try_make("aws_iam_access_key", json!({"user": "nobody"})).is_err());

    let config = |path: &str| json!({"name": "web", "certificate_body": "body\n", "private_key": "key", "path": path, "tags": {"a": path}});
    let mut certificate = account.make("aws_iam_server_certificate", config("/"));
    assert!(certificate.id.starts_with("ASCA"), "{}", certificate.id);
    certificate.change(config("/cloudfront/"));
    assert!(certificate.text("arn").contains("/cloudfront/web"));
    certificate.delete();

    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                       "Principal": {"Service": "ec2.amazonaws.com"}}]});
    account.make("aws_iam_role", json!({"name": "web", "assume_role_policy": trust.to_string()}));
    account.make("aws_iam_instance_profile", json!({"name": "web", "role": "web"}));
    let found = account.data("aws_iam_instance_profile", json!({"name": "web"}));
    assert_eq!((found.str("role_name"), found.str("path")), (Some("web"), Some("/")));
}

#[test]
fn zones_are_joined_watched_and_recorded() {
    let account = Account::start();
    let vpc = |cidr: &str| account.make("aws_vpc", json!({"cidr_block": cidr})).id;
    let (one, two) = (vpc("10.0.0.0/16"), vpc("10.1.0.0/16"));
    let zone = account.make("aws_route53_zone", json!({"name": "a.internal", "vpc": [{"vpc_id": one}]})).id;
    let pair = json!({"zone_id": zone, "vpc_id": two});
    let lets = account.make("aws_route53_vpc_association_authorization", pair.clone());
    assert_eq!(lets.id, format!("{zone}:{two}"));
    let joined = account.make("aws_route53_zone_association", pair);
    assert_eq!((joined.id.as_str(), joined.text("vpc_region").as_str()), (lets.id.as_str(), "eu-west-1"));
    joined.delete();
    lets.delete();
    assert_eq!(account.data("aws_route53_zones", json!({})).strings("ids"), [zone]);

    let servers = account.make("aws_route53_delegation_set", json!({"reference_name": "shared"}));
    assert_eq!(servers.live.strings("name_servers").len(), 4);
    servers.delete();

    let public = account.make("aws_route53_zone", json!({"name": "a.example"})).id;
    let east = account.aws.for_region("us-east-1");
    let account = Account { aws: east, ..account };
    let group = account.make("aws_cloudwatch_log_group", json!({"name": "/aws/route53/a.example"})).text("arn");
    let log = account.make("aws_route53_query_log", json!({"zone_id": public, "cloudwatch_log_group_arn": group}));
    assert!(log.text("arn").ends_with(&log.id));
    log.delete();
}

#[test]
fn a_health_check_asks_what_it_is_told_to() {
    let account = Account::start();
    let site = |more: Value| {
        let mut all = json!({"type": "https", "fqdn": "a.example", "request_interval": 30});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let mut check = account.make("aws_route53_health_check", site(json!({"resource_path": "/up", "tags": {"a": "1"}})));
    assert_eq!((check.live.int("port"), check.live.int("failure_threshold")), (Some(443), Some(3)));
    check.change(site(json!({"failure_threshold": 5, "disabled": true, "tags": {"a": "2"}})));
    assert_eq!(check.drift(), [""; 0]);
    let all = json!({"type": "CALCULATED", "child_healthchecks": [check.id], "child_health_threshold": 1});
    account.make("aws_route53_health_check", all).delete();
    let alarm = |name: &str| {
        json!({"type": "CLOUDWATCH_METRIC", "cloudwatch_alarm_name": name, "cloudwatch_alarm_region": "eu-west-1",
               "insufficient_data_health_status": "Healthy"})
    };
    let mut watched = account.make("aws_route53_health_check", alarm("a"));
    watched.change(alarm("b"));
    watched.delete();
    check.delete();
}

#[test]
fn alarms_follow_alarms_and_personal_data_is_hidden() {
    let account = Account::start();
    let rule = |more: Value| {
        let mut all = json!({"alarm_name": "all", "alarm_rule": "FALSE"});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let mut alarm = account.make("aws_cloudwatch_composite_alarm", rule(json!({"tags": {"a": "1"}})));
    let suppressor = json!([{"alarm": "other", "extension_period": 10, "wait_period": 20}]);
    alarm.change(rule(json!({"alarm_description": "b", "actions_suppressor": suppressor, "tags": {"a": "2"}})));
    assert_eq!(alarm.drift(), [""; 0]);
    alarm.delete();

    let pictures =
        |widgets: Value| json!({"dashboard_name": "web", "dashboard_body": json!({"widgets": widgets}).to_string()});
    let mut dashboard = account.make("aws_cloudwatch_dashboard", pictures(json!([])));
    dashboard.change(pictures(json!([{"type": "text", "x": 0, "y": 0, "width": 1, "height": 1, "properties": {}}])));
    dashboard.delete();

    let policy = |sid: &str| {
        let action = json!({"Audit": {"SampleRate": "99", "FindingsDestination": {}}});
        json!({"Name": "a", "Version": "2021-06-01", "Statement": [{"Sid": sid, "Operation": action}]}).to_string()
    };
    let topic = account.make("aws_sns_topic", json!({"name": "web"})).id;
    let of_topic = |sid: &str| json!({"arn": topic, "policy": policy(sid)});
    let mut hidden = account.make("aws_sns_topic_data_protection_policy", of_topic("a"));
    hidden.change(of_topic("b"));
    hidden.delete();
    for name in ["web", "web-errors", "other"] {
        account.make("aws_cloudwatch_log_group", json!({"name": name}));
    }
    let of_group = |sid: &str| json!({"log_group_name": "web", "policy_document": policy(sid)});
    let mut hidden = account.make("aws_cloudwatch_log_data_protection_policy", of_group("a"));
    hidden.change(of_group("b"));
    hidden.delete();
    let found = account.data("aws_cloudwatch_log_groups", json!({"log_group_name_prefix": "web"}));
    assert_eq!(found.strings("log_group_names"), ["web", "web-errors"]);
    assert!(found.strings("arns").iter().all(|arn| !arn.ends_with('*')));
}

#[test]
fn the_edge_has_keys_and_a_team() {
    let account = Account::start();
    let key = account.make("aws_wafv2_api_key", json!({"scope": "REGIONAL", "token_domains": ["a.example"]}));
    assert!(!key.text("api_key").contains(&key.id));
    key.delete();
    let asked = json!({"scope": "REGIONAL", "vendor_name": "AWS", "name": "AWSManagedRulesSQLiRuleSet"});
    let found = account.data("aws_wafv2_managed_rule_group", asked);
    assert_eq!((found.int("capacity"), found.elements("rules").len()), (Some(200), 3));
    let patterns = json!({"name": "bots", "scope": "REGIONAL", "regular_expression": [{"regex_string": "bot"}]});
    let made = account.make("aws_wafv2_regex_pattern_set", patterns);
    let found = account.data("aws_wafv2_regex_pattern_set", json!({"name": "bots", "scope": "REGIONAL"}));
    assert_eq!((found.str("id"), found.elements("regular_expression").len()), (Some(made.id.as_str()), 1));

    account.make("aws_shield_subscription", json!({}));
    let balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1";
    let protection = account.make("aws_shield_protection", json!({"name": "web", "resource_arn": balancer})).id;
    let floods = |action: &str| json!({"resource_arn": balancer, "action": action});
    let mut response = account.make("aws_shield_application_layer_automatic_response", floods("COUNT"));
    response.change(floods("BLOCK"));
    response.delete();
    let check = "arn:aws:route53:::healthcheck/3742b175-edb9-46bc-9359-f53e3b794b1b";
    let config = json!({"shield_protection_id": protection, "health_check_arn": check});
    let joined = account.make("aws_shield_protection_health_check_association", config);
    assert_eq!(joined.id, format!("{protection}+{check}"));
    joined.delete();
    let mut role = account.make("aws_shield_drt_access_role_arn_association", json!({"role_arn": ROLE}));
    let config = json!({"log_bucket": "web-logs", "role_arn_association_id": role.id});
    account.make("aws_shield_drt_access_log_bucket_association", config).delete();
    role.change(json!({"role_arn": "arn:aws:iam::123456789012:role/other"}));
    role.delete();
    let team = |on: bool, mail: &str| json!({"enabled": on, "emergency_contact": [{"email_address": mail}]});
    let mut engagement = account.make("aws_shield_proactive_engagement", team(true, "a@a.example"));
    engagement.change(team(true, "b@a.example"));
    engagement.change(team(false, "b@a.example"));
    engagement.delete();
}

#[test]
fn a_rule_of_a_web_acl_is_an_object_of_its_own() {
    let account = Account::start();
    let seen = json!([{"cloudwatch_metrics_enabled": true, "metric_name": "web", "sampled_requests_enabled": true}]);
    let acl =
        json!({"name": "web", "scope": "REGIONAL", "default_action": [{"allow": [{}]}], "visibility_config": seen});
    let acl = account.make("aws_wafv2_web_acl", acl).text("arn");
    let rule = |priority: i32, action: &str| {
        json!({"web_acl_arn": acl, "rule_name": "usual", "priority": priority, "override_action": action,
               "managed_rule_group": [{"vendor_name": "AWS", "name": "AWSManagedRulesCommonRuleSet", "rule_action_override":
                   [{"name": "NoUserAgent_HEADER", "action_to_use": [{"count": [{}]}]}]}]})
    };
    let mut usual = account.make("aws_wafv2_web_acl_rule_group_association", rule(1, "none"));
    assert_eq!(usual.id, format!("{acl},usual"));
    usual.change(rule(2, "count"));
    assert_eq!(usual.drift(), [""; 0]);
    let refused = account.try_make("aws_wafv2_web_acl_rule_group_association", rule(3, "none"));
    assert!(refused.expect_err("it is there").to_string().contains("has a rule"));
    usual.delete();
}
