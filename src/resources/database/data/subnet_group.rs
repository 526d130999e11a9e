//! data aws_db_subnet_group and data aws_db_instances: a group of subnets by its name, and the databases that match.

use super::super::rds::filters;
use super::super::shapes::INSTANCES;
use super::super::subnet_group::AwsDbSubnetGroup;
use super::super::tagging;
use crate::aws::api::member_text;
use crate::resources::block::TextList;
use crate::resources::lookup::{self, Row, answer, here, lookup_rows, mirrored, one, schema};
use crate::resources::prelude::*;

/// The data source `aws_db_subnet_group`.
pub struct SubnetGroupData;
/// The data source `aws_db_instances`.
pub struct Instances;

const SAME: [&str; 6] = ["arn", "description", "id", "subnet_ids", "supported_network_types", "vpc_id"];

impl DataSource for SubnetGroupData {
    fn schema() -> Schema {
        let own = [Row::string("name").required(), Row::string("region").optional_computed(), answer::<Text>("status")];
        schema("aws_db_subnet_group", rows(mirrored::<AwsDbSubnetGroup>(&SAME).into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let id = [config.string("name").unwrap_or_default()];
        let group = one(AwsDbSubnetGroup::describe(&aws, Which::Ids(&id)).await?, "subnet group")?;
        let attrs = AwsDbSubnetGroup::spec().read(&group);
        let kept: Attrs = SAME.iter().filter_map(|name| Some((*name, attrs.get(name)?.clone()))).collect();
        Ok(lookup::found(config, &aws, &kept).with("status", member_text(&group, "SubnetGroupStatus")))
    }
}

impl DataSource for Instances {
    fn schema() -> Schema {
        let lists = ["instance_arns", "instance_identifiers"].map(answer::<TextList>);
        schema("aws_db_instances", rows(lists.into_iter().chain([answer::<Text>("id")]).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut all = INSTANCES.list(&aws, filters(config)).await?;
        let wanted = config.string_map("tags");
        all.retain(|d| tags::hold_all(&tagging::of(d), &wanted));
        all.sort_by_key(|d| member_text(d, "DBInstanceIdentifier"));
        let texts = |name: &str| Value::strings(all.iter().filter_map(|d| member_text(d, name)));
        Ok(config
            .clone()
            .with("id", &*aws.region)
            .with("instance_arns", texts("DBInstanceArn"))
            .with("instance_identifiers", texts("DBInstanceIdentifier"))
            .with("region", &*aws.region))
    }
}
