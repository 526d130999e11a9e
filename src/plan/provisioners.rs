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

/// The commands that the plan runs, as a warning; those that are not served as errors.
pub(super) fn shown<'c>(changes: impl Iterator<Item = &'c Change>, root: &ModuleNode) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut lines = Vec::new();
    for change in changes {
        for provisioner in runs(change, root) {
            if &*provisioner.kind == "local-exec" {
                let when = if provisioner.when == When::Create { "created" } else { "deleted" };
                lines.push(format!("{} when it is {when}: {}", change.address, provisioner.shown()));
                continue;
            }
            found.push(
                Diagnostic::error(format!("A {} provisioner cannot be run", provisioner.kind))
                    .code("provisioners-forbidden")
                    .detail("The plan would run it, but Floorplan opens no connections to machines.")
                    .at(provisioner.span.clone())
                    .about(&change.address)
                    .hint("Set the machine up through user_data or its image, or use local-exec."),
            );
        }
    }
    if !lines.is_empty() {
        let d = Diagnostic::warning("The plan runs commands on this machine")
            .code("provisioners-run")
            .detail(lines.join("\n"));
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
