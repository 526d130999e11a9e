//! Drift of one layout: from a plan that has read AWS, and the calls that an earlier run left open, to findings. And whether
//! another run is at work, as far as that can be seen without taking its lock.

use super::{Layout, Planned};
use crate::diag::{Diagnostic, Diagnostics};
use crate::drift::{self, Beside, Class, LayoutDrift, Looked, Open, Outcome, Written};
use crate::lang::config::Resource;
use crate::objects::State;
use crate::plan::{Change, conditions, resolve};
use crate::resources::Types;
use crate::state::{Backend, Loaded, OpenIntent};
use std::collections::BTreeSet;
use std::path::Path;

/// The look at a layout that could not be planned.
pub fn failed(layout: &Layout, problems: Diagnostics) -> LayoutDrift {
    with(layout, Outcome::Failed(problems))
}

/// The look at a layout at which another run is at work.
pub fn in_progress(layout: &Layout, who: String) -> LayoutDrift {
    with(layout, Outcome::Applying(who))
}

/// The look at a layout that could not be opened.
pub fn unopened(dir: &Path, problems: Diagnostics) -> LayoutDrift {
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned());
    let dir = dir.to_string_lossy();
    LayoutDrift::new(name.unwrap_or_else(|| dir.clone().into_owned()), dir, Outcome::Failed(problems))
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

/// The findings of a layout from its plan. `open` are the calls that the plan was made with, `beside` is the world beside
/// the layout, where somebody looked for it.
pub fn look(layout: &Layout, planned: &Planned<'_>, open: &[OpenIntent], beside: Option<Beside<'_>>) -> LayoutDrift {
    let open: Vec<Open> = open.iter().map(|open| of_intent(open, planned)).collect();
    let block = |change: &Change| resolve::place(&planned.scopes, change).map(|(block, _)| written(&block));
    let looked = Looked { plan: &planned.plan, block: &block, schemas: &Types, open: &open, beside };
    let findings = drift::findings(looked);
    let strays = findings.iter().filter(|f| f.class == Class::Unmanaged).map(|f| f.differences.len().max(1)).sum();
    LayoutDrift {
        findings,
        managed: drift::managed(&planned.plan),
        unmanaged: beside.map(|_| strays),
        warnings: planned.plan.mostly_gone().into_iter().chain(stated(planned)).collect(),
        ..with(layout, Outcome::Looked)
    }
}

/// The pre- and postconditions that are false.
fn stated(planned: &Planned<'_>) -> impl Iterator<Item = Diagnostic> {
    planned.plan.warnings.iter().filter(|d| conditions::STATED.contains(&&*d.code)).cloned()
}

fn written(block: &Resource) -> Written {
    let arguments = block.body.attributes().map(|argument| argument.name.to_string());
    let blocks = block.body.blocks().map(|nested| match nested.labels.first() {
        Some((label, _)) if &*nested.ident == "dynamic" => label.to_string(),
        _ => nested.ident.to_string(),
    });
    Written { at: block.span.clone(), gives: arguments.chain(blocks).collect() }
}

/// The rules, routes and the like that the objects of a state are. A fleet joins those of all its layouts.
pub fn held(state: &State) -> BTreeSet<String> {
    let objects = state.resources.iter().map(|(address, one)| (&*address.resource.type_name, &one.attrs));
    drift::held(objects, &Types)
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
