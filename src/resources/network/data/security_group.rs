//! data aws_security_group: one group that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::network::security_group::listed;
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::schema::{Attrs, Schema};

/// The data source `aws_security_group`.
pub struct SecurityGroupData;

impl DataSource for SecurityGroupData {
    fn schema() -> Schema {
        let mut all = Vec::from(["id", "name", "vpc_id"].map(|n| Row::string(n).optional_computed()));
        all.extend(["arn", "description"].map(|n| Row::string(n).computed()));
        all.extend(lookup_rows());
        schema("aws_security_group", rows(all))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let by = filters(config, &[("id", "group-id"), ("name", "group-name"), ("vpc_id", "vpc-id")]);
        let found = one(listed(&aws, vec![by]).await?, "security group")?;
        let group = &found.group;
        Ok(config
            .clone()
            .with("arn", &found.arn)
            .with("description", group.description())
            .with("id", group.group_id())
            .with("name", group.group_name())
            .with("region", &*aws.region)
            .with("tags", tags::read(group.tags()))
            .with("vpc_id", group.vpc_id()))
    }
}
