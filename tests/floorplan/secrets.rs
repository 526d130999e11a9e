//! Keys, their names, secrets and their versions against the sandbox.

use floorplan::aws::Kind;
use serde_json::{Value, json};

use crate::support::World;
use crate::types::Account;

fn kms(world: &World, action: &str, body: Value) -> Value {
    world.json("kms", &format!("TrentService.{action}"), body)
}

fn secrets(world: &World, action: &str, body: Value) -> Value {
    world.json("secretsmanager", &format!("secretsmanager.{action}"), body)
}

fn policy(sid: &str) -> String {
    let allow = |action: &str| {
        json!({"Sid": sid, "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
               "Action": action, "Resource": "*"})
    };
    json!({"Version": "2012-10-17", "Statement": [allow("kms:*")]}).to_string()
}

/// The same document, spelt as AWS spells it.
fn respelt(policy: &str) -> String {
    policy.replace("\"kms:*\"", "[ \"kms:*\" ]")
}

#[test]
fn a_key_is_completed_and_its_deletion_scheduled() {
    let account = Account::start();
    let mut key = account.make(
        "aws_kms_key",
        json!({"description": "disks", "enable_key_rotation": true, "rotation_period_in_days": 180,
               "is_enabled": false, "deletion_window_in_days": 9, "policy": policy("a"), "tags": {"Name": "disks"}}),
    );
    let id = json!({"KeyId": key.id});
    let seen = kms(&account.world, "DescribeKey", id.clone())["KeyMetadata"].clone();
    assert_eq!((&seen["Description"], &seen["KeyState"]), (&json!("disks"), &json!("Disabled")));
    let rotation = kms(&account.world, "GetKeyRotationStatus", id.clone());
    assert_eq!(rotation["KeyRotationEnabled"], true);
    assert_eq!(rotation["RotationPeriodInDays"], 180);

    key.change(json!({"description": "volumes", "enable_key_rotation": true, "rotation_period_in_days": 90,
                      "policy": respelt(&policy("b")), "deletion_window_in_days": 9, "tags": {"team": "ops"}}));
    assert_eq!(kms(&account.world, "DescribeKey", id.clone())["KeyMetadata"]["KeyState"], "Enabled");
    assert!(
        kms(&account.world, "GetKeyPolicy", json!({"KeyId": key.id, "PolicyName": "default"}))["Policy"]
            .as_str()
            .is_some_and(|text| text.contains("\"b\""))
    );
    let tags = kms(&account.world, "ListResourceTags", id.clone())["Tags"].to_string();
    assert!(tags.contains("team") && !tags.contains("Name"), "{tags}");

    account.world.forget_calls();
    key.change(json!({"description": "volumes", "enable_key_rotation": true, "rotation_period_in_days": 90,
                      "policy": policy("b"), "deletion_window_in_days": 9, "tags": {"team": "ops"}}));
    assert_eq!(account.world.writes(), [""; 0], "the same policy in another spelling is not a change");

    kms(&account.world, "DisableKeyRotation", id.clone());
    assert_eq!(key.drift(), ["enable_key_rotation", "rotation_period_in_days"]);
    key.again();

    let name = key.id.clone();
    key.delete();
    let gone = kms(&account.world, "DescribeKey", id)["KeyMetadata"].clone();
    assert_eq!(gone["KeyState"], "PendingDeletion");
    assert!(account.describe("aws_kms_key", &[name, "00000000-0000-0000-0000-000000000000".into()]).len() == 1);
}

#[test]
fn an_alias_leads_to_its_key_and_follows_the_layout_to_another() {
    let account = Account::start();
    let (first, second) = (account.make("aws_kms_key", json!({})), account.make("aws_kms_key", json!({})));
    let mut alias = account.make("aws_kms_alias", json!({"name": "alias/db", "target_key_id": first.text("arn")}));
    assert_eq!(alias.text("target_key_arn"), first.text("arn"));
    assert_eq!(alias.drift(), [""; 0], "an ARN and an id name the same key");
    alias.change(json!({"name": "alias/db", "target_key_id": second.id}));
    let seen = kms(&account.world, "ListAliases", json!({"KeyId": second.id}))["Aliases"].clone();
    assert_eq!(seen[0]["AliasName"], "alias/db");

    let made = account.make("aws_kms_alias", json!({"name_prefix": "alias/app-", "target_key_id": first.id}));
    assert!(made.id.starts_with("alias/app-") && made.text("name_prefix") == "alias/app-", "{}", made.id);
    let left = account.make("aws_kms_alias", json!({"target_key_id": first.id}));
    assert!(left.id.starts_with("alias/floorplan-"), "{}", left.id);
    for each in [alias, made, left] {
        each.delete();
    }
    assert!(!kms(&account.world, "ListAliases", json!({})).to_string().contains("alias/app-"));
}

#[test]
fn a_secret_frees_its_name_without_a_recovery_window() {
    let account = Account::start();
    let mut secret = account.make(
        "aws_secretsmanager_secret",
        json!({"name": "db/main", "description": "the password", "policy": policy("a"), "recovery_window_in_days": 0,
               "replica": [{"region": "eu-central-1"}], "tags": {"Name": "db"}}),
    );
    let id = json!({"SecretId": secret.id});
    let seen = secrets(&account.world, "DescribeSecret", id.clone());
    assert_eq!(seen["Description"], "the password");
    assert_eq!(seen["ReplicationStatus"][0]["Region"], "eu-central-1");
    let key = account.make("aws_kms_key", json!({}));
    secret.change(json!({"name": "db/main", "kms_key_id": key.id, "policy": "{}", "recovery_window_in_days": 0,
                         "replica": [{"region": "us-east-1"}], "tags": {"team": "ops"}}));
    let seen = secrets(&account.world, "DescribeSecret", id.clone());
    assert_eq!((&seen["KmsKeyId"], &seen["Description"]), (&json!(key.id), &Value::Null));
    assert_eq!(seen["ReplicationStatus"][0]["Region"], "us-east-1");
    assert_eq!(secrets(&account.world, "GetResourcePolicy", id)["ResourcePolicy"], Value::Null);
    secret.delete();

    let again = account.make("aws_secretsmanager_secret", json!({"name": "db/main"}));
    again.delete();
    let refused = account.try_make("aws_secretsmanager_secret", json!({"name": "db/main"})).unwrap_err();
    assert_eq!(refused.code, "InvalidRequestException");
    assert!(refused.message.contains("scheduled for deletion"), "{refused}");

    let made = account.make("aws_secretsmanager_secret", json!({"name_prefix": "app-"}));
    assert!(made.text("name").starts_with("app-"));
    let taken = account.try_make("aws_secretsmanager_secret", json!({"name": made.text("name")})).unwrap_err();
    assert_eq!(taken.kind, Kind::Exists, "somebody else's secret is not taken over");
}

#[test]
fn a_version_holds_its_value_and_a_refresh_does_not_ask_for_it() {
    let account = Account::start();
    let secret = account.make("aws_secretsmanager_secret", json!({"name": "token"}));
    let first = json!({"secret_id": secret.id, "secret_string": "one", "version_stages": ["AWSCURRENT", "blue"]});
    let mut version = account.make("aws_secretsmanager_secret_version", first);
    let id = json!({"SecretId": secret.id});
    let value = secrets(&account.world, "GetSecretValue", id.clone());
    assert_eq!((&value["SecretString"], &value["VersionId"]), (&json!("one"), &json!(version.text("version_id"))));

    account.world.forget_calls();
    assert_eq!(version.drift(), [""; 0]);
    assert!(account.world.calls().iter().all(|call| call.action != "GetSecretValue"));

    version.change(json!({"secret_id": secret.id, "secret_string": "one", "version_stages": ["AWSCURRENT", "green"]}));
    let second =
        account.make("aws_secretsmanager_secret_version", json!({"secret_id": secret.id, "secret_binary": "aGk="}));
    let value = secrets(&account.world, "GetSecretValue", id);
    assert_eq!(value["SecretBinary"], "aGk=");
    assert_eq!(version.drift(), ["version_stages"], "the label of the version in use has moved on");
    assert_ne!(version.id, second.id);

    let hidden =
        account.make("aws_secretsmanager_secret_version", json!({"secret_id": secret.id, "secret_string_wo": "three"}));
    let value = secrets(&account.world, "GetSecretValue", json!({"SecretId": secret.id}));
    assert_eq!(value["SecretString"], "three");
    assert_eq!(hidden.live.get("secret_string"), None);

    version.forget();
    hidden.forget();
    let stages = secrets(&account.world, "ListSecretVersionIds", json!({"SecretId": secret.id})).to_string();
    assert!(!stages.contains("green") && stages.contains("AWSCURRENT"), "{stages}");
    let found = account.import(
        "aws_secretsmanager_secret_version",
        &[("secret_id", secret.id.as_str()), ("version_id", &second.text("version_id"))],
    );
    assert_eq!(found.attrs.str("secret_binary"), Some("aGk="), "an import asks for the value");
    secret.delete();
    second.forget();
}

#[test]
fn data_sources_find_keys_and_keep_values_secret() {
    let account = Account::start();
    let key = account.make("aws_kms_key", json!({"description": "data"}));
    account.make("aws_kms_alias", json!({"name": "alias/data", "target_key_id": key.id}));
    let secret = account.make("aws_secretsmanager_secret", json!({"name": "data", "tags": {"team": "ops"}}));
    let version =
        account.make("aws_secretsmanager_secret_version", json!({"secret_id": secret.id, "secret_string": "hunter2"}));

    let found = account.data("aws_kms_key", json!({"key_id": "alias/data"}));
    assert_eq!((found.str("id"), found.str("description")), (Some(key.id.as_str()), Some("data")));
    assert_eq!((found.bool("enabled"), found.str("key_state")), (Some(true), Some("Enabled")));
    let found = account.data("aws_kms_alias", json!({"name": "alias/data"}));
    assert_eq!(found.string("target_key_arn"), Some(key.text("arn")));
    let found = account.data("aws_secretsmanager_secret", json!({"name": "data"}));
    assert_eq!(found.str("arn"), Some(secret.id.as_str()));
    assert_eq!(found.string_map("tags").get("team").map(String::as_str), Some("ops"));
    let found = account.data("aws_secretsmanager_secret_version", json!({"secret_id": "data"}));
    assert_eq!(found.str("secret_string"), Some("hunter2"));
    assert_eq!(found.string("version_id"), Some(version.text("version_id")));
    assert!(account.try_data("aws_kms_alias", json!({"name": "alias/none"})).is_err());
    secret.delete();
    assert!(account.try_data("aws_secretsmanager_secret", json!({"name": "data"})).unwrap_err().is_not_found());
}

#[test]
fn lost_answers_double_nothing() {
    let world = World::start();
    world.write(
        "layout/main.hcl",
        r#"
        resource "aws_kms_key" "lost" {}
        resource "aws_kms_alias" "lost" {
          name_prefix   = "alias/lost-"
          target_key_id = aws_kms_key.lost.id
        }
        resource "aws_secretsmanager_secret" "lost" {
          name_prefix = "lost-"
          kms_key_id  = aws_kms_key.lost.arn
        }
        resource "aws_secretsmanager_secret_version" "lost" {
          secret_id     = aws_secretsmanager_secret.lost.id
          secret_string = "lost and found"
        }
        resource "aws_s3_bucket" "lost" {
          bucket = "acme-lost"
        }
        "#,
    );
    for action in ["CreateKey", "CreateAlias", "CreateSecret", "PutSecretValue"] {
        world.lose_answer(action);
    }
    world.fault(json!({"service": "s3", "action": "write", "when": "after"}));
    world.floorplan(&["apply", "layout", "--sandbox", "--auto-approve"]).succeeds();
    let left = world.control("GET", "faults", None);
    let left: Vec<_> = left.as_array().expect("a list").iter().filter(|fault| fault["times"] != 0).collect();
    assert!(left.is_empty(), "every answer was lost but these: {left:?}");
    let count = |value: &Value, what: &str| value.to_string().matches(what).count();
    assert_eq!(kms(&world, "ListKeys", json!({}))["Keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(count(&kms(&world, "ListAliases", json!({})), "\"alias/lost-"), 1);
    let listed = secrets(&world, "ListSecrets", json!({}));
    assert_eq!(listed["SecretList"].as_array().map(Vec::len), Some(1));
    let versions = secrets(&world, "ListSecretVersionIds", json!({"SecretId": listed["SecretList"][0]["ARN"]}));
    assert_eq!(versions["Versions"].as_array().map(Vec::len), Some(1));
    world.floorplan(&["plan", "layout", "--sandbox", "--detailed-exitcode"]).succeeds();
    world.floorplan(&["destroy", "layout", "--sandbox", "--auto-approve"]).succeeds();
}
