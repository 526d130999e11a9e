//! The instance refresh that a change of the group starts: its members are replaced in batches by new
//! ones of the new template. It is the refresh that brings the template: the group keeps the old one until
//! all members are new, so that a change whose refresh failed is still to be made, and made again by the
//! next run.

use super::blocks::{Mixed, Preferences, Template};
use super::capacity::{FIRST_PAUSE, LONGEST_PAUSE};
use crate::aws::api::services::AUTOSCALING;
use crate::aws::api::{items, member, member_text};
use crate::resources::ProgressReporter;
use crate::resources::compute::scaling::on;
use crate::resources::document::{Member, One, at};
use crate::resources::prelude::*;
use crate::schema::rows::Turnover;
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

/// What starts a refresh without being named in `triggers`.
const ALWAYS: [&str; 3] = ["launch_configuration", "launch_template", "mixed_instances_policy"];
/// What a refresh can bring.
const CARRIED: [&str; 2] = ["launch_template", "mixed_instances_policy"];
const UNDER_WAY: &str = "InstanceRefreshInProgress";
const SUCCESSFUL: &str = "Successful";
/// The percentages of members of a refresh that says nothing (StartInstanceRefresh, RefreshPreferences).
const HEALTHY: (usize, usize) = (90, 100);

/// Whether a change of the attributes in `changed` is followed by a refresh.
fn due(after: &Attrs, changed: impl Fn(&str) -> bool) -> bool {
    let blocks = after.blocks("instance_refresh");
    let Some(refresh) = blocks.first() else { return false };
    let triggers = refresh.strings("triggers");
    ALWAYS.iter().copied().chain(triggers.iter().map(String::as_str)).any(changed)
}

fn preferences(of: &Attrs) -> Attrs {
    let refresh = of.blocks("instance_refresh");
    refresh.first().and_then(|refresh| refresh.blocks("preferences").into_iter().next()).unwrap_or_default()
}

/// The refresh that follows a change.
pub struct Due {
    /// Whether it brings the new template, so that no other call may.
    pub carries: bool,
}

/// The refresh that is to follow the change, if one is.
pub fn following(change: &Change<'_>) -> Option<Due> {
    let carries = !change.has("launch_configuration") && CARRIED.iter().any(|name| change.has(name));
    due(change.after, |name| change.has(name)).then_some(Due { carries })
}

/// How a refresh after this change replaces the members, as AWS counts them: shares of health are rounded
/// up, and where all would have to stay, one goes all the same unless new ones may come first.
pub fn turnover(before: &Attrs, after: &Attrs) -> Option<Turnover> {
    if !due(after, |name| before.get(name) != after.get(name)) {
        return None;
    }
    let members = before.int("desired_capacity").and_then(|n| usize::try_from(n).ok())?;
    let own = preferences(after);
    let policy = after.blocks("instance_maintenance_policy").into_iter().next().unwrap_or_default();
    let share = |name: &str, otherwise: usize| {
        let given = [&own, &policy].into_iter().filter_map(|of| of.int(name));
        given.filter_map(|n| usize::try_from(n).ok()).next().unwrap_or(otherwise)
    };
    let (least, most) = (share("min_healthy_percentage", HEALTHY.0), share("max_healthy_percentage", HEALTHY.1));
    let kept = (members * least).div_ceil(100);
    let surge = if most > 100 { (members * (most - 100) / 100).max(1) } else { 0 };
    let first = least == 100 && surge > 0;
    let least = if first { members } else { kept.min(members.saturating_sub(1)) };
    Some(Turnover { members, least, surge })
}

fn desired(want: &Attrs) -> Option<Json> {
    let template = One::<Template>::put(want, "launch_template");
    let mixed = One::<Mixed>::put(want, "mixed_instances_policy");
    let some = template.is_some() || mixed.is_some();
    some.then(|| json!({"LaunchTemplate": template, "MixedInstancesPolicy": mixed}))
}

/// Whether a refresh brings this.
fn brings(refresh: &Json, desired: &Json) -> bool {
    let parts = |of| (at::<One<Template>>(of, "LaunchTemplate"), at::<One<Mixed>>(of, "MixedInstancesPolicy"));
    member(refresh, "DesiredConfiguration").is_some_and(|found| parts(found) == parts(desired))
}

/// Starts a refresh. One that is under way for the same template is the one; another is cancelled first.
pub async fn start(aws: &Aws, id: &str, want: &Attrs, due: &Due) -> Result<()> {
    let blocks = want.blocks("instance_refresh");
    let Some(refresh) = blocks.first() else { return Ok(()) };
    let undoes = preferences(want).bool("auto_rollback") == Some(true);
    let desired = desired(want).filter(|_| due.carries || undoes);
    let input = json!({
        "Strategy": refresh.str("strategy"),
        "DesiredConfiguration": desired,
        "Preferences": One::<Preferences>::put(refresh, "preferences"),
    });
    let begin = || on(aws, "StartInstanceRefresh", id, input.clone());
    match begin().await {
        Err(e) if e.is(UNDER_WAY) => {}
        // The next attempt shows whether it has started: it would then be refused.
        Err(e) if e.kind == Kind::Ambiguous => {
            return match begin().await {
                Err(e) if !e.is(UNDER_WAY) => Err(e),
                _ => Ok(()),
            };
        }
        done => return done.map(drop),
    }
    let same = last(aws, id).await?.zip(desired).is_some_and(|(refresh, desired)| brings(&refresh, &desired));
    if same {
        return Ok(());
    }
    cancel(aws, id).await?;
    let ended = || async { Ok(last(aws, id).await?.is_none_or(|refresh| over(&refresh))) };
    settle::until("the instance refresh before to be cancelled", ended).await?;
    begin().await.map(drop)
}

/// Waits for the refresh that this change started, to its end. One that takes longer than `limit` is taken
/// back where it can be, else cancelled.
pub async fn wait(
    aws: &Aws,
    id: &str,
    before: &Attrs,
    want: &Attrs,
    limit: Duration,
    progress: &ProgressReporter,
) -> Result<bool> {
    if !due(want, |name| before.get(name) != want.get(name)) {
        return Ok(false);
    }
    let start = Instant::now();
    let (mut reported, mut pause) = (String::new(), FIRST_PAUSE);
    loop {
        let Some(refresh) = last(aws, id).await? else { return Ok(true) };
        let status = refresh["Status"].as_str().unwrap_or_default();
        if status == SUCCESSFUL {
            return Ok(true);
        }
        if over(&refresh) {
            let reason = refresh["StatusReason"].as_str().unwrap_or("AWS gives no reason");
            return Err(failed(format!("the instance refresh ended as {status}: {reason}")));
        }
        let number = |name| member_text(&refresh, name).unwrap_or_else(|| "0".into());
        let (done, left) = (number("PercentageComplete"), number("InstancesToUpdate"));
        let now = format!("instance refresh {status}, {done} % done, {left} members to go");
        if now != reported {
            progress.report(&*now);
            reported = now;
        }
        if start.elapsed() >= limit {
            let taken_back = preferences(want).bool("auto_rollback") == Some(true);
            if taken_back {
                roll_back(aws, id).await?
            } else {
                cancel(aws, id).await?
            }
            let how = if taken_back { "is rolled back" } else { "was cancelled" };
            return Err(failed(format!("the instance refresh took more than {} s and {how}", limit.as_secs())));
        }
        tokio::time::sleep(pause.min(limit)).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
}

fn failed(why: String) -> Error {
    Error::new(Kind::Refused, why)
}

async fn cancel(aws: &Aws, id: &str) -> Result<()> {
    unless_over(on(aws, "CancelInstanceRefresh", id, json!({})).await)
}

async fn roll_back(aws: &Aws, id: &str) -> Result<()> {
    unless_over(on(aws, "RollbackInstanceRefresh", id, json!({})).await)
}

fn unless_over(answer: Result<Json>) -> Result<()> {
    match answer {
        Err(e) if e.is("ActiveInstanceRefreshNotFound") => Ok(()),
        done => done.map(drop),
    }
}

/// The newest refresh of a group.
async fn last(aws: &Aws, id: &str) -> Result<Option<Json>> {
    let input = json!({"AutoScalingGroupName": id, "MaxRecords": 1});
    let answer = aws.read.api.call(&AUTOSCALING, "DescribeInstanceRefreshes", input).await?;
    Ok(items(&answer, "InstanceRefreshes.member").into_iter().next())
}

fn over(refresh: &Json) -> bool {
    let ends = [SUCCESSFUL, "Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"];
    refresh["Status"].as_str().is_some_and(|status| ends.contains(&status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn group(version: &str, members: i32, shares: &[(&str, i32)]) -> Attrs {
        let block = |entries: Vec<(&str, Value)>| Value::object(entries);
        let preferences = block(shares.iter().map(|(name, n)| (*name, (*n).into())).collect());
        Attrs::default()
            .with("desired_capacity", members)
            .with("launch_template", block(vec![("version", version.into())]))
            .with("instance_refresh", block(vec![("preferences", preferences)]))
    }

    fn least_and_surge(members: i32, shares: &[(&str, i32)]) -> (usize, usize) {
        let all = turnover(&group("1", members, shares), &group("2", members, shares)).unwrap();
        (all.least, all.surge)
    }

    #[test]
    fn a_refresh_keeps_as_many_members_in_service_as_aws_does() {
        let (min, max) = ("min_healthy_percentage", "max_healthy_percentage");
        for (members, shares, expected) in [
            (10, &[][..], (9, 0)),
            (3, &[], (2, 0)),
            (1, &[], (0, 0)),
            (4, &[(min, 50)], (2, 0)),
            (4, &[(min, 100)], (3, 0)),
            (4, &[(min, 100), (max, 150)], (4, 2)),
            (1, &[(min, 100), (max, 110)], (1, 1)),
            (2, &[(min, 0)], (0, 0)),
        ] {
            assert_eq!(least_and_surge(members, shares), expected, "{members} members, {shares:?}");
        }
    }

    #[test]
    fn a_refresh_is_known_by_what_it_brings() {
        let block = |entries: Vec<(&str, Value)>| Value::tuple(vec![Value::object(entries)]);
        let spread = block(vec![("on_demand_base_capacity", 1.into())]);
        let types = Value::tuple(vec![Value::object([("instance_type", "t3.micro".into())])]);
        let mixed =
            block(vec![("instances_distribution", spread), ("launch_template", block(vec![("override", types)]))]);
        let wanted = desired(&Attrs::default().with("mixed_instances_policy", mixed)).unwrap();
        let answered = |kind: &str| {
            let templates = json!({"Overrides": {"member": {"InstanceType": kind}}});
            let mixed = json!({"InstancesDistribution": {"OnDemandBaseCapacity": "1"}, "LaunchTemplate": templates});
            json!({"DesiredConfiguration": {"MixedInstancesPolicy": mixed}})
        };
        assert!(brings(&answered("t3.micro"), &wanted));
        assert!(!brings(&answered("t3.small"), &wanted));
        assert!(!brings(&json!({}), &wanted));
    }

    #[test]
    fn what_does_not_change_the_template_replaces_nobody() {
        assert_eq!(turnover(&group("1", 3, &[]), &group("1", 3, &[])), None);
        let quiet = group("2", 3, &[]).with("instance_refresh", Value::any_null());
        assert_eq!(turnover(&group("1", 3, &[]), &quiet), None, "without a refresh old members stay");
    }
}
