//! Objects of EC2 in networks.

use super::{Around, Known, Look, Neighbour, list, of_a_service};
use crate::aws::{Aws, Result, filtered};
use crate::resources::ec2::{listed, unpaged};
use aws_sdk_ec2::types::{
    Filter, InstanceStateName, NetworkInterface, NetworkInterfaceStatus, Tag, VolumeState, VpcEndpoint,
};
use futures::future::BoxFuture;

/// Filters, in as many batches as calls are made.
type Filters = Vec<Vec<Filter>>;

/// One list for each type.
pub(super) fn lists(around: Around<'_>) -> Vec<BoxFuture<'_, Look>> {
    let Around { aws, vpcs, .. } = around;
    vec![
        list("subnets", subnets(aws, filtered("vpc-id", vpcs))),
        list("route tables", route_tables(aws, filtered("vpc-id", vpcs))),
        list("security groups", security_groups(aws, filtered("vpc-id", vpcs))),
        list("network ACLs", network_acls(aws, filtered("vpc-id", vpcs))),
        list("internet gateways", internet_gateways(aws, vpcs)),
        list("egress-only gateways", egress_gateways(aws, vpcs)),
        list("VPN gateways", vpn_gateways(aws, vpcs)),
        list("transit gateway attachments", transit_attachments(aws, vpcs)),
        list("NAT gateways", nat_gateways(aws, vpcs)),
        list("VPC endpoints", endpoints(aws, vpcs)),
        list("network interfaces", interfaces(aws, filtered("vpc-id", vpcs))),
        list("instances", instances(aws, around.known, filtered("vpc-id", vpcs))),
    ]
}

/// An object, unless a service of AWS made it, which its tags say.
fn object(type_name: &'static str, id: Option<&str>, vpc: Option<&str>, tags: &[Tag]) -> Option<Neighbour> {
    let name = tags.iter().find(|tag| tag.key() == Some("Name")).and_then(|tag| tag.value());
    Neighbour::new(type_name, id, vpc).filter(|_| !of_a_service(tags)).map(|object| object.named(name))
}

async fn subnets(aws: &Aws, filters: Filters) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_subnets, filters).await?;
    let own = found.iter().filter(|subnet| subnet.default_for_az() != Some(true));
    Ok(own.filter_map(|s| object("aws_subnet", s.subnet_id(), s.vpc_id(), s.tags())).collect())
}

async fn route_tables(aws: &Aws, filters: Filters) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_route_tables, filters).await?;
    let own = found.iter().filter(|table| !table.associations().iter().any(|a| a.main() == Some(true)));
    Ok(own.filter_map(|t| object("aws_route_table", t.route_table_id(), t.vpc_id(), t.tags())).collect())
}

async fn security_groups(aws: &Aws, filters: Filters) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_security_groups, filters).await?;
    let own = found.iter().filter(|group| group.group_name() != Some("default"));
    let named = |group: &aws_sdk_ec2::types::SecurityGroup| {
        let found = object("aws_security_group", group.group_id(), group.vpc_id(), group.tags())?;
        Some(found.named(group.group_name()))
    };
    Ok(own.filter_map(named).collect())
}

async fn network_acls(aws: &Aws, filters: Filters) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_network_acls, filters).await?;
    let own = found.iter().filter(|acl| acl.is_default() != Some(true));
    Ok(own.filter_map(|a| object("aws_network_acl", a.network_acl_id(), a.vpc_id(), a.tags())).collect())
}

async fn internet_gateways(aws: &Aws, vpcs: &[String]) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_internet_gateways, filtered("attachment.vpc-id", vpcs)).await?;
    let vpc = |g: &aws_sdk_ec2::types::InternetGateway| {
        let vpc = g.attachments().first().and_then(|attachment| attachment.vpc_id());
        object("aws_internet_gateway", g.internet_gateway_id(), vpc, g.tags())
    };
    Ok(found.iter().filter_map(vpc).collect())
}

async fn nat_gateways(aws: &Aws, vpcs: &[String]) -> Result<Vec<Neighbour>> {
    let batches = filtered("vpc-id", vpcs);
    let found = aws
        .pages(batches, |filters| {
            aws.read.ec2.describe_nat_gateways().set_filter(Some(filters)).into_paginator().items().send()
        })
        .await?;
    let alive = found.iter().filter(|g| !g.state().is_some_and(|state| state.as_str().starts_with("delet")));
    Ok(alive.filter_map(|g| object("aws_nat_gateway", g.nat_gateway_id(), g.vpc_id(), g.tags())).collect())
}

async fn endpoints(aws: &Aws, vpcs: &[String]) -> Result<Vec<Neighbour>> {
    let found: Vec<VpcEndpoint> = listed!(aws, describe_vpc_endpoints, filtered("vpc-id", vpcs)).await?;
    let alive = |e: &&VpcEndpoint| !e.state().is_some_and(|s| s.as_str().to_lowercase().starts_with("delet"));
    let own = found.iter().filter(|endpoint| endpoint.requester_managed() != Some(true)).filter(alive);
    Ok(own.filter_map(|e| object("aws_vpc_endpoint", e.vpc_endpoint_id(), e.vpc_id(), e.tags())).collect())
}

fn is_free(interface: &NetworkInterface) -> bool {
    interface.requester_managed() != Some(true) && interface.status() == Some(&NetworkInterfaceStatus::Available)
}

/// Those that nothing has brought along: they are on their own.
async fn interfaces(aws: &Aws, filters: Filters) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_network_interfaces, filters).await?;
    let own = found.iter().filter(|interface| is_free(interface));
    let own = own.filter_map(|i| object("aws_network_interface", i.network_interface_id(), i.vpc_id(), i.tag_set()));
    Ok(own.collect())
}

/// Those that neither ended nor were brought along by a request for spot capacity of a layout.
async fn instances(aws: &Aws, known: Known<'_>, filters: Filters) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_instances, filters).await?;
    let over = [InstanceStateName::ShuttingDown, InstanceStateName::Terminated];
    let requested = |id: &str| {
        let request = Neighbour::new("aws_spot_instance_request", Some(id), Some(""));
        request.is_some_and(|request| known(&request))
    };
    let own = found.iter().flat_map(|reservation| reservation.instances()).filter(|instance| {
        let state = instance.state().and_then(|state| state.name());
        !state.is_some_and(|state| over.contains(state)) && !instance.spot_instance_request_id().is_some_and(requested)
    });
    Ok(own.filter_map(|i| object("aws_instance", i.instance_id(), i.vpc_id(), i.tags())).collect())
}

/// All of the region are listed, as they have no filter for the network.
async fn egress_gateways(aws: &Aws, vpcs: &[String]) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_egress_only_internet_gateways, vec![Vec::new()]).await?;
    let own = found.iter().filter_map(|g| {
        let vpc = g.attachments().first().and_then(|attachment| attachment.vpc_id());
        let vpc = vpc.filter(|vpc| vpcs.iter().any(|own| own == vpc));
        object("aws_egress_only_internet_gateway", g.egress_only_internet_gateway_id(), vpc, g.tags())
    });
    Ok(own.collect())
}

async fn vpn_gateways(aws: &Aws, vpcs: &[String]) -> Result<Vec<Neighbour>> {
    let found = unpaged(filtered("attachment.vpc-id", vpcs), |filters| async move {
        Ok(aws.read.ec2.describe_vpn_gateways().set_filters(filters).send().await?.vpn_gateways)
    })
    .await?;
    let alive = found.iter().filter(|g| !g.state().is_some_and(|state| state.as_str().starts_with("delet")));
    let own = alive.filter_map(|g| {
        let attached = g
            .vpc_attachments()
            .iter()
            .find(|attachment| attachment.vpc_id().is_some_and(|vpc| vpcs.iter().any(|own| own == vpc)));
        object("aws_vpn_gateway", g.vpn_gateway_id(), attached.and_then(|attachment| attachment.vpc_id()), g.tags())
    });
    Ok(own.collect())
}

async fn transit_attachments(aws: &Aws, vpcs: &[String]) -> Result<Vec<Neighbour>> {
    let found = listed!(aws, describe_transit_gateway_vpc_attachments, filtered("vpc-id", vpcs)).await?;
    let alive = found.iter().filter(|a| !a.state().is_some_and(|state| state.as_str().starts_with("delet")));
    let own = alive.filter_map(|a| {
        let id = a.transit_gateway_attachment_id();
        object("aws_ec2_transit_gateway_vpc_attachment", id, a.vpc_id(), a.tags())
    });
    Ok(own.collect())
}

/// Volumes that no instance has brought along or uses.
async fn free_volumes(aws: &Aws, ids: &[String]) -> Result<Vec<String>> {
    let found = listed!(aws, describe_volumes, filtered("volume-id", ids)).await?;
    let free = found.iter().filter(|volume| volume.state() == Some(&VolumeState::Available));
    Ok(free.filter_map(|volume| volume.volume_id().map(str::to_owned)).collect())
}

/// Of these objects those that are neither defaults of AWS nor brought along by others, by the same rules as in networks.
pub(super) async fn own(aws: &Aws, known: Known<'_>, type_name: &str, ids: Vec<String>) -> Result<Vec<String>> {
    let by = |name| filtered(name, &ids);
    let found = match type_name {
        "aws_subnet" => subnets(aws, by("subnet-id")).await?,
        "aws_route_table" => route_tables(aws, by("route-table-id")).await?,
        "aws_security_group" => security_groups(aws, by("group-id")).await?,
        "aws_network_acl" => network_acls(aws, by("network-acl-id")).await?,
        "aws_network_interface" => interfaces(aws, by("network-interface-id")).await?,
        "aws_instance" => instances(aws, known, by("instance-id")).await?,
        "aws_ebs_volume" => return free_volumes(aws, &ids).await,
        _ => return Ok(ids),
    };
    Ok(found.into_iter().map(|object| object.id).collect())
}
