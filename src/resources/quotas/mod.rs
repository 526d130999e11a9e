//! The Service Quotas family: how much of something an account may have.

pub(super) mod allowed;
mod quota;
mod quota_data;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use super::document::{Many, document};
use super::prelude::*;
use crate::aws::api::member;
use crate::aws::api::services::QUOTAS;
use serde_json::{Value as Json, json};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<quota::AwsServicequotasServiceQuota>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<quota_data::AwsServicequotasServiceQuota>(all);
}

document! {
    Dimensions {
        class = "Class": Text;
        resource = "Resource": Text;
        service = "Service": Text;
        r#type = "Type": Text;
    }
}
document! {
    /// The metric that says how much of a quota is used.
    Usage {
        metric_dimensions = "MetricDimensions": Many<Dimensions>;
        metric_name = "MetricName": Text;
        metric_namespace = "MetricNamespace": Text;
        metric_statistic_recommendation = "MetricStatisticRecommendation": Text;
    }
}

/// A quota as the account has it, with AWS's default as `DefaultValue`. One that was never changed is AWS's.
async fn held(aws: &Aws, service: &str, code: &str) -> Result<Option<Json>> {
    let by = json!({"ServiceCode": service, "QuotaCode": code});
    let ask = async |operation| match aws.read.api.call(&QUOTAS, operation, by.clone()).await {
        Err(e) if e.is_not_found() => Ok(None),
        answer => Ok::<_, Error>(member(&answer?, "Quota").cloned()),
    };
    let Some(default) = ask("GetAWSDefaultServiceQuota").await? else { return Ok(None) };
    let mut quota = ask("GetServiceQuota").await?.unwrap_or_else(|| default.clone());
    quota["DefaultValue"] = default["Value"].clone();
    Ok(Some(quota))
}
