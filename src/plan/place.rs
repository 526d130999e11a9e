//! Where in the layout a person changes what a change of the plan is about.

use super::change::Change;
use super::resolve;
use super::rolling::conflict;
use super::services::Service;
use crate::diag::{Diagnostic, Span};
use crate::evaluation::Evaluator;
use crate::lang::config::ModuleNode;
use crate::lang::expr::Expr;
use crate::lang::refs::Subject;
use crate::plan::service_impact::InterruptionReason;
use crate::schema::Schema;
use crate::value::address::{Address, ModulePath};

/// File and line, as a person would type them.
pub fn words(span: &Span) -> String {
    format!("{}:{}", span.file.path, span.line_column().0)
}

/// The block of an address, if the layout has it; of its inner blocks of a name the only one, if one is asked for.
pub fn of_block(root: &ModuleNode, address: &Address, inner: Option<&str>) -> Option<Span> {
    let resource = &address.resource;
    let node = resource.module.0.iter().try_fold(root, |node, (call, _)| Some(&**node.children.get(call)?))?;
    let key = (resource.mode, resource.type_name.clone(), resource.name.clone());
    let block = node.module.resources.get(&key)?;
    let mut all = inner.into_iter().flat_map(|name| block.body.blocks_of(name));
    let only = all.next().filter(|_| all.next().is_none());
    Some(only.map_or_else(|| block.span.clone(), |block| block.span))
}

/// The first of the arguments or blocks that the layout gives, else the block; nothing where the layout has no such
/// block any more.
pub fn of_change(scopes: &Evaluator<'_>, change: &Change, names: &[&str]) -> Option<Span> {
    let (block, _) = resolve::place(scopes, change)?;
    let given = |name: &&str| {
        let argument =
            block.body.attribute(name).map(|given| traced(scopes, &change.address.resource.module, &given.expr));
        argument.or_else(|| block.body.blocks_of(name).next().map(|block| block.span))
    };
    Some(names.iter().find_map(given).unwrap_or(block.span))
}

/// Where a value is said: what only passes a variable on is followed to the call of the module.
pub fn traced(scopes: &Evaluator<'_>, path: &ModulePath, expr: &Expr) -> Span {
    let here = expr.span();
    let references = expr.references();
    let [only] = references.as_slice() else { return here };
    let Subject::Variable(name) = &only.subject else { return here };
    let passes = here.text().trim() == format!("var.{name}");
    let Some(module) = scopes.module(path).filter(|_| passes) else { return here };
    let outer = path.0.iter().take(path.0.len().saturating_sub(1)).cloned().collect::<Vec<_>>();
    let outer = ModulePath(outer.into());
    let call = path.0.last().and_then(|(call, _)| scopes.module(&outer)?.node.module.calls.get(call));
    match call.and_then(|call| call.arguments.get(name)) {
        Some((_, given)) => traced(scopes, &outer, given),
        None => module.node.module.variables.get(name).map_or(here, |variable| variable.span.clone()),
    }
}

/// The attributes of a change that must be different, where AWS takes them only once or they force a new object.
pub fn at_fault<'c>(change: &'c Change, schema: Option<&Schema>) -> Vec<&'c str> {
    let clash = schema.and_then(|schema| conflict::of(schema, change)).map(|c| c.attributes).unwrap_or_default();
    // What can be named otherwise comes before what only says where it is.
    let can = |name: &&str| schema.is_some_and(|s| s.attribute(&format!("{name}_prefix")).is_some());
    let (named, others): (Vec<&str>, Vec<&str>) = clash.into_iter().rev().partition(can);
    named.into_iter().chain(others).chain(forcing(change)).collect()
}

fn forcing(change: &Change) -> impl Iterator<Item = &str> {
    change.attributes.iter().filter(|a| a.forces_replacement).map(|a| a.name.as_str())
}

/// Where the layout says what a lost service comes from: how many may be missing, what changes, or what holds it; at
/// the least the demand that the plan does not meet.
pub fn of_loss(
    scopes: &Evaluator<'_>,
    changes: &[Change],
    at: &Change,
    reason: &InterruptionReason,
    service: Option<&Service>,
    schema: Option<&Schema>,
) -> Option<Span> {
    let changed = || at.attributes.iter().map(|a| a.name.as_str());
    let names: Vec<&str> = match reason {
        InterruptionReason::UnderLimit { .. } | InterruptionReason::Zones(_) => {
            let rolling = rolling(scopes, at);
            return rolling.or_else(|| of_change(scopes, at, &[])).or_else(|| demand(scopes));
        }
        InterruptionReason::Interrupted { attribute, .. } => vec![attribute.as_str()],
        InterruptionReason::LastMember => {
            let group = schema.and_then(|s| s.role?.member_group());
            at_fault(at, schema).into_iter().chain(group.map(|group| group.refresh)).collect()
        }
        InterruptionReason::Front(_) | InterruptionReason::Egress => at_fault(at, schema),
        InterruptionReason::Emptied
        | InterruptionReason::Data
        | InterruptionReason::FlowLost { .. }
        | InterruptionReason::FlowEnds { .. }
        | InterruptionReason::FlowOpens { .. } => forcing(at).chain(changed()).collect(),
    };
    let still = |i: &usize| of_change(scopes, &changes[*i], &[]);
    let of_service = || {
        let service = service?;
        [service.about].iter().chain(&service.front).find_map(still)
    };
    let of_object = || of_change(scopes, at, &names);
    // Where the way out goes and not what it leads to, its table is what can be given another.
    let found = match reason {
        InterruptionReason::Egress if !at.action.is_replace() => of_service().or_else(of_object),
        _ => of_object().or_else(of_service),
    };
    found.or_else(|| demand(scopes))
}

/// Where the layout says how many of the members of a block may be missing.
fn rolling(scopes: &Evaluator<'_>, change: &Change) -> Option<Span> {
    let (block, _) = resolve::place(scopes, change)?;
    let rolling = block.lifecycle.rolling.as_ref()?;
    let path = &change.address.resource.module;
    Some(rolling.max_unavailable.as_ref().map_or_else(|| rolling.span.clone(), |given| traced(scopes, path, given)))
}

/// Where the layout demands that nothing is interrupted.
fn demand(scopes: &Evaluator<'_>) -> Option<Span> {
    scopes.module(&ModulePath::default())?.node.module.layout.as_ref().map(|layout| layout.span.clone())
}

/// A problem with the place of the object that it is about, if it has none.
pub fn located(problem: Diagnostic, changes: &[Change], find: &dyn Fn(&Change) -> Option<Span>) -> Diagnostic {
    let Some(address) = problem.address.as_ref().filter(|_| problem.span.is_none()) else { return problem };
    let of = changes.iter().find(|c| c.deposed.is_none() && c.address.to_string() == *address);
    match of.and_then(find) {
        Some(span) => problem.at(span),
        None => problem,
    }
}
