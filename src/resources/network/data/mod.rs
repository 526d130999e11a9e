//! The family's data sources.

mod accounts;
mod availability_zone;
mod availability_zones;
mod default_tags;
mod eip;
mod id_lists;
mod identity;
mod internet_gateway;
mod ip_ranges;
mod ipam;
mod lists;
mod managed_prefix_list;
mod names;
mod nat_gateway;
mod prefix_list;
mod region;
mod route_table;
mod security_group;
mod security_group_rule;
mod service;
mod subnet;
mod vpc;
mod vpc_endpoint;
mod vpc_endpoint_service;
mod vpc_peering_connection;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<accounts::BillingAccount>(all);
    add_data::<accounts::CloudtrailAccount>(all);
    add_data::<availability_zones::AvailabilityZones>(all);
    add_data::<default_tags::DefaultTags>(all);
    add_data::<eip::EipData>(all);
    add_data::<id_lists::EbsVolumes>(all);
    add_data::<id_lists::Eips>(all);
    add_data::<id_lists::ManagedPrefixLists>(all);
    add_data::<id_lists::NatGateways>(all);
    add_data::<id_lists::NetworkInterfaces>(all);
    add_data::<id_lists::PeeringConnections>(all);
    add_data::<id_lists::SecurityGroupRules>(all);
    add_data::<id_lists::TransitGatewayAttachments>(all);
    add_data::<id_lists::TransitGatewayRouteTables>(all);
    add_data::<names::Arn>(all);
    add_data::<names::Regions>(all);
    add_data::<names::ServicePrincipal>(all);
    add_data::<identity::CallerIdentity>(all);
    add_data::<identity::Partition>(all);
    add_data::<internet_gateway::InternetGatewayData>(all);
    add_data::<lists::NetworkAcls>(all);
    add_data::<lists::RouteTables>(all);
    add_data::<lists::SecurityGroups>(all);
    add_data::<lists::Vpcs>(all);
    add_data::<managed_prefix_list::ManagedPrefixListData>(all);
    add_data::<nat_gateway::NatGatewayData>(all);
    add_data::<prefix_list::PrefixListData>(all);
    add_data::<region::Region>(all);
    add_data::<availability_zone::Zone>(all);
    add_data::<route_table::RouteTableData>(all);
    add_data::<security_group::SecurityGroupData>(all);
    add_data::<service::Service>(all);
    add_data::<subnet::SubnetData>(all);
    add_data::<lists::Subnets>(all);
    add_data::<vpc::VpcData>(all);
    add_data::<vpc_endpoint::DhcpOptionsData>(all);
    add_data::<vpc_endpoint::EndpointData>(all);
    add_data::<vpc_endpoint::RouteData>(all);
    add_data::<vpc_endpoint_service::EndpointServiceData>(all);
    add_data::<vpc_peering_connection::PeeringConnectionData>(all);
    add_data::<ip_ranges::IpRanges>(all);
    add_data::<ipam::IpamPoolData>(all);
    add_data::<ipam::IpamPoolsData>(all);
    add_data::<ipam::IpamPreviewNextCidr>(all);
    add_data::<security_group_rule::SecurityGroupRuleData>(all);
}
