//! aws_s3_bucket_ownership_controls: who owns the objects that others put into a bucket.

use super::configuration::{self, Configured, Place, built, described};
use crate::aws::{Aws, Error, Result};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_s3::types::{OwnershipControls, OwnershipControlsRule};

type Controls = Configured<OwnershipControls>;
type A = spec::A<Controls>;
type Row = spec::A<()>;

/// The resource type `aws_s3_bucket_ownership_controls`.
pub struct AwsS3BucketOwnershipControls;

const WAYS: [&str; 3] = ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"];

fn rule_rows() -> Vec<Attribute> {
    rows([Row::string("object_ownership").required().check(|v| checks::one_of(v, &WAYS))])
}

fn rule(c: &Controls) -> Value {
    match c.found.rules().first() {
        Some(rule) => Value::object([("object_ownership", Value::from(rule.object_ownership().as_str()))]),
        None => Value::null(object_type(&rule_rows())),
    }
}

async fn put(aws: &Aws, bucket: &str, want: &Attrs) -> Result<()> {
    let way = want.blocks("rule").first().and_then(|r| r.string("object_ownership")).unwrap_or_default();
    let rule = built(OwnershipControlsRule::builder().object_ownership(way.as_str().into()).build())?;
    let controls = built(OwnershipControls::builder().rules(rule).build())?;
    aws.write.s3.put_bucket_ownership_controls().bucket(bucket).ownership_controls(controls).send().await?;
    Ok(())
}

impl Resource for AwsS3BucketOwnershipControls {
    type Live = Controls;

    fn spec() -> Spec<Controls> {
        Spec::new(
            "aws_s3_bucket_ownership_controls",
            configuration::id,
            vec![configuration::bucket(), A::optional_block("rule", rule_rows()).count(1, Some(1)).read(rule)],
        )
        .unique(&[&["bucket"]])
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Controls>> {
        described(which, |place| async move {
            let answer = aws.read.s3.get_bucket_ownership_controls().bucket(&place.bucket).send().await?;
            let missing = || Error::not_found(format!("{} has no ownership controls", place.bucket));
            answer.ownership_controls.ok_or_else(missing)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        put(aws, &place.bucket, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("rule") {
            Some(_) => put(aws, id, change.after).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        settle::unless_gone(aws.write.s3.delete_bucket_ownership_controls().bucket(id).send().await)
    }
}
