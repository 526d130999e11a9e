//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_shield_application_layer_automatic_response {
        read: "shield:ListProtections";
        create: "shield:EnableApplicationLayerAutomaticResponse";
        update: "shield:UpdateApplicationLayerAutomaticResponse";
        delete: "shield:DisableApplicationLayerAutomaticResponse";
    }
    aws_shield_drt_access_log_bucket_association {
        read: "shield:DescribeDRTAccess";
        create: "shield:AssociateDRTLogBucket";
        delete: "shield:DisassociateDRTLogBucket";
    }
    aws_shield_drt_access_role_arn_association {
        read: "shield:DescribeDRTAccess";
        create: "iam:GetRole" "iam:ListAttachedRolePolicies" "shield:AssociateDRTRole";
        update: "shield:AssociateDRTRole";
        delete: "shield:DisassociateDRTRole";
        passes: "drt.shield.amazonaws.com";
    }
    aws_shield_proactive_engagement {
        read: "shield:DescribeEmergencyContactSettings" "shield:DescribeSubscription";
        create: "shield:AssociateProactiveEngagementDetails";
        update: "shield:DisableProactiveEngagement" "shield:EnableProactiveEngagement"
            "shield:UpdateEmergencyContactSettings";
        delete: "shield:DisableProactiveEngagement" "shield:UpdateEmergencyContactSettings";
    }
    aws_shield_protection {
        read: "shield:ListProtections" "shield:ListTagsForResource";
        create: "shield:CreateProtection";
        update: "shield:TagResource" "shield:UntagResource";
        delete: "shield:DeleteProtection";
    }
    aws_shield_protection_group {
        read: "shield:ListProtectionGroups" "shield:ListTagsForResource";
        create: "shield:CreateProtectionGroup";
        update: "shield:TagResource" "shield:UntagResource" "shield:UpdateProtectionGroup";
        delete: "shield:DeleteProtectionGroup";
    }
    aws_shield_protection_health_check_association {
        read: "shield:ListProtections";
        create: "shield:AssociateHealthCheck";
        delete: "shield:DisassociateHealthCheck";
    }
    aws_shield_subscription {
        read: "shield:DescribeSubscription";
        create: "shield:CreateSubscription";
        update: "shield:UpdateSubscription";
    }
    aws_wafv2_api_key {
        read: "wafv2:ListAPIKeys";
        create: "wafv2:CreateAPIKey";
        delete: "wafv2:DeleteAPIKey";
    }
    aws_wafv2_ip_set {
        read: "wafv2:GetIPSet" "wafv2:ListIPSets" "wafv2:ListTagsForResource";
        create: "wafv2:CreateIPSet" "wafv2:TagResource";
        update: "wafv2:TagResource" "wafv2:UntagResource" "wafv2:UpdateIPSet";
        delete: "wafv2:DeleteIPSet";
    }
    aws_wafv2_regex_pattern_set {
        read: "wafv2:GetRegexPatternSet" "wafv2:ListRegexPatternSets" "wafv2:ListTagsForResource";
        create: "wafv2:CreateRegexPatternSet" "wafv2:TagResource";
        update: "wafv2:TagResource" "wafv2:UntagResource" "wafv2:UpdateRegexPatternSet";
        delete: "wafv2:DeleteRegexPatternSet";
    }
    aws_wafv2_rule_group {
        read: "wafv2:GetRuleGroup" "wafv2:ListRuleGroups" "wafv2:ListTagsForResource";
        create: "wafv2:CreateRuleGroup" "wafv2:TagResource";
        update: "wafv2:TagResource" "wafv2:UntagResource" "wafv2:UpdateRuleGroup";
        delete: "wafv2:DeleteRuleGroup";
    }
    aws_wafv2_web_acl {
        read: "wafv2:GetWebACL" "wafv2:ListTagsForResource" "wafv2:ListWebACLs";
        create: "wafv2:CreateWebACL" "wafv2:TagResource";
        update: "wafv2:TagResource" "wafv2:UntagResource" "wafv2:UpdateWebACL";
        delete: "wafv2:DeleteWebACL";
    }
    aws_wafv2_web_acl_association {
        read: "wafv2:ListResourcesForWebACL";
        create: "cognito-idp:AssociateWebACL" "elasticloadbalancing:SetWebAcl" "wafv2:AssociateWebACL";
        update: "wafv2:AssociateWebACL";
        delete: "cognito-idp:DisassociateWebACL" "elasticloadbalancing:SetWebAcl" "wafv2:DisassociateWebACL"
            "wafv2:GetWebACLForResource";
    }
    aws_wafv2_web_acl_logging_configuration {
        read: "wafv2:ListLoggingConfigurations";
        create: "logs:CreateLogDelivery" "logs:DescribeLogGroups" "logs:DescribeResourcePolicies"
            "logs:PutResourcePolicy" "wafv2:PutLoggingConfiguration";
        update: "wafv2:PutLoggingConfiguration";
        delete: "logs:DeleteLogDelivery" "wafv2:DeleteLoggingConfiguration";
    }
    aws_wafv2_web_acl_rule_group_association {
        read: "wafv2:GetWebACL";
        create: "wafv2:UpdateWebACL";
        update: "wafv2:UpdateWebACL";
        delete: "wafv2:UpdateWebACL";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_wafv2_ip_set: "wafv2:GetIPSet" "wafv2:ListIPSets" "wafv2:ListTagsForResource";
    aws_wafv2_managed_rule_group: "wafv2:DescribeManagedRuleGroup";
    aws_wafv2_regex_pattern_set: "wafv2:GetRegexPatternSet" "wafv2:ListRegexPatternSets" "wafv2:ListTagsForResource";
    aws_wafv2_rule_group: "wafv2:GetRuleGroup" "wafv2:ListRuleGroups" "wafv2:ListTagsForResource";
    aws_wafv2_web_acl: "wafv2:GetWebACL" "wafv2:ListTagsForResource" "wafv2:ListWebACLs";
};
