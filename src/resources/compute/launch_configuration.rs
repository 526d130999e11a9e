//! aws_launch_configuration: what scaling groups of old start their instances from. AWS never changes one.

use super::check;
use crate::resources::lookup::Row;
use crate::resources::lookup::{found, here, mirrored, one, schema};
use crate::resources::prelude::*;
use aws_sdk_autoscaling::operation::create_launch_configuration::builders::CreateLaunchConfigurationFluentBuilder as Create;
use aws_sdk_autoscaling::types::{
    BlockDeviceMapping, Ebs, InstanceMetadataOptions, InstanceMonitoring, LaunchConfiguration,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The resource type `aws_launch_configuration`.
pub struct AwsLaunchConfiguration;
/// The data source `aws_launch_configuration`.
pub struct LaunchConfigurationData;

/// A configuration with the root device of its image, which is a block of its own.
pub struct Live {
    configuration: LaunchConfiguration,
    root: Option<String>,
}

held!(Live: configuration as LaunchConfiguration);

/// How many names one call takes.
const BATCH: usize = 50;

table! {
    Rows: LaunchConfiguration, create Create {
        arn = launch_configuration_arn: Text, read [.computed()];
        associate_public_ip_address: Flag [.optional_computed().force_new()];
        ebs_optimized: Flag [.optional_computed().force_new()];
        enable_monitoring: Flag, none [.default(true).force_new()]
            [.read(|c| c.held().instance_monitoring().and_then(|m| m.enabled()).unwrap_or(false).into())];
        ephemeral_block_device: BlockSet<Ephemeral>, none [.force_new().read(|c| ephemerals(c.held()))];
        iam_instance_profile: Text [.force_new()];
        image_id: Text [.required().force_new()];
        instance_type: Text [.required().force_new().check(check::instance_type)];
        key_name: Text [.optional_computed().force_new()];
        metadata_options: OptionalBlock<Metadata>, read, create [.optional_computed().force_new()];
        name = launch_configuration_name: Text [.optional_computed().force_new().check(|v| check::name(v, 1, 255, NAME))];
        name_prefix: Text, none [.optional_computed().force_new().check(|v| check::name(v, 1, 229, NAME))];
        placement_tenancy: Text [.force_new().check(|v| checks::one_of(v, &["default", "dedicated"]))];
        security_groups: Texts [.force_new()];
        spot_price: Text [.force_new()];
        user_data: Text, none [.force_new().check(check::user_data).normal(Normal::With(same_data))]
            [.read(|c| data(c.held()).map_or(Value::null(Type::String), |text| decoded(&text)))];
        user_data_base64: Text, none [.force_new().check(check::user_data_base64)];
    }
}

const NAME: &str = "-._()/ ";

block! {
    Metadata: InstanceMetadataOptions => InstanceMetadataOptions {
        http_endpoint: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["enabled", "disabled"]))];
        http_put_response_hop_limit: Int [.optional_computed().check(check::hop_limit)];
        http_tokens: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["optional", "required"]))];
    }
    Ephemeral: BlockDeviceMapping => BlockDeviceMapping {
        device_name: Text [.required()];
        no_device: Flag;
        virtual_name: Text;
    }
    Root: BlockDeviceMapping => BlockDeviceMapping {
        delete_on_termination: Flag, none [.default(true).read(|d| Flag::get(ebs(d.held()).and_then(|e| e.delete_on_termination())))];
        encrypted: Flag, none [.optional_computed().read(|d| Flag::get(ebs(d.held()).and_then(|e| e.encrypted())))];
        iops: Positive, none [.optional_computed().read(|d| Positive::get(ebs(d.held()).and_then(|e| e.iops())))];
        throughput: Positive, none [.optional_computed().read(|d| Positive::get(ebs(d.held()).and_then(|e| e.throughput())))];
        volume_size: Positive, none [.optional_computed().read(|d| Positive::get(ebs(d.held()).and_then(|e| e.volume_size())))];
        volume_type: Text, none [.optional_computed().read(|d| ebs(d.held()).and_then(|e| e.volume_type()).into())];
    }
}

fn ebs(d: &BlockDeviceMapping) -> Option<&Ebs> {
    d.ebs()
}

/// The rows of a volume beside the root: those of the root, and which device and snapshot it is.
fn volume_rows() -> Vec<Attribute> {
    let own = [A::string("device_name").required(), A::bool("no_device"), A::string("snapshot_id").optional_computed()];
    Root::rows().into_iter().chain(rows(own)).collect()
}

fn volume(d: &BlockDeviceMapping) -> Value {
    let root = Attrs::from_value(&Root::read(d));
    let all = root.with("device_name", d.device_name()).with("no_device", d.no_device());
    all.with("snapshot_id", ebs(d).and_then(|e| e.snapshot_id())).to_value()
}

fn volumes(l: &Live) -> Value {
    let mapped = l.configuration.block_device_mappings().iter();
    let own = mapped.filter(|d| d.ebs().is_some() || d.virtual_name().is_none() && d.no_device() == Some(true));
    let own = own.filter(|d| l.root.is_none() || d.device_name() != l.root.as_deref());
    Value::set(object_type(&volume_rows()), own.map(volume).collect())
}

fn root(l: &Live) -> Value {
    let mapped = l.configuration.block_device_mappings().iter();
    let own = mapped.filter(|d| d.ebs().is_some() && l.root.is_some() && d.device_name() == l.root.as_deref());
    Value::list(object_type(&Root::rows()), own.map(Root::read).collect())
}

fn ephemerals(c: &LaunchConfiguration) -> Value {
    let own = c.block_device_mappings().iter().filter(|d| d.virtual_name().is_some_and(|name| !name.is_empty()));
    Value::set(object_type(&Ephemeral::rows()), own.map(Ephemeral::read).collect())
}

fn data(c: &LaunchConfiguration) -> Option<String> {
    c.user_data().filter(|text| !text.is_empty()).map(str::to_owned)
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
fn written(device: Option<String>, block: &Attrs) -> BlockDeviceMapping {
    let mapping = BlockDeviceMapping::builder().set_device_name(device);
    if block.bool("no_device") == Some(true) {
        return mapping.no_device(true).build();
    }
    let ebs = Ebs::builder()
        .set_delete_on_termination(block.bool("delete_on_termination"))
        .set_encrypted(block.bool("encrypted").filter(|on| *on))
        .set_iops(Positive::put(block, "iops"))
        .set_snapshot_id(text(block, "snapshot_id"))
        .set_throughput(Positive::put(block, "throughput"))
        .set_volume_size(Positive::put(block, "volume_size"))
        .set_volume_type(text(block, "volume_type"));
    mapping.ebs(ebs.build()).build()
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
        let call = aws.read.autoscaling.describe_launch_configurations();
        let call = call.set_launch_configuration_names(Some(batch.to_vec()));
        all.extend(all_of(call.into_paginator().items().send()).await?);
    }
    each(all, |configuration| async move {
        let mapped = configuration.block_device_mappings().iter().any(|d| d.ebs().is_some());
        let root = match configuration.image_id() {
            Some(image) if mapped => root_device(aws, image).await?,
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
            A::block("ebs_block_device", Nesting::Set, volume_rows()).optional_computed().force_new().read(volumes),
            A::optional_block("root_block_device", Root::rows()).optional_computed().force_new().read(root),
        ];
        let rows = Rows::rows().into_iter().chain(devices).collect();
        let id = |l: &Live| l.configuration.launch_configuration_name().map(Into::into);
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
        let monitoring = InstanceMonitoring::builder().set_enabled(want.bool("enable_monitoring")).build();
        let mut devices: Vec<BlockDeviceMapping> =
            want.blocks("ebs_block_device").iter().map(|b| written(text(b, "device_name"), b)).collect();
        devices.extend(want.blocks("ephemeral_block_device").iter().map(Ephemeral::write));
        if let Some(block) = want.blocks("root_block_device").first() {
            let image = want.str("image_id").unwrap_or_default();
            let device = root_device(aws, image).await?;
            let missing = || Error::not_found(format!("the image {image} has no root device"));
            devices.push(written(Some(device.ok_or_else(missing)?), block));
        }
        let call = Rows::create(aws.write.autoscaling.create_launch_configuration(), want)
            .instance_monitoring(monitoring)
            .set_block_device_mappings(some(devices))
            .set_user_data(super::instance::user_data(want));
        call.send().await?;
        made(want.str("name"))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let call = aws.write.autoscaling.delete_launch_configuration().launch_configuration_name(id);
        super::autoscaling_group::unless_gone(call.send().await)
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
