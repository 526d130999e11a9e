//! The blocks of an instance, in EC2's types.

use crate::resources::block::{TextList, TimestampCell};
use crate::resources::compute::check;
use crate::resources::compute::launch_template::reference::NameUnlessId;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    CapacityReservationSpecification, CapacityReservationSpecificationResponse, CapacityReservationTarget,
    CapacityReservationTargetResponse, CpuOptions, CpuOptionsRequest, CreditSpecificationRequest, EnclaveOptions,
    EnclaveOptionsRequest, InstanceCreditSpecification, InstanceMaintenanceOptions, InstanceMaintenanceOptionsRequest,
    InstanceMarketOptionsRequest, InstanceMetadataOptionsRequest, InstanceMetadataOptionsResponse,
    InstanceNetworkInterface, InstanceNetworkInterfaceAttachment, InstanceNetworkInterfaceSpecification,
    InstanceSecondaryInterface, InstanceSecondaryInterfaceAttachment, InstanceSecondaryInterfaceSpecificationRequest,
    LaunchTemplateSpecification, Placement, PrivateDnsNameOptionsRequest, PrivateDnsNameOptionsResponse,
    SpotMarketOptions,
};

fn switch(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["", "enabled", "disabled"])
}

block! {
    /// `capacity_reservation_specification.capacity_reservation_target`.
    ReservationTarget: CapacityReservationTargetResponse => CapacityReservationTarget {
        capacity_reservation_id: Text;
        capacity_reservation_resource_group_arn: Text;
    }
    /// `capacity_reservation_specification`.
    Reservation: CapacityReservationSpecificationResponse => CapacityReservationSpecification {
        capacity_reservation_preference: EnumCell
            [.stays().check(|v| checks::one_of(v, &["", "open", "none", "capacity-reservations-only"]))];
        capacity_reservation_target: OptionalBlock<ReservationTarget>;
    }
    /// `cpu_options`.
    Cpu: CpuOptions => CpuOptionsRequest {
        amd_sev_snp: EnumCell [.optional_computed().check(switch)];
        core_count: Positive [.optional_computed()];
        nested_virtualization: EnumCell [.optional_computed().check(switch)];
        threads_per_core: Positive [.optional_computed()];
    }
    /// `credit_specification`.
    Credit: InstanceCreditSpecification => CreditSpecificationRequest {
        cpu_credits: Text [.stays().check(|v| checks::one_of(v, &["", "standard", "unlimited"]))];
    }
    /// `enclave_options`.
    Enclave: EnclaveOptions => EnclaveOptionsRequest {
        enabled: Flag [.optional_computed()];
    }
    /// `instance_market_options.spot_options`.
    Spot: SpotMarketOptions => SpotMarketOptions {
        instance_interruption_behavior: EnumCell [.optional_computed()];
        max_price: Text [.optional_computed()];
        spot_instance_type: EnumCell [.optional_computed()];
        valid_until: TimestampCell [.optional_computed().check(check::moment).normal(check::MOMENT)];
    }
    /// `instance_market_options`; EC2 answers with the market alone.
    Market: InstanceMarketOptionsRequest => InstanceMarketOptionsRequest {
        market_type: EnumCell [.optional_computed()];
        spot_options: OptionalBlock<Spot> [.optional_computed()];
    }
    /// `launch_template`; EC2 answers with tags.
    Template: LaunchTemplateSpecification => LaunchTemplateSpecification {
        id = launch_template_id: Text [.optional_computed()];
        name = launch_template_name: NameUnlessId;
        version: Text [.default("$Default")];
    }
    /// `maintenance_options`.
    Maintenance: InstanceMaintenanceOptions => InstanceMaintenanceOptionsRequest {
        auto_recovery: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["", "default", "disabled"]))];
    }
    /// `metadata_options`.
    Metadata: InstanceMetadataOptionsResponse => InstanceMetadataOptionsRequest {
        http_endpoint: EnumCell [.default("enabled").check(switch)];
        http_protocol_ipv6: EnumCell [.default("disabled").check(switch)];
        http_put_response_hop_limit: Int [.optional_computed().check(check::hop_limit)];
        http_tokens: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["", "optional", "required"]))];
        instance_metadata_tags: EnumCell [.optional_computed().check(switch)];
    }
    /// `private_dns_name_options`.
    PrivateDns: PrivateDnsNameOptionsResponse => PrivateDnsNameOptionsRequest {
        enable_resource_name_dns_a_record: Flag [.optional_computed()];
        enable_resource_name_dns_aaaa_record: Flag [.optional_computed()];
        hostname_type: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["", "ip-name", "resource-name"]))];
    }
    /// `secondary_network_interface`.
    Secondary: InstanceSecondaryInterface => InstanceSecondaryInterfaceSpecificationRequest {
        delete_on_termination: Flag, create [.stays().read(|n: &L| attached(n.held(), |a| a.delete_on_termination()))];
        device_index: Int, create [.stays().read(|n: &L| attached(n.held(), |a| a.device_index()))];
        interface_type: EnumCell [.stays()];
        mac_address: Text, read [.computed()];
        network_card_index: Int, create
            [.required().read(|n: &L| attached(n.held(), |a| a.network_card_index()))];
        private_ip_address_count: Int, create
            [.stays().read(|n: &L| i32::try_from(n.held().private_ip_addresses().len()).ok().into())];
        private_ip_addresses: TextList, none [.computed()]
            [.read(|n: &L| Value::strings(n.held().private_ip_addresses().iter().filter_map(|a| a.private_ip_address())))];
        secondary_interface_id: Text, read [.computed()];
        secondary_network_id: Text, read [.computed()];
        secondary_subnet_id: Text [.required()];
        source_dest_check: Flag, read [.computed()];
        status: EnumCell, read [.computed()];
    }
    /// `network_interface`.
    Named: InstanceNetworkInterface => InstanceNetworkInterfaceSpecification {
        delete_on_termination: Flag, create [.default(false).read(|n: &L| held(n.held(), |a| a.delete_on_termination()))];
        device_index: Int, create [.required().read(|n: &L| held(n.held(), |a| a.device_index()))];
        network_card_index: Int, create [.default(0).read(|n: &L| held(n.held(), |a| a.network_card_index()))];
        network_interface_id: Text [.required()];
    }
    /// `primary_network_interface`.
    Primary: InstanceNetworkInterface => InstanceNetworkInterfaceSpecification {
        delete_on_termination: Flag, none
            [.computed().read(|n: &L| held(n.held(), |a| a.delete_on_termination()))];
        network_interface_id: Text [.required()];
    }
    /// Where an instance is: arguments of its own.
    Place: Placement => Placement {
        availability_zone: Text [.optional_computed().force_new()];
        host_id: Text [.optional_computed().force_new()];
        host_resource_group_arn: Text [.optional_computed().force_new()];
        placement_group = group_name: Text [.optional_computed().follows(&["placement_group_id"])];
        placement_group_id = group_id: Text [.optional_computed().follows(&["placement_group"])];
        placement_partition_number = partition_number: Positive [.optional_computed()];
        tenancy: EnumCell
            [.optional_computed().force_new().check(|v| checks::one_of(v, &["", "default", "dedicated", "host"]))];
    }
}

fn held<T>(n: &InstanceNetworkInterface, get: impl Fn(&InstanceNetworkInterfaceAttachment) -> Option<T>) -> Value
where
    Value: From<Option<T>>,
{
    n.attachment().and_then(get).into()
}

fn attached<T>(
    n: &InstanceSecondaryInterface,
    get: impl Fn(&InstanceSecondaryInterfaceAttachment) -> Option<T>,
) -> Value
where
    Value: From<Option<T>>,
{
    n.attachment().and_then(get).into()
}
