//! data aws_autoscaling_groups: the names and ARNs of all scaling groups that match.

use crate::resources::block::TextList;
use crate::resources::lookup::{Row, answer, here, schema};
use crate::resources::prelude::*;
use aws_sdk_autoscaling::types::Filter;

/// The data source `aws_autoscaling_groups`.
pub struct Groups;

impl DataSource for Groups {
    fn schema() -> Schema {
        let filter = rows([Row::string("name").required(), Row::string_list("values").required()]);
        let own = [
            answer::<TextList>("arns"),
            answer::<Text>("id"),
            Row::string_list("names").optional_computed(),
            Row::string("region").optional_computed(),
            Row::block("filter", Nesting::Set, filter),
        ];
        schema("aws_autoscaling_groups", rows(own))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let filter = |block: &Attrs| {
            let name = block.str("name").unwrap_or_default();
            Filter::builder().name(name).set_values(Some(block.strings("values"))).build()
        };
        let filters = some(config.blocks("filter").iter().map(filter).collect());
        let call = aws.read.autoscaling.describe_auto_scaling_groups().set_filters(filters);
        let call = call.set_auto_scaling_group_names(some(config.strings("names")));
        let mut all = all_of(call.into_paginator().items().send()).await?;
        all.sort_by(|a, b| a.auto_scaling_group_name().cmp(&b.auto_scaling_group_name()));
        Ok(config
            .clone()
            .with("arns", Value::strings(all.iter().filter_map(|g| g.auto_scaling_group_arn())))
            .with("id", &*aws.region)
            .with("names", Value::strings(all.iter().filter_map(|g| g.auto_scaling_group_name())))
            .with("region", &*aws.region))
    }
}
