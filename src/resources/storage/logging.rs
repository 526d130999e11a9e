//! aws_s3_bucket_logging: to which bucket S3 writes a log of the requests.

use super::configuration::{self, Configuration, Configured, Place, ask, call, there};
use super::grants::TargetGrant;
use crate::resources::document::{Document, Mark, One, Unordered, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The log of the requests to a bucket.
pub struct Logging;

const SOURCES: [&str; 2] = ["DeliveryTime", "EventTime"];

const PUT: &str = "PutBucketLogging PUT /?logging";

document! {
    PartitionedPrefix {
        partition_date_source = "PartitionDateSource": Text [.required().check(|v| checks::one_of(v, &SOURCES))];
    }
}
document! {
    SimplePrefix {}
}
document! {
    KeyFormat {
        partitioned_prefix = "PartitionedPrefix": One<PartitionedPrefix>;
        simple_prefix = "SimplePrefix": Mark<SimplePrefix>;
    }
}
document! {
    Target {
        target_bucket = "TargetBucket": Text [.required()];
        target_grant = "TargetGrants.Grant": Unordered<TargetGrant>;
        target_object_key_format = "TargetObjectKeyFormat": Mark<KeyFormat>;
        target_prefix = "TargetPrefix": Text, read [.required()];
    }
}

impl Configuration for Logging {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_logging";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        std::iter::once(configuration::owner()).chain(Target::rows()).collect()
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let mut found = ask(aws, place, "GetBucketLogging GET /?logging").await?;
        there(found.get_mut("LoggingEnabled").map(Json::take).unwrap_or_default(), place, "logging")
    }

    /// The prefix may be empty, and has to be there.
    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let prefix = json!({"TargetPrefix": want.str("target_prefix").unwrap_or_default()});
        let status = json!({"LoggingEnabled": joined(prefix, Target::create(want))});
        call(aws, place, PUT, json!({"BucketLoggingStatus": status})).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(call(aws, place, PUT, json!({"BucketLoggingStatus": {}})).await)
    }
}
