//! data aws_secretsmanager_secret_version: a value of a secret. Sensitive wherever it goes.

use crate::aws::api::member_text;
use crate::aws::api::services::SECRETS;
use crate::resources::block::TimestampCell;
use crate::resources::document::at;
use crate::resources::lookup::{here, schema};
use crate::resources::prelude::*;
use serde_json::json;

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
        let input = match config.str("version_id") {
            Some(version) => json!({"SecretId": secret, "VersionId": version}),
            None => json!({"SecretId": secret, "VersionStage": config.str("version_stage").unwrap_or(CURRENT)}),
        };
        let v = &aws.read.api.call(&SECRETS, "GetSecretValue", input).await?;
        let arn = member_text(v, "ARN");
        let version = member_text(v, "VersionId").unwrap_or_default();
        Ok(config
            .clone()
            .with("arn", arn.clone())
            .with("created_date", at::<TimestampCell>(v, "CreatedDate"))
            .with("id", format!("{secret}|{version}"))
            .with("region", &*aws.region)
            .with("secret_arn", arn)
            .with("secret_binary", member_text(v, "SecretBinary"))
            .with("secret_string", member_text(v, "SecretString"))
            .with("version_id", version)
            .with("version_stages", at::<Texts>(v, "VersionStages")))
    }
}
