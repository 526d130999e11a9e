//! data aws_cloudwatch_log_group: a log group by its name.

use crate::resources::cloudwatch::log_group::{Group, arn, listed};
use crate::resources::lookup::{Row, here, one, schema};
use crate::resources::prelude::*;
use aws_sdk_cloudwatchlogs::types::LogGroupClass;

/// The data source `aws_cloudwatch_log_group`.
pub struct LogGroupData;

impl DataSource for LogGroupData {
    fn schema() -> Schema {
        let all = [
            Row::string("name").required(),
            Row::of("tags", Type::map(Type::String)).optional_computed(),
            Row::string("region").optional_computed(),
            Row::string("arn").computed(),
            Row::number("creation_time").computed(),
            Row::bool("deletion_protection_enabled").computed(),
            Row::string("id").computed(),
            Row::string("kms_key_id").computed(),
            Row::string("log_group_class").computed(),
            Row::number("retention_in_days").computed(),
        ];
        schema("aws_cloudwatch_log_group", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let name = config.string("name").unwrap_or_default();
        let found: Group = one(listed(&aws, std::slice::from_ref(&name)).await?, "log group")?;
        let group = &found.group;
        Ok(config
            .clone()
            .with("arn", arn(group))
            .with("creation_time", group.creation_time())
            .with("deletion_protection_enabled", group.deletion_protection_enabled().unwrap_or(false))
            .with("id", name)
            .with("kms_key_id", group.kms_key_id())
            .with("log_group_class", group.log_group_class().map_or("STANDARD", LogGroupClass::as_str))
            .with("region", &*aws.region)
            .with("retention_in_days", group.retention_in_days().unwrap_or(0))
            .with("tags", found.visible_tags()))
    }
}
