//! Attributes as they are needed here: known, absent or not known yet. An empty text counts as absent, as in states.

use super::space::{Addresses, range};
use crate::value::{Kind, Value};

/// An attribute that may not be known yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact<T> {
    Known(T),
    Absent,
    Unknown,
}

impl<T> Fact<T> {
    pub(super) fn known(self) -> Option<T> {
        match self {
            Fact::Known(known) => Some(known),
            _ => None,
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Fact::Unknown)
    }

    /// The same where a value of another form has a meaning; one that has none counts as not known.
    pub(super) fn read<U>(self, read: impl FnOnce(T) -> Option<U>) -> Fact<U> {
        match self {
            Fact::Known(known) => read(known).map_or(Fact::Unknown, Fact::Known),
            Fact::Absent => Fact::Absent,
            Fact::Unknown => Fact::Unknown,
        }
    }
}

/// The attribute of an object or a block.
pub(super) fn attribute<'v>(of: &'v Value, name: &str) -> Fact<&'v Value> {
    if of.is_unknown() {
        return Fact::Unknown;
    }
    match of.get(name) {
        Some(value) => present(value),
        None => Fact::Absent,
    }
}

fn present(value: &Value) -> Fact<&Value> {
    match value.kind() {
        Kind::Unknown(_) => Fact::Unknown,
        Kind::Null(_) => Fact::Absent,
        Kind::String(text) if text.is_empty() => Fact::Absent,
        _ => Fact::Known(value),
    }
}

/// A text.
pub(super) fn text<'v>(of: &'v Value, name: &str) -> Fact<&'v str> {
    attribute(of, name).read(Value::as_str)
}

/// A truth; texts count as well.
pub(super) fn flag(of: &Value, name: &str) -> Fact<bool> {
    attribute(of, name).read(|value| value.as_bool().or_else(|| value.as_str()?.parse().ok()))
}

/// A whole number; texts count as well.
pub(super) fn number(of: &Value, name: &str) -> Fact<i64> {
    attribute(of, name).read(|value| value.as_i64().or_else(|| value.as_str()?.parse().ok()))
}

/// A range of addresses or one address.
pub(super) fn addresses(of: &Value, name: &str) -> Fact<Addresses> {
    text(of, name).read(range)
}

/// The elements of an attribute, or the one that it is itself, and whether there may be more.
#[derive(Debug, Default)]
pub(super) struct Elements<'v> {
    /// What is there; elements may be unknown themselves.
    pub(super) all: Vec<&'v Value>,
    /// Whether the attribute as a whole is not known.
    pub(super) open: bool,
}

/// The elements at a path such as `vpc_config.subnet_ids`; each step passes through all blocks.
pub(super) fn elements<'v>(of: &'v Value, path: &str) -> Elements<'v> {
    let mut found = Elements { all: vec![of], open: false };
    for name in path.split('.') {
        let mut next = Elements { all: Vec::new(), open: found.open };
        for value in found.all {
            match attribute(value, name) {
                Fact::Unknown => match value.get(name) {
                    // An attribute that is one value is passed on as it is: it says where it is from.
                    Some(unknown) if !holds_many(unknown) => next.all.push(unknown),
                    _ => next.open = true,
                },
                Fact::Absent => {}
                Fact::Known(value) => match value.as_elements() {
                    Some(all) => next.all.extend(all.iter().filter(|one| !matches!(present(one), Fact::Absent))),
                    None => next.all.push(value),
                },
            }
        }
        found = next;
    }
    found
}

fn holds_many(unknown: &Value) -> bool {
    use crate::value::Type;
    match unknown.kind() {
        Kind::Unknown(of) => !matches!(of.ty, Type::String | Type::Number | Type::Bool),
        _ => true,
    }
}
