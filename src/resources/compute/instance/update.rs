//! Changes of an instance: what can be changed while it runs, and what it is stopped for.

use super::{Rows, STOPPED_FOR, STOPPED_TAG, blocks, disks, launch, look};
use crate::resources::block::switch;
use crate::resources::compute::network_interface::{Shift, shift, shifted};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    AttributeValue, HostnameType, IamInstanceProfileAssociationState, IamInstanceProfileSpecification,
    InstanceAutoRecoveryState, InstanceCreditSpecificationRequest, InstanceStateName as State,
    SecureBlobAttributeValue, Tag,
};

/// Brings everything about. What the instance is stopped for comes last.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    change.take_any(&["force_destroy", "get_password_data", "user_data_replace_on_change"]);
    attributes(aws, id, change).await?;
    options(aws, id, change).await?;
    profile(aws, id, change).await?;
    interface(aws, id, change).await?;
    disks::update(aws, id, change).await?;
    stopped(aws, id, change).await?;
    // Only now, as it would keep the instance from being stopped.
    each(aws, id, change, &["disable_api_stop"]).await
}

/// One attribute per call, as the API wants it.
async fn each(aws: &Aws, id: &str, change: &mut Change<'_>, names: &[&str]) -> Result<()> {
    let modify = || aws.write.ec2.modify_instance_attribute().instance_id(id);
    for call in Rows::modify_each(modify, &mut change.split(names.iter().copied())) {
        call.send().await?;
    }
    Ok(())
}

async fn attributes(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let modify = || aws.write.ec2.modify_instance_attribute().instance_id(id);
    each(aws, id, change, &["disable_api_termination"]).await?;
    if change.after.bool("disable_api_stop") != Some(true) {
        each(aws, id, change, &["disable_api_stop"]).await?;
    }
    if let Some(word) = change.take("instance_initiated_shutdown_behavior").and_then(Value::as_str) {
        let value = AttributeValue::builder().value(word).build();
        modify().instance_initiated_shutdown_behavior(value).send().await?;
    }
    match change.take_bool("monitoring") {
        Some(true) => drop(aws.write.ec2.monitor_instances().instance_ids(id).send().await?),
        Some(false) => drop(aws.write.ec2.unmonitor_instances().instance_ids(id).send().await?),
        None => {}
    }
    Ok(())
}

/// What has calls of its own.
async fn options(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    if change.take("metadata_options").is_some()
        && let Some(o) = OptionalBlock::<blocks::Metadata>::put(change.after, "metadata_options")
    {
        aws.write
            .ec2
            .modify_instance_metadata_options()
            .instance_id(id)
            .set_http_endpoint(o.http_endpoint)
            .set_http_protocol_ipv6(o.http_protocol_ipv6)
            .set_http_put_response_hop_limit(o.http_put_response_hop_limit)
            .set_http_tokens(o.http_tokens)
            .set_instance_metadata_tags(o.instance_metadata_tags)
            .send()
            .await?;
    }
    if change.take("credit_specification").is_some()
        && let Some(credits) = change.after.blocks("credit_specification").first().and_then(|b| text(b, "cpu_credits"))
    {
        let wanted = InstanceCreditSpecificationRequest::builder().instance_id(id).cpu_credits(credits).build();
        let call = aws.write.ec2.modify_instance_credit_specification().instance_credit_specifications(wanted);
        let answer = call.send().await?;
        if let Some(refused) = answer.unsuccessful_instance_credit_specifications().first().and_then(|u| u.error()) {
            return Err(Error::new(Kind::Refused, refused.message().unwrap_or("the credits cannot be changed")));
        }
    }
    if change.take("maintenance_options").is_some() {
        let word = change.after.blocks("maintenance_options").first().and_then(|b| text(b, "auto_recovery"));
        let word = word.map(|word| InstanceAutoRecoveryState::from(word.as_str()));
        aws.write.ec2.modify_instance_maintenance_options().instance_id(id).set_auto_recovery(word).send().await?;
    }
    Ok(())
}

/// The profile has an association of its own, which is made, replaced or taken away.
async fn profile(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    if change.take("iam_instance_profile").is_none() {
        return Ok(());
    }
    use IamInstanceProfileAssociationState as S;
    let call = aws.read.ec2.describe_iam_instance_profile_associations().filters(filter("instance-id", id));
    let answer = call.send().await?;
    let held = answer
        .iam_instance_profile_associations()
        .iter()
        .find(|a| matches!(a.state(), None | Some(S::Associated | S::Associating)));
    let held = held.and_then(|a| a.association_id());
    let wanted = text(change.after, "iam_instance_profile");
    let wanted = wanted.map(|name| IamInstanceProfileSpecification::builder().name(name).build());
    match (held, wanted) {
        (Some(held), Some(profile)) => {
            let call = aws.write.ec2.replace_iam_instance_profile_association().association_id(held);
            call.iam_instance_profile(profile).send().await?;
        }
        (None, Some(profile)) => {
            let call = aws.write.ec2.associate_iam_instance_profile().instance_id(id);
            call.iam_instance_profile(profile).send().await?;
        }
        (Some(held), None) => {
            let call = aws.write.ec2.disassociate_iam_instance_profile().association_id(held);
            settle::unless_gone(call.send().await)?;
        }
        (None, None) => {}
    }
    Ok(())
}

/// What is set on the primary interface.
async fn interface(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    const NAMES: [&str; 5] = [
        "ipv6_address_count",
        "ipv6_addresses",
        "secondary_private_ips",
        "source_dest_check",
        "vpc_security_group_ids",
    ];
    if !NAMES.into_iter().any(|name| change.has(name)) {
        return Ok(());
    }
    let missing = || Error::ambiguous(format!("the primary interface of {id} is not known yet"));
    let interface = change.before.str("primary_network_interface_id").ok_or_else(missing)?;
    let modify = || aws.write.ec2.modify_network_interface_attribute().network_interface_id(interface);
    if change.take("vpc_security_group_ids").is_some() {
        modify().set_groups(some(change.after.strings("vpc_security_group_ids"))).send().await?;
    }
    if let Some(on) = change.take_bool("source_dest_check") {
        modify().set_source_dest_check(switch(on)).send().await?;
    }
    let [gone, new] = change.take_texts("secondary_private_ips");
    shifted!(
        aws,
        interface,
        Shift { gone, new, more: None },
        unassign_private_ip_addresses | assign_private_ip_addresses,
        set_private_ip_addresses,
        set_secondary_private_ip_address_count
    );
    let ips = shift(change, &["ipv6_addresses"], "ipv6_address_count", "ipv6_addresses");
    shifted!(
        aws,
        interface,
        ips,
        unassign_ipv6_addresses | assign_ipv6_addresses,
        set_ipv6_addresses,
        set_ipv6_address_count
    );
    Ok(())
}

/// Stops the instance if it runs, changes what needs that, and starts it again. A tag shows the next attempt
/// that the instance was running before.
async fn stopped(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let hostname =
        |attrs: &Attrs| attrs.blocks("private_dns_name_options").first().and_then(|b| text(b, "hostname_type"));
    let dns = change.take("private_dns_name_options").is_some();
    let renamed = dns && hostname(change.after).is_some() && hostname(change.before) != hostname(change.after);
    if dns && !renamed {
        records(aws, id, change.after, None).await?;
    }
    let open: Vec<&str> = STOPPED_FOR.into_iter().filter(|name| change.take(name).is_some()).collect();
    if open.is_empty() && !renamed {
        return Ok(());
    }
    let start = stop(aws, id).await?;
    if renamed {
        records(aws, id, change.after, hostname(change.after)).await?;
    }
    modify(aws, id, change.after, &open).await?;
    if start {
        let start = || async { aws.write.ec2.start_instances().instance_ids(id).send().await.map_err(Error::from) };
        settle::insist(start).await?;
        let tag = Tag::builder().key(STOPPED_TAG).build();
        aws.write.ec2.delete_tags().resources(id).tags(tag).send().await?;
    }
    Ok(())
}

async fn records(aws: &Aws, id: &str, want: &Attrs, hostname: Option<String>) -> Result<()> {
    let blocks = want.blocks("private_dns_name_options");
    let Some(block) = blocks.first() else { return Ok(()) };
    aws.write
        .ec2
        .modify_private_dns_name_options()
        .instance_id(id)
        .set_private_dns_hostname_type(hostname.map(|word| HostnameType::from(word.as_str())))
        .set_enable_resource_name_dns_a_record(block.bool("enable_resource_name_dns_a_record"))
        .set_enable_resource_name_dns_aaaa_record(block.bool("enable_resource_name_dns_aaaa_record"))
        .send()
        .await?;
    Ok(())
}

/// Stops the instance; whether it is to be started again.
async fn stop(aws: &Aws, id: &str) -> Result<bool> {
    let now = look::one(aws, id).await?.ok_or_else(|| Error::not_found(format!("{id} is gone")))?;
    let marked = now.tags().iter().any(|t| t.key() == Some(STOPPED_TAG));
    let runs = matches!(look::state(&now), Some(State::Running | State::Pending));
    if runs && !marked {
        let tag = Tag::builder().key(STOPPED_TAG).value("true").build();
        aws.write.ec2.create_tags().resources(id).tags(tag).send().await?;
    }
    if runs {
        aws.write.ec2.stop_instances().instance_ids(id).send().await?;
    }
    look::stopped(aws, id).await?;
    Ok(runs || marked)
}

/// What is changed on a stopped instance.
async fn modify(aws: &Aws, id: &str, want: &Attrs, open: &[&str]) -> Result<()> {
    let has = |name: &str| open.contains(&name);
    let modify = || aws.write.ec2.modify_instance_attribute().instance_id(id);
    if let Some(kind) = text(want, "instance_type").filter(|_| has("instance_type")) {
        modify().instance_type(AttributeValue::builder().value(kind).build()).send().await?;
    }
    if has("ebs_optimized") {
        modify().set_ebs_optimized(Flag::put(want, "ebs_optimized")).send().await?;
    }
    let given = |name: &&str| has(name) && want.is_set(name);
    if let Some(name) = ["user_data", "user_data_base64"].into_iter().find(given) {
        let data = launch::user_data_bytes(want, name)?;
        modify().user_data(SecureBlobAttributeValue::builder().value(data).build()).send().await?;
    }
    if ["placement_group", "placement_group_id", "placement_partition_number"].into_iter().any(has) {
        aws.write
            .ec2
            .modify_instance_placement()
            .instance_id(id)
            .set_group_name(has("placement_group").then(|| want.string("placement_group").unwrap_or_default()))
            .set_group_id(text(want, "placement_group_id").filter(|_| has("placement_group_id")))
            .set_partition_number(want.int("placement_partition_number"))
            .send()
            .await?;
    }
    if has("capacity_reservation_specification") {
        let wanted = OptionalBlock::<blocks::Reservation>::put(want, "capacity_reservation_specification");
        aws.write
            .ec2
            .modify_instance_capacity_reservation_attributes()
            .instance_id(id)
            .set_capacity_reservation_specification(wanted)
            .send()
            .await?;
    }
    Ok(())
}
