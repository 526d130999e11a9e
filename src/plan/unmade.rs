//! Blocks that have no instance, or may have none: they are not evaluated. A type that is not served here is an
//! error only where an instance would have to be made.

use super::planner::{Planner, resource_address};
use crate::diag::{Diagnostic, Span};
use crate::evaluation::Expansion;
use crate::lang::config::{Resource, ResourceKey, check_rules_static, check_static, without_dropped};
use crate::value::address::{Mode, ModulePath};
use std::collections::BTreeMap;

/// The types that are not served and have no instance, each with a block of it.
pub(super) type Unserved = BTreeMap<(Mode, String), Span>;

impl Planner<'_, '_> {
    /// Whether nothing of a block is to be planned; what shows without evaluating it is checked then.
    pub(super) fn is_unmade(
        &mut self,
        path: &ModulePath,
        key: &ResourceKey,
        block: &Resource,
        expansion: &Expansion,
    ) -> bool {
        let unknown = *expansion == Expansion::Unknown;
        let none = expansion.instances() == 0;
        let schema = match key.0 {
            Mode::Managed => self.input.schemas.resource(&key.1),
            Mode::Data => self.input.schemas.data(&key.1),
        };
        let Some(schema) = schema else {
            let unmade = unknown || none || !self.scopes.is_certain(path);
            if unmade {
                self.unserved.entry((key.0, key.1.to_string())).or_insert_with(|| block.type_span.clone());
            }
            return unmade;
        };
        if self.input.options.validate && (unknown || none) {
            let (body, _) = without_dropped(&block.body, schema, None);
            let mut found = check_static(&body, &schema.attributes, &block.span);
            found.extend(check_rules_static(schema, &body, &block.span));
            let about = resource_address(path, key);
            self.problems.extend(found.into_iter().map(|d| d.about(&about)));
        }
        unknown || none
    }
}

/// That some types are not served, which nothing needs.
pub(super) fn warning(unserved: &Unserved) -> Option<Diagnostic> {
    let (_, place) = unserved.first_key_value()?;
    let name = |(mode, name): &(Mode, String)| match mode {
        Mode::Managed => name.clone(),
        Mode::Data => format!("data.{name}"),
    };
    let names: Vec<String> = unserved.keys().map(name).collect();
    let d = Diagnostic::warning("Types that are not served")
        .code("type-not-served")
        .detail(format!("Blocks of these types have no instance now, and can have none: {}.", names.join(", ")));
    Some(d.at(place.clone()))
}
