//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_cognito_user_pool {
        read: "cognito-idp:DescribeUserPool" "cognito-idp:GetUserPoolMfaConfig" "cognito-idp:ListTagsForResource";
        create: "cognito-idp:CreateUserPool" "cognito-idp:ListUserPools";
        update: "cognito-idp:AddCustomAttributes" "cognito-idp:SetUserPoolMfaConfig" "cognito-idp:TagResource"
            "cognito-idp:UntagResource" "cognito-idp:UpdateUserPool";
        delete: "cognito-idp:DeleteUserPool";
        passes: "cognito-idp.amazonaws.com";
    }
    aws_cognito_user_pool_client {
        read: "cognito-idp:DescribeUserPoolClient" "cognito-idp:ListUserPoolClients" "cognito-idp:ListUserPools";
        create: "cognito-idp:CreateUserPoolClient";
        update: "cognito-idp:UpdateUserPoolClient";
        delete: "cognito-idp:DeleteUserPoolClient";
    }
    aws_cognito_user_pool_domain {
        read: "cognito-idp:DescribeUserPoolDomain";
        create: "cognito-idp:CreateUserPoolDomain";
        update: "cognito-idp:UpdateUserPoolDomain";
        delete: "cognito-idp:DeleteUserPoolDomain";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_cognito_user_pools: "cognito-idp:ListUserPools";
};
