//! The VPN family: site-to-site connections and transit gateways, and what they hang on.

mod connection;
mod connection_route;
mod customer_gateway;
mod data;
mod gateway;
mod gateway_attachment;
mod limits;
mod route_propagation;
mod transit_association;
mod transit_gateway;
mod transit_propagation;
mod transit_route;
mod transit_route_table;
mod transit_vpc_attachment;
mod tunnel;
mod tunnel_change;
mod tunnel_config;

use super::any::{AnyData, AnyResource, Registry, add};
use crate::aws::{Result, each};
use aws_sdk_ec2::types::Filter;

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<connection::AwsVpnConnection>(all);
    add::<connection_route::AwsVpnConnectionRoute>(all);
    add::<customer_gateway::AwsCustomerGateway>(all);
    add::<gateway::AwsVpnGateway>(all);
    add::<gateway_attachment::AwsVpnGatewayAttachment>(all);
    add::<route_propagation::AwsVpnGatewayRoutePropagation>(all);
    add::<transit_association::AwsEc2TransitGatewayRouteTableAssociation>(all);
    add::<transit_gateway::AwsEc2TransitGateway>(all);
    add::<transit_propagation::AwsEc2TransitGatewayRouteTablePropagation>(all);
    add::<transit_route::AwsEc2TransitGatewayRoute>(all);
    add::<transit_route_table::AwsEc2TransitGatewayRouteTable>(all);
    add::<transit_vpc_attachment::AwsEc2TransitGatewayVpcAttachment>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    data::all(all);
}

/// All items of a call that does not page, made once per batch of filters.
async fn unpaged<T, F>(batches: Vec<Vec<Filter>>, call: impl Fn(Vec<Filter>) -> F) -> Result<Vec<T>>
where
    F: Future<Output = Result<Vec<T>>>,
{
    Ok(each(batches, call).await?.into_iter().flatten().collect())
}

/// The two halves of an id that is made of two ids.
fn halves(id: &str) -> Option<(&str, &str)> {
    id.split_once('_')
}

/// The first halves of such ids, each once.
fn first_halves(ids: &[String]) -> Vec<String> {
    let mut firsts: Vec<String> = ids.iter().filter_map(|id| halves(id)).map(|(first, _)| first.to_owned()).collect();
    firsts.sort();
    firsts.dedup();
    firsts
}
