//! One step on one object, wherever it lives: intent, call, outcome, state. No call is made before its intent is
//! durable, and none after its outcome.

use super::engine::KnownSecrets;
use super::target::{Created, Target};
use crate::aws::{Error, Kind};
use crate::diag::Diagnostic;
use crate::objects::{Instance, Slot};
use crate::plan::Rows;
use crate::resources::Token;
use crate::schema::equal::{Origin, differs};
use crate::schema::secrecy::hidden;
use crate::schema::{Attribute, Attrs, Schema, redaction};
use crate::state::{Intent, IntentKind, Outcome, OutcomeResult, Record, Recorded, Run, deposed_key};
use crate::value::Value;
use crate::value::address::Address;

/// Why a step failed.
pub(super) type Failure = Box<Diagnostic>;

/// An object and what is needed to record what becomes of it.
#[derive(Clone)]
pub(super) struct StepRunner<'a> {
    pub run: &'a Run,
    pub secrets: KnownSecrets,
    pub target: Target<'a>,
    pub slot: Slot,
    /// Unique among all runs.
    pub op: String,
    pub provider: String,
    pub depends_on: Vec<Address>,
    pub create_before_destroy: bool,
    /// Whether the object counts as damaged until more was done to it.
    pub tainted: bool,
}

impl StepRunner<'_> {
    /// Makes a new object as `want` says, then sets those of `rows` that its creation left open. `outgoing` is the
    /// id of the object that it replaces, which stays until its own step.
    pub async fn create(
        &self,
        want: &Attrs,
        token: Token,
        outgoing: Option<String>,
        rows: &Rows,
    ) -> Result<Instance, Failure> {
        self.begin(IntentKind::Create, &token, None, outgoing.clone(), want).await?;
        let made = match self.target.create(want, &token, outgoing.as_deref()).await {
            Ok(made) => made,
            Err(e) => return Err(self.failed(e, "creating", want).await),
        };
        let id = match made {
            Created::Whole(attrs) => {
                self.depose(outgoing.as_deref()).await?;
                let instance = self.record(&attrs.string("id").unwrap_or_default(), want, &attrs).await?;
                self.outcome(OutcomeResult::Created { id: instance.id.clone() }).await?;
                return Ok(instance);
            }
            Created::Begun(id) => id,
        };
        self.outcome(OutcomeResult::Created { id: id.clone() }).await?;
        match self.complete(&id, want, rows).await {
            Ok(instance) => Ok(instance),
            Err(problem) => {
                let tainted = Instance { tainted: true, ..self.instance(&id, want.clone()) };
                self.set(&self.slot, Some(tainted)).await?;
                Err(problem)
            }
        }
    }

    /// Finishes an object that was made by this run or an earlier one: sets those of `rows` that are not as wanted.
    /// What the plan left to AWS is as AWS has it once the object is ready: until then it may be on its way.
    pub async fn complete(&self, id: &str, want: &Attrs, rows: &Rows) -> Result<Instance, Failure> {
        let problem = |e: Error| self.problem(&discreet(e, want), "finishing");
        let seen = self.target.ready(id).await.map_err(problem)?;
        let want = &with_choices_of_aws(want, &seen, self.target.schema(), rows);
        if rows.open(self.target.schema(), want, &seen, true).is_empty() {
            self.target.wait(id, None, want).await.map_err(problem)?;
            return self.record(id, want, &seen).await;
        }
        let rest = StepRunner { op: format!("rest-{}", self.op), ..self.clone() };
        rest.begin(IntentKind::Update, &Token(rest.op.clone()), Some(id.to_owned()), None, want).await?;
        let (id, seen) = match rest.target.update(id, seen, want, rows, true).await {
            Ok(done) => done,
            Err(e) => return Err(rest.failed(e, "finishing", want).await),
        };
        let waited = rest.target.wait(&id, None, want).await;
        rest.outcome(OutcomeResult::Updated).await?;
        waited.map_err(problem)?;
        self.record(&id, want, &seen).await
    }

    /// Changes `rows` of the object in place, from how it is to `want`. The intent is open until what is waited for
    /// is there: a wait may take back what it waited for too long.
    pub async fn update(&self, id: &str, before: &Attrs, want: &Attrs, rows: &Rows) -> Result<Instance, Failure> {
        self.begin(IntentKind::Update, &Token(self.op.clone()), Some(id.to_owned()), None, want).await?;
        let (id, seen) = match self.target.update(id, before.clone(), want, rows, false).await {
            Ok(done) => done,
            Err(e) => return Err(self.failed(e, "changing", want).await),
        };
        let mut instance = self.record(&id, want, &seen).await?;
        let waited = self.target.wait(&id, Some(before), want).await;
        self.outcome(OutcomeResult::Updated).await?;
        if !matches!(waited, Ok(false))
            && let Ok(seen) = self.target.ready(&id).await
        {
            instance = self.record(&id, want, &seen).await?;
        }
        waited.map(|_| instance).map_err(|e| self.problem(&e, "waiting for"))
    }

    /// Deletes the object and waits until it is gone.
    pub async fn delete(&self, id: &str, last: &Attrs) -> Result<(), Failure> {
        let token = Token(self.op.clone());
        self.begin(IntentKind::Delete, &token, Some(id.to_owned()), None, &Attrs::default()).await?;
        match self.target.delete(id, last).await {
            Ok(()) => self.outcome(OutcomeResult::Deleted).await,
            Err(e) => Err(self.failed(e, "deleting", last).await),
        }
    }

    /// Makes the object that the step `op` deposed the current one again.
    pub async fn restore(&self, op: &str) -> Result<(), Failure> {
        let deposed = Slot::deposed(self.slot.address.clone(), deposed_key(op));
        let old = self.run.with_state(|s| s.get(&deposed).cloned());
        self.set(&self.slot, old).await?;
        self.set(&deposed, None).await
    }

    /// Puts what is at the slot aside, if it is the object that goes.
    async fn depose(&self, outgoing: Option<&str>) -> Result<(), Failure> {
        let goes = |i: &Instance| Some(i.id.as_str()) == outgoing;
        let old = self.run.with_state(|s| s.get(&self.slot).cloned()).filter(goes);
        match old {
            Some(old) => {
                let deposed = Slot::deposed(self.slot.address.clone(), deposed_key(&self.op));
                self.set(&deposed, Some(old)).await
            }
            None => Ok(()),
        }
    }

    async fn begin(
        &self,
        kind: IntentKind,
        token: &Token,
        id: Option<String>,
        outgoing: Option<String>,
        want: &Attrs,
    ) -> Result<(), Failure> {
        let (region, account) = self.target.place();
        let intent = Intent {
            op: self.op.clone(),
            slot: self.slot.clone(),
            kind,
            type_name: self.target.schema().name.to_owned(),
            token: token.0.clone(),
            id,
            outgoing,
            provider: self.provider.clone(),
            region,
            account,
            want: kept(self.run, &self.slot, self.target.schema(), want),
            depends_on: self.depends_on.clone(),
            create_before_destroy: self.create_before_destroy,
        };
        self.append(Record::Intent(Box::new(intent))).await
    }

    fn instance(&self, id: &str, attrs: Attrs) -> Instance {
        let (region, account) = self.target.place();
        Instance {
            id: id.to_owned(),
            attrs: kept(self.run, &self.slot, self.target.schema(), &attrs),
            provider: self.provider.clone(),
            region,
            account,
            depends_on: self.depends_on.clone(),
            create_before_destroy: self.create_before_destroy,
            tainted: self.tainted,
            unfinished: false,
        }
    }

    /// Records the object as it was last seen, in the layout's spelling where both mean the same. What it gives back
    /// has the secrets that the state does not keep.
    async fn record(&self, id: &str, want: &Attrs, seen: &Attrs) -> Result<Instance, Failure> {
        let rows = &self.target.schema().attributes;
        let attrs = self.target.as_recorded(want, seen).with("id", id);
        let attrs = {
            let mut secrets = self.secrets.borrow_mut();
            secrets.add(attrs.iter().map(|(_, value)| value));
            secrets.seek();
            hidden(rows, want, attrs, &secrets)
        };
        let instance = self.instance(id, attrs.clone());
        self.set(&self.slot, Some(instance.clone())).await?;
        // The state keeps only digests of some secrets; what refers to the object gets the secrets.
        let attrs = redaction::restore_digests(rows, &instance.attrs, &attrs);
        Ok(Instance { attrs, ..instance })
    }

    async fn set(&self, slot: &Slot, instance: Option<Instance>) -> Result<(), Failure> {
        self.append(Record::Recorded(Box::new(Recorded { slot: slot.clone(), instance }))).await
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
        let d = Diagnostic::error(format!("Error {doing} {}", self.target.schema().name))
            .code("aws")
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
pub(super) fn discreet(error: Error, sent: &Attrs) -> Error {
    Error { message: sent.discreet(&error.message), ..error }
}

/// What is wanted, with what AWS chose of a new object where the plan leaves it the choice.
fn with_choices_of_aws(want: &Attrs, seen: &Attrs, schema: &Schema, rows: &Rows) -> Attrs {
    let null = Value::any_null();
    let moved = |row: &&Attribute, now: &Value| differs(row, want.get(row.name).unwrap_or(&null), now, Origin::Aws);
    let chosen = schema.attributes.iter().filter(|row| rows.left_to_aws.iter().any(|name| name == row.name));
    let chosen = chosen.filter_map(|row| Some((row.name, seen.get(row.name).filter(|now| moved(&row, now))?.clone())));
    chosen.fold(want.clone(), |want, (name, now)| want.with(name, now))
}
