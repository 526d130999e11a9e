//! aws_autoscaling_group: a number of instances that are replaced when they fail. Its capacity may be
//! scaled by others; what the layout does not give is theirs.

mod blocks;
mod capacity;
mod members;
mod refresh;

use super::check;
use crate::resources::ProgressReporter;
use crate::resources::prelude::*;
use crate::resources::tags::TOKEN_TAG;
use crate::value::duration;
use aws_sdk_autoscaling::operation::create_auto_scaling_group::builders::CreateAutoScalingGroupFluentBuilder as Create;
use aws_sdk_autoscaling::operation::update_auto_scaling_group::builders::UpdateAutoScalingGroupFluentBuilder as Modify;
use aws_sdk_autoscaling::types::{AutoScalingGroup, Filter, Tag, TagDescription};
use blocks::{
    Distribution, Hook, Joined, Lifecycle, Maintenance, Mixed, Policies, Preferences, Reservation, Template, Traffic,
    WarmPool,
};
use futures::future::try_join_all;
use std::time::Duration;

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

block! {
    /// `tag`.
    GroupTag: TagDescription => Tag {
        key: Text [.required()];
        propagate_at_launch: Flag [.required().read(|t: &L| t.held().propagate_at_launch().unwrap_or(false).into())];
        value: Text [.required()];
    }
}

fn read_tags(g: &AutoScalingGroup) -> Value {
    let visible = tags::visible(g.tags().iter().map(|t| (t.key().unwrap_or_default(), "")));
    let shown = |t: &&TagDescription| t.key().is_some_and(|key| visible.get(key).is_some());
    Value::set(object_type(&GroupTag::rows()), g.tags().iter().filter(shown).map(GroupTag::read).collect())
}

fn tag(group: &str, block: &Attrs) -> Tag {
    let mut tag = GroupTag::write(block);
    (tag.resource_id, tag.resource_type) = (Some(group.to_owned()), Some(KIND.to_owned()));
    tag
}

table! {
    Rows: AutoScalingGroup, create Create, modify Modify {
        availability_zones: Texts, read, create, modify [.optional_computed().follows(&["vpc_zone_identifier"])];
        availability_zone_distribution: OptionalBlock<Distribution>, read, create, modify [.optional_computed()];
        capacity_rebalance: Switch, read, create, modify;
        capacity_reservation_specification: OptionalBlock<Reservation>, read, create, modify [.optional_computed()];
        context: Text;
        default_cooldown: Int, read, create, modify [.optional_computed()];
        default_instance_warmup: Int;
        desired_capacity: Int, read, create, modify [.optional_computed()];
        desired_capacity_type: Text, read, create, modify
            [.stays().check(|v| checks::one_of(v, &["units", "vcpu", "memory-mib"]))];
        enabled_metrics: Texts, none
            [.read(|g| Value::string_set(g.held().enabled_metrics().iter().filter_map(|m| m.metric())))];
        force_delete: Switch, none;
        force_delete_warm_pool: Switch, none;
        health_check_grace_period: Int, read, create, modify [.default(300)];
        health_check_type: Text, read, create, modify [.optional_computed()];
        ignore_failed_scaling_activities: Switch, none;
        initial_lifecycle_hook = lifecycle_hook_specification_list: BlockSet<Hook>, create [.force_new()];
        instance_lifecycle_policy: OptionalBlock<Lifecycle>, read, create, modify [.optional_computed()];
        instance_maintenance_policy: OptionalBlock<Maintenance>;
        launch_configuration = launch_configuration_name: Text, read, create, modify;
        launch_template: OptionalBlock<Template>, read, create, modify;
        load_balancers = load_balancer_names: Texts [.optional_computed().follows(&["traffic_source"])];
        max_instance_lifetime: Int [.empty_is_null().check(lifetime)];
        max_size: Int [.required().check(size)];
        metrics_granularity: Text, none [.default("1Minute").check(|v| checks::one_of(v, &["1Minute"]))]
            [.read(|g| g.held().enabled_metrics().first().and_then(|m| m.granularity()).unwrap_or("1Minute").into())];
        min_elb_capacity: Int, none [.empty_is_null()];
        min_size: Int [.required().check(size)];
        mixed_instances_policy: OptionalBlock<Mixed>, read, create, modify;
        name = auto_scaling_group_name: Text [.optional_computed().force_new().check(name)];
        name_prefix: Text, none [.optional_computed().force_new().check(name)];
        placement_group: Text;
        predicted_capacity: Int, read [.computed()];
        protect_from_scale_in = new_instances_protected_from_scale_in: Switch, read, create, modify;
        service_linked_role_arn: Text, read, create, modify [.optional_computed()];
        suspended_processes: Texts, none [.check(|v| checks::elements(v, |v| checks::one_of(v, &PROCESSES)))]
            [.read(|g| Value::string_set(g.held().suspended_processes().iter().filter_map(|p| p.process_name())))];
        tag: BlockSet<GroupTag>, none [.read(|g| read_tags(g.held()))];
        target_group_arns: Texts [.optional_computed().follows(&["traffic_source"])];
        termination_policies: Policies, read, create, modify;
        traffic_source = traffic_sources: BlockSet<Traffic>
            [.optional_computed().follows(&["load_balancers", "target_group_arns"])];
        vpc_zone_identifier: Joined, read, create, modify [.optional_computed().follows(&["availability_zones"])];
        wait_for_capacity_timeout: Text, none [.default("10m").check(time)];
        wait_for_elb_capacity: Int, none;
        warm_pool = warm_pool_configuration: OptionalBlock<WarmPool>, read
            [.normal(Normal::With(capacity::same_pool))];
        warm_pool_size: Int, read [.computed().follows(&["warm_pool"])];
        arn = auto_scaling_group_arn: Text, read [.computed()];
    }
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

fn progress(g: &AutoScalingGroup) -> Progress {
    match g.status() {
        Some(word) => Progress::Pending(word.to_owned()),
        None => Progress::Ready,
    }
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
    type Live = AutoScalingGroup;

    fn spec() -> Spec<AutoScalingGroup> {
        let strategy = |v: &Value| checks::one_of(v, &["Rolling", "ReplaceRootVolume"]);
        let mut all = Rows::rows::<AutoScalingGroup>();
        all.push(A::optional_block(
            "instance_refresh",
            rows([
                OptionalBlock::<Preferences>::column("preferences"),
                A::string("strategy").required().check(strategy),
                A::string_set("triggers"),
            ]),
        ));
        Spec::new("aws_autoscaling_group", |g| g.auto_scaling_group_name().map(Into::into), all)
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
        let marker =
            Attrs::default().with("key", TOKEN_TAG).with("value", &*token.0).with("propagate_at_launch", false);
        let tags = want.blocks("tag").iter().chain([&marker]).map(|block| tag(&name, block)).collect();
        let call = aws.write.autoscaling.create_auto_scaling_group();
        Rows::create(call, want).set_tags(Some(tags)).send().await?;
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
        let call = aws.write.autoscaling.delete_auto_scaling_group().auto_scaling_group_name(id);
        unless_gone(call.force_delete(force).send().await)
    }
}

/// The answer of a call on a group; that the group is gone is a success.
pub fn unless_gone<T, E>(answer: Result<T, E>) -> Result<()>
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
