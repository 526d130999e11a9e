//! What instances must have in place of a fixed type: the same block in EC2 and in EC2 Auto Scaling,
//! whose SDKs each have types of their own for it.

/// Declares the blocks `instance_requirements` of one SDK; the types have the names that this lists.
macro_rules! requirements {
    () => {
        block! {
            /// `accelerator_count`.
            AcceleratorCount: AcceleratorCountOut => AcceleratorCountIn { min: Int, min, set_min; max: Int, max, set_max; }
            /// `accelerator_total_memory_mib`.
            AcceleratorMemory: AcceleratorMemoryOut => AcceleratorMemoryIn { min: Int, min, set_min; max: Int, max, set_max; }
            /// `baseline_ebs_bandwidth_mbps`.
            EbsBandwidth: EbsBandwidthOut => EbsBandwidthIn { min: Int, min, set_min; max: Int, max, set_max; }
            /// `memory_gib_per_vcpu`.
            MemoryPerVcpu: MemoryPerVcpuOut => MemoryPerVcpuIn { min: Real, min, set_min; max: Real, max, set_max; }
            /// `memory_mib`.
            Memory: MemoryOut => MemoryIn { min: Int, min, set_min [.required()]; max: Int, max, set_max; }
            /// `network_bandwidth_gbps`.
            NetworkBandwidth: NetworkBandwidthOut => NetworkBandwidthIn { min: Real, min, set_min; max: Real, max, set_max; }
            /// `network_interface_count`.
            InterfaceCount: InterfaceCountOut => InterfaceCountIn { min: Int, min, set_min; max: Int, max, set_max; }
            /// `total_local_storage_gb`.
            LocalStorage: LocalStorageOut => LocalStorageIn { min: Real, min, set_min; max: Real, max, set_max; }
            /// `vcpu_count`.
            Vcpus: VcpusOut => VcpusIn { min: Int, min, set_min [.required()]; max: Int, max, set_max; }
            /// `instance_requirements`.
            Requirements: RequirementsOut => RequirementsIn {
                accelerator_count: OptionalBlock<AcceleratorCount>, accelerator_count, set_accelerator_count;
                accelerator_manufacturers: EnumSetCell, accelerator_manufacturers, set_accelerator_manufacturers;
                accelerator_names: EnumSetCell, accelerator_names, set_accelerator_names;
                accelerator_total_memory_mib: OptionalBlock<AcceleratorMemory>, accelerator_total_memory_mib, set_accelerator_total_memory_mib;
                accelerator_types: EnumSetCell, accelerator_types, set_accelerator_types;
                allowed_instance_types: Texts, allowed_instance_types, set_allowed_instance_types;
                bare_metal: EnumCell, bare_metal, set_bare_metal [.optional_computed()];
                baseline_ebs_bandwidth_mbps: OptionalBlock<EbsBandwidth>, baseline_ebs_bandwidth_mbps, set_baseline_ebs_bandwidth_mbps;
                burstable_performance: EnumCell, burstable_performance, set_burstable_performance [.optional_computed()];
                cpu_manufacturers: EnumSetCell, cpu_manufacturers, set_cpu_manufacturers;
                excluded_instance_types: Texts, excluded_instance_types, set_excluded_instance_types;
                instance_generations: EnumSetCell, instance_generations, set_instance_generations;
                local_storage: EnumCell, local_storage, set_local_storage [.optional_computed()];
                local_storage_types: EnumSetCell, local_storage_types, set_local_storage_types;
                max_spot_price_as_percentage_of_optimal_on_demand_price: Int, max_spot_price_as_percentage_of_optimal_on_demand_price, set_max_spot_price_as_percentage_of_optimal_on_demand_price;
                memory_gib_per_vcpu: OptionalBlock<MemoryPerVcpu>, memory_gib_per_v_cpu, set_memory_gib_per_v_cpu;
                memory_mib: OptionalBlock<Memory>, memory_mib, set_memory_mib [.count(1, Some(1))];
                network_bandwidth_gbps: OptionalBlock<NetworkBandwidth>, network_bandwidth_gbps, set_network_bandwidth_gbps;
                network_interface_count: OptionalBlock<InterfaceCount>, network_interface_count, set_network_interface_count;
                on_demand_max_price_percentage_over_lowest_price: Int, on_demand_max_price_percentage_over_lowest_price, set_on_demand_max_price_percentage_over_lowest_price [.optional_computed()];
                require_hibernate_support: Flag, require_hibernate_support, set_require_hibernate_support;
                spot_max_price_percentage_over_lowest_price: Int, spot_max_price_percentage_over_lowest_price, set_spot_max_price_percentage_over_lowest_price [.optional_computed()];
                total_local_storage_gb: OptionalBlock<LocalStorage>, total_local_storage_gb, set_total_local_storage_gb;
                vcpu_count: OptionalBlock<Vcpus>, v_cpu_count, set_v_cpu_count [.count(1, Some(1))];
            }
        }
    };
}
pub(in crate::resources::compute) use requirements;
