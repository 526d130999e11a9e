//! Functions that ask or count: `alltrue`, `contains`, `length`.

use super::FunctionError;
use super::args::Args;
use super::function::{BOOL, Function, NUMBER, any, list_of_bool};
use super::string::graphemes;
use crate::value::{Kind, Number, Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", &[list_of_bool("list").inside()], BOOL, |a| Ok(decide(a, false))),
    Function::new("anytrue", &[list_of_bool("list").inside()], BOOL, |a| Ok(decide(a, true))),
    Function::new("contains", &[any("list").inside(), any("value")], BOOL, contains),
    Function::new("index", &[any("list"), any("value")], NUMBER, index),
    Function::new("length", &[any("value").unknown().marked()], NUMBER, length),
];

/// Whether some element is `decisive`, and its opposite if none is; null counts as false.
fn decide(a: &Args, decisive: bool) -> Value {
    let elements = a.elements(0);
    if elements.iter().any(|v| !v.is_unknown() && v.as_bool().unwrap_or(false) == decisive) {
        return decisive.into();
    }
    if elements.iter().any(Value::is_unknown) {
        return Value::unknown_not_null(Type::Bool);
    }
    (!decisive).into()
}

fn contains(a: &Args) -> Result<Value, FunctionError> {
    let Some(elements) = a.value(0).as_elements() else {
        return Err(FunctionError::new("argument must be list, tuple, or set"));
    };
    if elements.contains(a.value(1)) {
        return Ok(true.into());
    }
    if !elements.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown_not_null(Type::Bool));
    }
    Ok(false.into())
}

fn index(a: &Args) -> Result<Value, FunctionError> {
    let (Kind::List(_, elements) | Kind::Tuple(elements)) = a.value(0).kind() else {
        return Err(FunctionError::new("argument must be a list or tuple"));
    };
    if elements.is_empty() {
        return Err(FunctionError::new("cannot search an empty list"));
    }
    let found = elements.iter().position(|v| v == a.value(1));
    found.map(|i| Number::from(i).into()).ok_or_else(|| FunctionError::new("item not found"))
}

fn length(a: &Args) -> Result<Value, FunctionError> {
    let value = a.value(0);
    let count = match value.kind() {
        Kind::String(s) => graphemes(s).count(),
        Kind::Set(_, vs) if !vs.iter().all(Value::is_wholly_known) && vs.len() > 1 => {
            return Ok(Value::unknown_not_null(Type::Number).mark(value.is_sensitive()));
        }
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => vs.len(),
        Kind::Map(_, vs) | Kind::Object(vs) => vs.len(),
        Kind::Unknown(u) => match &u.ty {
            Type::Tuple(ts) => ts.len(),
            Type::Object(ts) => ts.len(),
            Type::Bool | Type::Number => return Err(uncountable()),
            _ => return Ok(Value::unknown_not_null(Type::Number).mark(value.is_sensitive())),
        },
        _ => return Err(uncountable()),
    };
    Ok(Value::from(Number::from(count)).mark(value.is_sensitive()))
}

fn uncountable() -> FunctionError {
    FunctionError::new("argument must be a string, a collection type, or a structural type")
}
