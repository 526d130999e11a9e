//! Buckets and their configurations against the sandbox.

use base64::prelude::{BASE64_STANDARD, Engine};
use floorplan::aws::Kind;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::support::{REGION, World};
use crate::types::Account;

fn get(world: &World, path: &str) -> (u16, String) {
    world.send("GET", path, "s3", &[], b"")
}

#[track_caller]
fn put(world: &World, path: &str, body: &str) {
    let sum = BASE64_STANDARD.encode(Md5::digest(body));
    let (status, answer) = world.send("PUT", path, "s3", &[("Content-MD5", &sum)], body.as_bytes());
    assert_eq!(status, 200, "{path}: {answer}");
}

#[test]
fn a_bucket_is_emptied_and_deleted_only_by_force() {
    let account = Account::start();
    let world = &account.world;
    let mut bucket = account.make("aws_s3_bucket", json!({"bucket": "acme-logs", "tags": {"Name": "logs"}}));
    assert_eq!(bucket.text("bucket_regional_domain_name"), format!("acme-logs.s3.{REGION}.amazonaws.com"));
    assert_eq!(bucket.text("arn"), "arn:aws:s3:::acme-logs");
    let tags = get(world, "/acme-logs?tagging").1;
    assert!(tags.contains("<Key>Name</Key>") && tags.contains("floorplan:token"), "{tags}");

    bucket.change(json!({"bucket": "acme-logs", "tags": {"team": "ops"}}));
    let tags = get(world, "/acme-logs?tagging").1;
    assert!(tags.contains("<Key>team</Key>") && !tags.contains("<Key>Name</Key>"), "{tags}");
    assert!(tags.contains("floorplan:token"), "our own tag stays: {tags}");

    let versioned = json!({"bucket": "acme-logs", "versioning_configuration": {"status": "Enabled"}});
    let versioning = account.make("aws_s3_bucket_versioning", versioned);
    for text in ["one", "two"] {
        put(world, "/acme-logs/log.txt", text);
    }
    assert_eq!(world.send("DELETE", "/acme-logs/log.txt", "s3", &[], b"").0, 204);
    let refused = bucket.try_delete().unwrap_err();
    assert_eq!(refused.code, "BucketNotEmpty");
    assert!(refused.message.contains("force_destroy = true"), "{refused}");

    bucket.change(json!({"bucket": "acme-logs", "force_destroy": true, "tags": {"team": "ops"}}));
    bucket.delete();
    assert_eq!(get(world, "/acme-logs?versioning").0, 404);
    versioning.delete();
}

#[test]
fn only_a_bucket_of_ours_is_found_again() {
    let account = Account::start();
    let made = account.make("aws_s3_bucket", json!({"bucket_prefix": "acme-"}));
    assert!(made.id.starts_with("acme-") && made.text("bucket_prefix") == "acme-", "{}", made.id);
    let taken = account.try_make("aws_s3_bucket", json!({"bucket": made.id})).unwrap_err();
    assert_eq!((taken.kind, taken.code.as_str()), (Kind::Exists, "BucketAlreadyOwnedByYou"));

    let first = account.in_region("us-east-1");
    let made = first.make("aws_s3_bucket", json!({"bucket": "acme-first"}));
    assert_eq!(made.text("bucket_region"), "us-east-1");
    assert_eq!(made.text("hosted_zone_id"), "Z3AQBSTGFYJSTF");
    let taken = first.try_make("aws_s3_bucket", json!({"bucket": "acme-first"})).unwrap_err();
    assert_eq!(taken.kind, Kind::Exists, "though S3 answers with success there");
    made.delete();
}

#[test]
fn bucket_configurations_are_put_changed_and_deleted() {
    let account = Account::start();
    let world = &account.world;
    let bucket = account.make("aws_s3_bucket", json!({"bucket": "acme-data"}));

    let mut versioning = account.make(
        "aws_s3_bucket_versioning",
        json!({"bucket": bucket.id, "versioning_configuration": {"status": "Disabled"}}),
    );
    versioning.change(json!({"bucket": bucket.id, "versioning_configuration": {"status": "Enabled"}}));
    assert!(get(world, "/acme-data?versioning").1.contains("Enabled"));
    let never = json!({"bucket": bucket.id, "versioning_configuration": {"status": "Disabled"}});
    assert!(versioning.try_change(never).unwrap_err().message.contains("Suspended"));
    versioning.forget();
    assert!(get(world, "/acme-data?versioning").1.contains("Suspended"));

    let document = |action: Value| {
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": action,
               "Resource": "arn:aws:s3:::acme-data/*"}]})
        .to_string()
    };
    let mut policy = account
        .make("aws_s3_bucket_policy", json!({"bucket": bucket.id, "policy": document(json!(["s3:Put*", "s3:Get*"]))}));
    put(world, "/acme-data?policy", &document(json!(["s3:Get*", "s3:Put*"])));
    assert_eq!(policy.drift(), [""; 0], "order in a list of actions means nothing");
    put(world, "/acme-data?policy", &document(json!("s3:*")));
    assert_eq!(policy.drift(), ["policy"]);
    policy.again();
    assert!(get(world, "/acme-data?policy").1.contains("s3:Put*"));
    policy.delete();

    let mut block =
        account.make("aws_s3_bucket_public_access_block", json!({"bucket": bucket.id, "block_public_acls": true}));
    block.change(json!({"bucket": bucket.id, "restrict_public_buckets": true}));
    let seen = get(world, "/acme-data?publicAccessBlock").1;
    assert!(seen.contains("<RestrictPublicBuckets>true") && seen.contains("<BlockPublicAcls>false"), "{seen}");
    block.delete();

    let mut controls = account.make(
        "aws_s3_bucket_ownership_controls",
        json!({"bucket": bucket.id, "rule": {"object_ownership": "ObjectWriter"}}),
    );
    controls.change(json!({"bucket": bucket.id, "rule": {"object_ownership": "BucketOwnerPreferred"}}));
    assert!(get(world, "/acme-data?ownershipControls").1.contains("BucketOwnerPreferred"));
    controls.delete();

    let key = account.make("aws_kms_key", json!({}));
    let with = |way: &str, key: Value| {
        let default = json!({"sse_algorithm": way, "kms_master_key_id": key});
        json!({"bucket": bucket.id,
               "rule": [{"apply_server_side_encryption_by_default": default, "bucket_key_enabled": !key.is_null(),
                         "blocked_encryption_types": ["SSE-C"]}]})
    };
    let name = "aws_s3_bucket_server_side_encryption_configuration";
    let mut encryption = account.make(name, with("AES256", Value::Null));
    encryption.change(with("aws:kms", json!(key.text("arn"))));
    let seen = get(world, "/acme-data?encryption").1;
    assert!(seen.contains(&key.text("arn")) && seen.contains("SSE-C"), "{seen}");
    encryption.forget();
    let seen = get(world, "/acme-data?encryption").1;
    assert!(seen.contains("AES256"), "S3 goes on encrypting with keys of its own: {seen}");

    bucket.delete();
    assert_eq!(account.describe("aws_s3_bucket_policy", &["acme-data".into()]).len(), 0);
}

#[test]
fn lifecycles_are_equal_in_any_order_and_spelling() {
    let account = Account::start();
    let world = &account.world;
    let bucket = account.make("aws_s3_bucket", json!({"bucket": "acme-old"}));
    let rules = json!([
        {"id": "tidy", "status": "Enabled", "filter": [{}],
         "abort_incomplete_multipart_upload": [{"days_after_initiation": 7}]},
        {"id": "logs", "status": "Enabled", "filter": [{"prefix": "logs/"}], "expiration": [{"days": 365}],
         "transition": [{"days": 90, "storage_class": "GLACIER"}, {"days": 30, "storage_class": "STANDARD_IA"}],
         "noncurrent_version_expiration": [{"noncurrent_days": 30, "newer_noncurrent_versions": 3}]},
        {"id": "big", "status": "Disabled", "expiration": [{"date": "2030-01-31T00:00:00Z"}],
         "filter": [{"and": [{"prefix": "tmp/", "object_size_greater_than": 1024, "tags": {"keep": "no"}}]}]},
    ]);
    let mut lifecycle =
        account.make("aws_s3_bucket_lifecycle_configuration", json!({"bucket": bucket.id, "rule": rules}));
    let seen = get(world, "/acme-old?lifecycle").1;
    for part in ["<NewerNoncurrentVersions>3", "<ObjectSizeGreaterThan>1024", "<Value>no", "2030-01-31", "STANDARD_IA"]
    {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    assert_eq!(lifecycle.drift(), [""; 0]);

    let mut turned = rules.as_array().expect("a list").clone();
    turned.reverse();
    turned[2].as_object_mut().expect("a rule").remove("filter");
    world.forget_calls();
    lifecycle.change(json!({"bucket": bucket.id, "rule": turned}));
    assert_eq!(world.writes(), [""; 0]);
    lifecycle.change(json!({"bucket": bucket.id, "rule": [rules[0]]}));
    assert!(!get(world, "/acme-old?lifecycle").1.contains("logs/"));
    lifecycle.delete();
}

#[test]
fn the_data_source_tells_how_a_bucket_is_named() {
    let account = Account::start();
    account.make("aws_s3_bucket", json!({"bucket": "acme-site"}));
    let found = account.data("aws_s3_bucket", json!({"bucket": "acme-site"}));
    assert_eq!(found.str("bucket_domain_name"), Some("acme-site.s3.amazonaws.com"));
    assert_eq!((found.str("hosted_zone_id"), found.str("website_endpoint")), (Some("Z1BKCTXD74EZPE"), None));
    put(
        &account.world,
        "/acme-site?website",
        "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>",
    );
    let found = account.data("aws_s3_bucket", json!({"bucket": "acme-site"}));
    assert_eq!(found.str("website_endpoint"), Some("acme-site.s3-website-eu-west-1.amazonaws.com"));
    assert!(account.try_data("aws_s3_bucket", json!({"bucket": "acme-none"})).unwrap_err().is_not_found());
}
