//! aws_ec2_transit_gateway_route_table: where a transit gateway sends what comes in by the attachments
//! that are associated with the table.

use super::listed;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_transit_gateway_route_table::builders::CreateTransitGatewayRouteTableFluentBuilder as Create;
use aws_sdk_ec2::types::{ResourceType, TransitGatewayRouteTable};

/// The resource type `aws_ec2_transit_gateway_route_table`.
pub struct AwsEc2TransitGatewayRouteTable;

type Live = WithArn<TransitGatewayRouteTable>;

table! {
    Rows: Live, create Create {
        arn: Text, read [.computed()];
        default_association_route_table: Flag, read [.computed()];
        default_propagation_route_table: Flag, read [.computed()];
        transit_gateway_id: Text [.required().force_new()];
    }
}

impl Resource for AwsEc2TransitGatewayRouteTable {
    type Live = Live;

    fn spec() -> Spec<Live> {
        let id = |t: &Live| t.transit_gateway_route_table_id().map(Into::into);
        Spec::new("aws_ec2_transit_gateway_route_table", id, Rows::rows::<Live>())
            .role(Role::RouteTable(role::RouteTable { routes: None, unjudged: Unjudged::All("routes") }))
            .tags(|t| tags::read(t.tags()))
            .progress(|t| listed::progress(t.state()))
            .wait_for_deletion()
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let by = [("transit-gateway-id", "transit_gateway_id")];
        let found = listed!(
            aws,
            describe_transit_gateway_route_tables,
            tags::filters(which, "transit-gateway-route-table-id", &by)
        )
        .await?;
        Ok(WithArn::all(aws, "transit-gateway-route-table", found, |t| t.transit_gateway_route_table_id()))
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let call = Rows::create(aws.write.ec2.create_transit_gateway_route_table(), want);
        let tags = tags::at_creation(ResourceType::TransitGatewayRouteTable, want, token);
        let answer = call.tag_specifications(tags).send().await?;
        made(answer.transit_gateway_route_table().and_then(|t| t.transit_gateway_route_table_id()))
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws
            .write
            .ec2
            .delete_transit_gateway_route_table()
            .transit_gateway_route_table_id(id)
            .send()
            .await
            .map(drop)?)
    }
}
