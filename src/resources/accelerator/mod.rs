//! The Global Accelerator family: two fixed addresses for the whole world, what they listen for, and where it goes. The
//! service is in one region, its objects are in none. A change of any part brings its accelerator on its way again.

pub(super) mod allowed;
mod endpoint_group;
mod global;
mod listener;

use super::any::{AnyResource, Registry, add};
use super::plain::{Object, state};
use super::spec::Progress;
use crate::aws::api::member;
use crate::aws::api::services::ACCELERATOR;
use crate::aws::{Aws, Result};
use serde_json::{Value as Json, json};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<global::AwsGlobalacceleratorAccelerator>(all);
    add::<endpoint_group::AwsGlobalacceleratorEndpointGroup>(all);
    add::<listener::AwsGlobalacceleratorListener>(all);
}

/// The part of an ARN before this word. The ARN of a listener begins with that of its accelerator, and so on.
fn above<'a>(arn: &'a str, word: &str) -> &'a str {
    arn.split(word).next().unwrap_or_default()
}

/// An object with the status of its accelerator.
async fn with_status(aws: &Aws, arn: &str, mut json: Json) -> Result<Json> {
    let input = json!({"AcceleratorArn": above(arn, "/listener/")});
    let answer = aws.read.api.call(&ACCELERATOR, "DescribeAccelerator", input).await?;
    json["Status"] = member(&answer, "Accelerator.Status").cloned().unwrap_or_default();
    Ok(json)
}

/// How far an object is: as far as its accelerator.
fn progress(object: &Object) -> Progress {
    state(object, "Status", &["IN_PROGRESS"], &[], &[])
}
