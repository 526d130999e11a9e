//! The blocks of a group, in EC2 Auto Scaling's types.

use crate::resources::block::{
    BlockList, Cell, EnumCell, EnumSetCell, Flag, Get, Int, IntText, OptionalBlock, Put, Real, Text, Texts, block,
};
use crate::resources::compute::check;
use crate::resources::compute::launch_template::reference::NameUnlessId;
use crate::resources::compute::launch_template::requirements::requirements;
use crate::resources::spec::A;
use crate::schema::{Attrs, checks};
use crate::value::{Type, Value};
use aws_sdk_autoscaling::types::{
    AcceleratorCountRequest as AcceleratorCountOut, AcceleratorCountRequest as AcceleratorCountIn,
    AcceleratorTotalMemoryMiBRequest as AcceleratorMemoryOut, AcceleratorTotalMemoryMiBRequest as AcceleratorMemoryIn,
    AlarmSpecification, AvailabilityZoneDistribution, BaselineEbsBandwidthMbpsRequest as EbsBandwidthOut,
    BaselineEbsBandwidthMbpsRequest as EbsBandwidthIn, CapacityReservationSpecification, CapacityReservationTarget,
    InstanceLifecyclePolicy, InstanceMaintenancePolicy, InstanceRequirements as RequirementsOut,
    InstanceRequirements as RequirementsIn, InstanceReusePolicy, InstancesDistribution, LaunchTemplate,
    LaunchTemplateOverrides, LaunchTemplateSpecification, LifecycleHookSpecification,
    MemoryGiBPerVCpuRequest as MemoryPerVcpuOut, MemoryGiBPerVCpuRequest as MemoryPerVcpuIn,
    MemoryMiBRequest as MemoryOut, MemoryMiBRequest as MemoryIn, MixedInstancesPolicy,
    NetworkBandwidthGbpsRequest as NetworkBandwidthOut, NetworkBandwidthGbpsRequest as NetworkBandwidthIn,
    NetworkInterfaceCountRequest as InterfaceCountOut, NetworkInterfaceCountRequest as InterfaceCountIn,
    RefreshPreferences, RetentionTriggers, TotalLocalStorageGbRequest as LocalStorageOut,
    TotalLocalStorageGbRequest as LocalStorageIn, TrafficSourceIdentifier, VCpuCountRequest as VcpusOut,
    VCpuCountRequest as VcpusIn, WarmPoolConfiguration,
};

requirements!();

/// Percentages of instances to stop at, in order.
pub struct Percentages;

impl Cell for Percentages {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::list(Type::Number))
    }
}
impl Get<&[i32]> for Percentages {
    fn get(from: &[i32]) -> Value {
        Value::list(Type::Number, from.iter().map(|n| Value::from(*n)).collect())
    }
}
impl Put<Option<Vec<i32>>> for Percentages {
    fn put(from: &Attrs, name: &str) -> Option<Vec<i32>> {
        let all = from.elements(name).iter().filter_map(Value::as_i64).filter_map(|n| i32::try_from(n).ok());
        Some(all.collect()).filter(|all: &Vec<i32>| !all.is_empty())
    }
}

block! {
    /// `availability_zone_distribution`.
    Distribution: AvailabilityZoneDistribution => AvailabilityZoneDistribution {
        capacity_distribution_strategy: EnumCell, capacity_distribution_strategy, set_capacity_distribution_strategy [.default("balanced-best-effort")];
    }
    /// `capacity_reservation_specification.capacity_reservation_target`.
    ReservationTarget: CapacityReservationTarget => CapacityReservationTarget {
        capacity_reservation_ids: Texts, capacity_reservation_ids, set_capacity_reservation_ids;
        capacity_reservation_resource_group_arns: Texts, capacity_reservation_resource_group_arns,
            set_capacity_reservation_resource_group_arns;
    }
    /// `capacity_reservation_specification`.
    Reservation: CapacityReservationSpecification => CapacityReservationSpecification {
        capacity_reservation_preference: EnumCell, capacity_reservation_preference, set_capacity_reservation_preference;
        capacity_reservation_target: OptionalBlock<ReservationTarget>, capacity_reservation_target, set_capacity_reservation_target;
    }
    /// `initial_lifecycle_hook`.
    Hook: LifecycleHookSpecification => LifecycleHookSpecification {
        default_result: Text, default_result, set_default_result [.optional_computed().check(hook_result)];
        heartbeat_timeout: Int, heartbeat_timeout, set_heartbeat_timeout;
        lifecycle_transition: Text, lifecycle_transition, set_lifecycle_transition [.required().check(hook_transition)];
        name: Text, lifecycle_hook_name, set_lifecycle_hook_name [.required().check(hook_name)];
        notification_metadata: Text, notification_metadata, set_notification_metadata;
        notification_target_arn: Text, notification_target_arn, set_notification_target_arn;
        role_arn: Text, role_arn, set_role_arn;
    }
    /// `instance_lifecycle_policy.retention_triggers`.
    Retention: RetentionTriggers => RetentionTriggers {
        terminate_hook_abandon: EnumCell, terminate_hook_abandon, set_terminate_hook_abandon;
    }
    /// `instance_lifecycle_policy`.
    Lifecycle: InstanceLifecyclePolicy => InstanceLifecyclePolicy {
        retention_triggers: OptionalBlock<Retention>, retention_triggers, set_retention_triggers;
    }
    /// `instance_maintenance_policy`.
    Maintenance: InstanceMaintenancePolicy => InstanceMaintenancePolicy {
        max_healthy_percentage: Int, max_healthy_percentage, set_max_healthy_percentage [.required()];
        min_healthy_percentage: Int, min_healthy_percentage, set_min_healthy_percentage [.required()];
    }
    /// `instance_refresh.preferences.alarm_specification`.
    Alarms: AlarmSpecification => AlarmSpecification {
        alarms: Texts, alarms, set_alarms;
    }
    /// `instance_refresh.preferences`.
    Preferences: RefreshPreferences => RefreshPreferences {
        alarm_specification: OptionalBlock<Alarms>, alarm_specification, set_alarm_specification;
        auto_rollback: Flag, auto_rollback, set_auto_rollback [.default(false)];
        checkpoint_delay: IntText, checkpoint_delay, set_checkpoint_delay;
        checkpoint_percentages: Percentages, checkpoint_percentages, set_checkpoint_percentages;
        instance_warmup: IntText, instance_warmup, set_instance_warmup;
        max_healthy_percentage: Int, max_healthy_percentage, set_max_healthy_percentage [.default(100).check(|v| check::within(v, 100, 200))];
        min_healthy_percentage: Int, min_healthy_percentage, set_min_healthy_percentage [.default(90).check(|v| check::within(v, 0, 100))];
        scale_in_protected_instances: EnumCell, scale_in_protected_instances, set_scale_in_protected_instances [.default("Ignore").check(|v| checks::one_of(v, &["Refresh", "Ignore", "Wait"]))];
        skip_matching: Flag, skip_matching, set_skip_matching [.default(false)];
        standby_instances: EnumCell, standby_instances, set_standby_instances [.default("Ignore").check(|v| checks::one_of(v, &["Terminate", "Ignore", "Wait"]))];
    }
    /// `launch_template`.
    Template: LaunchTemplateSpecification => LaunchTemplateSpecification {
        id: Text, launch_template_id, set_launch_template_id [.optional_computed()];
        name: NameUnlessId, launch_template_name, set_launch_template_name;
        version: Text, version, set_version [.optional_computed()];
    }
    /// `launch_template_specification` in a mixed instances policy.
    MixedTemplate: LaunchTemplateSpecification => LaunchTemplateSpecification {
        launch_template_id: Text, launch_template_id, set_launch_template_id [.optional_computed()];
        launch_template_name: NameUnlessId, launch_template_name, set_launch_template_name;
        version: Text, version, set_version [.optional_computed()];
    }
    /// `mixed_instances_policy.launch_template.override`.
    Override: LaunchTemplateOverrides => LaunchTemplateOverrides {
        instance_requirements: OptionalBlock<Requirements>, instance_requirements, set_instance_requirements;
        instance_type: Text, instance_type, set_instance_type [.check(check::instance_type)];
        launch_template_specification: OptionalBlock<MixedTemplate>, launch_template_specification, set_launch_template_specification;
        weighted_capacity: Text, weighted_capacity, set_weighted_capacity;
    }
    /// `mixed_instances_policy.launch_template`.
    MixedTemplates: LaunchTemplate => LaunchTemplate {
        launch_template_specification: OptionalBlock<MixedTemplate>, launch_template_specification, set_launch_template_specification [.count(1, Some(1))];
        r#override: BlockList<Override>, overrides, set_overrides;
    }
    /// `mixed_instances_policy.instances_distribution`.
    Instances: InstancesDistribution => InstancesDistribution {
        on_demand_allocation_strategy: Text, on_demand_allocation_strategy, set_on_demand_allocation_strategy [.optional_computed()];
        on_demand_base_capacity: Int, on_demand_base_capacity, set_on_demand_base_capacity [.optional_computed()];
        on_demand_percentage_above_base_capacity: Int, on_demand_percentage_above_base_capacity,
            set_on_demand_percentage_above_base_capacity [.optional_computed().check(|v| check::within(v, 0, 100))];
        spot_allocation_strategy: Text, spot_allocation_strategy, set_spot_allocation_strategy [.optional_computed()];
        spot_instance_pools: Int, spot_instance_pools, set_spot_instance_pools [.optional_computed()];
        spot_max_price: Text, spot_max_price, set_spot_max_price;
    }
    /// `mixed_instances_policy`.
    Mixed: MixedInstancesPolicy => MixedInstancesPolicy {
        instances_distribution: OptionalBlock<Instances>, instances_distribution, set_instances_distribution [.optional_computed()];
        launch_template: OptionalBlock<MixedTemplates>, launch_template, set_launch_template [.count(1, Some(1))];
    }
    /// `traffic_source`.
    Traffic: TrafficSourceIdentifier => TrafficSourceIdentifier {
        identifier: Text, identifier, set_identifier [.required()];
        r#type: Text, r#type, set_type [.optional_computed()];
    }
    /// `warm_pool.instance_reuse_policy`.
    Reuse: InstanceReusePolicy => InstanceReusePolicy {
        reuse_on_scale_in: Flag, reuse_on_scale_in, set_reuse_on_scale_in;
    }
    /// `warm_pool`.
    WarmPool: WarmPoolConfiguration => WarmPoolConfiguration {
        instance_reuse_policy: OptionalBlock<Reuse>, instance_reuse_policy, set_instance_reuse_policy;
        max_group_prepared_capacity: Int, max_group_prepared_capacity, set_max_group_prepared_capacity [.optional_computed()];
        min_size: Int, min_size, set_min_size;
        pool_state: EnumCell, pool_state, set_pool_state [.default("Stopped").check(|v| checks::one_of(v, &["Stopped", "Running", "Hibernated"]))];
    }
}

fn hook_result(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["CONTINUE", "ABANDON"])
}

fn hook_transition(value: &Value) -> Result<(), String> {
    checks::one_of(value, &["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"])
}

fn hook_name(value: &Value) -> Result<(), String> {
    check::name(value, 1, 255, "-_/")
}
