//! Drift of one layout: from a plan that has read AWS, and the calls that an earlier run left open, to findings. And whether
//! another run is at work, as far as that can be seen without taking its lock.

use super::{Layout, Planned};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::{self, LayoutDrift, Looked, Open, Outcome, Unmanaged};
use crate::plan::{Change, place};
use crate::resources::Types;
use crate::state::{Backend, Loaded, OpenIntent};

/// The look at a layout that could not be planned.
pub fn failed(layout: &Layout, problems: Diagnostics) -> LayoutDrift {
    with(layout, Outcome::Failed(problems))
}

/// The look at a layout at which another run is at work.
pub fn in_progress(layout: &Layout, who: String) -> LayoutDrift {
    with(layout, Outcome::Applying(who))
}

fn with(layout: &Layout, outcome: Outcome) -> LayoutDrift {
    let name = layout.name().unwrap_or_else(|_| layout.dir.to_string_lossy().into_owned());
    let file = layout.loaded.sources.first().map(|source| source.path.clone());
    LayoutDrift { file, ..LayoutDrift::new(name, layout.dir.to_string_lossy(), outcome) }
}

/// Who is at work on a layout now, in words.
pub fn at_work(backend: &Backend) -> Result<Option<String>, Diagnostic> {
    Ok(backend.run_at_work()?.map(|by| by.holder()))
}

/// Who came between reading the state and reading AWS, in words: a run that is at work now, or one that has been.
pub fn overtaken(backend: &Backend, before: &Loaded) -> Result<Option<String>, Diagnostic> {
    if let Some(who) = at_work(backend)? {
        return Ok(Some(who));
    }
    Ok((backend.read()? != *before).then(|| "a run that has ended meanwhile".to_owned()))
}

/// The findings of a layout from its plan. `open` are the calls that the plan was made with, `unmanaged` the objects beside
/// the layout, where somebody looked for them.
pub fn look(
    layout: &Layout,
    planned: &Planned<'_>,
    open: &[OpenIntent],
    unmanaged: Option<&[Unmanaged]>,
) -> LayoutDrift {
    let open: Vec<Open> = open.iter().map(|open| of_intent(open, planned)).collect();
    let block = |change: &Change| place::of_change(&planned.scopes, change, &[]);
    let looked = Looked { plan: &planned.plan, block: &block, schemas: &Types, open: &open, unmanaged };
    LayoutDrift {
        findings: drift::findings(looked),
        managed: drift::managed(&planned.plan),
        unmanaged: unmanaged.map(<[Unmanaged]>::len),
        ..with(layout, Outcome::Looked)
    }
}

fn of_intent(open: &OpenIntent, planned: &Planned<'_>) -> Open {
    let intent = &open.intent;
    let adopted = planned.recovered.adopted.iter().find(|(of, _)| of.op == intent.op);
    Open {
        address: intent.slot.address.clone(),
        region: intent.region.clone(),
        kind: intent.kind.word(),
        since: open.since.clone(),
        id: adopted.map(|(_, instance)| instance.id.clone()).or_else(|| intent.id.clone()),
    }
}
