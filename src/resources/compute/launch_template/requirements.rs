//! The demands on instances that have no fixed type, in EC2's types.

use crate::resources::block::EnumSetCell;
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{
    AcceleratorCount as AcceleratorCountOut, AcceleratorCountRequest as AcceleratorCountIn,
    AcceleratorTotalMemoryMiB as AcceleratorMemoryOut, AcceleratorTotalMemoryMiBRequest as AcceleratorMemoryIn,
    BaselineEbsBandwidthMbps as EbsBandwidthOut, BaselineEbsBandwidthMbpsRequest as EbsBandwidthIn,
    InstanceRequirements as RequirementsOut, InstanceRequirementsRequest as RequirementsIn,
    MemoryGiBPerVCpu as MemoryPerVcpuOut, MemoryGiBPerVCpuRequest as MemoryPerVcpuIn, MemoryMiB as MemoryOut,
    MemoryMiBRequest as MemoryIn, NetworkBandwidthGbps as NetworkBandwidthOut,
    NetworkBandwidthGbpsRequest as NetworkBandwidthIn, NetworkInterfaceCount as InterfaceCountOut,
    NetworkInterfaceCountRequest as InterfaceCountIn, TotalLocalStorageGb as LocalStorageOut,
    TotalLocalStorageGbRequest as LocalStorageIn, VCpuCountRange as VcpusOut, VCpuCountRangeRequest as VcpusIn,
};

block! {
    /// `accelerator_count`.
    AcceleratorCount: AcceleratorCountOut => AcceleratorCountIn { min: Int; max: Int; }
    /// `accelerator_total_memory_mib`.
    AcceleratorMemory: AcceleratorMemoryOut => AcceleratorMemoryIn { min: Int; max: Int; }
    /// `baseline_ebs_bandwidth_mbps`.
    EbsBandwidth: EbsBandwidthOut => EbsBandwidthIn { min: Int; max: Int; }
    /// `memory_gib_per_vcpu`.
    MemoryPerVcpu: MemoryPerVcpuOut => MemoryPerVcpuIn { min: Real; max: Real; }
    /// `memory_mib`.
    Memory: MemoryOut => MemoryIn { min: Int [.required()]; max: Int; }
    /// `network_bandwidth_gbps`.
    NetworkBandwidth: NetworkBandwidthOut => NetworkBandwidthIn { min: Real; max: Real; }
    /// `network_interface_count`.
    InterfaceCount: InterfaceCountOut => InterfaceCountIn { min: Int; max: Int; }
    /// `total_local_storage_gb`.
    LocalStorage: LocalStorageOut => LocalStorageIn { min: Real; max: Real; }
    /// `vcpu_count`.
    Vcpus: VcpusOut => VcpusIn { min: Int [.required()]; max: Int; }
    /// `instance_requirements`.
    Requirements: RequirementsOut => RequirementsIn {
        accelerator_count: OptionalBlock<AcceleratorCount>;
        accelerator_manufacturers: EnumSetCell;
        accelerator_names: EnumSetCell;
        accelerator_total_memory_mib: OptionalBlock<AcceleratorMemory>;
        accelerator_types: EnumSetCell;
        allowed_instance_types: Texts;
        bare_metal: EnumCell [.stays()];
        baseline_ebs_bandwidth_mbps: OptionalBlock<EbsBandwidth>;
        burstable_performance: EnumCell [.stays()];
        cpu_manufacturers: EnumSetCell;
        excluded_instance_types: Texts;
        instance_generations: EnumSetCell;
        local_storage: EnumCell [.stays()];
        local_storage_types: EnumSetCell;
        max_spot_price_as_percentage_of_optimal_on_demand_price: Int;
        memory_gib_per_vcpu = memory_gib_per_v_cpu: OptionalBlock<MemoryPerVcpu>;
        memory_mib: OptionalBlock<Memory> [.count(1, Some(1))];
        network_bandwidth_gbps: OptionalBlock<NetworkBandwidth>;
        network_interface_count: OptionalBlock<InterfaceCount>;
        on_demand_max_price_percentage_over_lowest_price: Int [.stays()];
        require_hibernate_support: Flag;
        spot_max_price_percentage_over_lowest_price: Int [.stays()];
        total_local_storage_gb: OptionalBlock<LocalStorage>;
        vcpu_count = v_cpu_count: OptionalBlock<Vcpus> [.count(1, Some(1))];
    }
}
