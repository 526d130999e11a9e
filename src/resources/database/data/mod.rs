//! The family's data sources.

mod engine_version;
mod instance;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<engine_version::RdsEngineVersion>(all);
    add_data::<instance::DbInstanceData>(all);
}
