//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_dx_connection {
        read: "directconnect:DescribeConnections";
        create: "directconnect:CreateConnection";
        update: "directconnect:TagResource" "directconnect:UntagResource" "directconnect:UpdateConnection";
        delete: "directconnect:DeleteConnection";
    }
    aws_dx_gateway {
        read: "directconnect:DescribeDirectConnectGateways";
        create: "directconnect:CreateDirectConnectGateway";
        update: "directconnect:TagResource" "directconnect:UntagResource" "directconnect:UpdateDirectConnectGateway";
        delete: "directconnect:DeleteDirectConnectGateway";
    }
    aws_dx_gateway_association {
        read: "directconnect:DescribeDirectConnectGatewayAssociations" "ec2:DescribeTransitGatewayAttachments";
        create: "directconnect:AcceptDirectConnectGatewayAssociationProposal"
            "directconnect:CreateDirectConnectGatewayAssociation"
            "directconnect:DescribeDirectConnectGatewayAssociationProposals";
        update: "directconnect:UpdateDirectConnectGatewayAssociation";
        delete: "directconnect:DeleteDirectConnectGatewayAssociation";
    }
    aws_dx_gateway_association_proposal {
        read: "directconnect:DescribeDirectConnectGatewayAssociationProposals";
        create: "directconnect:CreateDirectConnectGatewayAssociationProposal";
        delete: "directconnect:DeleteDirectConnectGatewayAssociationProposal";
    }
    aws_dx_private_virtual_interface {
        read: "directconnect:DescribeVirtualInterfaces";
        create: "directconnect:CreatePrivateVirtualInterface";
        update: "directconnect:TagResource" "directconnect:UntagResource"
            "directconnect:UpdateVirtualInterfaceAttributes";
        delete: "directconnect:DeleteVirtualInterface";
    }
    aws_dx_transit_virtual_interface {
        read: "directconnect:DescribeVirtualInterfaces";
        create: "directconnect:CreateTransitVirtualInterface";
        update: "directconnect:TagResource" "directconnect:UntagResource"
            "directconnect:UpdateVirtualInterfaceAttributes";
        delete: "directconnect:DeleteVirtualInterface";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_dx_gateway: "directconnect:DescribeDirectConnectGateways";
};
