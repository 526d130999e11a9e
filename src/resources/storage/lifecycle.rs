//! aws_s3_bucket_lifecycle_configuration: when objects move to cheaper storage, and when they go.

use super::configuration::{self, Configuration, Configured, Place, call};
use super::lifecycle_rules::{Rule, alike, check, expand};
use crate::aws::api::member_text;
use crate::aws::api::services::S3;
use crate::resources::document::{Many, at};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The lifecycle of what is in a bucket.
pub struct Lifecycle;

const SMALLEST: &str = "transition_default_minimum_object_size";
/// The header that says it.
const HEADER: &str = "x-amz-transition-default-minimum-object-size";
const SIZES: [&str; 2] = ["all_storage_classes_128K", "varies_by_storage_class"];

impl Configuration for Lifecycle {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_lifecycle_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = Many::<Rule>::column("rule").each(check).normal(Normal::With(alike));
        let smallest = A::string(SMALLEST).optional_computed().check(|v| checks::one_of(v, &SIZES));
        vec![
            configuration::owner().optional_computed(),
            rules.read(|l: &Configured<Json>| at::<Many<Rule>>(&l.found, "Answer.Rule")),
            smallest.read(|l| member_text(&l.found, HEADER).into()),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        aws.read.api.call(&S3, "GetBucketLifecycleConfiguration GET /?lifecycle", place.named()).await
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules = json!({"Rule": expand(&want.blocks("rule"))});
        let all = json!({HEADER: want.str(SMALLEST), "LifecycleConfiguration": rules});
        call(aws, place, "PutBucketLifecycleConfiguration PUT /?lifecycle", all).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        call(aws, place, "DeleteBucketLifecycle DELETE /?lifecycle", json!({})).await
    }
}
