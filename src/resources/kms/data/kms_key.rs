//! data aws_kms_key: one key, by id, ARN or alias.

use crate::aws::{Aws, Result};
use crate::resources::kms::kms_key::described_with;
use crate::resources::lookup::{Row, here, schema, time};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};
use aws_sdk_kms::types::{
    ExpirationModelType, KeyManagerType, KeyMetadata, KeySpec, KeyState, KeyUsageType, MultiRegionConfiguration,
    MultiRegionKey, MultiRegionKeyType, OriginType,
};

/// The data source `aws_kms_key`.
pub struct KmsKeyData;

fn place_type() -> Type {
    Type::object(["arn", "region"].map(|n| (n, Type::String)))
}

fn places_type() -> Type {
    Type::object([
        ("multi_region_key_type", Type::String),
        ("primary_key", Type::list(place_type())),
        ("replica_keys", Type::list(place_type())),
    ])
}

fn external_type() -> Type {
    Type::object([("id", Type::String)])
}

fn place(key: &MultiRegionKey) -> Value {
    Value::object([("arn", Value::from(key.arn())), ("region", key.region().into())])
}

fn places(of: Option<&MultiRegionConfiguration>) -> Value {
    let one = |c: &MultiRegionConfiguration| {
        let kind = c.multi_region_key_type().map(MultiRegionKeyType::as_str);
        Value::object([
            ("multi_region_key_type", Value::from(kind)),
            ("primary_key", Value::list(place_type(), c.primary_key().iter().map(|k| place(k)).collect())),
            ("replica_keys", Value::list(place_type(), c.replica_keys().iter().map(place).collect())),
        ])
    };
    Value::list(places_type(), of.into_iter().map(one).collect())
}

fn external(meta: &KeyMetadata) -> Value {
    let ids = meta.xks_key_configuration().into_iter().map(|x| Value::object([("id", Value::from(x.id()))]));
    Value::list(external_type(), ids.collect())
}

impl DataSource for KmsKeyData {
    fn schema() -> Schema {
        let texts = [
            "arn",
            "aws_account_id",
            "cloud_hsm_cluster_id",
            "creation_date",
            "custom_key_store_id",
            "customer_master_key_spec",
            "deletion_date",
            "description",
            "expiration_model",
            "id",
            "key_manager",
            "key_spec",
            "key_state",
            "key_usage",
            "origin",
            "valid_to",
        ];
        let given = [
            Row::string("key_id").required(),
            Row::string_list("grant_tokens"),
            Row::string("region").optional_computed(),
        ];
        let others = [
            Row::bool("enabled"),
            Row::bool("multi_region"),
            Row::of("multi_region_configuration", Type::list(places_type())),
            Row::number("pending_deletion_window_in_days"),
            Row::of("xks_key_configuration", Type::list(external_type())),
        ];
        let computed = texts.map(Row::string).into_iter().chain(others).map(Row::computed);
        schema("aws_kms_key", rows(given.into_iter().chain(computed)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let id = config.str("key_id").unwrap_or_default();
        let k = described_with(&aws, id, config.strings("grant_tokens")).await?;
        let spec = k.key_spec().map(KeySpec::as_str);
        Ok(config
            .clone()
            .with("arn", k.arn())
            .with("aws_account_id", k.aws_account_id())
            .with("cloud_hsm_cluster_id", k.cloud_hsm_cluster_id())
            .with("creation_date", time(k.creation_date()))
            .with("custom_key_store_id", k.custom_key_store_id())
            .with("customer_master_key_spec", spec)
            .with("deletion_date", time(k.deletion_date()))
            .with("description", k.description())
            .with("enabled", k.enabled())
            .with("expiration_model", k.expiration_model().map(ExpirationModelType::as_str))
            .with("id", k.key_id())
            .with("key_manager", k.key_manager().map(KeyManagerType::as_str))
            .with("key_spec", spec)
            .with("key_state", k.key_state().map(KeyState::as_str))
            .with("key_usage", k.key_usage().map(KeyUsageType::as_str))
            .with("multi_region", k.multi_region())
            .with("multi_region_configuration", places(k.multi_region_configuration()))
            .with("origin", k.origin().map(OriginType::as_str))
            .with("pending_deletion_window_in_days", k.pending_deletion_window_in_days())
            .with("region", &*aws.region)
            .with("valid_to", time(k.valid_to()))
            .with("xks_key_configuration", external(&k)))
    }
}
