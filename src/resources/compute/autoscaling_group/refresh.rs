//! The instance refresh that a change of the group starts: its members are replaced in batches by new
//! ones of the new template. It goes on after the change; Floorplan does not wait for its end.

use super::blocks::{Mixed, Preferences, Template};
use crate::aws::{Aws, Error, Kind, Result};
use crate::resource::{Attrs, Change};
use crate::resources::block::{One, Put};
use crate::resources::settle;
use aws_sdk_autoscaling::types::{DesiredConfiguration, InstanceRefreshStatus, RefreshStrategy};

/// What starts a refresh without being named in `triggers`.
const ALWAYS: [&str; 3] = ["launch_configuration", "launch_template", "mixed_instances_policy"];
const UNDER_WAY: &str = "InstanceRefreshInProgress";

/// Whether the change is to be followed by a refresh.
pub fn due(change: &Change<'_>) -> bool {
    let blocks = change.after.blocks("instance_refresh");
    let Some(refresh) = blocks.first() else { return false };
    let triggers = refresh.strings("triggers");
    ALWAYS.iter().copied().chain(triggers.iter().map(String::as_str)).any(|name| change.has(name))
}

/// Whether the refresh is to undo itself when it fails. Then it is the refresh that brings the new template,
/// as the group must keep the old one until its end.
pub fn undoes(change: &Change<'_>) -> bool {
    let refresh = change.after.blocks("instance_refresh");
    let preferences = refresh.first().map(|refresh| refresh.blocks("preferences")).unwrap_or_default();
    preferences.first().is_some_and(|p| p.bool("auto_rollback") == Some(true))
}

fn desired(want: &Attrs) -> Option<DesiredConfiguration> {
    let template = One::<Template>::put(want, "launch_template");
    let mixed = One::<Mixed>::put(want, "mixed_instances_policy");
    let some = template.is_some() || mixed.is_some();
    let desired = DesiredConfiguration::builder().set_launch_template(template).set_mixed_instances_policy(mixed);
    some.then(|| desired.build())
}

/// Starts a refresh. One that is under way is for an older template, so it is cancelled first.
pub async fn start(aws: &Aws, id: &str, want: &Attrs, undoes: bool) -> Result<()> {
    let blocks = want.blocks("instance_refresh");
    let Some(refresh) = blocks.first() else { return Ok(()) };
    let begin = || async {
        aws.write
            .autoscaling
            .start_instance_refresh()
            .auto_scaling_group_name(id)
            .set_strategy(refresh.str("strategy").map(RefreshStrategy::from))
            .set_desired_configuration(desired(want).filter(|_| undoes))
            .set_preferences(One::<Preferences>::put(refresh, "preferences"))
            .send()
            .await
            .map_err(Error::from)
    };
    match begin().await {
        Err(e) if e.is(UNDER_WAY) => {}
        // Whether it has started is told by the next attempt, which would then be refused.
        Err(e) if e.kind == Kind::Ambiguous => {
            return match begin().await {
                Err(e) if !e.is(UNDER_WAY) => Err(e),
                _ => Ok(()),
            };
        }
        done => return done.map(drop),
    }
    match aws.write.autoscaling.cancel_instance_refresh().auto_scaling_group_name(id).send().await.map_err(Error::from)
    {
        Err(e) if !e.is("ActiveInstanceRefreshNotFound") => return Err(e),
        _ => {}
    }
    settle::until("the instance refresh before to be cancelled", || async { Ok(!under_way(aws, id).await?) }).await?;
    begin().await.map(drop)
}

async fn under_way(aws: &Aws, id: &str) -> Result<bool> {
    use InstanceRefreshStatus as S;
    let call = aws.read.autoscaling.describe_instance_refreshes().auto_scaling_group_name(id).max_records(1);
    let answer = call.send().await?;
    let done =
        |s: &S| matches!(s, S::Successful | S::Failed | S::Cancelled | S::RollbackFailed | S::RollbackSuccessful);
    Ok(answer.instance_refreshes().iter().filter_map(|r| r.status()).any(|s| !done(s)))
}
