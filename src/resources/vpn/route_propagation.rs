//! aws_vpn_gateway_route_propagation: whether a route table takes the routes that a virtual private
//! gateway learns. It is an entry of the table, named by both ids.

use super::listed::In;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::enable_vgw_route_propagation::builders::EnableVgwRoutePropagationFluentBuilder as Enable;
use aws_sdk_ec2::types::PropagatingVgw;

/// The resource type `aws_vpn_gateway_route_propagation`.
pub struct AwsVpnGatewayRoutePropagation;

/// A propagation as listed with its table.
type Live = In<PropagatingVgw>;

table! {
    Rows: Live, create Enable {
        route_table_id: Text, read(whole), create [.required().force_new()];
        vpn_gateway_id = gateway_id: Text [.required().force_new()];
    }
}

static KEY: Composite = Composite::new(&["vpn_gateway_id", "route_table_id"], "_").marked(&["vgw-", "rtb-"]);

impl Resource for AwsVpnGatewayRoutePropagation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::composite("aws_vpn_gateway_route_propagation", &KEY, Rows::rows::<Live>())
            .role(Role::OtherRoute(Unjudged::All("routes")))
            .holds_again(crate::resources::holds::propagation)
            // A gateway that is not attached to the table's VPC is refused.
            .implicit_after(&["aws_vpn_gateway_attachment"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let tables =
            listed!(aws, describe_route_tables, filtered("route-table-id", &which.parts(&KEY, "route_table_id")))
                .await?;
        let entries = tables.iter().flat_map(|t| {
            let table = t.route_table_id().unwrap_or_default();
            t.propagating_vgws().iter().map(move |gateway| In::new(table, gateway.clone()))
        });
        Ok(entries.collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        Rows::create(aws.write.ec2.enable_vgw_route_propagation(), want).send().await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws.write.ec2.disable_vgw_route_propagation().set_gateway_id(last.string("vpn_gateway_id"));
        settle::unless_gone(call.set_route_table_id(last.string("route_table_id")).send().await)
    }
}
