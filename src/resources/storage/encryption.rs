//! aws_s3_bucket_server_side_encryption_configuration: how a bucket encrypts what it is given. S3
//! always encrypts; without this it does so with keys of its own.

use super::configuration::{self, Configuration, Configured, Place, ask, call, there};
use crate::resources::block::TextList;
use crate::resources::document::{Member, One, Unordered, at, document};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

/// The encryption of a bucket.
pub struct Encryption;

const ROOT: &str = "ServerSideEncryptionConfiguration";
const ALGORITHMS: [&str; 4] = ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"];

document! {
    Default {
        kms_master_key_id = "KMSMasterKeyID": Text [.optional_computed()];
        sse_algorithm = "SSEAlgorithm": Text [.required().check(|v| checks::one_of(v, &ALGORITHMS))];
    }
}
document! {
    Rule {
        apply_server_side_encryption_by_default = "ApplyServerSideEncryptionByDefault": One<Default>;
        blocked_encryption_types = "BlockedEncryptionTypes.EncryptionType": TextList [.optional_computed()];
        bucket_key_enabled = "BucketKeyEnabled": Flag [.optional_computed()];
    }
}

impl Configuration for Encryption {
    type Found = Json;
    const TYPE: &'static str = "aws_s3_bucket_server_side_encryption_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = |e: &Configured<Json>| at::<Unordered<Rule>>(&e.found, "Rule");
        vec![configuration::owner(), Unordered::<Rule>::column("rule").count(1, None).read(rules)]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let found = ask(aws, place, "GetBucketEncryption GET /?encryption").await?;
        there(found, place, "encryption configuration")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let all = json!({ROOT: {"Rule": Unordered::<Rule>::put(want, "rule")}});
        call(aws, place, "PutBucketEncryption PUT /?encryption", all).await
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        call(aws, place, "DeleteBucketEncryption DELETE /?encryption", json!({})).await
    }
}
