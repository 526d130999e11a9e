//! aws_ec2_transit_gateway_route_table_propagation: whether a table learns the routes of an
//! attachment. It is an entry of the table, and AWS lists one table per call.

use super::listed::{self, In};
use super::transit_association::{KEY, ends};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::TransitGatewayRouteTablePropagation;

/// The resource type `aws_ec2_transit_gateway_route_table_propagation`.
pub struct AwsEc2TransitGatewayRouteTablePropagation;

/// A propagation as listed with its table.
pub type Live = In<TransitGatewayRouteTablePropagation>;

table! {
    Rows: Live {
        resource_id: Text, read [.computed()];
        resource_type: EnumCell, read [.computed()];
        transit_gateway_attachment_id: Text, read [.required().force_new()];
        transit_gateway_route_table_id: Text, read(whole) [.required().force_new()];
    }
}

/// The propagations into tables.
pub async fn of_tables(aws: &Aws, tables: Vec<String>) -> Result<Vec<Live>> {
    let found = each(tables, |table| async move {
        let call = aws.read.ec2.get_transit_gateway_route_table_propagations();
        let pages = call.transit_gateway_route_table_id(&table).into_paginator().items().send();
        let all: Vec<_> = pages.collect::<Result<_, _>>().await?;
        Ok(all.into_iter().map(|entry| In::new(&*table, entry)).collect::<Vec<Live>>())
    });
    Ok(found.await?.into_iter().flatten().collect())
}

/// Lets the table learn the attachment's routes.
pub async fn enable(aws: &Aws, [table, attachment]: [&str; 2]) -> Result<()> {
    let call = aws.write.ec2.enable_transit_gateway_route_table_propagation();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    match call.send().await.map_err(Error::from) {
        Err(e) if e.kind == Kind::Exists => Ok(()),
        done => done.map(drop),
    }
}

/// Lets the table forget the attachment's routes.
pub async fn disable(aws: &Aws, [table, attachment]: [&str; 2]) -> Result<()> {
    let call = aws.write.ec2.disable_transit_gateway_route_table_propagation();
    let call = call.transit_gateway_route_table_id(table).transit_gateway_attachment_id(attachment);
    settle::unless_gone(call.send().await)
}

impl Resource for AwsEc2TransitGatewayRouteTablePropagation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_ec2_transit_gateway_route_table_propagation", &KEY, Rows::rows::<Live>())
            .role(Role::OtherRoute(Unjudged::All("routes")))
            .progress(|l| listed::progress(l.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        of_tables(aws, which.parts(&KEY, "transit_gateway_route_table_id")).await
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        enable(aws, ends(want)).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        disable(aws, ends(last)).await
    }
}
