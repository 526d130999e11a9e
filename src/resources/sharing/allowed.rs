//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_ram_principal_association {
        read: "ram:GetResourceShareAssociations";
        create: "ram:AssociateResourceShare";
        delete: "ram:DisassociateResourceShare";
    }
    aws_ram_resource_association {
        read: "ram:GetResourceShareAssociations";
        create: "ram:AssociateResourceShare";
        delete: "ram:DisassociateResourceShare";
    }
    aws_ram_resource_share {
        read: "ram:GetResourceShares" "ram:ListResourceSharePermissions";
        create: "ram:CreateResourceShare";
        update: "ram:TagResource" "ram:UntagResource" "ram:UpdateResourceShare";
        delete: "ram:DeleteResourceShare";
    }
};
