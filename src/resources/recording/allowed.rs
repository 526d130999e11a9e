//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_cloudtrail {
        read: "cloudtrail:GetEventSelectors" "cloudtrail:GetInsightSelectors" "cloudtrail:GetTrail"
            "cloudtrail:GetTrailStatus" "cloudtrail:ListTags";
        create: "cloudtrail:AddTags" "cloudtrail:CreateTrail" "iam:GetRole";
        update: "cloudtrail:AddTags" "cloudtrail:PutEventSelectors" "cloudtrail:PutInsightSelectors"
            "cloudtrail:RemoveTags" "cloudtrail:StartLogging" "cloudtrail:StopLogging" "cloudtrail:UpdateTrail";
        delete: "cloudtrail:DeleteTrail";
        passes: "cloudtrail.amazonaws.com";
    }
    aws_config_config_rule {
        read: "config:DescribeConfigRules" "config:GetCustomRulePolicy" "config:ListTagsForResource";
        create: "config:PutConfigRule";
        update: "config:PutConfigRule" "config:TagResource" "config:UntagResource";
        delete: "config:DeleteConfigRule";
    }
    aws_config_configuration_recorder {
        read: "config:DescribeConfigurationRecorders";
        create: "config:PutConfigurationRecorder";
        update: "config:PutConfigurationRecorder";
        delete: "config:DeleteConfigurationRecorder";
        passes: "config.amazonaws.com";
    }
    aws_config_configuration_recorder_status {
        read: "config:DescribeConfigurationRecorderStatus";
        create: "config:StartConfigurationRecorder";
        update: "config:StopConfigurationRecorder";
        delete: "config:StopConfigurationRecorder";
    }
    aws_config_delivery_channel {
        read: "config:DescribeDeliveryChannels";
        create: "config:PutDeliveryChannel";
        update: "config:PutDeliveryChannel";
        delete: "config:DeleteDeliveryChannel";
    }
};
