//! The names family: hosted zones of Route 53 and the records in them.

mod key;
mod names;
mod record;
mod routing;
mod zone;
mod zone_data;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<record::AwsRoute53Record>(all);
    add::<zone::AwsRoute53Zone>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<zone_data::Route53ZoneData>(all);
}
