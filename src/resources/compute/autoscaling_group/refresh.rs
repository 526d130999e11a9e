//! The instance refresh that a change of the group starts: its members are replaced in batches by new
//! ones of the new template. It is the refresh that brings the template: the group keeps the old one until
//! all members are new, so that a change whose refresh failed is still to be made, and made again by the
//! next run.

use super::blocks::{Mixed, Preferences, Template};
use super::capacity::{FIRST_PAUSE, LONGEST_PAUSE};
use crate::resources::ProgressReporter;
use crate::resources::prelude::*;
use crate::schema::rows::Turnover;
use aws_sdk_autoscaling::types::{DesiredConfiguration, InstanceRefresh, InstanceRefreshStatus, RefreshStrategy};
use std::time::{Duration, Instant};

/// What starts a refresh without being named in `triggers`.
const ALWAYS: [&str; 3] = ["launch_configuration", "launch_template", "mixed_instances_policy"];
/// What a refresh can bring.
const CARRIED: [&str; 2] = ["launch_template", "mixed_instances_policy"];
const UNDER_WAY: &str = "InstanceRefreshInProgress";
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

fn desired(want: &Attrs) -> Option<DesiredConfiguration> {
    let template = OptionalBlock::<Template>::put(want, "launch_template");
    let mixed = OptionalBlock::<Mixed>::put(want, "mixed_instances_policy");
    let some = template.is_some() || mixed.is_some();
    let desired = DesiredConfiguration::builder().set_launch_template(template).set_mixed_instances_policy(mixed);
    some.then(|| desired.build())
}

/// Starts a refresh. One that is under way for the same template is the one; another is cancelled first.
pub async fn start(aws: &Aws, id: &str, want: &Attrs, due: &Due) -> Result<()> {
    let blocks = want.blocks("instance_refresh");
    let Some(refresh) = blocks.first() else { return Ok(()) };
    let undoes = preferences(want).bool("auto_rollback") == Some(true);
    let desired = desired(want).filter(|_| due.carries || undoes);
    let begin = || async {
        aws.write
            .autoscaling
            .start_instance_refresh()
            .auto_scaling_group_name(id)
            .set_strategy(refresh.str("strategy").map(RefreshStrategy::from))
            .set_desired_configuration(desired.clone())
            .set_preferences(OptionalBlock::<Preferences>::put(refresh, "preferences"))
            .send()
            .await
            .map_err(Error::from)
    };
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
    let same = last(aws, id).await?.is_some_and(|r| desired.is_some() && r.desired_configuration() == desired.as_ref());
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
        let status = refresh.status().map_or("", InstanceRefreshStatus::as_str);
        if refresh.status() == Some(&InstanceRefreshStatus::Successful) {
            return Ok(true);
        }
        if over(&refresh) {
            let reason = refresh.status_reason().unwrap_or("AWS gives no reason");
            return Err(failed(format!("the instance refresh ended as {status}: {reason}")));
        }
        let (done, left) = (refresh.percentage_complete().unwrap_or(0), refresh.instances_to_update().unwrap_or(0));
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
    let call = aws.write.autoscaling.cancel_instance_refresh().auto_scaling_group_name(id);
    unless_over(call.send().await.map(drop))
}

async fn roll_back(aws: &Aws, id: &str) -> Result<()> {
    let call = aws.write.autoscaling.rollback_instance_refresh().auto_scaling_group_name(id);
    unless_over(call.send().await.map(drop))
}

fn unless_over<E>(answer: Result<(), E>) -> Result<()>
where
    Error: From<E>,
{
    match answer.map_err(Error::from) {
        Err(e) if e.is("ActiveInstanceRefreshNotFound") => Ok(()),
        done => done,
    }
}

/// The newest refresh of a group.
async fn last(aws: &Aws, id: &str) -> Result<Option<InstanceRefresh>> {
    let call = aws.read.autoscaling.describe_instance_refreshes().auto_scaling_group_name(id).max_records(1);
    Ok(call.send().await?.instance_refreshes.unwrap_or_default().into_iter().next())
}

fn over(refresh: &InstanceRefresh) -> bool {
    use InstanceRefreshStatus as S;
    let ends = [S::Successful, S::Failed, S::Cancelled, S::RollbackFailed, S::RollbackSuccessful];
    refresh.status().is_some_and(|status| ends.contains(status))
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
    fn what_does_not_change_the_template_replaces_nobody() {
        assert_eq!(turnover(&group("1", 3, &[]), &group("1", 3, &[])), None);
        let quiet = group("2", 3, &[]).with("instance_refresh", Value::any_null());
        assert_eq!(turnover(&group("1", 3, &[]), &quiet), None, "without a refresh old members stay");
    }
}
