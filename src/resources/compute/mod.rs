//! The compute family: instances, what they start from, what they hang on, and groups of them.

pub(super) mod allowed;
mod autoscaling_attachment;
mod autoscaling_group;
mod autoscaling_notification;
mod autoscaling_policy;
mod autoscaling_schedule;
mod capacity;
mod check;
mod data;
mod ebs_defaults;
mod ebs_snapshot;
mod ebs_snapshot_copy;
mod ebs_volume;
mod eip_association;
mod host;
mod image;
mod image_permission;
mod instance;
mod instance_state;
mod interface_parts;
mod key_pair;
mod launch_configuration;
mod launch_template;
mod lifecycle_hook;
mod network_interface;
mod region_defaults;
pub(super) mod scaling;
mod traffic_source_attachment;
mod volume_attachment;

use super::any::{AnyData, AnyResource, Registry, add, add_data};

/// The family's resource types.
pub fn resources(all: &mut Registry<dyn AnyResource>) {
    add::<autoscaling_attachment::AwsAutoscalingAttachment>(all);
    add::<autoscaling_group::AwsAutoscalingGroup>(all);
    add::<lifecycle_hook::AwsAutoscalingLifecycleHook>(all);
    add::<autoscaling_policy::AwsAutoscalingPolicy>(all);
    add::<autoscaling_schedule::AwsAutoscalingSchedule>(all);
    add::<capacity::AwsEc2CapacityReservation>(all);
    add::<capacity::AwsPlacementGroup>(all);
    add::<ebs_defaults::AwsEbsEncryptionByDefault>(all);
    add::<ebs_snapshot::AwsEbsSnapshot>(all);
    add::<ebs_volume::AwsEbsVolume>(all);
    add::<eip_association::AwsEipAssociation>(all);
    add::<instance::AwsInstance>(all);
    add::<instance::spot::AwsSpotInstanceRequest>(all);
    add::<interface_parts::AwsNetworkInterfaceAttachment>(all);
    add::<interface_parts::AwsNetworkInterfaceSgAttachment>(all);
    add::<key_pair::AwsKeyPair>(all);
    add::<launch_template::AwsLaunchTemplate>(all);
    add::<network_interface::AwsNetworkInterface>(all);
    add::<traffic_source_attachment::AwsAutoscalingTrafficSourceAttachment>(all);
    add::<volume_attachment::AwsVolumeAttachment>(all);
    add::<autoscaling_notification::AwsAutoscalingNotification>(all);
    add::<ebs_snapshot_copy::AwsEbsSnapshotCopy>(all);
    add::<host::AwsEc2Host>(all);
    add::<image::AwsAmi>(all);
    add::<image::AwsAmiCopy>(all);
    add::<image::AwsAmiFromInstance>(all);
    add::<image_permission::AwsAmiLaunchPermission>(all);
    add::<launch_configuration::AwsLaunchConfiguration>(all);
    add::<region_defaults::AwsEbsDefaultKmsKey>(all);
    add::<region_defaults::AwsEc2InstanceMetadataDefaults>(all);
    add::<instance_state::AwsEc2InstanceState>(all);
}

/// The family's data sources.
pub fn data_sources(all: &mut Registry<dyn AnyData>) {
    data::all(all);
    add_data::<host::HostData>(all);
    add_data::<launch_configuration::LaunchConfigurationData>(all);
    add_data::<region_defaults::EbsDefaultKmsKeyData>(all);
    add_data::<region_defaults::SerialConsoleAccess>(all);
}
