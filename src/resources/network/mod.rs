//! The network family: VPCs and all that lives in them.

mod acl_entries;
mod block_public_access;
mod data;
mod default_network_acl;
mod default_route_table;
mod default_security_group;
mod default_vpc;
mod egress_gateway;
pub mod eip;
mod endpoint_policy;
mod endpoint_service;
mod holders;
mod internet_gateway;
mod ipam;
mod ipam_pool;
mod main_route_table_association;
mod managed_prefix_list;
mod nat_gateway;
mod network_acl;
mod network_acl_association;
mod network_acl_rule;
mod permissions;
mod prefix_list_entry;
mod route;
mod route_table;
mod route_table_association;
mod routes;
mod security_group;
mod security_group_rule;
mod subnet;
mod tag;
mod vpc;
mod vpc_cidr;
mod vpc_dhcp_options;
mod vpc_dhcp_options_association;
mod vpc_endpoint;
mod vpc_endpoint_associations;
mod vpc_ipv6_cidr;
mod vpc_peering_connection;
mod vpc_peering_sides;
mod vpc_security_group_rule;

use super::any::{AnyData, AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<block_public_access::AwsVpcBlockPublicAccessExclusion>(all);
    add::<block_public_access::AwsVpcBlockPublicAccessOptions>(all);
    add::<default_network_acl::AwsDefaultNetworkAcl>(all);
    add::<default_route_table::AwsDefaultRouteTable>(all);
    add::<default_security_group::AwsDefaultSecurityGroup>(all);
    add::<default_vpc::AwsDefaultSubnet>(all);
    add::<default_vpc::AwsDefaultVpc>(all);
    add::<egress_gateway::AwsEgressOnlyInternetGateway>(all);
    add::<eip::AwsEip>(all);
    add::<endpoint_policy::AwsVpcEndpointPolicy>(all);
    add::<endpoint_service::AwsVpcEndpointService>(all);
    add::<endpoint_service::AwsVpcEndpointServiceAllowedPrincipal>(all);
    add::<internet_gateway::AwsInternetGateway>(all);
    add::<ipam::AwsVpcIpam>(all);
    add::<ipam::AwsVpcIpamScope>(all);
    add::<ipam_pool::AwsVpcIpamPool>(all);
    add::<ipam_pool::AwsVpcIpamPoolCidr>(all);
    add::<main_route_table_association::AwsMainRouteTableAssociation>(all);
    add::<managed_prefix_list::AwsEc2ManagedPrefixList>(all);
    add::<nat_gateway::AwsNatGateway>(all);
    add::<network_acl::AwsNetworkAcl>(all);
    add::<network_acl_association::AwsNetworkAclAssociation>(all);
    add::<network_acl_rule::AwsNetworkAclRule>(all);
    add::<prefix_list_entry::AwsEc2ManagedPrefixListEntry>(all);
    add::<route::AwsRoute>(all);
    add::<route_table::AwsRouteTable>(all);
    add::<route_table_association::AwsRouteTableAssociation>(all);
    add::<security_group::AwsSecurityGroup>(all);
    add::<security_group_rule::AwsSecurityGroupRule>(all);
    add::<subnet::AwsSubnet>(all);
    add::<tag::AwsEc2Tag>(all);
    add::<vpc::AwsVpc>(all);
    add::<vpc_cidr::AwsVpcIpv4CidrBlockAssociation>(all);
    add::<vpc_dhcp_options::AwsVpcDhcpOptions>(all);
    add::<vpc_dhcp_options_association::AwsVpcDhcpOptionsAssociation>(all);
    add::<vpc_endpoint::AwsVpcEndpoint>(all);
    add::<vpc_endpoint_associations::AwsVpcEndpointRouteTableAssociation>(all);
    add::<vpc_endpoint_associations::AwsVpcEndpointSecurityGroupAssociation>(all);
    add::<vpc_endpoint_associations::AwsVpcEndpointSubnetAssociation>(all);
    add::<vpc_ipv6_cidr::AwsVpcIpv6CidrBlockAssociation>(all);
    add::<vpc_peering_connection::AwsVpcPeeringConnection>(all);
    add::<vpc_peering_sides::AwsVpcPeeringConnectionAccepter>(all);
    add::<vpc_peering_sides::AwsVpcPeeringConnectionOptions>(all);
    add::<vpc_security_group_rule::AwsVpcSecurityGroupEgressRule>(all);
    add::<vpc_security_group_rule::AwsVpcSecurityGroupIngressRule>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    data::all(all);
}
