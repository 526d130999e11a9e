//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_vpclattice_service_network {
        read: "vpc-lattice:GetServiceNetwork" "vpc-lattice:ListTagsForResource";
        create: "vpc-lattice:CreateServiceNetwork" "vpc-lattice:ListServiceNetworks";
        update: "vpc-lattice:TagResource" "vpc-lattice:UntagResource" "vpc-lattice:UpdateServiceNetwork";
        delete: "vpc-lattice:DeleteServiceNetwork";
    }
    aws_vpclattice_service_network_vpc_association {
        read: "vpc-lattice:GetServiceNetworkVpcAssociation" "vpc-lattice:ListTagsForResource";
        create: "ec2:DescribeSecurityGroups" "ec2:DescribeVpcs" "vpc-lattice:CreateServiceNetworkVpcAssociation"
            "vpc-lattice:ListServiceNetworkVpcAssociations";
        update: "vpc-lattice:TagResource" "vpc-lattice:UntagResource" "vpc-lattice:UpdateServiceNetworkVpcAssociation";
        delete: "vpc-lattice:DeleteServiceNetworkVpcAssociation";
    }
};
