//! Rules over several instances of a layout, such as subnets that overlap: the instances are
//! gathered here, the rules are in `rules::layout_checks`.

use super::change::Change;
use super::planner::Planner;
use crate::diag::{Diagnostics, Span};
use crate::evaluation::Evaluator;
use crate::rules::layout_checks::{LayoutInstance, check as agree};
use crate::schema::Attrs;
use crate::value::address::Address;
use std::collections::BTreeMap;

/// The errors between the instances that the layout has.
pub(super) fn check(p: &Planner<'_, '_>) -> Diagnostics {
    let kept = p.changes.values().filter(|c| c.deposed.is_none());
    agree(&instances(kept, &p.configs, &p.scopes))
}

/// The instances that the layout has, as checks over all of them take them.
pub(super) fn instances<'a>(
    changes: impl Iterator<Item = &'a Change>,
    configs: &'a BTreeMap<Address, Attrs>,
    scopes: &Evaluator<'_>,
) -> Vec<LayoutInstance<'a>> {
    let instance = |change: &'a Change| {
        Some(LayoutInstance {
            address: change.address.to_string(),
            type_name: &change.address.resource.type_name,
            provider: &change.provider,
            config: configs.get(&change.address)?,
            attrs: change.after.as_ref()?,
            span: span(scopes, &change.address),
        })
    };
    changes.filter_map(instance).collect()
}

fn span(scopes: &Evaluator<'_>, address: &Address) -> Option<Span> {
    let r = &address.resource;
    let key = (r.mode, r.type_name.clone(), r.name.clone());
    let block = scopes.module(&r.module)?.node.module.resources.get(&key)?.span.clone();
    Some(block)
}
