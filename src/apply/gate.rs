//! Steps that wait: until a new member is healthy and stays so, until an old one is drained. They change
//! nothing; one that waits in vain fails, and with it everything that the plan puts after it.

use super::act::Failure;
use crate::aws::{Aws, Error, Kind, Result};
use crate::diag::Diagnostic;
use crate::graph::Address;
use crate::resource::Attrs;
use crate::resources::health;
use std::time::{Duration, Instant};

/// The first pause between looks; it grows with each.
const FIRST_PAUSE: Duration = Duration::from_millis(300);
/// The longest pause between looks: one of ELB's health check intervals.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A target in a target group.
#[derive(Debug, Clone)]
pub(super) struct Registration {
    pub aws: Aws,
    group: String,
    id: String,
    port: Option<i32>,
}

impl Registration {
    /// The one that an aws_lb_target_group_attachment with these attributes makes.
    pub fn of(aws: Aws, attachment: &Attrs) -> Option<Self> {
        let (group, id) = (attachment.string("target_group_arn")?, attachment.string("target_id")?);
        Some(Registration { aws, group, id, port: attachment.int("port") })
    }

    /// What the group says of it; nothing when it does not list it.
    async fn look(&self) -> Result<Option<health::Target>> {
        let meets = |t: &health::Target| t.id == self.id && (self.port.is_none() || t.port == self.port);
        Ok(health::targets(&self.aws, &self.group).await?.into_iter().find(meets))
    }

    async fn healthy(&self) -> Result<std::result::Result<(), String>> {
        Ok(match self.look().await? {
            Some(target) if target.state == "healthy" => Ok(()),
            Some(target) if target.reason.is_empty() => Err(format!("it is {} in {}", target.state, self.group)),
            Some(target) => Err(format!("it is {} in {} ({})", target.state, self.group, target.reason)),
            None => Err(format!("it is not registered in {}", self.group)),
        })
    }
}

/// What has to call a member healthy.
pub(super) enum Judge {
    Targets(Vec<Registration>),
    Status { aws: Box<Aws>, id: String },
}

impl Judge {
    async fn look(&self) -> Result<std::result::Result<(), String>> {
        match self {
            Judge::Status { aws, id } => health::status(aws, id).await,
            Judge::Targets(all) => {
                for registration in all {
                    if let Err(why) = registration.healthy().await? {
                        return Ok(Err(why));
                    }
                }
                Ok(Ok(()))
            }
        }
    }
}

/// Waits until the member is healthy and has stayed so for `bake`; fails when it is not healthy within
/// `timeout`.
pub(super) async fn healthy(
    address: &Address,
    judge: &Judge,
    bake: Duration,
    timeout: Duration,
) -> std::result::Result<(), Failure> {
    let deadline = Instant::now() + timeout;
    let mut since: Option<Instant> = None;
    let mut pause = FIRST_PAUSE;
    let mut last = String::from("nothing was said of it");
    loop {
        match judge.look().await {
            Ok(Ok(())) => {
                let healthy = since.get_or_insert_with(Instant::now);
                if healthy.elapsed() >= bake {
                    return Ok(());
                }
            }
            Ok(Err(why)) => {
                since = None;
                last = why;
            }
            Err(e) if passes(&e) => last = e.to_string(),
            Err(e) => return Err(failed(address, &e.to_string())),
        }
        if since.is_none() && Instant::now() >= deadline {
            return Err(failed(address, &format!("after {} s {last}", timeout.as_secs())));
        }
        // While it bakes a lapse should be seen, and its end should not be missed by much.
        let rest = since.map_or(pause, |s| bake.saturating_sub(s.elapsed()).clamp(FIRST_PAUSE, pause));
        tokio::time::sleep(rest).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
}

/// Waits until a target that was deregistered gets no requests any more, at most for `most`.
pub(super) async fn drained(
    address: &Address,
    registration: &Registration,
    most: Duration,
) -> std::result::Result<(), Failure> {
    let deadline = Instant::now() + most;
    let mut pause = FIRST_PAUSE;
    while Instant::now() < deadline {
        match registration.look().await {
            Ok(Some(target)) if target.state == "draining" => {}
            Ok(_) => return Ok(()),
            Err(e) if e.is_not_found() => return Ok(()),
            Err(e) if passes(&e) => {}
            Err(e) => return Err(failed(address, &e.to_string())),
        }
        tokio::time::sleep(pause.min(deadline.saturating_duration_since(Instant::now()))).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
    Ok(())
}

/// Whether the next look may well succeed.
fn passes(error: &Error) -> bool {
    matches!(error.kind, Kind::Throttled | Kind::Ambiguous | Kind::Unreachable)
}

fn failed(address: &Address, why: &str) -> Failure {
    let d = Diagnostic::error("A new member does not become healthy")
        .detail(format!("{why}."))
        .about(address)
        .hint("The members that it was to replace still serve. Remove the cause and apply again: the rollout goes on where it stopped.");
    Box::new(d)
}
