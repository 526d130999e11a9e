//! aws_s3_bucket_server_side_encryption_configuration: how a bucket encrypts what it is given. S3
//! always encrypts; without this it does so with keys of its own.

use super::configuration::{self, Configuration, Configured, Place, at, built, there};
use crate::resources::block::TextList;
use crate::resources::prelude::*;
use crate::resources::table::Part;
use aws_sdk_s3::types::builders::{ServerSideEncryptionByDefaultBuilder, ServerSideEncryptionRuleBuilder};
use aws_sdk_s3::types::{
    BlockedEncryptionTypes, EncryptionType, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule,
};

/// The encryption of a bucket.
pub struct Encryption;

const DEFAULT: &str = "apply_server_side_encryption_by_default";
const BLOCKED: &str = "blocked_encryption_types";
const WAYS: [&str; 4] = ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"];

table! {
    Default: ServerSideEncryptionByDefault, create ServerSideEncryptionByDefaultBuilder {
        kms_master_key_id: Text [.optional_computed()];
        sse_algorithm: EnumCell [.required().check(|v| checks::one_of(v, &WAYS))];
    }
}

table! {
    Rule: ServerSideEncryptionRule, create ServerSideEncryptionRuleBuilder {
        apply_server_side_encryption_by_default: OptionalBlock<Part<Default>>, read;
        blocked_encryption_types: TextList, none [.optional_computed().read(|r| {
            let blocked = r.held().blocked_encryption_types().map(|b| b.encryption_type()).unwrap_or_default();
            Value::strings(blocked.iter().map(EncryptionType::as_str))
        })];
        bucket_key_enabled: Flag [.optional_computed()];
    }
}

fn sdk_rule(block: &Attrs) -> Result<ServerSideEncryptionRule> {
    let by_default = block.blocks(DEFAULT).into_iter().next();
    let by_default = by_default.map(|d| Default::create(ServerSideEncryptionByDefault::builder(), &d).build());
    let blocked: Vec<EncryptionType> = block.strings(BLOCKED).iter().map(|t| t.as_str().into()).collect();
    let blocked =
        (!blocked.is_empty()).then(|| BlockedEncryptionTypes::builder().set_encryption_type(Some(blocked)).build());
    Ok(Rule::create(ServerSideEncryptionRule::builder(), block)
        .set_apply_server_side_encryption_by_default(by_default.map(built).transpose()?)
        .set_blocked_encryption_types(blocked)
        .build())
}

impl Configuration for Encryption {
    type Found = ServerSideEncryptionConfiguration;
    const TYPE: &'static str = "aws_s3_bucket_server_side_encryption_configuration";

    fn rows() -> Vec<A<Configured<Self::Found>>> {
        let rules = |e: &Configured<Self::Found>| BlockSet::<Part<Rule>>::get(e.found.rules());
        vec![configuration::owner(), BlockSet::<Part<Rule>>::column("rule").count(1, None).read(rules)]
    }

    async fn get(aws: &Aws, place: &Place) -> Result<Self::Found> {
        let answer = at!(place, aws.read.s3.get_bucket_encryption()).send().await?;
        there(answer.server_side_encryption_configuration, place, "encryption configuration")
    }

    async fn put(aws: &Aws, place: &Place, _before: Option<&Attrs>, want: &Attrs) -> Result<()> {
        let rules: Result<Vec<_>> = want.blocks("rule").iter().map(sdk_rule).collect();
        let all = built(ServerSideEncryptionConfiguration::builder().set_rules(Some(rules?)).build())?;
        let call = at!(place, aws.write.s3.put_bucket_encryption());
        done(call.server_side_encryption_configuration(all).send().await)
    }

    async fn delete(aws: &Aws, place: &Place, _last: &Attrs) -> Result<()> {
        done(at!(place, aws.write.s3.delete_bucket_encryption()).send().await)
    }
}
