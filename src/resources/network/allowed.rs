//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_default_network_acl {
        read: "ec2:DescribeNetworkAcls";
        update: "ec2:CreateNetworkAclEntry" "ec2:DeleteNetworkAclEntry" "ec2:ReplaceNetworkAclAssociation"
            "ec2:ReplaceNetworkAclEntry";
    }
    aws_default_route_table {
        read: "ec2:DescribeRouteTables";
        update: "ec2:CreateRoute" "ec2:DeleteRoute" "ec2:DisableVgwRoutePropagation" "ec2:EnableVgwRoutePropagation";
    }
    aws_default_security_group {
        read: "ec2:DescribeSecurityGroups";
        update: "ec2:AuthorizeSecurityGroupIngress" "ec2:RevokeSecurityGroupEgress" "ec2:RevokeSecurityGroupIngress"
            "ec2:UpdateSecurityGroupRuleDescriptionsEgress" "ec2:UpdateSecurityGroupRuleDescriptionsIngress";
    }
    aws_default_subnet {
        read: "ec2:DescribeSubnets";
        create: "ec2:CreateDefaultSubnet";
        update: "ec2:ModifySubnetAttribute";
        delete: "ec2:DeleteSubnet";
    }
    aws_default_vpc {
        read: "ec2:DescribeNetworkAcls" "ec2:DescribeRouteTables" "ec2:DescribeSecurityGroups"
            "ec2:DescribeVpcAttribute" "ec2:DescribeVpcs";
        create: "ec2:CreateDefaultVpc";
        update: "ec2:ModifyVpcAttribute";
        delete: "ec2:DeleteVpc";
    }
    aws_default_vpc_dhcp_options {
        read: "ec2:DescribeDhcpOptions";
    }
    aws_ec2_carrier_gateway {
        read: "ec2:DescribeCarrierGateways";
        create: "ec2:CreateCarrierGateway";
        delete: "ec2:DeleteCarrierGateway";
    }
    aws_ec2_instance_connect_endpoint {
        read: "ec2:DescribeInstanceConnectEndpoints";
        create: "ec2:CreateInstanceConnectEndpoint";
        update: "ec2:ModifyInstanceConnectEndpoint";
        delete: "ec2:DeleteInstanceConnectEndpoint";
    }
    aws_ec2_managed_prefix_list {
        read: "ec2:DescribeManagedPrefixLists" "ec2:GetManagedPrefixListEntries";
        create: "ec2:CreateManagedPrefixList";
        update: "ec2:ModifyManagedPrefixList";
        delete: "ec2:DeleteManagedPrefixList";
    }
    aws_ec2_managed_prefix_list_entry {
        read: "ec2:DescribeManagedPrefixLists" "ec2:GetManagedPrefixListEntries";
        create: "ec2:ModifyManagedPrefixList";
        delete: "ec2:ModifyManagedPrefixList";
    }
    aws_ec2_network_insights_analysis {
        read: "ec2:DescribeNetworkInsightsAnalyses";
        create: "ec2:StartNetworkInsightsAnalysis";
        delete: "ec2:DeleteNetworkInsightsAnalysis";
    }
    aws_ec2_network_insights_path {
        read: "ec2:DescribeNetworkInsightsPaths";
        create: "ec2:CreateNetworkInsightsPath";
        delete: "ec2:DeleteNetworkInsightsPath";
    }
    aws_ec2_subnet_cidr_reservation {
        read: "ec2:DescribeSubnets" "ec2:GetSubnetCidrReservations";
        create: "ec2:CreateSubnetCidrReservation";
        delete: "ec2:DeleteSubnetCidrReservation";
    }
    aws_ec2_tag {
        read: "ec2:DescribeTags";
        create: "ec2:CreateTags";
        update: "ec2:CreateTags";
        delete: "ec2:DeleteTags";
    }
    aws_egress_only_internet_gateway {
        read: "ec2:DescribeEgressOnlyInternetGateways";
        create: "ec2:CreateEgressOnlyInternetGateway";
        delete: "ec2:DeleteEgressOnlyInternetGateway";
    }
    aws_eip {
        read: "ec2:DescribeAddresses" "ec2:DescribeAddressesAttribute";
        create: "ec2:AllocateAddress";
        update: "ec2:AssociateAddress";
        delete: "ec2:DisassociateAddress" "ec2:ReleaseAddress";
    }
    aws_eip_domain_name {
        read: "ec2:DescribeAddressesAttribute";
        create: "ec2:ModifyAddressAttribute";
        update: "ec2:ModifyAddressAttribute";
        delete: "ec2:ResetAddressAttribute";
    }
    aws_internet_gateway {
        read: "ec2:DescribeInternetGateways";
        create: "ec2:CreateInternetGateway";
        update: "ec2:AttachInternetGateway";
        delete: "ec2:DeleteInternetGateway" "ec2:DetachInternetGateway";
    }
    aws_main_route_table_association {
        read: "ec2:DescribeRouteTables";
        create: "ec2:CreateTags" "ec2:ReplaceRouteTableAssociation";
        update: "ec2:CreateTags" "ec2:ReplaceRouteTableAssociation";
        delete: "ec2:DeleteTags" "ec2:ReplaceRouteTableAssociation";
    }
    aws_nat_gateway {
        read: "ec2:DescribeNatGateways";
        create: "ec2:CreateNatGateway";
        update: "ec2:AssignPrivateNatGatewayAddress" "ec2:AssociateNatGatewayAddress"
            "ec2:DisassociateNatGatewayAddress" "ec2:UnassignPrivateNatGatewayAddress";
        delete: "ec2:DeleteNatGateway";
    }
    aws_nat_gateway_eip_association {
        read: "ec2:DescribeNatGateways";
        create: "ec2:AssociateNatGatewayAddress";
        delete: "ec2:DisassociateNatGatewayAddress";
    }
    aws_network_acl {
        read: "ec2:DescribeNetworkAcls";
        create: "ec2:CreateNetworkAcl";
        update: "ec2:CreateNetworkAclEntry" "ec2:DeleteNetworkAclEntry" "ec2:ReplaceNetworkAclAssociation"
            "ec2:ReplaceNetworkAclEntry";
        delete: "ec2:DeleteNetworkAcl" "ec2:ReplaceNetworkAclAssociation";
    }
    aws_network_acl_association {
        read: "ec2:DescribeNetworkAcls";
        create: "ec2:ReplaceNetworkAclAssociation";
        update: "ec2:ReplaceNetworkAclAssociation";
        delete: "ec2:ReplaceNetworkAclAssociation";
    }
    aws_network_acl_rule {
        read: "ec2:DescribeNetworkAcls";
        create: "ec2:CreateNetworkAclEntry";
        update: "ec2:ReplaceNetworkAclEntry";
        delete: "ec2:DeleteNetworkAclEntry";
    }
    aws_route {
        read: "ec2:DescribeRouteTables";
        create: "ec2:CreateRoute";
        update: "ec2:ReplaceRoute";
        delete: "ec2:DeleteRoute";
    }
    aws_route_table {
        read: "ec2:DescribeRouteTables";
        create: "ec2:CreateRouteTable";
        update: "ec2:CreateRoute" "ec2:DeleteRoute" "ec2:DisableVgwRoutePropagation" "ec2:EnableVgwRoutePropagation"
            "ec2:ReplaceRoute";
        delete: "ec2:DeleteRouteTable";
    }
    aws_route_table_association {
        read: "ec2:DescribeRouteTables";
        create: "ec2:AssociateRouteTable";
        update: "ec2:ReplaceRouteTableAssociation";
        delete: "ec2:DisassociateRouteTable";
    }
    aws_security_group {
        read: "ec2:DescribeSecurityGroups";
        create: "ec2:CreateSecurityGroup";
        update: "ec2:AuthorizeSecurityGroupIngress" "ec2:RevokeSecurityGroupEgress" "ec2:RevokeSecurityGroupIngress"
            "ec2:UpdateSecurityGroupRuleDescriptionsEgress" "ec2:UpdateSecurityGroupRuleDescriptionsIngress";
        delete: "ec2:DeleteSecurityGroup" "ec2:RevokeSecurityGroupIngress";
    }
    aws_security_group_rule {
        read: "ec2:DescribeSecurityGroupRules";
        create: "ec2:AuthorizeSecurityGroupIngress";
        update: "ec2:AuthorizeSecurityGroupIngress" "ec2:RevokeSecurityGroupIngress"
            "ec2:UpdateSecurityGroupRuleDescriptionsIngress";
        delete: "ec2:DescribeSecurityGroups" "ec2:RevokeSecurityGroupIngress";
    }
    aws_subnet {
        read: "ec2:DescribeSubnets";
        create: "ec2:CreateSubnet";
        update: "ec2:AssociateSubnetCidrBlock" "ec2:DisassociateSubnetCidrBlock" "ec2:ModifySubnetAttribute";
        delete: "ec2:DeleteSubnet";
    }
    aws_vpc {
        read: "ec2:DescribeNetworkAcls" "ec2:DescribeRouteTables" "ec2:DescribeSecurityGroups"
            "ec2:DescribeVpcAttribute" "ec2:DescribeVpcs";
        create: "ec2:CreateVpc";
        update: "ec2:AssociateVpcCidrBlock" "ec2:DisassociateVpcCidrBlock" "ec2:ModifyVpcAttribute"
            "ec2:ModifyVpcTenancy";
        delete: "ec2:DeleteVpc";
    }
    aws_vpc_block_public_access_exclusion {
        read: "ec2:DescribeVpcBlockPublicAccessExclusions";
        create: "ec2:CreateVpcBlockPublicAccessExclusion";
        update: "ec2:ModifyVpcBlockPublicAccessExclusion";
        delete: "ec2:DeleteVpcBlockPublicAccessExclusion";
    }
    aws_vpc_block_public_access_options {
        read: "ec2:DescribeVpcBlockPublicAccessOptions";
        create: "ec2:ModifyVpcBlockPublicAccessOptions";
        update: "ec2:ModifyVpcBlockPublicAccessOptions";
        delete: "ec2:ModifyVpcBlockPublicAccessOptions";
    }
    aws_vpc_dhcp_options {
        read: "ec2:DescribeDhcpOptions";
        create: "ec2:CreateDhcpOptions";
        delete: "ec2:AssociateDhcpOptions" "ec2:DeleteDhcpOptions" "ec2:DescribeVpcs";
    }
    aws_vpc_dhcp_options_association {
        read: "ec2:DescribeVpcs";
        create: "ec2:AssociateDhcpOptions";
        update: "ec2:AssociateDhcpOptions";
        delete: "ec2:AssociateDhcpOptions";
    }
    aws_vpc_encryption_control {
        read: "ec2:DescribeVpcEncryptionControls";
        create: "ec2:CreateVpcEncryptionControl";
        update: "ec2:ModifyVpcEncryptionControl";
        delete: "ec2:DeleteVpcEncryptionControl";
    }
    aws_vpc_endpoint {
        read: "ec2:DescribePrefixLists" "ec2:DescribeVpcEndpoints";
        create: "ec2:CreateVpcEndpoint" "ec2:DescribeSecurityGroups" "ec2:DescribeSubnets" "ec2:DescribeVpcs"
            "route53:AssociateVPCWithHostedZone";
        update: "ec2:AcceptVpcEndpointConnections" "ec2:DescribeVpcEndpointServices" "ec2:ModifyVpcEndpoint";
        delete: "ec2:DeleteVpcEndpoints";
    }
    aws_vpc_endpoint_connection_accepter {
        read: "ec2:DescribeVpcEndpointConnections";
        create: "ec2:AcceptVpcEndpointConnections";
        delete: "ec2:RejectVpcEndpointConnections";
    }
    aws_vpc_endpoint_connection_notification {
        read: "ec2:DescribeVpcEndpointConnectionNotifications";
        create: "ec2:CreateVpcEndpointConnectionNotification";
        update: "ec2:ModifyVpcEndpointConnectionNotification";
        delete: "ec2:DeleteVpcEndpointConnectionNotifications";
    }
    aws_vpc_endpoint_policy {
        read: "ec2:DescribePrefixLists" "ec2:DescribeVpcEndpoints";
        create: "ec2:ModifyVpcEndpoint";
        update: "ec2:ModifyVpcEndpoint";
        delete: "ec2:ModifyVpcEndpoint";
    }
    aws_vpc_endpoint_private_dns {
        read: "ec2:DescribeVpcEndpoints";
        create: "ec2:ModifyVpcEndpoint";
        update: "ec2:ModifyVpcEndpoint";
    }
    aws_vpc_endpoint_route_table_association {
        read: "ec2:DescribeVpcEndpoints";
        create: "ec2:ModifyVpcEndpoint";
        delete: "ec2:ModifyVpcEndpoint";
    }
    aws_vpc_endpoint_security_group_association {
        read: "ec2:DescribeVpcEndpoints";
        create: "ec2:DescribeSecurityGroups" "ec2:ModifyVpcEndpoint";
        delete: "ec2:DescribeSecurityGroups" "ec2:ModifyVpcEndpoint";
    }
    aws_vpc_endpoint_service {
        read: "ec2:DescribeVpcEndpointServiceConfigurations" "ec2:DescribeVpcEndpointServicePermissions";
        create: "ec2:CreateVpcEndpointServiceConfiguration";
        update: "ec2:ModifyVpcEndpointServiceConfiguration";
        delete: "ec2:DeleteVpcEndpointServiceConfigurations";
    }
    aws_vpc_endpoint_service_allowed_principal {
        read: "ec2:DescribeVpcEndpointServicePermissions";
        create: "ec2:ModifyVpcEndpointServicePermissions";
        delete: "ec2:ModifyVpcEndpointServicePermissions";
    }
    aws_vpc_endpoint_subnet_association {
        read: "ec2:DescribeVpcEndpoints";
        create: "ec2:ModifyVpcEndpoint";
        delete: "ec2:ModifyVpcEndpoint";
    }
    aws_vpc_ipam {
        read: "ec2:DescribeIpams";
        create: "ec2:CreateIpam";
        update: "ec2:ModifyIpam";
        delete: "ec2:DeleteIpam";
    }
    aws_vpc_ipam_pool {
        read: "ec2:DescribeIpamPools";
        create: "ec2:CreateIpamPool";
        update: "ec2:ModifyIpamPool";
        delete: "ec2:DeleteIpamPool";
    }
    aws_vpc_ipam_pool_cidr {
        read: "ec2:GetIpamPoolCidrs";
        create: "ec2:ProvisionIpamPoolCidr";
        delete: "ec2:DeprovisionIpamPoolCidr";
    }
    aws_vpc_ipam_pool_cidr_allocation {
        read: "ec2:GetIpamPoolAllocations";
        create: "ec2:AllocateIpamPoolCidr";
        delete: "ec2:ReleaseIpamPoolAllocation";
    }
    aws_vpc_ipam_scope {
        read: "ec2:DescribeIpamScopes";
        create: "ec2:CreateIpamScope";
        update: "ec2:ModifyIpamScope";
        delete: "ec2:DeleteIpamScope";
    }
    aws_vpc_ipv4_cidr_block_association {
        read: "ec2:DescribeVpcs";
        create: "ec2:AssociateVpcCidrBlock";
        delete: "ec2:DisassociateVpcCidrBlock";
    }
    aws_vpc_ipv6_cidr_block_association {
        read: "ec2:DescribeVpcs";
        create: "ec2:AssociateVpcCidrBlock" "ec2:CreateTags";
        delete: "ec2:DisassociateVpcCidrBlock";
    }
    aws_vpc_peering_connection {
        read: "ec2:DescribeVpcPeeringConnections";
        create: "ec2:CreateVpcPeeringConnection";
        update: "ec2:AcceptVpcPeeringConnection" "ec2:ModifyVpcPeeringConnectionOptions";
        delete: "ec2:DeleteVpcPeeringConnection";
    }
    aws_vpc_peering_connection_accepter {
        read: "ec2:DescribeVpcPeeringConnections";
        update: "ec2:AcceptVpcPeeringConnection" "ec2:ModifyVpcPeeringConnectionOptions";
    }
    aws_vpc_peering_connection_options {
        read: "ec2:DescribeVpcPeeringConnections";
        update: "ec2:ModifyVpcPeeringConnectionOptions";
    }
    aws_vpc_route_server {
        read: "ec2:DescribeRouteServers";
        create: "ec2:CreateRouteServer";
        update: "ec2:ModifyRouteServer";
        delete: "ec2:DeleteRouteServer";
    }
    aws_vpc_route_server_endpoint {
        read: "ec2:DescribeRouteServerEndpoints";
        create: "ec2:CreateRouteServerEndpoint";
        delete: "ec2:DeleteRouteServerEndpoint";
    }
    aws_vpc_route_server_peer {
        read: "ec2:DescribeRouteServerPeers";
        create: "ec2:CreateRouteServerPeer";
        delete: "ec2:DeleteRouteServerPeer";
    }
    aws_vpc_route_server_propagation {
        read: "ec2:GetRouteServerPropagations";
        create: "ec2:EnableRouteServerPropagation";
        delete: "ec2:DisableRouteServerPropagation";
    }
    aws_vpc_route_server_vpc_association {
        read: "ec2:GetRouteServerAssociations";
        create: "ec2:AssociateRouteServer";
        delete: "ec2:DisassociateRouteServer";
    }
    aws_vpc_security_group_egress_rule {
        read: "ec2:DescribeSecurityGroupRules";
        create: "ec2:AuthorizeSecurityGroupEgress";
        update: "ec2:ModifySecurityGroupRules";
        delete: "ec2:RevokeSecurityGroupEgress";
    }
    aws_vpc_security_group_ingress_rule {
        read: "ec2:DescribeSecurityGroupRules";
        create: "ec2:AuthorizeSecurityGroupIngress";
        update: "ec2:ModifySecurityGroupRules";
        delete: "ec2:RevokeSecurityGroupIngress";
    }
    aws_vpc_security_group_rules_exclusive {
        read: "ec2:DescribeSecurityGroupRules" "ec2:DescribeSecurityGroups";
        update: "ec2:RevokeSecurityGroupEgress" "ec2:RevokeSecurityGroupIngress";
    }
    aws_vpc_security_group_vpc_association {
        read: "ec2:DescribeSecurityGroupVpcAssociations";
        create: "ec2:AssociateSecurityGroupVpc";
        delete: "ec2:DisassociateSecurityGroupVpc";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_arn:;
    aws_availability_zone: "ec2:DescribeAvailabilityZones";
    aws_availability_zones: "ec2:DescribeAvailabilityZones";
    aws_billing_service_account:;
    aws_caller_identity:;
    aws_cloudtrail_service_account:;
    aws_default_tags:;
    aws_ebs_volumes: "ec2:DescribeVolumes";
    aws_ec2_managed_prefix_list: "ec2:DescribeManagedPrefixLists" "ec2:GetManagedPrefixListEntries";
    aws_ec2_managed_prefix_lists: "ec2:DescribeManagedPrefixLists";
    aws_ec2_network_insights_path: "ec2:DescribeNetworkInsightsPaths";
    aws_ec2_transit_gateway_attachments: "ec2:DescribeTransitGatewayAttachments";
    aws_ec2_transit_gateway_route_tables: "ec2:DescribeTransitGatewayRouteTables";
    aws_eip: "ec2:DescribeAddresses" "ec2:DescribeAddressesAttribute";
    aws_eips: "ec2:DescribeAddresses";
    aws_internet_gateway: "ec2:DescribeInternetGateways";
    aws_ip_ranges:;
    aws_nat_gateway: "ec2:DescribeNatGateways";
    aws_nat_gateways: "ec2:DescribeNatGateways";
    aws_network_acls: "ec2:DescribeNetworkAcls";
    aws_network_interfaces: "ec2:DescribeNetworkInterfaces";
    aws_partition:;
    aws_prefix_list: "ec2:DescribePrefixLists";
    aws_region:;
    aws_regions: "ec2:DescribeRegions";
    aws_route: "ec2:DescribeRouteTables";
    aws_route_table: "ec2:DescribeRouteTables";
    aws_route_tables: "ec2:DescribeRouteTables";
    aws_security_group: "ec2:DescribeSecurityGroups";
    aws_security_groups: "ec2:DescribeSecurityGroups";
    aws_service: "ssm:GetParameter";
    aws_service_principal:;
    aws_subnet: "ec2:DescribeSubnets";
    aws_subnets: "ec2:DescribeSubnets";
    aws_vpc: "ec2:DescribeNetworkAcls" "ec2:DescribeRouteTables" "ec2:DescribeSecurityGroups" "ec2:DescribeVpcAttribute"
        "ec2:DescribeVpcs";
    aws_vpc_dhcp_options: "ec2:DescribeDhcpOptions";
    aws_vpc_endpoint: "ec2:DescribePrefixLists" "ec2:DescribeVpcEndpoints";
    aws_vpc_endpoint_service: "ec2:DescribeVpcEndpointServices";
    aws_vpc_ipam_pool: "ec2:DescribeIpamPools";
    aws_vpc_ipam_pools: "ec2:DescribeIpamPools";
    aws_vpc_ipam_preview_next_cidr: "ec2:AllocateIpamPoolCidr";
    aws_vpc_peering_connection: "ec2:DescribeVpcPeeringConnections";
    aws_vpc_peering_connections: "ec2:DescribeVpcPeeringConnections";
    aws_vpc_security_group_rule: "ec2:DescribeSecurityGroupRules";
    aws_vpc_security_group_rules: "ec2:DescribeSecurityGroupRules";
    aws_vpcs: "ec2:DescribeVpcs";
};
