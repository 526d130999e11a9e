//! Sensitive texts, in all the forms in which they are looked for in others: as they are, quoted in JSON, in base64,
//! and as a JSON document of the same meaning.

use super::{Attrs, normal};
use crate::value::{Kind, Value};
use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::collections::BTreeSet;

/// Shorter ones are taken for repeated only by a text that is the whole secret: parts of words are no secrets.
const SHORTEST_PART: usize = 8;
/// Shorter ones are never looked for.
const SHORTEST: usize = 4;
/// So many are looked for one by one before all are put into one search.
const FEW: usize = 16;

/// Sensitive texts, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    forms: BTreeSet<String>,
    /// Finds those that were there when it was made.
    index: Option<AhoCorasick>,
    /// Those that came since.
    recent: Vec<String>,
}

impl Secrets {
    /// Those among the attributes, wherever they are nested.
    pub fn of<'a>(all: impl IntoIterator<Item = &'a Attrs>) -> Self {
        Secrets::among(all.into_iter().flat_map(Attrs::iter).map(|(_, value)| value))
    }

    /// Those among the values.
    pub fn among<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut secrets = Secrets::default();
        secrets.add(values);
        secrets
    }

    /// Adds those among the values.
    pub fn add<'a>(&mut self, values: impl IntoIterator<Item = &'a Value>) {
        values.into_iter().for_each(|value| self.collect(value, false));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// How many forms of them there are.
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Gets ready to look for all of them in many texts.
    pub fn seek(&mut self) {
        if self.recent.len() > FEW + self.forms.len() / 4 {
            let parts = self.forms.iter().filter(|form| form.len() >= SHORTEST_PART);
            self.index = AhoCorasick::new(parts).ok().or(self.index.take());
            self.recent.clear();
        }
    }

    fn collect(&mut self, value: &Value, within: bool) {
        let sensitive = within || value.is_sensitive();
        if let Some(text) = value.as_str().filter(|text| sensitive && text.len() >= SHORTEST) {
            let quoted = crate::value::json::to_text(&Value::string(text));
            let plain = [text.to_owned(), text.trim().to_owned(), quoted.trim_matches('"').to_owned()];
            let encoded = [text, text.trim()].map(|text| BASE64_STANDARD.encode(text));
            let other = decoded(text).into_iter().chain(document(text));
            for form in plain.into_iter().chain(encoded).chain(other).filter(|form| form.len() >= SHORTEST) {
                if self.forms.insert(form.clone()) {
                    self.recent.push(form);
                }
            }
        }
        value.children().for_each(|child| self.collect(child, sensitive));
    }

    /// Whether the text is or holds one of those that count.
    fn held_by(&self, text: &str, counts: &dyn Fn(&str) -> bool) -> bool {
        if text.len() < SHORTEST {
            return false;
        }
        let within = |text: &str| {
            let indexed = self.index.iter().flat_map(|index| index.find_overlapping_iter(text));
            let recent = self.recent.iter().filter(|form| form.len() >= SHORTEST_PART && text.contains(form.as_str()));
            self.forms.contains(text) && counts(text)
                || indexed.into_iter().any(|found| counts(&text[found.range()]))
                || recent.into_iter().any(|form| counts(form))
        };
        within(text)
            || decoded(text).is_some_and(|text| within(&text))
            || document(text).is_some_and(|text| within(&text))
    }

    /// The value with a mark on each text that repeats one of those that count.
    pub fn hide(&self, value: &Value, counts: &dyn Fn(&str) -> bool) -> Value {
        if self.is_empty() || value.is_sensitive() || !self.repeated_in(value, counts) {
            return value.clone();
        }
        let all = |vs: &[Value]| vs.iter().map(|v| self.hide(v, counts)).collect::<Vec<_>>();
        match value.kind() {
            Kind::List(t, vs) => Value::list(t.clone(), all(vs)),
            Kind::Set(t, vs) => Value::set(t.clone(), all(vs)),
            Kind::Tuple(vs) => Value::tuple(all(vs)),
            Kind::Map(t, vs) => {
                Value::map(t.clone(), vs.iter().map(|(k, v)| (k.clone(), self.hide(v, counts))).collect())
            }
            Kind::Object(vs) => Value::object(vs.iter().map(|(k, v)| (k.clone(), self.hide(v, counts)))),
            _ => value.clone().mark(true),
        }
    }

    fn repeated_in(&self, value: &Value, counts: &dyn Fn(&str) -> bool) -> bool {
        match value.as_str() {
            Some(text) => self.held_by(text, counts),
            None => value.children().any(|child| self.repeated_in(child, counts)),
        }
    }
}

fn decoded(text: &str) -> Option<String> {
    BASE64_STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// A JSON document in the one spelling in which policies of the same meaning are alike.
fn document(text: &str) -> Option<String> {
    let begins = text.trim_start().starts_with(['{', '[']);
    begins.then(|| normal::policy(text)).flatten().map(|document| document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_and_later_secrets_are_found() {
        let secret = |i: usize| Value::from(format!("planted-secret-{i:03}")).mark(true);
        let mut secrets = Secrets::default();
        for i in 0..300 {
            secrets.add([&secret(i)]);
            secrets.seek();
            let found = |i: usize| secrets.held_by(&format!("a planted-secret-{i:03} b"), &|_| true);
            assert!(found(0) && found(i / 2) && found(i), "{i}");
            assert!(!found(i + 1), "{i}");
        }
        assert!(secrets.recent.len() < 300);
    }

    #[test]
    fn only_those_that_count_are_found() {
        let secrets = Secrets::among([&Value::from("planted-one").mark(true), &Value::from("planted-two").mark(true)]);
        let text = "planted-one and planted-two";
        assert!(secrets.held_by(text, &|found| found == "planted-two"));
        assert!(!secrets.held_by(text, &|_| false));
    }
}
