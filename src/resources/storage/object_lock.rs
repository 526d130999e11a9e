//! aws_s3_bucket_object_lock_configuration: how long new objects of a bucket cannot be deleted. A bucket that locks does
//! so for good: taking this away only ends the rule for new objects.

use super::configuration::{self, Configuration, Configured, Place, ask, call, there};
use crate::resources::document::{Document, One, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The object lock of a bucket.
pub struct ObjectLock;

const ROOT: &str = "ObjectLockConfiguration";
const GET: &str = "GetObjectLockConfiguration GET /?object-lock";
const PUT: &str = "PutObjectLockConfiguration PUT /?object-lock";

document! {
    Retention {
        days = "Days": Count;
        mode = "Mode": Text [.check(|v| checks::one_of(v, &["COMPLIANCE", "GOVERNANCE"]))];
        years = "Years": Count;
    }
}
document! {
    /// The rule for new objects.
    Rule {
        default_retention = "DefaultRetention": One<Retention> [.count(1, Some(1))];
    }
}
document! {
    All {
        object_lock_enabled = "ObjectLockEnabled": Text
            [.default("Enabled").force_new().check(|v| checks::one_of(v, &["Enabled"]))];
        rule = "Rule": One<Rule>;
    }
}

/// The object lock of a bucket; null where it locks nothing.
pub async fn get(aws: &Aws, place: &Place) -> Result<Json> {
    let found = ask(aws, place, GET).await?;
    Ok(if found["ObjectLockEnabled"] == "Enabled" { found } else { Json::Null })
}

impl Configuration for ObjectLock {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_object_lock_configuration";
    const SILENT: &'static [&'static str] = &["token"];

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let own = [configuration::owner(), A::string("token").sensitive()];
        own.into_iter().chain(All::rows()).collect()
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        there(get(aws, place).await?, place, "object lock")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let token = text(want, "token");
        call(aws, place, PUT, json!({"x-amz-bucket-object-lock-token": token, ROOT: All::create(want)})).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        settle::unless_gone(call(aws, place, PUT, json!({ROOT: {"ObjectLockEnabled": "Enabled"}})).await)
    }
}
