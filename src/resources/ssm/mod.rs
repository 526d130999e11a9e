//! The Systems Manager family: values by name.

pub(super) mod allowed;
mod parameter;
mod parameters_by_path;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<parameter::AwsSsmParameter>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    add_data::<parameters_by_path::AwsSsmParametersByPath>(all);
}
