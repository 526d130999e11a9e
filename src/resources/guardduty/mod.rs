//! The GuardDuty family: the detector of a region.

pub(super) mod allowed;
mod detector;
mod detector_data;

use super::any::{AnyData, AnyResource, Registry, add, add_data};
use crate::aws::api::Pages;
use crate::aws::api::services::GUARDDUTY;
use crate::aws::{Aws, Result};
use serde_json::json;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<detector::AwsGuarddutyDetector>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<detector_data::AwsGuarddutyDetector>(all);
}

/// The ids of the region's detectors: one at most.
async fn detectors(aws: &Aws) -> Result<Vec<String>> {
    let pages = Pages("nextToken", "nextToken");
    let all = aws.read.api.list(&GUARDDUTY, "ListDetectors GET /detector", json!({}), pages, "detectorIds").await?;
    Ok(all.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect())
}
