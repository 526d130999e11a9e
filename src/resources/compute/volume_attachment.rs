//! aws_volume_attachment: a volume on an instance, under a device name. It is what the volume lists.

use super::instance::look;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::attach_volume::builders::AttachVolumeFluentBuilder as Create;
use aws_sdk_ec2::types::{Volume, VolumeAttachment, VolumeAttachmentState};

/// The resource type `aws_volume_attachment`.
pub struct AwsVolumeAttachment;

table! {
    Rows: VolumeAttachment, create Create {
        device_name = device: Text [.required().force_new()];
        force_detach: Switch, none;
        instance_id: Text [.required().force_new()];
        skip_destroy: Switch, none;
        stop_instance_before_detaching: Switch, none;
        volume_id: Text [.required().force_new()];
    }
}

static KEY: Composite = Composite::new(&["device_name", "volume_id", "instance_id"], ":");

fn ends(a: &VolumeAttachment) -> Option<[&str; 3]> {
    Some([a.device()?, a.volume_id()?, a.instance_id()?])
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
        Spec::composite("aws_volume_attachment", &KEY, Rows::rows::<VolumeAttachment>())
            .role(Role::Storage)
            .unique(&[&["instance_id", "device_name"], &["volume_id"]])
            .progress(progress)
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<VolumeAttachment>> {
        let volumes = which.parts(&KEY, "volume_id");
        let found: Vec<Volume> = listed!(aws, describe_volumes, filtered("volume-id", &volumes)).await?;
        Ok(found.into_iter().flat_map(|v| v.attachments.unwrap_or_default()).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        match Rows::create(aws.write.ec2.attach_volume(), want).send().await.map_err(Error::from) {
            // The instance is not running yet.
            Err(e) if e.is("IncorrectState") => return Err(Error { kind: Kind::Dependency, ..e }),
            answer => answer?,
        };
        made(KEY.id(want).as_deref())
    }

    async fn update(_aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take_any(&["force_detach", "skip_destroy", "stop_instance_before_detaching"]);
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) {
            return Ok(());
        }
        let there = settle::find::<Self>(aws, id).await?;
        let Some([device, volume, instance]) = there.as_ref().and_then(ends) else { return Ok(()) };
        if last.bool("stop_instance_before_detaching") == Some(true) {
            settle::unless_gone(aws.write.ec2.stop_instances().instance_ids(instance).send().await)?;
            look::stopped(aws, instance).await?;
        }
        let call = aws.write.ec2.detach_volume().device(device).volume_id(volume).instance_id(instance);
        match call.set_force(last.bool("force_detach")).send().await.map_err(Error::from) {
            Err(e) if e.is("IncorrectState") => Ok(()),
            answer => answer.map(drop),
        }
    }
}
