//! The VPN family: site-to-site connections and transit gateways, and what they hang on.

pub(super) mod allowed;
mod client_vpn;
mod client_vpn_parts;
mod concentrator;
mod connection;
mod connection_data;
mod connection_route;
mod customer_gateway;
mod data;
mod gateway;
mod gateway_attachment;
pub mod limits;
mod listed;
mod route_propagation;
mod transit_association;
mod transit_connect;
mod transit_data;
mod transit_gateway;
mod transit_peering;
mod transit_policies;
mod transit_propagation;
mod transit_route;
mod transit_route_table;
mod transit_vpc_attachment;
mod tunnel;
mod tunnel_change;
mod tunnel_config;
mod tunnel_options;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

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
    add::<client_vpn::AwsEc2ClientVpnEndpoint>(all);
    add::<client_vpn_parts::AwsEc2ClientVpnAuthorizationRule>(all);
    add::<client_vpn_parts::AwsEc2ClientVpnNetworkAssociation>(all);
    add::<client_vpn_parts::AwsEc2ClientVpnRoute>(all);
    add::<concentrator::AwsVpnConcentrator>(all);
    add::<transit_connect::AwsEc2TransitGatewayConnect>(all);
    add::<transit_connect::AwsEc2TransitGatewayConnectPeer>(all);
    add::<transit_peering::AwsEc2TransitGatewayPeeringAttachment>(all);
    add::<transit_peering::AwsEc2TransitGatewayPeeringAttachmentAccepter>(all);
    add::<transit_peering::AwsEc2TransitGatewayVpcAttachmentAccepter>(all);
    add::<transit_policies::AwsEc2TransitGatewayPolicyTable>(all);
    add::<transit_policies::AwsEc2TransitGatewayPrefixListReference>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<data::CustomerGatewayData>(all);
    add_data::<data::VpnGatewayData>(all);
    add_data::<client_vpn::ClientVpnEndpointData>(all);
    add_data::<transit_data::Attachment>(all);
    add_data::<transit_data::DxGatewayAttachment>(all);
    add_data::<transit_data::Gateway>(all);
    add_data::<transit_data::PeeringAttachment>(all);
    add_data::<transit_data::RouteTable>(all);
    add_data::<transit_data::VpcAttachment>(all);
    add_data::<transit_data::VpcAttachments>(all);
    add_data::<transit_data::VpnAttachment>(all);
    add_data::<connection_data::VpnConnectionData>(all);
}
