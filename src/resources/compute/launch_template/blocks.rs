//! The blocks of a launch template's data, in EC2's types.

use super::requirements::requirements;
use crate::resources::block::{
    BlockList, BlockSet, Cell, EnumCell, EnumSetCell, Flag, FlagText, Get, Int, OptionalBlock, Put, Real, Text, Texts,
    TimestampCell, block, some,
};
use crate::resources::spec::A;
use crate::resources::tags;
use crate::schema::Attrs;
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{
    AcceleratorCount as AcceleratorCountOut, AcceleratorCountRequest as AcceleratorCountIn,
    AcceleratorTotalMemoryMiB as AcceleratorMemoryOut, AcceleratorTotalMemoryMiBRequest as AcceleratorMemoryIn,
    BaselineEbsBandwidthMbps as EbsBandwidthOut, BaselineEbsBandwidthMbpsRequest as EbsBandwidthIn,
    CapacityReservationTarget, CapacityReservationTargetResponse, ConnectionTrackingSpecification,
    ConnectionTrackingSpecificationRequest, CreditSpecification, CreditSpecificationRequest,
    EnaSrdSpecificationRequest, EnaSrdUdpSpecificationRequest, InstanceIpv6Address, InstanceIpv6AddressRequest,
    InstanceRequirements as RequirementsOut, InstanceRequirementsRequest as RequirementsIn,
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
    LaunchTemplatesMonitoring, LaunchTemplatesMonitoringRequest, MemoryGiBPerVCpu as MemoryPerVcpuOut,
    MemoryGiBPerVCpuRequest as MemoryPerVcpuIn, MemoryMiB as MemoryOut, MemoryMiBRequest as MemoryIn,
    NetworkBandwidthGbps as NetworkBandwidthOut, NetworkBandwidthGbpsRequest as NetworkBandwidthIn,
    NetworkInterfaceCount as InterfaceCountOut, NetworkInterfaceCountRequest as InterfaceCountIn,
    PrivateIpAddressSpecification, RequestLaunchTemplateData, ResponseLaunchTemplateData,
    SecondaryInterfacePrivateIpAddressSpecification, SecondaryInterfacePrivateIpAddressSpecificationRequest, Tag,
    TotalLocalStorageGb as LocalStorageOut, TotalLocalStorageGbRequest as LocalStorageIn, VCpuCountRange as VcpusOut,
    VCpuCountRangeRequest as VcpusIn,
};

requirements!();

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

/// Tags as EC2 has them.
pub struct Tags;

impl Cell for Tags {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::map(Type::String))
    }
}
impl Get<&[Tag]> for Tags {
    fn get(from: &[Tag]) -> Value {
        tags::read(from)
    }
}
impl Put<Option<Vec<Tag>>> for Tags {
    fn put(from: &Attrs, name: &str) -> Option<Vec<Tag>> {
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        some(from.string_map(name).into_iter().map(tag).collect())
    }
}

block! {
    /// `block_device_mappings.ebs`.
    Ebs: LaunchTemplateEbsBlockDevice => LaunchTemplateEbsBlockDeviceRequest {
        delete_on_termination: FlagText, delete_on_termination, set_delete_on_termination;
        encrypted: FlagText, encrypted, set_encrypted;
        iops: Int, iops, set_iops [.optional_computed()];
        kms_key_id: Text, kms_key_id, set_kms_key_id;
        snapshot_id: Text, snapshot_id, set_snapshot_id;
        throughput: Int, throughput, set_throughput [.optional_computed()];
        volume_initialization_rate: Int, volume_initialization_rate, set_volume_initialization_rate;
        volume_size: Int, volume_size, set_volume_size [.optional_computed()];
        volume_type: EnumCell, volume_type, set_volume_type [.optional_computed()];
    }
    /// `block_device_mappings`.
    Device: LaunchTemplateBlockDeviceMapping => LaunchTemplateBlockDeviceMappingRequest {
        device_name: Text, device_name, set_device_name;
        ebs: OptionalBlock<Ebs>, ebs, set_ebs;
        no_device: Text, no_device, set_no_device;
        virtual_name: Text, virtual_name, set_virtual_name;
    }
    /// `capacity_reservation_specification.capacity_reservation_target`.
    ReservationTarget: CapacityReservationTargetResponse => CapacityReservationTarget {
        capacity_reservation_id: Text, capacity_reservation_id, set_capacity_reservation_id;
        capacity_reservation_resource_group_arn: Text, capacity_reservation_resource_group_arn, set_capacity_reservation_resource_group_arn;
    }
    /// `capacity_reservation_specification`.
    Reservation: LaunchTemplateCapacityReservationSpecificationResponse => LaunchTemplateCapacityReservationSpecificationRequest {
        capacity_reservation_preference: EnumCell, capacity_reservation_preference, set_capacity_reservation_preference;
        capacity_reservation_target: OptionalBlock<ReservationTarget>, capacity_reservation_target, set_capacity_reservation_target;
    }
    /// `cpu_options`.
    Cpu: LaunchTemplateCpuOptions => LaunchTemplateCpuOptionsRequest {
        amd_sev_snp: EnumCell, amd_sev_snp, set_amd_sev_snp;
        core_count: Int, core_count, set_core_count;
        nested_virtualization: EnumCell, nested_virtualization, set_nested_virtualization;
        threads_per_core: Int, threads_per_core, set_threads_per_core;
    }
    /// `credit_specification`.
    Credit: CreditSpecification => CreditSpecificationRequest {
        cpu_credits: Text, cpu_credits, set_cpu_credits;
    }
    /// `enclave_options`.
    Enclave: LaunchTemplateEnclaveOptions => LaunchTemplateEnclaveOptionsRequest {
        enabled: Flag, enabled, set_enabled;
    }
    /// `hibernation_options`.
    Hibernation: LaunchTemplateHibernationOptions => LaunchTemplateHibernationOptionsRequest {
        configured: Flag, configured, set_configured [.required()];
    }
    /// `iam_instance_profile`.
    Profile: LaunchTemplateIamInstanceProfileSpecification => LaunchTemplateIamInstanceProfileSpecificationRequest {
        arn: Text, arn, set_arn;
        name: Text, name, set_name;
    }
    /// `instance_market_options.spot_options`.
    Spot: LaunchTemplateSpotMarketOptions => LaunchTemplateSpotMarketOptionsRequest {
        block_duration_minutes: Int, block_duration_minutes, set_block_duration_minutes;
        instance_interruption_behavior: EnumCell, instance_interruption_behavior, set_instance_interruption_behavior;
        max_price: Text, max_price, set_max_price;
        spot_instance_type: EnumCell, spot_instance_type, set_spot_instance_type;
        valid_until: TimestampCell, valid_until, set_valid_until [.optional_computed().check(super::super::check::moment).normal(super::super::check::MOMENT)];
    }
    /// `instance_market_options`.
    Market: LaunchTemplateInstanceMarketOptions => LaunchTemplateInstanceMarketOptionsRequest {
        market_type: EnumCell, market_type, set_market_type;
        spot_options: OptionalBlock<Spot>, spot_options, set_spot_options;
    }
    /// `license_specification`.
    License: LaunchTemplateLicenseConfiguration => LaunchTemplateLicenseConfigurationRequest {
        license_configuration_arn: Text, license_configuration_arn, set_license_configuration_arn [.required()];
    }
    /// `maintenance_options`.
    Maintenance: LaunchTemplateInstanceMaintenanceOptions => LaunchTemplateInstanceMaintenanceOptionsRequest {
        auto_recovery: EnumCell, auto_recovery, set_auto_recovery;
    }
    /// `metadata_options`.
    Metadata: LaunchTemplateInstanceMetadataOptions => LaunchTemplateInstanceMetadataOptionsRequest {
        http_endpoint: EnumCell, http_endpoint, set_http_endpoint [.optional_computed()];
        http_protocol_ipv6: EnumCell, http_protocol_ipv6, set_http_protocol_ipv6 [.optional_computed()];
        http_put_response_hop_limit: Int, http_put_response_hop_limit, set_http_put_response_hop_limit [.optional_computed().check(super::super::check::hop_limit)];
        http_tokens: EnumCell, http_tokens, set_http_tokens [.optional_computed()];
        instance_metadata_tags: EnumCell, instance_metadata_tags, set_instance_metadata_tags [.optional_computed()];
    }
    /// `monitoring`.
    Monitoring: LaunchTemplatesMonitoring => LaunchTemplatesMonitoringRequest {
        enabled: Flag, enabled, set_enabled;
    }
    /// `network_interfaces.connection_tracking_specification`.
    Tracking: ConnectionTrackingSpecification => ConnectionTrackingSpecificationRequest {
        tcp_established_timeout: Int, tcp_established_timeout, set_tcp_established_timeout;
        udp_stream_timeout: Int, udp_stream_timeout, set_udp_stream_timeout;
        udp_timeout: Int, udp_timeout, set_udp_timeout;
    }
    /// `network_interfaces.ena_srd_specification.ena_srd_udp_specification`.
    EnaSrdUdp: LaunchTemplateEnaSrdUdpSpecification => EnaSrdUdpSpecificationRequest {
        ena_srd_udp_enabled: Flag, ena_srd_udp_enabled, set_ena_srd_udp_enabled;
    }
    /// `network_interfaces.ena_srd_specification`.
    EnaSrd: LaunchTemplateEnaSrdSpecification => EnaSrdSpecificationRequest {
        ena_srd_enabled: Flag, ena_srd_enabled, set_ena_srd_enabled;
        ena_srd_udp_specification: OptionalBlock<EnaSrdUdp>, ena_srd_udp_specification, set_ena_srd_udp_specification;
    }
    /// `network_interfaces`.
    Interface: LaunchTemplateInstanceNetworkInterfaceSpecification => LaunchTemplateInstanceNetworkInterfaceSpecificationRequest {
        associate_carrier_ip_address: FlagText, associate_carrier_ip_address, set_associate_carrier_ip_address;
        associate_public_ip_address: FlagText, associate_public_ip_address, set_associate_public_ip_address;
        connection_tracking_specification: OptionalBlock<Tracking>, connection_tracking_specification, set_connection_tracking_specification;
        delete_on_termination: FlagText, delete_on_termination, set_delete_on_termination;
        description: Text, description, set_description;
        device_index: Int, device_index, set_device_index;
        ena_srd_specification: OptionalBlock<EnaSrd>, ena_srd_specification, set_ena_srd_specification;
        interface_type: Text, interface_type, set_interface_type;
        ipv4_address_count: Int, secondary_private_ip_address_count, set_secondary_private_ip_address_count;
        ipv4_addresses: Addresses, private_ip_addresses, set_private_ip_addresses;
        ipv4_prefix_count: Int, ipv4_prefix_count, set_ipv4_prefix_count;
        ipv4_prefixes: Ipv4Prefixes, ipv4_prefixes, set_ipv4_prefixes;
        ipv6_address_count: Int, ipv6_address_count, set_ipv6_address_count;
        ipv6_addresses: Ipv6Addresses, ipv6_addresses, set_ipv6_addresses;
        ipv6_prefix_count: Int, ipv6_prefix_count, set_ipv6_prefix_count;
        ipv6_prefixes: Ipv6Prefixes, ipv6_prefixes, set_ipv6_prefixes;
        network_card_index: Int, network_card_index, set_network_card_index;
        network_interface_id: Text, network_interface_id, set_network_interface_id;
        primary_ipv6: FlagText, primary_ipv6, set_primary_ipv6;
        private_ip_address: Text, private_ip_address, set_private_ip_address;
        security_groups: Texts, groups, set_groups;
        subnet_id: Text, subnet_id, set_subnet_id;
    }
    /// `network_performance_options`.
    Performance: LaunchTemplateNetworkPerformanceOptions => LaunchTemplateNetworkPerformanceOptionsRequest {
        bandwidth_weighting: EnumCell, bandwidth_weighting, set_bandwidth_weighting;
    }
    /// `placement`.
    Placement: LaunchTemplatePlacement => LaunchTemplatePlacementRequest {
        affinity: Text, affinity, set_affinity;
        availability_zone: Text, availability_zone, set_availability_zone;
        group_id: Text, group_id, set_group_id;
        group_name: Text, group_name, set_group_name;
        host_id: Text, host_id, set_host_id;
        host_resource_group_arn: Text, host_resource_group_arn, set_host_resource_group_arn;
        partition_number: Int, partition_number, set_partition_number;
        spread_domain: Text, spread_domain, set_spread_domain;
        tenancy: EnumCell, tenancy, set_tenancy;
    }
    /// `private_dns_name_options`.
    PrivateDns: LaunchTemplatePrivateDnsNameOptions => LaunchTemplatePrivateDnsNameOptionsRequest {
        enable_resource_name_dns_a_record: Flag, enable_resource_name_dns_a_record, set_enable_resource_name_dns_a_record;
        enable_resource_name_dns_aaaa_record: Flag, enable_resource_name_dns_aaaa_record, set_enable_resource_name_dns_aaaa_record;
        hostname_type: EnumCell, hostname_type, set_hostname_type;
    }
    /// `secondary_interfaces`.
    Secondary: LaunchTemplateInstanceSecondaryInterfaceSpecification => LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest {
        delete_on_termination: Flag, delete_on_termination, set_delete_on_termination;
        device_index: Int, device_index, set_device_index;
        interface_type: EnumCell, interface_type, set_interface_type;
        network_card_index: Int, network_card_index, set_network_card_index;
        private_ip_address_count: Int, private_ip_address_count, set_private_ip_address_count;
        private_ip_addresses: SecondaryAddresses, private_ip_addresses, set_private_ip_addresses;
        secondary_subnet_id: Text, secondary_subnet_id, set_secondary_subnet_id;
    }
    /// `tag_specifications`.
    TagSpecification: LaunchTemplateTagSpecification => LaunchTemplateTagSpecificationRequest {
        resource_type: EnumCell, resource_type, set_resource_type;
        tags: Tags, tags, set_tags;
    }
    /// All that a version holds.
    Data: ResponseLaunchTemplateData => RequestLaunchTemplateData {
        block_device_mappings: BlockSet<Device>, block_device_mappings, set_block_device_mappings;
        capacity_reservation_specification: OptionalBlock<Reservation>, capacity_reservation_specification, set_capacity_reservation_specification;
        cpu_options: OptionalBlock<Cpu>, cpu_options, set_cpu_options;
        credit_specification: OptionalBlock<Credit>, credit_specification, set_credit_specification;
        disable_api_stop: Flag, disable_api_stop, set_disable_api_stop;
        disable_api_termination: Flag, disable_api_termination, set_disable_api_termination;
        ebs_optimized: FlagText, ebs_optimized, set_ebs_optimized [.check(super::super::check::truth)];
        enclave_options: OptionalBlock<Enclave>, enclave_options, set_enclave_options;
        hibernation_options: OptionalBlock<Hibernation>, hibernation_options, set_hibernation_options;
        iam_instance_profile: OptionalBlock<Profile>, iam_instance_profile, set_iam_instance_profile;
        image_id: Text, image_id, set_image_id [.check(super::super::check::image)];
        instance_initiated_shutdown_behavior: EnumCell, instance_initiated_shutdown_behavior, set_instance_initiated_shutdown_behavior [.check(super::super::check::shutdown)];
        instance_market_options: OptionalBlock<Market>, instance_market_options, set_instance_market_options;
        instance_requirements: OptionalBlock<Requirements>, instance_requirements, set_instance_requirements;
        instance_type: EnumCell, instance_type, set_instance_type [.check(super::super::check::instance_type)];
        kernel_id: Text, kernel_id, set_kernel_id;
        key_name: Text, key_name, set_key_name;
        license_specification: BlockSet<License>, license_specifications, set_license_specifications;
        maintenance_options: OptionalBlock<Maintenance>, maintenance_options, set_maintenance_options;
        metadata_options: OptionalBlock<Metadata>, metadata_options, set_metadata_options;
        monitoring: OptionalBlock<Monitoring>, monitoring, set_monitoring;
        network_interfaces: BlockList<Interface>, network_interfaces, set_network_interfaces;
        network_performance_options: OptionalBlock<Performance>, network_performance_options, set_network_performance_options;
        placement: OptionalBlock<Placement>, placement, set_placement;
        private_dns_name_options: OptionalBlock<PrivateDns>, private_dns_name_options, set_private_dns_name_options;
        ram_disk_id: Text, ram_disk_id, set_ram_disk_id;
        secondary_interfaces: BlockList<Secondary>, secondary_interfaces, set_secondary_interfaces;
        security_group_names: Texts, security_groups, set_security_groups;
        tag_specifications: BlockSet<TagSpecification>, tag_specifications, set_tag_specifications;
        user_data: Text, user_data, set_user_data [.check(super::super::check::user_data_base64)];
        vpc_security_group_ids: Texts, security_group_ids, set_security_group_ids;
    }
}
