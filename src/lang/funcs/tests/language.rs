//! Just enough of an evaluator for the tables: literals, lists, objects and calls.

use crate::lang::funcs::{Context, FunctionError, call};
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value};
use hcl_edit::expr::{Expression, ObjectKey, UnaryOperator};

type Failure = (String, FunctionError);

/// The value of an expression, or the function that failed and why.
pub(super) fn evaluate(text: &str, ctx: &Context<'_>) -> Result<Value, Failure> {
    value(&text.parse().unwrap(), ctx)
}

fn value(expression: &Expression, ctx: &Context<'_>) -> Result<Value, Failure> {
    Ok(match expression {
        Expression::Null(_) => Value::any_null(),
        Expression::Bool(b) => (**b).into(),
        Expression::Number(n) => {
            let written = n.as_repr().map_or_else(|| n.to_string(), |raw| String::from(&**raw));
            crate::lang::Number::parse(&written).unwrap().into()
        }
        Expression::String(s) => Value::string(s.as_str()),
        Expression::StringTemplate(t) => {
            let whole = t.to_string();
            Value::string(whole.trim_matches('"').replace("$${", "${"))
        }
        Expression::Array(all) => Value::tuple(all.iter().map(|e| value(e, ctx)).collect::<Result<_, _>>()?),
        Expression::Object(all) => {
            let mut entries = Vec::new();
            for (key, entry) in all {
                let key = match key {
                    ObjectKey::Ident(name) => name.to_string(),
                    ObjectKey::Expression(e) => value(e, ctx)?.as_str().unwrap().to_owned(),
                };
                entries.push((key.trim().to_owned(), value(entry.expr(), ctx)?));
            }
            Value::object(entries)
        }
        Expression::UnaryOp(op) => {
            assert_eq!(*op.operator, UnaryOperator::Neg);
            value(&op.expr, ctx)?.as_number().unwrap().neg().into()
        }
        Expression::Variable(name) => Value::unknown(match name.as_str() {
            "a_string" => Type::String,
            "a_number" => Type::Number,
            "a_list" => Type::list(Type::String),
            "a_map" => Type::map(Type::Number),
            _ => Type::Dynamic,
        }),
        Expression::FuncCall(function) => {
            let name = function.name.name.to_string();
            let mut args = Vec::new();
            for arg in function.args.iter() {
                args.push(value(arg, ctx)?);
            }
            if function.args.expand_final() {
                let last = args.pop().unwrap();
                args.extend(last.as_elements().unwrap().iter().cloned());
            }
            call(&name, &args, ctx).map_err(|e| (name, e))?
        }
        other => panic!("the tables do not need {other:?}"),
    })
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
