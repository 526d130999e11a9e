//! aws_kms_replica_key: a multi-Region key in a further region. It has the id and the material of the first one.

use super::kms_key::{self, Key, days, progress, switch};
use crate::resources::prelude::*;
use aws_sdk_kms::operation::replicate_key::builders::ReplicateKeyFluentBuilder as Replicate;
use aws_sdk_kms::types::{KeyMetadata, MultiRegionKeyType};

/// The resource type `aws_kms_replica_key`.
pub struct AwsKmsReplicaKey;

table! {
    Meta: KeyMetadata, create Replicate {
        description: Text;
        enabled: Flag, read [.default(true)];
        arn: Text, read [.computed()];
        key_id: Text, read [.computed()];
        key_spec: EnumCell, read [.computed()];
        key_usage: EnumCell, read [.computed()];
    }
}

table! {
    Own: Key, create Replicate {
        bypass_policy_lockout_safety_check: Switch, create;
        deletion_window_in_days: Int, none [.default(30).check(|v| days(v, 7..=30))];
        policy: Text, create
            [.optional_computed().normal(Normal::Policy).read(|k| k.held().policy.as_deref().into())];
        primary_key_arn: Text, none [.required().force_new().check(arn).read(|k| primary(&k.held().meta).into())];
        key_rotation_enabled: Flag, none [.computed().read(|k| k.held().rotation.is_some().into())];
    }
}

fn primary(meta: &KeyMetadata) -> Option<&str> {
    meta.multi_region_configuration()?.primary_key()?.arn()
}

fn arn(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| text.starts_with("arn:") && text.contains(":key/mrk-"),
        "is not the ARN of a multi-Region key",
    )
}

/// The region in an ARN.
fn region(arn: &str) -> Option<&str> {
    arn.split(':').nth(3).filter(|region| !region.is_empty())
}

fn is_replica(key: &Key) -> bool {
    let kind = key.meta.multi_region_configuration().and_then(|all| all.multi_region_key_type());
    kind == Some(&MultiRegionKeyType::Replica)
}

impl Resource for AwsKmsReplicaKey {
    type Live = Key;

    fn spec() -> Spec<Key> {
        let rows = Meta::rows().into_iter().chain(Own::rows());
        Spec::new("aws_kms_replica_key", |k: &Key| Some(k.meta.key_id.clone()), rows.collect())
            .role(Role::NotServing("what it encrypts says what serves"))
            .own_tags(|k| tags::of(&k.tags))
            .progress(progress)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Key>> {
        let mut found = kms_key::listed(aws, which).await?;
        found.retain(is_replica);
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let first = want.str("primary_key_arn").unwrap_or_default();
        let there = aws.for_region(region(first).unwrap_or(&aws.region));
        let call = Own::create(Meta::create(there.write.kms.replicate_key(), want), want).key_id(first);
        let call = call.replica_region(&*aws.region).set_tags(tags::marked(want, token));
        let answer = settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        made(answer.replica_key_metadata().map(KeyMetadata::key_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let enable = change.take_bool("enabled");
        if enable == Some(true) {
            switch(aws, id, true).await?;
        }
        kms_key::describe(aws, id, change).await?;
        if enable == Some(false) {
            switch(aws, id, false).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        kms_key::end(aws, id, last).await
    }
}
