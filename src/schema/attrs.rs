//! The arguments and attributes of one object, with typed access.

use super::Schema;
use crate::value::{Kind, Name, Value, by_name};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A shorter text is part of too many words to be distinguished from them.
const SHORTEST_SECRET: usize = 4;

/// An object value by attribute name. What is missing reads as null; what is unknown or of another
/// type reads as absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attrs(Arc<BTreeMap<Name, Value>>);

impl Attrs {
    /// The entries of an object or map value; empty for anything else.
    pub fn from_value(value: &Value) -> Self {
        match value.kind() {
            Kind::Object(entries) | Kind::Map(_, entries) => Attrs(entries.clone()),
            _ => Attrs::default(),
        }
    }

    /// As an object value.
    pub fn to_value(&self) -> Value {
        Value::new(Kind::Object(self.0.clone()))
    }

    /// The value of `name`, if it is there.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Whether `name` is there, known and not null.
    pub fn is_set(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| !v.is_null() && !v.is_unknown())
    }

    /// Whether the layout gives `name`, known by now or not.
    pub fn is_given(&self, name: &str) -> bool {
        self.is_set(name) || self.is_unknown(name)
    }

    /// Whether `name` holds something or will: an empty text or collection is nothing.
    pub fn is_filled(&self, name: &str) -> bool {
        let empty = |v: &Value| v.as_str() == Some("") || v.as_elements().is_some_and(<[Value]>::is_empty);
        self.is_given(name) && !self.get(name).is_some_and(empty)
    }

    /// Whether `name` or a part of it is unknown.
    pub fn is_unknown(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| !v.is_wholly_known())
    }

    /// The text of `name`.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    /// The text of `name`, owned, as SDK builders take it.
    pub fn string(&self, name: &str) -> Option<String> {
        self.str(name).map(str::to_owned)
    }

    /// The truth of `name`.
    pub fn bool(&self, name: &str) -> Option<bool> {
        self.get(name).and_then(Value::as_bool)
    }

    /// The whole number of `name`, if it fits an `i32`.
    pub fn int(&self, name: &str) -> Option<i32> {
        self.get(name).and_then(Value::as_i64).and_then(|n| i32::try_from(n).ok())
    }

    /// The texts of the list or set `name`; empty when absent.
    pub fn strings(&self, name: &str) -> Vec<String> {
        self.elements(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The elements of the list or set `name`; empty when absent.
    pub fn elements(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_elements).unwrap_or(&[])
    }

    /// The nested blocks of `name`; empty when absent. A single block counts as one.
    pub fn blocks(&self, name: &str) -> Vec<Attrs> {
        match self.get(name) {
            Some(v) if v.as_entries().is_some() => vec![Attrs::from_value(v)],
            _ => self.elements(name).iter().map(Attrs::from_value).collect(),
        }
    }

    /// Whether the layout gives no block `name`.
    pub fn lacks_block(&self, name: &str) -> bool {
        !self.is_unknown(name) && self.blocks(name).is_empty()
    }

    /// The text entries of the map `name`; empty when absent.
    pub fn string_map(&self, name: &str) -> BTreeMap<String, String> {
        let entries = self.get(name).and_then(Value::as_entries);
        let text = |(k, v): (&Name, &Value)| v.as_str().map(|v| (k.to_string(), v.to_owned()));
        entries.into_iter().flatten().filter_map(text).collect()
    }

    /// The same with `name` set to `value`.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        Arc::make_mut(&mut self.0).insert(name.into(), value.into());
        self
    }

    /// A text without the sensitive values among these, wherever they are nested. For messages of others,
    /// which like to repeat what was sent.
    pub fn discreet(&self, text: &str) -> String {
        fn collect<'a>(value: &'a Value, within: bool, all: &mut Vec<&'a str>) {
            let sensitive = within || value.is_sensitive();
            all.extend(value.as_str().filter(|text| sensitive && text.len() >= SHORTEST_SECRET));
            value.children().for_each(|child| collect(child, sensitive, all));
        }
        let mut secrets = Vec::new();
        self.0.values().for_each(|value| collect(value, false, &mut secrets));
        secrets.sort_by_key(|text| std::cmp::Reverse(text.len()));
        secrets.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, "(sensitive)"))
    }

    /// All entries, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.0.iter()
    }
}

impl<K: Into<Name>> FromIterator<(K, Value)> for Attrs {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(iter: I) -> Self {
        Attrs(Arc::new(by_name(iter)))
    }
}

/// The answer with a null for every row that it leaves out.
pub fn complete(schema: &Schema, attrs: &Attrs) -> Attrs {
    let row = |r: &crate::schema::Attribute| {
        let value = attrs.get(r.name).cloned().unwrap_or_else(|| Value::null(r.ty.clone()));
        (r.name, r.marked(&value))
    };
    schema.attributes.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_shown_without_the_secrets_that_it_repeats() {
        let secret = |text: &str| Value::from(text).mark(true);
        let attrs = Attrs::default()
            .with("name", "db")
            .with("password", secret("hunter2"))
            .with("block", Value::tuple(vec![Value::object([("key", secret("hunter2-and-more"))])]))
            .with("pin", secret("no"));
        assert_eq!(
            attrs.discreet("no: 'hunter2-and-more' and 'hunter2' of db"),
            "no: '(sensitive)' and '(sensitive)' of db"
        );
    }
}
