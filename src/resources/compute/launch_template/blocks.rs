//! The blocks of a launch template's data, in EC2's types.

use super::requirements::Requirements;
use crate::resources::block::{FlagText, TextMap, TimestampCell};
use crate::resources::compute::check;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    CapacityReservationTarget, CapacityReservationTargetResponse, ConnectionTrackingSpecification,
    ConnectionTrackingSpecificationRequest, CreditSpecification, CreditSpecificationRequest,
    EnaSrdSpecificationRequest, EnaSrdUdpSpecificationRequest, InstanceIpv6Address, InstanceIpv6AddressRequest,
    Ipv4PrefixSpecificationRequest, Ipv4PrefixSpecificationResponse, Ipv6PrefixSpecificationRequest,
    Ipv6PrefixSpecificationResponse, LaunchTemplateBlockDeviceMapping, LaunchTemplateBlockDeviceMappingRequest,
    LaunchTemplateCapacityReservationSpecificationRequest, LaunchTemplateCapacityReservationSpecificationResponse,
    LaunchTemplateCpuOptions, LaunchTemplateCpuOptionsRequest, LaunchTemplateEbsBlockDevice,
    LaunchTemplateEbsBlockDeviceRequest, LaunchTemplateEnaSrdSpecification, LaunchTemplateEnaSrdUdpSpecification,
    LaunchTemplateEnclaveOptions, LaunchTemplateEnclaveOptionsRequest, LaunchTemplateHibernationOptions,
    LaunchTemplateHibernationOptionsRequest, LaunchTemplateIamInstanceProfileSpecification,
    LaunchTemplateIamInstanceProfileSpecificationRequest, LaunchTemplateInstanceMaintenanceOptions,
    LaunchTemplateInstanceMaintenanceOptionsRequest, LaunchTemplateInstanceMarketOptions,
    LaunchTemplateInstanceMarketOptionsRequest, LaunchTemplateInstanceMetadataOptions,
    LaunchTemplateInstanceMetadataOptionsRequest, LaunchTemplateInstanceNetworkInterfaceSpecification,
    LaunchTemplateInstanceNetworkInterfaceSpecificationRequest, LaunchTemplateInstanceSecondaryInterfaceSpecification,
    LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest, LaunchTemplateLicenseConfiguration,
    LaunchTemplateLicenseConfigurationRequest, LaunchTemplateNetworkPerformanceOptions,
    LaunchTemplateNetworkPerformanceOptionsRequest, LaunchTemplatePlacement, LaunchTemplatePlacementRequest,
    LaunchTemplatePrivateDnsNameOptions, LaunchTemplatePrivateDnsNameOptionsRequest, LaunchTemplateSpotMarketOptions,
    LaunchTemplateSpotMarketOptionsRequest, LaunchTemplateTagSpecification, LaunchTemplateTagSpecificationRequest,
    LaunchTemplatesMonitoring, LaunchTemplatesMonitoringRequest, PrivateIpAddressSpecification,
    RequestLaunchTemplateData, ResponseLaunchTemplateData, SecondaryInterfacePrivateIpAddressSpecification,
    SecondaryInterfacePrivateIpAddressSpecificationRequest,
};

/// Texts that EC2 wraps into one-field objects each.
macro_rules! wrapped {
    ($($(#[$doc:meta])* $cell:ident: $out:ty => $in:ty, $field:ident;)*) => {$(
        $(#[$doc])*
        pub struct $cell;

        impl Cell for $cell {
            fn column<L>(name: &'static str) -> A<L> {
                A::string_set(name)
            }
        }
        impl Get<&[$out]> for $cell {
            fn get(from: &[$out]) -> Value {
                Value::string_set(from.iter().filter_map(|one| one.$field()))
            }
        }
        impl Put<Option<Vec<$in>>> for $cell {
            fn put(from: &Attrs, name: &str) -> Option<Vec<$in>> {
                some(from.strings(name).into_iter().map(|text| <$in>::builder().$field(text).build()).collect())
            }
        }
    )*};
}

wrapped! {
    /// IPv6 addresses.
    Ipv6Addresses: InstanceIpv6Address => InstanceIpv6AddressRequest, ipv6_address;
    /// IPv4 prefixes.
    Ipv4Prefixes: Ipv4PrefixSpecificationResponse => Ipv4PrefixSpecificationRequest, ipv4_prefix;
    /// IPv6 prefixes.
    Ipv6Prefixes: Ipv6PrefixSpecificationResponse => Ipv6PrefixSpecificationRequest, ipv6_prefix;
    /// Secondary addresses; the primary one is an argument of its own.
    Addresses: PrivateIpAddressSpecification => PrivateIpAddressSpecification, private_ip_address;
    /// The addresses of a secondary interface.
    SecondaryAddresses: SecondaryInterfacePrivateIpAddressSpecification => SecondaryInterfacePrivateIpAddressSpecificationRequest, private_ip_address;
}

block! {
    /// `block_device_mappings.ebs`.
    Ebs: LaunchTemplateEbsBlockDevice => LaunchTemplateEbsBlockDeviceRequest {
        delete_on_termination: FlagText;
        encrypted: FlagText;
        iops: Positive [.optional_computed()];
        kms_key_id: Text;
        snapshot_id: Text;
        throughput: Positive [.optional_computed()];
        volume_initialization_rate: Positive [.optional_computed()];
        volume_size: Int [.optional_computed()];
        volume_type: EnumCell [.optional_computed()];
    }
    /// `block_device_mappings`.
    Device: LaunchTemplateBlockDeviceMapping => LaunchTemplateBlockDeviceMappingRequest {
        device_name: Text;
        ebs: OptionalBlock<Ebs>;
        no_device: Text;
        virtual_name: Text;
    }
    /// `capacity_reservation_specification.capacity_reservation_target`.
    ReservationTarget: CapacityReservationTargetResponse => CapacityReservationTarget {
        capacity_reservation_id: Text;
        capacity_reservation_resource_group_arn: Text;
    }
    /// `capacity_reservation_specification`.
    Reservation: LaunchTemplateCapacityReservationSpecificationResponse => LaunchTemplateCapacityReservationSpecificationRequest {
        capacity_reservation_preference: EnumCell;
        capacity_reservation_target: OptionalBlock<ReservationTarget>;
    }
    /// `cpu_options`.
    Cpu: LaunchTemplateCpuOptions => LaunchTemplateCpuOptionsRequest {
        amd_sev_snp: EnumCell;
        core_count: Positive;
        nested_virtualization: EnumCell;
        threads_per_core: Positive;
    }
    /// `credit_specification`.
    Credit: CreditSpecification => CreditSpecificationRequest {
        cpu_credits: Text;
    }
    /// `enclave_options`.
    Enclave: LaunchTemplateEnclaveOptions => LaunchTemplateEnclaveOptionsRequest {
        enabled: Flag;
    }
    /// `hibernation_options`.
    Hibernation: LaunchTemplateHibernationOptions => LaunchTemplateHibernationOptionsRequest {
        configured: Flag [.required()];
    }
    /// `iam_instance_profile`.
    Profile: LaunchTemplateIamInstanceProfileSpecification => LaunchTemplateIamInstanceProfileSpecificationRequest {
        arn: Text;
        name: Text;
    }
    /// `instance_market_options.spot_options`.
    Spot: LaunchTemplateSpotMarketOptions => LaunchTemplateSpotMarketOptionsRequest {
        block_duration_minutes: Int;
        instance_interruption_behavior: EnumCell;
        max_price: Text;
        spot_instance_type: EnumCell;
        valid_until: TimestampCell [.optional_computed().check(check::moment).normal(check::MOMENT)];
    }
    /// `instance_market_options`.
    Market: LaunchTemplateInstanceMarketOptions => LaunchTemplateInstanceMarketOptionsRequest {
        market_type: EnumCell;
        spot_options: OptionalBlock<Spot>;
    }
    /// `license_specification`.
    License: LaunchTemplateLicenseConfiguration => LaunchTemplateLicenseConfigurationRequest {
        license_configuration_arn: Text [.required()];
    }
    /// `maintenance_options`.
    Maintenance: LaunchTemplateInstanceMaintenanceOptions => LaunchTemplateInstanceMaintenanceOptionsRequest {
        auto_recovery: EnumCell;
    }
    /// `metadata_options`.
    Metadata: LaunchTemplateInstanceMetadataOptions => LaunchTemplateInstanceMetadataOptionsRequest {
        http_endpoint: EnumCell [.optional_computed()];
        http_protocol_ipv6: EnumCell [.optional_computed()];
        http_put_response_hop_limit: Int [.optional_computed().check(check::hop_limit)];
        http_tokens: EnumCell [.optional_computed()];
        instance_metadata_tags: EnumCell [.optional_computed()];
    }
    /// `monitoring`.
    Monitoring: LaunchTemplatesMonitoring => LaunchTemplatesMonitoringRequest {
        enabled: Flag;
    }
    /// `network_interfaces.connection_tracking_specification`.
    Tracking: ConnectionTrackingSpecification => ConnectionTrackingSpecificationRequest {
        tcp_established_timeout: Int;
        udp_stream_timeout: Int;
        udp_timeout: Int;
    }
    /// `network_interfaces.ena_srd_specification.ena_srd_udp_specification`.
    EnaSrdUdp: LaunchTemplateEnaSrdUdpSpecification => EnaSrdUdpSpecificationRequest {
        ena_srd_udp_enabled: Flag;
    }
    /// `network_interfaces.ena_srd_specification`.
    EnaSrd: LaunchTemplateEnaSrdSpecification => EnaSrdSpecificationRequest {
        ena_srd_enabled: Flag;
        ena_srd_udp_specification: OptionalBlock<EnaSrdUdp>;
    }
    /// `network_interfaces`.
    Interface: LaunchTemplateInstanceNetworkInterfaceSpecification => LaunchTemplateInstanceNetworkInterfaceSpecificationRequest {
        associate_carrier_ip_address: FlagText;
        associate_public_ip_address: FlagText;
        connection_tracking_specification: OptionalBlock<Tracking>;
        delete_on_termination: FlagText;
        description: Text;
        device_index: Int;
        ena_srd_specification: OptionalBlock<EnaSrd>;
        interface_type: Text;
        ipv4_address_count = secondary_private_ip_address_count: Positive;
        ipv4_addresses = private_ip_addresses: Addresses;
        ipv4_prefix_count: Positive;
        ipv4_prefixes: Ipv4Prefixes;
        ipv6_address_count: Positive;
        ipv6_addresses: Ipv6Addresses;
        ipv6_prefix_count: Positive;
        ipv6_prefixes: Ipv6Prefixes;
        network_card_index: Int;
        network_interface_id: Text;
        primary_ipv6: FlagText;
        private_ip_address: Text;
        security_groups = groups: Texts;
        subnet_id: Text;
    }
    /// `network_performance_options`.
    Performance: LaunchTemplateNetworkPerformanceOptions => LaunchTemplateNetworkPerformanceOptionsRequest {
        bandwidth_weighting: EnumCell;
    }
    /// `placement`.
    Placement: LaunchTemplatePlacement => LaunchTemplatePlacementRequest {
        affinity: Text;
        availability_zone: Text;
        group_id: Text;
        group_name: Text;
        host_id: Text;
        host_resource_group_arn: Text;
        partition_number: Int;
        spread_domain: Text;
        tenancy: EnumCell;
    }
    /// `private_dns_name_options`.
    PrivateDns: LaunchTemplatePrivateDnsNameOptions => LaunchTemplatePrivateDnsNameOptionsRequest {
        enable_resource_name_dns_a_record: Flag;
        enable_resource_name_dns_aaaa_record: Flag;
        hostname_type: EnumCell;
    }
    /// `secondary_interfaces`.
    Secondary: LaunchTemplateInstanceSecondaryInterfaceSpecification => LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest {
        delete_on_termination: Flag;
        device_index: Int;
        interface_type: EnumCell;
        network_card_index: Int;
        private_ip_address_count: Int;
        private_ip_addresses: SecondaryAddresses;
        secondary_subnet_id: Text;
    }
    /// `tag_specifications`.
    TagSpecification: LaunchTemplateTagSpecification => LaunchTemplateTagSpecificationRequest {
        resource_type: EnumCell;
        tags: TextMap;
    }
    /// All that a version holds.
    Data: ResponseLaunchTemplateData => RequestLaunchTemplateData {
        block_device_mappings: BlockList<Device>;
        capacity_reservation_specification: OptionalBlock<Reservation>;
        cpu_options: OptionalBlock<Cpu>;
        credit_specification: OptionalBlock<Credit>;
        disable_api_stop: Flag;
        disable_api_termination: Flag;
        ebs_optimized: FlagText [.check(check::truth)];
        enclave_options: OptionalBlock<Enclave>;
        hibernation_options: OptionalBlock<Hibernation>;
        iam_instance_profile: OptionalBlock<Profile>;
        image_id: Text [.check(check::image)];
        instance_initiated_shutdown_behavior: EnumCell [.check(check::shutdown)];
        instance_market_options: OptionalBlock<Market>;
        instance_requirements: OptionalBlock<Requirements>;
        instance_type: EnumCell [.check(check::instance_type)];
        kernel_id: Text;
        key_name: Text;
        license_specification = license_specifications: BlockSet<License>;
        maintenance_options: OptionalBlock<Maintenance>;
        metadata_options: OptionalBlock<Metadata>;
        monitoring: OptionalBlock<Monitoring>;
        network_interfaces: BlockList<Interface>;
        network_performance_options: OptionalBlock<Performance>;
        placement: OptionalBlock<Placement>;
        private_dns_name_options: OptionalBlock<PrivateDns>;
        ram_disk_id: Text;
        secondary_interfaces: BlockList<Secondary>;
        security_group_names = security_groups: Texts;
        tag_specifications: BlockList<TagSpecification>;
        user_data: Text [.check(check::user_data_base64)];
        vpc_security_group_ids = security_group_ids: Texts;
    }
}
