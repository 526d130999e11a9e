//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_customer_gateway {
        read: "ec2:DescribeCustomerGateways";
        create: "ec2:CreateCustomerGateway";
        delete: "ec2:DeleteCustomerGateway";
    }
    aws_ec2_client_vpn_authorization_rule {
        read: "ec2:DescribeClientVpnAuthorizationRules";
        create: "ec2:AuthorizeClientVpnIngress";
        delete: "ec2:RevokeClientVpnIngress";
    }
    aws_ec2_client_vpn_endpoint {
        read: "ec2:DescribeClientVpnEndpoints";
        create: "ec2:CreateClientVpnEndpoint";
        update: "ec2:ModifyClientVpnEndpoint";
        delete: "ec2:DeleteClientVpnEndpoint";
    }
    aws_ec2_client_vpn_network_association {
        read: "ec2:DescribeClientVpnEndpoints" "ec2:DescribeClientVpnTargetNetworks";
        create: "ec2:AssociateClientVpnTargetNetwork";
        delete: "ec2:DisassociateClientVpnTargetNetwork";
    }
    aws_ec2_client_vpn_route {
        read: "ec2:DescribeClientVpnRoutes";
        create: "ec2:CreateClientVpnRoute";
        delete: "ec2:DeleteClientVpnRoute";
    }
    aws_ec2_transit_gateway {
        read: "ec2:DescribeTransitGateways";
        create: "ec2:CreateTransitGateway";
        update: "ec2:ModifyTransitGateway";
        delete: "ec2:DeleteTransitGateway";
    }
    aws_ec2_transit_gateway_connect {
        read: "ec2:DescribeTransitGatewayAttachments" "ec2:DescribeTransitGatewayConnects"
            "ec2:DescribeTransitGateways";
        create: "ec2:CreateTransitGatewayConnect";
        delete: "ec2:DeleteTransitGatewayConnect";
    }
    aws_ec2_transit_gateway_connect_peer {
        read: "ec2:DescribeTransitGatewayConnectPeers";
        create: "ec2:CreateTransitGatewayConnectPeer";
        delete: "ec2:DeleteTransitGatewayConnectPeer";
    }
    aws_ec2_transit_gateway_peering_attachment {
        read: "ec2:DescribeTransitGatewayPeeringAttachments";
        create: "ec2:CreateTransitGatewayPeeringAttachment";
        delete: "ec2:DeleteTransitGatewayPeeringAttachment";
    }
    aws_ec2_transit_gateway_peering_attachment_accepter {
        read: "ec2:DescribeTransitGatewayPeeringAttachments";
        create: "ec2:AcceptTransitGatewayPeeringAttachment";
        delete: "ec2:DeleteTransitGatewayPeeringAttachment";
    }
    aws_ec2_transit_gateway_policy_table {
        read: "ec2:DescribeTransitGatewayPolicyTables";
        create: "ec2:CreateTransitGatewayPolicyTable";
        delete: "ec2:DeleteTransitGatewayPolicyTable";
    }
    aws_ec2_transit_gateway_prefix_list_reference {
        read: "ec2:GetTransitGatewayPrefixListReferences";
        create: "ec2:CreateTransitGatewayPrefixListReference";
        update: "ec2:ModifyTransitGatewayPrefixListReference";
        delete: "ec2:DeleteTransitGatewayPrefixListReference";
    }
    aws_ec2_transit_gateway_route {
        read: "ec2:SearchTransitGatewayRoutes";
        create: "ec2:CreateTransitGatewayRoute";
        update: "ec2:ReplaceTransitGatewayRoute";
        delete: "ec2:DeleteTransitGatewayRoute";
    }
    aws_ec2_transit_gateway_route_table {
        read: "ec2:DescribeTransitGatewayRouteTables";
        create: "ec2:CreateTransitGatewayRouteTable";
        delete: "ec2:DeleteTransitGatewayRouteTable";
    }
    aws_ec2_transit_gateway_route_table_association {
        read: "ec2:DescribeTransitGatewayAttachments";
        create: "ec2:AssociateTransitGatewayRouteTable" "ec2:DisassociateTransitGatewayRouteTable";
        delete: "ec2:DisassociateTransitGatewayRouteTable";
    }
    aws_ec2_transit_gateway_route_table_propagation {
        read: "ec2:GetTransitGatewayRouteTablePropagations";
        create: "ec2:EnableTransitGatewayRouteTablePropagation";
        delete: "ec2:DisableTransitGatewayRouteTablePropagation";
    }
    aws_ec2_transit_gateway_vpc_attachment {
        read: "ec2:DescribeTransitGatewayAttachments" "ec2:DescribeTransitGatewayVpcAttachments"
            "ec2:DescribeTransitGateways" "ec2:GetTransitGatewayRouteTablePropagations";
        create: "ec2:CreateTransitGatewayVpcAttachment";
        update: "ec2:DisableTransitGatewayRouteTablePropagation" "ec2:DisassociateTransitGatewayRouteTable"
            "ec2:ModifyTransitGatewayVpcAttachment";
        delete: "ec2:DeleteTransitGatewayVpcAttachment";
    }
    aws_ec2_transit_gateway_vpc_attachment_accepter {
        read: "ec2:DescribeTransitGatewayAttachments" "ec2:DescribeTransitGatewayVpcAttachments"
            "ec2:DescribeTransitGateways";
        create: "ec2:AcceptTransitGatewayVpcAttachment";
        delete: "ec2:DeleteTransitGatewayVpcAttachment";
    }
    aws_vpn_concentrator {
        read: "ec2:DescribeVpnConcentrators";
        create: "ec2:CreateVpnConcentrator";
        delete: "ec2:DeleteVpnConcentrator";
    }
    aws_vpn_connection {
        read: "ec2:DescribeVpnConnections";
        create: "ec2:CreateVpnConnection" "ec2:DescribeTransitGatewayAttachments";
        update: "ec2:DescribeTransitGatewayAttachments" "ec2:ModifyVpnConnection" "ec2:ModifyVpnConnectionOptions"
            "ec2:ModifyVpnTunnelOptions";
        delete: "ec2:DeleteVpnConnection";
    }
    aws_vpn_connection_route {
        read: "ec2:DescribeVpnConnections";
        create: "ec2:CreateVpnConnectionRoute";
        delete: "ec2:DeleteVpnConnectionRoute";
    }
    aws_vpn_gateway {
        read: "ec2:DescribeVpnGateways";
        create: "ec2:CreateVpnGateway";
        update: "ec2:AttachVpnGateway" "ec2:DetachVpnGateway";
        delete: "ec2:DeleteVpnGateway" "ec2:DetachVpnGateway";
    }
    aws_vpn_gateway_attachment {
        read: "ec2:DescribeVpnGateways";
        create: "ec2:AttachVpnGateway";
        delete: "ec2:DetachVpnGateway";
    }
    aws_vpn_gateway_route_propagation {
        read: "ec2:DescribeRouteTables";
        create: "ec2:EnableVgwRoutePropagation";
        delete: "ec2:DisableVgwRoutePropagation";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_customer_gateway: "ec2:DescribeCustomerGateways";
    aws_ec2_client_vpn_endpoint: "ec2:DescribeClientVpnEndpoints";
    aws_ec2_transit_gateway: "ec2:DescribeTransitGateways";
    aws_ec2_transit_gateway_attachment: "ec2:DescribeTransitGatewayAttachments";
    aws_ec2_transit_gateway_dx_gateway_attachment: "ec2:DescribeTransitGatewayAttachments";
    aws_ec2_transit_gateway_peering_attachment: "ec2:DescribeTransitGatewayPeeringAttachments";
    aws_ec2_transit_gateway_route_table: "ec2:DescribeTransitGatewayRouteTables";
    aws_ec2_transit_gateway_vpc_attachment: "ec2:DescribeTransitGatewayAttachments"
        "ec2:DescribeTransitGatewayVpcAttachments" "ec2:DescribeTransitGateways"
        "ec2:GetTransitGatewayRouteTablePropagations";
    aws_ec2_transit_gateway_vpc_attachments: "ec2:DescribeTransitGatewayVpcAttachments";
    aws_ec2_transit_gateway_vpn_attachment: "ec2:DescribeTransitGatewayAttachments";
    aws_vpn_connection: "ec2:DescribeVpnConnections";
    aws_vpn_gateway: "ec2:DescribeVpnGateways";
};
