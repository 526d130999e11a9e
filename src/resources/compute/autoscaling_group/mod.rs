//! aws_autoscaling_group: a number of instances that are replaced when they fail. Its capacity may be
//! scaled by others; what the layout does not give is theirs.

mod blocks;
mod capacity;
mod members;
mod refresh;

use super::check;
use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::ProgressReporter;
use crate::resources::block::{BlockSet, Cell, Get, Int, OptionalBlock, Put, some, text};
use crate::resources::spec::{self, Progress, Resource, Spec, Token, Which, rows};
use crate::resources::tags::{self, TOKEN_TAG};
use crate::schema::normal::Normal;
use crate::schema::rows::{Recover, object_type};
use crate::schema::{Attribute, Attrs, Change, Nesting, checks};
use crate::value::{Value, duration};
use aws_sdk_autoscaling::types::{AutoScalingGroup, Filter, Tag, TagDescription};
use futures::future::try_join_all;
use std::time::Duration;

type A = spec::A<AutoScalingGroup>;
type Row = spec::A<()>;

/// The resource type `aws_autoscaling_group`.
pub struct AwsAutoscalingGroup;

/// How many names one call takes (EC2 Auto Scaling API: DescribeAutoScalingGroups).
const NAMES_PER_CALL: usize = 50;
/// What AWS names a group in the tags and filters of the API.
const KIND: &str = "auto-scaling-group";
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

fn tag_rows() -> Vec<Attribute> {
    rows([Row::string("key").required(), Row::bool("propagate_at_launch").required(), Row::string("value").required()])
}

fn read_tags(g: &AutoScalingGroup) -> Value {
    let visible = tags::visible(g.tags().iter().map(|t| (t.key().unwrap_or_default(), "")));
    let shown = |t: &&TagDescription| t.key().is_some_and(|key| visible.get(key).is_some());
    let block = |t: &TagDescription| {
        Value::object([
            ("key", Value::from(t.key())),
            ("propagate_at_launch", t.propagate_at_launch().unwrap_or(false).into()),
            ("value", t.value().into()),
        ])
    };
    Value::set(object_type(&tag_rows()), g.tags().iter().filter(shown).map(block).collect())
}

fn tag(group: &str, block: &Attrs) -> Tag {
    Tag::builder()
        .resource_id(group)
        .resource_type(KIND)
        .set_key(block.string("key"))
        .set_value(block.string("value"))
        .propagate_at_launch(block.bool("propagate_at_launch").unwrap_or(false))
        .build()
}

/// AWS keeps the subnets in one text.
fn subnets(g: &AutoScalingGroup) -> Value {
    let ids = g.vpc_zone_identifier().unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty());
    Value::string_set(ids)
}

fn joined(want: &Attrs, name: &str) -> Option<String> {
    some(want.strings(name)).map(|ids| ids.join(","))
}

fn granularity(g: &AutoScalingGroup) -> Value {
    g.enabled_metrics().first().and_then(|m| m.granularity()).unwrap_or("1Minute").into()
}

fn progress(g: &AutoScalingGroup) -> Progress {
    match g.status() {
        Some(word) => Progress::Pending(word.to_owned()),
        None => Progress::Ready,
    }
}

fn name(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(text) if text.contains(':') => Err(format!("{text:?} holds a colon, which no name of a group may")),
        Some(text) if !(1..=255).contains(&text.chars().count()) => {
            Err(format!("a name of {} characters; expected 1 to 255", text.chars().count()))
        }
        _ => Ok(()),
    }
}

fn time(value: &Value) -> std::result::Result<(), String> {
    match value.as_str() {
        Some(text) if duration::parse(text).is_none() => {
            Err(format!("{text:?} is not a duration; expected a form such as 10m, or 0 to not wait"))
        }
        _ => Ok(()),
    }
}

fn processes(value: &Value) -> std::result::Result<(), String> {
    checks::elements(value, |v| checks::one_of(v, &PROCESSES))
}

fn lifetime(value: &Value) -> std::result::Result<(), String> {
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
    type Live = AutoScalingGroup;

    fn spec() -> Spec<AutoScalingGroup> {
        let block = |name, nesting, rows| A::block(name, nesting, rows);
        let switch = |name| A::bool(name).default(false);
        let strategy = |v: &Value| checks::one_of(v, &["Rolling", "ReplaceRootVolume"]);
        let refresh = rows([
            OptionalBlock::<blocks::Preferences>::column::<()>("preferences"),
            Row::string("strategy").required().check(strategy),
            Row::string_set("triggers"),
        ]);
        Spec::new(
            "aws_autoscaling_group",
            |g| g.auto_scaling_group_name().map(Into::into),
            vec![
                A::string_set("availability_zones")
                    .optional_computed()
                    .follows(&["vpc_zone_identifier"])
                    .read(|g| Value::string_set(g.availability_zones())),
                OptionalBlock::<blocks::Distribution>::column("availability_zone_distribution")
                    .optional_computed()
                    .read(|g| OptionalBlock::<blocks::Distribution>::get(g.availability_zone_distribution())),
                A::bool("capacity_rebalance").read(|g| g.capacity_rebalance().unwrap_or(false).into()),
                OptionalBlock::<blocks::Reservation>::column("capacity_reservation_specification")
                    .optional_computed()
                    .read(|g| OptionalBlock::<blocks::Reservation>::get(g.capacity_reservation_specification())),
                A::string("context").read(|g| g.context().into()),
                A::number("default_cooldown").optional_computed().read(|g| g.default_cooldown().into()),
                A::number("default_instance_warmup").read(|g| g.default_instance_warmup().into()),
                A::number("desired_capacity").optional_computed().read(|g| g.desired_capacity().into()),
                A::string("desired_capacity_type")
                    .optional_computed()
                    .check(|v| checks::one_of(v, &["units", "vcpu", "memory-mib"]))
                    .read(|g| g.desired_capacity_type().into()),
                A::string_set("enabled_metrics")
                    .read(|g| Value::string_set(g.enabled_metrics().iter().filter_map(|m| m.metric()))),
                switch("force_delete"),
                switch("force_delete_warm_pool"),
                A::number("health_check_grace_period").default(300).read(|g| g.health_check_grace_period().into()),
                A::string("health_check_type").optional_computed().read(|g| g.health_check_type().into()),
                switch("ignore_failed_scaling_activities"),
                BlockSet::<blocks::Hook>::column("initial_lifecycle_hook").force_new(),
                OptionalBlock::<blocks::Lifecycle>::column("instance_lifecycle_policy")
                    .optional_computed()
                    .read(|g| OptionalBlock::<blocks::Lifecycle>::get(g.instance_lifecycle_policy())),
                OptionalBlock::<blocks::Maintenance>::column("instance_maintenance_policy")
                    .read(|g| OptionalBlock::<blocks::Maintenance>::get(g.instance_maintenance_policy())),
                A::optional_block("instance_refresh", refresh),
                A::string("launch_configuration").read(|g| g.launch_configuration_name().into()),
                OptionalBlock::<blocks::Template>::column("launch_template")
                    .read(|g| OptionalBlock::<blocks::Template>::get(g.launch_template())),
                A::string_set("load_balancers")
                    .optional_computed()
                    .follows(&["traffic_source"])
                    .read(|g| Value::string_set(g.load_balancer_names())),
                A::number("max_instance_lifetime").check(lifetime).read(|g| g.max_instance_lifetime().into()),
                A::number("max_size").required().check(|v| check::within(v, 0, 10_000)).read(|g| g.max_size().into()),
                A::string("metrics_granularity")
                    .default("1Minute")
                    .check(|v| checks::one_of(v, &["1Minute"]))
                    .read(granularity),
                A::number("min_elb_capacity"),
                A::number("min_size").required().check(|v| check::within(v, 0, 10_000)).read(|g| g.min_size().into()),
                OptionalBlock::<blocks::Mixed>::column("mixed_instances_policy")
                    .read(|g| OptionalBlock::<blocks::Mixed>::get(g.mixed_instances_policy())),
                A::string("name")
                    .optional_computed()
                    .force_new()
                    .check(name)
                    .read(|g| g.auto_scaling_group_name().into()),
                A::string("name_prefix").optional_computed().force_new().check(name),
                A::string("placement_group").read(|g| g.placement_group().into()),
                switch("protect_from_scale_in")
                    .read(|g| g.new_instances_protected_from_scale_in().unwrap_or(false).into()),
                A::string("service_linked_role_arn").optional_computed().read(|g| g.service_linked_role_arn().into()),
                A::string_set("suspended_processes")
                    .check(processes)
                    .read(|g| Value::string_set(g.suspended_processes().iter().filter_map(|p| p.process_name()))),
                block("tag", Nesting::Set, tag_rows()).read(read_tags),
                A::string_set("target_group_arns")
                    .optional_computed()
                    .follows(&["traffic_source"])
                    .read(|g| Value::string_set(g.target_group_arns())),
                A::string_list("termination_policies")
                    .optional_computed()
                    .read(|g| Value::strings(g.termination_policies())),
                BlockSet::<blocks::Traffic>::column("traffic_source")
                    .optional_computed()
                    .follows(&["load_balancers", "target_group_arns"])
                    .read(|g| BlockSet::<blocks::Traffic>::get(g.traffic_sources())),
                A::string_set("vpc_zone_identifier").optional_computed().follows(&["availability_zones"]).read(subnets),
                A::string("wait_for_capacity_timeout").default("10m").check(time),
                A::number("wait_for_elb_capacity"),
                OptionalBlock::<blocks::WarmPool>::column("warm_pool")
                    .normal(Normal::With(capacity::same_pool))
                    .read(|g| OptionalBlock::<blocks::WarmPool>::get(g.warm_pool_configuration())),
                A::string("arn").computed().read(|g| g.auto_scaling_group_arn().into()),
                A::number("predicted_capacity").computed().read(|g| g.predicted_capacity().into()),
                A::number("warm_pool_size").computed().follows(&["warm_pool"]).read(|g| g.warm_pool_size().into()),
            ],
        )
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

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<AutoScalingGroup>> {
        match which {
            Which::Ids(ids) => by_name(aws, ids).await,
            Which::Token(token) => {
                let filter = Filter::builder().name(format!("tag:{TOKEN_TAG}")).values(&token.0).build();
                let call = aws.read.autoscaling.describe_auto_scaling_groups().filters(filter);
                aws.pages(vec![Vec::new()], |_| call.clone().into_paginator().items().send()).await
            }
            Which::NaturalKey(want) => by_name(aws, &want.string("name").into_iter().collect::<Vec<_>>()).await,
        }
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let name = want.string("name").unwrap_or_default();
        let marker = Tag::builder()
            .resource_id(&name)
            .resource_type(KIND)
            .key(TOKEN_TAG)
            .value(&token.0)
            .propagate_at_launch(false);
        let tags = want.blocks("tag").iter().map(|block| tag(&name, block)).chain([marker.build()]).collect();
        aws.write
            .autoscaling
            .create_auto_scaling_group()
            .auto_scaling_group_name(&name)
            .set_availability_zones(some(want.strings("availability_zones")))
            .set_availability_zone_distribution(OptionalBlock::<blocks::Distribution>::put(
                want,
                "availability_zone_distribution",
            ))
            .set_capacity_rebalance(want.bool("capacity_rebalance"))
            .set_capacity_reservation_specification(OptionalBlock::<blocks::Reservation>::put(
                want,
                "capacity_reservation_specification",
            ))
            .set_context(text(want, "context"))
            .set_default_cooldown(Int::put(want, "default_cooldown"))
            .set_default_instance_warmup(Int::put(want, "default_instance_warmup"))
            .set_desired_capacity(want.int("desired_capacity"))
            .set_desired_capacity_type(text(want, "desired_capacity_type"))
            .set_health_check_grace_period(want.int("health_check_grace_period"))
            .set_health_check_type(text(want, "health_check_type"))
            .set_instance_lifecycle_policy(OptionalBlock::<blocks::Lifecycle>::put(want, "instance_lifecycle_policy"))
            .set_instance_maintenance_policy(OptionalBlock::<blocks::Maintenance>::put(
                want,
                "instance_maintenance_policy",
            ))
            .set_launch_configuration_name(text(want, "launch_configuration"))
            .set_launch_template(OptionalBlock::<blocks::Template>::put(want, "launch_template"))
            .set_lifecycle_hook_specification_list(BlockSet::<blocks::Hook>::put(want, "initial_lifecycle_hook"))
            .set_load_balancer_names(some(want.strings("load_balancers")))
            .set_max_instance_lifetime(want.int("max_instance_lifetime"))
            .set_max_size(want.int("max_size"))
            .set_min_size(want.int("min_size"))
            .set_mixed_instances_policy(OptionalBlock::<blocks::Mixed>::put(want, "mixed_instances_policy"))
            .set_new_instances_protected_from_scale_in(want.bool("protect_from_scale_in"))
            .set_placement_group(text(want, "placement_group"))
            .set_service_linked_role_arn(text(want, "service_linked_role_arn"))
            .set_tags(Some(tags))
            .set_target_group_arns(some(want.strings("target_group_arns")))
            .set_termination_policies(some(want.strings("termination_policies")))
            .set_traffic_sources(BlockSet::<blocks::Traffic>::put(want, "traffic_source"))
            .set_vpc_zone_identifier(joined(want, "vpc_zone_identifier"))
            .send()
            .await?;
        Ok(name)
    }

    /// Tags and attachments that are new come first, so that new members have them; the refresh comes
    /// after what it is to bring.
    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let refresh = refresh::following(change);
        if refresh.as_ref().is_some_and(|due| due.carries) {
            change.take_any(&["launch_template", "mixed_instances_policy"]);
        }
        for name in [
            "force_delete",
            "force_delete_warm_pool",
            "ignore_failed_scaling_activities",
            "instance_refresh",
            "min_elb_capacity",
            "wait_for_capacity_timeout",
            "wait_for_elb_capacity",
        ] {
            change.take(name);
        }
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
        tell: &ProgressReporter,
    ) -> Result<bool> {
        capacity::wait(aws, id, before, want, tell).await?;
        match before {
            Some(before) => refresh::wait(aws, id, before, want, limit, tell).await,
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
        let call = aws.write.autoscaling.delete_auto_scaling_group().auto_scaling_group_name(id);
        unless_gone(call.force_delete(force).send().await)
    }
}

/// The answer of a call on a group; that the group is gone is a success.
pub fn unless_gone<T, E>(answer: std::result::Result<T, E>) -> Result<()>
where
    Error: From<E>,
{
    match answer.map_err(Error::from) {
        Err(e) if !is_gone(&e) => Err(e),
        _ => Ok(()),
    }
}

/// EC2 Auto Scaling has no code of its own for what is not there.
fn is_gone(error: &Error) -> bool {
    error.is_not_found()
        || error.kind == Kind::Refused && error.is("ValidationError") && error.message.contains("not found")
}

/// Groups by name, in batches that one call takes each; those that are gone are left out.
pub async fn by_name(aws: &Aws, names: &[String]) -> Result<Vec<AutoScalingGroup>> {
    let batches = names.chunks(NAMES_PER_CALL).map(|chunk| async move {
        let call = aws.read.autoscaling.describe_auto_scaling_groups();
        let call = call.set_auto_scaling_group_names(Some(chunk.to_vec()));
        aws.pages(vec![Vec::new()], |_| call.clone().into_paginator().items().send()).await
    });
    Ok(try_join_all(batches).await?.into_iter().flatten().collect())
}
