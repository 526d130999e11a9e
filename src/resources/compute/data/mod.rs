//! The family's data sources.

mod ami;
mod group;
mod groups;
mod image_ids;
mod instance;
mod instance_type;
mod instances;
mod interfaces;
mod offerings;
mod outpost;
mod pools;
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
    add_data::<outpost::OutpostData>(all);
    add_data::<ssm_parameter::SsmParameter>(all);
    add_data::<volume::VolumeData>(all);
    add_data::<group::GroupData>(all);
    add_data::<group::TemplateData>(all);
    add_data::<image_ids::AmiIds>(all);
    add_data::<image_ids::EbsSnapshotData>(all);
    add_data::<instance_type::InstanceTypeData>(all);
    add_data::<instance_type::InstanceTypesData>(all);
    add_data::<pools::CustomerPool>(all);
    add_data::<pools::LocalGatewayData>(all);
    add_data::<pools::PublicPool>(all);
    add_data::<pools::PublicPools>(all);
    add_data::<pools::SpotPriceData>(all);
}
