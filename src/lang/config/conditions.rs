//! Conditions evaluated: validations, preconditions, postconditions and assertions.

use super::Condition;
use crate::diag::{Diagnostic, Diagnostics};
use crate::lang::eval::{Scope, eval, explain};
use crate::value::convert::convert;
use crate::value::{Type, Value};

/// The purpose of a condition; decides what its failure is called and how grave it is.
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
            ConditionKind::Validation => Diagnostic::error("Invalid value for a variable").code("variable-validation"),
            ConditionKind::Precondition => Diagnostic::error("Precondition failed").code("precondition"),
            ConditionKind::Postcondition => Diagnostic::error("Postcondition failed").code("postcondition"),
            ConditionKind::Assertion => Diagnostic::warning("Check failed").code("check-failed"),
        }
    }
}

/// The results of conditions.
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
        let d = Diagnostic::error("Invalid condition")
            .code("invalid-condition")
            .detail(format!("A condition is true or false: {reason}."));
        as_grave(explain(d.at(expr.span()), expr, scope), kind)
    };
    if value.is_unknown() {
        return None;
    }
    if value.is_null() {
        diags.push(invalid("null is neither"));
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
        diags.push(explain(kind.failure().detail(message).at(expr.span()), expr, scope));
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
        return "The error message is not shown: it holds a sensitive value.".into();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::config::fixtures::{Variables, body, text};

    fn checked(condition: &str, message: &str, kind: ConditionKind) -> Checked {
        let (body, span) = body(&format!("condition = {condition}\nerror_message = {message}\n"));
        let expr = |name: &str| body.attribute(name).map(|a| a.expr).unwrap();
        let condition = Condition { condition: expr("condition"), error_message: expr("error_message"), span };
        let scope = Variables::of(&[
            ("size", 3.into()),
            ("secret", Value::from("s").mark(true)),
            ("unknown", Value::unknown(Type::Number)),
        ]);
        check_conditions(&[condition], kind, &scope)
    }

    #[test]
    fn a_condition_holds_fails_or_waits() {
        use ConditionKind::*;
        let held = checked("var.size > 2", "\"m\"", Validation);
        assert!(held.all_hold() && held.diagnostics.is_empty());
        let waits = checked("var.unknown > 2", "\"m\"", Precondition);
        assert!(!waits.all_hold() && waits.diagnostics.is_empty() && waits.results == [None]);
        let failed = checked("var.size > 5", "\"Size is ${var.size}.\"", Postcondition);
        assert_eq!(failed.results, [Some(false)]);
        insta::assert_snapshot!(text(&failed.diagnostics), @r"
        error: Postcondition failed
         --> main.tf:1:13
          |
        1 | condition = var.size > 5
          |             ^^^^^^^^^^^^
          |
          = var.size is 3
          Size is 3.
        ");
        let warned = checked("var.size > 5", "\"Too small.\"", Assertion);
        assert!(!warned.diagnostics.has_errors() && !warned.diagnostics.is_empty());
    }

    #[test]
    fn what_is_no_condition_is_an_error() {
        let said = |condition: &str| text(&checked(condition, "\"m\"", ConditionKind::Validation).diagnostics);
        insta::assert_snapshot!(said("var.size"), @r"
        error: Invalid condition
         --> main.tf:1:13
          |
        1 | condition = var.size
          |             ^^^^^^^^
          |
          = var.size is 3
          A condition is true or false: bool required.
        ");
        insta::assert_snapshot!(said("null"), @r#"
        error: Invalid condition
         --> main.tf:1:13
          |
        1 | condition = null
          |             ^^^^
          A condition is true or false: null is neither.
        "#);
        assert!(said("var.none").contains("There is no var.none"));
    }

    #[test]
    fn a_message_with_a_sensitive_value_is_not_shown() {
        let failed = checked("var.size > 5", "\"It is ${var.secret}\"", ConditionKind::Validation);
        let said: Vec<_> = failed.diagnostics.iter().map(|d| d.detail.as_str()).collect();
        assert_eq!(said, ["The error message is not shown: it holds a sensitive value."]);
    }
}
