//! aws_s3_bucket_replication_configuration: to which buckets S3 copies what a bucket is given.

use super::configuration::{Configuration, Configured, Place, built, there};
use super::lifecycle_rules::{TagBlock, TagMap};
use crate::resources::prelude::*;
use aws_sdk_s3::types as s3;
use aws_sdk_s3::types::ReplicationConfiguration;

/// The replication of a bucket.
pub struct Replication;

const STATUS: [&str; 2] = ["Disabled", "Enabled"];

fn status(value: &Value) -> Result<(), String> {
    checks::one_of(value, &STATUS)
}

block! {
    /// Whether the marks of deleted objects are copied.
    DeleteMarkers: s3::DeleteMarkerReplication => s3::DeleteMarkerReplication {
        status: EnumCell [.required().check(status)];
    }
    /// Who owns the copies.
    Translation: s3::AccessControlTranslation => s3::AccessControlTranslation, ok {
        owner: EnumCell [.required().check(|v| checks::one_of(v, &["Destination"]))];
    }
    /// The key of the copies.
    Encryption: s3::EncryptionConfiguration => s3::EncryptionConfiguration {
        replica_kms_key_id: Text [.required()];
    }
    /// A time.
    Minutes: s3::ReplicationTimeValue => s3::ReplicationTimeValue {
        minutes: Int [.required()];
    }
    /// How copying is measured.
    Metrics: s3::Metrics => s3::Metrics, ok {
        event_threshold: OptionalBlock<Minutes>;
        status: EnumCell [.required().check(status)];
    }
    /// How soon objects are copied.
    Time: s3::ReplicationTime => s3::ReplicationTime, ok {
        status: EnumCell [.required().check(status)];
        time: OptionalBlock<Minutes> [.count(1, Some(1))];
    }
    /// Where the copies go.
    Destination: s3::Destination => s3::Destination, ok {
        access_control_translation: OptionalBlock<Translation>;
        account: Text;
        bucket: Text [.required()];
        encryption_configuration: OptionalBlock<Encryption>;
        metrics: OptionalBlock<Metrics>;
        replication_time: OptionalBlock<Time>;
        storage_class: EnumCell;
    }
    /// Whether objects that are there already are copied.
    Existing: s3::ExistingObjectReplication => s3::ExistingObjectReplication, ok {
        status: EnumCell [.required().check(status)];
    }
    /// All of several conditions.
    And: s3::ReplicationRuleAndOperator => s3::ReplicationRuleAndOperator {
        prefix: Text;
        tags: TagMap;
    }
    /// The objects that a rule is about.
    Filter: s3::ReplicationRuleFilter => s3::ReplicationRuleFilter {
        and: OptionalBlock<And>;
        prefix: Text;
        tag: TagBlock;
    }
    /// Whether changes of the copies come back.
    Modifications: s3::ReplicaModifications => s3::ReplicaModifications, ok {
        status: EnumCell [.required().check(status)];
    }
    /// Whether objects with keys of KMS are copied.
    Encrypted: s3::SseKmsEncryptedObjects => s3::SseKmsEncryptedObjects, ok {
        status: EnumCell [.required().check(status)];
    }
    /// Which objects are copied beside the plain ones.
    Criteria: s3::SourceSelectionCriteria => s3::SourceSelectionCriteria {
        replica_modifications: OptionalBlock<Modifications>;
        sse_kms_encrypted_objects: OptionalBlock<Encrypted>;
    }
    /// A rule. One without filter is in the form of before filters, with its prefix.
    Rule: s3::ReplicationRule => s3::ReplicationRule, ok {
        delete_marker_replication: OptionalBlock<DeleteMarkers>;
        destination: OptionalBlock<Destination> [.count(1, Some(1))];
        existing_object_replication: OptionalBlock<Existing>;
        filter: OptionalBlock<Filter>, create
            [.read(|r| OptionalBlock::<Filter>::get(r.held().filter().filter(|f| says_something(f))))];
        id: Text [.optional_computed()];
        prefix: Text, none [.read(|r| old_prefix(r.held()).into())];
        priority: Count;
        source_selection_criteria: OptionalBlock<Criteria>;
        status: EnumCell [.required().check(status)];
    }
}

#[expect(deprecated, reason = "rules from before filters still have their prefix here")]
fn old_prefix(rule: &s3::ReplicationRule) -> Option<&str> {
    rule.prefix()
}

/// Whether a filter keeps anything out. One that does not is given as an empty block, and given back with an empty prefix.
fn says_something(of: &s3::ReplicationRuleFilter) -> bool {
    of.and().is_some() || of.tag().is_some() || of.prefix().is_some_and(|p| !p.is_empty())
}

/// A rule of the layout as S3 takes it.
#[expect(deprecated, reason = "S3 wants a prefix, though empty, of a rule without a filter")]
fn sdk_rule(block: &Attrs) -> Option<s3::ReplicationRule> {
    let mut rule = Rule::write(block)?;
    match &rule.filter {
        None => rule.prefix = Some(block.string("prefix").unwrap_or_default()),
        Some(filter) if !says_something(filter) => {
            rule.filter = Some(s3::ReplicationRuleFilter::builder().prefix("").build());
        }
        Some(_) => {}
    }
    if rule.filter.is_some() && rule.priority.is_none() {
        rule.priority = Some(0);
    }
    Some(rule)
}

impl Configuration for Replication {
    type Found = ReplicationConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_replication_configuration";
    const SILENT: &'static [&'static str] = &["token"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = BlockList::<Rule>::column("rule").count(1, Some(1000));
        vec![
            A::string("role").required().read(|c: &Configured<Self::Found>| c.found.role().into()),
            A::string("token").sensitive(),
            rules.read(|c| BlockList::<Rule>::get(c.found.rules())),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let answer = aws.read.s3.get_bucket_replication().bucket(&place.bucket).send().await?;
        there(answer.replication_configuration, place, "replication")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules = want.blocks("rule").iter().filter_map(sdk_rule).collect();
        let all = ReplicationConfiguration::builder().role(want.str("role").unwrap_or_default());
        let all = built(all.set_rules(Some(rules)).build())?;
        let call = aws.write.s3.put_bucket_replication().bucket(&place.bucket).set_token(text(want, "token"));
        let call = call.replication_configuration(all);
        settle::once_known(|| async { Ok(call.clone().send().await?) }).await.map(drop)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(aws.write.s3.delete_bucket_replication().bucket(&place.bucket).send().await)
    }
}
