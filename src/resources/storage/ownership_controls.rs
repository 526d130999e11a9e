//! aws_s3_bucket_ownership_controls: who owns the objects that others put into a bucket.

use super::configuration::{Configuration, Configured, Place, built, there};
use crate::resources::prelude::*;
use crate::resources::table::Part;
use aws_sdk_s3::types::builders::OwnershipControlsRuleBuilder;
use aws_sdk_s3::types::{OwnershipControls, OwnershipControlsRule};

/// The ownership controls of a bucket.
pub struct Ownership;

const WAYS: [&str; 3] = ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"];

table! {
    Rule: OwnershipControlsRule, create OwnershipControlsRuleBuilder {
        object_ownership: EnumCell [.required().check(|v| checks::one_of(v, &WAYS))];
    }
}

impl Configuration for Ownership {
    type Found = OwnershipControls;
    const TYPE: &'static str = "aws_s3_bucket_ownership_controls";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rule = OptionalBlock::<Part<Rule>>::column("rule").count(1, Some(1));
        vec![rule.read(|c: &Configured<OwnershipControls>| OptionalBlock::<Part<Rule>>::get(c.found.rules().first()))]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let answer = aws.read.s3.get_bucket_ownership_controls().bucket(&place.bucket).send().await?;
        there(answer.ownership_controls, place, "ownership controls")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let block = want.blocks("rule").into_iter().next().unwrap_or_default();
        let rule = built(Rule::create(OwnershipControlsRule::builder(), &block).build())?;
        let controls = built(OwnershipControls::builder().rules(rule).build())?;
        let call = aws.write.s3.put_bucket_ownership_controls().bucket(&place.bucket);
        done(call.ownership_controls(controls).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        done(aws.write.s3.delete_bucket_ownership_controls().bucket(&place.bucket).send().await)
    }
}
