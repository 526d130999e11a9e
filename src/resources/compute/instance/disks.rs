//! The volumes that come with an instance. They are volumes of their own at AWS: sizes and types are
//! read from them and changed on them.

use super::look::Live;
use crate::resources::block::{On, SingleBlock, TextMap};
use crate::resources::compute::check;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    BlockDeviceMapping, EbsBlockDevice, EbsInstanceBlockDeviceSpecification, InstanceBlockDeviceMapping,
    InstanceBlockDeviceMappingSpecification, Volume, VolumeModificationState,
};
use std::ops::Deref;

/// What is changed on a volume that is in use.
const MODIFIED: [&str; 4] = ["iops", "throughput", "volume_size", "volume_type"];
/// What a volume has from its beginning.
const FIXED: [&str; 3] = ["encrypted", "kms_key_id", "snapshot_id"];

/// A volume of an instance, on its device.
pub struct Disk {
    device: InstanceBlockDeviceMapping,
    volume: Volume,
}

impl Deref for Disk {
    type Target = Volume;

    fn deref(&self) -> &Volume {
        &self.volume
    }
}

impl Disk {
    fn device_name(&self) -> Option<&str> {
        self.device.device_name()
    }

    fn delete_on_termination(&self) -> Option<bool> {
        self.device.ebs()?.delete_on_termination()
    }
}

/// Declares a block of a volume: what all have, and what it has of its own.
macro_rules! disk {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        block! {
            $(#[$doc])*
            $name: Disk => EbsBlockDevice {
                delete_on_termination: Flag [.default(true)];
                encrypted: On [.optional_computed()];
                iops: Positive [.optional_computed()];
                kms_key_id: Text [.optional_computed()];
                tags: TextMap, read [.stays()];
                tags_all = tags: TextMap, read [.computed()];
                throughput: Positive [.optional_computed()];
                volume_size: Positive, read(size), create [.optional_computed()];
                volume_type: EnumCell [.optional_computed()];
                volume_id: Text, read [.computed()];
                $($own)*
            }
        }
    };
}

disk! {
    /// `root_block_device`.
    Root { device_name: Text, read [.computed()]; }
}
disk! {
    /// `ebs_block_device`.
    Other { device_name: Text, read [.required()]; snapshot_id: Text [.optional_computed()]; }
}
block! {
    /// `ephemeral_block_device`.
    Ephemeral: BlockDeviceMapping => BlockDeviceMapping {
        device_name: Text [.required()];
        no_device: Flag, none;
        virtual_name: Text;
    }
}

fn disks(live: &Live, of_root: bool) -> Vec<Disk> {
    let wanted = |d: &&InstanceBlockDeviceMapping| (d.device_name() == live.root_device_name()) == of_root;
    let disk = |device: &InstanceBlockDeviceMapping| {
        let id = device.ebs()?.volume_id();
        let volume = live.volumes.iter().find(|v| v.volume_id() == id)?;
        Some(Disk { device: device.clone(), volume: volume.clone() })
    };
    live.block_device_mappings().iter().filter(wanted).filter_map(disk).collect()
}

/// The root volume.
pub fn root(live: &Live) -> Value {
    SingleBlock::<Root>::get(disks(live, true).as_slice())
}

/// All other volumes, those attached later too.
pub fn ebs(live: &Live) -> Value {
    BlockSet::<Other>::get(disks(live, false).as_slice())
}

/// The tags of the root volume, which stand for those of all volumes that came with the instance: what was
/// attached later has tags of its own.
pub fn volume_tags(live: &Live) -> Value {
    TextMap::get(disks(live, true).first().map(|d| d.volume.tags()).unwrap_or_default())
}

fn by_device(blocks: &Value) -> Vec<(String, Attrs)> {
    let blocks = blocks.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value);
    blocks.filter_map(|b| Some((b.string("device_name")?, b))).collect()
}

/// Whether the volumes that the layout writes are those that are there. A volume that outlives its instance
/// was attached by somebody else, and is not compared.
pub fn same(wanted: &Value, now: &Value) -> bool {
    let (wanted, now) = (by_device(wanted), by_device(now));
    let alike = |w: &Attrs, n: &Attrs| {
        let given = |(_, value): &(&Name, &Value)| !value.is_null() && value.is_wholly_known();
        w.iter().filter(given).all(|(name, value)| name.as_ref() == "tags_all" || n.get(name) == Some(value))
    };
    let there = |(name, w): &(String, Attrs)| now.iter().any(|(device, n)| device == name && alike(w, n));
    let ours = |(name, n): &(String, Attrs)| {
        n.bool("delete_on_termination") != Some(true) || wanted.iter().any(|(device, _)| device == name)
    };
    wanted.iter().all(there) && now.iter().all(ours)
}

/// What is wrong with the volumes of a layout.
pub fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    for name in ["root_block_device", "ebs_block_device"] {
        for disk in want.blocks(name) {
            let said = check::volume(&disk, "volume_type", "volume_size");
            wrong.extend(said.into_iter().map(|(_, text)| (name, text)));
            if want.is_set("volume_tags") && !disk.string_map("tags").is_empty() {
                wrong.push((name, "its tags and volume_tags exclude one another".to_owned()));
            }
        }
    }
    let mut devices: Vec<String> = Vec::new();
    for disk in want.blocks("ebs_block_device") {
        let Some(device) = disk.string("device_name") else { continue };
        if devices.contains(&device) {
            wrong.push(("ebs_block_device", format!("{device} is given more than once")));
        }
        devices.push(device);
    }
    wrong
}

/// The volume arguments that change in a way that needs a new instance.
pub fn replaced(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let fixed = |old: &Attrs, new: &Attrs| {
        let given = |name: &str| new.is_set(name) && new.get(name).is_some_and(|v| v.as_str() != Some(""));
        let differs = |name: &str| {
            new.get(name) != old.get(name)
                && !(old.get(name).is_none_or(Value::is_null) && new.bool(name) == Some(false))
        };
        let shrinks = new.int("volume_size").zip(old.int("volume_size")).is_some_and(|(new, old)| new < old);
        shrinks || FIXED.into_iter().any(|name| given(name) && differs(name))
    };
    let mut all = Vec::new();
    if let (Some(old), Some(new)) =
        (before.blocks("root_block_device").first(), after.blocks("root_block_device").first())
        && fixed(old, new)
    {
        all.push("root_block_device");
    }
    let null = Value::any_null();
    let devices = |attrs: &Attrs| by_device(attrs.get("ebs_block_device").unwrap_or(&null));
    let (old, new) = (devices(before), devices(after));
    let of = |among: &[(String, Attrs)], name: &str| among.iter().find(|(n, _)| n == name).map(|(_, a)| a.clone());
    let changes = new.iter().any(|(name, disk)| of(&old, name).is_none_or(|was| fixed(&was, disk)));
    let leaves =
        old.iter().any(|(name, was)| was.bool("delete_on_termination") == Some(true) && of(&new, name).is_none());
    if after.get("ebs_block_device").is_some_and(|v| !v.is_unknown()) && (changes || leaves) {
        all.push("ebs_block_device");
    }
    all
}

/// The devices of a new instance.
pub async fn at_launch(aws: &Aws, want: &Attrs) -> Result<Option<Vec<BlockDeviceMapping>>> {
    let mut all = Vec::new();
    if let Some(root) = want.blocks("root_block_device").first() {
        let mapping = BlockDeviceMapping::builder().device_name(root_device(aws, want).await?);
        all.push(mapping.ebs(Root::write(root)).build());
    }
    for disk in want.blocks("ebs_block_device") {
        let mapping = BlockDeviceMapping::builder().set_device_name(disk.string("device_name"));
        all.push(mapping.ebs(Other::write(&disk)).build());
    }
    for disk in want.blocks("ephemeral_block_device") {
        let mut mapping = Ephemeral::write(&disk);
        mapping.no_device = (disk.bool("no_device") == Some(true)).then(String::new);
        all.push(mapping);
    }
    Ok(some(all))
}

/// What the image calls its root device: EC2 takes settings of it only by that name.
async fn root_device(aws: &Aws, want: &Attrs) -> Result<String> {
    let image = match text(want, "ami") {
        Some(image) => image,
        None => template_image(aws, want).await?,
    };
    let answer = aws.read.ec2.describe_images().filters(filter("image-id", &image)).send().await?;
    let name = answer.images().first().and_then(|i| i.root_device_name()).map(str::to_owned);
    name.ok_or_else(|| Error::new(Kind::Refused, format!("the image {image} is not there, or has no root device")))
}

async fn template_image(aws: &Aws, want: &Attrs) -> Result<String> {
    let template = want.blocks("launch_template").into_iter().next().unwrap_or_default();
    let answer = aws
        .read
        .ec2
        .describe_launch_template_versions()
        .set_launch_template_id(text(&template, "id"))
        .set_launch_template_name(text(&template, "name").filter(|_| text(&template, "id").is_none()))
        .versions(text(&template, "version").unwrap_or_else(|| "$Default".into()))
        .send()
        .await?;
    let version = answer.launch_template_versions().first().and_then(|v| v.launch_template_data());
    let image = version.and_then(|d| d.image_id()).map(str::to_owned);
    image.ok_or_else(|| Error::new(Kind::Refused, "neither the instance nor its launch template names an image"))
}

/// Brings the volumes about, each on its own.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let mut pairs = Vec::new();
    for name in ["root_block_device", "ebs_block_device"] {
        if change.take(name).is_none() {
            continue;
        }
        let was = change.before.blocks(name);
        for disk in change.after.blocks(name) {
            let same = |old: &&Attrs| name == "root_block_device" || old.str("device_name") == disk.str("device_name");
            pairs.extend(was.iter().find(same).map(|old| (old.clone(), disk.clone())));
        }
    }
    for (old, new) in &pairs {
        update_one(aws, id, old, new).await?;
    }
    if change.take("volume_tags").is_some() {
        let blocks = ["root_block_device", "ebs_block_device"].map(|name| change.before.blocks(name));
        let ours = |disk: &&Attrs| disk.bool("delete_on_termination") == Some(true);
        for disk in blocks.iter().flatten().filter(ours) {
            let Some(volume) = disk.str("volume_id") else { continue };
            retag(aws, volume, disk.get("tags"), change.after.get("volume_tags")).await?;
        }
    }
    Ok(())
}

async fn retag(aws: &Aws, volume: &str, before: Option<&Value>, after: Option<&Value>) -> Result<()> {
    let all = |tags: Option<&Value>| Attrs::default().with("tags_all", tags.cloned().unwrap_or_else(Value::any_null));
    tags::retag(aws, volume, &all(before), &all(after)).await
}

async fn update_one(aws: &Aws, id: &str, old: &Attrs, new: &Attrs) -> Result<()> {
    let Some(volume) = old.str("volume_id") else { return Ok(()) };
    let differs = |name: &str| new.is_set(name) && new.get(name) != old.get(name);
    if MODIFIED.into_iter().any(differs) {
        let number = |name: &str| new.int(name).filter(|n| *n > 0 && differs(name));
        aws.write
            .ec2
            .modify_volume()
            .volume_id(volume)
            .set_size(number("volume_size"))
            .set_iops(number("iops"))
            .set_throughput(number("throughput"))
            .set_volume_type(EnumCell::put(new, "volume_type").filter(|_| differs("volume_type")))
            .send()
            .await?;
        modified(aws, volume).await?;
    }
    if let Some(on) = new.bool("delete_on_termination").filter(|_| differs("delete_on_termination")) {
        let ebs = EbsInstanceBlockDeviceSpecification::builder().delete_on_termination(on).volume_id(volume).build();
        let mapping = InstanceBlockDeviceMappingSpecification::builder()
            .set_device_name(old.string("device_name"))
            .ebs(ebs)
            .build();
        aws.write.ec2.modify_instance_attribute().instance_id(id).block_device_mappings(mapping).send().await?;
    }
    if differs("tags") {
        retag(aws, volume, old.get("tags"), new.get("tags")).await?;
    }
    Ok(())
}

/// Waits until a changed volume has its new size; its data is moved on while it is used.
pub async fn modified(aws: &Aws, volume: &str) -> Result<()> {
    settle::until("the volume to change", || async {
        use VolumeModificationState as S;
        let call = aws.read.ec2.describe_volumes_modifications().filters(filter("volume-id", volume));
        let answer = call.send().await?;
        let last = answer.volumes_modifications().first();
        if let Some(failed) = last.filter(|m| m.modification_state() == Some(&S::Failed)) {
            let words = failed.status_message().unwrap_or("no reason given");
            return Err(Error::new(Kind::Refused, format!("the change of {volume} failed: {words}")));
        }
        Ok(last.is_none_or(|m| m.modification_state() != Some(&S::Modifying)))
    })
    .await
}

/// The volumes attached to instances, all pages.
pub async fn attached(aws: &Aws, instances: &[String]) -> Result<Vec<Volume>> {
    let filters = crate::aws::filtered("attachment.instance-id", instances);
    listed!(aws, describe_volumes, filters).await
}
