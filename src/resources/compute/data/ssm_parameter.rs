//! data aws_ssm_parameter: a value that is kept in Systems Manager, such as the id of the newest image of a
//! vendor. What it holds may be a secret, so `value` is never shown; a plain one is in `insecure_value` too.

use crate::resources::lookup::{Row, here, schema};
use crate::resources::prelude::*;
use crate::value::Number;
use aws_sdk_ssm::types::ParameterType;

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
        let answer = aws.read.ssm.get_parameter().name(name).with_decryption(decrypt).send().await.map_err(Error::from);
        let missing =
            || Error::not_found(format!("no parameter {name} in {}; check the name and the region", aws.region));
        let found = match answer {
            Err(e) if e.is_not_found() => return Err(missing()),
            answer => answer?.parameter.ok_or_else(missing)?,
        };
        let secret = found.r#type() == Some(&ParameterType::SecureString);
        let plain = found.value().filter(|_| !secret);
        Ok(config
            .clone()
            .with("arn", found.arn())
            .with("id", found.name())
            .with("insecure_value", plain.map_or(Value::null(Type::String), Value::from))
            .with("region", &*aws.region)
            .with("type", found.r#type().map(ParameterType::as_str))
            .with("value", Value::from(found.value()).mark(true))
            .with("version", Number::from(found.version())))
    }
}
