//! Waiting inside one change: for the first of two calls to take effect where the second depends on
//! it. Waiting for whole objects is the engine's, in batches.

use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::progress::{ReportTimer, report};
use crate::resources::spec::{Resource, Which};
use std::time::Duration;

const PAUSE: Duration = Duration::from_secs(1);
/// How often is asked: for two minutes.
const TRIES: u32 = 120;
/// How often a lost call is made again.
const INSISTENCE: u32 = 2;
/// How often a policy is offered: IAM's changes are known everywhere after seconds, as a rule.
const PRINCIPAL_TRIES: u32 = 60;

/// The object with this id as it is now.
pub async fn now<R: Resource>(aws: &Aws, id: &str) -> Result<R::Live> {
    let found = R::describe(aws, Which::Ids(&[id.to_owned()])).await?;
    found.into_iter().next().ok_or_else(|| Error::not_found(format!("{id} is not there any more")))
}

/// Asks until `done` says so; an error of what is awaited after two minutes.
pub async fn until<F>(what: &str, done: impl Fn() -> F) -> Result<()>
where
    F: Future<Output = Result<bool>>,
{
    if within(TRIES, what, done).await? {
        return Ok(());
    }
    Err(Error::ambiguous(format!("waited two minutes for {what}")))
}

/// Asks until `done` says so, so many seconds at the most; whether it did.
pub async fn within<F>(seconds: u32, what: &str, done: impl Fn() -> F) -> Result<bool>
where
    F: Future<Output = Result<bool>>,
{
    let mut timer = ReportTimer::default();
    let state = format!("waiting for {what}");
    for _ in 0..seconds {
        if done().await? {
            return Ok(true);
        }
        timer.rest(PAUSE, &state, report).await;
    }
    Ok(false)
}

/// The answer of a call that names a principal, such as one with a policy. A role that was made a moment
/// ago is not known to every service yet, and they call the policy malformed until it is.
pub async fn once_known<T, F>(call: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut timer = ReportTimer::default();
    for _ in 0..PRINCIPAL_TRIES {
        match call().await {
            Err(e) if e.code.starts_with("Malformed") && e.message.to_ascii_lowercase().contains("principal") => {
                let state = format!("waiting until AWS knows whom the policy names: {}", e.message);
                timer.rest(PAUSE, &state, report).await;
            }
            answer => return answer,
        }
    }
    call().await
}

/// Makes a call that does no harm when it is made twice, again after an answer that was lost. For one of
/// several calls of a change of which the others, once done, would hide that this one is missing.
pub async fn insist<T, F>(call: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    for _ in 0..INSISTENCE {
        match call().await {
            Err(e) if matches!(e.kind, Kind::Ambiguous | Kind::Throttled | Kind::Unreachable) => {}
            answer => return answer,
        }
        tokio::time::sleep(PAUSE).await;
    }
    call().await
}

/// The answer of a call that takes something away; that it was not there is a success.
pub fn unless_gone<T, E>(answer: std::result::Result<T, E>) -> Result<()>
where
    Error: From<E>,
{
    match answer.map_err(Error::from) {
        Err(e) if !e.is_not_found() => Err(e),
        _ => Ok(()),
    }
}
