//! aws_s3_bucket_versioning: whether a bucket keeps old versions. Once on it can only be suspended,
//! which is what taking the configuration away does.

use super::configuration::{self, Configuration, Configured, Place, ask, call};
use crate::aws::api::member_text;
use crate::resources::document::{Document, One, document};
use crate::resources::prelude::*;
use crate::resources::row::read_object;
use serde_json::{Value as Json, json};

/// The versioning of a bucket.
pub struct Versioning;

const BLOCK: &str = "versioning_configuration";
/// What S3 does not say: that versioning was never on.
const NEVER: &str = "Disabled";

const ROOT: &str = "VersioningConfiguration";
const PUT: &str = "PutBucketVersioning PUT /?versioning";

document! {
    /// How versions are kept.
    Kept {
        mfa_delete = "MfaDelete": Text, create [.optional_computed().check(|v| checks::one_of(v, &["Enabled", NEVER]))]
            [.read(|v| word(v.held(), "MfaDelete"))];
        status = "Status": Text, create [.required().check(|v| checks::one_of(v, &["Enabled", "Suspended", NEVER]))]
            [.read(|v| word(v.held(), "Status"))];
    }
}

fn word(found: &Json, name: &str) -> Value {
    member_text(found, name).unwrap_or_else(|| NEVER.into()).into()
}

fn status(attrs: &Attrs) -> Option<String> {
    attrs.blocks(BLOCK).first().and_then(|b| b.string("status"))
}

impl Configuration for Versioning {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_versioning";
    const SILENT: &'static [&'static str] = &["mfa"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        vec![
            configuration::owner(),
            // A code that holds for half a minute: neither kept nor compared.
            A::string("mfa").write_only(),
            One::<Kept>::column(BLOCK)
                .count(1, Some(1))
                .read(|v: &Configured<Json>| read_object(Kept::rows::<Json>(), &v.found)),
        ]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        ask(aws, place, "GetBucketVersioning GET /?versioning").await
    }

    async fn put(aws: &Aws, place: &Place, before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let block = want.blocks(BLOCK).into_iter().next().unwrap_or_default();
        if block.str("status").is_none_or(|status| status == NEVER) {
            let message = "versioning that was on cannot be made never to have been; expected status = \"Suspended\"";
            return if before.is_some() { Err(Error::new(Kind::Refused, message)) } else { Ok(()) };
        }
        call(aws, place, PUT, json!({"x-amz-mfa": want.str("mfa"), ROOT: Kept::create(&block)})).await
    }

    /// A bucket that locks objects keeps their versions for good.
    async fn delete(aws: &Aws, place: &Place, last: &Attrs) -> Result<()> {
        if status(last).is_none_or(|status| status == NEVER) {
            return Ok(());
        }
        match call(aws, place, PUT, json!({ROOT: {"Status": "Suspended"}})).await {
            Err(e) if e.is("InvalidBucketState") => Ok(()),
            answer => answer,
        }
    }
}
