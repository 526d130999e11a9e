//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_lambda_alias {
        read: "lambda:GetAlias";
        create: "lambda:CreateAlias";
        update: "lambda:UpdateAlias";
        delete: "lambda:DeleteAlias";
    }
    aws_lambda_event_source_mapping {
        read: "lambda:GetEventSourceMapping" "lambda:ListTags";
        create: "lambda:CreateEventSourceMapping" "lambda:ListEventSourceMappings";
        update: "lambda:TagResource" "lambda:UntagResource" "lambda:UpdateEventSourceMapping";
        delete: "lambda:DeleteEventSourceMapping";
    }
    aws_lambda_function {
        read: "lambda:GetFunction" "lambda:GetFunctionCodeSigningConfig" "lambda:ListVersionsByFunction";
        create: "ec2:DescribeSecurityGroups" "ec2:DescribeSubnets" "ec2:DescribeVpcs" "lambda:CreateFunction";
        update: "lambda:DeleteFunctionCodeSigningConfig" "lambda:DeleteFunctionConcurrency" "lambda:PublishVersion"
            "lambda:PutFunctionCodeSigningConfig" "lambda:PutFunctionConcurrency" "lambda:TagResource"
            "lambda:UntagResource" "lambda:UpdateFunctionCode" "lambda:UpdateFunctionConfiguration";
        delete: "ec2:DescribeSecurityGroups" "lambda:DeleteFunction";
        passes: "lambda.amazonaws.com";
    }
    aws_lambda_permission {
        read: "lambda:GetPolicy";
        create: "lambda:AddPermission";
        delete: "lambda:RemovePermission";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_lambda_function: "lambda:GetFunction" "lambda:GetFunctionCodeSigningConfig" "lambda:ListVersionsByFunction";
};
