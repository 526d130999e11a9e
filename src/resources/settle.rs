//! Waiting inside one change: for the first of two calls to take effect where the second depends on
//! it. Waiting for whole objects is the engine's, in batches.

use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::progress::{ReportTimer, report};
use crate::resources::round::Round;
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
    find::<R>(aws, id).await?.ok_or_else(|| Error::not_found(format!("{id} is not there any more")))
}

/// The object with this id as it is now, if there is one. Those that are looked for at the same time share a call.
pub async fn find<R: Resource>(aws: &Aws, id: &str) -> Result<Option<R::Live>> {
    let list = |ids: Vec<String>| async move {
        let spec = R::spec();
        let found = R::describe(aws, Which::Ids(&ids)).await?;
        Ok(found.into_iter().filter_map(|live| Some((spec.id_of(&live)?, live))).collect())
    };
    aws.shared::<Round<R, R::Live>>().ask(id, list).await
}

/// Asks until `done` says so; an error of what is awaited after two minutes.
pub async fn until<F>(what: &str, done: impl Fn() -> F) -> Result<()>
where
    F: Future<Output = Result<bool>>,
{
    if within(TRIES, what, done).await? {
        return Ok(());
    }
    Err(waited(TRIES, what))
}

/// Looks for the object with this id until `done` accepts it, or accepts that there is none. Gives the object. After
/// two minutes it is an error that names `what`.
pub async fn seen<R: Resource>(
    aws: &Aws,
    id: &str,
    what: &str,
    done: impl Fn(Option<&R::Live>) -> bool,
) -> Result<Option<R::Live>> {
    seen_within::<R>(TRIES, aws, id, what, done).await
}

/// As [`seen`], with another limit.
pub async fn seen_within<R: Resource>(
    seconds: u32,
    aws: &Aws,
    id: &str,
    what: &str,
    done: impl Fn(Option<&R::Live>) -> bool,
) -> Result<Option<R::Live>> {
    let look = || async {
        let found = find::<R>(aws, id).await?;
        Ok(done(found.as_ref()).then_some(found))
    };
    first(seconds, what, look).await?.ok_or_else(|| waited(seconds, what))
}

fn waited(seconds: u32, what: &str) -> Error {
    Error::ambiguous(format!("waited {} minutes for {what}", seconds / 60))
}

/// Asks until `done` says so, so many seconds at the most; whether it did.
pub async fn within<F>(seconds: u32, what: &str, done: impl Fn() -> F) -> Result<bool>
where
    F: Future<Output = Result<bool>>,
{
    Ok(first(seconds, what, || async { Ok(done().await?.then_some(())) }).await?.is_some())
}

/// Asks until there is an answer, so many seconds at the most.
async fn first<T, F>(seconds: u32, what: &str, look: impl Fn() -> F) -> Result<Option<T>>
where
    F: Future<Output = Result<Option<T>>>,
{
    let mut timer = ReportTimer::default();
    let state = format!("waiting for {what}");
    for _ in 0..seconds {
        if let found @ Some(_) = look().await? {
            return Ok(found);
        }
        timer.rest(PAUSE, &state, report).await;
    }
    Ok(None)
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
