//! The network family: VPCs and all that lives in them.

mod permissions;
mod security_group;
mod subnet;

use super::any::{AnyData, AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<security_group::AwsSecurityGroup>(all);
    add::<subnet::AwsSubnet>(all);
}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}
