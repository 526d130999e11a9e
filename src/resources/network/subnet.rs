//! aws_subnet: an address range of a VPC in one Availability Zone.

use super::holders;
use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::settle;
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::normal::Normal;
use crate::schema::{Attrs, Change, checks};
use aws_sdk_ec2::operation::modify_subnet_attribute::builders::ModifySubnetAttributeFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    AttributeBooleanValue, HostnameType, PrivateDnsNameOptionsOnLaunch as Names, ResourceType, Subnet,
    SubnetCidrBlockStateCode as Code, SubnetIpv6CidrBlockAssociation, SubnetState,
};

type A = spec::A<Subnet>;

/// The resource type `aws_subnet`.
pub struct AwsSubnet;

/// The IPv6 range that the subnet has or gets.
pub fn ipv6(s: &Subnet) -> Option<&SubnetIpv6CidrBlockAssociation> {
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
    let given = |name: &str| want.is_set(name) || want.is_unknown(name);
    if !native && !given("cidr_block") && !given("ipv4_ipam_pool_id") {
        wrong.push(("cidr_block", "a subnet needs cidr_block, unless it is ipv6_native or takes one from IPAM".into()));
    }
    if native && given("cidr_block") {
        wrong.push(("cidr_block", "an ipv6_native subnet has no IPv4 range".into()));
    }
    if want.bool("map_customer_owned_ip_on_launch") == Some(true) && !given("customer_owned_ipv4_pool") {
        let message = "map_customer_owned_ip_on_launch needs customer_owned_ipv4_pool and outpost_arn";
        wrong.push(("map_customer_owned_ip_on_launch", message.into()));
    }
    wrong
}

impl Resource for AwsSubnet {
    type Live = Subnet;

    fn spec() -> Spec<Subnet> {
        let [tags, tags_all] = A::tags(|s| tags::read(s.tags()));
        let switch = |name| A::bool(name).default(false);
        Spec::new(
            "aws_subnet",
            |s| s.subnet_id().map(Into::into),
            vec![
                A::string("vpc_id").required().force_new().read(|s| s.vpc_id().into()),
                A::string("cidr_block")
                    .optional_computed()
                    .force_new()
                    .check(checks::ipv4_block)
                    .read(|s| s.cidr_block().into()),
                A::string("availability_zone").optional_computed().force_new().read(|s| s.availability_zone().into()),
                A::string("availability_zone_id")
                    .optional_computed()
                    .force_new()
                    .read(|s| s.availability_zone_id().into()),
                switch("assign_ipv6_address_on_creation")
                    .read(|s| s.assign_ipv6_address_on_creation().unwrap_or(false).into()),
                A::string("customer_owned_ipv4_pool").read(|s| s.customer_owned_ipv4_pool().into()),
                switch("enable_dns64").read(|s| s.enable_dns64().unwrap_or(false).into()),
                A::number("enable_lni_at_device_index").read(|s| s.enable_lni_at_device_index().into()),
                switch("enable_resource_name_dns_a_record_on_launch")
                    .read(|s| names(s).and_then(Names::enable_resource_name_dns_a_record).unwrap_or(false).into()),
                switch("enable_resource_name_dns_aaaa_record_on_launch")
                    .read(|s| names(s).and_then(Names::enable_resource_name_dns_aaaa_record).unwrap_or(false).into()),
                A::string("ipv4_ipam_pool_id").force_new(),
                A::number("ipv4_netmask_length").force_new(),
                A::string("ipv6_cidr_block")
                    .optional_computed()
                    .normal(Normal::Cidr)
                    .check(checks::ipv6_cidr)
                    .read(|s| ipv6(s).and_then(|a| a.ipv6_cidr_block()).into()),
                A::string("ipv6_ipam_pool_id").force_new(),
                switch("ipv6_native").force_new().read(|s| s.ipv6_native().unwrap_or(false).into()),
                A::number("ipv6_netmask_length").force_new(),
                A::bool("map_customer_owned_ip_on_launch")
                    .optional_computed()
                    .read(|s| s.map_customer_owned_ip_on_launch().unwrap_or(false).into()),
                switch("map_public_ip_on_launch").read(|s| s.map_public_ip_on_launch().unwrap_or(false).into()),
                A::string("outpost_arn").force_new().read(|s| s.outpost_arn().into()),
                A::string("private_dns_hostname_type_on_launch")
                    .optional_computed()
                    .read(|s| names(s).and_then(Names::hostname_type).map(HostnameType::as_str).into()),
                A::string("arn").computed().read(|s| s.subnet_arn().into()),
                A::string("ipv6_cidr_block_association_id")
                    .computed()
                    .follows(&["ipv6_cidr_block"])
                    .read(|s| ipv6(s).and_then(|a| a.association_id()).into()),
                A::string("owner_id").computed().read(|s| s.owner_id().into()),
                tags,
                tags_all,
            ],
        )
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
        let filters = match which {
            Which::Ids(ids) => filtered("subnet-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => vec![vec![
                filter("vpc-id", want.str("vpc_id").unwrap_or_default()),
                filter("cidr-block", want.str("cidr_block").unwrap_or_default()),
            ]],
        };
        aws.pages(filters, |f| aws.read.ec2.describe_subnets().set_filters(Some(f)).into_paginator().items().send())
            .await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_subnet()
            .set_vpc_id(want.string("vpc_id"))
            .set_cidr_block(want.string("cidr_block"))
            .set_availability_zone(want.string("availability_zone"))
            .set_availability_zone_id(want.string("availability_zone_id"))
            .set_ipv4_ipam_pool_id(want.string("ipv4_ipam_pool_id"))
            .set_ipv4_netmask_length(want.int("ipv4_netmask_length"))
            .set_ipv6_cidr_block(want.string("ipv6_cidr_block"))
            .set_ipv6_ipam_pool_id(want.string("ipv6_ipam_pool_id"))
            .set_ipv6_netmask_length(want.int("ipv6_netmask_length"))
            .set_ipv6_native(want.bool("ipv6_native").filter(|on| *on))
            .set_outpost_arn(want.string("outpost_arn"))
            .tag_specifications(tags::at_creation(ResourceType::Subnet, want, token))
            .send()
            .await?;
        made(answer.subnet().and_then(Subnet::subnet_id))
    }

    /// One attribute per call, as the API wants it; what needs an IPv6 range goes after it is there
    /// and before it is gone.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let modify = || aws.write.ec2.modify_subnet_attribute().subnet_id(id);
        let value = |on: bool| AttributeBooleanValue::builder().value(on).build();
        type Set = fn(Modify, AttributeBooleanValue) -> Modify;
        let needs_ipv6: [(&str, Set); 3] = [
            ("assign_ipv6_address_on_creation", Modify::assign_ipv6_address_on_creation),
            ("enable_dns64", Modify::enable_dns64),
            ("enable_resource_name_dns_aaaa_record_on_launch", Modify::enable_resource_name_dns_aaaa_record_on_launch),
        ];
        let needed: Vec<(bool, Set)> =
            needs_ipv6.into_iter().filter_map(|(name, set)| Some((change.take_bool(name)?, set))).collect();
        for (on, set) in needed.iter().filter(|(on, _)| !on) {
            set(modify(), value(*on)).send().await?;
        }
        if change.take("ipv6_cidr_block").is_some() {
            replace_ipv6(aws, id, change).await?;
        }
        for (on, set) in needed.iter().filter(|(on, _)| *on) {
            set(modify(), value(*on)).send().await?;
        }
        if let Some(on) = change.take_bool("map_public_ip_on_launch") {
            modify().map_public_ip_on_launch(value(on)).send().await?;
        }
        if let Some(on) = change.take_bool("enable_resource_name_dns_a_record_on_launch") {
            modify().enable_resource_name_dns_a_record_on_launch(value(on)).send().await?;
        }
        if let Some(kind) = change.take("private_dns_hostname_type_on_launch").and_then(|v| v.as_str()) {
            modify().private_dns_hostname_type_on_launch(kind.into()).send().await?;
        }
        if let Some(index) = change.take("enable_lni_at_device_index") {
            match index.as_i64().and_then(|n| i32::try_from(n).ok()) {
                Some(n) => modify().enable_lni_at_device_index(n).send().await?,
                None => modify().disable_lni_at_device_index(value(true)).send().await?,
            };
        }
        if change.take_any(&["map_customer_owned_ip_on_launch", "customer_owned_ipv4_pool"]) {
            let on = change.after.bool("map_customer_owned_ip_on_launch").unwrap_or(false);
            let pool = change.after.string("customer_owned_ipv4_pool");
            modify().map_customer_owned_ip_on_launch(value(on)).set_customer_owned_ipv4_pool(pool).send().await?;
        }
        Ok(())
    }

    async fn holders(aws: &Aws, id: &str) -> Result<Vec<String>> {
        holders::interfaces(aws, "subnet-id", id).await
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_subnet().subnet_id(id).send().await?;
        Ok(())
    }
}

/// A subnet has one IPv6 range, so the old one goes first.
async fn replace_ipv6(aws: &Aws, id: &str, change: &Change<'_>) -> Result<()> {
    if let Some(old) = change.before.str("ipv6_cidr_block_association_id") {
        settle::unless_gone(aws.write.ec2.disassociate_subnet_cidr_block().association_id(old).send().await)?;
        let ids = [id.to_owned()];
        settle::until("the subnet's old IPv6 range to go", || async {
            let now = AwsSubnet::describe(aws, Which::Ids(&ids)).await?;
            Ok(now.iter().all(|s| progress(s) == Progress::Ready))
        })
        .await?;
    }
    if let Some(new) = change.after.str("ipv6_cidr_block") {
        aws.write.ec2.associate_subnet_cidr_block().subnet_id(id).ipv6_cidr_block(new).send().await?;
    }
    Ok(())
}
