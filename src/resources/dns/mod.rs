//! The names family: hosted zones of Route 53 and the records in them.

mod key;
mod names;
mod record;
mod routing;
mod zone;

use super::any::{AnyResource, Registry, add};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<record::AwsRoute53Record>(all);
    add::<zone::AwsRoute53Zone>(all);
}
