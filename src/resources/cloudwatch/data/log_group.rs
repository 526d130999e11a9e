//! data aws_cloudwatch_log_group and data aws_cloudwatch_log_groups: a log group by its name, and those that begin alike.

use crate::resources::block::TextMap;
use crate::resources::cloudwatch::log_group::{Group, arn, listed};
use crate::resources::lookup::{here, one, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_sdk_cloudwatchlogs::types::LogGroupClass;

/// The data source `aws_cloudwatch_log_group`.
pub struct LogGroupData;
/// The data source `aws_cloudwatch_log_groups`.
pub struct LogGroupsData;

table! {
    Rows: Group {
        name = log_group_name: Text, read [.required()];
        tags: TextMap, none [.optional_computed().read(|g| tags::of(&g.held().tags))];
        region: Text, none [.optional_computed()];
        arn: Text, none [.computed().read(|g| arn(g.held()).into())];
        creation_time: Int, read [.computed()];
        deletion_protection_enabled: Switch, read [.computed()];
        id = log_group_name: Text, read [.computed()];
        kms_key_id: Text, read [.computed()];
        log_group_class: EnumCell, none
            [.computed().read(|g| g.held().log_group_class().map_or("STANDARD", LogGroupClass::as_str).into())];
        retention_in_days: Count, read [.computed()];
    }
}

impl DataSource for LogGroupData {
    fn schema() -> Schema {
        schema("aws_cloudwatch_log_group", unread(Rows::rows::<Group>()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let group = one(listed(&aws, config.string("name").as_slice()).await?, "log group")?;
        Ok(read(config, Rows::rows(), &group).with("region", &*aws.region))
    }
}

impl DataSource for LogGroupsData {
    fn schema() -> Schema {
        let all = [
            Row::string_set("arns").computed(),
            Row::string("id").computed(),
            Row::string("log_group_name_prefix"),
            Row::string_set("log_group_names").computed(),
            Row::string("region").optional_computed(),
        ];
        schema("aws_cloudwatch_log_groups", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws.read.logs.describe_log_groups().set_log_group_name_prefix(text(config, "log_group_name_prefix"));
        let all = all_of(call.into_paginator().items().send()).await?;
        Ok(config
            .clone()
            .with("arns", Value::string_set(all.iter().filter_map(arn)))
            .with("id", &*aws.region)
            .with("log_group_names", Value::string_set(all.iter().filter_map(|group| group.log_group_name())))
            .with("region", &*aws.region))
    }
}
