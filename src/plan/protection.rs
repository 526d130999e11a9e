//! The objects that their blocks protect: from any destruction, or from all but being forgotten.

use super::change::{Action, Cause, Change};
use super::planner::Planner;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evaluation::Locality;
use crate::lang::config::{ModuleNode, Resource};
use crate::lang::expr::Expr;
use crate::value::Type;
use crate::value::address::{Address, ModulePath};
use crate::value::convert::convert;

/// The block of an address, if the layout has it.
pub(super) fn block_of<'a>(root: &'a ModuleNode, address: &Address) -> Option<&'a Resource> {
    let r = &address.resource;
    let node = r.module.0.iter().try_fold(root, |node, (name, _)| node.children.get(name).map(|child| &**child))?;
    node.module.resources.get(&(r.mode, r.type_name.clone(), r.name.clone()))
}

/// The changes that a block forbids.
pub(super) fn check(p: &mut Planner<'_, '_>) -> Diagnostics {
    let root = p.input.root;
    let mut found = Diagnostics::new();
    let going = |c: &&Change| c.deposed.is_none() && (c.action == Action::Delete || c.action.is_replace());
    let going: Vec<Change> = p.changes.values().filter(going).cloned().collect();
    for change in going {
        let Some(block) = block_of(root, &change.address) else { continue };
        if !block.lifecycle.destroy && change.action.is_replace() {
            found.push(kept(block, &change));
        }
        let Some(expr) = &block.lifecycle.prevent_destroy else { continue };
        let protects = prevents(p, &change.address.resource.module, expr);
        if found.take(protects).unwrap_or(false) {
            found.push(protected(block, &change));
        }
    }
    found
}

/// Whether `prevent_destroy` says so.
fn prevents(p: &mut Planner<'_, '_>, path: &ModulePath, expr: &Expr) -> Result<bool, Diagnostics> {
    p.scopes.place_module(path);
    let invalid = |detail: String| {
        Diagnostic::error("Invalid prevent_destroy").code("invalid-lifecycle").detail(detail).at(expr.span())
    };
    let value = p.scopes.eval(path, expr, &Locality::default())?;
    let value =
        convert(&value, &Type::Bool).map_err(|e| invalid(format!("True or false is required: {}.", e.message)))?;
    if value.is_unknown() {
        return Err(invalid("The value is known only after apply.".into()).into());
    }
    Ok(value.as_bool().unwrap_or(false))
}

fn forced_by(change: &Change) -> String {
    let forced: Vec<&str> =
        change.attributes.iter().filter(|a| a.forces_replacement).map(|a| a.name.as_str()).collect();
    match forced.is_empty() {
        true => String::new(),
        false => format!(" because {} cannot change in place", forced.join(", ")),
    }
}

fn protected(block: &Resource, change: &Change) -> Diagnostic {
    let doing = if change.action == Action::Delete { "delete" } else { "replace" };
    let by = forced_by(change);
    let world = change.attributes.iter().any(|a| a.forces_replacement && a.cause != Cause::Layout);
    let d = Diagnostic::error("Object is protected from destruction")
        .code("protected")
        .detail(format!("The plan would {doing} it{by}, but its lifecycle says prevent_destroy."))
        .at(block.span.clone())
        .about(&change.address);
    if world {
        d.hint("It was changed outside the layout: change it back, or take it over into the layout.")
    } else {
        d.hint("Undo the change, or remove prevent_destroy if the object may be deleted.")
    }
}

fn kept(block: &Resource, change: &Change) -> Diagnostic {
    Diagnostic::error("Object cannot be replaced")
        .code("protected")
        .detail(format!("The plan would replace it{}, but its lifecycle says destroy = false.", forced_by(change)))
        .at(block.span.clone())
        .about(&change.address)
        .hint("Undo the change, or run floorplan state rm for the address: the next apply makes a new object then.")
}
