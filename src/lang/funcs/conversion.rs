//! Functions between types, and those about marks.

use super::FunctionError;
use super::args::Args;
use super::function::{BOOL, Function, Parameter, SAME, any};
use crate::value::convert::{convert, convertible};
use crate::value::{Kind, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    converter("tobool", |a| to(a, &Type::Bool)),
    converter("tolist", |a| to(a, &Type::list(Type::Dynamic))),
    converter("tomap", |a| to(a, &Type::map(Type::Dynamic))),
    converter("tonumber", |a| to(a, &Type::Number)),
    converter("toset", |a| to(a, &Type::set(Type::Dynamic))),
    converter("tostring", |a| to(a, &Type::String)),
    // The evaluator sees what is ephemeral, and makes null of it.
    Function::new("ephemeralasnull", &[any("value").null().unknown().marked()], SAME, |a| Ok(a.value(0).clone())),
    Function::new("issensitive", &[any("value").null().unknown().marked()], BOOL, |a| {
        Ok(a.value(0).is_sensitive().into())
    }),
    Function::new("nonsensitive", &[any("value").null().unknown().marked()], SAME, |a| Ok(a.value(0).clone().unmark())),
    Function::new("sensitive", &[any("value").null().unknown().marked()], SAME, |a| Ok(a.value(0).clone().mark(true))),
];

const fn converter(name: &'static str, body: super::function::Body) -> Function {
    const V: &[Parameter] = &[any("v").null().unknown().marked()];
    Function::new(name, V, SAME, body)
}

fn to(a: &Args, want: &Type) -> Result<Value, FunctionError> {
    let value = a.value(0);
    convert(value, want).map_err(|e| FunctionError::at(0, refusal(value, want, &e.message)))
}

fn refusal(value: &Value, want: &Type, reason: &str) -> String {
    let have = value.ty();
    let want_name = want.friendly().replace("dynamic", "any single type");
    match (value.kind(), want) {
        _ if value.has_sensitive() => {
            format!("cannot convert this sensitive {} to {want_name}", have.friendly())
        }
        (Kind::String(s), Type::Bool) => {
            format!("cannot convert {s:?} to bool; only the strings \"true\" or \"false\" are allowed")
        }
        (Kind::String(s), Type::Number) => {
            format!("cannot convert {s:?} to number; given string must be a decimal representation of a number")
        }
        _ if convertible(&have, want) => format!("cannot convert {} to {want_name}: {reason}", have.friendly()),
        _ => format!("cannot convert {} to {want_name}", have.friendly()),
    }
}
