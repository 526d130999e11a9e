//! The provisioners that carrying out a plan runs.

use super::change::{Action, Change, Op, Reason};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::config::{ModuleNode, Provisioner, Resource, When};
use crate::value::address::Address;

/// The block of an address in the layout.
pub fn block<'r>(root: &'r ModuleNode, address: &Address) -> Option<&'r Resource> {
    let r = &address.resource;
    let mut node = root;
    for (name, _) in r.module.0.iter() {
        node = node.children.get(name)?;
    }
    node.module.resources.get(&(r.mode, r.type_name.clone(), r.name.clone()))
}

/// When the provisioners run that belong to what a step does to the object of a change.
pub fn due(change: &Change, op: Op) -> Option<When> {
    let outgoing = matches!(change.action, Action::Delete | Action::DeleteThenCreate);
    match op {
        Op::Create => Some(When::Create),
        Op::Update if change.reason == Some(Reason::Unfinished) => Some(When::Create),
        Op::Delete if outgoing && change.deposed.is_none() && change.reason != Some(Reason::Tainted) => {
            Some(When::Destroy)
        }
        _ => None,
    }
}

/// The provisioners that a change runs.
fn runs<'r>(change: &Change, root: &'r ModuleNode) -> Vec<&'r Provisioner> {
    let ops: &[Op] = match change.action {
        Action::Create => &[Op::Create],
        Action::Delete => &[Op::Delete],
        Action::DeleteThenCreate | Action::CreateThenDelete => &[Op::Delete, Op::Create],
        Action::Update => &[Op::Update],
        Action::NoOp | Action::Read | Action::Forget => &[],
    };
    let all = block(root, &change.address).map_or(&[][..], |block| &block.provisioners);
    let when: Vec<When> = ops.iter().filter_map(|&op| due(change, op)).collect();
    all.iter().filter(|p| when.contains(&p.when)).collect()
}

/// The work of the provisioners that the plan runs, as warnings; those that cannot be run as errors.
pub(super) fn shown<'c>(changes: impl Iterator<Item = &'c Change>, root: &ModuleNode) -> Diagnostics {
    let mut found = Diagnostics::new();
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for change in changes {
        for provisioner in runs(change, root) {
            if let Some((cause, hint)) = provisioner.unusable() {
                found.push(
                    Diagnostic::error(format!("A {} provisioner cannot be run", provisioner.kind))
                        .code("provisioners-forbidden")
                        .detail(cause)
                        .at(provisioner.span.clone())
                        .about(&change.address)
                        .hint(hint),
                );
                continue;
            }
            let when = if provisioner.when == When::Create { "created" } else { "deleted" };
            let line = format!("{} when it is {when}: {}", change.address, provisioner.shown());
            if provisioner.is_remote() { &mut there } else { &mut here }.push(line);
        }
    }
    let summaries = ["The plan runs commands on this machine", "The plan works on other machines over SSH"];
    for (summary, lines) in summaries.into_iter().zip([here, there]).filter(|(_, lines)| !lines.is_empty()) {
        let d = Diagnostic::warning(summary).code("provisioners-run").detail(lines.join("\n"));
        found.push(d.hint("To refuse such a plan, give --no-provisioners."));
    }
    found
}

/// That the plan runs provisioners where that is not wanted.
pub fn refused(changes: &[Change], root: &ModuleNode) -> Diagnostics {
    let found = changes.iter().flat_map(|change| {
        runs(change, root).into_iter().map(|provisioner| {
            Diagnostic::error("Provisioners are not allowed")
                .code("provisioners-forbidden")
                .detail(format!("The plan runs a {} provisioner.", provisioner.kind))
                .at(provisioner.span.clone())
                .about(&change.address)
                .hint("Leave out --no-provisioners, or remove the block.")
        })
    });
    found.collect()
}
