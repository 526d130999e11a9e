//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_appautoscaling_policy {
        read: "application-autoscaling:DescribeScalingPolicies";
        create: "application-autoscaling:PutScalingPolicy";
        update: "application-autoscaling:PutScalingPolicy";
        delete: "application-autoscaling:DeleteScalingPolicy";
    }
    aws_appautoscaling_target {
        read: "application-autoscaling:DescribeScalableTargets" "application-autoscaling:ListTagsForResource";
        create: "application-autoscaling:RegisterScalableTarget" "application-autoscaling:TagResource";
        update: "application-autoscaling:RegisterScalableTarget" "application-autoscaling:TagResource"
            "application-autoscaling:UntagResource";
        delete: "application-autoscaling:DeregisterScalableTarget";
    }
};
