//! data aws_vpcs, aws_route_tables, aws_network_acls, aws_security_groups: the ids of all that match.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{self, Row, filters, here, lookup_rows};
use crate::resources::network::{route_table, security_group};
use crate::resources::spec::{DataSource, rows};
use crate::schema::{Attrs, Schema};
use crate::value::Value;

/// The data source `aws_vpcs`.
pub struct Vpcs;
/// The data source `aws_route_tables`.
pub struct RouteTables;
/// The data source `aws_network_acls`.
pub struct NetworkAcls;
/// The data source `aws_security_groups`.
pub struct SecurityGroups;

const IN_VPC: [(&str, &str); 1] = [("vpc_id", "vpc-id")];

fn schema(name: &'static str, others: impl IntoIterator<Item = Row>) -> Schema {
    let ids = [Row::string("id").computed(), Row::string_list("ids").computed()];
    lookup::schema(name, rows(ids.into_iter().chain(others).chain(lookup_rows())))
}

impl DataSource for Vpcs {
    fn schema() -> Schema {
        schema("aws_vpcs", [])
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = |f| aws.read.ec2.describe_vpcs().set_filters(Some(f)).into_paginator().items().send();
        let found = aws.pages(vec![filters(config, &[])], call).await?;
        Ok(lookup::ids(config, &aws, found.iter().filter_map(|v| v.vpc_id())))
    }
}

impl DataSource for RouteTables {
    fn schema() -> Schema {
        schema("aws_route_tables", [Row::string("vpc_id")])
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let found = route_table::listed(&aws, vec![filters(config, &IN_VPC)]).await?;
        Ok(lookup::ids(config, &aws, found.iter().filter_map(|t| t.route_table_id())))
    }
}

impl DataSource for NetworkAcls {
    fn schema() -> Schema {
        schema("aws_network_acls", [Row::string("vpc_id")])
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = |f| aws.read.ec2.describe_network_acls().set_filters(Some(f)).into_paginator().items().send();
        let found = aws.pages(vec![filters(config, &IN_VPC)], call).await?;
        Ok(lookup::ids(config, &aws, found.iter().filter_map(|a| a.network_acl_id())))
    }
}

impl DataSource for SecurityGroups {
    fn schema() -> Schema {
        schema("aws_security_groups", ["arns", "vpc_ids"].map(|n| Row::string_list(n).computed()))
    }

    /// The three lists have the same order.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found = security_group::listed(&aws, vec![filters(config, &[])]).await?;
        found.sort_by(|a, b| a.group.group_id().cmp(&b.group.group_id()));
        Ok(lookup::ids(config, &aws, found.iter().filter_map(|g| g.group.group_id()))
            .with("arns", Value::strings(found.iter().map(|g| &g.arn)))
            .with("vpc_ids", Value::strings(found.iter().map(|g| g.group.vpc_id().unwrap_or_default()))))
    }
}
