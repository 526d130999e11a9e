//! The parts of a row of the function table.

use super::FunctionError;
use super::args::Args;
use crate::value::{Type, Value};

/// How a function computes its result.
pub(super) type Body = fn(&Args) -> Result<Value, FunctionError>;
/// How a function finds its result's type from arguments that may be unknown.
pub(super) type Returns = fn(&Args) -> Result<Type, FunctionError>;

/// One built-in function.
pub(super) struct Function {
    /// As it is called.
    pub name: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// The parameter that it takes any number of, after the others.
    pub variadic: Option<Parameter>,
    /// The type of an unknown result.
    pub returns: Returns,
    /// Whether the result can be null.
    pub nullable: bool,
    /// The computation.
    pub body: Body,
}

impl Function {
    pub const fn new(name: &'static str, parameters: &'static [Parameter], returns: Returns, body: Body) -> Self {
        Function { name, parameters, variadic: None, returns, nullable: false, body }
    }

    pub const fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

/// The values that a parameter accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknowns {
    /// Any unknown part makes the result unknown.
    Never,
    /// The argument itself must be known, its parts need not be.
    Inside,
    /// The function deals with unknowns itself.
    Allowed,
}

/// One parameter.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    pub name: &'static str,
    pub ty: fn() -> Type,
    pub null: bool,
    pub unknowns: Unknowns,
    /// Whether the function carries sensitive marks itself.
    pub marked: bool,
}

impl Parameter {
    pub const fn new(name: &'static str, ty: fn() -> Type) -> Self {
        Parameter { name, ty, null: false, unknowns: Unknowns::Never, marked: false }
    }

    /// Null is passed on to the function.
    pub const fn null(mut self) -> Self {
        self.null = true;
        self
    }

    /// Unknown parts are passed on to the function.
    pub const fn inside(mut self) -> Self {
        self.unknowns = Unknowns::Inside;
        self
    }

    /// Unknowns are passed on to the function.
    pub const fn unknown(mut self) -> Self {
        self.unknowns = Unknowns::Allowed;
        self
    }

    /// Sensitive marks are passed on to the function.
    pub const fn marked(mut self) -> Self {
        self.marked = true;
        self
    }
}

pub(super) const fn any(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::Dynamic)
}
pub(super) const fn string(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::String)
}
pub(super) const fn number(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::Number)
}
pub(super) const fn list_of_any(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::list(Type::Dynamic))
}
pub(super) const fn list_of_bool(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::list(Type::Bool))
}
pub(super) const fn list_of_string(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::list(Type::String))
}
pub(super) const fn set_of_any(name: &'static str) -> Parameter {
    Parameter::new(name, || Type::set(Type::Dynamic))
}

pub(super) const STRING: Returns = |_| Ok(Type::String);
pub(super) const NUMBER: Returns = |_| Ok(Type::Number);
pub(super) const BOOL: Returns = |_| Ok(Type::Bool);
pub(super) const STRINGS: Returns = |_| Ok(Type::list(Type::String));
pub(super) const DYNAMIC: Returns = |_| Ok(Type::Dynamic);
/// The type of the first argument.
pub(super) const SAME: Returns = |a| Ok(a.value(0).ty());
