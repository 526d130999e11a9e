//! The database family: RDS instances and clusters with their groups.

use super::any::{AnyData, AnyResource, Registry};

/// The family's resource types.
pub fn resources(_all: &mut Registry<dyn AnyResource>) {}

/// The family's data sources.
pub fn data_sources(_all: &mut Registry<dyn AnyData>) {}
