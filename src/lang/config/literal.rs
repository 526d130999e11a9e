//! Values that must be literal, because they are needed before anything is evaluated.

use super::decode::decode;
use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::lang::eval::{Scope, eval};
use crate::lang::expr::{Body, Expr};
use crate::lang::funcs;
use crate::lang::refs::Subject;
use crate::schema::Attribute;
use crate::value::convert::convert;
use crate::value::{Type, Value};

/// A value that refers to nothing and calls nothing, as the type `want`.
pub(super) fn literal(expr: &Expr, name: &str, want: &Type, diags: &mut Diagnostics) -> Option<Value> {
    let value = diags.take(written_out(expr))?;
    match convert(&value, want) {
        Ok(value) => Some(value),
        Err(e) => {
            let path = if e.path.is_empty() { String::new() } else { format!(" at {}", e.path) };
            diags.push(
                Diagnostic::error(format!("Wrong type for {name:?}"))
                    .code("wrong-type")
                    .detail(format!("{name:?} does not fit{path}: {}.", e.message))
                    .at(expr.span()),
            );
            None
        }
    }
}

/// The value of an expression that refers to nothing and calls nothing, if it has one.
pub(super) fn constant(expr: &Expr) -> Option<Value> {
    written_out(expr).ok()
}

/// The value of an expression that refers to nothing and calls nothing.
pub(crate) fn written_out(expr: &Expr) -> Result<Value, Diagnostics> {
    if let Some(value) = expr.as_literal() {
        return Ok(value);
    }
    let (references, errors) = expr.all_references();
    if !references.is_empty() || errors.has_errors() || !expr.function_calls().is_empty() {
        return Err(not_literal(&expr.span()).into());
    }
    eval(expr, &Nothing { context: no_world() })
}

/// The arguments of a block that is read before anything is evaluated, by these rows.
pub fn written_out_block(body: &Body, rows: &[Attribute], header: &Span) -> (Value, Diagnostics) {
    decode(body, rows, header, &Nothing { context: no_world() })
}

/// No files, no time and no templates.
pub(super) fn no_world() -> funcs::Context<'static> {
    funcs::Context {
        files: &NoFiles,
        base_dir: "",
        timestamp: jiff::Timestamp::UNIX_EPOCH,
        plan_timestamp: jiff::Timestamp::UNIX_EPOCH,
        planning: true,
        random: &|_| {},
        render: &|_, _, _, _| Err(funcs::FunctionError::new("templates cannot be rendered here")),
    }
}

fn not_literal(span: &Span) -> Diagnostic {
    Diagnostic::error("A literal value is required")
        .code("wrong-type")
        .detail(
            "The value is needed before anything is evaluated: it can neither refer to anything nor call a function.",
        )
        .at(span.clone())
}

/// A scope without names. Its functions are never called.
struct Nothing<'a> {
    context: funcs::Context<'a>,
}

impl Scope for Nothing<'_> {
    fn subject(&self, _: &Subject, span: &Span) -> Result<Value, Diagnostic> {
        Err(not_literal(span))
    }

    fn functions(&self) -> &funcs::Context<'_> {
        &self.context
    }
}

struct NoFiles;

impl funcs::Files for NoFiles {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no files are read here".into())
    }

    fn exists(&self, _: &str) -> Result<bool, String> {
        Err("no files are read here".into())
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Err("no files are read here".into())
    }

    fn home(&self) -> Option<String> {
        None
    }
}
