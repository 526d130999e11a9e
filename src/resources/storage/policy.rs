//! aws_s3_bucket_policy: who may do what with a bucket.

use super::configuration::{self, Configured, Place, described};
use crate::aws::{Aws, Result};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::normal::Normal;
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use aws_sdk_s3::operation::get_bucket_policy::GetBucketPolicyOutput;

type Policy = Configured<GetBucketPolicyOutput>;
type A = spec::A<Policy>;

/// The resource type `aws_s3_bucket_policy`.
pub struct AwsS3BucketPolicy;

async fn put(aws: &Aws, bucket: &str, want: &Attrs) -> Result<()> {
    let call = aws.write.s3.put_bucket_policy().bucket(bucket).set_policy(want.string("policy"));
    settle::once_known(|| async { Ok(call.clone().send().await?) }).await?;
    Ok(())
}

impl Resource for AwsS3BucketPolicy {
    type Live = Policy;

    fn spec() -> Spec<Policy> {
        Spec::new(
            "aws_s3_bucket_policy",
            configuration::id,
            vec![
                configuration::bucket(),
                A::string("policy").required().normal(Normal::Policy).read(|p| p.found.policy().into()),
            ],
        )
        .unique(&[&["bucket"]])
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Policy>> {
        described(which, |place| async move { Ok(aws.read.s3.get_bucket_policy().bucket(place.bucket).send().await?) })
            .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        put(aws, &place.bucket, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("policy") {
            Some(_) => put(aws, id, change.after).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        settle::unless_gone(aws.write.s3.delete_bucket_policy().bucket(id).send().await)
    }
}
