//! data aws_autoscaling_groups: the names and ARNs of all scaling groups that match.

use crate::aws::api::member_text;
use crate::resources::block::TextList;
use crate::resources::compute::autoscaling_group::groups;
use crate::resources::lookup::{Row, answer, here, schema};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

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
            json!({"Name": name, "Values": {"member": block.strings("values")}})
        };
        let filters: Vec<Json> = config.blocks("filter").iter().map(filter).collect();
        let names = config.strings("names");
        let input = json!({"Filters": {"member": filters}, "AutoScalingGroupNames": {"member": names}});
        let mut all = groups(&aws, input).await?;
        let name = |group: &Json| member_text(group, "AutoScalingGroupName");
        all.sort_by_key(name);
        Ok(config
            .clone()
            .with("arns", Value::strings(all.iter().filter_map(|g| member_text(g, "AutoScalingGroupARN"))))
            .with("id", &*aws.region)
            .with("names", Value::strings(all.iter().filter_map(name)))
            .with("region", &*aws.region))
    }
}
