//! data aws_route_table: one route table that is there.

use crate::resources::lookup::{Row, answer, filters, found, found_by, here, mirrored, one, read_as, schema};
use crate::resources::network::route_table::{AwsRouteTable, is_written, tables};
use crate::resources::network::routes;
use crate::resources::network::routes::{INSTANCE, TARGETS};
use crate::resources::prelude::*;
use crate::schema::Nesting;
use aws_sdk_ec2::types::RouteTableAssociation;

/// The data source `aws_route_table`.
pub struct RouteTableData;

const BY: [(&str, &str); 5] = [
    ("gateway_id", "association.gateway-id"),
    ("id", "route-table-id"),
    ("route_table_id", "route-table-id"),
    ("subnet_id", "association.subnet-id"),
    ("vpc_id", "vpc-id"),
];

block! {
    Association: RouteTableAssociation => RouteTableAssociation {
        gateway_id: Text, read;
        main: Flag, read;
        route_table_association_id: Text, read;
        route_table_id: Text, read;
        subnet_id: Text, read;
    }
}
type Associations = BlockList<Association>;

/// The targets of a route, as the data source gives them.
fn targets() -> Vec<&'static str> {
    TARGETS.into_iter().chain([INSTANCE]).collect()
}

impl DataSource for RouteTableData {
    fn schema() -> Schema {
        let routes = Row::block("routes", Nesting::List, routes::inline_rows(&targets())).row.answered();
        let others = [answer::<Associations>("associations"), Row { row: routes, read: None }];
        let same = mirrored::<AwsRouteTable>(&["arn", "owner_id"]).into_iter();
        schema("aws_route_table", found_by(&BY, same.chain(others)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let t = one(tables(&aws, vec![filters(config, &BY)]).await?, "route table")?;
        let targets = targets();
        let routes = t.routes().iter().filter(|r| is_written(r)).map(|r| routes::inline(r, &targets)).collect();
        Ok(found(config, &aws, &read_as::<AwsRouteTable>(&t))
            .with("associations", Associations::get(t.associations()))
            .with("route_table_id", t.route_table_id())
            .with("routes", Value::list(object_type(&routes::inline_rows(&targets)), routes)))
    }
}
