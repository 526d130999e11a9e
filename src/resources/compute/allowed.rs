//! The actions of IAM that the types of the family need.

use crate::resources::permissions::{OfData, OfResources, actions, data_actions};

/// Those of the resource types.
pub(in crate::resources) static RESOURCES: OfResources = actions! {
    aws_ami {
        read: "ec2:DescribeImages";
        create: "ec2:RegisterImage";
        update: "ec2:DisableImageDeprecation" "ec2:EnableImageDeprecation" "ec2:ModifyImageAttribute";
        delete: "ec2:DeregisterImage";
    }
    aws_ami_copy {
        read: "ec2:DescribeImages";
        create: "ec2:CopyImage";
        update: "ec2:DisableImageDeprecation" "ec2:EnableImageDeprecation" "ec2:ModifyImageAttribute";
        delete: "ec2:DeregisterImage";
    }
    aws_ami_from_instance {
        read: "ec2:DescribeImages";
        create: "ec2:CreateImage";
        update: "ec2:DisableImageDeprecation" "ec2:EnableImageDeprecation" "ec2:ModifyImageAttribute";
        delete: "ec2:DeregisterImage";
    }
    aws_ami_launch_permission {
        read: "ec2:DescribeImageAttribute";
        create: "ec2:ModifyImageAttribute";
        delete: "ec2:ModifyImageAttribute";
    }
    aws_autoscaling_attachment {
        read: "autoscaling:DescribeAutoScalingGroups";
        create: "autoscaling:AttachLoadBalancerTargetGroups" "autoscaling:AttachLoadBalancers";
        delete: "autoscaling:DetachLoadBalancerTargetGroups" "autoscaling:DetachLoadBalancers";
    }
    aws_autoscaling_group {
        read: "autoscaling:DescribeAutoScalingGroups";
        create: "autoscaling:CreateAutoScalingGroup" "ec2:CreateTags" "ec2:RunInstances";
        update: "autoscaling:AttachLoadBalancers" "autoscaling:CancelInstanceRefresh" "autoscaling:CreateOrUpdateTags"
            "autoscaling:DeleteTags" "autoscaling:DeleteWarmPool" "autoscaling:DescribeInstanceRefreshes"
            "autoscaling:DescribeScalingActivities" "autoscaling:DetachLoadBalancers"
            "autoscaling:DisableMetricsCollection" "autoscaling:EnableMetricsCollection" "autoscaling:PutWarmPool"
            "autoscaling:ResumeProcesses" "autoscaling:RollbackInstanceRefresh" "autoscaling:SetInstanceProtection"
            "autoscaling:StartInstanceRefresh" "autoscaling:SuspendProcesses" "autoscaling:UpdateAutoScalingGroup";
        delete: "autoscaling:DeleteAutoScalingGroup" "autoscaling:SetInstanceProtection"
            "autoscaling:UpdateAutoScalingGroup";
        passes: "ec2.amazonaws.com";
    }
    aws_autoscaling_lifecycle_hook {
        read: "autoscaling:DescribeLifecycleHooks";
        create: "autoscaling:PutLifecycleHook";
        update: "autoscaling:PutLifecycleHook";
        delete: "autoscaling:DeleteLifecycleHook";
        passes: "autoscaling.amazonaws.com";
    }
    aws_autoscaling_notification {
        read: "autoscaling:DescribeNotificationConfigurations";
        create: "autoscaling:PutNotificationConfiguration";
        update: "autoscaling:PutNotificationConfiguration";
        delete: "autoscaling:DeleteNotificationConfiguration";
    }
    aws_autoscaling_policy {
        read: "autoscaling:DescribePolicies";
        create: "autoscaling:PutScalingPolicy";
        update: "autoscaling:PutScalingPolicy";
        delete: "autoscaling:DeletePolicy";
    }
    aws_autoscaling_schedule {
        read: "autoscaling:DescribeScheduledActions";
        create: "autoscaling:PutScheduledUpdateGroupAction";
        update: "autoscaling:PutScheduledUpdateGroupAction";
        delete: "autoscaling:DeleteScheduledAction";
    }
    aws_autoscaling_traffic_source_attachment {
        read: "autoscaling:DescribeAutoScalingGroups";
        create: "autoscaling:AttachTrafficSources";
        delete: "autoscaling:DetachTrafficSources";
    }
    aws_ebs_default_kms_key {
        read: "ec2:GetEbsDefaultKmsKeyId";
        create: "ec2:ModifyEbsDefaultKmsKeyId";
        delete: "ec2:ResetEbsDefaultKmsKeyId";
    }
    aws_ebs_encryption_by_default {
        read: "ec2:GetEbsEncryptionByDefault";
        create: "ec2:EnableEbsEncryptionByDefault";
        update: "ec2:DisableEbsEncryptionByDefault";
        delete: "ec2:DisableEbsEncryptionByDefault";
    }
    aws_ebs_snapshot {
        read: "ec2:DescribeSnapshots";
        create: "ec2:CreateSnapshot";
        update: "ec2:ModifySnapshotTier" "ec2:RestoreSnapshotTier";
        delete: "ec2:DeleteSnapshot";
    }
    aws_ebs_snapshot_copy {
        read: "ec2:DescribeSnapshots";
        create: "ec2:CopySnapshot";
        update: "ec2:ModifySnapshotTier" "ec2:RestoreSnapshotTier";
        delete: "ec2:DeleteSnapshot";
    }
    aws_ebs_volume {
        read: "ec2:DescribeVolumes";
        create: "ec2:CreateVolume";
        update: "ec2:DescribeVolumesModifications" "ec2:ModifyVolume";
        delete: "ec2:CreateSnapshot" "ec2:DeleteVolume" "ec2:DescribeSnapshots";
    }
    aws_ec2_capacity_reservation {
        read: "ec2:DescribeCapacityReservations";
        create: "ec2:CreateCapacityReservation";
        update: "ec2:ModifyCapacityReservation";
        delete: "ec2:CancelCapacityReservation";
    }
    aws_ec2_host {
        read: "ec2:DescribeHosts";
        create: "ec2:AllocateHosts";
        update: "ec2:ModifyHosts";
        delete: "ec2:ReleaseHosts";
    }
    aws_ec2_instance_metadata_defaults {
        read: "ec2:GetInstanceMetadataDefaults";
        create: "ec2:ModifyInstanceMetadataDefaults";
        update: "ec2:ModifyInstanceMetadataDefaults";
        delete: "ec2:ModifyInstanceMetadataDefaults";
    }
    aws_ec2_instance_state {
        read: "ec2:DescribeInstances";
        create: "ec2:StopInstances";
        update: "ec2:StartInstances";
    }
    aws_eip_association {
        read: "ec2:DescribeAddresses";
        create: "ec2:AssociateAddress";
        delete: "ec2:DisassociateAddress";
    }
    aws_instance {
        read: "ec2:DescribeInstanceAttribute" "ec2:DescribeInstanceCreditSpecifications" "ec2:DescribeInstances"
            "ec2:DescribeVolumes";
        create: "ec2:DescribeImages" "ec2:RunInstances";
        update: "ec2:AssignIpv6Addresses" "ec2:AssignPrivateIpAddresses" "ec2:AssociateIamInstanceProfile"
            "ec2:DescribeIamInstanceProfileAssociations" "ec2:DescribeVolumesModifications"
            "ec2:DisassociateIamInstanceProfile" "ec2:ModifyInstanceAttribute"
            "ec2:ModifyInstanceCapacityReservationAttributes" "ec2:ModifyInstanceCreditSpecification"
            "ec2:ModifyInstanceMaintenanceOptions" "ec2:ModifyInstanceMetadataOptions" "ec2:ModifyInstancePlacement"
            "ec2:ModifyNetworkInterfaceAttribute" "ec2:ModifyPrivateDnsNameOptions" "ec2:ModifyVolume"
            "ec2:MonitorInstances" "ec2:ReplaceIamInstanceProfileAssociation" "ec2:StartInstances" "ec2:StopInstances"
            "ec2:UnassignIpv6Addresses" "ec2:UnassignPrivateIpAddresses" "ec2:UnmonitorInstances";
        delete: "ec2:CancelSpotInstanceRequests" "ec2:ModifyInstanceAttribute" "ec2:TerminateInstances";
        passes: "ec2.amazonaws.com";
    }
    aws_key_pair {
        read: "ec2:DescribeKeyPairs";
        create: "ec2:ImportKeyPair";
        update: "ec2:CreateTags" "ec2:DeleteTags";
        delete: "ec2:DeleteKeyPair";
    }
    aws_launch_configuration {
        read: "autoscaling:DescribeLaunchConfigurations" "ec2:DescribeImages";
        create: "autoscaling:CreateLaunchConfiguration";
        delete: "autoscaling:DeleteLaunchConfiguration";
        passes: "ec2.amazonaws.com";
    }
    aws_launch_template {
        read: "ec2:DescribeLaunchTemplateVersions" "ec2:DescribeLaunchTemplates";
        create: "ec2:CreateLaunchTemplate";
        update: "ec2:CreateLaunchTemplateVersion" "ec2:ModifyLaunchTemplate";
        delete: "ec2:DeleteLaunchTemplate";
    }
    aws_network_interface {
        read: "ec2:DescribeNetworkInterfaces";
        create: "ec2:CreateNetworkInterface";
        update: "ec2:AssignIpv6Addresses" "ec2:AssignPrivateIpAddresses" "ec2:AttachNetworkInterface"
            "ec2:ModifyNetworkInterfaceAttribute" "ec2:UnassignIpv6Addresses" "ec2:UnassignPrivateIpAddresses";
        delete: "ec2:DeleteNetworkInterface" "ec2:DetachNetworkInterface";
    }
    aws_network_interface_attachment {
        read: "ec2:DescribeNetworkInterfaces";
        create: "ec2:AttachNetworkInterface";
        delete: "ec2:DetachNetworkInterface";
    }
    aws_network_interface_sg_attachment {
        read: "ec2:DescribeNetworkInterfaces";
        create: "ec2:ModifyNetworkInterfaceAttribute";
        delete: "ec2:ModifyNetworkInterfaceAttribute";
    }
    aws_placement_group {
        read: "ec2:DescribePlacementGroups";
        create: "ec2:CreatePlacementGroup";
        update: "ec2:CreateTags" "ec2:DeleteTags";
        delete: "ec2:DeletePlacementGroup";
    }
    aws_spot_instance_request {
        read: "ec2:DescribeInstances" "ec2:DescribeSpotInstanceRequests";
        create: "ec2:RequestSpotInstances";
        delete: "ec2:CancelSpotInstanceRequests" "ec2:TerminateInstances";
    }
    aws_volume_attachment {
        read: "ec2:DescribeVolumes";
        create: "ec2:AttachVolume";
        delete: "ec2:DescribeInstances" "ec2:DetachVolume" "ec2:StopInstances";
    }
};

/// Those of the data sources.
pub(in crate::resources) static DATA: OfData = data_actions! {
    aws_ami: "ec2:DescribeImages";
    aws_ami_ids: "ec2:DescribeImages";
    aws_autoscaling_group: "autoscaling:DescribeAutoScalingGroups";
    aws_autoscaling_groups: "autoscaling:DescribeAutoScalingGroups";
    aws_ebs_default_kms_key: "ec2:GetEbsDefaultKmsKeyId";
    aws_ebs_snapshot: "ec2:DescribeSnapshots";
    aws_ebs_volume: "ec2:DescribeVolumes";
    aws_ec2_coip_pool: "ec2:DescribeCoipPools";
    aws_ec2_host: "ec2:DescribeHosts";
    aws_ec2_instance_type: "ec2:DescribeInstanceTypes";
    aws_ec2_instance_type_offering: "ec2:DescribeInstanceTypeOfferings";
    aws_ec2_instance_type_offerings: "ec2:DescribeInstanceTypeOfferings";
    aws_ec2_instance_types: "ec2:DescribeInstanceTypes";
    aws_ec2_local_gateway: "ec2:DescribeLocalGateways";
    aws_ec2_public_ipv4_pool: "ec2:DescribePublicIpv4Pools";
    aws_ec2_public_ipv4_pools: "ec2:DescribePublicIpv4Pools";
    aws_ec2_serial_console_access: "ec2:GetSerialConsoleAccessStatus";
    aws_ec2_spot_price: "ec2:DescribeSpotPriceHistory";
    aws_instance: "ec2:DescribeInstanceAttribute" "ec2:DescribeInstanceCreditSpecifications" "ec2:DescribeInstances"
        "ec2:DescribeVolumes";
    aws_instances: "ec2:DescribeInstances";
    aws_key_pair: "ec2:DescribeKeyPairs";
    aws_launch_configuration: "autoscaling:DescribeLaunchConfigurations";
    aws_launch_template: "ec2:DescribeLaunchTemplateVersions" "ec2:DescribeLaunchTemplates";
    aws_network_interface: "ec2:DescribeNetworkInterfaces";
    aws_outposts_outpost: "outposts:ListOutposts";
    aws_ssm_parameter: "ssm:GetParameter";
};
