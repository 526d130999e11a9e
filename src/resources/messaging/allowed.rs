//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_sqs_queue {
        read: "sqs:GetQueueAttributes" "sqs:ListQueueTags";
        create: "sqs:CreateQueue" "sqs:GetQueueUrl";
        update: "sqs:SetQueueAttributes" "sqs:TagQueue" "sqs:UntagQueue";
        delete: "sqs:DeleteQueue";
    }
    aws_sqs_queue_policy {
        read: "sqs:GetQueueAttributes" "sqs:ListQueueTags";
        create: "sqs:SetQueueAttributes";
        update: "sqs:SetQueueAttributes";
        delete: "sqs:SetQueueAttributes";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_sqs_queue: "sqs:GetQueueAttributes" "sqs:GetQueueUrl" "sqs:ListQueueTags";
};
