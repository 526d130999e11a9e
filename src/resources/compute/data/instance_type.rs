//! data aws_ec2_instance_type and data aws_ec2_instance_types: what a type of instance has, and which types match.

use crate::resources::block::TextList;
use crate::resources::lookup::{Row, answer, computed, filters, here, lookup_rows, one, read, schema};
use crate::resources::prelude::*;
use crate::value::Number;
use aws_sdk_ec2::types::{
    DiskInfo, EbsOptimizedInfo, FpgaDeviceInfo, GpuDeviceInfo, InferenceDeviceInfo, InstanceType, InstanceTypeInfo,
    MediaDeviceInfo, NetworkCardInfo, NetworkInfo, NeuronDeviceInfo, VCpuInfo,
};

/// The data source `aws_ec2_instance_type`.
pub struct InstanceTypeData;
/// The data source `aws_ec2_instance_types`.
pub struct InstanceTypesData;

fn cpus(t: &InstanceTypeInfo) -> Option<&VCpuInfo> {
    t.v_cpu_info()
}

fn network(t: &InstanceTypeInfo) -> Option<&NetworkInfo> {
    t.network_info()
}

fn ebs(t: &InstanceTypeInfo) -> Option<&EbsOptimizedInfo> {
    t.ebs_info().and_then(|e| e.ebs_optimized_info())
}

fn words<E: AsRef<str>>(all: &[E]) -> Value {
    Value::strings(all.iter().map(AsRef::as_ref))
}

fn real(number: Option<f64>) -> Value {
    number.and_then(Number::from_f64).map_or(Value::null(Type::Number), Value::from)
}

/// Whole numbers in order.
struct Numbers;

impl Cell for Numbers {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::list(Type::Number))
    }
}

fn numbers(all: &[i32]) -> Value {
    Value::list(Type::Number, all.iter().map(|n| Value::from(*n)).collect())
}

table! {
    Rows: InstanceTypeInfo {
        auto_recovery_supported: Flag, read;
        bandwidth_weightings: Texts, none
            [.read(|t| Value::string_set(network(t.held()).map(|n| n.bandwidth_weightings()).unwrap_or_default()))];
        bare_metal: Flag, read;
        boot_modes: Texts, none [.read(|t| Value::string_set(t.held().supported_boot_modes()))];
        burstable_performance_supported: Flag, read;
        current_generation: Flag, read;
        dedicated_hosts_supported: Flag, read;
        default_cores: Int, none [.read(|t| Int::get(cpus(t.held()).and_then(|c| c.default_cores())))];
        default_network_card_index: Int, none
            [.read(|t| Int::get(network(t.held()).and_then(|n| n.default_network_card_index())))];
        default_threads_per_core: Int, none
            [.read(|t| Int::get(cpus(t.held()).and_then(|c| c.default_threads_per_core())))];
        default_vcpus: Int, none [.read(|t| Int::get(cpus(t.held()).and_then(|c| c.default_v_cpus())))];
        ebs_encryption_support: EnumCell, none
            [.read(|t| EnumCell::get(t.held().ebs_info().and_then(|e| e.encryption_support())))];
        ebs_nvme_support: EnumCell, none
            [.read(|t| EnumCell::get(t.held().ebs_info().and_then(|e| e.nvme_support())))];
        ebs_optimized_support: EnumCell, none
            [.read(|t| EnumCell::get(t.held().ebs_info().and_then(|e| e.ebs_optimized_support())))];
        ebs_performance_baseline_bandwidth: Int, none
            [.read(|t| Int::get(ebs(t.held()).and_then(|e| e.baseline_bandwidth_in_mbps())))];
        ebs_performance_baseline_iops: Int, none [.read(|t| Int::get(ebs(t.held()).and_then(|e| e.baseline_iops())))];
        ebs_performance_baseline_throughput: Real, none
            [.read(|t| real(ebs(t.held()).and_then(|e| e.baseline_throughput_in_m_bps())))];
        ebs_performance_maximum_bandwidth: Int, none
            [.read(|t| Int::get(ebs(t.held()).and_then(|e| e.maximum_bandwidth_in_mbps())))];
        ebs_performance_maximum_iops: Int, none [.read(|t| Int::get(ebs(t.held()).and_then(|e| e.maximum_iops())))];
        ebs_performance_maximum_throughput: Real, none
            [.read(|t| real(ebs(t.held()).and_then(|e| e.maximum_throughput_in_m_bps())))];
        efa_maximum_interfaces: Int, none
            [.read(|t| Int::get(network(t.held()).and_then(|n| n.efa_info()).and_then(|e| e.maximum_efa_interfaces())))];
        efa_supported: Flag, none [.read(|t| Flag::get(network(t.held()).and_then(|n| n.efa_supported())))];
        ena_srd_supported: Flag, none [.read(|t| Flag::get(network(t.held()).and_then(|n| n.ena_srd_supported())))];
        ena_support: EnumCell, none [.read(|t| EnumCell::get(network(t.held()).and_then(|n| n.ena_support())))];
        encryption_in_transit_supported: Flag, none
            [.read(|t| Flag::get(network(t.held()).and_then(|n| n.encryption_in_transit_supported())))];
        fpgas: BlockSet<Fpga>, none
            [.read(|t| BlockSet::<Fpga>::get(t.held().fpga_info().map(|i| i.fpgas()).unwrap_or_default()))];
        free_tier_eligible: Flag, read;
        gpus: BlockSet<Gpu>, none
            [.read(|t| BlockSet::<Gpu>::get(t.held().gpu_info().map(|i| i.gpus()).unwrap_or_default()))];
        hibernation_supported: Flag, read;
        hypervisor: EnumCell, read;
        inference_accelerators: BlockSet<Inference>, none
            [.read(|t| BlockSet::<Inference>::get(t.held().inference_accelerator_info().map(|i| i.accelerators()).unwrap_or_default()))];
        instance_disks: BlockSet<Disk>, none
            [.read(|t| BlockSet::<Disk>::get(t.held().instance_storage_info().map(|i| i.disks()).unwrap_or_default()))];
        instance_storage_supported: Flag, read;
        ipv6_supported: Flag, none [.read(|t| Flag::get(network(t.held()).and_then(|n| n.ipv6_supported())))];
        maximum_ipv4_addresses_per_interface: Int, none
            [.read(|t| Int::get(network(t.held()).and_then(|n| n.ipv4_addresses_per_interface())))];
        maximum_ipv6_addresses_per_interface: Int, none
            [.read(|t| Int::get(network(t.held()).and_then(|n| n.ipv6_addresses_per_interface())))];
        maximum_network_cards: Int, none
            [.read(|t| Int::get(network(t.held()).and_then(|n| n.maximum_network_cards())))];
        maximum_network_interfaces: Int, none
            [.read(|t| Int::get(network(t.held()).and_then(|n| n.maximum_network_interfaces())))];
        media_accelerators: BlockSet<Media>, none
            [.read(|t| BlockSet::<Media>::get(t.held().media_accelerator_info().map(|i| i.accelerators()).unwrap_or_default()))];
        memory_size: Int, none [.read(|t| Int::get(t.held().memory_info().and_then(|m| m.size_in_mib())))];
        network_cards: BlockSet<Card>, none
            [.read(|t| BlockSet::<Card>::get(network(t.held()).map(|n| n.network_cards()).unwrap_or_default()))];
        network_performance: Text, none [.read(|t| network(t.held()).and_then(|n| n.network_performance()).into())];
        neuron_devices: BlockSet<Neuron>, none
            [.read(|t| BlockSet::<Neuron>::get(t.held().neuron_info().map(|i| i.neuron_devices()).unwrap_or_default()))];
        nitro_enclaves_support: EnumCell, read;
        nitro_tpm_support: EnumCell, read;
        nitro_tpm_supported_versions: Texts, none
            [.read(|t| Value::string_set(t.held().nitro_tpm_info().map(|i| i.supported_versions()).unwrap_or_default()))];
        phc_support: EnumCell, read;
        supported_architectures: TextList, none
            [.read(|t| words(t.held().processor_info().map(|p| p.supported_architectures()).unwrap_or_default()))];
        supported_cpu_features: Texts, none
            [.read(|t| Value::string_set(t.held().processor_info().map(|p| p.supported_features()).unwrap_or_default()))];
        supported_placement_strategies: TextList, none
            [.read(|t| words(t.held().placement_group_info().map(|p| p.supported_strategies()).unwrap_or_default()))];
        supported_root_device_types: TextList, none [.read(|t| words(t.held().supported_root_device_types()))];
        supported_usages_classes: TextList, none [.read(|t| words(t.held().supported_usage_classes()))];
        supported_virtualization_types: TextList, none [.read(|t| words(t.held().supported_virtualization_types()))];
        sustained_clock_speed: Real, none
            [.read(|t| real(t.held().processor_info().and_then(|p| p.sustained_clock_speed_in_ghz())))];
        total_fpga_memory: Int, none
            [.read(|t| Int::get(t.held().fpga_info().and_then(|i| i.total_fpga_memory_in_mib())))];
        total_gpu_memory: Int, none
            [.read(|t| Int::get(t.held().gpu_info().and_then(|i| i.total_gpu_memory_in_mib())))];
        total_inference_memory: Int, none
            [.read(|t| Int::get(t.held().inference_accelerator_info().and_then(|i| i.total_inference_memory_in_mib())))];
        total_instance_storage: Int, none
            [.read(|t| Int::get(t.held().instance_storage_info().and_then(|i| i.total_size_in_gb())))];
        total_media_memory: Int, none
            [.read(|t| Int::get(t.held().media_accelerator_info().and_then(|i| i.total_media_memory_in_mib())))];
        total_neuron_device_memory: Int, none
            [.read(|t| Int::get(t.held().neuron_info().and_then(|i| i.total_neuron_device_memory_in_mib())))];
        valid_cores: Numbers, none [.read(|t| numbers(cpus(t.held()).map(|c| c.valid_cores()).unwrap_or_default()))];
        valid_threads_per_core: Numbers, none
            [.read(|t| numbers(cpus(t.held()).map(|c| c.valid_threads_per_core()).unwrap_or_default()))];
    }
}

/// Devices of one form: how many of which, and their memory.
macro_rules! devices {
    ($($name:ident: $info:ident;)*) => {
        block! {$(
            $name: $info => $info {
                count: Int, read;
                manufacturer: Text, read;
                memory_size: Int, none [.read(|d| Int::get(d.held().memory_info().and_then(|m| m.size_in_mib())))];
                name: Text, read;
            }
        )*}
    };
}

devices! {
    Fpga: FpgaDeviceInfo;
    Gpu: GpuDeviceInfo;
    Inference: InferenceDeviceInfo;
    Media: MediaDeviceInfo;
}

block! {
    Disk: DiskInfo => DiskInfo {
        count: Int, read;
        size = size_in_gb: Int, read;
        r#type: EnumCell, read;
    }
    Card: NetworkCardInfo => NetworkCardInfo {
        baseline_bandwidth: Real, none [.read(|c| real(c.held().baseline_bandwidth_in_gbps()))];
        index = network_card_index: Int, read;
        maximum_interfaces = maximum_network_interfaces: Int, read;
        peak_bandwidth: Real, none [.read(|c| real(c.held().peak_bandwidth_in_gbps()))];
        performance = network_performance: Text, read;
    }
    Neuron: NeuronDeviceInfo => NeuronDeviceInfo {
        core_count: Int, none [.read(|d| Int::get(d.held().core_info().and_then(|c| c.count())))];
        core_version: Int, none [.read(|d| Int::get(d.held().core_info().and_then(|c| c.version())))];
        count: Int, read;
        memory_size: Int, none [.read(|d| Int::get(d.held().memory_info().and_then(|m| m.size_in_mib())))];
        name: Text, read;
    }
}

impl DataSource for InstanceTypeData {
    fn schema() -> Schema {
        let own =
            [answer::<Text>("id"), Row::string("instance_type").required(), Row::string("region").optional_computed()];
        schema("aws_ec2_instance_type", rows(computed::<Rows>().into_iter().chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let name = config.str("instance_type").unwrap_or_default();
        let call = aws.read.ec2.describe_instance_types().instance_types(InstanceType::from(name));
        let found = one(all_of(call.into_paginator().items().send()).await?, "instance type")?;
        let all = read(config, Rows::rows::<InstanceTypeInfo>(), &found);
        Ok(all.with("id", name).with("region", &*aws.region))
    }
}

impl DataSource for InstanceTypesData {
    fn schema() -> Schema {
        let lookup = lookup_rows().into_iter().filter(|row| row.row.name != "tags");
        let own = [answer::<Text>("id"), answer::<TextList>("instance_types")];
        schema("aws_ec2_instance_types", rows(lookup.chain(own)))
    }

    async fn read(aws: &Aws, config: &Attrs) -> Result<Attrs> {
        let aws = here(aws, config);
        let found = listed!(aws, describe_instance_types, vec![filters(config, &[])]).await?;
        let mut names: Vec<&str> = found.iter().filter_map(|t| t.instance_type()).map(|t| t.as_str()).collect();
        names.sort_unstable();
        let all = config.clone().with("id", &*aws.region).with("region", &*aws.region);
        Ok(all.with("instance_types", Value::strings(names)))
    }
}
