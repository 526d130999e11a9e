//! aws_s3_bucket_cors_configuration: which pages of other origins may read a bucket.

use super::configuration::{self, Configuration, Configured, Place, ask, call};
use crate::resources::document::{Member, Unordered, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The rules for pages of other origins.
pub struct Cors;

document! {
    Rule {
        allowed_headers = "AllowedHeader": Texts;
        allowed_methods = "AllowedMethod": Texts [.required()];
        allowed_origins = "AllowedOrigin": Texts [.required()];
        expose_headers = "ExposeHeader": Texts;
        id = "ID": Text;
        max_age_seconds = "MaxAgeSeconds": Count;
    }
}

impl Configuration for Cors {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_cors_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = Unordered::<Rule>::column("cors_rule").count(1, Some(100));
        vec![configuration::owner(), rules.read(|c: &Configured<Json>| at::<Unordered<Rule>>(&c.found, "CORSRule"))]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        ask(aws, place, "GetBucketCors GET /?cors").await
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules = json!({"CORSRule": Unordered::<Rule>::put(want, "cors_rule")});
        call(aws, place, "PutBucketCors PUT /?cors", json!({"CORSConfiguration": rules})).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(call(aws, place, "DeleteBucketCors DELETE /?cors", json!({})).await)
    }
}
