//! aws_s3_bucket_public_access_block: four switches that keep a bucket from becoming public.

use super::configuration::{Configuration, Configured, Place, ask, call, there};
use crate::resources::document::{Document, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The public access block of a bucket.
pub struct PublicAccessBlock;

const ROOT: &str = "PublicAccessBlockConfiguration";

document! {
    Rows {
        block_public_acls = "BlockPublicAcls": Switch;
        block_public_policy = "BlockPublicPolicy": Switch;
        ignore_public_acls = "IgnorePublicAcls": Switch;
        restrict_public_buckets = "RestrictPublicBuckets": Switch;
        skip_destroy = "": Flag, none;
    }
}

impl Configuration for PublicAccessBlock {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_public_access_block";
    const SILENT: &'static [&'static str] = &["skip_destroy"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        Rows::rows()
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let found = ask(aws, place, "GetPublicAccessBlock GET /?publicAccessBlock").await?;
        there(found, place, "public access block")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        call(aws, place, "PutPublicAccessBlock PUT /?publicAccessBlock", json!({ROOT: Rows::create(want)})).await
    }

    async fn delete(aws: &Aws, place: &Place, last: &Attrs) -> Result<()> {
        if last.bool("skip_destroy") != Some(true) {
            call(aws, place, "DeletePublicAccessBlock DELETE /?publicAccessBlock", json!({})).await?;
        }
        Ok(())
    }
}
