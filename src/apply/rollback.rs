//! The steps that the plan names for a wave that fails: its new members are taken out again.

use super::engine::{Engine, Report};
use super::event::Event;
use super::runner::Failure;
use super::wait::Waiting;
use crate::objects::Slot;
use crate::plan::{Op, StepId, Undo};
use std::collections::BTreeSet;
use std::time::Instant;

impl Engine<'_> {
    /// Undoes what was made for the waits that failed.
    pub(super) async fn roll_back(
        &self,
        (done, failed): (&BTreeSet<StepId>, &BTreeSet<StepId>),
        report: &mut Report,
        waiting: &Waiting,
    ) {
        let due = |undo: &&Undo| done.contains(&undo.of) && undo.when.iter().any(|wait| failed.contains(wait));
        for undo in self.plan.undo.iter().filter(due) {
            let address = &self.plan.changes[self.plan.steps[undo.of].change].address;
            let began = Instant::now();
            let new = self.run.with_state(|s| s.get(&Slot::current(address.clone())).map(|object| object.id.clone()));
            self.events.event(Event::Started { address, op: Op::Delete, id: new.as_deref() });
            match self.take_out(undo, waiting).await {
                Ok(()) => {
                    self.events.event(Event::Done { address, op: Op::Delete, id: None, took: began.elapsed() });
                    report.taken_out.push(address.clone());
                }
                Err(problem) => {
                    self.events.event(Event::Failed { address, op: Op::Delete, problem: &problem });
                    report.failed.push((address.clone(), Op::Delete, *problem));
                }
            }
        }
    }

    /// Deletes the new object of a step and makes the old one current again.
    async fn take_out(&self, undo: &Undo, waiting: &Waiting) -> Result<(), Failure> {
        let change = &self.plan.changes[self.plan.steps[undo.of].change];
        let current = Slot::current(change.address.clone());
        let Some(new) = self.run.with_state(|s| s.get(&current).cloned()) else { return Ok(()) };
        let created = self.op_name(undo.of);
        let runner = self.runner(change, current, format!("undo-{created}"), Op::Delete, waiting)?;
        runner.delete(&new.id, &new.attrs).await?;
        if undo.restores { runner.restore(&created).await } else { Ok(()) }
    }
}
