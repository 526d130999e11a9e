//! aws_vpn_gateway_route_propagation: whether a route table takes the routes that a virtual private
//! gateway learns. It is an entry of the table, named by both ids.

use super::{first_halves, halves};
use crate::aws::{Aws, Error, Result, filtered};
use crate::resources::settle;
use crate::resources::spec::{self, Resource, Spec, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{Attrs, Change};
use crate::value::Value;
use aws_sdk_ec2::types::PropagatingVgw;

type A = spec::A<Live>;

/// The resource type `aws_vpn_gateway_route_propagation`.
pub struct AwsVpnGatewayRoutePropagation;

/// A propagation as listed with its table.
pub struct Live {
    gateway: String,
    table: String,
}

fn id(gateway: &str, table: &str) -> String {
    format!("{gateway}_{table}")
}

fn import(text: &str) -> Option<Vec<(&'static str, Value)>> {
    let (gateway, table) = halves(text)?;
    (gateway.starts_with("vgw-") && table.starts_with("rtb-"))
        .then(|| vec![("vpn_gateway_id", gateway.into()), ("route_table_id", table.into())])
}

impl Resource for AwsVpnGatewayRoutePropagation {
    type Live = Live;

    fn spec() -> Spec<Live> {
        Spec::new(
            "aws_vpn_gateway_route_propagation",
            |l| Some(id(&l.gateway, &l.table)),
            vec![
                A::string("route_table_id").required().force_new().read(|l| l.table.as_str().into()),
                A::string("vpn_gateway_id").required().force_new().read(|l| l.gateway.as_str().into()),
            ],
        )
        .holds_again(crate::resources::holds::propagation)
        .unique(&[&["vpn_gateway_id", "route_table_id"]])
        .recover(Recover::Key)
        .import("VPNGATEWAYID_ROUTETABLEID", import)
        // A gateway that is not attached to the table's VPC is refused.
        .implicit_after(&["aws_vpn_gateway_attachment"])
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Live>> {
        let asked: Vec<String> = match which {
            Which::Ids(ids) => ids.to_vec(),
            Which::Token(_) => Vec::new(),
            Which::NaturalKey(want) => {
                let text = |name: &str| want.str(name).unwrap_or_default();
                vec![id(text("vpn_gateway_id"), text("route_table_id"))]
            }
        };
        let turned: Vec<String> = asked.iter().filter_map(|id| halves(id)).map(|(g, t)| id(t, g)).collect();
        let filters = filtered("route-table-id", &first_halves(&turned));
        let tables = aws
            .pages(filters, |f| {
                aws.read.ec2.describe_route_tables().set_filters(Some(f)).into_paginator().items().send()
            })
            .await?;
        let all = tables.iter().flat_map(|t| {
            let table = t.route_table_id().unwrap_or_default();
            let gateways = t.propagating_vgws().iter().filter_map(PropagatingVgw::gateway_id);
            gateways.map(move |gateway| Live { gateway: gateway.to_owned(), table: table.to_owned() })
        });
        Ok(all.filter(|l| asked.contains(&id(&l.gateway, &l.table))).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let (gateway, table) =
            (want.str("vpn_gateway_id").unwrap_or_default(), want.str("route_table_id").unwrap_or_default());
        aws.write.ec2.enable_vgw_route_propagation().gateway_id(gateway).route_table_id(table).send().await?;
        Ok(id(gateway, table))
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, _id: &str, last: &Attrs) -> Result<()> {
        let call = aws
            .write
            .ec2
            .disable_vgw_route_propagation()
            .set_gateway_id(last.string("vpn_gateway_id"))
            .set_route_table_id(last.string("route_table_id"));
        settle::unless_gone(call.send().await.map_err(Error::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_propagation_is_imported_by_gateway_and_table() {
        assert_eq!(import("vgw-1_rtb-1").map(|args| args.len()), Some(2));
        assert_eq!(import("rtb-1_vgw-1"), None);
    }
}
