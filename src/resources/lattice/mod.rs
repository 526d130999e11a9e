//! The VPC Lattice family: networks of services, and the VPCs that reach them.

pub(super) mod allowed;
mod service_network;
mod vpc_association;

use super::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<service_network::AwsVpclatticeServiceNetwork>(all);
    add::<vpc_association::AwsVpclatticeServiceNetworkVpcAssociation>(all);
}
