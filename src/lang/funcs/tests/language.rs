//! Evaluates the expressions of the tables, and shows values on one line.

use crate::diag::{Diagnostic, Span};
use crate::lang::eval::{Scope, eval};
use crate::lang::funcs::Context;
use crate::lang::parse::parse_expression;
use crate::lang::refs::Subject;
use crate::value::{Kind, Type, Value};

/// Unknown values of several types, as variables.
struct Unknowns<'a>(&'a Context<'a>);

impl Scope for Unknowns<'_> {
    fn subject(&self, subject: &Subject, _: &Span) -> Result<Value, Diagnostic> {
        Ok(Value::unknown(match subject.to_string().as_str() {
            "var.string" => Type::String,
            "var.list" => Type::list(Type::String),
            "var.map" => Type::map(Type::Number),
            _ => Type::Dynamic,
        }))
    }

    fn functions(&self) -> &Context<'_> {
        self.0
    }
}

/// The value of an expression, or what the error says.
pub(super) fn evaluate(text: &str, ctx: &Context<'_>) -> Result<Value, String> {
    let expression = parse_expression("case", text).unwrap();
    eval(&expression, &Unknowns(ctx)).map_err(|errors| errors.iter().map(|d| d.detail.clone()).collect())
}

/// The value on one line, in the form of `terraform console`.
pub(super) fn show(value: &Value) -> String {
    if value.is_sensitive() {
        return "(sensitive value)".into();
    }
    let all = |vs: &[Value]| vs.iter().map(show).collect::<Vec<_>>().join(", ");
    let entries = || {
        let entries = value.as_entries().unwrap().iter();
        entries.map(|(name, v)| format!("{name:?} = {}", show(v))).collect::<Vec<_>>().join(", ")
    };
    match value.kind() {
        Kind::Null(Type::Dynamic) => "null".into(),
        Kind::Null(Type::List(t)) => format!("tolist(null) /* of {} */", t.friendly()),
        Kind::Null(Type::Set(t)) => format!("toset(null) /* of {} */", t.friendly()),
        Kind::Null(Type::Map(t)) => format!("tomap(null) /* of {} */", t.friendly()),
        Kind::Null(t) => format!("to{t}(null)"),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::String(s) => format!("{s:?}"),
        Kind::List(_, vs) => format!("tolist([{}])", all(vs)),
        Kind::Set(_, vs) => format!("toset([{}])", all(vs)),
        Kind::Tuple(vs) => format!("[{}]", all(vs)),
        Kind::Map(..) => format!("tomap({{{}}})", entries()),
        Kind::Object(_) => format!("{{{}}}", entries()),
        Kind::Unknown(u) => format!("(unknown {})", u.ty),
    }
}
