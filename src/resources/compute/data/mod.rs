//! The family's data sources.

mod ami;
mod instance;
mod instances;
mod ssm_parameter;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<ami::Ami>(all);
    add_data::<instance::InstanceData>(all);
    add_data::<instances::Instances>(all);
    add_data::<ssm_parameter::SsmParameter>(all);
}
