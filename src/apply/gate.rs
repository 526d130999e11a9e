//! Steps that wait: until a new member is healthy and stays so, until an old one is drained. They change
//! nothing; one that times out fails, and so does everything that the plan puts after it.

use super::event::{Event, Events};
use super::runner::Failure;
use crate::aws::{Aws, Error, Kind, Result};
use crate::diag::Diagnostic;
use crate::resources::health::{self, Registration};
use crate::resources::progress::ReportTimer;
use crate::value::address::Address;
use std::time::{Duration, Instant};

/// The first pause between looks; it grows with each.
const FIRST_PAUSE: Duration = Duration::from_millis(300);
/// The longest pause between looks: one of ELB's health check intervals.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// For what something is waited for, and who hears of it.
pub(super) struct WaitReporter<'a> {
    pub address: &'a Address,
    pub events: &'a dyn Events,
}

impl WaitReporter<'_> {
    /// Sleeps, and reports meanwhile what is waited for, once that takes long.
    async fn rest(&self, timer: &mut ReportTimer, pause: Duration, state: &str) {
        timer
            .rest(pause, state, |state| self.events.event(Event::Waiting { address: self.address, state: &state }))
            .await;
    }
}

/// What has to call a member healthy.
pub(super) enum Judge {
    Targets(Vec<Registration>),
    Status { aws: Box<Aws>, id: String },
    Scaling { aws: Box<Aws>, name: String },
}

impl Judge {
    async fn check(&self) -> Result<std::result::Result<(), String>> {
        match self {
            Judge::Status { aws, id } => health::status(aws, id).await,
            Judge::Scaling { aws, name } => health::scaling(aws, name).await,
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
    reporter: &WaitReporter<'_>,
    judge: &Judge,
    bake: Duration,
    timeout: Duration,
) -> std::result::Result<(), Failure> {
    let mut timer = ReportTimer::default();
    let address = reporter.address;
    let deadline = Instant::now() + timeout;
    let mut since: Option<Instant> = None;
    let mut pause = FIRST_PAUSE;
    let mut last = String::from("AWS reported no health");
    loop {
        match judge.check().await {
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
            let why = format!("It is not healthy after {} s: {last}.", timeout.as_secs());
            return Err(unhealthy("Timed out waiting for a new member to become healthy", address, &why));
        }
        // While it bakes a lapse should be seen, and its end should not be missed by much.
        let rest = since.map_or(pause, |s| bake.saturating_sub(s.elapsed()).clamp(FIRST_PAUSE, pause));
        let state = match since {
            Some(_) => format!("healthy, and watched for {} s", bake.as_secs()),
            None => format!("waiting until it is healthy: {last}"),
        };
        reporter.rest(&mut timer, rest, &state).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
}

/// Waits until a target that was deregistered gets no requests any more, at most for `most`.
pub(super) async fn drained(
    reporter: &WaitReporter<'_>,
    registration: &Registration,
    most: Duration,
) -> std::result::Result<(), Failure> {
    let mut timer = ReportTimer::default();
    let address = reporter.address;
    let deadline = Instant::now() + most;
    let mut pause = FIRST_PAUSE;
    while Instant::now() < deadline {
        match registration.read().await {
            Ok(Some(target)) if target.is_draining() => {}
            Ok(_) => return Ok(()),
            Err(e) if e.is_not_found() => return Ok(()),
            Err(e) if passes(&e) => {}
            Err(e) => return Err(failed(address, &e.to_string())),
        }
        let state = format!("waiting until {} is drained, at most {} s", registration.id, most.as_secs());
        let rest = pause.min(deadline.saturating_duration_since(Instant::now()));
        reporter.rest(&mut timer, rest, &state).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
    Ok(())
}

/// Waits until so many of the others are healthy that one may go; fails when they are not within `timeout`.
pub(super) async fn others(
    reporter: &WaitReporter<'_>,
    all: &[Registration],
    least: usize,
    timeout: Duration,
) -> std::result::Result<(), Failure> {
    let mut timer = ReportTimer::default();
    let deadline = Instant::now() + timeout;
    let mut pause = FIRST_PAUSE;
    loop {
        let (mut healthy, mut why) = (0, String::from("AWS reported no health"));
        for registration in all {
            match registration.healthy().await {
                Ok(Ok(())) => healthy += 1,
                Ok(Err(state)) => why = format!("{}: {state}", registration.id),
                Err(e) if passes(&e) => why = e.to_string(),
                Err(e) => return Err(failed(reporter.address, &e.to_string())),
            }
        }
        if healthy >= least {
            return Ok(());
        }
        if Instant::now() >= deadline {
            let d = Diagnostic::error("Timed out waiting for the other members to become healthy").code("rollout-unhealthy")
                .detail(format!(
                    "{least} of them must be healthy before this one is interrupted; {healthy} are. Of one that is not: {why}."
                ))
                .about(reporter.address)
                .hint("Nothing was taken out of service. Remove the cause and apply again: the rollout continues here.");
            return Err(Box::new(d));
        }
        let state = format!("waiting until {least} of the other members are healthy, {healthy} are; {why}");
        reporter.rest(&mut timer, pause, &state).await;
        pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
    }
}

/// Whether the next look may well succeed.
fn passes(error: &Error) -> bool {
    matches!(error.kind, Kind::Throttled | Kind::Ambiguous | Kind::Unreachable)
}

fn failed(address: &Address, why: &str) -> Failure {
    unhealthy("The health of a new member cannot be read", address, &format!("{why}."))
}

fn unhealthy(summary: &str, address: &Address, why: &str) -> Failure {
    let d = Diagnostic::error(summary).code("rollout-unhealthy").detail(why).about(address).hint(
        "The members that it was to replace still serve. Remove the cause and apply again: the rollout continues where \
         it stopped.",
    );
    Box::new(d)
}
