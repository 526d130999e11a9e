//! Expressions to values.
//!
//! Unknown values and sensitive marks pass through every operator as Terraform passes them.
//! Of a conditional only the branch taken can fail; of `&&` and `||` not the operand that the other leaves without a say.
//! Independent parts are all evaluated, and all their errors are reported at once.
//! Nothing here does I/O: names are answered by a [`Scope`].

mod access;
mod call;
mod collection;
mod conditional;
mod explain;
mod operator;
mod template;
#[cfg(test)]
mod tests;

pub use explain::explain;
pub use template::{no_templates, render_template, renderer};

use super::ast::{At, Node, NodeKind};
use super::budget::{Budget, Excess, count};
use super::expr::Expr;
use super::funcs;
use super::refs::{Reference, Subject};
use crate::diag::{Diagnostic, Diagnostics, SourceFile, Span};
use crate::value::convert::ConvertError;
use crate::value::format::{format_type, format_value};
use crate::value::{Name, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The names and functions that an expression can see.
pub trait Scope {
    /// The value of what `subject` names; `span` is where it is referred to.
    fn subject(&self, subject: &Subject, span: &Span) -> Result<Value, Diagnostic>;

    /// The world that functions need.
    fn functions(&self) -> &funcs::Context<'_>;

    /// Whether a reference is to a value that is never stored.
    fn is_ephemeral(&self, _: &Reference) -> bool {
        false
    }
}

/// The value of `expr` in `scope`.
pub fn eval(expr: &Expr, scope: &dyn Scope) -> Result<Value, Diagnostics> {
    eval_within(expr, scope, &Budget::default())
}

/// The value of `expr` in `scope`, unless it takes more than `budget`.
pub fn eval_within(expr: &Expr, scope: &dyn Scope, budget: &Budget) -> Result<Value, Diagnostics> {
    let names = Root::Scope(scope);
    Eval { file: &expr.file, root: &names, budget, quiet: false }.node(&expr.node, None)
}

/// The console's text for `expr`: its value, or the type of the value for `type(…)`.
pub fn console(expr: &Expr, scope: &dyn Scope) -> Result<String, Diagnostics> {
    if let Some(call) = expr.as_call()
        && &*call.name == "type"
        && let [arg] = call.args.as_slice()
    {
        return Ok(format_type(&eval(arg, scope)?.ty()));
    }
    Ok(format_value(&eval(expr, scope)?))
}

/// The values of names that no `for` binds.
enum Root<'a> {
    /// References to objects of the configuration.
    Scope(&'a dyn Scope),
    /// The variables of a template, by bare name.
    Variables { values: &'a BTreeMap<Name, Value>, functions: &'a funcs::Context<'a> },
}

type Evaluated = Result<Value, Diagnostics>;

/// A name bound by a `for`.
struct Bound<'a> {
    name: &'a Name,
    value: &'a Value,
    outer: Option<&'a Bound<'a>>,
}

fn lookup<'a>(mut bound: Option<&'a Bound<'a>>, name: &str) -> Option<&'a Value> {
    while let Some(b) = bound {
        if &**b.name == name {
            return Some(b.value);
        }
        bound = b.outer;
    }
    None
}

struct Eval<'a> {
    file: &'a Arc<SourceFile>,
    root: &'a Root<'a>,
    budget: &'a Budget,
    /// Whether nobody reads the errors, as inside `try` and `can`; they get no values then.
    quiet: bool,
}

impl Eval<'_> {
    fn span(&self, at: At) -> Span {
        Span::new(self.file, at.range())
    }

    fn error(&self, at: At, summary: impl Into<String>, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::error(summary).code("invalid-expression").detail(detail).at(self.span(at))
    }

    fn functions(&self) -> &funcs::Context<'_> {
        match self.root {
            Root::Scope(scope) => scope.functions(),
            Root::Variables { functions, .. } => functions,
        }
    }

    fn too_much(&self, at: At, excess: Excess) -> Diagnostics {
        self.error(at, "The expression makes too much", format!("Evaluated, {excess}."))
            .code("too-much")
            .hint(excess.cure())
            .into()
    }

    /// The error where the work that was allowed is done.
    fn spent(&self, at: At) -> Evaluated {
        self.step(1, at).map(|()| Value::any_null())
    }

    fn list(&self, items: &[Arc<Node>], at: At, bound: Option<&Bound<'_>>) -> Evaluated {
        let values = self.all(items.iter().map(|i| &**i), bound)?;
        self.made(Value::tuple(values), at)
    }

    /// A value whose outermost part was made at `at`, unless it is too much.
    fn made(&self, value: Value, at: At) -> Evaluated {
        self.budget.made(&value).map_err(|e| self.too_much(at, e))?;
        Ok(value)
    }

    /// Fails for a value that is too much in itself.
    fn fits(&self, value: &Value, at: At) -> Result<(), Diagnostics> {
        self.budget.fits(value.size()).map_err(|e| self.too_much(at, e))
    }

    /// Counts what a repetition made.
    fn make(&self, elements: u64, bytes: usize, at: At) -> Result<(), Diagnostics> {
        self.budget.make(elements, count(bytes)).map_err(|e| self.too_much(at, e))
    }

    /// Counts work.
    fn step(&self, steps: usize, at: At) -> Result<(), Diagnostics> {
        self.budget.step(count(steps)).map_err(|e| self.too_much(at, e))
    }

    /// Counts looking through all of a value.
    fn look(&self, value: &Value, at: At) -> Result<(), Diagnostics> {
        self.budget.look(value.size()).map_err(|e| self.too_much(at, e))
    }

    /// Whether a repetition continues after `errors`.
    fn goes_on(&self, errors: &Diagnostics) -> bool {
        !self.budget.is_spent() && (errors.is_empty() || self.budget.fail_again())
    }

    fn node(&self, node: &Node, bound: Option<&Bound<'_>>) -> Evaluated {
        if self.budget.step(1).is_err() {
            return self.spent(node.at);
        }
        self.node_of_kind(node, bound).map_err(|errors| self.explained(errors, node, bound))
    }

    fn node_of_kind(&self, node: &Node, bound: Option<&Bound<'_>>) -> Evaluated {
        match &node.kind {
            NodeKind::Literal(value) => Ok(value.clone()),
            NodeKind::Key(name) => Ok(Value::string(name)),
            NodeKind::Template(parts) => self.parts(parts, node.at, bound),
            NodeKind::Json(json) => self.node(&json.template, bound),
            NodeKind::Passthrough(inner) | NodeKind::Paren(inner) => self.node(inner, bound),
            NodeKind::Name(_) => self.traversal(node, &[], node.at, bound),
            NodeKind::Traversal { root, steps } => self.traversal(root, steps, node.at, bound),
            NodeKind::Unary { op, operand } => self.unary(*op, operand, node.at, bound),
            NodeKind::Binary { op, op_at, left, right } => self.binary(*op, *op_at, left, right, bound),
            NodeKind::Conditional { condition, yes, no } => self.conditional(condition, yes, no, node.at, bound),
            NodeKind::Call { name, name_at, args, expand } => self.call(name, *name_at, args, *expand, node.at, bound),
            NodeKind::List(items) => self.list(items, node.at, bound),
            NodeKind::Object(items) => self.object(items, node.at, bound),
            NodeKind::For(r#for) => self.for_expression(r#for, node.at, bound),
        }
    }

    /// The values of several independent nodes, or all their errors.
    fn all<'n>(
        &self,
        nodes: impl Iterator<Item = &'n Node>,
        bound: Option<&Bound<'_>>,
    ) -> Result<Vec<Value>, Diagnostics> {
        let mut errors = Diagnostics::new();
        let values = nodes.filter_map(|n| errors.take(self.node(n, bound))).collect();
        errors.into_result(values)
    }
}

/// A value's way and reason as words, such as `.port: a number is required`.
fn reason(e: &ConvertError) -> String {
    e.to_string()
}
