//! aws_ec2_transit_gateway_route_table: where a transit gateway sends what comes in by the attachments
//! that are associated with the table.

use crate::aws::{Aws, Result, filter, filtered, made};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which};
use crate::resources::tags;
use crate::schema::{Attrs, Change};
use aws_sdk_ec2::types::{ResourceType, TransitGatewayRouteTable, TransitGatewayRouteTableState as State};

type A = spec::A<Live>;

/// The resource type `aws_ec2_transit_gateway_route_table`.
pub struct AwsEc2TransitGatewayRouteTable;

/// A table as listed.
pub struct Live {
    table: TransitGatewayRouteTable,
    arn: String,
}

fn progress(l: &Live) -> Progress {
    match l.table.state() {
        Some(State::Available) | None => Progress::Ready,
        Some(State::Deleted) => Progress::Gone,
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

impl Resource for AwsEc2TransitGatewayRouteTable {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let [tags, tags_all] = A::tags(|l| tags::read(l.table.tags()));
        Spec::new(
            "aws_ec2_transit_gateway_route_table",
            |l| l.table.transit_gateway_route_table_id().map(Into::into),
            vec![
                A::string("transit_gateway_id").required().force_new().read(|l| l.table.transit_gateway_id().into()),
                A::string("arn").computed().read(|l| l.arn.as_str().into()),
                A::bool("default_association_route_table")
                    .computed()
                    .read(|l| l.table.default_association_route_table().into()),
                A::bool("default_propagation_route_table")
                    .computed()
                    .read(|l| l.table.default_propagation_route_table().into()),
                tags,
                tags_all,
            ],
        )
        .progress(progress)
        .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let filters = match which {
            Which::Ids(ids) => filtered("transit-gateway-route-table-id", ids),
            Which::Token(token) => vec![vec![tags::token_filter(token)]],
            Which::NaturalKey(want) => {
                vec![vec![filter("transit-gateway-id", want.str("transit_gateway_id").unwrap_or_default())]]
            }
        };
        let found = aws
            .pages(filters, |f| {
                aws.read
                    .ec2
                    .describe_transit_gateway_route_tables()
                    .set_filters(Some(f))
                    .into_paginator()
                    .items()
                    .send()
            })
            .await?;
        let live = |table: TransitGatewayRouteTable| {
            let id = table.transit_gateway_route_table_id().unwrap_or_default();
            Live { arn: aws.ec2_arn(&format!("transit-gateway-route-table/{id}")), table }
        };
        Ok(found.into_iter().map(live).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let answer = aws
            .write
            .ec2
            .create_transit_gateway_route_table()
            .set_transit_gateway_id(want.string("transit_gateway_id"))
            .tag_specifications(tags::at_creation(ResourceType::TransitGatewayRouteTable, want, token))
            .send()
            .await?;
        let table = answer.transit_gateway_route_table();
        made(table.and_then(TransitGatewayRouteTable::transit_gateway_route_table_id))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        aws.write.ec2.delete_transit_gateway_route_table().transit_gateway_route_table_id(id).send().await?;
        Ok(())
    }
}
