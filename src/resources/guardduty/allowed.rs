//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_guardduty_detector {
        read: "guardduty:GetDetector" "guardduty:ListDetectors";
        create: "guardduty:CreateDetector";
        update: "guardduty:TagResource" "guardduty:UntagResource" "guardduty:UpdateDetector";
        delete: "guardduty:DeleteDetector";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_guardduty_detector: "guardduty:GetDetector" "guardduty:ListDetectors";
};
