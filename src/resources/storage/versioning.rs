//! aws_s3_bucket_versioning: whether a bucket keeps old versions. Once on it can only be suspended,
//! which is what taking the configuration away does.

use super::configuration::{self, Configured, Place, described};
use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::schema::rows::Recover;
use crate::schema::{Attribute, Attrs, Change, checks};
use crate::value::Value;
use aws_sdk_s3::operation::get_bucket_versioning::GetBucketVersioningOutput;
use aws_sdk_s3::types::{BucketVersioningStatus, MfaDelete, MfaDeleteStatus, VersioningConfiguration};

type Versioning = Configured<GetBucketVersioningOutput>;
type A = spec::A<Versioning>;
type Row = spec::A<()>;

/// The resource type `aws_s3_bucket_versioning`.
pub struct AwsS3BucketVersioning;

const BLOCK: &str = "versioning_configuration";
/// What S3 does not say: that versioning was never on.
const NEVER: &str = "Disabled";

fn block_rows() -> Vec<Attribute> {
    rows([
        Row::string("mfa_delete").optional_computed().check(|v| checks::one_of(v, &["Enabled", NEVER])),
        Row::string("status").required().check(|v| checks::one_of(v, &["Enabled", "Suspended", NEVER])),
    ])
}

fn read(v: &Versioning) -> Value {
    Value::object([
        ("mfa_delete", Value::from(v.found.mfa_delete().map(MfaDeleteStatus::as_str))),
        ("status", v.found.status().map_or(NEVER, BucketVersioningStatus::as_str).into()),
    ])
}

fn status(attrs: &Attrs) -> Option<String> {
    attrs.blocks(BLOCK).first().and_then(|b| b.string("status"))
}

async fn put(aws: &Aws, place: &Place, want: &Attrs) -> Result<()> {
    let block = want.blocks(BLOCK).into_iter().next().unwrap_or_default();
    let Some(status) = block.str("status").filter(|status| *status != NEVER) else { return Ok(()) };
    let versioning = VersioningConfiguration::builder()
        .status(status.into())
        .set_mfa_delete(block.str("mfa_delete").map(MfaDelete::from))
        .build();
    aws.write
        .s3
        .put_bucket_versioning()
        .bucket(&place.bucket)
        .set_expected_bucket_owner(place.owner.clone())
        .set_mfa(want.string("mfa"))
        .versioning_configuration(versioning)
        .send()
        .await?;
    Ok(())
}

impl Resource for AwsS3BucketVersioning {
    type Live = Versioning;

    fn spec() -> Spec<Versioning> {
        Spec::new(
            "aws_s3_bucket_versioning",
            configuration::id,
            vec![
                configuration::bucket(),
                configuration::owner(),
                // A code that holds for half a minute: neither kept nor compared.
                A::string("mfa").write_only(),
                A::optional_block(BLOCK, block_rows()).count(1, Some(1)).read(read),
            ],
        )
        .unique(&[&["bucket"]])
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Versioning>> {
        described(which, |place| async move {
            let call = aws.read.s3.get_bucket_versioning().bucket(place.bucket);
            Ok(call.set_expected_bucket_owner(place.owner).send().await?)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        put(aws, &place, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        change.take("mfa");
        if change.take(BLOCK).is_none() {
            return Ok(());
        }
        if status(change.after).as_deref() == Some(NEVER) {
            let message = "versioning that was on cannot be made never to have been; expected status = \"Suspended\"";
            return Err(Error::new(Kind::Refused, message));
        }
        put(aws, &Place::of_id(id), change.after).await
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        if status(last).is_none_or(|status| status == NEVER) {
            return Ok(());
        }
        let place = Place::of_id(id);
        let off = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
        let call = aws.write.s3.put_bucket_versioning().bucket(place.bucket).versioning_configuration(off);
        settle::unless_gone(call.set_expected_bucket_owner(place.owner).send().await)
    }
}
