//! aws_subnet: an address range of a VPC in one Availability Zone.

use super::holders;
use crate::resources::block::switch;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_subnet::builders::CreateSubnetFluentBuilder as CreateSubnet;
use aws_sdk_ec2::operation::modify_subnet_attribute::builders::ModifySubnetAttributeFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    Filter, HostnameType, PrivateDnsNameOptionsOnLaunch as Names, ResourceType, Subnet,
    SubnetCidrBlockStateCode as Code, SubnetIpv6CidrBlockAssociation, SubnetState,
};

/// The resource type `aws_subnet`.
pub struct AwsSubnet;

table! {
    Rows: Subnet, create CreateSubnet, modify Modify {
        vpc_id: Text [.required().force_new()];
        cidr_block: Text [.optional_computed().force_new().check(checks::ipv4_block)];
        availability_zone: Text [.optional_computed().force_new()];
        availability_zone_id: Text [.optional_computed().force_new()];
        assign_ipv6_address_on_creation: Switch, read, modify;
        customer_owned_ipv4_pool: Text, read, modify;
        enable_dns64: Switch, read, modify;
        enable_lni_at_device_index: Int, read;
        enable_resource_name_dns_a_record_on_launch: Switch, modify
            [.read(|s| names(s.held()).and_then(Names::enable_resource_name_dns_a_record).unwrap_or(false).into())];
        enable_resource_name_dns_aaaa_record_on_launch: Switch, modify
            [.read(|s| names(s.held()).and_then(Names::enable_resource_name_dns_aaaa_record).unwrap_or(false).into())];
        ipv4_ipam_pool_id: Text, create [.force_new()];
        ipv4_netmask_length: Int, create [.force_new()];
        ipv6_cidr_block: Text, create
            [.optional_computed().normal(Normal::Cidr).check(checks::ipv6_cidr)]
            [.read(|s| ipv6(s.held()).and_then(|a| a.ipv6_cidr_block()).into())];
        ipv6_ipam_pool_id: Text, create [.force_new()];
        ipv6_native: Switch [.force_new()];
        ipv6_netmask_length: Int, create [.force_new()];
        map_customer_owned_ip_on_launch: Flag, read, modify;
        map_public_ip_on_launch: Switch, read, modify;
        outpost_arn: Text [.force_new()];
        private_dns_hostname_type_on_launch: EnumCell, modify
            [.optional_computed().read(|s| names(s.held()).and_then(Names::hostname_type).map(HostnameType::as_str).into())];
        arn = subnet_arn: Text, read [.computed()];
        ipv6_cidr_block_association_id: Text, none [.computed().follows(&["ipv6_cidr_block"])]
            [.read(|s| ipv6(s.held()).and_then(|a| a.association_id()).into())];
        owner_id: Text, read [.computed()];
    }
}

/// What goes together.
const CUSTOMER_OWNED: [&str; 2] = ["map_customer_owned_ip_on_launch", "customer_owned_ipv4_pool"];

/// What a subnet can have only with an IPv6 range.
const NEEDS_IPV6: [&str; 3] =
    ["assign_ipv6_address_on_creation", "enable_dns64", "enable_resource_name_dns_aaaa_record_on_launch"];

/// The IPv6 range that the subnet has or gets.
fn ipv6(s: &Subnet) -> Option<&SubnetIpv6CidrBlockAssociation> {
    let held =
        |a: &&SubnetIpv6CidrBlockAssociation| matches!(ipv6_state(a), Some(Code::Associated | Code::Associating));
    s.ipv6_cidr_block_association_set().iter().find(held)
}

fn ipv6_state(a: &SubnetIpv6CidrBlockAssociation) -> Option<&Code> {
    a.ipv6_cidr_block_state().and_then(|s| s.state())
}

fn names(s: &Subnet) -> Option<&Names> {
    s.private_dns_name_options_on_launch()
}

fn progress(s: &Subnet) -> Progress {
    let moving =
        |a: &SubnetIpv6CidrBlockAssociation| matches!(ipv6_state(a), Some(Code::Associating | Code::Disassociating));
    match s.state() {
        Some(SubnetState::Available) if s.ipv6_cidr_block_association_set().iter().any(moving) => {
            Progress::Pending("changing its IPv6 range".into())
        }
        Some(SubnetState::Available) => Progress::Ready,
        Some(SubnetState::Failed | SubnetState::FailedInsufficientCapacity) => {
            Progress::Failed(s.state().map_or("failed", SubnetState::as_str).into())
        }
        other => Progress::Pending(other.map_or("pending", SubnetState::as_str).into()),
    }
}

fn check(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let native = want.bool("ipv6_native").unwrap_or(false);
    if !native && !want.is_given("cidr_block") && !want.is_given("ipv4_ipam_pool_id") {
        wrong.push(("cidr_block", "a subnet needs cidr_block, unless it is ipv6_native or takes one from IPAM".into()));
    }
    if native && want.is_given("cidr_block") {
        wrong.push(("cidr_block", "an ipv6_native subnet has no IPv4 range".into()));
    }
    if want.bool("map_customer_owned_ip_on_launch") == Some(true) && !want.is_given("customer_owned_ipv4_pool") {
        let message = "map_customer_owned_ip_on_launch needs customer_owned_ipv4_pool and outpost_arn";
        wrong.push(("map_customer_owned_ip_on_launch", message.into()));
    }
    wrong
}

/// The subnets that filters find.
pub async fn listed(aws: &Aws, filters: Vec<Vec<Filter>>) -> Result<Vec<Subnet>> {
    listed!(aws, describe_subnets, filters).await
}

impl Resource for AwsSubnet {
    type Live = Subnet;

    fn spec() -> Spec<Subnet> {
        Spec::new("aws_subnet", |s| s.subnet_id().map(Into::into), Rows::rows::<Subnet>())
            .role(Role::Subnet(role::Subnet { zone: "availability_zone", network: "vpc_id" }))
            .tags(|s| tags::read(s.tags()))
            .unique(&[&["vpc_id", "cidr_block"], &["vpc_id", "ipv6_cidr_block"]])
            .progress(progress)
            .conflicts(&[
                &["availability_zone", "availability_zone_id"],
                &["cidr_block", "ipv4_netmask_length"],
                &["ipv6_cidr_block", "ipv6_netmask_length"],
            ])
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Subnet>> {
        listed(aws, tags::filters(which, "subnet-id", &[("vpc-id", "vpc_id"), ("cidr-block", "cidr_block")])).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_subnet(), want);
        let answer = call.tag_specifications(tags::at_creation(ResourceType::Subnet, want, token)).send().await?;
        made(answer.subnet().and_then(Subnet::subnet_id))
    }

    /// One attribute per call, as the API wants it, but for the two that go together.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let modify = || aws.write.ec2.modify_subnet_attribute().subnet_id(id);
        let after = change.after;
        if change.has("ipv6_cidr_block") {
            // Off before the range goes; on, with the others, after the new one is there.
            let off = NEEDS_IPV6.into_iter().filter(|name| after.bool(name) != Some(true));
            for call in Rows::modify_each(modify, &mut change.split(off)) {
                call.send().await?;
            }
            change.take("ipv6_cidr_block");
            replace_ipv6(aws, id, change).await?;
        }
        if let Some(call) = Rows::modify(modify(), &mut change.split(CUSTOMER_OWNED)) {
            call.send().await?;
        }
        for call in Rows::modify_each(modify, change) {
            call.send().await?;
        }
        if let Some(index) = change.take("enable_lni_at_device_index") {
            match index.as_i64().and_then(|n| i32::try_from(n).ok()) {
                Some(n) => modify().enable_lni_at_device_index(n).send().await?,
                None => modify().set_disable_lni_at_device_index(switch(true)).send().await?,
            };
        }
        Ok(())
    }

    async fn holders(aws: &Aws, id: &str) -> Result<Vec<String>> {
        holders::interfaces(aws, "subnet-id", id).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_subnet().subnet_id(id).send().await.map(drop)?)
    }
}

/// A subnet has one IPv6 range, so the old one goes first.
async fn replace_ipv6(aws: &Aws, id: &str, change: &Change<'_>) -> Result<()> {
    if let Some(old) = change.before.str("ipv6_cidr_block_association_id") {
        settle::unless_gone(aws.write.ec2.disassociate_subnet_cidr_block().association_id(old).send().await)?;
        let gone = |now: Option<&_>| now.is_none_or(|s| progress(s) == Progress::Ready);
        settle::seen::<AwsSubnet>(aws, id, "the subnet's old IPv6 range to go", gone).await?;
    }
    if let Some(new) = change.after.str("ipv6_cidr_block") {
        aws.write.ec2.associate_subnet_cidr_block().subnet_id(id).ipv6_cidr_block(new).send().await?;
    }
    Ok(())
}
