//! data aws_cloudwatch_log_group: a log group by its name.

use crate::resources::block::TextMap;
use crate::resources::cloudwatch::log_group::{Group, arn, listed};
use crate::resources::lookup::{here, one, read, schema};
use crate::resources::prelude::*;
use crate::resources::spec::unread;
use aws_sdk_cloudwatchlogs::types::LogGroupClass;

/// The data source `aws_cloudwatch_log_group`.
pub struct LogGroupData;

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
