//! aws_s3_bucket_replication_configuration: to which buckets S3 copies what a bucket is given.

use super::configuration::{Configuration, Configured, Place, ask, call, there};
use super::lifecycle_rules::{TagBlock, TagMap, says_something, telling};
use crate::aws::api::member_text;
use crate::resources::document::{Document, Many, One, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The replication of a bucket.
pub struct Replication;

const STATUS: [&str; 2] = ["Disabled", "Enabled"];

fn status(value: &Value) -> Result<(), String> {
    checks::one_of(value, &STATUS)
}

const ROOT: &str = "ReplicationConfiguration";

/// Blocks of one switch.
macro_rules! switches {
    ($($name:ident)*) => {$(
        document! {
            $name {
                status = "Status": Text [.required().check(status)];
            }
        }
    )*};
}

switches! { DeleteMarkers Existing Modifications Encrypted }

document! {
    Translation {
        owner = "Owner": Text [.required().check(|v| checks::one_of(v, &["Destination"]))];
    }
}
document! {
    Encryption {
        replica_kms_key_id = "ReplicaKmsKeyID": Text [.required()];
    }
}
document! {
    Minutes {
        minutes = "Minutes": Int [.required()];
    }
}
document! {
    Metrics {
        event_threshold = "EventThreshold": One<Minutes>;
        status = "Status": Text [.required().check(status)];
    }
}
document! {
    /// How soon objects are copied.
    Time {
        status = "Status": Text [.required().check(status)];
        time = "Time": One<Minutes> [.count(1, Some(1))];
    }
}
document! {
    /// Where the copies go.
    Destination {
        access_control_translation = "AccessControlTranslation": One<Translation>;
        account = "Account": Text;
        bucket = "Bucket": Text [.required()];
        encryption_configuration = "EncryptionConfiguration": One<Encryption>;
        metrics = "Metrics": One<Metrics>;
        replication_time = "ReplicationTime": One<Time>;
        storage_class = "StorageClass": Text;
    }
}
document! {
    And {
        prefix = "Prefix": Text;
        tags = "Tag": TagMap;
    }
}
document! {
    Filter {
        and = "And": One<And>;
        prefix = "Prefix": Text;
        tag = "Tag": TagBlock;
    }
}
document! {
    /// Which objects are copied beside the plain ones.
    Criteria {
        replica_modifications = "ReplicaModifications": One<Modifications>;
        sse_kms_encrypted_objects = "SseKmsEncryptedObjects": One<Encrypted>;
    }
}
document! {
    /// A rule. One without filter is in the form of before filters, with its prefix.
    Rule {
        delete_marker_replication = "DeleteMarkerReplication": One<DeleteMarkers>;
        destination = "Destination": One<Destination> [.count(1, Some(1))];
        existing_object_replication = "ExistingObjectReplication": One<Existing>;
        filter = "Filter": One<Filter>, create [.read(|r| at::<One<Filter>>(&telling(r.held()), "Filter"))];
        id = "ID": Text [.optional_computed()];
        prefix = "Prefix": Text, read;
        priority = "Priority": Count;
        source_selection_criteria = "SourceSelectionCriteria": One<Criteria>;
        status = "Status": Text [.required().check(status)];
    }
}

/// A rule of the layout as S3 takes it, which wants a prefix, though empty, of a rule without a filter.
fn written(block: &Attrs) -> Json {
    let mut rule = Rule::create(block);
    let filter = rule.get("Filter").map(says_something);
    match filter {
        None => rule["Prefix"] = block.string("prefix").unwrap_or_default().into(),
        Some(false) => rule["Filter"] = json!({"Prefix": ""}),
        Some(true) => {}
    }
    if filter.is_some() && rule.get("Priority").is_none() {
        rule["Priority"] = 0.into();
    }
    rule
}

impl Configuration for Replication {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_replication_configuration";
    const SILENT: &'static [&'static str] = &["token"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = Many::<Rule>::column("rule").count(1, Some(1000));
        vec![
            A::string("role").required().read(|c: &Configured<Json>| member_text(&c.found, "Role").into()),
            A::string("token").sensitive(),
            rules.read(|c| at::<Many<Rule>>(&c.found, "Rule")),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        there(ask(aws, place, "GetBucketReplication GET /?replication").await?, place, "replication")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules: Vec<Json> = want.blocks("rule").iter().map(written).collect();
        let all = json!({"Role": want.str("role").unwrap_or_default(), "Rule": rules});
        let all = json!({"x-amz-bucket-object-lock-token": text(want, "token"), ROOT: all});
        settle::once_known(|| call(aws, place, "PutBucketReplication PUT /?replication", all.clone())).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(call(aws, place, "DeleteBucketReplication DELETE /?replication", json!({})).await)
    }
}
