//! Ephemeral values: those that are never stored. What holds one is seen from what expressions refer to.

use super::{Module, ModuleNode, Resource};
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::expr::{Block, Body, Expr};
use crate::lang::refs::{self, Reference, Step, Subject};
use crate::schema::Attribute;
use crate::value::Name;
use indexmap::IndexMap;
use std::collections::HashSet;
use std::sync::Arc;

/// What the types of `ephemeral` blocks have before their name.
pub const EPHEMERAL: &str = refs::EPHEMERAL;

/// Whether a reference in a module is to an ephemeral value.
pub fn is_ephemeral(node: &ModuleNode, reference: &Reference) -> bool {
    Names { module: &node.module, children: &node.children }.reference(reference, &mut HashSet::new())
}

/// An `ephemeral` block as a `data` block: its type has a prefix.
pub(super) fn as_data(block: &Block) -> Block {
    let mut data = block.clone();
    if let Some((type_name, _)) = data.labels.first_mut() {
        *type_name = format!("{EPHEMERAL}{type_name}").into();
    }
    data
}

struct Names<'a> {
    module: &'a Module,
    children: &'a IndexMap<Name, Arc<ModuleNode>>,
}

impl Names<'_> {
    fn reference(&self, reference: &Reference, seen: &mut HashSet<Name>) -> bool {
        match &reference.subject {
            Subject::Variable(name) => self.module.variables.get(name).is_some_and(|v| v.ephemeral),
            Subject::Local(name) => {
                let local = self.module.locals.get(name).filter(|_| seen.insert(name.clone()));
                local.is_some_and(|local| self.expr(&local.expr, seen))
            }
            Subject::Module(name) => {
                let Some(child) = self.children.get(name) else { return false };
                let outputs = &child.module.outputs;
                match reference.steps.iter().find_map(Step::attribute) {
                    Some(output) => outputs.get(output).is_some_and(|o| o.ephemeral),
                    None => outputs.values().any(|o| o.ephemeral),
                }
            }
            Subject::Resource { type_name, .. } => type_name.starts_with(EPHEMERAL),
            _ => false,
        }
    }

    fn expr(&self, expr: &Expr, seen: &mut HashSet<Name>) -> bool {
        expr.kept_references().iter().any(|reference| self.reference(reference, seen))
    }

    /// Whether an expression holds an ephemeral value.
    fn holds(&self, expr: &Expr) -> bool {
        self.expr(expr, &mut HashSet::new())
    }
}

/// What would store an ephemeral value, outside of resources.
pub(super) fn check(node: &ModuleNode, root: bool) -> Diagnostics {
    let names = Names { module: &node.module, children: &node.children };
    let mut found = Diagnostics::new();
    for output in node.module.outputs.values() {
        if root && output.ephemeral {
            found.push(
                Diagnostic::error("Ephemeral output of the root module").code("ephemeral-value")
                    .detail("The outputs of the root module are stored. Only a module that is called can have ephemeral ones.")
                    .at(output.span.clone()),
            );
        } else if !output.ephemeral && names.holds(&output.expr) {
            let d = stored("An output that is not ephemeral", &output.expr);
            found.push(if root { d } else { d.hint("Add ephemeral = true to the output.") });
        }
    }
    for call in node.module.calls.values() {
        let Some(child) = node.children.get(&call.name) else { continue };
        for (name, (_, expr)) in &call.arguments {
            if child.module.variables.get(name).is_some_and(|v| !v.ephemeral) && names.holds(expr) {
                let d = stored(&format!("The variable {name:?} of the module"), expr);
                found.push(d.hint("Add ephemeral = true to the variable."));
            }
        }
        let repeats = call.count.iter().chain(&call.for_each).chain(&call.enabled);
        found.extend(repeats.filter(|e| names.holds(e)).map(|e| stored("The number of instances", e)));
    }
    found
}

/// What of a resource would store an ephemeral value: all but the arguments that are only written.
pub(super) fn check_resource(node: &ModuleNode, block: &Resource, rows: &[Attribute]) -> Diagnostics {
    let names = Names { module: &node.module, children: &node.children };
    let mut found = Diagnostics::new();
    let repeats = block.count.iter().chain(&block.for_each).chain(&block.lifecycle.enabled);
    found.extend(repeats.filter(|e| names.holds(e)).map(|e| stored("The number of instances", e)));
    // What an ephemeral block is given is stored no more than what it gives.
    if !block.type_name.starts_with(EPHEMERAL) {
        body(&names, &block.body, rows, &mut found);
    }
    found
}

fn body(names: &Names<'_>, content: &Body, rows: &[Attribute], found: &mut Diagnostics) {
    let row = |name: &str| rows.iter().find(|row| row.name == name);
    for argument in content.attributes() {
        let written = row(&argument.name).is_some_and(|row| row.write_only);
        if !written && names.holds(&argument.expr) {
            let d = stored(&format!("The argument {:?}", &*argument.name), &argument.expr);
            let only = format!("{}_wo", argument.name);
            found.push(match row(&only) {
                Some(_) => d.hint(format!("The argument {only:?} takes it: its value is only written.")),
                None => d,
            });
        }
    }
    for block in content.blocks() {
        let made = super::walk::Dynamic::of(&block);
        let name = made.as_ref().map_or(&block.ident, |made| &made.name);
        let inner = row(name).and_then(|row| row.block.as_ref()).map_or(&[][..], |b| b.attributes.as_slice());
        match made {
            Some(made) => {
                let for_each = made.for_each.iter().filter(|e| names.holds(e));
                found.extend(for_each.map(|e| stored("The number of blocks", e)));
                made.content.iter().for_each(|content| body(names, content, inner, found));
            }
            None => body(names, &block.body, inner, found),
        }
    }
}

fn stored(what: &str, expr: &Expr) -> Diagnostic {
    Diagnostic::error("Ephemeral value would be stored")
        .code("ephemeral-value")
        .detail(format!("{what} is stored, and the value is ephemeral."))
        .at(expr.span())
}
