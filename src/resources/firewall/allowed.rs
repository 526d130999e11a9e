//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_networkfirewall_firewall {
        read: "network-firewall:DescribeFirewall" "network-firewall:ListTagsForResource";
        create: "network-firewall:CreateFirewall";
        update: "network-firewall:AssociateAvailabilityZones" "network-firewall:AssociateFirewallPolicy"
            "network-firewall:AssociateSubnets" "network-firewall:DisassociateAvailabilityZones"
            "network-firewall:DisassociateSubnets" "network-firewall:TagResource" "network-firewall:UntagResource"
            "network-firewall:UpdateAvailabilityZoneChangeProtection" "network-firewall:UpdateFirewallAnalysisSettings"
            "network-firewall:UpdateFirewallDeleteProtection" "network-firewall:UpdateFirewallDescription"
            "network-firewall:UpdateFirewallEncryptionConfiguration"
            "network-firewall:UpdateFirewallPolicyChangeProtection" "network-firewall:UpdateSubnetChangeProtection";
        delete: "network-firewall:DeleteFirewall";
    }
    aws_networkfirewall_firewall_policy {
        read: "network-firewall:DescribeFirewallPolicy" "network-firewall:ListTagsForResource";
        create: "network-firewall:CreateFirewallPolicy";
        update: "network-firewall:TagResource" "network-firewall:UntagResource" "network-firewall:UpdateFirewallPolicy";
        delete: "network-firewall:DeleteFirewallPolicy";
    }
    aws_networkfirewall_logging_configuration {
        read: "network-firewall:DescribeLoggingConfiguration";
        create: "logs:CreateLogDelivery" "logs:DescribeLogGroups" "logs:DescribeResourcePolicies" "logs:GetLogDelivery"
            "logs:ListLogDeliveries" "logs:PutResourcePolicy" "logs:UpdateLogDelivery"
            "network-firewall:UpdateLoggingConfiguration";
        update: "network-firewall:UpdateLoggingConfiguration";
        delete: "logs:DeleteLogDelivery" "network-firewall:UpdateLoggingConfiguration";
    }
    aws_networkfirewall_resource_policy {
        read: "network-firewall:DescribeResourcePolicy";
        create: "network-firewall:PutResourcePolicy";
        update: "network-firewall:PutResourcePolicy";
        delete: "network-firewall:DeleteResourcePolicy";
    }
    aws_networkfirewall_rule_group {
        read: "network-firewall:DescribeRuleGroup" "network-firewall:ListTagsForResource";
        create: "network-firewall:CreateRuleGroup";
        update: "network-firewall:TagResource" "network-firewall:UntagResource" "network-firewall:UpdateRuleGroup";
        delete: "network-firewall:DeleteRuleGroup";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_networkfirewall_firewall: "network-firewall:DescribeFirewall";
    aws_networkfirewall_firewall_policy: "network-firewall:DescribeFirewallPolicy"
        "network-firewall:ListTagsForResource";
};
