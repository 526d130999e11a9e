//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_route53_delegation_set {
        read: "route53:ListReusableDelegationSets";
        create: "route53:CreateReusableDelegationSet";
        delete: "route53:DeleteReusableDelegationSet";
    }
    aws_route53_health_check {
        read: "route53:ListHealthChecks" "route53:ListTagsForResource";
        create: "route53:CreateHealthCheck";
        update: "route53:ChangeTagsForResource" "route53:UpdateHealthCheck";
        delete: "route53:DeleteHealthCheck";
    }
    aws_route53_query_log {
        read: "route53:ListQueryLoggingConfigs";
        create: "route53:CreateQueryLoggingConfig";
        delete: "route53:DeleteQueryLoggingConfig";
    }
    aws_route53_record {
        read: "route53:ListResourceRecordSets";
        create: "route53:ChangeResourceRecordSets" "route53:GetChange" "route53:GetHostedZone";
        update: "route53:ChangeResourceRecordSets" "route53:GetChange";
        delete: "route53:ChangeResourceRecordSets";
    }
    aws_route53_vpc_association_authorization {
        read: "route53:ListVPCAssociationAuthorizations";
        create: "ec2:DescribeVpcs" "route53:CreateVPCAssociationAuthorization";
        delete: "route53:DeleteVPCAssociationAuthorization";
    }
    aws_route53_zone {
        read: "route53:GetHostedZone" "route53:ListResourceRecordSets" "route53:ListTagsForResource";
        create: "ec2:DescribeVpcs" "route53:CreateHostedZone" "route53:ListHostedZones";
        update: "route53:AssociateVPCWithHostedZone" "route53:ChangeTagsForResource"
            "route53:DisassociateVPCFromHostedZone" "route53:UpdateHostedZoneComment"
            "route53:UpdateHostedZoneFeatures";
        delete: "route53:ChangeResourceRecordSets" "route53:DeleteHostedZone";
    }
    aws_route53_zone_association {
        read: "route53:ListHostedZonesByVPC";
        create: "ec2:DescribeVpcs" "route53:AssociateVPCWithHostedZone";
        delete: "route53:DisassociateVPCFromHostedZone";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_route53_zone: "route53:GetHostedZone" "route53:ListHostedZones" "route53:ListResourceRecordSets"
        "route53:ListTagsForResource";
    aws_route53_zones: "route53:ListHostedZones";
};
