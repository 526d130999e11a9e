//! aws_ebs_default_kms_key and aws_ec2_instance_metadata_defaults: what new volumes are encrypted with, and how new instances
//! answer about themselves, in a region.

use crate::resources::lookup::{Row, answer, here, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    DefaultInstanceMetadataEndpointState as Endpoint, DefaultInstanceMetadataTagsState as TagsState,
    InstanceMetadataDefaultsResponse as Defaults, MetadataDefaultHttpTokensState as Tokens,
};

/// The resource type `aws_ebs_default_kms_key`.
pub struct AwsEbsDefaultKmsKey;
/// The resource type `aws_ec2_instance_metadata_defaults`.
pub struct AwsEc2InstanceMetadataDefaults;
/// The data source `aws_ebs_default_kms_key`.
pub struct EbsDefaultKmsKeyData;
/// The data source `aws_ec2_serial_console_access`.
pub struct SerialConsoleAccess;

/// AWS's own key, which a region begins with.
const OF_AWS: &str = "alias/aws/ebs";

async fn key(aws: &Aws) -> Result<String> {
    Ok(aws.read.ec2.get_ebs_default_kms_key_id().send().await?.kms_key_id.unwrap_or_default())
}

async fn set(aws: &Aws, of: &Attrs) -> Result<()> {
    done(aws.write.ec2.modify_ebs_default_kms_key_id().set_kms_key_id(of.string("key_arn")).send().await)
}

impl Resource for AwsEbsDefaultKmsKey {
    type Live = String;

    fn spec() -> Spec<String> {
        let arn = A::string("key_arn").required().force_new().read(|key: &String| key.into());
        Spec::new("aws_ebs_default_kms_key", |key: &String| Some(key.clone()), vec![arn])
            .role(Role::NotServing("it bears on volumes that are yet to be made"))
            .unique(&[&["region"]])
            .recover(Recover::Key)
    }

    /// A region has one; AWS's own key is none of a layout's.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<String>> {
        let key = key(aws).await?;
        let asked = match which {
            Which::Ids(ids) => ids.contains(&key),
            Which::Token(_) => false,
            Which::NaturalKey(want) => want.str("key_arn") == Some(&key),
        };
        Ok(Some(key).filter(|key| asked && !key.ends_with(OF_AWS)).into_iter().collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        set(aws, want).await?;
        made(want.str("key_arn"))
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        done(aws.write.ec2.reset_ebs_default_kms_key_id().send().await)
    }
}

impl DataSource for EbsDefaultKmsKeyData {
    fn schema() -> Schema {
        let own = [answer::<Text>("id"), answer::<Text>("key_arn"), Row::string("region").optional_computed()];
        schema("aws_ebs_default_kms_key", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let all = config.clone().with("id", &*aws.region).with("region", &*aws.region);
        Ok(all.with("key_arn", key(&aws).await?))
    }
}

impl DataSource for SerialConsoleAccess {
    fn schema() -> Schema {
        let own = [answer::<Text>("id"), answer::<Flag>("enabled"), Row::string("region").optional_computed()];
        schema("aws_ec2_serial_console_access", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let enabled = aws.read.ec2.get_serial_console_access_status().send().await?.serial_console_access_enabled;
        let all = config.clone().with("id", &*aws.region).with("region", &*aws.region);
        Ok(all.with("enabled", enabled.unwrap_or(false)))
    }
}

/// The defaults of a region.
pub struct Region {
    name: String,
    defaults: Defaults,
}

held!(Region: defaults as Defaults);

/// What AWS has no default for.
const NONE: &str = "no-preference";

table! {
    Rows: Defaults {
        http_endpoint: Text, none
            [.optional_computed().check(|v| checks::one_of(v, &["enabled", "disabled", NONE]))]
            [.read(|d| d.held().http_endpoint().map_or(NONE, |s| s.as_str()).into())];
        http_put_response_hop_limit: Int, none
            [.optional_computed().check(limit)]
            [.read(|d| d.held().http_put_response_hop_limit().unwrap_or(-1).into())];
        http_tokens: Text, none
            [.optional_computed().check(|v| checks::one_of(v, &["required", "optional", NONE]))]
            [.read(|d| d.held().http_tokens().map_or(NONE, |s| s.as_str()).into())];
        instance_metadata_tags: Text, none
            [.optional_computed().check(|v| checks::one_of(v, &["enabled", "disabled", NONE]))]
            [.read(|d| d.held().instance_metadata_tags().map_or(NONE, |s| s.as_str()).into())];
    }
}

fn limit(value: &Value) -> Result<(), String> {
    checks::number(
        value,
        |n| n == -1 || (1..=64).contains(&n),
        "is not a valid limit; expected 1 to 64, or -1 for none",
    )
}

async fn put(aws: &Aws, of: &Attrs) -> Result<()> {
    let word = |name: &str| text(of, name).unwrap_or_else(|| NONE.to_owned());
    let call = aws
        .write
        .ec2
        .modify_instance_metadata_defaults()
        .http_endpoint(Endpoint::from(&*word("http_endpoint")))
        .http_put_response_hop_limit(of.int("http_put_response_hop_limit").unwrap_or(-1))
        .http_tokens(Tokens::from(&*word("http_tokens")))
        .instance_metadata_tags(TagsState::from(&*word("instance_metadata_tags")));
    done(call.send().await)
}

impl Resource for AwsEc2InstanceMetadataDefaults {
    type Live = Region;

    fn spec() -> Spec<Region> {
        Spec::new("aws_ec2_instance_metadata_defaults", |r: &Region| Some(r.name.clone()), Rows::rows())
            .role(Role::NotServing("it bears on instances that are yet to be started"))
            .unique(&[&["region"]])
            .recover(Recover::Key)
            .id_from(|attrs| attrs.string("region"))
    }

    async fn describe(aws: &Aws, _which: Which<'_>) -> Result<Vec<Region>> {
        let defaults = aws.read.ec2.get_instance_metadata_defaults().send().await?.account_level;
        let defaults = defaults.unwrap_or_else(|| Defaults::builder().build());
        Ok(vec![Region { name: aws.region.to_string(), defaults }])
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        Ok(aws.region.to_string())
    }

    async fn update(aws: &Aws, _id: &str, change: &mut Change<'_>) -> Result<()> {
        let all = ["http_endpoint", "http_put_response_hop_limit", "http_tokens", "instance_metadata_tags"];
        if change.take_any(&all) { put(aws, change.after).await } else { Ok(()) }
    }

    async fn delete(aws: &Aws, _id: &str, _last: &Attrs) -> Result<()> {
        put(aws, &Attrs::default()).await
    }
}
