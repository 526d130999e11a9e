//! A change to an existing object, and the account of who handled which part of it.

use super::Attrs;
use crate::value::Value;
use std::collections::BTreeSet;

/// The work of an update. Each `take` marks an attribute as handled; what no one took is
/// an error of the type, never silently dropped.
#[derive(Debug)]
pub struct Change<'a> {
    /// The object as it was last observed.
    pub before: &'a Attrs,
    /// The object as it shall be; wholly known.
    pub after: &'a Attrs,
    /// Whether the object was made just now, and this is what its creation could not set.
    pub fresh: bool,
    /// The object's new id, where the change gives it one: set by the type, read by the engine.
    pub new_id: Option<String>,
    open: BTreeSet<String>,
}

impl<'a> Change<'a> {
    /// The change of the attributes `names` from `before` to `after`.
    pub fn new(before: &'a Attrs, after: &'a Attrs, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Change { before, after, fresh: false, new_id: None, open: names.into_iter().map(Into::into).collect() }
    }

    /// The same change, of an object that was made just now.
    pub fn fresh(mut self, fresh: bool) -> Self {
        self.fresh = fresh;
        self
    }

    /// Whether `name` changes and nobody has taken it yet.
    pub fn has(&self, name: &str) -> bool {
        self.open.contains(name)
    }

    /// Marks `name` as handled; its new value if it changes.
    pub fn take(&mut self, name: &str) -> Option<&'a Value> {
        if !self.open.remove(name) {
            return None;
        }
        static NULL: std::sync::LazyLock<Value> = std::sync::LazyLock::new(Value::any_null);
        Some(self.after.get(name).unwrap_or(&NULL))
    }

    /// Marks all of `names` as handled; whether any of them changes.
    pub fn take_any(&mut self, names: &[&str]) -> bool {
        names.iter().filter(|name| self.take(name).is_some()).count() > 0
    }

    /// Marks all that changes as handled, for an API that takes all of an object in one call; whether anything does.
    pub fn take_all(&mut self) -> bool {
        !std::mem::take(&mut self.open).is_empty()
    }

    /// Marks `name` as handled; its new truth if it changes. Null reads as false.
    pub fn take_bool(&mut self, name: &str) -> Option<bool> {
        self.take(name).map(|v| v.as_bool().unwrap_or(false))
    }

    /// The elements that leave and enter the list or set `name`, if it changes: `(removed, added)`.
    pub fn take_elements(&mut self, name: &str) -> Option<(Vec<Value>, Vec<Value>)> {
        self.take(name)?;
        let (before, after) = (self.before.elements(name), self.after.elements(name));
        let only = |a: &[Value], b: &[Value]| a.iter().filter(|v| !b.contains(v)).cloned().collect();
        Some((only(before, after), only(after, before)))
    }

    /// The texts that leave and those that enter the list or set `name`; none where there are none.
    pub fn take_texts(&mut self, name: &str) -> [Option<Vec<String>>; 2] {
        let (gone, new) = self.take_elements(name).unwrap_or_default();
        let texts = |all: Vec<Value>| all.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        [gone, new].map(|all| Some(texts(all)).filter(|all: &Vec<String>| !all.is_empty()))
    }

    /// The part of the change that is about `names`, which leave this one.
    pub fn split<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Change<'a> {
        let open = names.into_iter().filter(|name| self.open.remove(*name)).map(str::to_owned).collect();
        Change { before: self.before, after: self.after, fresh: self.fresh, new_id: None, open }
    }

    /// What goes into a call together: where one of `names` changes, all of them do.
    pub fn join(&mut self, names: &[&str]) {
        if names.iter().any(|name| self.has(name)) {
            self.open.extend(names.iter().map(|name| (*name).to_owned()));
        }
    }

    /// The whole change, for calls that are given `after`. What is left of it comes back with `rejoin`.
    pub fn given<'b>(&mut self, after: &'b Attrs) -> Change<'b>
    where
        'a: 'b,
    {
        let open = std::mem::take(&mut self.open);
        Change { before: self.before, after, fresh: self.fresh, new_id: None, open }
    }

    /// Takes back what is left of a part.
    pub fn rejoin(&mut self, rest: Change<'_>) {
        self.open.extend(rest.open);
    }

    /// The attributes that nobody took.
    pub fn unhandled(&self) -> impl Iterator<Item = &str> {
        self.open.iter().map(String::as_str)
    }
}
