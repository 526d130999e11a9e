//! aws_launch_configuration: what scaling groups of old start their instances from. AWS never changes one.

use super::check;
use super::scaling::{call, list};
use crate::aws::api::{items, member, member_text};
use crate::resources::document::{Document, Many, One, Unordered, at, document};
use crate::resources::lookup::Row;
use crate::resources::lookup::{found, here, mirrored, one, schema};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::row::{read_object, unread};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

/// The resource type `aws_launch_configuration`.
pub struct AwsLaunchConfiguration;
/// The data source `aws_launch_configuration`.
pub struct LaunchConfigurationData;

/// A configuration with the root device of its image, which is a block of its own.
pub struct Live {
    configuration: Json,
    root: Option<String>,
}

held!(Live: configuration as Json);

/// How many names one call takes.
const BATCH: usize = 50;

document! {
    Rows {
        arn = "LaunchConfigurationARN": Text, read [.computed()];
        associate_public_ip_address = "AssociatePublicIpAddress": Flag [.optional_computed().force_new()];
        ebs_optimized = "EbsOptimized": Flag [.optional_computed().force_new()];
        enable_monitoring = "InstanceMonitoring.Enabled": Flag, create
            [.default(true).force_new().read(|c| at::<Switch>(c.held(), "InstanceMonitoring.Enabled"))];
        ephemeral_block_device = "": Unordered<Ephemeral>, none [.force_new().read(|c| ephemerals(c.held()))];
        iam_instance_profile = "IamInstanceProfile": Text [.force_new()];
        image_id = "ImageId": Text [.required().force_new()];
        instance_type = "InstanceType": Text [.required().force_new().check(check::instance_type)];
        key_name = "KeyName": Text [.optional_computed().force_new()];
        metadata_options = "MetadataOptions": One<Metadata>, read, create [.optional_computed().force_new()];
        name = "LaunchConfigurationName": Text
            [.optional_computed().force_new().check(|v| check::name(v, 1, 255, NAME))];
        name_prefix = "": Text, none [.optional_computed().force_new().check(|v| check::name(v, 1, 229, NAME))];
        placement_tenancy = "PlacementTenancy": Text
            [.force_new().check(|v| checks::one_of(v, &["default", "dedicated"]))];
        security_groups = "SecurityGroups.member": Texts [.force_new()];
        spot_price = "SpotPrice": Text [.force_new()];
        user_data = "": Text, none [.force_new().check(check::user_data).normal(Normal::With(same_data))]
            [.read(|c| data(c.held()).map_or(Value::null(Type::String), |text| decoded(&text)))];
        user_data_base64 = "": Text, none [.force_new().check(check::user_data_base64)];
    }
}

const NAME: &str = "-._()/ ";
/// Where a configuration has its devices.
const DEVICES: &str = "BlockDeviceMappings.member";

document! {
    Metadata {
        http_endpoint = "HttpEndpoint": Text
            [.optional_computed().check(|v| checks::one_of(v, &["enabled", "disabled"]))];
        http_put_response_hop_limit = "HttpPutResponseHopLimit": Int [.optional_computed().check(check::hop_limit)];
        http_tokens = "HttpTokens": Text
            [.optional_computed().check(|v| checks::one_of(v, &["optional", "required"]))];
    }
}
document! {
    Ephemeral {
        device_name = "DeviceName": Text [.required()];
        no_device = "NoDevice": Flag;
        virtual_name = "VirtualName": Text;
    }
}
document! {
    Root {
        delete_on_termination = "Ebs.DeleteOnTermination": Flag [.default(true)];
        encrypted = "Ebs.Encrypted": Flag, read [.optional_computed()];
        iops = "Ebs.Iops": Positive [.optional_computed()];
        throughput = "Ebs.Throughput": Positive [.optional_computed()];
        volume_size = "Ebs.VolumeSize": Positive [.optional_computed()];
        volume_type = "Ebs.VolumeType": Text [.optional_computed()];
    }
}
document! {
    /// Which device and snapshot a volume beside the root is.
    Device {
        device_name = "DeviceName": Text [.required()];
        no_device = "NoDevice": Flag;
        snapshot_id = "Ebs.SnapshotId": Text [.optional_computed()];
    }
}

/// The rows of a volume beside the root.
fn volume_rows() -> Vec<A<Json>> {
    Root::rows().into_iter().chain(Device::rows()).collect()
}

fn has_ebs(device: &Json) -> bool {
    member(device, "Ebs").is_some()
}

/// Whether it is the root device of the image.
fn is_root(l: &Live, device: &Json) -> bool {
    l.root.is_some() && member_text(device, "DeviceName") == l.root
}

fn volumes(l: &Live) -> Value {
    let none = |d: &Json| member(d, "VirtualName").is_none() && d["NoDevice"] == "true";
    let mut own = items(&l.configuration, DEVICES);
    own.retain(|d| (has_ebs(d) || none(d)) && !is_root(l, d));
    let all = own.iter().map(|d| read_object(volume_rows(), d));
    Value::set(object_type(&unread(volume_rows())), all.collect())
}

fn root(l: &Live) -> Value {
    let mut own = items(&l.configuration, DEVICES);
    own.retain(|d| has_ebs(d) && is_root(l, d));
    at::<Many<Root>>(&json!({"All": own}), "All")
}

fn ephemerals(configuration: &Json) -> Value {
    let mut own = items(configuration, DEVICES);
    own.retain(|d| member_text(d, "VirtualName").is_some_and(|name| !name.is_empty()));
    at::<Unordered<Ephemeral>>(&json!({"All": own}), "All")
}

fn data(configuration: &Json) -> Option<String> {
    member_text(configuration, "UserData").filter(|text| !text.is_empty())
}

/// User data as text, where it is one.
fn decoded(text: &str) -> Value {
    STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()).as_deref().unwrap_or(text).into()
}

/// A layout that gives the data in base64 says nothing here.
fn same_data(wanted: &Value, now: &Value) -> bool {
    wanted == now || wanted.is_null()
}

/// A volume as the API takes it.
fn written(device: Option<String>, block: &Attrs) -> Json {
    if block.bool("no_device") == Some(true) {
        return json!({"DeviceName": device, "NoDevice": true});
    }
    let encrypted = block.bool("encrypted").filter(|on| *on);
    let own = json!({"Encrypted": encrypted, "SnapshotId": text(block, "snapshot_id")});
    json!({"DeviceName": device, "Ebs": joined(own, Root::create(block)["Ebs"].take())})
}

/// The root devices of images, by image.
async fn root_device(aws: &Aws, image: &str) -> Result<Option<String>> {
    let call = aws.read.ec2.describe_images().include_deprecated(true).filters(filter("image-id", image));
    let found = all_of(call.into_paginator().items().send()).await?;
    Ok(found.into_iter().find_map(|i| i.root_device_name))
}

async fn named(aws: &Aws, names: &[String]) -> Result<Vec<Live>> {
    let mut all = Vec::new();
    for batch in names.chunks(BATCH) {
        let input = json!({"LaunchConfigurationNames": {"member": batch}});
        all.extend(list(aws, "DescribeLaunchConfigurations", input, "LaunchConfigurations.member").await?);
    }
    each(all, |configuration| async move {
        let mapped = items(&configuration, DEVICES).iter().any(has_ebs);
        let root = match member_text(&configuration, "ImageId") {
            Some(image) if mapped => root_device(aws, &image).await?,
            _ => None,
        };
        Ok(Live { root, configuration })
    })
    .await
}

impl Resource for AwsLaunchConfiguration {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let devices = [
            A::block("ebs_block_device", Nesting::Set, unread(volume_rows()))
                .optional_computed()
                .force_new()
                .read(volumes),
            A::optional_block("root_block_device", unread(Root::rows::<Json>()))
                .optional_computed()
                .force_new()
                .read(root),
        ];
        let rows = Rows::rows().into_iter().chain(devices).collect();
        let id = |l: &Live| member_text(&l.configuration, "LaunchConfigurationName");
        Spec::new("aws_launch_configuration", id, rows)
            .role(Role::MemberTemplate)
            .recover(Recover::Key)
            .unique(&[&["name"]])
            .named("name", "name_prefix")
            .conflicts(&[&["name", "name_prefix"], &["user_data", "user_data_base64"]])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        named(aws, &which.by("name")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let mut devices: Vec<Json> =
            want.blocks("ebs_block_device").iter().map(|b| written(text(b, "device_name"), b)).collect();
        devices.extend(want.blocks("ephemeral_block_device").iter().map(Ephemeral::create));
        if let Some(block) = want.blocks("root_block_device").first() {
            let image = want.str("image_id").unwrap_or_default();
            let device = root_device(aws, image).await?;
            let missing = || Error::not_found(format!("the image {image} has no root device"));
            devices.push(written(Some(device.ok_or_else(missing)?), block));
        }
        let data = super::instance::user_data(want);
        let input = joined(json!({"BlockDeviceMappings": {"member": devices}, "UserData": data}), Rows::create(want));
        call(aws, "CreateLaunchConfiguration", input).await?;
        made(want.str("name"))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let input = json!({"LaunchConfigurationName": id});
        super::autoscaling_group::unless_gone(call(aws, "DeleteLaunchConfiguration", input).await)
    }
}

impl DataSource for LaunchConfigurationData {
    fn schema() -> Schema {
        let spec = AwsLaunchConfiguration::spec().schema.attributes;
        let names: Vec<&str> = spec
            .iter()
            .map(|row| row.name)
            .filter(|name| {
                !["name", "name_prefix", "region", "user_data_base64", "ephemeral_block_device"].contains(name)
            })
            .collect();
        let ephemeral = rows([A::string("device_name"), A::string("virtual_name")]);
        let own = [
            Row::string("name").required(),
            Row::string("region").optional_computed(),
            Row::block("ephemeral_block_device", Nesting::Set, ephemeral).computed(),
        ];
        schema("aws_launch_configuration", rows(mirrored::<AwsLaunchConfiguration>(&names).into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let names: Vec<String> = config.string("name").into_iter().collect();
        let live = one(named(&aws, &names).await?, "launch configuration")?;
        let attrs = AwsLaunchConfiguration::spec().read(&live);
        let row = Self::schema().attribute("ephemeral_block_device").cloned();
        let own = attrs.get("ephemeral_block_device").zip(row);
        let own = own.map_or(Value::any_null(), |(value, row)| crate::resources::lookup::fitted(&row, value));
        Ok(found(config, &aws, &attrs).with("ephemeral_block_device", own))
    }
}
