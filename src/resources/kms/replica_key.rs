//! aws_kms_replica_key: a multi-Region key in a further region. It has the id and the material of the first one.

use super::kms_key::{self, days, progress, switch, tags_of};
use crate::aws::api::member_text;
use crate::resources::document::{Document, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The resource type `aws_kms_replica_key`.
pub struct AwsKmsReplicaKey;

document! {
    Rows {
        description = "Description": Text;
        enabled = "Enabled": Flag, read [.default(true)];
        arn = "Arn": Text, read [.computed()];
        key_id = "KeyId": Text, read [.computed()];
        key_spec = "KeySpec": Text, read [.computed()];
        key_usage = "KeyUsage": Text, read [.computed()];
        bypass_policy_lockout_safety_check = "BypassPolicyLockoutSafetyCheck": Switch, create;
        deletion_window_in_days = "": Int, none [.default(30).check(|v| days(v, 7..=30))];
        policy = "Policy": Text [.optional_computed().normal(Normal::Policy)];
        primary_key_arn = "MultiRegionConfiguration.PrimaryKey.Arn": Text, read [.required().force_new().check(arn)];
        key_rotation_enabled = "": Flag, none [.computed().read(|k| kms_key::rotates(k.held()).into())];
    }
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

fn is_replica(key: &Json) -> bool {
    member_text(key, "MultiRegionConfiguration.MultiRegionKeyType").as_deref() == Some("REPLICA")
}

impl Resource for AwsKmsReplicaKey {
    type Live = Json;

    fn spec() -> Spec<Json> {
        Spec::new("aws_kms_replica_key", kms_key::id, Rows::rows::<Json>())
            .role(Role::NotServing("what it encrypts says what serves"))
            .own_tags(|k| tags::of(&tags_of(k)))
            .progress(progress)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        let mut found = kms_key::listed(aws, which).await?;
        found.retain(is_replica);
        Ok(found)
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let first = want.str("primary_key_arn").unwrap_or_default();
        let there = aws.for_region(region(first).unwrap_or(&aws.region));
        let input = joined(Rows::create(want), json!({"KeyId": first, "ReplicaRegion": &*aws.region}));
        kms_key::new(&there.write.api, "ReplicateKey", "ReplicaKeyMetadata.KeyId", input, want, token).await
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
