//! Conditions evaluated: validations, preconditions, postconditions and assertions.

use super::Condition;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::convert::convert;
use crate::lang::eval::{Scope, eval};
use crate::lang::{Type, Value};

/// What a condition is for; decides what its failure is called and how grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionKind {
    /// A variable's `validation`.
    Validation,
    /// A `precondition` of a resource, data source or output.
    Precondition,
    /// A `postcondition` of a resource or data source.
    Postcondition,
    /// An `assert` of a `check`: a failure only warns.
    Assertion,
}

impl ConditionKind {
    fn failure(self) -> Diagnostic {
        match self {
            ConditionKind::Validation => Diagnostic::error("Invalid value for a variable"),
            ConditionKind::Precondition => Diagnostic::error("Precondition failed"),
            ConditionKind::Postcondition => Diagnostic::error("Postcondition failed"),
            ConditionKind::Assertion => Diagnostic::warning("Check failed"),
        }
    }
}

/// What became of conditions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Checked {
    /// Failures, and conditions that could not be evaluated.
    pub diagnostics: Diagnostics,
    /// By position, what each condition is: true, false, or `None` while it is unknown (then it is
    /// checked again once more is known) or when it could not be evaluated.
    pub results: Vec<Option<bool>>,
}

impl Checked {
    /// Whether every condition is known to hold.
    pub fn all_hold(&self) -> bool {
        self.results.iter().all(|r| *r == Some(true))
    }
}

/// Evaluates conditions.
pub fn check_conditions(conditions: &[Condition], kind: ConditionKind, scope: &dyn Scope) -> Checked {
    let mut checked = Checked::default();
    for condition in conditions {
        let result = holds(condition, kind, scope, &mut checked.diagnostics);
        checked.results.push(result);
    }
    checked
}

fn holds(condition: &Condition, kind: ConditionKind, scope: &dyn Scope, diags: &mut Diagnostics) -> Option<bool> {
    let expr = &condition.condition;
    let value = match eval(expr, scope) {
        Ok(value) => value,
        Err(errors) => {
            diags.extend(errors.into_iter().map(|d| as_grave(d, kind)));
            return None;
        }
    };
    let invalid = |reason: &str| {
        let d = Diagnostic::error("Invalid condition").detail(format!("A condition is true or false, but {reason}."));
        as_grave(d.at(expr.span()), kind)
    };
    if value.is_unknown() {
        return None;
    }
    if value.is_null() {
        diags.push(invalid("this is null"));
        return None;
    }
    let result = match convert(&value, &Type::Bool) {
        Ok(value) => value.as_bool()?,
        Err(e) => {
            diags.push(invalid(&e.message));
            return None;
        }
    };
    if !result {
        let message = message(condition, scope, diags);
        diags.push(kind.failure().detail(message).at(expr.span()));
    }
    Some(result)
}

fn message(condition: &Condition, scope: &dyn Scope, diags: &mut Diagnostics) -> String {
    let value = match eval(&condition.error_message, scope) {
        Ok(value) => value,
        Err(errors) => {
            diags.extend(errors);
            return "The error message could not be evaluated either.".into();
        }
    };
    if value.has_sensitive() {
        return "The error message holds a sensitive value, so that it is not shown.".into();
    }
    match convert(&value, &Type::String).ok().as_ref().and_then(Value::as_str) {
        Some(text) => text.trim().to_owned(),
        None if !value.is_wholly_known() => "The error message is known only after apply.".into(),
        None => "The error message is not text.".into(),
    }
}

fn as_grave(d: Diagnostic, kind: ConditionKind) -> Diagnostic {
    Diagnostic { severity: kind.failure().severity, ..d }
}
