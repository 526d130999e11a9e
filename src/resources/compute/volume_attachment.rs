//! aws_volume_attachment: a volume on an instance, under a device name. It is what the volume lists.

use super::instance::look;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{InstanceStateName as State, VolumeAttachment, VolumeAttachmentState};

/// The resource type `aws_volume_attachment`.
pub struct AwsVolumeAttachment;

table! {
    Rows: VolumeAttachment {
        device_name = device: Text, read [.required().force_new()];
        force_detach: Switch, none;
        instance_id: Text, read [.required().force_new()];
        skip_destroy: Switch, none;
        stop_instance_before_detaching: Switch, none;
        volume_id: Text, read [.required().force_new()];
    }
}

fn id(a: &VolumeAttachment) -> Option<String> {
    Some(format!("{}:{}:{}", a.device()?, a.volume_id()?, a.instance_id()?))
}

fn split(id: &str) -> Option<[&str; 3]> {
    let mut parts = id.split(':');
    Some([parts.next()?, parts.next()?, parts.next()?])
}

fn parse(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let [device, volume, instance] = split(text)?;
    Some(vec![("device_name", device.into()), ("volume_id", volume.into()), ("instance_id", instance.into())])
}

fn progress(a: &VolumeAttachment) -> Progress {
    match a.state() {
        Some(VolumeAttachmentState::Attached) => Progress::Ready,
        Some(VolumeAttachmentState::Detached) => Progress::Gone,
        Some(VolumeAttachmentState::Busy) => Progress::Pending("busy: the instance still uses the device".into()),
        other => Progress::Pending(other.map_or("attaching", VolumeAttachmentState::as_str).into()),
    }
}

impl Resource for AwsVolumeAttachment {
    type Live = VolumeAttachment;

    fn spec() -> Spec<VolumeAttachment> {
        Spec::new("aws_volume_attachment", id, Rows::rows::<VolumeAttachment>())
            .role(Role::Storage)
            .unique(&[&["instance_id", "device_name"], &["volume_id"]])
            .recover(Recover::Key)
            .progress(progress)
            .wait_for_deletion()
            .import("DEVICE:VOLUMEID:INSTANCEID", parse)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<VolumeAttachment>> {
        let wanted: Vec<[String; 3]> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| split(id)).map(|parts| parts.map(str::to_owned)).collect(),
            Which::NaturalKey(want) => {
                let part = |name: &str| want.string(name).unwrap_or_default();
                vec![[part("device_name"), part("volume_id"), part("instance_id")]]
            }
            Which::Token(_) => Vec::new(),
        };
        let mut volumes: Vec<String> = wanted.iter().map(|[_, volume, _]| volume.clone()).collect();
        volumes.sort();
        volumes.dedup();
        let call = |f| aws.read.ec2.describe_volumes().set_filters(Some(f)).into_paginator().items().send();
        let found = aws.pages(filtered("volume-id", &volumes), call).await?;
        let is = |a: &VolumeAttachment, [device, volume, instance]: &[String; 3]| {
            a.device() == Some(device) && a.volume_id() == Some(volume) && a.instance_id() == Some(instance)
        };
        let all = found.into_iter().flat_map(|v| v.attachments.unwrap_or_default());
        Ok(all.filter(|a| wanted.iter().any(|w| is(a, w))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let part = |name: &str| want.str(name).unwrap_or_default();
        let (device, volume, instance) = (part("device_name"), part("volume_id"), part("instance_id"));
        let call = aws.write.ec2.attach_volume().device(device).volume_id(volume).instance_id(instance);
        match call.send().await.map_err(Error::from) {
            // The instance is not running yet.
            Err(e) if e.is("IncorrectState") => return Err(Error { kind: Kind::Dependency, ..e }),
            answer => answer?,
        };
        Ok(format!("{device}:{volume}:{instance}"))
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(&["force_detach", "skip_destroy", "stop_instance_before_detaching"]);
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) {
            return Ok(());
        }
        let Some([device, volume, instance]) = split(id) else {
            return Err(Error::not_found(format!("{id} names no device, volume and instance")));
        };
        if last.bool("stop_instance_before_detaching") == Some(true) {
            stop(aws, instance).await?;
        }
        let by = [filter("volume-id", volume), filter("attachment.instance-id", instance)];
        let there = aws.read.ec2.describe_volumes().set_filters(Some(by.into())).send().await?;
        if there.volumes().is_empty() {
            return Ok(());
        }
        let call = aws.write.ec2.detach_volume().device(device).volume_id(volume).instance_id(instance);
        match call.set_force(last.bool("force_detach")).send().await.map_err(Error::from) {
            Err(e) if e.is("IncorrectState") => Ok(()),
            answer => answer.map(drop),
        }
    }
}

async fn stop(aws: &Aws, instance: &str) -> Result<()> {
    settle::unless_gone(aws.write.ec2.stop_instances().instance_ids(instance).send().await)?;
    let ids = [instance.to_owned()];
    settle::until("the instance to stop", || async {
        let found = look::listed(aws, filtered("instance-id", &ids)).await?;
        Ok(found.iter().all(|i| matches!(look::state(i), Some(State::Stopped | State::Terminated))))
    })
    .await
}
