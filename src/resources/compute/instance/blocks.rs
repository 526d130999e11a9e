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
        capacity_reservation_id: Text, capacity_reservation_id, set_capacity_reservation_id;
        capacity_reservation_resource_group_arn: Text, capacity_reservation_resource_group_arn,
            set_capacity_reservation_resource_group_arn;
    }
    /// `capacity_reservation_specification`.
    Reservation: CapacityReservationSpecificationResponse => CapacityReservationSpecification {
        capacity_reservation_preference: EnumCell, capacity_reservation_preference, set_capacity_reservation_preference
            [.optional_computed().check(|v| checks::one_of(v, &["", "open", "none", "capacity-reservations-only"]))];
        capacity_reservation_target: OptionalBlock<ReservationTarget>, capacity_reservation_target, set_capacity_reservation_target;
    }
    /// `cpu_options`.
    Cpu: CpuOptions => CpuOptionsRequest {
        amd_sev_snp: EnumCell, amd_sev_snp, set_amd_sev_snp [.optional_computed().check(switch)];
        core_count: Int, core_count, set_core_count [.optional_computed()];
        nested_virtualization: EnumCell, nested_virtualization, set_nested_virtualization [.optional_computed().check(switch)];
        threads_per_core: Int, threads_per_core, set_threads_per_core [.optional_computed()];
    }
    /// `credit_specification`.
    Credit: InstanceCreditSpecification => CreditSpecificationRequest {
        cpu_credits: Text, cpu_credits, set_cpu_credits [.optional_computed().check(credits)];
    }
    /// `enclave_options`.
    Enclave: EnclaveOptions => EnclaveOptionsRequest {
        enabled: Flag, enabled, set_enabled [.optional_computed()];
    }
    /// `instance_market_options.spot_options`.
    Spot: SpotMarketOptions => SpotMarketOptions {
        instance_interruption_behavior: EnumCell, instance_interruption_behavior, set_instance_interruption_behavior [.optional_computed()];
        max_price: Text, max_price, set_max_price [.optional_computed()];
        spot_instance_type: EnumCell, spot_instance_type, set_spot_instance_type [.optional_computed()];
        valid_until: TimestampCell, valid_until, set_valid_until [.optional_computed().check(check::moment).normal(check::MOMENT)];
    }
    /// `instance_market_options`; EC2 answers with the market alone.
    Market: InstanceMarketOptionsRequest => InstanceMarketOptionsRequest {
        market_type: EnumCell, market_type, set_market_type [.optional_computed()];
        spot_options: OptionalBlock<Spot>, spot_options, set_spot_options [.optional_computed()];
    }
    /// `launch_template`; EC2 answers with tags.
    Template: LaunchTemplateSpecification => LaunchTemplateSpecification {
        id: Text, launch_template_id, set_launch_template_id [.optional_computed()];
        name: NameUnlessId, launch_template_name, set_launch_template_name;
        version: Text, version, set_version [.optional_computed()];
    }
    /// `maintenance_options`.
    Maintenance: InstanceMaintenanceOptions => InstanceMaintenanceOptionsRequest {
        auto_recovery: EnumCell, auto_recovery, set_auto_recovery [.optional_computed().check(|v| checks::one_of(v, &["", "default", "disabled"]))];
    }
    /// `metadata_options`.
    Metadata: InstanceMetadataOptionsResponse => InstanceMetadataOptionsRequest {
        http_endpoint: EnumCell, http_endpoint, set_http_endpoint [.optional_computed().check(switch)];
        http_protocol_ipv6: EnumCell, http_protocol_ipv6, set_http_protocol_ipv6 [.optional_computed().check(switch)];
        http_put_response_hop_limit: Int, http_put_response_hop_limit, set_http_put_response_hop_limit [.optional_computed().check(check::hop_limit)];
        http_tokens: EnumCell, http_tokens, set_http_tokens [.optional_computed().check(tokens)];
        instance_metadata_tags: EnumCell, instance_metadata_tags, set_instance_metadata_tags [.optional_computed().check(switch)];
    }
    /// `private_dns_name_options`.
    PrivateDns: PrivateDnsNameOptionsResponse => PrivateDnsNameOptionsRequest {
        enable_resource_name_dns_a_record: Flag, enable_resource_name_dns_a_record, set_enable_resource_name_dns_a_record [.optional_computed()];
        enable_resource_name_dns_aaaa_record: Flag, enable_resource_name_dns_aaaa_record, set_enable_resource_name_dns_aaaa_record [.optional_computed()];
        hostname_type: EnumCell, hostname_type, set_hostname_type [.optional_computed().check(|v| checks::one_of(v, &["", "ip-name", "resource-name"]))];
    }
    /// `secondary_network_interface`.
    Secondary: InstanceSecondaryInterfaceSpecificationRequest => InstanceSecondaryInterfaceSpecificationRequest {
        delete_on_termination: Flag, delete_on_termination, set_delete_on_termination [.optional_computed()];
        device_index: Int, device_index, set_device_index [.optional_computed()];
        interface_type: EnumCell, interface_type, set_interface_type [.optional_computed()];
        network_card_index: Int, network_card_index, set_network_card_index [.required()];
        private_ip_address_count: Int, private_ip_address_count, set_private_ip_address_count [.optional_computed()];
        secondary_subnet_id: Text, secondary_subnet_id, set_secondary_subnet_id [.required()];
    }
}
