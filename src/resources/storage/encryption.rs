//! aws_s3_bucket_server_side_encryption_configuration: how a bucket encrypts what it is given. S3
//! always encrypts; without this it does so with keys of its own.

use super::configuration::{self, Configured, Place, built, described};
use crate::aws::{Aws, Error, Result};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which, rows};
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::Value;
use aws_sdk_s3::types::{
    BlockedEncryptionTypes, EncryptionType, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
};

type Encryption = Configured<ServerSideEncryptionConfiguration>;
type A = spec::A<Encryption>;
type Row = spec::A<()>;

/// The resource type `aws_s3_bucket_server_side_encryption_configuration`.
pub struct AwsS3BucketServerSideEncryptionConfiguration;

const DEFAULT: &str = "apply_server_side_encryption_by_default";
const WAYS: [&str; 4] = ["AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"];

fn default_rows() -> Vec<Attribute> {
    rows([
        Row::string("kms_master_key_id"),
        Row::string("sse_algorithm").required().check(|v| checks::one_of(v, &WAYS)),
    ])
}

fn rule_rows() -> Vec<Attribute> {
    rows([
        Row::optional_block(DEFAULT, default_rows()),
        Row::string_set("blocked_encryption_types").optional_computed(),
        Row::bool("bucket_key_enabled"),
    ])
}

fn rules(e: &Encryption) -> Value {
    let by_default = |d: &ServerSideEncryptionByDefault| {
        Value::object([
            ("kms_master_key_id", Value::from(d.kms_master_key_id())),
            ("sse_algorithm", d.sse_algorithm().as_str().into()),
        ])
    };
    let rule = |r: &ServerSideEncryptionRule| {
        let none = || Value::null(object_type(&default_rows()));
        let blocked = r.blocked_encryption_types().map(|b| b.encryption_type()).unwrap_or_default();
        Value::object([
            (DEFAULT, r.apply_server_side_encryption_by_default().map_or_else(none, by_default)),
            ("blocked_encryption_types", Value::string_set(blocked.iter().map(EncryptionType::as_str))),
            ("bucket_key_enabled", r.bucket_key_enabled().into()),
        ])
    };
    Value::set(object_type(&rule_rows()), e.found.rules().iter().map(rule).collect())
}

fn sdk_rule(block: &Attrs) -> Result<ServerSideEncryptionRule> {
    let by_default = block.blocks(DEFAULT).into_iter().next().map(|d| {
        let way = d.str("sse_algorithm").map(ServerSideEncryption::from);
        let key = d.string("kms_master_key_id").filter(|key| !key.is_empty());
        ServerSideEncryptionByDefault::builder().set_sse_algorithm(way).set_kms_master_key_id(key).build()
    });
    let blocked: Vec<EncryptionType> =
        block.strings("blocked_encryption_types").iter().map(|t| t.as_str().into()).collect();
    let blocked = Some(blocked).filter(|all| !all.is_empty());
    let blocked = blocked.map(|all| BlockedEncryptionTypes::builder().set_encryption_type(Some(all)).build());
    Ok(ServerSideEncryptionRule::builder()
        .set_apply_server_side_encryption_by_default(by_default.map(built).transpose()?)
        .set_blocked_encryption_types(blocked)
        .set_bucket_key_enabled(block.bool("bucket_key_enabled"))
        .build())
}

async fn put(aws: &Aws, place: &Place, want: &Attrs) -> Result<()> {
    let rules: Result<Vec<_>> = want.blocks("rule").iter().map(sdk_rule).collect();
    let all = built(ServerSideEncryptionConfiguration::builder().set_rules(Some(rules?)).build())?;
    let call = aws.write.s3.put_bucket_encryption().bucket(&place.bucket);
    let call = call.set_expected_bucket_owner(place.owner.clone());
    call.server_side_encryption_configuration(all).send().await?;
    Ok(())
}

impl Resource for AwsS3BucketServerSideEncryptionConfiguration {
    type Live = Encryption;

    fn spec() -> Spec<Encryption> {
        Spec::new(
            "aws_s3_bucket_server_side_encryption_configuration",
            configuration::id,
            vec![
                configuration::bucket(),
                configuration::owner(),
                A::block("rule", Nesting::Set, rule_rows()).count(1, None).read(rules),
            ],
        )
        .unique(&[&["bucket"]])
        .recover(Recover::Key)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Encryption>> {
        described(which, |place| async move {
            let call = aws.read.s3.get_bucket_encryption().bucket(&place.bucket);
            let answer = call.set_expected_bucket_owner(place.owner.clone()).send().await?;
            let missing = || Error::not_found(format!("{} has no encryption configuration", place.bucket));
            answer.server_side_encryption_configuration.ok_or_else(missing)
        })
        .await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let place = Place::of(want);
        put(aws, &place, want).await?;
        Ok(place.id())
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        match change.take("rule") {
            Some(_) => put(aws, &Place::of_id(id), change.after).await,
            None => Ok(()),
        }
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let place = Place::of_id(id);
        let call = aws.write.s3.delete_bucket_encryption().bucket(place.bucket);
        settle::unless_gone(call.set_expected_bucket_owner(place.owner).send().await)
    }
}
