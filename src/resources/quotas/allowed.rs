//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_servicequotas_service_quota {
        read: "servicequotas:GetAWSDefaultServiceQuota" "servicequotas:GetServiceQuota"
            "servicequotas:ListRequestedServiceQuotaChangeHistoryByQuota";
        create: "servicequotas:RequestServiceQuotaIncrease";
        update: "servicequotas:RequestServiceQuotaIncrease";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_servicequotas_service_quota: "servicequotas:ListAWSDefaultServiceQuotas" "servicequotas:ListServiceQuotas";
};
