//! aws_s3_bucket_policy: who may do what with a bucket.

use super::configuration::{Configuration, Configured, Place, call};
use crate::aws::api::services::S3;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::json;

/// The policy of a bucket.
pub struct Policy;

/// The policy of a bucket, as S3 answers it.
pub async fn get(aws: &Aws, place: &Place) -> Result<String> {
    let answer = aws.read.api.exchange(&S3, "GetBucketPolicy GET /?policy", place.named(), None).await?;
    Ok(String::from_utf8_lossy(&answer.1).into_owned())
}

impl Configuration for Policy {
    type Found = String;
    const TYPE: &'static str = "aws_s3_bucket_policy";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        vec![
            A::string("policy")
                .required()
                .normal(Normal::Policy)
                .read(|p: &Configured<String>| p.found.as_str().into()),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        get(aws, place).await
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let policy = want.str("policy").unwrap_or_default();
        let input = joined(place.named(), json!({"content-type": "text/plain"}));
        let put = || {
            let operation = "PutBucketPolicy PUT /?policy";
            aws.write.api.exchange(&S3, operation, input.clone(), Some(policy.as_bytes().to_vec()))
        };
        settle::once_known(put).await.map(drop)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        call(aws, place, "DeleteBucketPolicy DELETE /?policy", json!({})).await
    }
}
