//! aws_s3_bucket_policy: who may do what with a bucket.

use super::configuration::{Configuration, Configured, Place};
use crate::resources::prelude::*;
use aws_sdk_s3::operation::get_bucket_policy::GetBucketPolicyOutput;

/// The policy of a bucket.
pub struct Policy;

impl Configuration for Policy {
    type Found = GetBucketPolicyOutput;
    const TYPE: &'static str = "aws_s3_bucket_policy";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        vec![A::string("policy").required().normal(Normal::Policy).read(|p| p.found.policy().into())]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        Ok(aws.read.s3.get_bucket_policy().bucket(&place.bucket).send().await?)
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let call = aws.write.s3.put_bucket_policy().bucket(&place.bucket).set_policy(want.string("policy"));
        settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
        Ok(())
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        done(aws.write.s3.delete_bucket_policy().bucket(&place.bucket).send().await)
    }
}
