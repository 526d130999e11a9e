//! The arguments of one call, as its body reads them.

use super::{Context, FunctionError};
use crate::lang::budget::{Budget, count};
use crate::value::{Kind, Name, Number, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The message of a body about a number that must be an integer.
pub(super) const WHOLE: &str = "value must be a whole number, between -9223372036854775808 and 9223372036854775807";

static NONE: LazyLock<Value> = LazyLock::new(Value::any_null);
static NO_ENTRIES: LazyLock<Arc<BTreeMap<Name, Value>>> = LazyLock::new(Default::default);
static ZERO: LazyLock<Number> = LazyLock::new(|| Number::from(0i64));

/// Arguments that were counted and converted to the types of their parameters, and for which
/// the accessors of that type therefore always find what they look for.
pub(super) struct Args<'a> {
    pub values: &'a [Value],
    pub ctx: &'a Context<'a>,
    pub budget: &'a Budget,
}

impl<'a> Args<'a> {
    /// Fails if so many values more, or so much more text, would be too much.
    pub fn room(&self, elements: usize, bytes: usize) -> Result<(), FunctionError> {
        Ok(self.budget.room(count(elements), count(bytes))?)
    }

    /// Counts work.
    pub fn step(&self, steps: usize) -> Result<(), FunctionError> {
        Ok(self.budget.step(count(steps))?)
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn get(&self, i: usize) -> Option<&'a Value> {
        self.values.get(i)
    }

    pub fn value(&self, i: usize) -> &'a Value {
        self.values.get(i).unwrap_or(&NONE)
    }

    pub fn rest(&self, from: usize) -> &'a [Value] {
        self.values.get(from..).unwrap_or_default()
    }

    pub fn text(&self, i: usize) -> &'a str {
        self.value(i).as_str().unwrap_or_default()
    }

    pub fn number(&self, i: usize) -> &'a Number {
        self.value(i).as_number().unwrap_or(&ZERO)
    }

    /// The argument as an integer, or that it must be one.
    pub fn integer(&self, i: usize) -> Result<i64, FunctionError> {
        self.number(i).to_i64().ok_or_else(|| FunctionError::at(i, WHOLE))
    }

    pub fn elements(&self, i: usize) -> &'a [Value] {
        self.value(i).as_elements().unwrap_or_default()
    }

    pub fn entries(&self, i: usize) -> &'a BTreeMap<Name, Value> {
        match self.value(i).kind() {
            Kind::Map(_, vs) | Kind::Object(vs) => vs,
            _ => &NO_ENTRIES,
        }
    }
}
