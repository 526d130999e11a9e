//! aws_s3_bucket_ownership_controls: who owns the objects that others put into a bucket.

use super::configuration::{Configuration, Configured, Place, ask, call, there};
use crate::resources::document::{Member, One, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The ownership controls of a bucket.
pub struct Ownership;

const OWNERSHIPS: [&str; 3] = ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"];

const ROOT: &str = "OwnershipControls";

document! {
    Rule {
        object_ownership = "ObjectOwnership": Text [.required().check(|v| checks::one_of(v, &OWNERSHIPS))];
    }
}

impl Configuration for Ownership {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_ownership_controls";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rule = One::<Rule>::column("rule").count(1, Some(1));
        vec![rule.read(|c: &Configured<Json>| at::<One<Rule>>(&c.found, "Rule"))]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let found = ask(aws, place, "GetBucketOwnershipControls GET /?ownershipControls").await?;
        there(found, place, "ownership controls")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rule = json!({"Rule": One::<Rule>::put(want, "rule")});
        call(aws, place, "PutBucketOwnershipControls PUT /?ownershipControls", json!({ROOT: rule})).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        call(aws, place, "DeleteBucketOwnershipControls DELETE /?ownershipControls", json!({})).await
    }
}
