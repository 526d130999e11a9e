//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_networkmanager_attachment_accepter {
        read: "networkmanager:ListAttachments";
        create: "networkmanager:AcceptAttachment";
        delete: "networkmanager:DeleteAttachment";
    }
    aws_networkmanager_vpc_attachment {
        read: "networkmanager:GetVpcAttachment" "networkmanager:ListAttachmentRoutingPolicyAssociations";
        create: "ec2:DescribeRegions" "networkmanager:CreateVpcAttachment" "networkmanager:TagResource";
        update: "networkmanager:PutAttachmentRoutingPolicyLabel" "networkmanager:RemoveAttachmentRoutingPolicyLabel"
            "networkmanager:TagResource" "networkmanager:UntagResource" "networkmanager:UpdateVpcAttachment";
        delete: "networkmanager:DeleteAttachment" "networkmanager:RejectAttachment";
    }
};
