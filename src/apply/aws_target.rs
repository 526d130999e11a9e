//! An object in AWS, and the calls on it. Repeats a call only when it was surely not executed, and looks first when it
//! may have been.

use super::backoff::Backoff;
use super::event::{Event, Events};
use super::foreign::names_only_foreign;
use super::runner::discreet;
use super::wait::{Awaited, Waiting};
use crate::aws::{Aws, Error, Kind, Result};
use crate::plan::{Change, Rows};
use crate::resources::progress::ReportTimer;
use crate::resources::{AnyResource, Observed, Progress, ProgressReporter, Token, Which};
use crate::schema::rows::Recover;
use crate::schema::{self, Attribute, Attrs};
use crate::state::Run;
use std::time::{Duration, Instant};

/// How long a lost create is looked for before it counts as not executed: listings lag behind.
const FIND_PAUSES: [u64; 4] = [0, 500, 1500, 3000];

/// How long something that a call names may be unknown to AWS though it is there.
const NOT_SEEN_YET: Duration = Duration::from_secs(90);

/// How long a call is repeated that AWS answers with a server error every time.
const SERVER_ERRORS: Duration = Duration::from_secs(60);

/// An object in AWS and what is needed to work on it.
#[derive(Clone)]
pub(super) struct AwsTarget<'a> {
    /// What the step is a part of.
    pub change: &'a Change,
    pub run: &'a Run,
    pub waiting: Waiting,
    pub events: &'a dyn Events,
    pub aws: Aws,
    pub resource: &'static dyn AnyResource,
    pub provider: String,
    /// How long the operation may take.
    pub limit: Duration,
    /// Whether an earlier run may have made the same create, which comes through late.
    pub again: bool,
}

impl AwsTarget<'_> {
    /// The one call that makes the object; gives its id.
    pub async fn create(&self, want: &Attrs, token: &Token, outgoing: Option<&str>) -> Result<String> {
        let mut backoff = Backoff::new(self.limit);
        let mut maybe_done = self.again;
        let mut timer = ReportTimer::default();
        loop {
            let error = match self.heard(self.resource.create(&self.aws, want, token)).await {
                Ok(id) => return Ok(id),
                Err(e) => e,
            };
            maybe_done |= error.kind == Kind::Ambiguous;
            if maybe_done
                && matches!(error.kind, Kind::Ambiguous | Kind::Exists)
                && let Some(id) = self.find_created(want, token, outgoing).await?
            {
                return Ok(id);
            }
            let again = self.repeats(&error, backoff.spent());
            let shown = discreet(error.clone(), want);
            if !again || !self.again(None, &mut backoff, &mut timer, &shown).await {
                return Err(error);
            }
        }
    }

    /// The object of a create whose answer was lost. With a client token the same call again answers that.
    async fn find_created(&self, want: &Attrs, token: &Token, outgoing: Option<&str>) -> Result<Option<String>> {
        let which = match self.resource.schema().recover {
            Recover::ClientToken => return Ok(None),
            Recover::TokenTag => Which::Token(token),
            Recover::Key => Which::NaturalKey(want),
        };
        for pause in FIND_PAUSES {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let seen = self.resource.describe(&self.aws, which).await?;
            let ours = |o: &&Observed| Some(o.id.as_str()) != outgoing && o.progress != Progress::Gone;
            if let Some(found) = seen.iter().find(ours) {
                return Ok(Some(found.id.clone()));
            }
        }
        Ok(None)
    }

    /// Updates until nothing differs any more. After an answer that says nothing for sure the object
    /// is looked at again, and only what still differs is changed.
    pub async fn update(
        &self,
        id: &str,
        before: Attrs,
        want: &Attrs,
        rows: &Rows,
        fresh: bool,
    ) -> Result<(String, Attrs)> {
        let schema = self.resource.schema();
        let mut backoff = Backoff::new(self.limit);
        let mut before = before;
        let mut id = id.to_owned();
        // Rows that only follow from those that change, such as the subnets of a mapping of subnets, are
        // still planned as they were: not to be brought back when the object is looked at again.
        let changing = rows.open(schema, want, &before, fresh);
        let mut timer = ReportTimer::default();
        loop {
            let mut open = rows.open(schema, want, &before, fresh);
            open.retain(|name| changing.contains(name));
            let change = schema::Change::new(&before, want, open.iter().copied()).fresh(fresh);
            let error = match self.heard(self.resource.update(&self.aws, &id, change)).await {
                Ok(new_id) => {
                    id = new_id.unwrap_or(id);
                    let seen = self.ready(&id).await?;
                    return Ok((id, seen));
                }
                Err(e) => e,
            };
            let again = self.repeats(&error, backoff.spent());
            let shown = discreet(error.clone(), want);
            if !again || !self.again(None, &mut backoff, &mut timer, &shown).await {
                return Err(error);
            }
            let ids = [id.clone()];
            let seen = self.resource.describe(&self.aws, Which::Ids(&ids)).await?;
            let seen = match seen.into_iter().next() {
                Some(seen) => seen,
                None => {
                    let like = self.resource.describe(&self.aws, Which::NaturalKey(want)).await?;
                    like.into_iter().next().ok_or(error)?
                }
            };
            id = seen.id;
            before = overlay(&schema.attributes, &before, &seen.attrs);
        }
    }

    /// Deletes the object and waits until it is gone.
    pub async fn delete(&self, id: &str, last: &Attrs) -> Result<()> {
        let mut backoff = Backoff::new(self.limit);
        let mut timer = ReportTimer::default();
        loop {
            let error = match self.heard(self.resource.delete(&self.aws, id, last)).await {
                Ok(()) => break,
                Err(e) => e,
            };
            let again = !error.is_not_found() && self.repeats(&error, backoff.spent());
            if !again || !self.again(Some(id), &mut backoff, &mut timer, &error).await {
                return Err(error);
            }
        }
        if self.resource.schema().wait_for_deletion {
            self.reporting(async |progress| self.waiting.gone(self.awaited(id, &progress)).await).await?;
        }
        Ok(())
    }

    /// Waits until the object is ready.
    pub async fn ready(&self, id: &str) -> Result<Attrs> {
        let seen = self.reporting(async |progress| self.waiting.ready(self.awaited(id, &progress)).await).await?;
        Ok(seen.attrs)
    }

    /// Waits for what is wanted beyond that; whether the object may be another by it.
    pub async fn wait(&self, id: &str, before: Option<&Attrs>, want: &Attrs) -> Result<bool> {
        self.reporting(async |progress| self.resource.wait(&self.aws, id, before, want, self.limit, &progress).await)
            .await
    }

    fn awaited<'b>(&'b self, id: &'b str, progress: &'b ProgressReporter) -> Awaited<'b> {
        let AwsTarget { resource, aws, provider, limit, .. } = self;
        Awaited { resource: *resource, aws, provider, id, limit: *limit, progress }
    }

    /// Does some waiting, and passes on what it says meanwhile.
    async fn reporting<T>(&self, work: impl AsyncFnOnce(ProgressReporter) -> T) -> T {
        let (progress, mut reported) = ProgressReporter::new();
        let work = work(progress);
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                Some(state) = reported.recv() => {
                    self.events.event(Event::Waiting { address: &self.change.address, state: &state });
                }
                done = &mut work => return done,
            }
        }
    }

    /// Makes a call, and passes on what a wait in the middle of it says.
    async fn heard<T>(&self, call: impl Future<Output = T>) -> T {
        self.reporting(async |progress| progress.during(call).await).await
    }

    /// Whether a call that failed for `spent` is made again.
    fn repeats(&self, error: &Error, spent: Duration) -> bool {
        match error.kind {
            Kind::Throttled | Kind::Unreachable | Kind::Dependency => true,
            // About something that was only just made and is not seen everywhere yet.
            Kind::NotFound => spent < NOT_SEEN_YET && !names_only_foreign(&error.message, self.change, self.run),
            Kind::Ambiguous => !error.is_answer() || spent < SERVER_ERRORS,
            Kind::Exists | Kind::Denied | Kind::Credentials | Kind::Refused => false,
        }
    }

    /// Waits before a call is made again, and reports why, and which objects are in the way, once that takes long. False when
    /// the time is over.
    async fn again(&self, id: Option<&str>, backoff: &mut Backoff, timer: &mut ReportTimer, error: &Error) -> bool {
        let Some(pause) = backoff.pause() else { return false };
        let end = Instant::now() + pause;
        loop {
            if timer.next() <= Instant::now() {
                let state = format!("AWS does not accept it yet: {}{}", error.message, self.holders(id, error).await);
                if let Some(state) = timer.due(&state) {
                    self.events.event(Event::Waiting { address: &self.change.address, state: &state });
                }
            }
            if timer.next() >= end {
                break;
            }
            tokio::time::sleep_until(timer.next().into()).await;
        }
        tokio::time::sleep_until(end.into()).await;
        true
    }

    /// Who holds what AWS does not delete, in words.
    async fn holders(&self, id: Option<&str>, error: &Error) -> String {
        let holders = match id {
            Some(id) if error.kind == Kind::Dependency => {
                self.resource.holders(&self.aws, id).await.unwrap_or_default()
            }
            _ => Vec::new(),
        };
        if holders.is_empty() { String::new() } else { format!("; it is held by {}", holders.join(", ")) }
    }
}

/// `base` with what was seen laid over it; `base` keeps its spelling and its marks.
pub(super) fn overlay(rows: &[Attribute], base: &Attrs, seen: &Attrs) -> Attrs {
    crate::plan::diff::current(rows, Some(base), Some(seen)).unwrap_or_default()
}
