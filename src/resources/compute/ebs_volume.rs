//! aws_ebs_volume: a disk of its own. It grows and changes its type while it is used; anything else about
//! it needs a new one.

use super::check;
use super::instance::modified;
use crate::resources::block::{On, TimestampCell};
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_volume::builders::CreateVolumeFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_volume::builders::ModifyVolumeFluentBuilder as Modify;
use aws_sdk_ec2::types::{ResourceType, SnapshotState, Volume, VolumeState};

/// The resource type `aws_ebs_volume`.
pub struct AwsEbsVolume;

type Disk = WithArn<Volume>;

table! {
    Rows: Disk, create Create, modify Modify {
        arn: Text, read [.computed()];
        availability_zone: Text [.required().force_new()];
        create_time: TimestampCell, read [.computed()];
        encrypted: Flag, create
            [.optional_computed().force_new().read(|d| d.held().encrypted().unwrap_or(false).into())];
        final_snapshot: Switch, none;
        iops: Positive, read, create, modify [.optional_computed().follows(&["size", "type"])];
        kms_key_id: Text [.optional_computed().force_new()];
        multi_attach_enabled: On [.stays().force_new()];
        outpost_arn: Text [.stays().force_new()];
        size: Positive, read, create, modify [.optional_computed()];
        snapshot_id: Text [.optional_computed().force_new()];
        throughput: Positive, read, create, modify [.optional_computed().follows(&["type"])];
        r#type = volume_type: EnumCell, read, create, modify [.optional_computed()];
        volume_initialization_rate: Positive [.stays().force_new()];
    }
}

/// The tag of a volume's final snapshot that says which volume it is of.
const FINAL_TAG: &str = "floorplan:final-snapshot-of";

fn progress(d: &Disk) -> Progress {
    match d.state() {
        Some(VolumeState::Available | VolumeState::InUse) => Progress::Ready,
        Some(VolumeState::Deleted) => Progress::Gone,
        Some(VolumeState::Error) => Progress::Failed("error".into()),
        other => Progress::Pending(other.map_or("creating", VolumeState::as_str).into()),
    }
}

/// A volume does not shrink.
fn replaced(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let shrinks = after.int("size").zip(before.int("size")).is_some_and(|(new, old)| new < old);
    if shrinks { vec!["size"] } else { Vec::new() }
}

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = check::volume(want, "type", "size");
    if !want.is_given("size") && !want.is_given("snapshot_id") {
        wrong.push(("size", "a volume needs size, unless it is made from snapshot_id".into()));
    }
    if want.bool("multi_attach_enabled") == Some(true)
        && want.str("type").is_some_and(|kind| !matches!(kind, "io1" | "io2"))
    {
        wrong.push(("multi_attach_enabled", "only io1 and io2 volumes attach to several instances".into()));
    }
    wrong
}

impl Resource for AwsEbsVolume {
    type Live = Disk;

    fn spec() -> Spec<Disk> {
        Spec::new("aws_ebs_volume", |d| d.volume_id().map(Into::into), Rows::rows::<Disk>())
            .role(Role::Storage)
            .tags(|d| tags::read(d.tags()))
            .unique(&[])
            .recover(Recover::ClientToken)
            .progress(progress)
            .wait_for_deletion()
            .replace_when(replaced)
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Disk>> {
        let found = listed!(aws, describe_volumes, tags::filters(which, "volume-id", &[])).await?;
        Ok(WithArn::all(aws, "volume", found, Volume::volume_id))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_volume(), want).client_token(&token.0);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::Volume, want, token)).send().await?;
        made(answer.volume_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("final_snapshot");
        if let Some(call) = Rows::modify(aws.write.ec2.modify_volume().volume_id(id), change) {
            call.send().await?;
            modified(aws, id).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("final_snapshot") == Some(true) {
            keep_snapshot(aws, id, last).await?;
        }
        aws.write.ec2.delete_volume().volume_id(id).send().await?;
        Ok(())
    }
}

/// Makes the final snapshot, once, and waits for it.
async fn keep_snapshot(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
    let mark = || crate::aws::filter(&format!("tag:{FINAL_TAG}"), id);
    let look = || async {
        let answer = aws.read.ec2.describe_snapshots().owner_ids("self").filters(mark()).send().await?;
        Ok::<_, Error>(answer.snapshots().first().cloned())
    };
    if look().await?.is_none() {
        let tags = last.string_map("tags_all").into_iter().chain([(FINAL_TAG.to_owned(), id.to_owned())]);
        let tags = tags.map(|(k, v)| aws_sdk_ec2::types::Tag::builder().key(k).value(v).build()).collect();
        let tags = aws_sdk_ec2::types::TagSpecification::builder()
            .resource_type(ResourceType::Snapshot)
            .set_tags(Some(tags))
            .build();
        let text = format!("The last of {id}");
        match aws.write.ec2.create_snapshot().volume_id(id).description(text).tag_specifications(tags).send().await {
            Ok(_) => {}
            Err(e) => match Error::from(e) {
                e if e.is_not_found() => return Ok(()),
                e => return Err(e),
            },
        }
    }
    settle::until("the final snapshot", || async {
        match look().await?.as_ref().and_then(|s| s.state()) {
            Some(SnapshotState::Completed) => Ok(true),
            Some(SnapshotState::Error) => {
                Err(Error::new(Kind::Refused, format!("the final snapshot of {id} failed, so the volume stays")))
            }
            _ => Ok(false),
        }
    })
    .await
}
