//! One step on an object that lives in the state alone. There is no call whose answer can be lost, so
//! that there is no intent: the object is made by being recorded, and gone when it is taken out.

use crate::apply::resource_step::Failure;
use crate::diag::Diagnostic;
use crate::objects::{Instance, Slot};
use crate::plan::Op;
use crate::resources::local::{Given, Local};
use crate::schema::Attrs;
use crate::state::{Record, Recorded, Run, deposed_key};
use crate::value::address::Address;
use jiff::Timestamp;
use tokio::sync::watch;

/// An object of the state and what is needed to work on it.
pub(super) struct LocalStep<'a> {
    pub run: &'a Run,
    pub kind: &'static Local,
    pub slot: Slot,
    /// Unique among all runs.
    pub op: String,
    pub provider: String,
    pub depends_on: Vec<Address>,
    pub create_before_destroy: bool,
    /// What the run's random values come from.
    pub seed: [u8; 32],
    /// Turns true when waiting shall end.
    pub stop: watch::Receiver<bool>,
}

impl LocalStep<'_> {
    /// Makes the object; with `keep_old`, what it replaces stays, deposed, until its own step.
    pub async fn create(&mut self, want: &Attrs, keep_old: bool) -> Result<Instance, Failure> {
        self.wait(want, Op::Create).await?;
        let (kind, want, seed, op) = (self.kind, want.clone(), self.seed, self.op.clone());
        let make = move || kind.made(&want, &mut Given::new(Timestamp::now(), &seed, &op));
        let made = tokio::task::spawn_blocking(make).await.unwrap_or_else(|e| Err(e.to_string()));
        let attrs = made.map_err(|e| self.problem("creating", e))?;
        let old = self.run.with_state(|s| s.get(&self.slot).cloned()).filter(|_| keep_old);
        if let Some(old) = old {
            let deposed = Slot::deposed(self.slot.address.clone(), deposed_key(&self.op));
            self.set(deposed, Some(old)).await?;
        }
        self.record(attrs).await
    }

    /// Changes the object to `want`, and what follows from it.
    pub async fn update(&self, want: &Attrs) -> Result<Instance, Failure> {
        self.record(self.kind.whole(want.clone())).await
    }

    /// Takes the object out of the state.
    pub async fn delete(&mut self, last: &Attrs) -> Result<(), Failure> {
        self.wait(last, Op::Delete).await?;
        self.set(self.slot.clone(), None).await
    }

    async fn wait(&mut self, attrs: &Attrs, op: Op) -> Result<(), Failure> {
        let Some(time) = self.kind.wait(attrs, op) else { return Ok(()) };
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = super::engine::stop_asked(&mut self.stop) => {
                Err(self.problem("waiting for", "it was stopped before its wait ended".into()))
            }
        }
    }

    async fn record(&self, attrs: Attrs) -> Result<Instance, Failure> {
        let instance = Instance {
            id: attrs.string("id").unwrap_or_default(),
            attrs,
            provider: self.provider.clone(),
            region: String::new(),
            account: String::new(),
            depends_on: self.depends_on.clone(),
            create_before_destroy: self.create_before_destroy,
            tainted: false,
            unfinished: false,
        };
        self.set(self.slot.clone(), Some(instance.clone())).await?;
        Ok(instance)
    }

    async fn set(&self, slot: Slot, instance: Option<Instance>) -> Result<(), Failure> {
        let record = Record::Recorded(Box::new(Recorded { slot, instance }));
        self.run.append(record).await.map_err(|d| Box::new(d.about(&self.slot.address)))
    }

    fn problem(&self, doing: &str, why: String) -> Failure {
        let summary = format!("Error {doing} {}", self.kind.schema.name);
        Box::new(Diagnostic::error(summary).detail(format!("{why}.")).about(&self.slot.address))
    }
}
