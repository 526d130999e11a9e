//! `variable` blocks.

use super::literal::literal;
use super::reader::{self, Shape};
use super::type_expr::{self, in_path};
use super::{Condition, check};
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::constraint::Constraint;
use crate::lang::expr::{Block, Expr};
use crate::value::{Name, Type, Value};

/// A `variable` block.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// The type of its values; `any` when the block does not say.
    pub constraint: Constraint,
    /// Whether the block says so with `type`.
    pub typed: bool,
    /// The value when none is given, of the right type; `None` makes the variable required.
    pub default: Option<Value>,
    /// Its purpose, in the layout's words.
    pub description: Option<String>,
    /// `validation` blocks.
    pub validations: Vec<Condition>,
    /// What to use instead, if it is deprecated.
    pub deprecated: Option<String>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether null is a value; if not, null means the default.
    pub nullable: bool,
    /// Whether its value is never stored.
    pub ephemeral: bool,
    /// Whether it has its value before modules are fetched.
    pub constant: bool,
    /// Where the block's header is.
    pub span: Span,
}

const SHAPE: Shape = Shape {
    what: "variable",
    attributes: &["type", "default", "description", "sensitive", "nullable", "ephemeral", "deprecated", "const"],
    blocks: &["validation"],
};

/// Names that mean something else in a `module` block.
const RESERVED: [&str; 8] =
    ["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"];

/// A `variable` block.
pub(super) fn read(block: &Block, diags: &mut Diagnostics) -> Option<Variable> {
    if !reader::labels(block, &["name"], diags) {
        return None;
    }
    let (name, name_span) = block.labels.first()?;
    reader::identifier(name, name_span, diags);
    if RESERVED.contains(&&**name) {
        diags.push(
            Diagnostic::error("Reserved variable name")
                .code("invalid-name")
                .detail(format!(
                    "In a \"module\" block {:?} has a meaning of its own. No variable can have that name.",
                    &**name
                ))
                .at(name_span.clone()),
        );
    }
    let body = &block.body;
    SHAPE.check(body, diags);
    let constraint = reader::expr(body, "type").map_or(Some(Constraint::Any), |e| type_expr::of_variable(&e, diags));
    let nullable = reader::literal_bool(body, "nullable", diags).unwrap_or(true);
    // A variable whose type is wrong still exists, so that references to it are not reported too.
    let usable = constraint.clone().unwrap_or(Constraint::Any);
    let default = reader::expr(body, "default").and_then(|e| default(&e, &usable, nullable, diags));
    let validations = check::conditions(body, "validation", diags);
    for validation in &validations {
        refers_to_itself(name, &validation.condition, diags);
    }
    let flag = |name: &str, diags: &mut Diagnostics| reader::literal_bool(body, name, diags).unwrap_or(false);
    let (ephemeral, sensitive) = (flag("ephemeral", diags), flag("sensitive", diags));
    let constant = flag("const", diags);
    if constant && ephemeral {
        diags.push(
            Diagnostic::error("Ephemeral constant")
                .code("ephemeral-value")
                .detail("The value of a constant variable is part of what is recorded. It cannot be ephemeral.")
                .at(block.span.clone()),
        );
    }
    if constant && sensitive {
        diags.push(
            Diagnostic::error("Sensitive constant")
                .code("conflicting-arguments")
                .detail("The value of a constant variable shows in the sources of modules. It cannot be sensitive.")
                .at(block.span.clone()),
        );
    }
    Some(Variable {
        name: name.clone(),
        constraint: usable,
        typed: reader::argument(body, "type").is_some(),
        default,
        description: reader::literal_string(body, "description", diags).map(|(text, _)| text),
        deprecated: reader::literal_string(body, "deprecated", diags).map(|(text, _)| text),
        validations,
        sensitive,
        nullable,
        ephemeral,
        constant,
        span: block.span.clone(),
    })
}

fn default(expr: &Expr, constraint: &Constraint, nullable: bool, diags: &mut Diagnostics) -> Option<Value> {
    let value = literal(expr, "default", &Type::Dynamic, diags)?;
    if value.is_null() && !nullable {
        diags.push(
            Diagnostic::error("Default of null")
                .code("invalid-default")
                .detail("The variable is not nullable: its default cannot be null.")
                .at(expr.span())
                .hint("Leave out the default to make the variable required."),
        );
        return None;
    }
    match constraint.apply(&value) {
        Ok(value) => Some(value),
        Err(e) => {
            diags.push(
                Diagnostic::error("Default of the wrong type")
                    .code("invalid-default")
                    .detail(format!("The default does not fit the variable's type: {}{}.", in_path(&e.path), e.message))
                    .at(expr.span()),
            );
            // Present all the same, or callers of the module would be asked for a value.
            Some(Value::unknown(constraint.ty()))
        }
    }
}

fn refers_to_itself(name: &Name, condition: &Expr, diags: &mut Diagnostics) {
    use crate::lang::refs::Subject;
    let own = |r: &crate::lang::refs::Reference| matches!(&r.subject, Subject::Variable(v) if v == name);
    let references = condition.references();
    if !references.is_empty() && !references.iter().any(own) {
        diags.push(
            Diagnostic::error("Validation of something else")
                .code("invalid-condition")
                .detail(format!("The condition does not refer to var.{name} and cannot validate it."))
                .at(condition.span()),
        );
    }
}
