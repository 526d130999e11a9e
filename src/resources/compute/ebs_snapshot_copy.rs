//! aws_ebs_snapshot_copy: a snapshot of a snapshot, mostly of one in another region.

use super::ebs_snapshot::{self, Live};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::copy_snapshot::builders::CopySnapshotFluentBuilder as Create;
use aws_sdk_ec2::types::ResourceType;

/// The resource type `aws_ebs_snapshot_copy`.
pub struct AwsEbsSnapshotCopy;

table! {
    Rows: Live, create Create {
        arn: Text, read [.computed()];
        completion_duration_minutes: Positive, create [.force_new()];
        data_encryption_key_id: Text, read [.computed()];
        description: Text [.force_new()];
        encrypted: Flag [.force_new()];
        kms_key_id: Text [.stays().force_new()];
        outpost_arn: Text, read [.computed()];
        owner_alias: Text, read [.computed()];
        owner_id: Text, read [.computed()];
        permanent_restore: Flag, none;
        source_region: Text, create [.required().force_new()];
        source_snapshot_id: Text, create [.required().force_new()];
        storage_tier: EnumCell, none [.optional_computed().check(|v| checks::one_of(v, &["archive", "standard"]))]
            [.read(|s| ebs_snapshot::tier(s.held()).into())];
        temporary_restore_days: Positive, none;
        volume_id: Text, read [.computed()];
        volume_size: Int, read [.computed()];
    }
}

impl Resource for AwsEbsSnapshotCopy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_ebs_snapshot_copy", |s: &Live| s.snapshot_id().map(Into::into), Rows::rows::<Live>())
            .role(Role::NotServing("it is a copy that nobody asks"))
            .tags(|s| tags::read(s.tags()))
            .unique(&[])
            .progress(ebs_snapshot::progress)
            .default_timeout(40)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        ebs_snapshot::AwsEbsSnapshot::describe(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::Snapshot, want, token);
        let call = Rows::create(aws.write.ec2.copy_snapshot(), want).tag_specifications(tags);
        made(call.send().await?.snapshot_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        ebs_snapshot::AwsEbsSnapshot::update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        ebs_snapshot::AwsEbsSnapshot::delete(aws, id, last).await
    }
}
