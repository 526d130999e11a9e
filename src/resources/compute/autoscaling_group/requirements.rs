//! The demands of a group on instances that have no fixed type, in EC2 Auto Scaling's members.

use crate::resources::document::{One, document};
use crate::resources::prelude::*;

/// Blocks of a least and a most.
macro_rules! ranges {
    ($($name:ident: $cell:ty $([$($least:tt)+])?;)*) => {$(
        document! {
            $name {
                min = "Min": $cell $([$($least)+])?;
                max = "Max": $cell;
            }
        }
    )*};
}

ranges! {
    AcceleratorCount: Int;
    AcceleratorMemory: Int;
    EbsBandwidth: Int;
    MemoryPerVcpu: Real;
    Memory: Int [.required()];
    NetworkBandwidth: Real;
    InterfaceCount: Int;
    LocalStorage: Real;
    Vcpus: Int [.required()];
}

document! {
    /// `instance_requirements`.
    pub Requirements {
        accelerator_count = "AcceleratorCount": One<AcceleratorCount>;
        accelerator_manufacturers = "AcceleratorManufacturers.member": Texts;
        accelerator_names = "AcceleratorNames.member": Texts;
        accelerator_total_memory_mib = "AcceleratorTotalMemoryMiB": One<AcceleratorMemory>;
        accelerator_types = "AcceleratorTypes.member": Texts;
        allowed_instance_types = "AllowedInstanceTypes.member": Texts;
        bare_metal = "BareMetal": Text [.stays()];
        baseline_ebs_bandwidth_mbps = "BaselineEbsBandwidthMbps": One<EbsBandwidth>;
        burstable_performance = "BurstablePerformance": Text [.stays()];
        cpu_manufacturers = "CpuManufacturers.member": Texts;
        excluded_instance_types = "ExcludedInstanceTypes.member": Texts;
        instance_generations = "InstanceGenerations.member": Texts;
        local_storage = "LocalStorage": Text [.stays()];
        local_storage_types = "LocalStorageTypes.member": Texts;
        max_spot_price_as_percentage_of_optimal_on_demand_price =
            "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice": Int;
        memory_gib_per_vcpu = "MemoryGiBPerVCpu": One<MemoryPerVcpu>;
        memory_mib = "MemoryMiB": One<Memory> [.count(0, Some(1))];
        network_bandwidth_gbps = "NetworkBandwidthGbps": One<NetworkBandwidth>;
        network_interface_count = "NetworkInterfaceCount": One<InterfaceCount>;
        on_demand_max_price_percentage_over_lowest_price =
            "OnDemandMaxPricePercentageOverLowestPrice": Int [.stays()];
        require_hibernate_support = "RequireHibernateSupport": Flag;
        spot_max_price_percentage_over_lowest_price = "SpotMaxPricePercentageOverLowestPrice": Int [.stays()];
        total_local_storage_gb = "TotalLocalStorageGB": One<LocalStorage>;
        vcpu_count = "VCpuCount": One<Vcpus> [.count(0, Some(1))];
    }
}
