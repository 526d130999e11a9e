//! Completes objects that the `import` command took over: the first apply records what they need and the settings
//! that AWS does not give back. It also seals what the layout only now calls sensitive.

use crate::apply::runner::kept;
use crate::diag::Diagnostic;
use crate::objects::{Instance, Slot, State};
use crate::plan::{Action, Change, Plan};
use crate::resources::resource;
use crate::schema::secrecy::marks_lacking;
use crate::state::{Record, Recorded, Run};

/// Whether the plan knows more of an object that it does not change than the state does.
pub fn is_incomplete(plan: &Plan, state: &State) -> bool {
    plan.changes.iter().any(|change| completed(change, state.resources.get(&change.address)).is_some())
}

/// Records what the plan knows more.
pub async fn complete(plan: &Plan, run: &Run) -> Result<(), Diagnostic> {
    for change in &plan.changes {
        let slot = Slot::current(change.address.clone());
        let stored = run.with_state(|state| state.get(&slot).cloned());
        let Some(mut instance) = completed(change, stored.as_ref()) else { continue };
        if let Some(schema) = resource(&change.address.resource.type_name) {
            instance.attrs = kept(run, &slot, schema, &instance.attrs);
        }
        run.append(Record::Recorded(Box::new(Recorded { slot, instance: Some(instance) }))).await?;
    }
    Ok(())
}

/// The object as it should be recorded, if it should be.
fn completed(change: &Change, stored: Option<&Instance>) -> Option<Instance> {
    let stored = stored.filter(|_| change.action == Action::NoOp && change.deposed.is_none())?;
    let known = change.before.as_ref()?;
    let rows = known.iter().any(|(name, _)| stored.attrs.get(name).is_none());
    let needs = stored.depends_on.is_empty() && !change.depends_on.is_empty();
    let mut attrs = if rows { known.clone() } else { stored.attrs.clone() };
    let mut hides = false;
    for marked in [Some(known), change.stored.as_ref()].into_iter().flatten() {
        if let Some(hidden) = marks_lacking(&attrs, marked) {
            (attrs, hides) = (hidden, true);
        }
    }
    (rows || needs || hides).then(|| Instance {
        attrs,
        depends_on: if needs { change.depends_on.clone() } else { stored.depends_on.clone() },
        ..stored.clone()
    })
}
