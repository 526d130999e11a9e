//! The blocks of a group, in EC2 Auto Scaling's members.

use super::requirements::Requirements;
use crate::aws::api::{items, member_text};
use crate::resources::block::TextList;
use crate::resources::compute::check;
use crate::resources::compute::launch_template::reference::NameUnlessId;
use crate::resources::document::{Many, Member, One, at, document};
use crate::resources::prelude::*;
use serde_json::Value as Json;

/// In place of a number that is to be forgotten.
pub const FORGET: i32 = -1;

/// Percentages of instances to stop at, in order.
pub struct Percentages;

impl Cell for Percentages {
    fn column<L>(name: &'static str) -> A<L> {
        A::of(name, Type::list(Type::Number))
    }
}
impl Member for Percentages {
    fn get(object: &Json, path: &str) -> Value {
        let number = |one: &Json| one.as_str().unwrap_or(&one.to_string()).parse::<i64>().ok().map(Value::from);
        Value::list(Type::Number, items(object, path).iter().filter_map(number).collect())
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        some(want.elements(name).iter().filter_map(Value::as_i64).collect()).map(Json::from)
    }
}

/// The subnets, which AWS keeps in one text.
pub struct Joined;

impl Cell for Joined {
    fn column<L>(name: &'static str) -> A<L> {
        A::string_set(name)
    }
}
impl Member for Joined {
    fn get(object: &Json, path: &str) -> Value {
        let text = member_text(object, path).unwrap_or_default();
        Value::string_set(text.split(',').map(str::trim).filter(|id| !id.is_empty()))
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        some(want.strings(name)).map(|ids| ids.join(",").into())
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
impl Member for Policies {
    fn get(object: &Json, path: &str) -> Value {
        at::<TextList>(object, path)
    }
    fn put(want: &Attrs, name: &str) -> Option<Json> {
        <TextList as Member>::put(want, name).or_else(|| Some(vec![USUAL].into()))
    }
}

fn same_policies(a: &Value, b: &Value) -> bool {
    let all = |v: &Value| some(v.as_elements().unwrap_or(&[]).to_vec()).unwrap_or_else(|| vec![USUAL.into()]);
    all(a) == all(b)
}

document! {
    /// `availability_zone_distribution`.
    pub Distribution {
        capacity_distribution_strategy = "CapacityDistributionStrategy": Text [.default("balanced-best-effort")];
    }
}
document! {
    ReservationTarget {
        capacity_reservation_ids = "CapacityReservationIds.member": TextList [.normal(Normal::ANY_ORDER)];
        capacity_reservation_resource_group_arns = "CapacityReservationResourceGroupArns.member":
            TextList [.normal(Normal::ANY_ORDER)];
    }
}
document! {
    /// `capacity_reservation_specification`.
    pub Reservation {
        capacity_reservation_preference = "CapacityReservationPreference": Text [.optional_computed()];
        capacity_reservation_target = "CapacityReservationTarget": One<ReservationTarget>;
    }
}
document! {
    /// `initial_lifecycle_hook`.
    pub Hook {
        default_result = "DefaultResult": Text
            [.optional_computed().check(|v| checks::one_of(v, &["CONTINUE", "ABANDON"]))];
        heartbeat_timeout = "HeartbeatTimeout": Int;
        lifecycle_transition = "LifecycleTransition": Text [.required().check(|v| checks::one_of(v, &TRANSITIONS))];
        name = "LifecycleHookName": Text [.required().check(|v| check::name(v, 1, 255, "-_/"))];
        notification_metadata = "NotificationMetadata": Text;
        notification_target_arn = "NotificationTargetARN": Text;
        role_arn = "RoleARN": Text;
    }
}
document! {
    Retention {
        terminate_hook_abandon = "TerminateHookAbandon": Text [.optional_computed()];
    }
}
document! {
    /// `instance_lifecycle_policy`.
    pub Lifecycle {
        retention_triggers = "RetentionTriggers": One<Retention>;
    }
}
document! {
    /// `instance_maintenance_policy`.
    pub Maintenance {
        max_healthy_percentage = "MaxHealthyPercentage": Int [.required()];
        min_healthy_percentage = "MinHealthyPercentage": Int [.required()];
    }
}
document! {
    Alarms {
        alarms = "Alarms.member": TextList;
    }
}
document! {
    /// `instance_refresh.preferences`.
    pub Preferences {
        alarm_specification = "AlarmSpecification": One<Alarms>;
        auto_rollback = "AutoRollback": Flag [.default(false)];
        checkpoint_delay = "CheckpointDelay": IntText;
        checkpoint_percentages = "CheckpointPercentages.member": Percentages;
        instance_warmup = "InstanceWarmup": IntText;
        max_healthy_percentage = "MaxHealthyPercentage": Int [.default(100).check(|v| check::within(v, 100, 200))];
        min_healthy_percentage = "MinHealthyPercentage": Int [.default(90).check(|v| check::within(v, 0, 100))];
        scale_in_protected_instances = "ScaleInProtectedInstances": Text
            [.default("Ignore").check(|v| checks::one_of(v, &["Refresh", "Ignore", "Wait"]))];
        skip_matching = "SkipMatching": Flag [.default(false)];
        standby_instances = "StandbyInstances": Text
            [.default("Ignore").check(|v| checks::one_of(v, &["Terminate", "Ignore", "Wait"]))];
    }
}
document! {
    /// `launch_template`.
    pub Template {
        id = "LaunchTemplateId": Text [.optional_computed()];
        name = "LaunchTemplateName": NameUnlessId;
        version = "Version": Text [.optional_computed()];
    }
}
document! {
    MixedTemplate {
        launch_template_id = "LaunchTemplateId": Text [.optional_computed()];
        launch_template_name = "LaunchTemplateName": NameUnlessId;
        version = "Version": Text [.optional_computed()];
    }
}
document! {
    Override {
        instance_requirements = "InstanceRequirements": One<Requirements>;
        instance_type = "InstanceType": Text [.check(check::instance_type)];
        launch_template_specification = "LaunchTemplateSpecification": One<MixedTemplate>;
        weighted_capacity = "WeightedCapacity": Text;
    }
}
document! {
    MixedTemplates {
        launch_template_specification = "LaunchTemplateSpecification": One<MixedTemplate> [.count(1, Some(1))];
        r#override = "Overrides.member": Many<Override>;
    }
}
document! {
    Instances {
        on_demand_allocation_strategy = "OnDemandAllocationStrategy": Text [.optional_computed()];
        on_demand_base_capacity = "OnDemandBaseCapacity": Int [.optional_computed()];
        on_demand_percentage_above_base_capacity = "OnDemandPercentageAboveBaseCapacity": Int
            [.optional_computed().check(|v| check::within(v, 0, 100))];
        spot_allocation_strategy = "SpotAllocationStrategy": Text [.optional_computed()];
        spot_instance_pools = "SpotInstancePools": Int [.optional_computed()];
        spot_max_price = "SpotMaxPrice": Text;
    }
}
document! {
    /// `mixed_instances_policy`.
    pub Mixed {
        instances_distribution = "InstancesDistribution": One<Instances> [.optional_computed()];
        launch_template = "LaunchTemplate": One<MixedTemplates> [.count(1, Some(1))];
    }
}
document! {
    /// `traffic_source`.
    pub Traffic {
        identifier = "Identifier": Text [.required()];
        r#type = "Type": Text [.stays()];
    }
}
document! {
    Reuse {
        reuse_on_scale_in = "ReuseOnScaleIn": Flag;
    }
}
document! {
    /// `warm_pool`.
    pub WarmPool {
        instance_reuse_policy = "InstanceReusePolicy": One<Reuse>;
        max_group_prepared_capacity = "MaxGroupPreparedCapacity": Int [.default(FORGET)];
        min_size = "MinSize": Int [.default(0)];
        pool_state = "PoolState": Text
            [.default("Stopped").check(|v| checks::one_of(v, &["Stopped", "Running", "Hibernated"]))];
    }
}
