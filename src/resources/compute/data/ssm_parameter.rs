//! data aws_ssm_parameter: a value that is kept in Systems Manager, such as the id of the newest image of a
//! vendor. What it holds may be a secret, so `value` is never shown; a plain one is in `insecure_value` too.

use crate::aws::api::services::SSM;
use crate::aws::api::{member, member_text};
use crate::resources::lookup::{Row, here, schema};
use crate::resources::prelude::*;
use serde_json::json;

/// The data source `aws_ssm_parameter`.
pub struct SsmParameter;

impl DataSource for SsmParameter {
    fn schema() -> Schema {
        let all = vec![
            Row::string("name").required(),
            Row::string("region").optional_computed(),
            Row::bool("with_decryption").default(true),
            Row::string("arn").computed(),
            Row::string("id").computed(),
            Row::string("insecure_value").computed(),
            Row::string("type").computed(),
            Row::string("value").computed().sensitive(),
            Row::number("version").computed(),
        ];
        schema("aws_ssm_parameter", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let name = config.str("name").unwrap_or_default();
        let decrypt = config.bool("with_decryption").unwrap_or(true);
        let input = json!({"Name": name, "WithDecryption": decrypt});
        let answer = aws.read.api.call(&SSM, "GetParameter", input).await;
        let missing =
            || Error::not_found(format!("no parameter {name} in {}; check the name and the region", aws.region));
        let found = match answer {
            Err(e) if e.is_not_found() => return Err(missing()),
            answer => member(&answer?, "Parameter").ok_or_else(missing)?.clone(),
        };
        let text = |name: &str| member_text(&found, name);
        let plain = text("Value").filter(|_| text("Type").as_deref() != Some("SecureString"));
        Ok(config
            .clone()
            .with("arn", text("ARN"))
            .with("id", text("Name"))
            .with("insecure_value", plain)
            .with("region", &*aws.region)
            .with("type", text("Type"))
            .with("value", Value::from(text("Value")).mark(true))
            .with("version", found["Version"].as_i64().map_or(Value::null(Type::Number), Value::from)))
    }
}
