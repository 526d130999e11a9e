//! The effect of a plan with `-refresh-only`: the state takes over what the world changed. AWS is only read.

use crate::apply::runner::kept;
use crate::diag::Diagnostic;
use crate::objects::{Instance, OutputValue, Slot};
use crate::plan::Plan;
use crate::resources::resource;
use crate::state::{Record, Recorded, Run};

/// Records what the plan found.
pub async fn record(plan: &Plan, run: &Run) -> Result<(), Diagnostic> {
    for drift in &plan.drift {
        let slot = Slot::current(drift.address.clone());
        let stored = run.with_state(|state| state.get(&slot).cloned());
        let (Some(stored), Some(schema)) = (stored, resource(&drift.address.resource.type_name)) else { continue };
        let attrs = drift.live.as_ref().map(|live| kept(run, &slot, schema, live));
        let instance = attrs.map(|attrs| Instance { attrs, ..stored });
        run.append(Record::Recorded(Box::new(Recorded { slot, instance }))).await?;
    }
    let before = run.with_state(|state| state.outputs.clone());
    let after = plan.outputs.iter().filter_map(|output| {
        let value = output.after.clone().filter(|value| value.is_wholly_known()).map(|value| OutputValue { value });
        let value = value.or_else(|| before.get(&output.name).cloned().filter(|_| output.after.is_some()));
        Some((output.name.clone(), value?))
    });
    let after = after.collect();
    if before != after {
        run.append(Record::Outputs(after)).await?;
    }
    Ok(())
}
