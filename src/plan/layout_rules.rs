//! Rules over several instances of a layout, such as subnets that overlap: the instances are
//! gathered here, the rules are in `rules::layout_checks`.

use super::planner::Planner;
use crate::diag::{Diagnostics, Span};
use crate::rules::layout_checks::{LayoutInstance, check as agree};
use crate::value::address::Address;

/// The errors between the instances that the layout has.
pub(super) fn check(p: &Planner<'_, '_>) -> Diagnostics {
    let kept = p.changes.values().filter(|c| c.deposed.is_none());
    let instances: Vec<LayoutInstance<'_>> = kept
        .filter_map(|change| {
            Some(LayoutInstance {
                address: change.address.to_string(),
                type_name: &change.address.resource.type_name,
                provider: &change.provider,
                config: p.configs.get(&change.address)?,
                attrs: change.after.as_ref()?,
                span: span(p, &change.address),
            })
        })
        .collect();
    agree(&instances)
}

fn span(p: &Planner<'_, '_>, address: &Address) -> Option<Span> {
    let r = &address.resource;
    let key = (r.mode, r.type_name.clone(), r.name.clone());
    let block = p.scopes.module(&r.module)?.node.module.resources.get(&key)?.span.clone();
    Some(block)
}
