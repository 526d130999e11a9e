//! One step on one object: intent, call, settle, outcome. Repeats a call only when it was surely not
//! executed, and looks first when it may have been.

use crate::apply::backoff::Backoff;
use crate::apply::engine::KnownSecrets;
use crate::apply::event::{Event, Events};
use crate::apply::settle::{Awaited, Settler};
use crate::aws::{Aws, Error, Kind, Result as AwsResult};
use crate::diag::Diagnostic;
use crate::objects::{Instance, Slot};
use crate::plan::AttributeChange;
use crate::resources::progress::Patience;
use crate::resources::{AnyResource, Observed, Progress, ProgressReporter, Token, Which};
use crate::schema::equal::{same, same_as_seen};
use crate::schema::rows::Recover;
use crate::schema::secrecy::hidden;
use crate::schema::{Attribute, Attrs, Change, Mode, Schema, redaction};
use crate::state::{Intent, IntentKind, Outcome, OutcomeResult, Record, Recorded, Run};
use crate::value::Value;
use std::time::{Duration, Instant};

/// How long a lost create is looked for before it counts as not executed: listings lag behind.
const LOOK_AGAIN: [u64; 4] = [0, 500, 1500, 3000];

/// How long something that a call names may be unknown to AWS though it is there.
const NOT_SEEN_YET: Duration = Duration::from_secs(90);

/// How long a call is repeated that AWS answers with a server error every time.
const SERVER_ERRORS: Duration = Duration::from_secs(60);

/// An object and what is needed to work on it.
#[derive(Clone)]
pub(super) struct ResourceStep<'a> {
    pub run: &'a Run,
    pub settler: Settler,
    pub events: &'a dyn Events,
    pub aws: Aws,
    pub resource: &'static dyn AnyResource,
    pub secrets: KnownSecrets,
    pub slot: Slot,
    /// Unique among all runs.
    pub op: String,
    pub provider: String,
    pub depends_on: Vec<crate::value::address::Address>,
    pub create_before_destroy: bool,
    /// How long the operation may take.
    pub limit: Duration,
    /// Whether an earlier run may have made the same create, which comes through late.
    pub again: bool,
}

/// Why a step failed.
pub(super) type Failure = Box<Diagnostic>;

impl ResourceStep<'_> {
    /// Makes a new object as `want` says. `outgoing` is the id of the object that it replaces.
    pub async fn create(&self, want: &Attrs, token: Token, outgoing: Option<String>) -> Result<Instance, Failure> {
        let intent = self.intent(IntentKind::Create, &token, None, outgoing.clone(), want);
        self.append(Record::Intent(Box::new(intent))).await?;
        let made = self.call_create(want, &token, outgoing.as_deref()).await;
        let id = match made {
            Ok(id) => id,
            Err(e) => return Err(self.failed(e, "creating", want).await),
        };
        self.outcome(OutcomeResult::Created { id: id.clone() }).await?;
        let seen = match self.ready(&id).await {
            Ok(seen) => self.finish(&id, &seen, want).await,
            Err(e) => Err(self.problem(&discreet(e, want), "finishing")),
        };
        match seen {
            Ok((id, seen)) => self.record(&id, want, &seen).await,
            Err(problem) => {
                let tainted = Instance { tainted: true, ..self.instance(&id, want.clone()) };
                self.set(Some(tainted)).await?;
                Err(problem)
            }
        }
    }

    /// Finishes what an earlier run began. What the plan, which knew of the changes `planned`, left to AWS is as
    /// AWS has it once the object is ready: until then it may be on its way.
    pub async fn complete(&self, id: &str, want: &Attrs, planned: &[AttributeChange]) -> Result<Instance, Failure> {
        let seen = self.ready(id).await.map_err(|e| self.problem(&discreet(e, want), "finishing"))?;
        let left = |row: &&Attribute| {
            row.mode == Mode::OptionalComputed
                && row.initial.is_none()
                && !planned.iter().any(|change| change.name == row.name)
        };
        let null = Value::any_null();
        let mut wish = want.clone();
        for row in self.resource.schema().attributes.iter().filter(left) {
            match seen.attrs.get(row.name) {
                Some(now) if !same_as_seen(row, want.get(row.name).unwrap_or(&null), now) => {
                    wish = wish.with(row.name, now.clone());
                }
                _ => {}
            }
        }
        let want = wish;
        let (id, seen) = self.finish(id, &seen, &want).await?;
        self.record(&id, &want, &seen).await
    }

    /// Changes what the creation of an object could not set, and waits for what is wanted beyond that.
    async fn finish(&self, id: &str, seen: &Observed, want: &Attrs) -> Result<(String, Observed), Failure> {
        let failed = |e: Error| self.problem(&discreet(e, want), "finishing");
        if self.open(want, &seen.attrs, true).is_empty() {
            self.wait(id, None, want).await.map_err(failed)?;
            return Ok((id.to_owned(), seen.clone()));
        }
        let rest = ResourceStep { op: format!("rest-{}", self.op), ..self.clone() };
        let intent = rest.intent(IntentKind::Update, &Token(rest.op.clone()), Some(id.to_owned()), None, want);
        rest.append(Record::Intent(Box::new(intent))).await?;
        let (id, seen) = match rest.call_update(id, seen.attrs.clone(), want, true).await {
            Ok(done) => done,
            Err(e) => return Err(rest.failed(e, "finishing", want).await),
        };
        rest.outcome(OutcomeResult::Updated).await?;
        self.wait(&id, None, want).await.map_err(failed)?;
        Ok((id, seen))
    }

    /// Waits until the object is ready.
    async fn ready(&self, id: &str) -> AwsResult<Observed> {
        self.telling(async |tell| self.settler.ready(self.awaited(id, &tell)).await).await
    }

    /// Waits for what is wanted beyond that; whether the object may be another by it.
    async fn wait(&self, id: &str, before: Option<&Attrs>, want: &Attrs) -> AwsResult<bool> {
        self.telling(async |tell| self.resource.wait(&self.aws, id, before, want, self.limit, &tell).await).await
    }

    fn awaited<'b>(&'b self, id: &'b str, tell: &'b ProgressReporter) -> Awaited<'b> {
        let ResourceStep { resource, aws, provider, limit, .. } = self;
        Awaited { resource: *resource, aws, provider, id, limit: *limit, tell }
    }

    /// Does some waiting, and passes on what it says meanwhile.
    async fn telling<T>(&self, work: impl AsyncFnOnce(ProgressReporter) -> T) -> T {
        let (tell, mut reported) = ProgressReporter::new();
        let work = work(tell);
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                Some(state) = reported.recv() => {
                    self.events.event(Event::Waiting { address: &self.slot.address, state: &state });
                }
                done = &mut work => return done,
            }
        }
    }

    /// Makes a call, and passes on what a wait in the middle of it says.
    async fn heard<T>(&self, call: impl Future<Output = T>) -> T {
        self.telling(async |tell| tell.during(call).await).await
    }

    /// Changes the object in place, from how it is to `want`.
    pub async fn update(&self, id: &str, before: &Attrs, want: &Attrs) -> Result<Instance, Failure> {
        let intent = self.intent(IntentKind::Update, &Token(self.op.clone()), Some(id.to_owned()), None, want);
        self.append(Record::Intent(Box::new(intent))).await?;
        match self.call_update(id, before.clone(), want, false).await {
            Ok((id, seen)) => {
                self.outcome(OutcomeResult::Updated).await?;
                let waited = self.wait(&id, Some(before), want).await;
                let seen = match waited {
                    Ok(false) => seen,
                    Ok(true) | Err(_) => self.ready(&id).await.unwrap_or(seen),
                };
                let instance = self.record(&id, want, &seen).await?;
                match waited {
                    Ok(_) => Ok(instance),
                    Err(e) => Err(self.problem(&e, "waiting for")),
                }
            }
            Err(e) => Err(self.failed(e, "changing", want).await),
        }
    }

    /// Deletes the object and waits until it is gone.
    pub async fn delete(&self, id: &str, last: &Attrs) -> Result<(), Failure> {
        let intent =
            self.intent(IntentKind::Delete, &Token(self.op.clone()), Some(id.to_owned()), None, &Attrs::default());
        self.append(Record::Intent(Box::new(intent))).await?;
        match self.call_delete(id, last).await {
            Ok(()) => self.outcome(OutcomeResult::Deleted).await,
            Err(e) => Err(self.failed(e, "deleting", last).await),
        }
    }

    /// Waits before a call is made again, and reports why, and which objects are in the way, once that takes long. False when
    /// the time is over.
    async fn again(
        &self,
        id: Option<&str>,
        backoff: &mut Backoff,
        default_timeout: &mut Patience,
        error: &Error,
    ) -> bool {
        let Some(pause) = backoff.pause() else { return false };
        let end = Instant::now() + pause;
        loop {
            if default_timeout.next() <= Instant::now() {
                let state = format!("AWS does not accept it yet: {}{}", error.message, self.holders(id, error).await);
                if let Some(state) = default_timeout.due(&state) {
                    self.events.event(Event::Waiting { address: &self.slot.address, state: &state });
                }
            }
            if default_timeout.next() >= end {
                break;
            }
            tokio::time::sleep_until(default_timeout.next().into()).await;
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

    async fn call_create(&self, want: &Attrs, token: &Token, outgoing: Option<&str>) -> AwsResult<String> {
        let mut backoff = Backoff::new(self.limit);
        let mut maybe_done = self.again;
        let mut default_timeout = Patience::default();
        loop {
            let error = match self.heard(self.resource.create(&self.aws, want, token)).await {
                Ok(id) => return Ok(id),
                Err(e) => e,
            };
            maybe_done |= error.kind == Kind::Ambiguous;
            if maybe_done
                && matches!(error.kind, Kind::Ambiguous | Kind::Exists)
                && let Some(id) = self.look_for(want, token, outgoing).await?
            {
                return Ok(id);
            }
            let again = repeats(&error, backoff.spent());
            let shown = discreet(error.clone(), want);
            if !again || !self.again(None, &mut backoff, &mut default_timeout, &shown).await {
                return Err(error);
            }
        }
    }

    /// The rows that an update has to bring about.
    fn open(&self, want: &Attrs, now: &Attrs, fresh: bool) -> Vec<&'static str> {
        let schema = self.resource.schema();
        let mut open = open_rows(schema, want, now, fresh);
        if fresh {
            let unset = schema.unset_by_create.map(|unset| unset(want)).unwrap_or_default();
            open.extend(unset.into_iter().filter(|name| want.is_set(name)));
        }
        open
    }

    /// The object of a create whose answer was lost. With a client token the same call again answers that.
    async fn look_for(&self, want: &Attrs, token: &Token, outgoing: Option<&str>) -> AwsResult<Option<String>> {
        let which = match self.resource.schema().recover {
            Recover::ClientToken => return Ok(None),
            Recover::TokenTag => Which::Token(token),
            Recover::Key => Which::NaturalKey(want),
        };
        for pause in LOOK_AGAIN {
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
    async fn call_update(&self, id: &str, before: Attrs, want: &Attrs, fresh: bool) -> AwsResult<(String, Observed)> {
        let rows = &self.resource.schema().attributes;
        let mut backoff = Backoff::new(self.limit);
        let mut before = before;
        let mut id = id.to_owned();
        // Rows that only follow from those that change, such as the subnets of a mapping of subnets, are
        // still planned as they were: not to be brought back when the object is looked at again.
        let changing = self.open(want, &before, fresh);
        let mut default_timeout = Patience::default();
        loop {
            let mut open = self.open(want, &before, fresh);
            open.retain(|name| changing.contains(name));
            let change = Change::new(&before, want, open.iter().copied()).fresh(fresh);
            let error = match self.heard(self.resource.update(&self.aws, &id, change)).await {
                Ok(new_id) => {
                    id = new_id.unwrap_or(id);
                    let seen = self.ready(&id).await?;
                    return Ok((id, seen));
                }
                Err(e) => e,
            };
            let again = repeats(&error, backoff.spent());
            let shown = discreet(error.clone(), want);
            if !again || !self.again(None, &mut backoff, &mut default_timeout, &shown).await {
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
            before = overlay(rows, &before, &seen.attrs);
        }
    }

    async fn call_delete(&self, id: &str, last: &Attrs) -> AwsResult<()> {
        let mut backoff = Backoff::new(self.limit);
        let mut default_timeout = Patience::default();
        loop {
            let error = match self.heard(self.resource.delete(&self.aws, id, last)).await {
                Ok(()) => break,
                Err(e) => e,
            };
            let again = !error.is_not_found() && repeats(&error, backoff.spent());
            if !again || !self.again(Some(id), &mut backoff, &mut default_timeout, &error).await {
                return Err(error);
            }
        }
        if self.resource.schema().wait_for_deletion {
            self.telling(async |tell| self.settler.gone(self.awaited(id, &tell)).await).await?;
        }
        Ok(())
    }

    fn intent(
        &self,
        kind: IntentKind,
        token: &Token,
        id: Option<String>,
        outgoing: Option<String>,
        want: &Attrs,
    ) -> Intent {
        Intent {
            op: self.op.clone(),
            slot: self.slot.clone(),
            kind,
            type_name: self.resource.schema().name.to_owned(),
            token: token.0.clone(),
            id,
            outgoing,
            provider: self.provider.clone(),
            region: self.aws.region.to_string(),
            account: self.aws.account.to_string(),
            want: kept(self.run, &self.slot, self.resource.schema(), want),
            depends_on: self.depends_on.clone(),
            create_before_destroy: self.create_before_destroy,
        }
    }

    fn instance(&self, id: &str, attrs: Attrs) -> Instance {
        Instance {
            id: id.to_owned(),
            attrs: kept(self.run, &self.slot, self.resource.schema(), &attrs),
            provider: self.provider.clone(),
            region: self.aws.region.to_string(),
            account: self.aws.account.to_string(),
            depends_on: self.depends_on.clone(),
            create_before_destroy: self.create_before_destroy,
            tainted: false,
            unfinished: false,
        }
    }

    /// Records the object as it was last seen, in the layout's spelling where both mean the same.
    async fn record(&self, id: &str, want: &Attrs, seen: &Observed) -> Result<Instance, Failure> {
        let rows = &self.resource.schema().attributes;
        let attrs = overlay(rows, want, &seen.attrs).with("id", id);
        let attrs = {
            let mut secrets = self.secrets.borrow_mut();
            secrets.add(attrs.iter().map(|(_, value)| value));
            secrets.seek();
            hidden(rows, want, attrs, &secrets)
        };
        let instance = self.instance(id, attrs);
        self.set(Some(instance.clone())).await?;
        Ok(instance)
    }

    async fn set(&self, instance: Option<Instance>) -> Result<(), Failure> {
        self.append(Record::Recorded(Box::new(Recorded { slot: self.slot.clone(), instance }))).await
    }

    async fn outcome(&self, result: OutcomeResult) -> Result<(), Failure> {
        self.append(Record::Outcome(Outcome { op: self.op.clone(), result })).await
    }

    async fn append(&self, record: Record) -> Result<(), Failure> {
        self.run.append(record).await.map_err(|d| Box::new(d.about(&self.slot.address)))
    }

    /// Ends the intent after an error; one that leaves the outcome open stays open for the next run.
    /// `sent` is what AWS was sent, and may repeat.
    async fn failed(&self, error: Error, doing: &str, sent: &Attrs) -> Failure {
        let error = discreet(error, sent);
        if error.kind != Kind::Ambiguous {
            let result = OutcomeResult::Failed { kind: format!("{:?}", error.kind), message: error.to_string() };
            if let Err(problem) = self.outcome(result).await {
                return problem;
            }
        }
        self.problem(&error, doing)
    }

    fn problem(&self, error: &Error, doing: &str) -> Failure {
        let d = Diagnostic::error(format!("Error {doing} {}", self.resource.schema().name))
            .detail(error.to_string())
            .about(&self.slot.address);
        Box::new(match error.hint() {
            Some(hint) => d.hint(hint),
            None => d,
        })
    }
}

/// The attributes of an object as the state of the run keeps them.
pub(super) fn kept(run: &Run, slot: &Slot, schema: &Schema, attrs: &Attrs) -> Attrs {
    let salt = run.with_state(|s| redaction::salt(&s.lineage, &slot.address.to_string()));
    redaction::redact_for_state(&schema.attributes, attrs, &salt)
}

/// The error without the secrets that were sent.
fn discreet(error: Error, sent: &Attrs) -> Error {
    Error { message: sent.discreet(&error.message), ..error }
}

/// Whether a call that failed for `spent` is made again.
fn repeats(error: &Error, spent: Duration) -> bool {
    match error.kind {
        Kind::Throttled | Kind::Unreachable | Kind::Dependency => true,
        // About something that was only just made and is not seen everywhere yet.
        Kind::NotFound => spent < NOT_SEEN_YET,
        Kind::Ambiguous => !error.is_answer() || spent < SERVER_ERRORS,
        Kind::Exists | Kind::Denied | Kind::Credentials | Kind::Refused => false,
    }
}

/// The rows that still differ from what is wanted and can be changed in place. Of a `fresh` object `now` is
/// nothing but what AWS says of it.
fn open_rows(schema: &Schema, want: &Attrs, now: &Attrs, fresh: bool) -> Vec<&'static str> {
    let null = Value::any_null();
    let alike = if fresh { same_as_seen } else { same };
    let open = |row: &&Attribute| {
        let wanted = want.get(row.name).unwrap_or(&null);
        let decides = match row.mode {
            Mode::Computed => row.name == "tags_all",
            Mode::OptionalComputed => !wanted.is_null(),
            Mode::Required | Mode::Optional => true,
        };
        let seen = now.get(row.name);
        let differs = decides && !row.force_new && seen.is_some_and(|seen| !alike(row, wanted, seen));
        differs && !schema.leaves_to_aws(row.name, want, now)
    };
    schema.attributes.iter().filter(open).map(|row| row.name).collect()
}

/// `base` with what was seen laid over it; `base` keeps its spelling and its marks.
fn overlay(rows: &[Attribute], base: &Attrs, seen: &Attrs) -> Attrs {
    crate::plan::diff::current(rows, Some(base), Some(seen)).unwrap_or_default()
}
