//! The blocks of a group, in EC2 Auto Scaling's types.

use crate::resources::block::{EnumSetCell, TextList};
use crate::resources::compute::check;
use crate::resources::compute::launch_template::reference::NameUnlessId;
use crate::resources::compute::launch_template::requirements::requirements;
use crate::resources::prelude::*;
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

requirements!(0);

/// In place of a number that is to be forgotten.
pub const FORGET: i32 = -1;

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
        some(all.collect())
    }
}

/// The subnets, which AWS keeps in one text.
pub struct Joined;

impl Cell for Joined {
    fn column<L>(name: &'static str) -> A<L> {
        A::string_set(name)
    }
}
impl Get<Option<&str>> for Joined {
    fn get(from: Option<&str>) -> Value {
        Value::string_set(from.unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty()))
    }
}
impl Put<Option<String>> for Joined {
    fn put(from: &Attrs, name: &str) -> Option<String> {
        some(from.strings(name)).map(|ids| ids.join(","))
    }
}

/// Who goes first; AWS has a name for what it does when nothing is said.
pub struct Policies;

const TRANSITIONS: [&str; 2] = ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];
const USUAL: &str = "Default";

impl Cell for Policies {
    fn column<L>(name: &'static str) -> A<L> {
        A::string_list(name).normal(Normal::With(same_policies))
    }
}
impl Get<&[String]> for Policies {
    fn get(from: &[String]) -> Value {
        Value::strings(from)
    }
}
impl Put<Option<Vec<String>>> for Policies {
    fn put(from: &Attrs, name: &str) -> Option<Vec<String>> {
        some(from.strings(name)).or_else(|| Some(vec![USUAL.into()]))
    }
}

fn same_policies(a: &Value, b: &Value) -> bool {
    let all = |v: &Value| some(v.as_elements().unwrap_or(&[]).to_vec()).unwrap_or_else(|| vec![USUAL.into()]);
    all(a) == all(b)
}

block! {
    /// `availability_zone_distribution`.
    Distribution: AvailabilityZoneDistribution => AvailabilityZoneDistribution {
        capacity_distribution_strategy: EnumCell [.default("balanced-best-effort")];
    }
    /// `capacity_reservation_specification.capacity_reservation_target`.
    ReservationTarget: CapacityReservationTarget => CapacityReservationTarget {
        capacity_reservation_ids: TextList [.normal(Normal::ANY_ORDER)];
        capacity_reservation_resource_group_arns: TextList [.normal(Normal::ANY_ORDER)];
    }
    /// `capacity_reservation_specification`.
    Reservation: CapacityReservationSpecification => CapacityReservationSpecification {
        capacity_reservation_preference: EnumCell [.optional_computed()];
        capacity_reservation_target: OptionalBlock<ReservationTarget>;
    }
    /// `initial_lifecycle_hook`.
    Hook: LifecycleHookSpecification => LifecycleHookSpecification {
        default_result: Text [.optional_computed().check(|v| checks::one_of(v, &["CONTINUE", "ABANDON"]))];
        heartbeat_timeout: Int;
        lifecycle_transition: Text [.required().check(|v| checks::one_of(v, &TRANSITIONS))];
        name = lifecycle_hook_name: Text [.required().check(|v| check::name(v, 1, 255, "-_/"))];
        notification_metadata: Text;
        notification_target_arn: Text;
        role_arn: Text;
    }
    /// `instance_lifecycle_policy.retention_triggers`.
    Retention: RetentionTriggers => RetentionTriggers {
        terminate_hook_abandon: EnumCell [.optional_computed()];
    }
    /// `instance_lifecycle_policy`.
    Lifecycle: InstanceLifecyclePolicy => InstanceLifecyclePolicy {
        retention_triggers: OptionalBlock<Retention>;
    }
    /// `instance_maintenance_policy`.
    Maintenance: InstanceMaintenancePolicy => InstanceMaintenancePolicy {
        max_healthy_percentage: Int [.required()];
        min_healthy_percentage: Int [.required()];
    }
    /// `instance_refresh.preferences.alarm_specification`.
    Alarms: AlarmSpecification => AlarmSpecification {
        alarms: TextList;
    }
    /// `instance_refresh.preferences`.
    Preferences: RefreshPreferences => RefreshPreferences {
        alarm_specification: OptionalBlock<Alarms>;
        auto_rollback: Flag [.default(false)];
        checkpoint_delay: IntText;
        checkpoint_percentages: Percentages;
        instance_warmup: IntText;
        max_healthy_percentage: Int [.default(100).check(|v| check::within(v, 100, 200))];
        min_healthy_percentage: Int [.default(90).check(|v| check::within(v, 0, 100))];
        scale_in_protected_instances: EnumCell [.default("Ignore").check(|v| checks::one_of(v, &["Refresh", "Ignore", "Wait"]))];
        skip_matching: Flag [.default(false)];
        standby_instances: EnumCell [.default("Ignore").check(|v| checks::one_of(v, &["Terminate", "Ignore", "Wait"]))];
    }
    /// `launch_template`.
    Template: LaunchTemplateSpecification => LaunchTemplateSpecification {
        id = launch_template_id: Text [.optional_computed()];
        name = launch_template_name: NameUnlessId;
        version: Text [.optional_computed()];
    }
    /// `launch_template_specification` in a mixed instances policy.
    MixedTemplate: LaunchTemplateSpecification => LaunchTemplateSpecification {
        launch_template_id: Text [.optional_computed()];
        launch_template_name: NameUnlessId;
        version: Text [.optional_computed()];
    }
    /// `mixed_instances_policy.launch_template.override`.
    Override: LaunchTemplateOverrides => LaunchTemplateOverrides {
        instance_requirements: OptionalBlock<Requirements>;
        instance_type: Text [.check(check::instance_type)];
        launch_template_specification: OptionalBlock<MixedTemplate>;
        weighted_capacity: Text;
    }
    /// `mixed_instances_policy.launch_template`.
    MixedTemplates: LaunchTemplate => LaunchTemplate {
        launch_template_specification: OptionalBlock<MixedTemplate> [.count(1, Some(1))];
        r#override = overrides: BlockList<Override>;
    }
    /// `mixed_instances_policy.instances_distribution`.
    Instances: InstancesDistribution => InstancesDistribution {
        on_demand_allocation_strategy: Text [.optional_computed()];
        on_demand_base_capacity: Int [.optional_computed()];
        on_demand_percentage_above_base_capacity: Int [.optional_computed().check(|v| check::within(v, 0, 100))];
        spot_allocation_strategy: Text [.optional_computed()];
        spot_instance_pools: Int [.optional_computed()];
        spot_max_price: Text;
    }
    /// `mixed_instances_policy`.
    Mixed: MixedInstancesPolicy => MixedInstancesPolicy {
        instances_distribution: OptionalBlock<Instances> [.optional_computed()];
        launch_template: OptionalBlock<MixedTemplates> [.count(1, Some(1))];
    }
    /// `traffic_source`.
    Traffic: TrafficSourceIdentifier => TrafficSourceIdentifier {
        identifier: Text [.required()];
        r#type: Text [.stays()];
    }
    /// `warm_pool.instance_reuse_policy`.
    Reuse: InstanceReusePolicy => InstanceReusePolicy {
        reuse_on_scale_in: Flag;
    }
    /// `warm_pool`.
    WarmPool: WarmPoolConfiguration => WarmPoolConfiguration {
        instance_reuse_policy: OptionalBlock<Reuse>;
        max_group_prepared_capacity: Int [.default(FORGET)];
        min_size: Int [.default(0)];
        pool_state: EnumCell [.default("Stopped").check(|v| checks::one_of(v, &["Stopped", "Running", "Hibernated"]))];
    }
}
