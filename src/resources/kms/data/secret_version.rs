//! data aws_secretsmanager_secret_version: a value of a secret. Sensitive wherever it goes.

use crate::resources::lookup::{here, schema, time};
use crate::resources::prelude::*;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The data source `aws_secretsmanager_secret_version`.
pub struct SecretVersionData;

const CURRENT: &str = "AWSCURRENT";

impl DataSource for SecretVersionData {
    fn schema() -> Schema {
        let mut all = vec![
            Row::string("secret_id").required(),
            Row::string("version_id").optional_computed(),
            Row::string("version_stage").default(CURRENT),
            Row::string("region").optional_computed(),
            Row::string_set("version_stages").computed(),
        ];
        all.extend(["arn", "created_date", "id", "secret_arn"].map(|n| Row::string(n).computed()));
        all.extend(["secret_binary", "secret_string"].map(|n| Row::string(n).computed().sensitive()));
        schema("aws_secretsmanager_secret_version", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let secret = config.str("secret_id").unwrap_or_default();
        let call = aws.read.secretsmanager.get_secret_value().secret_id(secret);
        let call = match config.string("version_id") {
            Some(version) => call.version_id(version),
            None => call.version_stage(config.str("version_stage").unwrap_or(CURRENT)),
        };
        let v = call.send().await?;
        let version = v.version_id().unwrap_or_default();
        Ok(config
            .clone()
            .with("arn", v.arn())
            .with("created_date", time(v.created_date()))
            .with("id", format!("{secret}|{version}"))
            .with("region", &*aws.region)
            .with("secret_arn", v.arn())
            .with("secret_binary", v.secret_binary().map(|bytes| STANDARD.encode(bytes)))
            .with("secret_string", v.secret_string())
            .with("version_id", version)
            .with("version_stages", Value::string_set(v.version_stages())))
    }
}
