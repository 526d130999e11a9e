//! data aws_vpn_connection: one VPN connection that is there.

use crate::resources::block::{TextMap, TimestampCell};
use crate::resources::lookup::{answer, computed, filters, found_by, here, one, read, schema};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{VgwTelemetry, VpnConnection, VpnState, VpnStaticRoute};

/// The data source `aws_vpn_connection`.
pub struct VpnConnectionData;

table! {
    Rows: VpnConnection {
        category: Text, read;
        core_network_arn: Text, read;
        core_network_attachment_arn: Text, read;
        customer_gateway_configuration: Text, read [.sensitive()];
        customer_gateway_id: Text, read;
        gateway_association_state: EnumCell, read;
        pre_shared_key_arn: Text, read;
        routes: BlockList<Route>, read;
        state: EnumCell, read;
        transit_gateway_id: Text, read;
        r#type: EnumCell, read;
        vgw_telemetries = vgw_telemetry: BlockList<Telemetry>, read;
        vpn_concentrator_id: Text, read;
        vpn_gateway_id: Text, read;
    }
}

block! {
    Route: VpnStaticRoute => VpnStaticRoute {
        destination_cidr_block: Text, read;
        source: EnumCell, read;
        state: EnumCell, read;
    }
    Telemetry: VgwTelemetry => VgwTelemetry {
        accepted_route_count: Int, read;
        last_status_change: TimestampCell, read;
        outside_ip_address: Text, read;
        status: EnumCell, read;
        status_message: Text, read;
    }
}

const BY: [(&str, &str); 1] = [("vpn_connection_id", "vpn-connection-id")];

impl DataSource for VpnConnectionData {
    fn schema() -> Schema {
        let mut all = found_by(&BY, computed::<Rows>().into_iter().chain([answer::<Text>("id")]));
        all.retain(|row| row.name != "tags");
        all.extend(rows([answer::<TextMap>("tags")]));
        schema("aws_vpn_connection", all)
    }

    /// AWS lists what is gone for a while.
    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let call = aws.read.ec2.describe_vpn_connections().set_filters(some(filters(config, &BY)));
        let mut all = call.send().await?.vpn_connections.unwrap_or_default();
        all.retain(|c| c.state() != Some(&VpnState::Deleted));
        let connection = one(all, "VPN connection")?;
        let id = connection.vpn_connection_id();
        let all = read(config, Rows::rows::<VpnConnection>(), &connection).with("tags", tags::read(connection.tags()));
        Ok(all.with("id", id).with("region", &*aws.region).with("vpn_connection_id", id))
    }
}
