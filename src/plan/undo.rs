//! The steps that take the new members of a failed wave out again, where the layout says `on_failure = "rollback"`. The old members, which
//! were never touched, are then what the layout has, as before the wave.

use super::change::{Action, Change, Op, Step, StepId, Undo};
use super::service_impact::{OnFailure, Wave};

/// The steps that undo what the waves make, the last that is made first.
pub(super) fn steps(changes: &[Change], steps: &[Step], waves: &[Wave]) -> Vec<Undo> {
    let found = |which: &dyn Fn(&Step) -> bool| -> Vec<StepId> {
        steps.iter().enumerate().filter(|(_, step)| which(step)).map(|(id, _)| id).collect()
    };
    let mut all = Vec::new();
    for wave in waves.iter().filter(|wave| wave.on_failure == OnFailure::Rollback) {
        let member = |step: &Step| wave.members.contains(&changes[step.change].address.to_string());
        let when = found(&|step| step.op == Op::Wait && member(step));
        for &part in wave.parts.iter().rev() {
            let made = found(&|step| step.change == part && step.op == Op::Create);
            let restores = changes[part].action == Action::CreateThenDelete;
            all.extend(made.first().map(|&of| Undo { of, when: when.clone(), restores }));
        }
    }
    all
}
