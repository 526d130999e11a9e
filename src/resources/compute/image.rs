//! aws_ami, aws_ami_copy and aws_ami_from_instance: a machine image of one's own, made of snapshots, of another image or of
//! an instance.

use crate::resources::prelude::*;
use aws_sdk_ec2::operation::copy_image::builders::CopyImageFluentBuilder as Copy;
use aws_sdk_ec2::operation::create_image::builders::CreateImageFluentBuilder as FromInstance;
use aws_sdk_ec2::operation::register_image::builders::RegisterImageFluentBuilder as Register;
use aws_sdk_ec2::types::{
    AttributeValue, BlockDeviceMapping, EbsBlockDevice, Filter, Image, ImageState as State, ResourceType,
};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// The resource type `aws_ami`.
pub struct AwsAmi;
/// The resource type `aws_ami_copy`.
pub struct AwsAmiCopy;
/// The resource type `aws_ami_from_instance`.
pub struct AwsAmiFromInstance;

/// An image as listed, with its ARN, which names no account.
pub struct Live {
    image: Image,
    arn: String,
}

held!(Live: image as Image);

table! {
    /// What all three say of an image.
    Both: Image {
        deprecation_time: Text, read [.normal(Normal::With(same_minute)).check(super::check::moment)];
        description: Text, read;
        hypervisor: EnumCell, read [.computed()];
        image_owner_alias: Text, read [.computed()];
        image_type: EnumCell, read [.computed()];
        last_launched_time: Text, read [.computed()];
        name: Text, read [.required().force_new()];
        owner_id: Text, read [.computed()];
        platform: EnumCell, read [.computed()];
        platform_details: Text, read [.computed()];
        public: Flag, read [.computed()];
        root_snapshot_id: Text, none [.computed().read(|i| root_snapshot(i.held()).into())];
        usage_operation: Text, read [.computed()];
    }
}

table! {
    Rows: Image, create Register {
        architecture: EnumCell [.default("x86_64").force_new()];
        boot_mode: EnumCell [.stays().force_new()];
        ena_support: Flag [.force_new()];
        image_location: Text [.optional_computed().force_new()];
        imds_support: EnumCell [.force_new().check(|v| checks::one_of(v, &["v2.0"]))];
        kernel_id: Text [.force_new()];
        ramdisk_id: Text [.force_new()];
        root_device_name: Text [.force_new()];
        sriov_net_support: Text [.default("simple").force_new()];
        tpm_support: EnumCell [.force_new().check(|v| checks::one_of(v, &["v2.0"]))];
        uefi_data: Text, create [.force_new()];
        virtualization_type: EnumCell, read
            [.default("paravirtual").force_new().check(|v| checks::one_of(v, &["paravirtual", "hvm"]))];
    }
}

table! {
    /// What a copy takes over.
    Taken: Image {
        architecture: EnumCell, read [.computed()];
        boot_mode: EnumCell, read [.computed()];
        ena_support: Flag, read [.computed()];
        image_location: Text, read [.computed()];
        imds_support: EnumCell, read [.computed()];
        kernel_id: Text, read [.computed()];
        ramdisk_id: Text, read [.computed()];
        root_device_name: Text, read [.computed()];
        sriov_net_support: Text, read [.computed()];
        tpm_support: EnumCell, read [.computed()];
        uefi_data: Text, none [.computed().read(|_| Value::null(Type::String))];
        virtualization_type: EnumCell, read [.computed()];
    }
}

block! {
    Ebs: BlockDeviceMapping => BlockDeviceMapping {
        delete_on_termination: Flag, none
            [.default(true).read(|d| Flag::get(ebs(d.held()).and_then(|e| e.delete_on_termination())))];
        device_name: Text [.required()];
        encrypted: Flag, none [.read(|d| Flag::get(ebs(d.held()).and_then(|e| e.encrypted())))];
        iops: Positive, none [.read(|d| Positive::get(ebs(d.held()).and_then(|e| e.iops())))];
        outpost_arn: Text, none [.read(|d| ebs(d.held()).and_then(|e| e.outpost_arn()).into())];
        snapshot_id: Text, none [.read(|d| ebs(d.held()).and_then(|e| e.snapshot_id()).into())];
        throughput: Positive, none
            [.optional_computed().read(|d| Positive::get(ebs(d.held()).and_then(|e| e.throughput())))];
        volume_size: Positive, none
            [.optional_computed().read(|d| Positive::get(ebs(d.held()).and_then(|e| e.volume_size())))];
        volume_type: EnumCell, none
            [.default("standard").read(|d| EnumCell::get(ebs(d.held()).and_then(|e| e.volume_type())))];
    }
    Ephemeral: BlockDeviceMapping => BlockDeviceMapping {
        device_name: Text [.required()];
        virtual_name: Text [.required()];
    }
}

fn ebs(d: &BlockDeviceMapping) -> Option<&EbsBlockDevice> {
    d.ebs()
}

fn root_snapshot(i: &Image) -> Option<&str> {
    let root = i.block_device_mappings().iter().find(|d| d.device_name() == i.root_device_name())?;
    root.ebs().and_then(|e| e.snapshot_id())
}

fn volumes(l: &Live) -> Value {
    let all = l.image.block_device_mappings().iter().filter(|d| d.ebs().is_some());
    Value::set(object_type(&Ebs::rows()), all.map(Ebs::read).collect())
}

fn ephemerals(l: &Live) -> Value {
    let all = l.image.block_device_mappings().iter().filter(|d| d.virtual_name().is_some_and(|name| !name.is_empty()));
    Value::set(object_type(&Ephemeral::rows()), all.map(Ephemeral::read).collect())
}

/// A volume of an image, as the API takes it.
fn mapping(block: &Attrs) -> BlockDeviceMapping {
    let encrypted = block.bool("encrypted").filter(|on| *on);
    let volume = EbsBlockDevice::builder()
        .set_delete_on_termination(block.bool("delete_on_termination"))
        .set_encrypted(encrypted)
        .set_iops(Positive::put(block, "iops"))
        .set_outpost_arn(text(block, "outpost_arn"))
        .set_snapshot_id(text(block, "snapshot_id"))
        .set_throughput(Positive::put(block, "throughput"))
        .set_volume_size(Positive::put(block, "volume_size"))
        .set_volume_type(EnumCell::put(block, "volume_type"));
    BlockDeviceMapping::builder().set_device_name(text(block, "device_name")).ebs(volume.build()).build()
}

fn moment(value: &Value) -> Option<DateTime> {
    value.as_str().and_then(|at| DateTime::from_str(at, Format::DateTimeWithOffset).ok())
}

/// AWS keeps the time to the minute.
fn same_minute(wanted: &Value, now: &Value) -> bool {
    let minute = |value: &Value| moment(value).map(|at| at.secs() / 60);
    minute(wanted) == minute(now)
}

fn progress(l: &Live) -> Progress {
    match l.image.state() {
        Some(State::Pending | State::Transient) => Progress::Pending("pending".into()),
        Some(State::Deregistered) => Progress::Gone,
        Some(state @ (State::Error | State::Failed | State::Invalid)) => {
            let why = l.image.state_reason().and_then(|r| r.message());
            Progress::Failed(why.unwrap_or(state.as_str()).into())
        }
        _ => Progress::Ready,
    }
}

fn spec(name: &'static str, more: Vec<A<Live>>) -> Spec<Live> {
    let beside = [A::string("arn").computed().read(|l: &Live| (&l.arn).into())];
    let rows = Both::rows().into_iter().chain(more).chain(beside).collect();
    Spec::new(name, |l: &Live| l.image.image_id().map(Into::into), rows)
        .role(Role::NotServing("instances that run keep what they started from"))
        .tags(|l| tags::read(l.image.tags()))
        .unique(&[&["name"]])
        .progress(progress)
        .default_timeout(40)
}

/// The rows of devices. Of a copy AWS says what is in them.
fn devices(taken: bool) -> [A<Live>; 2] {
    let inner = |rows: Vec<Attribute>| match taken {
        true => rows.into_iter().map(Attribute::answered).collect(),
        false => rows,
    };
    [
        A::block("ebs_block_device", Nesting::Set, inner(Ebs::rows())).optional_computed().force_new().read(volumes),
        A::block("ephemeral_block_device", Nesting::Set, inner(Ephemeral::rows()))
            .optional_computed()
            .force_new()
            .read(ephemerals),
    ]
}

/// Whether the snapshots were made with the image and go with it.
fn owned(yes: bool) -> A<Live> {
    let row = A::bool("manage_ebs_snapshots").computed();
    if yes { row.read(|_| true.into()) } else { row.read(|_| false.into()) }
}

async fn images(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Live>> {
    let call = |filters| aws.read.ec2.describe_images().include_deprecated(true).set_filters(some(filters));
    let found = aws.pages(filters, |filters| call(filters).into_paginator().items().send()).await?;
    let arn =
        |i: &Image| format!("arn:{}:ec2:{}::image/{}", aws.partition, aws.region, i.image_id().unwrap_or_default());
    Ok(found.into_iter().map(|image| Live { arn: arn(&image), image }).collect())
}

async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
    images(aws, tags::filters(which, "image-id", &[("name", "name")])).await
}

async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    if let Some(text) = change.take("description") {
        let value = AttributeValue::builder().value(text.as_str().unwrap_or_default()).build();
        aws.write.ec2.modify_image_attribute().image_id(id).description(value).send().await?;
    }
    match change.take("deprecation_time").map(moment) {
        Some(Some(at)) => done(aws.write.ec2.enable_image_deprecation().image_id(id).deprecate_at(at).send().await),
        Some(None) => done(aws.write.ec2.disable_image_deprecation().image_id(id).send().await),
        None => Ok(()),
    }
}

async fn delete(aws: &Aws, id: &str, snapshots: bool) -> Result<()> {
    let call = aws.write.ec2.deregister_image().image_id(id);
    done(call.set_delete_associated_snapshots(snapshots.then_some(true)).send().await)
}

impl Resource for AwsAmi {
    type Live = Live;

    fn spec() -> Spec<Live> {
        spec("aws_ami", Rows::rows().into_iter().chain(devices(false)).chain([owned(false)]).collect())
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        describe(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let ephemeral = want.blocks("ephemeral_block_device");
        let volumes = want.blocks("ebs_block_device");
        let all = volumes.iter().map(mapping).chain(ephemeral.iter().map(Ephemeral::write));
        let call = Rows::create(aws.write.ec2.register_image(), want)
            .set_name(text(want, "name"))
            .set_description(text(want, "description"))
            .set_virtualization_type(text(want, "virtualization_type"))
            .set_block_device_mappings(some(all.collect()));
        let call = call.tag_specifications(tags::at_creation(ResourceType::Image, want, token));
        made(call.send().await?.image_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        delete(aws, id, false).await
    }
}

table! {
    OfCopy: Image, create Copy {
        destination_outpost_arn: Text, create [.force_new()];
        encrypted: Switch, create [.force_new().read(|i| encrypted(i.held()).into())];
        kms_key_id: Text, create [.optional_computed().force_new().read(|i| key(i.held()).into())];
        source_ami_id = source_image_id: Text, create [.required().force_new()];
        source_ami_region = source_region: Text, create [.required().force_new()];
    }
}

fn encrypted(i: &Image) -> bool {
    i.block_device_mappings().iter().any(|d| d.ebs().and_then(|e| e.encrypted()) == Some(true))
}

fn key(i: &Image) -> Option<&str> {
    i.block_device_mappings().iter().find_map(|d| d.ebs()?.kms_key_id())
}

impl Resource for AwsAmiCopy {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let rows = OfCopy::rows().into_iter().chain(Taken::rows());
        spec("aws_ami_copy", rows.chain(devices(true)).chain([owned(true)]).collect()).recover(Recover::ClientToken)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        describe(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = OfCopy::create(aws.write.ec2.copy_image(), want).client_token(&token.0);
        let call = call.set_name(text(want, "name")).set_description(text(want, "description"));
        let call = call.tag_specifications(tags::at_creation(ResourceType::Image, want, token));
        made(call.send().await?.image_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        delete(aws, id, true).await
    }
}

table! {
    OfInstance: Image, create FromInstance {
        snapshot_without_reboot = no_reboot: Flag, create [.force_new()];
        source_instance_id = instance_id: Text, create
            [.required().force_new().read(|i| i.held().source_instance_id().into())];
    }
}

impl Resource for AwsAmiFromInstance {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let rows = OfInstance::rows().into_iter().chain(Taken::rows());
        spec("aws_ami_from_instance", rows.chain(devices(true)).chain([owned(true)]).collect())
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        describe(aws, which).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = OfInstance::create(aws.write.ec2.create_image(), want);
        let call = call.set_name(text(want, "name")).set_description(text(want, "description"));
        let call = call.tag_specifications(tags::at_creation(ResourceType::Image, want, token));
        made(call.send().await?.image_id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        update(aws, id, change).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        delete(aws, id, true).await
    }
}
