//! Taking the new members of a failed wave out again, where the layout says `on_failure = "rollback"`. The
//! old ones, which were never touched, are then what the layout has, as before the wave.

use super::engine::{Engine, Report};
use super::event::Event;
use super::settle::Settler;
use crate::apply::resource_step::Failure;
use crate::objects::Slot;
use crate::plan::service_impact::{OnFailure, Wave};
use crate::plan::{Action, Op, StepId};
use crate::state::{Record, Recorded, deposed_key};
use std::collections::BTreeSet;
use std::time::Instant;

impl Engine<'_> {
    /// Undoes what the failed waves of this run made, the last first.
    pub(super) async fn roll_back(&self, report: &mut Report, settler: &Settler) {
        let unhealthy: BTreeSet<String> =
            report.failed.iter().filter(|(_, op, _)| *op == Op::Wait).map(|(a, ..)| a.to_string()).collect();
        let failed = |w: &&Wave| w.on_failure == OnFailure::Rollback && w.members.iter().any(|m| unhealthy.contains(m));
        for wave in self.plan.promise.waves.iter().filter(failed) {
            for &part in wave.parts.iter().rev() {
                let address = &self.plan.changes[part].address;
                let created = |(_, s): &(StepId, &crate::plan::Step)| s.change == part && s.op == Op::Create;
                let Some((step, _)) = self.plan.steps.iter().enumerate().find(created) else { continue };
                if !report.done.contains(&(address.clone(), Op::Create)) {
                    continue;
                }
                let began = Instant::now();
                self.events.event(Event::Started { address, op: Op::Delete });
                match self.take_out(part, step, settler).await {
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
    }

    /// Deletes the new object of a change and makes the old one current again.
    async fn take_out(&self, part: usize, created: StepId, settler: &Settler) -> Result<(), Failure> {
        let change = &self.plan.changes[part];
        let current = Slot::current(change.address.clone());
        let Some(new) = self.run.with_state(|s| s.get(&current).cloned()) else { return Ok(()) };
        let limit = self.limit(change, Op::Delete);
        let act =
            self.actor(change, current.clone(), format!("undo-{}", self.op_name(created)), settler.clone(), limit)?;
        act.delete(&new.id, &new.attrs).await?;
        if change.action != Action::CreateThenDelete {
            return Ok(());
        }
        let deposed = Slot::deposed(change.address.clone(), deposed_key(&self.op_name(created)));
        let old = self.run.with_state(|s| s.get(&deposed).cloned());
        for (slot, instance) in [(current, old), (deposed, None)] {
            let record = Record::Recorded(Box::new(Recorded { slot, instance }));
            self.run.append(record).await.map_err(|d| Box::new(d.about(&change.address)))?;
        }
        Ok(())
    }
}
