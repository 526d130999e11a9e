//! aws_s3_account_public_access_block: four switches that keep all buckets of an account from becoming public.

use crate::aws::api::services::S3_CONTROL;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_s3_account_public_access_block`.
    pub AwsS3AccountPublicAccessBlock {
        account_id = "AccountId": Text, read [.optional_computed().force_new()];
        block_public_acls = "PublicAccessBlockConfiguration.BlockPublicAcls": Switch, read, create, modify;
        block_public_policy = "PublicAccessBlockConfiguration.BlockPublicPolicy": Switch, read, create, modify;
        ignore_public_acls = "PublicAccessBlockConfiguration.IgnorePublicAcls": Switch, read, create, modify;
        restrict_public_buckets = "PublicAccessBlockConfiguration.RestrictPublicBuckets": Switch, read, create, modify;
    }
}

/// The account that the layout means.
fn account(aws: &Aws, want: &Attrs) -> String {
    want.string("account_id").unwrap_or_else(|| aws.account.to_string())
}

impl Plain for AwsS3AccountPublicAccessBlock {
    const SERVICE: &'static Service = &S3_CONTROL;
    const CREATE: &'static str = "PutPublicAccessBlock PUT /v20180820/configuration/publicAccessBlock";
    const READ: (&'static str, &'static str) =
        ("GetPublicAccessBlock GET /v20180820/configuration/publicAccessBlock", "");
    const UPDATE: &'static str = Self::CREATE;
    const DELETE: &'static str = "DeletePublicAccessBlock DELETE /v20180820/configuration/publicAccessBlock";

    fn specification() -> Spec<Object> {
        let id = |b: &Object| Some(b.id.clone());
        Spec::new("aws_s3_account_public_access_block", id, <Self as Document>::rows())
            .role(Role::NotServing("it is about who may read buckets"))
            .global()
            .unique(&[&["account_id"]])
            .recover(Recover::Key)
    }

    fn key(id: &str) -> Json {
        json!({"AccountId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "AccountId")
    }

    fn input(aws: &Aws, want: &Attrs, _token: &Token) -> Json {
        let mut input = <Self as Document>::create(want);
        input["AccountId"] = account(aws, want).into();
        input
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        Ok(vec![account(aws, want)])
    }
}
