//! aws_s3_bucket_public_access_block: four switches that keep a bucket from becoming public.

use super::configuration::{Configuration, Configured, Place, there};
use crate::resources::prelude::*;
use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use aws_sdk_s3::types::builders::PublicAccessBlockConfigurationBuilder;

/// The public access block of a bucket.
pub struct PublicAccessBlock;

table! {
    Rows: PublicAccessBlockConfiguration, create PublicAccessBlockConfigurationBuilder {
        block_public_acls: Switch;
        block_public_policy: Switch;
        ignore_public_acls: Switch;
        restrict_public_buckets: Switch;
        skip_destroy: Flag, none;
    }
}

impl Configuration for PublicAccessBlock {
    type Found = PublicAccessBlockConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_public_access_block";
    const SILENT: &'static [&'static str] = &["skip_destroy"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        Rows::rows()
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let answer = aws.read.s3.get_public_access_block().bucket(&place.bucket).send().await?;
        there(answer.public_access_block_configuration, place, "public access block")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let switches = Rows::create(PublicAccessBlockConfiguration::builder(), want).build();
        let call = aws.write.s3.put_public_access_block().bucket(&place.bucket);
        done(call.public_access_block_configuration(switches).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") != Some(true) {
            aws.write.s3.delete_public_access_block().bucket(&place.bucket).send().await?;
        }
        Ok(())
    }
}
