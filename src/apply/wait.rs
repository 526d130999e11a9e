//! Waiting for objects, many with one call: all that wait for objects of one type, account and
//! region share a Describe per round.

use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::progress::ReportTimer;
use crate::resources::{AnyResource, Observed, Progress, ProgressReporter, Which};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A round waits this long for others to join it, and again as long as some do.
const LINGER: Duration = Duration::from_millis(100);
/// How often it waits at the most.
const LINGERS: usize = 6;
/// The wait after the first round; it grows with each.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest wait between rounds.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long a new object may be missing from the lists (EC2 API: eventual consistency).
const MAY_BE_MISSING: Duration = Duration::from_secs(90);

/// What a waiter waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The object can be used.
    Ready,
    /// The object is gone.
    Gone,
}

/// All waiting of a run.
#[derive(Clone, Default)]
pub struct Waiting {
    groups: Arc<Mutex<HashMap<GroupKey, Group>>>,
}

type GroupKey = (&'static str, String, String, String);

#[derive(Default)]
struct Group {
    waiters: Vec<Waiter>,
    running: bool,
}

struct Waiter {
    id: String,
    until: Until,
    since: Instant,
    deadline: Instant,
    progress: ProgressReporter,
    /// The state that was seen last, and what was reported of it.
    state: String,
    timer: ReportTimer,
    answer: oneshot::Sender<Result<Option<Observed>>>,
}

/// An object that is waited for.
#[derive(Clone, Copy)]
pub struct Awaited<'a> {
    /// Its type.
    pub resource: &'static dyn AnyResource,
    /// Where it is.
    pub aws: &'a Aws,
    /// The provider configuration.
    pub provider: &'a str,
    /// Its id.
    pub id: &'a str,
    /// How long to wait at the most.
    pub limit: Duration,
    /// Where to say how far it is.
    pub progress: &'a ProgressReporter,
}

impl Waiting {
    /// Waits until the object is ready.
    pub async fn ready(&self, object: Awaited<'_>) -> Result<Observed> {
        let seen = self.wait_until(object, Until::Ready).await?;
        seen.ok_or_else(|| Error::not_found(format!("{} is gone", object.id)))
    }

    /// Waits until the object is gone.
    pub async fn gone(&self, object: Awaited<'_>) -> Result<()> {
        self.wait_until(object, Until::Gone).await.map(|_| ())
    }

    async fn wait_until(&self, object: Awaited<'_>, until: Until) -> Result<Option<Observed>> {
        let Awaited { resource, aws, provider, id, limit, progress } = object;
        let (answer, answered) = oneshot::channel();
        let (id, progress, since) = (id.to_owned(), progress.clone(), Instant::now());
        let waiter = Waiter {
            id,
            until,
            since,
            deadline: since + limit,
            progress,
            state: String::new(),
            timer: ReportTimer::default(),
            answer,
        };
        let key = (resource.schema().name, provider.to_owned(), aws.account.to_string(), aws.region.to_string());
        let start = {
            let mut groups = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
            let group = groups.entry(key.clone()).or_default();
            group.waiters.push(waiter);
            !std::mem::replace(&mut group.running, true)
        };
        if start {
            tokio::spawn(rounds(self.groups.clone(), key, resource, aws.clone()));
        }
        answered.await.unwrap_or_else(|_| Err(Error::ambiguous("the wait ended before the object was seen")))
    }
}

/// Rounds until nobody waits any more.
async fn rounds(
    groups: Arc<Mutex<HashMap<GroupKey, Group>>>,
    key: GroupKey,
    resource: &'static dyn AnyResource,
    aws: Aws,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        linger(&groups, &key).await;
        let waiters = {
            let mut groups = groups.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(group) = groups.get_mut(&key) else { return };
            if group.waiters.is_empty() {
                group.running = false;
                return;
            }
            std::mem::take(&mut group.waiters)
        };
        let mut ids: Vec<String> = waiters.iter().map(|w| w.id.clone()).collect();
        ids.sort();
        ids.dedup();
        let left = match resource.describe(&aws, Which::Ids(&ids)).await {
            Ok(seen) => {
                let seen: HashMap<String, Observed> = seen.into_iter().map(|o| (o.id.clone(), o)).collect();
                waiters.into_iter().filter_map(|w| judge(w, &seen)).collect()
            }
            Err(e) if matches!(e.kind, Kind::Throttled | Kind::Ambiguous | Kind::Unreachable) => waiters
                .into_iter()
                .filter_map(|w| if Instant::now() < w.deadline { Some(w) } else { answer(w, Err(e.clone())) })
                .collect(),
            Err(e) => {
                waiters.into_iter().for_each(|w| drop(answer(w, Err(e.clone()))));
                Vec::new()
            }
        };
        pause = if left.is_empty() { FIRST_PAUSE } else { (pause.mul_f64(1.5)).min(LONGEST_PAUSE) };
        let waits = !left.is_empty();
        if let Some(group) = groups.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&key) {
            group.waiters.extend(left);
        }
        if waits {
            rest(&groups, &key, pause).await;
        }
    }
}

/// Waits until nobody joins any more.
async fn linger(groups: &Mutex<HashMap<GroupKey, Group>>, key: &GroupKey) {
    let count = || groups.lock().unwrap_or_else(PoisonError::into_inner).get(key).map_or(0, |g| g.waiters.len());
    let mut seen = count();
    for _ in 0..LINGERS {
        tokio::time::sleep(LINGER).await;
        let now = count();
        if now == seen {
            return;
        }
        seen = now;
    }
}

impl Waiter {
    /// Reports the state of the object, if that is due; when to report it next.
    fn report(&mut self) -> Instant {
        if let Some(state) = self.timer.due(&self.state) {
            self.progress.report(state);
        }
        self.timer.next()
    }
}

/// Sleeps, and reports meanwhile what is due.
async fn rest(groups: &Mutex<HashMap<GroupKey, Group>>, key: &GroupKey, pause: Duration) {
    let end = Instant::now() + pause;
    loop {
        let next = {
            let mut groups = groups.lock().unwrap_or_else(PoisonError::into_inner);
            groups.get_mut(key).and_then(|group| group.waiters.iter_mut().map(Waiter::report).min())
        };
        match next.filter(|next| *next < end) {
            Some(next) => tokio::time::sleep_until(next.into()).await,
            None => break,
        }
    }
    tokio::time::sleep_until(end.into()).await;
}

/// Answers a waiter by what was seen, or gives it back when it has to wait on.
fn judge(mut waiter: Waiter, seen: &HashMap<String, Observed>) -> Option<Waiter> {
    let found = seen.get(&waiter.id);
    let progress = found.map(|o| &o.progress);
    match (waiter.until, progress) {
        (Until::Ready, Some(Progress::Ready)) => return answer(waiter, Ok(found.cloned())),
        (Until::Ready, Some(Progress::Failed(why))) => {
            return answer(waiter, Err(Error::new(Kind::Refused, why.clone())));
        }
        (Until::Gone, None | Some(Progress::Gone)) => return answer(waiter, Ok(None)),
        (Until::Ready, Some(Progress::Gone)) => return answer(waiter, Ok(None)),
        (Until::Ready, None) if waiter.since.elapsed() > MAY_BE_MISSING => return answer(waiter, Ok(None)),
        _ => {}
    }
    waiter.state = match progress {
        Some(Progress::Pending(state)) => state.clone(),
        Some(_) => "waiting until it is gone".into(),
        None => "waiting until AWS lists it".into(),
    };
    if Instant::now() < waiter.deadline {
        return Some(waiter);
    }
    let state = match progress {
        Some(Progress::Pending(state)) => format!("its state is still {state:?}"),
        Some(_) => "it is still there".into(),
        None => "it does not appear".into(),
    };
    let wanted = match waiter.until {
        Until::Ready => "become ready",
        Until::Gone => "be deleted",
    };
    let message = format!("Timed out waiting for {} to {wanted}: {state}", waiter.id);
    answer(waiter, Err(Error::new(Kind::Refused, message)))
}

fn answer(waiter: Waiter, result: Result<Option<Observed>>) -> Option<Waiter> {
    // Nobody listens any more when the run was stopped.
    let _ = waiter.answer.send(result);
    None
}
