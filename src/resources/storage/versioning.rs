//! aws_s3_bucket_versioning: whether a bucket keeps old versions. Once on it can only be suspended,
//! which is what taking the configuration away does.

use super::configuration::{self, Configuration, Configured, Place, at};
use crate::resources::prelude::*;
use aws_sdk_s3::operation::get_bucket_versioning::GetBucketVersioningOutput;
use aws_sdk_s3::types::{BucketVersioningStatus, MfaDeleteStatus, VersioningConfiguration};

/// The versioning of a bucket.
pub struct Versioning;

const BLOCK: &str = "versioning_configuration";
/// What S3 does not say: that versioning was never on.
const NEVER: &str = "Disabled";

block! {
    /// How versions are kept.
    Kept: GetBucketVersioningOutput => VersioningConfiguration {
        mfa_delete: EnumCell, create [.optional_computed().check(|v| checks::one_of(v, &["Enabled", NEVER]))]
            [.read(|v| v.held().mfa_delete().map_or(NEVER, MfaDeleteStatus::as_str).into())];
        status: EnumCell, create [.required().check(|v| checks::one_of(v, &["Enabled", "Suspended", NEVER]))]
            [.read(|v| v.held().status().map_or(NEVER, BucketVersioningStatus::as_str).into())];
    }
}

fn status(attrs: &Attrs) -> Option<String> {
    attrs.blocks(BLOCK).first().and_then(|b| b.string("status"))
}

impl Configuration for Versioning {
    type Found = GetBucketVersioningOutput;
    const TYPE: &'static str = "aws_s3_bucket_versioning";
    const SILENT: &'static [&'static str] = &["mfa"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        vec![
            configuration::owner(),
            // A code that holds for half a minute: neither kept nor compared.
            A::string("mfa").write_only(),
            OptionalBlock::<Kept>::column(BLOCK).count(1, Some(1)).read(|v: &Configured<_>| Kept::read(&v.found)),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        Ok(at!(place, aws.read.s3.get_bucket_versioning()).send().await?)
    }

    async fn put(aws: &Aws, place: &Place, before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let block = want.blocks(BLOCK).into_iter().next().unwrap_or_default();
        if block.str("status").is_none_or(|status| status == NEVER) {
            let message = "versioning that was on cannot be made never to have been; expected status = \"Suspended\"";
            return if before.is_some() { Err(Error::new(Kind::Refused, message)) } else { Ok(()) };
        }
        let call = at!(place, aws.write.s3.put_bucket_versioning()).set_mfa(want.string("mfa"));
        done(call.versioning_configuration(Kept::write(&block)).send().await)
    }

    /// A bucket that locks objects keeps their versions for good.
    async fn delete(aws: &Aws, place: &Place, last: &Attrs) -> Result<()> {
        if status(last).is_none_or(|status| status == NEVER) {
            return Ok(());
        }
        let off = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
        let call = aws.write.s3.put_bucket_versioning().bucket(&place.bucket).versioning_configuration(off);
        match call.send().await.map_err(Error::from) {
            Err(e) if e.is("InvalidBucketState") => Ok(()),
            answer => answer.map(drop),
        }
    }
}
