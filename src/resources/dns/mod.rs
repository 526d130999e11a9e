//! The names family: hosted zones of Route 53 and the records in them.

pub(super) mod allowed;
mod calls;
mod delegation_set;
mod health_check;
mod key;
mod names;
mod record;
mod routing;
mod zone;
mod zone_data;
mod zone_parts;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<record::AwsRoute53Record>(all);
    add::<delegation_set::AwsRoute53DelegationSet>(all);
    add::<delegation_set::AwsRoute53QueryLog>(all);
    add::<health_check::AwsRoute53HealthCheck>(all);
    add::<zone_parts::AwsRoute53VpcAssociationAuthorization>(all);
    add::<zone_parts::AwsRoute53ZoneAssociation>(all);
    add::<zone::AwsRoute53Zone>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<zone_data::Route53ZoneData>(all);
    add_data::<zone_data::Route53ZonesData>(all);
}
