//! The size of a group and what it starts from: changed by one call, waited for until its members are in
//! service, and brought to zero before the group goes.

use super::blocks::{FORGET, Maintenance, WarmPool};
use super::{Rows, by_name, unless_gone};
use crate::aws::api::services::AUTOSCALING;
use crate::aws::api::{items, member_text};
use crate::resources::ProgressReporter;
use crate::resources::compute::scaling::{MEMBERS, on, target_groups, wanted_members};
use crate::resources::document::{Document, Member, One};
use crate::resources::elb::target_group_attachment;
use crate::resources::plain::joined;
use crate::resources::prelude::*;
use crate::schema::shape;
use crate::value::duration;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

/// How often a group is looked at while its members come into service.
pub const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// How seldom, at the most.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How many members one call protects (EC2 Auto Scaling API: SetInstanceProtection).
const MEMBERS_PER_CALL: usize = 50;

/// What is set to a value of its own when the layout no longer gives it.
const FORGOTTEN: [&str; 5] =
    ["context", "default_instance_warmup", "instance_maintenance_policy", "max_instance_lifetime", "placement_group"];

/// Everything that UpdateAutoScalingGroup takes, in one call.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let want = change.after;
    let resized = change.has("desired_capacity");
    let sizes = change.take_any(&["min_size", "max_size"]) || resized;
    let forgotten: Vec<&str> = FORGOTTEN.into_iter().filter(|name| change.take(name).is_some()).collect();
    let mut changed = match Rows::modify(change) {
        Some(changed) => changed,
        None if sizes || !forgotten.is_empty() => json!({}),
        None => return Ok(()),
    };
    if let Some(members) = changed.as_object_mut() {
        // AWS takes no empty text for what a group no longer has.
        members.retain(|_, value| value != "");
    }
    let has = |name: &str| forgotten.contains(&name);
    let word = |name: &str| has(name).then(|| want.string(name).unwrap_or_default());
    let number = |name: &str, nothing: i32| has(name).then(|| want.int(name).unwrap_or(nothing));
    let no_policy = || json!({"MinHealthyPercentage": FORGET, "MaxHealthyPercentage": FORGET});
    let policy = has("instance_maintenance_policy")
        .then(|| One::<Maintenance>::put(want, "instance_maintenance_policy").unwrap_or_else(no_policy));
    let own = json!({
        "Context": word("context"),
        "DefaultInstanceWarmup": number("default_instance_warmup", FORGET),
        "InstanceMaintenancePolicy": policy,
        "MaxInstanceLifetime": number("max_instance_lifetime", 0),
        "PlacementGroup": word("placement_group"),
        "MinSize": want.int("min_size").filter(|_| sizes),
        "MaxSize": want.int("max_size").filter(|_| sizes),
    });
    let input = joined(own, changed);
    settle::insist(|| on(aws, "UpdateAutoScalingGroup", id, input.clone())).await.map(drop)
}

/// AWS moves the desired capacity between the new bounds where the layout does not give it.
pub fn clamped(before: &Attrs, after: &Attrs) -> Vec<&'static str> {
    let now = before.int("desired_capacity");
    let below = now.zip(after.int("min_size")).is_some_and(|(now, least)| now < least);
    let above = now.zip(after.int("max_size")).is_some_and(|(now, most)| now > most);
    if below || above { vec!["desired_capacity"] } else { Vec::new() }
}

/// Whether warm pools mean the same; the greatest prepared capacity has a spelling for "that of the group".
pub fn same_pool(a: &Value, b: &Value) -> bool {
    let pool = |v: &Value| {
        let pool = Attrs::from_value(shape::only(v));
        let greatest = pool.int("max_group_prepared_capacity").filter(|n| *n != FORGET);
        let reuse = pool.blocks("instance_reuse_policy").first().and_then(|p| p.bool("reuse_on_scale_in"));
        let state = pool.string("pool_state").unwrap_or_else(|| "Stopped".into());
        (v.is_null(), greatest, pool.int("min_size").unwrap_or(0), state, reuse.unwrap_or(false))
    };
    a.is_wholly_known() && b.is_wholly_known() && pool(a) == pool(b)
}

/// Puts or takes away the warm pool.
pub async fn warm_pool(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    if change.take("warm_pool").is_none() {
        return Ok(());
    }
    match One::<WarmPool>::put(change.after, "warm_pool") {
        Some(pool) => {
            let input = joined(pool, json!({"MaxGroupPreparedCapacity": FORGET, "MinSize": 0}));
            on(aws, "PutWarmPool", id, input).await.map(drop)
        }
        None => delete_warm_pool(aws, id, change.after.bool("force_delete_warm_pool") == Some(true)).await,
    }
}

/// Takes the warm pool away.
pub async fn delete_warm_pool(aws: &Aws, id: &str, force: bool) -> Result<()> {
    unless_gone(on(aws, "DeleteWarmPool", id, json!({"ForceDelete": force})).await)
}

/// Brings the group to zero, protected members too.
pub async fn drain(aws: &Aws, id: &str) -> Result<()> {
    let Some(group) = by_name(aws, &[id.to_owned()]).await?.into_iter().next() else { return Ok(()) };
    let protected: Vec<String> = items(&group, MEMBERS)
        .iter()
        .filter(|i| i["ProtectedFromScaleIn"] == "true")
        .filter_map(|i| member_text(i, "InstanceId"))
        .collect();
    for ids in protected.chunks(MEMBERS_PER_CALL) {
        let input = json!({"InstanceIds": {"member": ids}, "ProtectedFromScaleIn": false});
        on(aws, "SetInstanceProtection", id, input).await?;
    }
    if group["MaxSize"] != "0" {
        let none = json!({"MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0});
        unless_gone(on(aws, "UpdateAutoScalingGroup", id, none).await)?;
    }
    Ok(())
}

/// Waits until as many members are in service as the group is to have, as long as the layout says.
pub async fn wait(
    aws: &Aws,
    id: &str,
    before: Option<&Attrs>,
    want: &Attrs,
    progress: &ProgressReporter,
) -> Result<()> {
    let limit = want.str("wait_for_capacity_timeout").and_then(duration::parse).unwrap_or(Duration::ZERO);
    let resized = |before: &Attrs| {
        ["min_size", "max_size", "desired_capacity"].iter().any(|name| before.get(name) != want.get(name))
    };
    if limit.is_zero() || !before.is_none_or(resized) {
        return Ok(());
    }
    let (start, began) = (Instant::now(), SystemTime::now());
    let mut pause = FIRST_PAUSE;
    let mut reported = String::new();
    loop {
        let Some(group) = by_name(aws, &[id.to_owned()]).await?.into_iter().next() else {
            return Err(Error::not_found(format!("{id} is gone")));
        };
        let Some(lacking) = lacking(aws, &group, before.is_none(), want).await? else { return Ok(()) };
        if want.bool("ignore_failed_scaling_activities") != Some(true)
            && let Some(failed) = failure(aws, id, before.map(|_| began)).await?
        {
            return Err(Error::new(Kind::Refused, failed));
        }
        if start.elapsed() >= limit {
            let message = format!("{lacking} after {} seconds (wait_for_capacity_timeout)", limit.as_secs());
            return Err(Error::new(Kind::Refused, message));
        }
        if lacking != reported {
            progress.report(&*lacking);
            reported = lacking;
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
}

/// What the group still lacks.
async fn lacking(aws: &Aws, group: &Json, new: bool, want: &Attrs) -> Result<Option<String>> {
    let in_service: Vec<String> = items(group, MEMBERS)
        .iter()
        .filter(|i| i["LifecycleState"] == "InService")
        .filter(|i| i["HealthStatus"].as_str().is_some_and(|word| word.eq_ignore_ascii_case("healthy")))
        .filter_map(|i| member_text(i, "InstanceId"))
        .collect();
    let size = |n: Option<i32>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let members = wanted_members(group);
    if in_service.len() < members {
        return Ok(Some(format!("{} of {members} members are in service", in_service.len())));
    }
    let exact = want.int("wait_for_elb_capacity").filter(|n| *n > 0);
    let least = want.int("min_elb_capacity").filter(|n| new && *n > 0);
    let Some(balanced) = exact.or(least) else { return Ok(None) };
    let arns = target_groups(group);
    let healthy = healthy_targets(aws, &arns).await?;
    let count = in_service.iter().filter(|id| healthy.get(*id).copied().unwrap_or(0) == arns.len()).count();
    let enough = if exact.is_some() { count == size(exact) } else { count >= size(least) };
    Ok((!enough).then(|| format!("{count} of {balanced} members are healthy in all target groups")))
}

/// In how many of the target groups each target is healthy.
async fn healthy_targets(aws: &Aws, arns: &[String]) -> Result<BTreeMap<String, usize>> {
    let answers =
        each(arns.iter().cloned(), |arn| async move { target_group_attachment::health(aws, &arn).await }).await?;
    let mut counts = BTreeMap::new();
    for target in answers.into_iter().flatten() {
        let healthy = target["TargetHealth"]["State"] == "healthy";
        if let Some(id) = member_text(&target, "Target.Id").filter(|_| healthy) {
            *counts.entry(id).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

/// Why the group fails to scale: the last activity that failed, of those since `since`.
async fn failure(aws: &Aws, id: &str, since: Option<SystemTime>) -> Result<Option<String>> {
    let input = json!({"AutoScalingGroupName": id, "MaxRecords": 20});
    let answer = aws.read.api.call(&AUTOSCALING, "DescribeScalingActivities", input).await?;
    let began = |a: &Json| {
        let at = DateTime::from_str(a["StartTime"].as_str()?, Format::DateTimeWithOffset).ok()?;
        SystemTime::try_from(at).ok()
    };
    let recent = |a: &Json| since.is_none_or(|since| began(a).is_some_and(|at| at >= since));
    let failed = items(&answer, "Activities.member").into_iter().find(|a| recent(a) && a["StatusCode"] == "Failed");
    Ok(failed.map(|a| {
        let words = member_text(&a, "StatusMessage").or_else(|| member_text(&a, "Description"));
        format!("a scaling activity failed: {}", words.as_deref().unwrap_or("no reason given"))
    }))
}
