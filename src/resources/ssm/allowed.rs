//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_ssm_parameter {
        read: "ssm:DescribeParameters" "ssm:GetParameter" "ssm:ListTagsForResource";
        create: "ssm:PutParameter";
        update: "ssm:AddTagsToResource" "ssm:PutParameter" "ssm:RemoveTagsFromResource";
        delete: "ssm:DeleteParameter";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_ssm_parameters_by_path: "ssm:GetParametersByPath";
};
