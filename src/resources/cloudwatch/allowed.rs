//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_cloudwatch_composite_alarm {
        read: "cloudwatch:DescribeAlarms" "cloudwatch:ListTagsForResource";
        create: "cloudwatch:PutCompositeAlarm";
        update: "cloudwatch:PutCompositeAlarm" "cloudwatch:TagResource" "cloudwatch:UntagResource";
        delete: "cloudwatch:DeleteAlarms";
    }
    aws_cloudwatch_dashboard {
        read: "cloudwatch:GetDashboard";
        create: "cloudwatch:PutDashboard";
        update: "cloudwatch:PutDashboard";
        delete: "cloudwatch:DeleteDashboards";
    }
    aws_cloudwatch_log_data_protection_policy {
        read: "logs:GetDataProtectionPolicy";
        create: "logs:PutDataProtectionPolicy";
        update: "logs:PutDataProtectionPolicy";
        delete: "logs:DeleteDataProtectionPolicy";
    }
    aws_cloudwatch_log_group {
        read: "logs:DescribeLogGroups" "logs:ListTagsForResource";
        create: "logs:CreateLogGroup";
        update: "logs:AssociateKmsKey" "logs:DeleteRetentionPolicy" "logs:DisassociateKmsKey"
            "logs:PutLogGroupDeletionProtection" "logs:PutRetentionPolicy" "logs:TagResource" "logs:UntagResource";
        delete: "logs:DeleteLogGroup";
    }
    aws_cloudwatch_log_metric_filter {
        read: "logs:DescribeMetricFilters";
        create: "logs:PutMetricFilter";
        update: "logs:PutMetricFilter";
        delete: "logs:DeleteMetricFilter";
    }
    aws_cloudwatch_log_resource_policy {
        read: "logs:DescribeResourcePolicies";
        create: "logs:PutResourcePolicy";
        update: "logs:PutResourcePolicy";
        delete: "logs:DeleteResourcePolicy";
    }
    aws_cloudwatch_log_stream {
        read: "logs:DescribeLogStreams";
        create: "logs:CreateLogStream";
        delete: "logs:DeleteLogStream";
    }
    aws_cloudwatch_log_subscription_filter {
        read: "logs:DescribeSubscriptionFilters";
        create: "logs:PutSubscriptionFilter";
        update: "logs:PutSubscriptionFilter";
        delete: "logs:DeleteSubscriptionFilter";
        passes: "logs.amazonaws.com";
    }
    aws_cloudwatch_metric_alarm {
        read: "cloudwatch:DescribeAlarms" "cloudwatch:ListTagsForResource";
        create: "cloudwatch:PutMetricAlarm";
        update: "cloudwatch:PutMetricAlarm" "cloudwatch:TagResource" "cloudwatch:UntagResource";
        delete: "cloudwatch:DeleteAlarms";
    }
    aws_flow_log {
        read: "ec2:DescribeFlowLogs";
        create: "ec2:CreateFlowLogs" "logs:CreateLogDelivery";
        delete: "ec2:DeleteFlowLogs" "logs:DeleteLogDelivery";
        passes: "vpc-flow-logs.amazonaws.com";
    }
    aws_sns_topic {
        read: "sns:GetTopicAttributes" "sns:ListTagsForResource";
        create: "sns:CreateTopic" "sns:ListTopics";
        update: "sns:SetTopicAttributes" "sns:TagResource" "sns:UntagResource";
        delete: "sns:DeleteTopic";
        passes: "sns.amazonaws.com";
    }
    aws_sns_topic_data_protection_policy {
        read: "sns:GetDataProtectionPolicy";
        create: "sns:PutDataProtectionPolicy";
        update: "sns:PutDataProtectionPolicy";
        delete: "sns:PutDataProtectionPolicy";
    }
    aws_sns_topic_policy {
        read: "sns:GetTopicAttributes" "sns:ListTagsForResource";
        create: "sns:SetTopicAttributes";
        update: "sns:SetTopicAttributes";
        delete: "sns:SetTopicAttributes";
    }
    aws_sns_topic_subscription {
        read: "sns:GetSubscriptionAttributes";
        create: "sns:ListSubscriptionsByTopic" "sns:Subscribe";
        update: "sns:SetSubscriptionAttributes";
        delete: "sns:Unsubscribe";
        passes: "sns.amazonaws.com";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_cloudwatch_log_group: "logs:DescribeLogGroups" "logs:ListTagsForResource";
    aws_cloudwatch_log_groups: "logs:DescribeLogGroups";
    aws_sns_topic: "sns:GetTopicAttributes" "sns:ListTagsForResource" "sns:ListTopics";
};
