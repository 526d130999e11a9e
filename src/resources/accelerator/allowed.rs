//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_globalaccelerator_accelerator {
        read: "globalaccelerator:DescribeAccelerator" "globalaccelerator:DescribeAcceleratorAttributes"
            "globalaccelerator:ListTagsForResource";
        create: "globalaccelerator:CreateAccelerator";
        update: "globalaccelerator:TagResource" "globalaccelerator:UntagResource" "globalaccelerator:UpdateAccelerator"
            "globalaccelerator:UpdateAcceleratorAttributes";
        delete: "globalaccelerator:DeleteAccelerator" "globalaccelerator:UpdateAccelerator";
    }
    aws_globalaccelerator_endpoint_group {
        read: "globalaccelerator:DescribeAccelerator" "globalaccelerator:DescribeEndpointGroup"
            "globalaccelerator:ListCrossAccountResources";
        create: "globalaccelerator:CreateEndpointGroup";
        update: "globalaccelerator:UpdateEndpointGroup";
        delete: "globalaccelerator:DeleteEndpointGroup";
    }
    aws_globalaccelerator_listener {
        read: "globalaccelerator:DescribeAccelerator" "globalaccelerator:DescribeListener";
        create: "globalaccelerator:CreateListener";
        update: "globalaccelerator:UpdateListener";
        delete: "globalaccelerator:DeleteListener";
    }
};
