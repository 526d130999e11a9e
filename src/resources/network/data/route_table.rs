//! data aws_route_table: one route table that is there.

use crate::aws::{Aws, Result};
use crate::resources::lookup::{Row, filters, here, lookup_rows, one, schema};
use crate::resources::network::route_table::{is_written, tables};
use crate::resources::network::routes::{TARGETS, target};
use crate::resources::spec::{DataSource, rows};
use crate::resources::tags;
use crate::schema::{Attrs, Schema};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{Route, RouteTableAssociation};

/// The data source `aws_route_table`.
pub struct RouteTableData;

const BY: [(&str, &str); 5] = [
    ("gateway_id", "association.gateway-id"),
    ("id", "route-table-id"),
    ("route_table_id", "route-table-id"),
    ("subnet_id", "association.subnet-id"),
    ("vpc_id", "vpc-id"),
];

const DESTINATIONS: [&str; 3] = ["cidr_block", "destination_prefix_list_id", "ipv6_cidr_block"];
/// A target that a route has beside its network interface.
const INSTANCE: &str = "instance_id";

fn route_type() -> Type {
    let targets = TARGETS.into_iter().filter(|name| *name != INSTANCE);
    Type::object(DESTINATIONS.into_iter().chain(targets).chain([INSTANCE]).map(|n| (n, Type::String)))
}

fn association_type() -> Type {
    let texts = ["gateway_id", "route_table_association_id", "route_table_id", "subnet_id"];
    Type::object(texts.into_iter().map(|n| (n, Type::String)).chain([("main", Type::Bool)]))
}

fn route(r: &Route) -> Value {
    let targets = TARGETS.into_iter().map(|name| (name, Value::from(target(r, name))));
    let rest = [
        ("cidr_block", Value::from(r.destination_cidr_block())),
        ("destination_prefix_list_id", r.destination_prefix_list_id().into()),
        (INSTANCE, r.instance_id().into()),
        ("ipv6_cidr_block", r.destination_ipv6_cidr_block().into()),
    ];
    Value::object(targets.chain(rest))
}

fn association(a: &RouteTableAssociation) -> Value {
    Value::object([
        ("gateway_id", Value::from(a.gateway_id())),
        ("main", a.main().into()),
        ("route_table_association_id", a.route_table_association_id().into()),
        ("route_table_id", a.route_table_id().into()),
        ("subnet_id", a.subnet_id().into()),
    ])
}

impl DataSource for RouteTableData {
    fn schema() -> Schema {
        let by = BY.iter().map(|(name, _)| Row::string(name).optional_computed());
        let others = [
            Row::string("arn"),
            Row::of("associations", Type::list(association_type())),
            Row::string("owner_id"),
            Row::of("routes", Type::list(route_type())),
        ];
        schema("aws_route_table", rows(by.chain(others.map(Row::computed)).chain(lookup_rows())))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let t = one(tables(&aws, vec![filters(config, &BY)]).await?, "route table")?;
        let routes = t.table.routes().iter().filter(|r| is_written(r)).map(route).collect();
        let associations = t.table.associations().iter().map(association).collect();
        Ok(config
            .clone()
            .with("arn", &t.arn)
            .with("associations", Value::list(association_type(), associations))
            .with("id", t.table.route_table_id())
            .with("owner_id", t.table.owner_id())
            .with("region", &*aws.region)
            .with("route_table_id", t.table.route_table_id())
            .with("routes", Value::list(route_type(), routes))
            .with("tags", tags::read(t.table.tags()))
            .with("vpc_id", t.table.vpc_id()))
    }
}
