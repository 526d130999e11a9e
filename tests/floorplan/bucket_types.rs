//! The configurations of a bucket that are objects of their own, against the sandbox: made, looked at in another way,
//! changed, imported, taken away.

use serde_json::{Value, json};

use crate::support::World;
use crate::types::Account;

fn get(world: &World, path: &str) -> String {
    world.send("GET", path, "s3", &[], b"").1
}

fn bucket(account: &Account) -> &'static str {
    account.make("aws_s3_bucket", json!({"bucket": "acme-data"}));
    "acme-data"
}

#[test]
fn an_acl_is_canned_or_made_of_grants() {
    let account = Account::start();
    let name = bucket(&account);
    let owner = account.data("aws_canonical_user_id", json!({})).string("id").expect("an id");
    let mut acl = account.make("aws_s3_bucket_acl", json!({"bucket": name, "acl": "private"}));
    assert_eq!(acl.id, "acme-data,private");
    acl.change(json!({"bucket": name, "acl": "log-delivery-write"}));
    assert_eq!(acl.id, "acme-data,log-delivery-write");
    let seen = get(&account.world, "/acme-data?acl");
    assert!(seen.contains("LogDelivery") && seen.contains("READ_ACP"), "{seen}");

    account.world.send("PUT", "/acme-data?acl", "s3", &[("x-amz-acl", "public-read")], b"");
    assert_eq!(acl.drift(), ["acl"]);
    let grant = json!({"permission": "READ", "grantee": [{"type": "Group",
        "uri": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}]});
    let own = json!({"permission": "FULL_CONTROL", "grantee": [{"type": "CanonicalUser", "id": owner}]});
    let policy = json!([{"owner": [{"id": owner}], "grant": [grant, own]}]);
    acl.change(json!({"bucket": name, "access_control_policy": policy}));
    assert_eq!(acl.id, "acme-data");
    assert!(get(&account.world, "/acme-data?acl").contains("AuthenticatedUsers"));
    assert_eq!(account.import("aws_s3_bucket_acl", &[("bucket", name)]).id, "acme-data");
}

#[test]
fn a_website_has_pages_and_rules_in_two_forms() {
    let account = Account::start();
    let name = bucket(&account);
    let rule = json!({"condition": [{"key_prefix_equals": "docs/"}], "redirect": [{"replace_key_prefix_with": "d/"}]});
    let pages = |more: Value| {
        let mut all = json!({"bucket": name, "index_document": [{"suffix": "index.html"}]});
        all.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        all
    };
    let type_name = "aws_s3_bucket_website_configuration";
    let mut site = account.make(type_name, pages(json!({"routing_rule": [rule]})));
    assert_eq!(site.text("website_endpoint"), "acme-data.s3-website-eu-west-1.amazonaws.com");
    assert!(site.text("routing_rules").contains("ReplaceKeyPrefixWith"));
    let text = r#"[{"Redirect": {"HostName": "example.com"}}]"#;
    site.change(pages(json!({"routing_rules": text, "error_document": [{"key": "error.html"}]})));
    let seen = get(&account.world, "/acme-data?website");
    assert!(seen.contains("example.com") && seen.contains("error.html") && !seen.contains("docs/"), "{seen}");
    site.delete();
}

#[test]
fn logs_are_written_to_a_bucket_with_a_prefix() {
    let account = Account::start();
    let name = bucket(&account);
    let logs = account.make("aws_s3_bucket", json!({"bucket": "acme-logs"})).id;
    account.make("aws_s3_bucket_acl", json!({"bucket": logs, "acl": "log-delivery-write"}));
    let format = json!([{"partitioned_prefix": [{"partition_date_source": "EventTime"}]}]);
    let mut logging = account.make(
        "aws_s3_bucket_logging",
        json!({"bucket": name, "target_bucket": logs, "target_prefix": "", "target_object_key_format": format}),
    );
    logging.change(
        json!({"bucket": name, "target_bucket": logs, "target_prefix": "log/", "target_object_key_format": [{"simple_prefix": [{}]}]}),
    );
    assert!(get(&account.world, "/acme-data?logging").contains("<TargetPrefix>log/"));
    logging.delete();
}

#[test]
fn cross_origin_rules_are_a_set() {
    let account = Account::start();
    let name = bucket(&account);
    let rule = |origin: &str, age: Value| {
        json!({"allowed_methods": ["GET", "PUT"], "allowed_origins": [origin], "allowed_headers": ["*"],
               "expose_headers": ["ETag"], "max_age_seconds": age})
    };
    let both = [rule("https://a.example.com", json!(3000)), rule("https://b.example.com", Value::Null)];
    let mut cors = account.make("aws_s3_bucket_cors_configuration", json!({"bucket": name, "cors_rule": both}));
    cors.change(json!({"bucket": name, "cors_rule": [both[1]]}));
    assert!(!get(&account.world, "/acme-data?cors").contains("a.example.com"));
    cors.delete();
}

#[test]
fn objects_are_locked_and_replicated() {
    let account = Account::start();
    let name = account.make("aws_s3_bucket", json!({"bucket": "acme-data", "object_lock_enabled": true})).id;
    let type_name = "aws_s3_bucket_object_lock_configuration";
    let rule = |days: i32| json!([{"default_retention": [{"mode": "GOVERNANCE", "days": days}]}]);
    let mut lock = account.make(type_name, json!({"bucket": name, "rule": rule(3)}));
    lock.change(json!({"bucket": name, "rule": rule(5)}));
    assert!(get(&account.world, "/acme-data?object-lock").contains("<Days>5"));
    lock.change(json!({"bucket": name}));

    let role = "arn:aws:iam::123456789012:role/copies";
    let one = |status: &str| {
        json!({"status": status, "priority": 1, "filter": [{"and": [{"prefix": "a/", "tags": {"copy": "yes"}}]}],
               "delete_marker_replication": [{"status": "Disabled"}],
               "source_selection_criteria": [{"sse_kms_encrypted_objects": [{"status": "Enabled"}]}],
               "destination": [{"bucket": "arn:aws:s3:::copies", "storage_class": "STANDARD_IA",
                   "encryption_configuration": [{"replica_kms_key_id": "arn:aws:kms:eu-west-1:1:key/k"}],
                   "replication_time": [{"status": "Enabled", "time": [{"minutes": 15}]}],
                   "metrics": [{"status": "Enabled", "event_threshold": [{"minutes": 15}]}]}]})
    };
    let plain = json!({"id": "plain", "status": "Enabled", "destination": [{"bucket": "arn:aws:s3:::copies"}]});
    let open = json!({"id": "open", "status": "Enabled", "filter": [{}], "priority": 2,
                      "delete_marker_replication": [{"status": "Enabled"}],
                      "destination": [{"bucket": "arn:aws:s3:::copies"}]});
    let type_name = "aws_s3_bucket_replication_configuration";
    let with = |rules: Vec<Value>| json!({"bucket": name, "role": role, "rule": rules});
    let mut copies = account.make(type_name, with(vec![one("Enabled"), open]));
    copies.change(with(vec![one("Disabled")]));
    assert!(get(&account.world, "/acme-data?replication").contains("<Status>Disabled"));
    copies.change(with(vec![plain]));
    copies.delete();
}

#[test]
fn receivers_of_notifications_have_names() {
    let account = Account::start();
    let name = bucket(&account);
    let topic = account.make("aws_sns_topic", json!({"name": "made"})).id;
    let receiver = |suffix: &str| {
        json!({"topic_arn": topic, "events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"],
               "filter_prefix": "in/", "filter_suffix": suffix})
    };
    let type_name = "aws_s3_bucket_notification";
    let mut notification =
        account.make(type_name, json!({"bucket": name, "eventbridge": true, "topic": [receiver(".gz")]}));
    notification.change(json!({"bucket": name, "topic": [receiver(".gz"), receiver(".txt")]}));
    let seen = get(&account.world, "/acme-data?notification");
    assert!(seen.contains(".txt") && seen.contains("<Id>") && !seen.contains("EventBridge"), "{seen}");
    notification.forget();
    assert!(!get(&account.world, "/acme-data?notification").contains(".txt"));
}

#[test]
fn who_pays_and_whether_transfers_are_accelerated() {
    let account = Account::start();
    let name = bucket(&account);
    let type_name = "aws_s3_bucket_request_payment_configuration";
    let mut payment = account.make(type_name, json!({"bucket": name, "payer": "Requester"}));
    payment.change(json!({"bucket": name, "payer": "BucketOwner"}));
    payment.forget();
    assert!(get(&account.world, "/acme-data?requestPayment").contains("BucketOwner"));

    let type_name = "aws_s3_bucket_accelerate_configuration";
    let mut fast = account.make(type_name, json!({"bucket": name, "status": "Enabled"}));
    fast.change(json!({"bucket": name, "status": "Suspended"}));
    fast.change(json!({"bucket": name, "status": "Enabled"}));
    fast.forget();
    assert!(get(&account.world, "/acme-data?accelerate").contains("Suspended"));
}

#[test]
fn a_bucket_has_several_metrics_tiers_and_inventories_by_name() {
    let account = Account::start();
    let name = bucket(&account);
    let several = json!([{"prefix": "a/", "tags": {"team": "ops", "stage": "live"}}]);
    let mut metric = account.make("aws_s3_bucket_metric", json!({"bucket": name, "name": "all"}));
    assert_eq!(metric.id, "acme-data:all");
    metric.change(json!({"bucket": name, "name": "all", "filter": several}));
    metric.change(json!({"bucket": name, "name": "all", "filter": [{"tags": {"team": "ops"}}]}));
    assert!(get(&account.world, "/acme-data?metrics&id=all").contains("<Value>ops"));
    let other =
        account.make("aws_s3_bucket_metric", json!({"bucket": name, "name": "b", "filter": [{"prefix": "b/"}]}));
    metric.delete();
    other.delete();

    let tier = |tier: &str, days: i32| json!({"access_tier": tier, "days": days});
    let type_name = "aws_s3_bucket_intelligent_tiering_configuration";
    let mut tiers = account.make(
        type_name,
        json!({"bucket": name, "name": "old", "filter": several, "tiering": [tier("ARCHIVE_ACCESS", 90), tier("DEEP_ARCHIVE_ACCESS", 180)]}),
    );
    tiers.change(
        json!({"bucket": name, "name": "old", "status": "Disabled", "filter": [{"prefix": "x/"}], "tiering": [tier("ARCHIVE_ACCESS", 120)]}),
    );
    assert!(get(&account.world, "/acme-data?intelligent-tiering&id=old").contains("<Days>120"));
    tiers.delete();

    let list = |frequency: &str, encryption: Value| {
        json!({"bucket": name, "name": "list", "included_object_versions": "Current", "optional_fields": ["Size", "ETag"],
               "filter": [{"prefix": "a/"}], "schedule": [{"frequency": frequency}],
               "destination": [{"bucket": [{"format": "ORC", "bucket_arn": "arn:aws:s3:::lists", "prefix": "x",
                                            "encryption": encryption}]}]})
    };
    let mut inventory = account.make("aws_s3_bucket_inventory", list("Daily", json!([{"sse_s3": [{}]}])));
    inventory.change(list("Weekly", json!([{"sse_kms": [{"key_id": "arn:aws:kms:eu-west-1:1:key/k"}]}])));
    assert!(get(&account.world, "/acme-data?inventory&id=list").contains("Weekly"));
    inventory.delete();
}

#[test]
fn those_who_write_logs_have_a_fixed_id() {
    let account = Account::start();
    let found = account.data("aws_cloudfront_log_delivery_canonical_user_id", json!({}));
    assert!(found.str("id").is_some_and(|id| id.starts_with("c4c1ede6")));
}
