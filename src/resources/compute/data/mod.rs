//! The family's data sources.

mod ami;
mod groups;
mod instance;
mod instances;
mod interfaces;
mod offerings;
mod ssm_parameter;
mod volume;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<ami::Ami>(all);
    add_data::<instance::InstanceData>(all);
    add_data::<instances::Instances>(all);
    add_data::<groups::Groups>(all);
    add_data::<interfaces::KeyPairData>(all);
    add_data::<interfaces::NetworkInterfaceData>(all);
    add_data::<offerings::Offering>(all);
    add_data::<offerings::Offerings>(all);
    add_data::<ssm_parameter::SsmParameter>(all);
    add_data::<volume::VolumeData>(all);
}
