//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfResources, actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_cloudwatch_event_rule {
        read: "events:DescribeRule" "events:ListTagsForResource";
        create: "events:PutRule";
        update: "events:PutRule" "events:TagResource" "events:UntagResource";
        delete: "events:DeleteRule" "events:ListTargetsByRule" "events:RemoveTargets";
        passes: "events.amazonaws.com";
    }
    aws_cloudwatch_event_target {
        read: "events:ListTargetsByRule";
        create: "events:PutTargets";
        update: "events:PutTargets";
        delete: "events:RemoveTargets";
        passes: "events.amazonaws.com";
    }
};
