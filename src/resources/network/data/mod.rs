//! The family's data sources.

mod availability_zones;
mod identity;
mod region;
mod security_group;
mod subnet;
mod subnets;
mod vpc;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<availability_zones::AvailabilityZones>(all);
    add_data::<identity::CallerIdentity>(all);
    add_data::<identity::Partition>(all);
    add_data::<region::Region>(all);
    add_data::<security_group::SecurityGroupData>(all);
    add_data::<subnet::SubnetData>(all);
    add_data::<subnets::Subnets>(all);
    add_data::<vpc::VpcData>(all);
}
