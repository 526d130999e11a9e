//! aws_s3_bucket_public_access_block: four switches that keep a bucket from becoming public.

use super::configuration::{self, Configured, Place, described};
use crate::aws::{Aws, Error, Result};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use aws_sdk_s3::types::PublicAccessBlockConfiguration;

type Block = Configured<PublicAccessBlockConfiguration>;
type A = spec::A<Block>;

/// The resource type `aws_s3_bucket_public_access_block`.
pub struct AwsS3BucketPublicAccessBlock;

const SWITCHES: [&str; 4] =
    ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

async fn put(aws: &Aws, bucket: &str, want: &Attrs) -> Result<()> {
    let switches = PublicAccessBlockConfiguration::builder()
        .set_block_public_acls(want.bool("block_public_acls"))
        .set_block_public_policy(want.bool("block_public_policy"))
        .set_ignore_public_acls(want.bool("ignore_public_acls"))
        .set_restrict_public_buckets(want.bool("restrict_public_buckets"))
        .build();
    let call = aws.write.s3.put_public_access_block().bucket(bucket);
    call.public_access_block_configuration(switches).send().await?;
    Ok(())
}

impl Resource for AwsS3BucketPublicAccessBlock {
    type Live = Block;

    fn spec() -> Spec<Block> {
        let switch = |name| A::bool(name).default(false);
        Spec::new(
            "aws_s3_bucket_public_access_block",
            configuration::id,
            vec![
                configuration::bucket(),
                switch("block_public_acls").read(|b| b.found.block_public_acls().into()),
                switch("block_public_policy").read(|b| b.found.block_public_policy().into()),
                switch("ignore_public_acls").read(|b| b.found.ignore_public_acls().into()),
                switch("restrict_public_buckets").read(|b| b.found.restrict_public_buckets().into()),
                A::bool("skip_destroy"),
            ],
        )
        .unique(&[&["bucket"]])
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Block>> {
        described(which, |place| async move {
            let answer = aws.read.s3.get_public_access_block().bucket(&place.bucket).send().await?;
            let missing = || Error::not_found(format!("{} has no public access block", place.bucket));
            answer.public_access_block_configuration.ok_or_else(missing)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        put(aws, &place.bucket, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("skip_destroy");
        if change.take_any(&SWITCHES) { put(aws, id, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") == Some(true) {
            return Ok(());
        }
        settle::unless_gone(aws.write.s3.delete_public_access_block().bucket(id).send().await)
    }
}
