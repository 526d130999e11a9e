//! The family's data sources.

mod customer_gateway;
mod vpn_gateway;

use crate::resources::any::{AnyData, Registry, add_data};

/// Adds them to the registry.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<customer_gateway::CustomerGatewayData>(all);
    add_data::<vpn_gateway::VpnGatewayData>(all);
}
