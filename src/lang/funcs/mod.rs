//! The built-in functions of the language, with Terraform's names, parameters and results.
//!
//! A function is a row of a table: what it takes, what it returns, how it computes. [`call`] does
//! once for all of them what they share: it counts and converts arguments, refuses nulls, returns
//! unknown for unknown and carries the sensitive mark. Files, time and randomness come from
//! [`Context`]; nothing here reads them itself.

mod args;
mod cidr;
mod collection;
mod context;
mod conversion;
mod crypto;
mod encoding;
mod filesystem;
mod format;
mod function;
pub mod glob;
mod numeric;
mod predicate;
mod provider;
mod regex;
mod sequence;
mod set;
mod string;
mod time;
mod yaml;

#[cfg(test)]
mod tests;

pub use context::{Context, Files, Render};
pub use glob::compile as file_pattern;

use super::budget::{Budget, Excess};
use crate::value::convert::convert;
use crate::value::{Type, Value};
use args::Args;
use function::{Function, Parameter, Unknowns};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// Functions whose arguments the evaluator must see unevaluated.
const LAZY: [&str; 3] = ["can", "convert", "try"];

/// Functions of whose result not only the outermost part is new.
const THROUGHOUT: [&str; 9] = [
    "chunklist",
    "csvdecode",
    "jsondecode",
    "provider::terraform::decode_tfvars",
    "regexall",
    "setproduct",
    "templatefile",
    "transpose",
    "yamldecode",
];

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// Which argument is to blame, from 0, if one is.
    pub argument: Option<usize>,
    /// The reason, such as `a number is required`.
    pub message: String,
    /// Set if what is wrong is that the call would make too much.
    pub excess: Option<Excess>,
}

impl From<Excess> for FunctionError {
    fn from(excess: Excess) -> Self {
        FunctionError { argument: None, message: excess.to_string(), excess: Some(excess) }
    }
}

impl FunctionError {
    /// A failure of the call as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        FunctionError { argument: None, message: message.into(), excess: None }
    }

    /// A failure for which the argument at `index` is to blame.
    pub fn at(index: usize, message: impl Into<String>) -> Self {
        FunctionError { argument: Some(index), message: message.into(), excess: None }
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

static FUNCTIONS: LazyLock<BTreeMap<&'static str, &'static Function>> = LazyLock::new(|| {
    let families: [&'static [Function]; 15] = [
        cidr::FUNCTIONS,
        collection::FUNCTIONS,
        conversion::FUNCTIONS,
        crypto::FUNCTIONS,
        encoding::FUNCTIONS,
        filesystem::FUNCTIONS,
        format::FUNCTIONS,
        numeric::FUNCTIONS,
        predicate::FUNCTIONS,
        provider::FUNCTIONS,
        regex::FUNCTIONS,
        sequence::FUNCTIONS,
        set::FUNCTIONS,
        string::FUNCTIONS,
        time::FUNCTIONS,
    ];
    families.into_iter().flatten().map(|f| (f.name, f)).collect()
});

/// The names of all functions, `try` and `can` among them, which the evaluator calls itself.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.keys().copied().chain(LAZY)
}

/// The name of the parameter that takes the argument at `index`.
pub fn parameter_name(function: &str, index: usize) -> Option<&'static str> {
    FUNCTIONS.get(plain(function)).and_then(|f| f.parameter(index)).map(|p| p.name)
}

/// Calls the function `name`, which may have the prefix `core::`.
pub fn call(name: &str, args: &[Value], ctx: &Context<'_>, budget: &Budget) -> Result<Value, FunctionError> {
    let Some(function) = FUNCTIONS.get(plain(name)) else {
        return Err(FunctionError::new(format!("there is no function named {name:?}")));
    };
    check_count(function, args)?;
    let mut plain_args = Vec::with_capacity(args.len());
    let mut sensitive = false;
    let mut unknown = false;
    let mut untyped = false;
    for (i, arg) in args.iter().enumerate() {
        let Some(parameter) = function.parameter(i) else { continue };
        if !(parameter.marked && parameter.unknowns != Unknowns::Never) {
            budget.look(arg.size())?;
        }
        let arg = accept(parameter, i, arg)?;
        let arg = if parameter.marked || !arg.has_sensitive() {
            arg
        } else {
            sensitive = true;
            arg.unmark_deep()
        };
        unknown |= match parameter.unknowns {
            Unknowns::Never => !arg.is_wholly_known(),
            Unknowns::Inside => arg.is_unknown(),
            Unknowns::Allowed => false,
        };
        untyped |= parameter.unknowns != Unknowns::Allowed && arg.is_unknown() && arg.ty() == Type::Dynamic;
        plain_args.push(arg);
    }
    let args = Args { values: &plain_args, ctx, budget };
    let result = if untyped {
        Ok(Value::unknown(Type::Dynamic))
    } else if unknown {
        (function.returns)(&args).map(|ty| match function.nullable || ty == Type::Dynamic {
            true => Value::unknown(ty),
            false => Value::unknown_not_null(ty),
        })
    } else {
        (function.body)(&args)
    };
    let result = result.and_then(|v| {
        match THROUGHOUT.contains(&function.name) {
            true => budget.made_throughout(&v)?,
            false => budget.made(&v)?,
        }
        Ok(v)
    });
    result.map(|v| v.mark(sensitive)).map_err(|e| if sensitive { hide(e) } else { e })
}

fn plain(name: &str) -> &str {
    name.strip_prefix("core::").unwrap_or(name)
}

/// A failure may quote its argument, so nothing of the reason may be shown for a sensitive one.
fn hide(error: FunctionError) -> FunctionError {
    if error.excess.is_some() {
        return error;
    }
    let message = "the reason is not shown because an argument is sensitive".into();
    FunctionError { message, ..error }
}

fn check_count(function: &Function, args: &[Value]) -> Result<(), FunctionError> {
    let wanted = function.parameters.len();
    let missing = function.parameters.get(args.len());
    let amount = match function.variadic {
        Some(_) => format!("at least {wanted} argument(s)"),
        None => format!("{wanted} argument(s)"),
    };
    match missing {
        Some(p) => Err(FunctionError::new(format!("it expects {amount}, but {:?} is missing", p.name))),
        None if args.len() > wanted && function.variadic.is_none() => {
            Err(FunctionError::new(format!("it expects only {wanted} argument(s), but got {}", args.len())))
        }
        None => Ok(()),
    }
}

/// The argument as the parameter's type.
fn accept(parameter: &Parameter, index: usize, arg: &Value) -> Result<Value, FunctionError> {
    if arg.is_null() && !parameter.null {
        return Err(FunctionError::at(index, "argument must not be null"));
    }
    convert(arg, &(parameter.ty)()).map_err(|e| FunctionError::at(index, e.message))
}
