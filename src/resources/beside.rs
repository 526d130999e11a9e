//! The objects in networks, whoever made them: what the drift job compares with the states of all layouts. Only what a
//! person makes is listed; the defaults of AWS and what other objects bring along are left out.

use super::ec2::listed;
use crate::aws::{Aws, Result, filtered};
use aws_sdk_ec2::types::{InstanceStateName, NetworkInterfaceStatus, Tag, VpcEndpoint};
use futures::future::{BoxFuture, FutureExt, join_all};

/// An object in a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InNetwork {
    /// The resource type that it would be.
    pub type_name: &'static str,
    /// Its id.
    pub id: String,
    /// The VPC that it is in.
    pub vpc: String,
    /// The name that a person gave it.
    pub name: Option<String>,
}

/// Everything that is in these VPCs: one list for each type.
pub async fn in_networks(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let lists: [BoxFuture<'_, Result<Vec<InNetwork>>>; 9] = [
        subnets(aws, vpcs).boxed(),
        route_tables(aws, vpcs).boxed(),
        security_groups(aws, vpcs).boxed(),
        network_acls(aws, vpcs).boxed(),
        internet_gateways(aws, vpcs).boxed(),
        nat_gateways(aws, vpcs).boxed(),
        endpoints(aws, vpcs).boxed(),
        interfaces(aws, vpcs).boxed(),
        instances(aws, vpcs).boxed(),
    ];
    let mut all = Vec::new();
    for list in join_all(lists).await {
        all.extend(list?);
    }
    Ok(all)
}

/// An object, unless a service of AWS made it, which its tags say.
fn object(type_name: &'static str, id: Option<&str>, vpc: Option<&str>, tags: &[Tag]) -> Option<InNetwork> {
    if tags.iter().any(|tag| tag.key().is_some_and(|key| key.starts_with("aws:"))) {
        return None;
    }
    let name = tags.iter().find(|tag| tag.key() == Some("Name")).and_then(|tag| tag.value());
    Some(InNetwork { type_name, id: id?.into(), vpc: vpc?.into(), name: name.map(str::to_owned) })
}

async fn subnets(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_subnets, filtered("vpc-id", vpcs)).await?;
    Ok(found.iter().filter_map(|s| object("aws_subnet", s.subnet_id(), s.vpc_id(), s.tags())).collect())
}

async fn route_tables(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_route_tables, filtered("vpc-id", vpcs)).await?;
    let own = found.iter().filter(|table| !table.associations().iter().any(|a| a.main() == Some(true)));
    Ok(own.filter_map(|t| object("aws_route_table", t.route_table_id(), t.vpc_id(), t.tags())).collect())
}

async fn security_groups(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_security_groups, filtered("vpc-id", vpcs)).await?;
    let own = found.iter().filter(|group| group.group_name() != Some("default"));
    let named = |group: &aws_sdk_ec2::types::SecurityGroup| {
        let found = object("aws_security_group", group.group_id(), group.vpc_id(), group.tags())?;
        Some(InNetwork { name: group.group_name().map(str::to_owned), ..found })
    };
    Ok(own.filter_map(named).collect())
}

async fn network_acls(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_network_acls, filtered("vpc-id", vpcs)).await?;
    let own = found.iter().filter(|acl| acl.is_default() != Some(true));
    Ok(own.filter_map(|a| object("aws_network_acl", a.network_acl_id(), a.vpc_id(), a.tags())).collect())
}

async fn internet_gateways(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_internet_gateways, filtered("attachment.vpc-id", vpcs)).await?;
    let vpc = |g: &aws_sdk_ec2::types::InternetGateway| {
        let vpc = g.attachments().first().and_then(|attachment| attachment.vpc_id());
        object("aws_internet_gateway", g.internet_gateway_id(), vpc, g.tags())
    };
    Ok(found.iter().filter_map(vpc).collect())
}

async fn nat_gateways(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let batches = filtered("vpc-id", vpcs);
    let found = aws
        .pages(batches, |filters| {
            aws.read.ec2.describe_nat_gateways().set_filter(Some(filters)).into_paginator().items().send()
        })
        .await?;
    let alive = found.iter().filter(|g| !g.state().is_some_and(|state| state.as_str().starts_with("delet")));
    Ok(alive.filter_map(|g| object("aws_nat_gateway", g.nat_gateway_id(), g.vpc_id(), g.tags())).collect())
}

async fn endpoints(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found: Vec<VpcEndpoint> = listed!(aws, describe_vpc_endpoints, filtered("vpc-id", vpcs)).await?;
    let own = found.iter().filter(|endpoint| endpoint.requester_managed() != Some(true));
    Ok(own.filter_map(|e| object("aws_vpc_endpoint", e.vpc_endpoint_id(), e.vpc_id(), e.tags())).collect())
}

/// Those that nothing has brought along: they are on their own.
async fn interfaces(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_network_interfaces, filtered("vpc-id", vpcs)).await?;
    let own = found.iter().filter(|interface| {
        interface.requester_managed() != Some(true) && interface.status() == Some(&NetworkInterfaceStatus::Available)
    });
    let own = own.filter_map(|i| object("aws_network_interface", i.network_interface_id(), i.vpc_id(), i.tag_set()));
    Ok(own.collect())
}

async fn instances(aws: &Aws, vpcs: &[String]) -> Result<Vec<InNetwork>> {
    let found = listed!(aws, describe_instances, filtered("vpc-id", vpcs)).await?;
    let over = [InstanceStateName::ShuttingDown, InstanceStateName::Terminated];
    let alive = found.iter().flat_map(|reservation| reservation.instances()).filter(|instance| {
        let state = instance.state().and_then(|state| state.name());
        !state.is_some_and(|state| over.contains(state))
    });
    Ok(alive.filter_map(|i| object("aws_instance", i.instance_id(), i.vpc_id(), i.tags())).collect())
}
