//! The call that makes an instance.

use super::{blocks, disks};
use crate::aws::{Aws, Error, Result, made};
use crate::resources::block::{BlockList, EnumCell, OptionalBlock, Put, Text, some, text};
use crate::resources::spec::Token;
use crate::resources::tags;
use crate::schema::Attrs;
use crate::value::Value;
use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::{
    HibernationOptionsRequest, IamInstanceProfileSpecification, InstanceIpv6Address,
    InstanceNetworkInterfaceSpecification, Placement, ResourceType, RunInstancesMonitoringEnabled, Tag,
    TagSpecification,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// User data as EC2 takes it: in base64, whichever argument gives it.
pub fn user_data(want: &Attrs) -> Option<String> {
    text(want, "user_data_base64").or_else(|| text(want, "user_data").map(|data| STANDARD.encode(data)))
}

/// The same, decoded, for a change.
pub fn user_data_bytes(want: &Attrs, name: &str) -> Result<Blob> {
    let data = want.str(name).unwrap_or_default();
    if name == "user_data" {
        return Ok(Blob::new(data));
    }
    let bytes = STANDARD.decode(data).map_err(|e| Error::new(crate::aws::Kind::Refused, format!("user data: {e}")))?;
    Ok(Blob::new(bytes))
}

fn placement(want: &Attrs) -> Option<Placement> {
    const NAMES: [&str; 7] = [
        "availability_zone",
        "host_id",
        "host_resource_group_arn",
        "placement_group",
        "placement_group_id",
        "placement_partition_number",
        "tenancy",
    ];
    let given = |name: &str| want.get(name).is_some_and(|v| !v.is_null() && v.as_str() != Some(""));
    let placement = Placement::builder()
        .set_availability_zone(text(want, "availability_zone"))
        .set_host_id(text(want, "host_id"))
        .set_host_resource_group_arn(text(want, "host_resource_group_arn"))
        .set_group_name(text(want, "placement_group"))
        .set_group_id(text(want, "placement_group_id"))
        .set_partition_number(want.int("placement_partition_number"))
        .set_tenancy(EnumCell::put(want, "tenancy"))
        .build();
    NAMES.into_iter().any(given).then_some(placement)
}

fn ipv6(want: &Attrs) -> Option<Vec<InstanceIpv6Address>> {
    let address = |text: String| InstanceIpv6Address::builder().ipv6_address(text).build();
    some(want.strings("ipv6_addresses").into_iter().map(address).collect())
}

/// The interfaces, where the instance cannot be described without: those that the layout names, or a first
/// one with settings that an instance has no arguments for.
fn interfaces(want: &Attrs) -> Option<Vec<InstanceNetworkInterfaceSpecification>> {
    let named = |block: Attrs| {
        InstanceNetworkInterfaceSpecification::builder()
            .device_index(block.int("device_index").unwrap_or(0))
            .set_network_interface_id(block.string("network_interface_id"))
            .set_network_card_index(block.int("network_card_index"))
            .set_delete_on_termination(block.bool("delete_on_termination"))
            .build()
    };
    let blocks = ["network_interface", "primary_network_interface"].map(|name| want.blocks(name));
    if let Some(all) = some(blocks.into_iter().flatten().map(named).collect()) {
        return Some(all);
    }
    let public = want.bool("associate_public_ip_address");
    public?;
    let first = InstanceNetworkInterfaceSpecification::builder()
        .device_index(0)
        .set_associate_public_ip_address(public)
        .set_subnet_id(text(want, "subnet_id"))
        .set_groups(some(want.strings("vpc_security_group_ids")))
        .set_private_ip_address(text(want, "private_ip"))
        .set_ipv6_address_count(want.int("ipv6_address_count").filter(|n| *n > 0))
        .set_ipv6_addresses(ipv6(want))
        .set_primary_ipv6(want.bool("enable_primary_ipv6").filter(|on| *on))
        .delete_on_termination(true);
    Some(vec![first.build()])
}

fn tagged(want: &Attrs, token: &Token) -> Vec<TagSpecification> {
    let mut all = vec![tags::at_creation(ResourceType::Instance, want, token)];
    let tag = |(key, value)| Tag::builder().key(key).value(value).build();
    if let Some(volume) = some(want.string_map("volume_tags").into_iter().map(tag).collect()) {
        all.push(TagSpecification::builder().resource_type(ResourceType::Volume).set_tags(Some(volume)).build());
    }
    all
}

/// Makes the instance; gives its id.
pub async fn run(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
    let devices = disks::at_launch(aws, want).await?;
    let interfaces = interfaces(want);
    let plain = interfaces.is_none();
    let here = |name: &str| text(want, name).filter(|_| plain);
    let on = |name: &str| want.bool(name).filter(|on| *on);
    let profile = text(want, "iam_instance_profile");
    let profile = profile.map(|name| IamInstanceProfileSpecification::builder().name(name).build());
    let monitoring = on("monitoring").map(|on| RunInstancesMonitoringEnabled::builder().enabled(on).build());
    let hibernation = on("hibernation").map(|on| HibernationOptionsRequest::builder().configured(on).build());
    let answer = aws
        .write
        .ec2
        .run_instances()
        .client_token(&token.0)
        .min_count(1)
        .max_count(1)
        .set_block_device_mappings(devices)
        .set_capacity_reservation_specification(OptionalBlock::<blocks::Reservation>::put(
            want,
            "capacity_reservation_specification",
        ))
        .set_cpu_options(OptionalBlock::<blocks::Cpu>::put(want, "cpu_options"))
        .set_credit_specification(OptionalBlock::<blocks::Credit>::put(want, "credit_specification"))
        .set_disable_api_stop(on("disable_api_stop"))
        .set_disable_api_termination(on("disable_api_termination"))
        .set_ebs_optimized(want.bool("ebs_optimized"))
        .set_enable_primary_ipv6(on("enable_primary_ipv6").filter(|_| plain))
        .set_enclave_options(OptionalBlock::<blocks::Enclave>::put(want, "enclave_options"))
        .set_hibernation_options(hibernation)
        .set_iam_instance_profile(profile)
        .set_image_id(text(want, "ami"))
        .set_instance_initiated_shutdown_behavior(EnumCell::put(want, "instance_initiated_shutdown_behavior"))
        .set_instance_market_options(OptionalBlock::<blocks::Market>::put(want, "instance_market_options"))
        .set_instance_type(EnumCell::put(want, "instance_type"))
        .set_ipv6_address_count(want.int("ipv6_address_count").filter(|n| plain && *n > 0))
        .set_ipv6_addresses(ipv6(want).filter(|_| plain))
        .set_key_name(text(want, "key_name"))
        .set_launch_template(OptionalBlock::<blocks::Template>::put(want, "launch_template").filter(|_| given(want)))
        .set_maintenance_options(OptionalBlock::<blocks::Maintenance>::put(want, "maintenance_options"))
        .set_metadata_options(OptionalBlock::<blocks::Metadata>::put(want, "metadata_options"))
        .set_monitoring(monitoring)
        .set_network_interfaces(interfaces)
        .set_placement(placement(want))
        .set_private_dns_name_options(OptionalBlock::<blocks::PrivateDns>::put(want, "private_dns_name_options"))
        .set_private_ip_address(here("private_ip"))
        .set_secondary_interfaces(BlockList::<blocks::Secondary>::put(want, "secondary_network_interface"))
        .set_security_group_ids(some(want.strings("vpc_security_group_ids")).filter(|_| plain))
        .set_security_groups(some(want.strings("security_groups")).filter(|_| plain))
        .set_subnet_id(here("subnet_id"))
        .set_tag_specifications(Some(tagged(want, token)))
        .set_user_data(user_data(want))
        .send()
        .await?;
    made(answer.instances().first().and_then(|i| i.instance_id()))
}

/// Whether the layout names a launch template.
fn given(want: &Attrs) -> bool {
    want.blocks("launch_template").first().is_some_and(|t| {
        ["id", "name"].into_iter().any(|name| Text::put(t, name).is_some())
            && t.get("id").is_some_and(|v: &Value| !v.is_unknown())
    })
}
