//! aws_ebs_snapshot: a copy of a volume as it was.

use crate::resources::block::Positive;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_snapshot::builders::CreateSnapshotFluentBuilder as Create;
use aws_sdk_ec2::types::{ResourceType, Snapshot, SnapshotState, StorageTier, TargetStorageTier};

/// The resource type `aws_ebs_snapshot`.
pub struct AwsEbsSnapshot;

/// A snapshot as listed.
pub type Live = WithArn<Snapshot>;

table! {
    Rows: Live, create Create {
        arn: Text, read [.computed()];
        data_encryption_key_id: Text, read [.computed()];
        description: Text [.force_new()];
        encrypted: Flag, read [.computed()];
        kms_key_id: Text, read [.computed()];
        outpost_arn: Text [.force_new()];
        owner_alias: Text, read [.computed()];
        owner_id: Text, read [.computed()];
        permanent_restore: Flag, none;
        storage_tier: EnumCell, none [.optional_computed().check(|v| checks::one_of(v, &["archive", "standard"]))]
            [.read(|s| tier(s.held()).into())];
        temporary_restore_days: Positive, none;
        volume_id: Text [.required().force_new()];
        volume_size: Int, read [.computed()];
    }
}

/// How it is kept.
pub fn tier(s: &Live) -> &str {
    s.storage_tier().map_or("standard", StorageTier::as_str)
}

/// How far a snapshot is.
pub fn progress(s: &Live) -> Progress {
    match s.state() {
        Some(SnapshotState::Pending) => Progress::Pending("pending".into()),
        Some(SnapshotState::Error) => Progress::Failed(s.state_message().unwrap_or("error").into()),
        _ => Progress::Ready,
    }
}

impl Resource for AwsEbsSnapshot {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new("aws_ebs_snapshot", |s: &Live| s.snapshot_id().map(Into::into), Rows::rows())
            .role(Role::NotServing("it is a copy that nobody asks"))
            .tags(|s| tags::read(s.tags()))
            .unique(&[])
            .progress(progress)
            .default_timeout(40)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = tags::filters(which, "snapshot-id", &[("volume-id", "volume_id")]);
        let found = listed!(aws, describe_snapshots, filters).await?;
        Ok(WithArn::all(aws, "snapshot", found, Snapshot::snapshot_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let tags = tags::at_creation(ResourceType::Snapshot, want, token);
        let call = Rows::create(aws.write.ec2.create_snapshot(), want).tag_specifications(tags);
        made(call.send().await?.snapshot_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(&["permanent_restore", "temporary_restore_days"]);
        match change.take("storage_tier").and_then(Value::as_str) {
            Some("archive") => {
                let call = aws.write.ec2.modify_snapshot_tier().snapshot_id(id);
                done(call.storage_tier(TargetStorageTier::Archive).send().await)
            }
            Some(_) => {
                let call = aws.write.ec2.restore_snapshot_tier().snapshot_id(id);
                let call = call.set_permanent_restore(change.after.bool("permanent_restore"));
                done(call.set_temporary_restore_days(change.after.int("temporary_restore_days")).send().await)
            }
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.delete_snapshot().snapshot_id(id).send().await)
    }
}
