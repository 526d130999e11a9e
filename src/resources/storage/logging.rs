//! aws_s3_bucket_logging: to which bucket S3 writes a log of the requests.

use super::configuration::{self, Configuration, Configured, Place, at, there};
use super::grants::TargetGrant;
use crate::resources::prelude::*;
use aws_sdk_s3::types::{
    BucketLoggingStatus, LoggingEnabled, PartitionedPrefix as S3PartitionedPrefix, SimplePrefix as S3SimplePrefix,
    TargetObjectKeyFormat,
};

/// The log of the requests to a bucket.
pub struct Logging;

const SOURCES: [&str; 2] = ["DeliveryTime", "EventTime"];

block! {
    /// Keys with the date in them.
    PartitionedPrefix: S3PartitionedPrefix => S3PartitionedPrefix {
        partition_date_source: EnumCell [.required().check(|v| checks::one_of(v, &SOURCES))];
    }
    /// Keys without.
    SimplePrefix: S3SimplePrefix => S3SimplePrefix {}
    /// How the keys of logs are made.
    KeyFormat: TargetObjectKeyFormat => TargetObjectKeyFormat {
        partitioned_prefix: OptionalBlock<PartitionedPrefix>;
        simple_prefix: OptionalBlock<SimplePrefix>;
    }
    /// Where logs go.
    Target: LoggingEnabled => LoggingEnabled, ok {
        target_bucket: Text [.required()];
        target_grant = target_grants: BlockSet<TargetGrant>;
        target_object_key_format: OptionalBlock<KeyFormat>;
        target_prefix: Text, read [.required()];
    }
}

impl Configuration for Logging {
    type Found = LoggingEnabled;
    const TYPE: &'static str = "aws_s3_bucket_logging";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        std::iter::once(configuration::owner()).chain(Target::columns()).collect()
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let answer = at!(place, aws.read.s3.get_bucket_logging()).send().await?;
        there(answer.logging_enabled, place, "logging")
    }

    /// The prefix may be empty, and has to be there.
    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let target = LoggingEnabled::builder()
            .target_bucket(want.str("target_bucket").unwrap_or_default())
            .target_prefix(want.str("target_prefix").unwrap_or_default())
            .set_target_grants(BlockSet::<TargetGrant>::put(want, "target_grant"))
            .set_target_object_key_format(OptionalBlock::<KeyFormat>::put(want, "target_object_key_format"));
        let status = BucketLoggingStatus::builder().logging_enabled(configuration::built(target.build())?);
        let call = at!(place, aws.write.s3.put_bucket_logging());
        done(call.bucket_logging_status(status.build()).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        let call = at!(place, aws.write.s3.put_bucket_logging());
        settle::unless_gone(call.bucket_logging_status(BucketLoggingStatus::builder().build()).send().await)
    }
}
