//! data aws_ami: one image, such as the newest of a vendor.

use crate::resources::block::FlagText;
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::prelude::*;
use crate::schema::Nesting;
use aws_sdk_ec2::types::{BlockDeviceMapping, Image, ProductCode};

/// The data source `aws_ami`.
pub struct Ami;

fn device_rows() -> Vec<Attribute> {
    rows([
        Row::string("device_name").computed(),
        Row::of("ebs", Type::map(Type::String)).computed(),
        Row::string("no_device").computed(),
        Row::string("virtual_name").computed(),
    ])
}

fn code_rows() -> Vec<Attribute> {
    rows([Row::string("product_code_id").computed(), Row::string("product_code_type").computed()])
}

fn device(d: &BlockDeviceMapping) -> Value {
    let ebs = d.ebs().map(|e| {
        [
            ("delete_on_termination", FlagText::get(e.delete_on_termination())),
            ("encrypted", FlagText::get(e.encrypted())),
            ("iops", IntText::get(e.iops().or(Some(0)))),
            ("snapshot_id", e.snapshot_id().into()),
            ("throughput", IntText::get(e.throughput().or(Some(0)))),
            ("volume_size", IntText::get(e.volume_size())),
            ("volume_type", EnumCell::get(e.volume_type())),
        ]
    });
    let ebs = ebs.into_iter().flatten().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.into(), v)).collect();
    Value::object([
        ("device_name", Value::from(d.device_name())),
        ("ebs", Value::map(Type::String, ebs)),
        ("no_device", d.no_device().into()),
        ("virtual_name", d.virtual_name().into()),
    ])
}

fn code(c: &ProductCode) -> Value {
    Value::object([
        ("product_code_id", Value::from(c.product_code_id())),
        ("product_code_type", EnumCell::get(c.product_code_type())),
    ])
}

/// A regular expression.
pub fn pattern(value: &Value) -> Result<(), String> {
    match value.as_str().map(regex::Regex::new) {
        Some(Err(e)) => Err(format!("not a regular expression: {e}")),
        _ => Ok(()),
    }
}

fn checked(config: &Attrs) -> Vec<(&'static str, String)> {
    let given = |name: &str| {
        config.get(name).is_some_and(|v| v.as_elements().is_none_or(|all| !all.is_empty()) && !v.is_null())
    };
    let newest = config.bool("most_recent") == Some(true);
    if newest && !given("owners") && !given("filter") && config.bool("allow_unsafe_filter") != Some(true) {
        let message = "the most recent image of anybody may be anybody's; give owners, or allow_unsafe_filter = true";
        return vec![("owners", message.into())];
    }
    Vec::new()
}

/// The images that a configuration means.
pub async fn listed(aws: &Aws, config: &Attrs) -> Result<Vec<Image>> {
    let call = aws
        .read
        .ec2
        .describe_images()
        .set_executable_users(some(config.strings("executable_users")))
        .set_include_deprecated(config.bool("include_deprecated"))
        .set_owners(some(config.strings("owners")))
        .set_filters(some(filters(config, &[])));
    let mut found: Vec<Image> = aws.pages(vec![Vec::new()], |_| call.clone().into_paginator().items().send()).await?;
    if let Some(pattern) = config.str("name_regex") {
        let pattern = regex::Regex::new(pattern)
            .map_err(|e| Error::new(Kind::Refused, format!("name_regex is not a valid regular expression: {e}")))?;
        found.retain(|image| image.name().is_some_and(|name| pattern.is_match(name)));
    }
    Ok(found)
}

impl DataSource for Ami {
    fn schema() -> Schema {
        let mut all = vec![
            Row::bool("allow_unsafe_filter"),
            Row::string_list("executable_users"),
            Row::bool("include_deprecated"),
            Row::bool("most_recent"),
            Row::string("name_regex").check(pattern),
            Row::string_list("owners"),
            Row::string("uefi_data"),
            Row::string("id").computed(),
            Row::block("block_device_mappings", Nesting::Set, device_rows()).computed(),
            Row::bool("ena_support").computed(),
            Row::block("product_codes", Nesting::Set, code_rows()).computed(),
            Row::bool("public").computed(),
            Row::of("state_reason", Type::map(Type::String)).computed(),
        ];
        all.extend(TEXTS.map(|(name, _)| Row::string(name).computed()));
        all.extend(lookup_rows());
        Schema { check: Some(checked), ..schema("aws_ami", rows(all)) }
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found = listed(&aws, config).await?;
        if config.bool("most_recent") == Some(true) {
            found.sort_by(|a, b| (a.creation_date(), a.image_id()).cmp(&(b.creation_date(), b.image_id())));
            found.drain(..found.len().saturating_sub(1));
        }
        let image = one(found, "image")?;
        let root = image.block_device_mappings().iter().find(|d| d.device_name() == image.root_device_name());
        let arn = format!("arn:{}:ec2:{}::image/{}", aws.partition, aws.region, image.image_id().unwrap_or_default());
        let reason = image.state_reason().map(|r| [("code", r.code()), ("message", r.message())]);
        let reason = reason.into_iter().flatten().filter_map(|(k, v)| Some((k.into(), v?.into()))).collect();
        let devices = image.block_device_mappings().iter().map(device).collect();
        let codes = image.product_codes().iter().map(code).collect();
        let all = TEXTS.iter().fold(config.clone(), |all, (name, read)| all.with(name, read(&image)));
        Ok(all
            .with("arn", arn)
            .with("block_device_mappings", Value::set(object_type(&device_rows()), devices))
            .with("ena_support", image.ena_support().unwrap_or(false))
            .with("id", image.image_id())
            .with("product_codes", Value::set(object_type(&code_rows()), codes))
            .with("public", image.public().unwrap_or(false))
            .with("region", &*aws.region)
            .with("root_snapshot_id", root.and_then(|d| d.ebs()).and_then(|e| e.snapshot_id()))
            .with("state_reason", Value::map(Type::String, reason))
            .with("tags", tags::read(image.tags())))
    }
}

type Read = fn(&Image) -> Value;

/// The texts of an image. Two of them are found elsewhere, see `read`.
const TEXTS: [(&str, Read); 27] = [
    ("architecture", |i| EnumCell::get(i.architecture())),
    ("arn", |_| Value::null(Type::String)),
    ("boot_mode", |i| EnumCell::get(i.boot_mode())),
    ("creation_date", |i| i.creation_date().into()),
    ("deprecation_time", |i| i.deprecation_time().into()),
    ("description", |i| i.description().into()),
    ("hypervisor", |i| EnumCell::get(i.hypervisor())),
    ("image_id", |i| i.image_id().into()),
    ("image_location", |i| i.image_location().into()),
    ("image_owner_alias", |i| i.image_owner_alias().into()),
    ("image_type", |i| EnumCell::get(i.image_type())),
    ("imds_support", |i| EnumCell::get(i.imds_support())),
    ("kernel_id", |i| i.kernel_id().into()),
    ("last_launched_time", |i| i.last_launched_time().into()),
    ("name", |i| i.name().into()),
    ("owner_id", |i| i.owner_id().into()),
    ("platform", |i| EnumCell::get(i.platform())),
    ("platform_details", |i| i.platform_details().into()),
    ("ramdisk_id", |i| i.ramdisk_id().into()),
    ("root_device_name", |i| i.root_device_name().into()),
    ("root_device_type", |i| EnumCell::get(i.root_device_type())),
    ("root_snapshot_id", |_| Value::null(Type::String)),
    ("sriov_net_support", |i| i.sriov_net_support().into()),
    ("state", |i| EnumCell::get(i.state())),
    ("tpm_support", |i| EnumCell::get(i.tpm_support())),
    ("usage_operation", |i| i.usage_operation().into()),
    ("virtualization_type", |i| EnumCell::get(i.virtualization_type())),
];
