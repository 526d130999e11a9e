//! Conditions that the layout states: validations of variables, pre- and postconditions, checks.
//!
//! A condition that is not known yet is decided during apply.

use super::planner::Planner;
use crate::diag::Diagnostics;
use crate::evaluation::{Evaluator, Locality};
use crate::lang::config::{Checked, Condition, ConditionKind, check_conditions};
use crate::value::address::{Address, ModulePath};
use crate::value::{Name, Type, Value};

/// Where conditions stand: the module instance, what only that place knows, and what it is about.
pub(super) struct Place<'x> {
    pub path: &'x ModulePath,
    pub local: &'x Locality,
    pub about: Option<&'x Address>,
}

/// The codes of what pre- and postconditions say.
pub const STATED: [&str; 2] = ["precondition", "postcondition"];

/// Evaluates conditions; failed ones are findings of the plan. They are warnings where the plan changes nothing: a false one
/// says nothing against a look at the world.
pub(super) fn all(p: &mut Planner<'_, '_>, place: &Place<'_>, conditions: &[Condition], kind: ConditionKind) {
    let found = evaluate(&p.scopes, place.path, place.local, conditions, kind);
    let looks = p.input.options.look_only || p.input.options.refresh_only;
    p.problems.extend(found.into_iter().map(|d| {
        let d = if looks && STATED.contains(&&*d.code) { d.as_warning() } else { d };
        match place.about {
            Some(address) => d.about(address),
            None => d,
        }
    }));
}

/// The errors of `conditions`; one that is not known yet gives none.
pub fn evaluate(
    scopes: &Evaluator<'_>,
    path: &ModulePath,
    local: &Locality,
    conditions: &[Condition],
    kind: ConditionKind,
) -> Diagnostics {
    match scopes.at(path, local) {
        Some(scope) => check_conditions(conditions, kind, &scope).diagnostics,
        None => Diagnostics::new(),
    }
}

/// The validations of a variable.
pub(super) fn variable(p: &mut Planner<'_, '_>, path: &ModulePath, name: &Name) {
    let Some(module) = p.scopes.module(path) else { return };
    let Some(variable) = module.node.module.variables.get(name) else { return };
    let found = evaluate(&p.scopes, path, &Locality::default(), &variable.validations, ConditionKind::Validation);
    p.problems.extend(found.into_iter().map(|d| d.about(format!("var.{name}"))));
}

/// The results of the assertions of a `check` block; those that fail are warnings. `data` is what its own data
/// source said.
pub fn check(scopes: &Evaluator<'_>, path: &ModulePath, name: &Name, data: Option<Value>) -> Checked {
    let Some(module) = scopes.module(path) else { return Checked::default() };
    let Some(check) = module.node.module.checks.get(name) else { return Checked::default() };
    let answer = data.unwrap_or_else(|| Value::unknown(Type::Dynamic));
    let data = check.data.as_ref().map(|d| (d.type_name.clone(), d.name.clone(), answer));
    let local = Locality { data, ..Locality::default() };
    let Some(scope) = scopes.at(path, &local) else { return Checked::default() };
    let Checked { diagnostics, results } = check_conditions(&check.asserts, ConditionKind::Assertion, &scope);
    let place = path.0.is_empty().then(String::new).unwrap_or_else(|| format!("{path}."));
    let diagnostics = diagnostics.into_iter().map(|d| d.about(format!("{place}check.{name}"))).collect();
    Checked { diagnostics, results }
}
