//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_alb {
        read: "elasticloadbalancing:DescribeCapacityReservation" "elasticloadbalancing:DescribeLoadBalancerAttributes"
            "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateLoadBalancer";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyCapacityReservation"
            "elasticloadbalancing:ModifyIpPools" "elasticloadbalancing:ModifyLoadBalancerAttributes"
            "elasticloadbalancing:RemoveTags" "elasticloadbalancing:SetIpAddressType"
            "elasticloadbalancing:SetSecurityGroups" "elasticloadbalancing:SetSubnets";
        delete: "elasticloadbalancing:DeleteLoadBalancer";
    }
    aws_alb_listener {
        read: "elasticloadbalancing:DescribeListenerAttributes" "elasticloadbalancing:DescribeListeners"
            "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateListener";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyListener"
            "elasticloadbalancing:ModifyListenerAttributes" "elasticloadbalancing:RemoveTags";
        delete: "elasticloadbalancing:DeleteListener";
    }
    aws_alb_listener_rule {
        read: "elasticloadbalancing:DescribeRules" "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateRule";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyRule" "elasticloadbalancing:RemoveTags"
            "elasticloadbalancing:SetRulePriorities";
        delete: "elasticloadbalancing:DeleteRule";
    }
    aws_alb_target_group {
        read: "elasticloadbalancing:DescribeTags" "elasticloadbalancing:DescribeTargetGroupAttributes"
            "elasticloadbalancing:DescribeTargetGroups";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateTargetGroup";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyTargetGroup"
            "elasticloadbalancing:ModifyTargetGroupAttributes" "elasticloadbalancing:RemoveTags";
        delete: "elasticloadbalancing:DeleteTargetGroup";
    }
    aws_alb_target_group_attachment {
        read: "elasticloadbalancing:DescribeTargetHealth";
        create: "elasticloadbalancing:DescribeTargetGroups" "elasticloadbalancing:RegisterTargets";
        delete: "elasticloadbalancing:DeregisterTargets";
    }
    aws_elb {
        read: "ec2:DescribeSecurityGroups" "elasticloadbalancing:DescribeLoadBalancerAttributes"
            "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateLoadBalancer";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ApplySecurityGroupsToLoadBalancer"
            "elasticloadbalancing:AttachLoadBalancerToSubnets" "elasticloadbalancing:ConfigureHealthCheck"
            "elasticloadbalancing:CreateLoadBalancerListeners" "elasticloadbalancing:DeleteLoadBalancerListeners"
            "elasticloadbalancing:DeregisterInstancesFromLoadBalancer"
            "elasticloadbalancing:DetachLoadBalancerFromSubnets"
            "elasticloadbalancing:DisableAvailabilityZonesForLoadBalancer"
            "elasticloadbalancing:EnableAvailabilityZonesForLoadBalancer"
            "elasticloadbalancing:ModifyLoadBalancerAttributes" "elasticloadbalancing:RegisterInstancesWithLoadBalancer"
            "elasticloadbalancing:RemoveTags" "elasticloadbalancing:SetLoadBalancerListenerSSLCertificate";
        delete: "elasticloadbalancing:DeleteLoadBalancer";
    }
    aws_elb_attachment {
        read: "ec2:DescribeSecurityGroups" "elasticloadbalancing:DescribeLoadBalancerAttributes"
            "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:RegisterInstancesWithLoadBalancer";
        delete: "elasticloadbalancing:DeregisterInstancesFromLoadBalancer";
    }
    aws_lb {
        read: "elasticloadbalancing:DescribeCapacityReservation" "elasticloadbalancing:DescribeLoadBalancerAttributes"
            "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateLoadBalancer";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyCapacityReservation"
            "elasticloadbalancing:ModifyIpPools" "elasticloadbalancing:ModifyLoadBalancerAttributes"
            "elasticloadbalancing:RemoveTags" "elasticloadbalancing:SetIpAddressType"
            "elasticloadbalancing:SetSecurityGroups" "elasticloadbalancing:SetSubnets";
        delete: "elasticloadbalancing:DeleteLoadBalancer";
    }
    aws_lb_listener {
        read: "elasticloadbalancing:DescribeListenerAttributes" "elasticloadbalancing:DescribeListeners"
            "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateListener";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyListener"
            "elasticloadbalancing:ModifyListenerAttributes" "elasticloadbalancing:RemoveTags";
        delete: "elasticloadbalancing:DeleteListener";
    }
    aws_lb_listener_certificate {
        read: "elasticloadbalancing:DescribeListenerCertificates";
        create: "elasticloadbalancing:AddListenerCertificates";
        delete: "elasticloadbalancing:RemoveListenerCertificates";
    }
    aws_lb_listener_rule {
        read: "elasticloadbalancing:DescribeRules" "elasticloadbalancing:DescribeTags";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateRule";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyRule" "elasticloadbalancing:RemoveTags"
            "elasticloadbalancing:SetRulePriorities";
        delete: "elasticloadbalancing:DeleteRule";
    }
    aws_lb_target_group {
        read: "elasticloadbalancing:DescribeTags" "elasticloadbalancing:DescribeTargetGroupAttributes"
            "elasticloadbalancing:DescribeTargetGroups";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateTargetGroup";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyTargetGroup"
            "elasticloadbalancing:ModifyTargetGroupAttributes" "elasticloadbalancing:RemoveTags";
        delete: "elasticloadbalancing:DeleteTargetGroup";
    }
    aws_lb_target_group_attachment {
        read: "elasticloadbalancing:DescribeTargetHealth";
        create: "elasticloadbalancing:DescribeTargetGroups" "elasticloadbalancing:RegisterTargets";
        delete: "elasticloadbalancing:DeregisterTargets";
    }
    aws_lb_trust_store {
        read: "elasticloadbalancing:DescribeTags" "elasticloadbalancing:DescribeTrustStores";
        create: "elasticloadbalancing:AddTags" "elasticloadbalancing:CreateTrustStore";
        update: "elasticloadbalancing:AddTags" "elasticloadbalancing:ModifyTrustStore"
            "elasticloadbalancing:RemoveTags";
        delete: "elasticloadbalancing:DeleteTrustStore";
    }
    aws_lb_trust_store_revocation {
        read: "elasticloadbalancing:DescribeTrustStoreRevocations";
        create: "elasticloadbalancing:AddTrustStoreRevocations";
        delete: "elasticloadbalancing:RemoveTrustStoreRevocations";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_alb: "elasticloadbalancing:DescribeCapacityReservation" "elasticloadbalancing:DescribeLoadBalancerAttributes"
        "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
    aws_alb_listener: "elasticloadbalancing:DescribeListenerAttributes" "elasticloadbalancing:DescribeListeners"
        "elasticloadbalancing:DescribeTags";
    aws_alb_target_group: "elasticloadbalancing:DescribeTags" "elasticloadbalancing:DescribeTargetGroupAttributes"
        "elasticloadbalancing:DescribeTargetGroups";
    aws_elb: "ec2:DescribeSecurityGroups" "elasticloadbalancing:DescribeLoadBalancerAttributes"
        "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
    aws_elb_hosted_zone_id:;
    aws_elb_service_account:;
    aws_lb: "elasticloadbalancing:DescribeCapacityReservation" "elasticloadbalancing:DescribeLoadBalancerAttributes"
        "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
    aws_lb_hosted_zone_id:;
    aws_lb_listener: "elasticloadbalancing:DescribeListenerAttributes" "elasticloadbalancing:DescribeListeners"
        "elasticloadbalancing:DescribeTags";
    aws_lb_target_group: "elasticloadbalancing:DescribeTags" "elasticloadbalancing:DescribeTargetGroupAttributes"
        "elasticloadbalancing:DescribeTargetGroups";
    aws_lbs: "elasticloadbalancing:DescribeLoadBalancers" "elasticloadbalancing:DescribeTags";
};
