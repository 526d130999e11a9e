//! The blocks of an instance, in EC2's types.

use crate::resources::block::{EnumCell, Flag, Int, OptionalBlock, Text, TimestampCell, block};
use crate::resources::compute::check;
use crate::resources::compute::launch_template::reference::NameUnlessId;
use crate::schema::checks;
use crate::value::Value;
use aws_sdk_ec2::types::{
    CapacityReservationSpecification, CapacityReservationSpecificationResponse, CapacityReservationTarget,
    CapacityReservationTargetResponse, CpuOptions, CpuOptionsRequest, CreditSpecificationRequest, EnclaveOptions,
    EnclaveOptionsRequest, InstanceCreditSpecification, InstanceMaintenanceOptions, InstanceMaintenanceOptionsRequest,
    InstanceMarketOptionsRequest, InstanceMetadataOptionsRequest, InstanceMetadataOptionsResponse,
    InstanceSecondaryInterfaceSpecificationRequest, LaunchTemplateSpecification, PrivateDnsNameOptionsRequest,
    PrivateDnsNameOptionsResponse, SpotMarketOptions,
};

fn credits(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["", "standard", "unlimited"])
}

fn switch(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["", "enabled", "disabled"])
}

fn tokens(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["", "optional", "required"])
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
            [.optional_computed().check(|v| checks::one_of(v, &["", "open", "none", "capacity-reservations-only"]))];
        capacity_reservation_target: OptionalBlock<ReservationTarget>;
    }
    /// `cpu_options`.
    Cpu: CpuOptions => CpuOptionsRequest {
        amd_sev_snp: EnumCell [.optional_computed().check(switch)];
        core_count: Int [.optional_computed()];
        nested_virtualization: EnumCell [.optional_computed().check(switch)];
        threads_per_core: Int [.optional_computed()];
    }
    /// `credit_specification`.
    Credit: InstanceCreditSpecification => CreditSpecificationRequest {
        cpu_credits: Text [.optional_computed().check(credits)];
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
        version: Text [.optional_computed()];
    }
    /// `maintenance_options`.
    Maintenance: InstanceMaintenanceOptions => InstanceMaintenanceOptionsRequest {
        auto_recovery: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["", "default", "disabled"]))];
    }
    /// `metadata_options`.
    Metadata: InstanceMetadataOptionsResponse => InstanceMetadataOptionsRequest {
        http_endpoint: EnumCell [.optional_computed().check(switch)];
        http_protocol_ipv6: EnumCell [.optional_computed().check(switch)];
        http_put_response_hop_limit: Int [.optional_computed().check(check::hop_limit)];
        http_tokens: EnumCell [.optional_computed().check(tokens)];
        instance_metadata_tags: EnumCell [.optional_computed().check(switch)];
    }
    /// `private_dns_name_options`.
    PrivateDns: PrivateDnsNameOptionsResponse => PrivateDnsNameOptionsRequest {
        enable_resource_name_dns_a_record: Flag [.optional_computed()];
        enable_resource_name_dns_aaaa_record: Flag [.optional_computed()];
        hostname_type: EnumCell [.optional_computed().check(|v| checks::one_of(v, &["", "ip-name", "resource-name"]))];
    }
    /// `secondary_network_interface`.
    Secondary: InstanceSecondaryInterfaceSpecificationRequest => InstanceSecondaryInterfaceSpecificationRequest {
        delete_on_termination: Flag [.optional_computed()];
        device_index: Int [.optional_computed()];
        interface_type: EnumCell [.optional_computed()];
        network_card_index: Int [.required()];
        private_ip_address_count: Int [.optional_computed()];
        secondary_subnet_id: Text [.required()];
    }
}
