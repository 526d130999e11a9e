//! The call that makes an instance.

use super::{Rows, blocks, disks};
use crate::resources::prelude::*;
use aws_sdk_ec2::primitives::Blob;
use aws_sdk_ec2::types::{
    CpuOptionsRequest, HibernationOptionsRequest, IamInstanceProfileSpecification, InstanceIpv6Address,
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

fn ipv6(want: &Attrs) -> Option<Vec<InstanceIpv6Address>> {
    let address = |text: String| InstanceIpv6Address::builder().ipv6_address(text).build();
    some(want.strings("ipv6_addresses").into_iter().map(address).collect())
}

/// The interfaces, where the instance cannot be described without: those that the layout names, or a first
/// one with settings that an instance has no arguments for.
pub fn interfaces(want: &Attrs) -> Option<Vec<InstanceNetworkInterfaceSpecification>> {
    let other = want.blocks("network_interface").iter().map(blocks::Named::write).collect::<Vec<_>>();
    let first = want.blocks("primary_network_interface").into_iter().map(|b| b.with("device_index", 0));
    if let Some(all) = some(first.map(|b| blocks::Named::write(&b)).chain(other).collect()) {
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
    let place = blocks::Place::write(want);
    let call = Rows::create(aws.write.ec2.run_instances(), want);
    let call = match cpu(want) {
        Some(cpu) => call.cpu_options(cpu),
        None => call,
    };
    let answer = call
        .client_token(&token.0)
        .min_count(1)
        .max_count(1)
        .set_block_device_mappings(devices)
        .set_enable_primary_ipv6(on("enable_primary_ipv6").filter(|_| plain))
        .set_hibernation_options(hibernation)
        .set_iam_instance_profile(profile)
        .set_ipv6_address_count(want.int("ipv6_address_count").filter(|n| plain && *n > 0))
        .set_ipv6_addresses(ipv6(want).filter(|_| plain))
        .set_monitoring(monitoring)
        .set_network_interfaces(interfaces)
        .set_placement(Some(place).filter(|place| *place != Placement::builder().build()))
        .set_private_ip_address(here("private_ip"))
        .set_security_group_ids(some(want.strings("vpc_security_group_ids")).filter(|_| plain))
        .set_security_groups(some(want.strings("security_groups")).filter(|_| plain))
        .set_subnet_id(here("subnet_id"))
        .set_tag_specifications(Some(tagged(want, token)))
        .set_user_data(user_data(want))
        .send()
        .await?;
    made(answer.instances().first().and_then(|i| i.instance_id()))
}

/// What earlier layouts give as arguments of their own.
fn cpu(want: &Attrs) -> Option<CpuOptionsRequest> {
    let (cores, threads) = (want.int("cpu_core_count"), want.int("cpu_threads_per_core"));
    let cpu = CpuOptionsRequest::builder().set_core_count(cores).set_threads_per_core(threads);
    (cores.is_some() || threads.is_some()).then(|| cpu.build())
}
