//! data aws_cloudwatch_log_group and data aws_cloudwatch_log_groups: a log group by its name, and those that begin alike.

use crate::aws::api::member_text;
use crate::resources::cloudwatch::log_group::{Group, arn, beginning, class, listed};
use crate::resources::document::{Document, document};
use crate::resources::lookup::{here, one, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;

/// The data source `aws_cloudwatch_log_group`.
pub struct LogGroupData;
/// The data source `aws_cloudwatch_log_groups`.
pub struct LogGroupsData;

document! {
    Rows {
        name = "logGroupName": Text, read [.required()];
        region = "": Text, none [.optional_computed()];
        arn = "": Text, none [.computed().read(|g| arn(g.held()).into())];
        creation_time = "creationTime": Int, read [.computed()];
        deletion_protection_enabled = "deletionProtectionEnabled": Switch, read [.computed()];
        id = "logGroupName": Text, read [.computed()];
        kms_key_id = "kmsKeyId": Text, read [.computed()];
        log_group_class = "": Text, none [.computed().read(|g| class(g.held()).into())];
        retention_in_days = "retentionInDays": Count, read [.computed()];
    }
}

fn group_rows() -> Vec<A<Group>> {
    let tags = A::of("tags", Type::map(Type::String)).optional_computed().read(|g: &Group| tags::of(&g.tags));
    Rows::rows().into_iter().chain([tags]).collect()
}

impl DataSource for LogGroupData {
    fn schema() -> Schema {
        schema("aws_cloudwatch_log_group", unread(group_rows()))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let group = one(listed(&aws, config.string("name").as_slice()).await?, "log group")?;
        Ok(read(config, group_rows(), &group).with("region", &*aws.region))
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
        let all = beginning(&aws, text(config, "log_group_name_prefix").as_deref()).await?;
        Ok(config
            .clone()
            .with("arns", Value::string_set(all.iter().filter_map(arn)))
            .with("id", &*aws.region)
            .with(
                "log_group_names",
                Value::string_set(all.iter().filter_map(|group| member_text(group, "logGroupName"))),
            )
            .with("region", &*aws.region))
    }
}
