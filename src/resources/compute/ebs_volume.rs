//! aws_ebs_volume: a disk of its own. It grows and changes its type while it is used; anything else about
//! it needs a new one.

use super::check;
use super::instance::modified;
use crate::aws::{Aws, Error, Kind, Result, filtered, made};
use crate::resources::block::{EnumCell, Get, Put, TimestampCell, text};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::{ResourceType, SnapshotState, Volume, VolumeState, VolumeType};

type A = spec::A<Disk>;

/// The resource type `aws_ebs_volume`.
pub struct AwsEbsVolume;

/// A volume as listed.
pub struct Disk {
    volume: Volume,
    arn: String,
}

/// The tag of a volume's final snapshot that says which volume it is of.
const FINAL_TAG: &str = "floorplan:final-snapshot-of";

fn progress(d: &Disk) -> Progress {
    match d.volume.state() {
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
    let given = |name: &str| want.get(name).is_some_and(|v| !v.is_null());
    if !given("size") && !given("snapshot_id") {
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
        let [tags, tags_all] = A::tags(|d| tags::read(d.volume.tags()));
        let fixed = |name| A::string(name).optional_computed().force_new();
        let rows = vec![
            A::string("availability_zone").required().force_new().read(|d| d.volume.availability_zone().into()),
            A::bool("encrypted").optional_computed().force_new().read(|d| d.volume.encrypted().unwrap_or(false).into()),
            A::bool("final_snapshot").default(false),
            A::number("iops").optional_computed().follows(&["size", "type"]).read(|d| d.volume.iops().into()),
            fixed("kms_key_id").read(|d| d.volume.kms_key_id().into()),
            A::bool("multi_attach_enabled")
                .optional_computed()
                .force_new()
                .read(|d| d.volume.multi_attach_enabled().unwrap_or(false).into()),
            fixed("outpost_arn").read(|d| d.volume.outpost_arn().into()),
            A::number("size").optional_computed().read(|d| d.volume.size().into()),
            fixed("snapshot_id").read(|d| d.volume.snapshot_id().filter(|id| !id.is_empty()).into()),
            A::number("throughput").optional_computed().follows(&["type"]).read(|d| d.volume.throughput().into()),
            A::string("type").optional_computed().read(|d| d.volume.volume_type().map(VolumeType::as_str).into()),
            A::number("volume_initialization_rate")
                .optional_computed()
                .force_new()
                .read(|d| d.volume.volume_initialization_rate().into()),
            A::string("arn").computed().read(|d| d.arn.as_str().into()),
            A::string("create_time").computed().read(|d| TimestampCell::get(d.volume.create_time())),
            tags,
            tags_all,
        ];
        Spec::new("aws_ebs_volume", |d| d.volume.volume_id().map(Into::into), rows)
            .unique(&[])
            .recover(Recover::ClientToken)
            .progress(progress)
            .wait_for_deletion()
            .replace_when(replaced)
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Disk>> {
        let filters = match which {
            Which::Ids(ids) => filtered("volume-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(_) => Vec::new(),
        };
        let call = |f| aws.read.ec2.describe_volumes().set_filters(Some(f)).into_paginator().items().send();
        let found = aws.pages(filters, call).await?;
        let complete = |volume: Volume| Disk {
            arn: aws.ec2_arn(&format!("volume/{}", volume.volume_id().unwrap_or_default())),
            volume,
        };
        Ok(found.into_iter().map(complete).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_volume()
            .client_token(&token.0)
            .set_availability_zone(text(want, "availability_zone"))
            .set_encrypted(want.bool("encrypted"))
            .set_iops(want.int("iops").filter(|n| *n > 0))
            .set_kms_key_id(text(want, "kms_key_id"))
            .set_multi_attach_enabled(want.bool("multi_attach_enabled").filter(|on| *on))
            .set_outpost_arn(text(want, "outpost_arn"))
            .set_size(want.int("size").filter(|n| *n > 0))
            .set_snapshot_id(text(want, "snapshot_id"))
            .set_throughput(want.int("throughput").filter(|n| *n > 0))
            .set_volume_initialization_rate(want.int("volume_initialization_rate").filter(|n| *n > 0))
            .set_volume_type(EnumCell::put(want, "type"))
            .tag_specifications(tags::at_creation(ResourceType::Volume, want, token))
            .send()
            .await?;
        made(answer.volume_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("final_snapshot");
        let changed = |change: &mut Change<'_>, name: &str| {
            let value = change.take(name).and_then(Value::as_i64);
            value.and_then(|n| i32::try_from(n).ok()).filter(|n| *n > 0)
        };
        let size = changed(change, "size");
        let iops = changed(change, "iops");
        let throughput = changed(change, "throughput");
        let kind = change.take("type").and_then(|_| EnumCell::put(change.after, "type"));
        if size.is_none() && iops.is_none() && throughput.is_none() && kind.is_none() {
            return Ok(());
        }
        let call = aws.write.ec2.modify_volume().volume_id(id).set_size(size).set_iops(iops);
        call.set_throughput(throughput).set_volume_type(kind).send().await?;
        modified(aws, id).await
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
