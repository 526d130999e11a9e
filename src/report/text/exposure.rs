//! The words for the traffic from outside that comes and goes with a plan.

use crate::plan::change::Plan;
use crate::plan::exposure::{ExposureChange, KeptOut};
use crate::report::marks::{Marks, first};

/// So many settings in the way are named.
const OBSTACLES: usize = 2;

/// A line each, new exposure to the Internet first; empty when nothing comes and nothing goes.
pub fn exposure(plan: &Plan, marks: Marks) -> Vec<String> {
    let changes = plan.exposure.changes.iter().map(|change| line(change, marks));
    changes.chain(exposure_kept_out(plan, marks)).collect()
}

/// Only what comes in.
pub fn exposure_opened(plan: &Plan, marks: Marks) -> Vec<String> {
    plan.exposure.opened().map(|change| line(change, marks)).collect()
}

/// What filters let in now and something else keeps out.
pub fn exposure_kept_out(plan: &Plan, marks: Marks) -> Vec<String> {
    plan.exposure.kept_out.iter().map(|one| closed(one, marks)).collect()
}

/// One line.
pub(super) fn line(change: &ExposureChange, marks: Marks) -> String {
    let flow = (marks.name)(&change.flow());
    match change.remark() {
        Some(remark) => format!("{flow} ({})", (marks.words)(&remark)),
        None => flow,
    }
}

fn closed(one: &KeptOut, marks: Marks) -> String {
    let obstacles = first(one.obstacles.iter().map(|why| (marks.words)(why)), OBSTACLES).join("; ");
    format!("no exposure: {} ({obstacles})", (marks.name)(&one.flow()))
}
