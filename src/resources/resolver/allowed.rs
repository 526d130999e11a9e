//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_route53_resolver_config {
        read: "route53resolver:GetResolverConfig";
        create: "route53resolver:UpdateResolverConfig";
        update: "route53resolver:UpdateResolverConfig";
    }
    aws_route53_resolver_endpoint {
        read: "route53resolver:GetResolverEndpoint" "route53resolver:ListResolverEndpointIpAddresses"
            "route53resolver:ListTagsForResource";
        create: "ec2:CreateNetworkInterface" "ec2:DescribeNetworkInterfaces" "ec2:DescribeSecurityGroups"
            "ec2:DescribeSubnets" "ec2:DescribeVpcs" "route53resolver:CreateResolverEndpoint"
            "route53resolver:ListResolverEndpoints";
        update: "route53resolver:AssociateResolverEndpointIpAddress"
            "route53resolver:DisassociateResolverEndpointIpAddress" "route53resolver:TagResource"
            "route53resolver:UntagResource" "route53resolver:UpdateResolverEndpoint";
        delete: "ec2:DeleteNetworkInterface" "route53resolver:DeleteResolverEndpoint";
    }
    aws_route53_resolver_firewall_domain_list {
        read: "route53resolver:GetFirewallDomainList" "route53resolver:ListFirewallDomains"
            "route53resolver:ListTagsForResource";
        create: "route53resolver:CreateFirewallDomainList" "route53resolver:ListFirewallDomainLists";
        update: "route53resolver:TagResource" "route53resolver:UntagResource" "route53resolver:UpdateFirewallDomains";
        delete: "route53resolver:DeleteFirewallDomainList";
    }
    aws_route53_resolver_firewall_rule {
        read: "route53resolver:ListFirewallRules";
        create: "route53resolver:CreateFirewallRule";
        update: "route53resolver:UpdateFirewallRule";
        delete: "route53resolver:DeleteFirewallRule";
    }
    aws_route53_resolver_firewall_rule_group {
        read: "route53resolver:GetFirewallRuleGroup" "route53resolver:ListTagsForResource";
        create: "route53resolver:CreateFirewallRuleGroup" "route53resolver:ListFirewallRuleGroups";
        update: "route53resolver:TagResource" "route53resolver:UntagResource";
        delete: "route53resolver:DeleteFirewallRuleGroup";
    }
    aws_route53_resolver_firewall_rule_group_association {
        read: "route53resolver:GetFirewallRuleGroupAssociation" "route53resolver:ListTagsForResource";
        create: "route53resolver:AssociateFirewallRuleGroup" "route53resolver:ListFirewallRuleGroupAssociations";
        update: "route53resolver:TagResource" "route53resolver:UntagResource"
            "route53resolver:UpdateFirewallRuleGroupAssociation";
        delete: "route53resolver:DisassociateFirewallRuleGroup";
    }
    aws_route53_resolver_query_log_config {
        read: "route53resolver:GetResolverQueryLogConfig" "route53resolver:ListTagsForResource";
        create: "logs:CreateLogDelivery" "logs:DescribeLogGroups" "logs:DescribeResourcePolicies"
            "logs:PutResourcePolicy" "route53resolver:CreateResolverQueryLogConfig"
            "route53resolver:ListResolverQueryLogConfigs";
        update: "route53resolver:TagResource" "route53resolver:UntagResource";
        delete: "route53resolver:DeleteResolverQueryLogConfig";
    }
    aws_route53_resolver_query_log_config_association {
        read: "route53resolver:GetResolverQueryLogConfigAssociation";
        create: "route53resolver:AssociateResolverQueryLogConfig"
            "route53resolver:ListResolverQueryLogConfigAssociations";
        delete: "route53resolver:DisassociateResolverQueryLogConfig";
    }
    aws_route53_resolver_rule {
        read: "route53resolver:GetResolverRule" "route53resolver:ListTagsForResource";
        create: "route53resolver:CreateResolverRule" "route53resolver:ListResolverRules";
        update: "route53resolver:TagResource" "route53resolver:UntagResource" "route53resolver:UpdateResolverRule";
        delete: "route53resolver:DeleteResolverRule";
    }
    aws_route53_resolver_rule_association {
        read: "route53resolver:GetResolverRuleAssociation";
        create: "route53resolver:AssociateResolverRule" "route53resolver:ListResolverRuleAssociations";
        delete: "route53resolver:DisassociateResolverRule";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_route53_resolver_endpoint: "route53resolver:ListResolverEndpointIpAddresses"
        "route53resolver:ListResolverEndpoints";
    aws_route53_resolver_rule: "route53resolver:ListResolverRules" "route53resolver:ListTagsForResource";
    aws_route53_resolver_rules: "route53resolver:ListResolverRules";
};
