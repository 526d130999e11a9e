//! aws_autoscaling_group: a number of instances that are replaced when they fail. Its capacity may be
//! scaled by others; what the layout does not give is theirs.

mod blocks;
mod capacity;
mod members;
mod refresh;
mod requirements;

use super::check;
use super::scaling::{list, on};
use crate::aws::api::{items, member_text};
use crate::resources::ProgressReporter;
use crate::resources::document::{Document, One, Unordered, at, document};
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::resources::tags::TOKEN_TAG;
use crate::value::duration;
use blocks::{
    Distribution, Hook, Joined, Lifecycle, Maintenance, Mixed, Policies, Preferences, Reservation, Template, Traffic,
    WarmPool,
};
use futures::future::try_join_all;
use serde_json::{Value as Json, json};
use std::time::Duration;

/// The resource type `aws_autoscaling_group`.
pub struct AwsAutoscalingGroup;

/// How many names one call takes (EC2 Auto Scaling API: DescribeAutoScalingGroups).
const NAMES_PER_CALL: usize = 50;
/// What AWS names a group in the tags and filters of the API.
const KIND: &str = "auto-scaling-group";
/// How often metrics are collected.
const MINUTE: &str = "1Minute";
const PROCESSES: [&str; 9] = [
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "Launch",
    "ReplaceUnhealthy",
    "ScheduledActions",
    "Terminate",
];

document! {
    /// `tag`.
    pub GroupTag {
        key = "Key": Text [.required()];
        propagate_at_launch = "PropagateAtLaunch": Flag, create
            [.required().read(|t| at::<Switch>(t.held(), "PropagateAtLaunch"))];
        value = "Value": Text [.required()];
    }
}

fn read_tags(group: &Json) -> Value {
    let mut all = items(group, "Tags.member");
    let visible = tags::of(&all);
    all.retain(|tag| member_text(tag, "Key").is_some_and(|key| visible.get(&key).is_some()));
    at::<Unordered<GroupTag>>(&json!({"All": all}), "All")
}

fn tag(group: &str, block: &Attrs) -> Json {
    joined(GroupTag::create(block), json!({"ResourceId": group, "ResourceType": KIND}))
}

document! {
    Rows {
        availability_zones = "AvailabilityZones.member": Texts, read, create, modify
            [.optional_computed().follows(&["vpc_zone_identifier"])];
        availability_zone_distribution = "AvailabilityZoneDistribution": One<Distribution>, read, create, modify
            [.optional_computed()];
        capacity_rebalance = "CapacityRebalance": Switch, read, create, modify;
        capacity_reservation_specification = "CapacityReservationSpecification": One<Reservation>, read, create, modify
            [.optional_computed()];
        context = "Context": Text;
        default_cooldown = "DefaultCooldown": Int, read, create, modify [.optional_computed()];
        default_instance_warmup = "DefaultInstanceWarmup": Int;
        desired_capacity = "DesiredCapacity": Int, read, create, modify [.optional_computed()];
        desired_capacity_type = "DesiredCapacityType": Text, read, create, modify
            [.stays().check(|v| checks::one_of(v, &["units", "vcpu", "memory-mib"]))];
        enabled_metrics = "": Texts, none [.read(|g| words(g.held(), "EnabledMetrics.member", "Metric"))];
        force_delete = "": Switch, none;
        force_delete_warm_pool = "": Switch, none;
        health_check_grace_period = "HealthCheckGracePeriod": Int, read, create, modify [.default(300)];
        health_check_type = "HealthCheckType": Text, read, create, modify [.optional_computed()];
        ignore_failed_scaling_activities = "": Switch, none;
        initial_lifecycle_hook = "LifecycleHookSpecificationList.member": Unordered<Hook>, create [.force_new()];
        instance_lifecycle_policy = "InstanceLifecyclePolicy": One<Lifecycle>, read, create, modify
            [.optional_computed()];
        instance_maintenance_policy = "InstanceMaintenancePolicy": One<Maintenance>;
        launch_configuration = "LaunchConfigurationName": Text, read, create, modify;
        launch_template = "LaunchTemplate": One<Template>, read, create, modify;
        load_balancers = "LoadBalancerNames.member": Texts [.optional_computed().follows(&["traffic_source"])];
        max_instance_lifetime = "MaxInstanceLifetime": Int [.empty_is_null().check(lifetime)];
        max_size = "MaxSize": Int [.required().check(size)];
        metrics_granularity = "": Text, none [.default(MINUTE).check(|v| checks::one_of(v, &[MINUTE]))]
            [.read(|g| granularity(g.held()))];
        min_elb_capacity = "": Int, none [.empty_is_null()];
        min_size = "MinSize": Int [.required().check(size)];
        mixed_instances_policy = "MixedInstancesPolicy": One<Mixed>, read, create, modify;
        name = "AutoScalingGroupName": Text [.optional_computed().force_new().check(name)];
        name_prefix = "": Text, none [.optional_computed().force_new().check(name)];
        placement_group = "PlacementGroup": Text;
        predicted_capacity = "PredictedCapacity": Int, read [.computed()];
        protect_from_scale_in = "NewInstancesProtectedFromScaleIn": Switch, read, create, modify;
        service_linked_role_arn = "ServiceLinkedRoleARN": Text, read, create, modify [.optional_computed()];
        suspended_processes = "": Texts, none [.check(|v| checks::elements(v, |v| checks::one_of(v, &PROCESSES)))]
            [.read(|g| words(g.held(), "SuspendedProcesses.member", "ProcessName"))];
        tag = "": Unordered<GroupTag>, none [.read(|g| read_tags(g.held()))];
        target_group_arns = "TargetGroupARNs.member": Texts [.optional_computed().follows(&["traffic_source"])];
        termination_policies = "TerminationPolicies.member": Policies, read, create, modify;
        traffic_source = "TrafficSources.member": Unordered<Traffic>
            [.optional_computed().follows(&["load_balancers", "target_group_arns"])];
        vpc_zone_identifier = "VPCZoneIdentifier": Joined, read, create, modify
            [.optional_computed().follows(&["availability_zones"])];
        wait_for_capacity_timeout = "": Text, none [.default("10m").check(time)];
        wait_for_elb_capacity = "": Int, none;
        warm_pool = "WarmPoolConfiguration": One<WarmPool>, read [.normal(Normal::With(capacity::same_pool))];
        warm_pool_size = "WarmPoolSize": Int, read [.computed().follows(&["warm_pool"])];
        arn = "AutoScalingGroupARN": Text, read [.computed()];
    }
}

/// A word of each element of a list.
fn words(group: &Json, path: &str, name: &str) -> Value {
    Value::string_set(items(group, path).iter().filter_map(|one| member_text(one, name)))
}

fn granularity(group: &Json) -> Value {
    let first = items(group, "EnabledMetrics.member").into_iter().next();
    first.and_then(|one| member_text(&one, "Granularity")).unwrap_or_else(|| MINUTE.into()).into()
}

/// What a group is to a service.
const SERVES: role::MemberGroup = role::MemberGroup {
    name: "name",
    target_groups: "target_group_arns",
    least: "min_size",
    most: "max_size",
    wanted: "desired_capacity",
    refresh: "instance_refresh",
    unjudged: Unjudged::Of(
        "scaling",
        &[
            "vpc_zone_identifier",
            "availability_zones",
            "health_check_type",
            "health_check_grace_period",
            "suspended_processes",
            "load_balancers",
            "traffic_source",
            "max_instance_lifetime",
        ],
    ),
};

/// What the engine alone reads.
const OURS: [&str; 7] = [
    "force_delete",
    "force_delete_warm_pool",
    "ignore_failed_scaling_activities",
    "instance_refresh",
    "min_elb_capacity",
    "wait_for_capacity_timeout",
    "wait_for_elb_capacity",
];

fn progress(group: &Json) -> Progress {
    member_text(group, "Status").map_or(Progress::Ready, Progress::Pending)
}

fn name(value: &Value) -> Result<(), String> {
    match value.as_str() {
        Some(text) if text.contains(':') => Err(format!("{text:?} holds a colon, which no name of a group may")),
        Some(text) if !(1..=255).contains(&text.chars().count()) => {
            Err(format!("a name of {} characters; expected 1 to 255", text.chars().count()))
        }
        _ => Ok(()),
    }
}

fn time(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| duration::parse(text).is_some(),
        "is not a duration; expected a form such as 10m, or 0 to not wait",
    )
}

fn size(value: &Value) -> Result<(), String> {
    check::within(value, 0, 10_000)
}

fn lifetime(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(0) => Ok(()),
        _ => check::within(value, 86_400, 31_536_000),
    }
}

fn checked(want: &Attrs) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    let size = |name: &str| want.get(name).and_then(Value::as_i64);
    let (least, most, wanted) = (size("min_size"), size("max_size"), size("desired_capacity"));
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        wrong.push(("min_size", format!("min_size = {least} is above max_size = {most}")));
    }
    if let Some(n) = wanted.filter(|n| least.is_some_and(|least| *n < least) || most.is_some_and(|most| *n > most)) {
        let bound = |n: Option<i64>| n.map_or("?".to_owned(), |n| n.to_string());
        let message =
            format!("desired_capacity = {n} is not from min_size = {} to max_size = {}", bound(least), bound(most));
        wrong.push(("desired_capacity", message));
    }
    let mut keys: Vec<&str> = Vec::new();
    let all = want.blocks("tag");
    for key in all.iter().filter_map(|tag| tag.str("key")) {
        if keys.contains(&key) {
            wrong.push(("tag", format!("the tag {key:?} is given more than once")));
        }
        keys.push(key);
    }
    for refresh in want.blocks("instance_refresh") {
        for preferences in refresh.blocks("preferences") {
            let (least, most) = (preferences.int("min_healthy_percentage"), preferences.int("max_healthy_percentage"));
            if let (Some(least), Some(most)) = (least, most)
                && most - least > 100
            {
                let message = "max_healthy_percentage may be at most 100 above min_healthy_percentage";
                wrong.push(("instance_refresh", message.into()));
            }
        }
    }
    wrong
}

impl Resource for AwsAutoscalingGroup {
    type Live = Json;

    fn spec() -> Spec<Json> {
        let strategy = |v: &Value| checks::one_of(v, &["Rolling", "ReplaceRootVolume"]);
        let mut all = Rows::rows::<Json>();
        all.push(A::optional_block(
            "instance_refresh",
            rows([
                One::<Preferences>::column("preferences"),
                A::string("strategy").required().check(strategy),
                A::string_set("triggers"),
            ]),
        ));
        Spec::new("aws_autoscaling_group", |g| member_text(g, "AutoScalingGroupName"), all)
            .role(Role::MemberGroup(SERVES))
            .recover(Recover::TokenTag)
            // While an instance in the VPC has a public address, its internet gateway cannot be detached.
            .implicit_after(&["aws_internet_gateway"])
            .holds_inline(crate::resources::holds::scaling)
            .unique(&[&["name"]])
            .named("name", "name_prefix")
            .progress(progress)
            .wait_for_deletion()
            .conflicts(&[&["name", "name_prefix"], &["availability_zones", "vpc_zone_identifier"]])
            .exactly_one(&[&["launch_configuration", "launch_template", "mixed_instances_policy"]])
            .default_timeout(60)
            .turnover(refresh::turnover)
            .recomputed(capacity::clamped)
            .check(checked)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Json>> {
        match which {
            Which::Ids(ids) => by_name(aws, ids).await,
            Which::Token(token) => {
                let filter = json!({"Name": format!("tag:{TOKEN_TAG}"), "Values": {"member": [&*token.0]}});
                groups(aws, json!({"Filters": {"member": [filter]}})).await
            }
            Which::NaturalKey(want) => by_name(aws, &want.string("name").into_iter().collect::<Vec<_>>()).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let name = want.string("name").unwrap_or_default();
        let marker =
            Attrs::default().with("key", TOKEN_TAG).with("value", &*token.0).with("propagate_at_launch", false);
        let tags: Vec<Json> = want.blocks("tag").iter().chain([&marker]).map(|block| tag(&name, block)).collect();
        let input = joined(Rows::create(want), json!({"Tags": {"member": tags}}));
        on(aws, "CreateAutoScalingGroup", &name, input).await?;
        Ok(name)
    }

    /// Tags and attachments that are new come first, so that new members have them; the refresh comes
    /// after what it is to bring.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let refresh = refresh::following(change);
        if refresh.as_ref().is_some_and(|due| due.carries) {
            change.take_any(&["launch_template", "mixed_instances_policy"]);
        }
        change.take_any(&OURS);
        members::retag(aws, id, change).await?;
        let leaving = members::attach(aws, id, change).await?;
        members::processes(aws, id, change).await?;
        capacity::update(aws, id, change).await?;
        members::detach(aws, id, leaving).await?;
        capacity::warm_pool(aws, id, change).await?;
        if let Some(due) = refresh {
            refresh::start(aws, id, change.after, &due).await?;
        }
        Ok(())
    }

    async fn wait(
        aws: &Aws,
        id: &str,
        before: Option<&Attrs>,
        want: &Attrs,
        limit: Duration,
        progress: &ProgressReporter,
    ) -> Result<bool> {
        capacity::wait(aws, id, before, want, progress).await?;
        match before {
            Some(before) => refresh::wait(aws, id, before, want, limit, progress).await,
            None => Ok(false),
        }
    }

    /// Without `force_delete` a group goes only when it is empty: its size goes to zero first, and the
    /// engine asks again until the last member is gone.
    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let force = last.bool("force_delete") == Some(true);
        if !last.blocks("warm_pool").is_empty() {
            let force = force || last.bool("force_delete_warm_pool") == Some(true);
            capacity::delete_warm_pool(aws, id, force).await?;
        }
        if !force {
            capacity::drain(aws, id).await?;
        }
        unless_gone(on(aws, "DeleteAutoScalingGroup", id, json!({"ForceDelete": force})).await)
    }
}

/// The answer of a call on a group; that the group is gone is a success.
pub fn unless_gone<T>(answer: Result<T>) -> Result<()> {
    match answer {
        Err(e) if !is_gone(&e) => Err(e),
        _ => Ok(()),
    }
}

/// EC2 Auto Scaling has no code of its own for what is not there.
fn is_gone(error: &Error) -> bool {
    error.is_not_found()
        || error.kind == Kind::Refused && error.is("ValidationError") && error.message.contains("not found")
}

/// The groups that a listing gives.
pub async fn groups(aws: &Aws, input: Json) -> Result<Vec<Json>> {
    list(aws, "DescribeAutoScalingGroups", input, "AutoScalingGroups.member").await
}

/// Groups by name, in batches that one call takes each; those that are gone are left out.
pub async fn by_name(aws: &Aws, names: &[String]) -> Result<Vec<Json>> {
    let batches =
        names.chunks(NAMES_PER_CALL).map(|chunk| groups(aws, json!({"AutoScalingGroupNames": {"member": chunk}})));
    Ok(try_join_all(batches).await?.into_iter().flatten().collect())
}
