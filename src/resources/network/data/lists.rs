//! data aws_vpcs, aws_subnets, aws_route_tables, aws_network_acls, aws_security_groups: the ids of all that match.

use crate::resources::block::TextList;
use crate::resources::lookup;
use crate::resources::lookup::{Row, answer, filters, found_by, here};
use crate::resources::network::{acl_entries, route_table, security_group, subnet, vpc};
use crate::resources::prelude::*;

/// The data source `aws_security_groups`.
pub struct SecurityGroups;

const IN_VPC: [(&str, &str); 1] = [("vpc_id", "vpc-id")];

fn schema(name: &'static str, others: impl IntoIterator<Item = Row>) -> Schema {
    let ids = [answer::<Text>("id"), answer::<TextList>("ids")];
    lookup::schema(name, found_by(&[], ids.into_iter().chain(others)))
}

/// Data sources that give ids alone: the arguments beside filters, what lists the objects, and the id of one.
macro_rules! ids {
    ($($(#[$doc:meta])* $type:ident, $name:literal, $by:expr, $listed:path, $id:ident;)*) => {$(
        $(#[$doc])*
        pub struct $type;

        impl DataSource for $type {
            fn schema() -> Schema {
                schema($name, $by.iter().map(|(name, _)| Row::string(name)))
            }

            async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
                let aws = here(aws, config);
                let found = $listed(&aws, vec![filters(config, $by)]).await?;
                Ok(lookup::ids(config, &aws, found.iter().filter_map(|one| one.$id())))
            }
        }
    )*};
}

ids! {
    /// The data source `aws_vpcs`.
    Vpcs, "aws_vpcs", &NONE, vpc::listed, vpc_id;
    /// The data source `aws_subnets`.
    Subnets, "aws_subnets", &NONE, subnet::listed, subnet_id;
    /// The data source `aws_route_tables`.
    RouteTables, "aws_route_tables", &IN_VPC, route_table::listed, route_table_id;
    /// The data source `aws_network_acls`.
    NetworkAcls, "aws_network_acls", &IN_VPC, acl_entries::listed, network_acl_id;
}

const NONE: [(&str, &str); 0] = [];

impl DataSource for SecurityGroups {
    fn schema() -> Schema {
        schema("aws_security_groups", ["arns", "vpc_ids"].map(answer::<TextList>))
    }

    /// The three lists have the same order.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let mut found = security_group::listed(&aws, vec![filters(config, &[])]).await?;
        found.sort_by(|a, b| a.group_id().cmp(&b.group_id()));
        Ok(lookup::ids(config, &aws, found.iter().filter_map(|g| g.group_id()))
            .with("arns", Value::strings(found.iter().map(security_group::arn)))
            .with("vpc_ids", Value::strings(found.iter().map(|g| g.vpc_id().unwrap_or_default()))))
    }
}
