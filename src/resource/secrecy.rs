//! What repeats a secret is one: what AWS gives back in another form, and what is computed from what is
//! sensitive, keeps the mark.
//!
//! A row says of which others it is another form (`Attribute::repeats`). Beyond that a text is recognised that
//! holds a sensitive one as it is, quoted in JSON, or in base64.

use super::{Attribute, Attrs};
use crate::lang::{Kind, Value};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::collections::BTreeSet;

/// Shorter ones are taken for repeated only by a text that is the whole secret: parts of words are no secrets.
const SHORTEST_PART: usize = 8;
/// Shorter ones are never looked for.
const SHORTEST: usize = 4;
/// What identifies an object is shown and referred to everywhere.
const PUBLIC: [&str; 2] = ["arn", "id"];

/// Sensitive texts, in all forms that they are looked for in.
#[derive(Debug, Clone, Default)]
pub struct Secrets(BTreeSet<String>);

impl Secrets {
    /// Those among the attributes, wherever they are nested.
    pub fn of<'a>(all: impl IntoIterator<Item = &'a Attrs>) -> Self {
        Secrets::among(all.into_iter().flat_map(Attrs::iter).map(|(_, value)| value))
    }

    fn among<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut secrets = Secrets::default();
        values.into_iter().for_each(|value| secrets.collect(value, false));
        secrets
    }

    fn collect(&mut self, value: &Value, within: bool) {
        let sensitive = within || value.is_sensitive();
        if let Some(text) = value.as_str().filter(|text| sensitive && text.len() >= SHORTEST) {
            let quoted = Value::string(text);
            let quoted = crate::lang::json::to_text(&quoted);
            let decoded = BASE64_STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            self.0.extend([text.to_owned(), text.trim().to_owned(), quoted.trim_matches('"').to_owned()]);
            self.0.extend([text, text.trim()].map(|text| BASE64_STANDARD.encode(text)));
            self.0.extend(decoded.filter(|text| text.len() >= SHORTEST));
        }
        value.children().for_each(|child| self.collect(child, sensitive));
    }

    fn holds(&self, text: &str) -> bool {
        let plain = |text: &str| {
            self.0.contains(text) || self.0.iter().any(|secret| secret.len() >= SHORTEST_PART && text.contains(secret))
        };
        let decoded = || BASE64_STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        !self.0.is_empty() && text.len() >= SHORTEST && (plain(text) || decoded().is_some_and(|text| plain(&text)))
    }

    /// The value with a mark on each text that repeats one of these.
    fn hide(&self, value: &Value) -> Value {
        if value.is_sensitive() || !self.repeated_in(value) {
            return value.clone();
        }
        let all = |vs: &[Value]| vs.iter().map(|v| self.hide(v)).collect::<Vec<_>>();
        match value.kind() {
            Kind::List(t, vs) => Value::list(t.clone(), all(vs)),
            Kind::Set(t, vs) => Value::set(t.clone(), all(vs)),
            Kind::Tuple(vs) => Value::tuple(all(vs)),
            Kind::Map(t, vs) => Value::map(t.clone(), vs.iter().map(|(k, v)| (k.clone(), self.hide(v))).collect()),
            Kind::Object(vs) => Value::object(vs.iter().map(|(k, v)| (k.clone(), self.hide(v)))),
            _ => value.clone().mark(true),
        }
    }

    fn repeated_in(&self, value: &Value) -> bool {
        match value.as_str() {
            Some(text) => self.holds(text),
            None => value.children().any(|child| self.repeated_in(child)),
        }
    }
}

/// Whether a row of these may show what another object was given, so that the secrets of all objects count.
pub fn looks_beyond(rows: &[Attribute]) -> bool {
    rows.iter().any(|row| !row.repeats.is_empty())
}

/// `read` with the marks that follow from the sensitive arguments in `given`, and, in rows that are another form of
/// others, from those and from the secrets of other objects.
pub fn hidden(rows: &[Attribute], given: &Attrs, read: Attrs, others: &Secrets) -> Attrs {
    let some = [given, &read].into_iter().any(|attrs| attrs.iter().any(|(_, v)| v.has_sensitive()));
    if !some && others.0.is_empty() {
        return read;
    }
    let arguments = rows.iter().filter(|row| row.is_argument()).filter_map(|row| given.get(row.name));
    let own = Secrets::among(arguments);
    let sensitive = |name: &str| [given, &read].into_iter().any(|a| a.get(name).is_some_and(Value::has_sensitive));
    let value = |name: &str, value: &Value| {
        let Some(row) = rows.iter().find(|row| row.name == name) else { return value.clone() };
        if value.is_null() || value.is_sensitive() || PUBLIC.contains(&name) {
            return value.clone();
        }
        let marked_where_given = given.get(name).is_some_and(Value::has_sensitive) && !value.has_sensitive();
        if marked_where_given || row.repeats.iter().any(|of| sensitive(of)) {
            return value.clone().mark(true);
        }
        let hidden = own.hide(value);
        if row.repeats.is_empty() { hidden } else { others.hide(&hidden) }
    };
    read.iter().map(|(name, v)| (name.clone(), value(name, v))).collect()
}

/// `stored` with the marks that `known`, the same object, has and it lacks; `None` if it lacks none.
pub fn marks_lacking(stored: &Attrs, known: &Attrs) -> Option<Attrs> {
    let lacks = |(name, value): (&crate::lang::Name, &Value)| {
        let now = known.get(name).filter(|now| now.has_sensitive() && !value.has_sensitive())?;
        (now.unmark_deep() == *value).then(|| (name.clone(), now.clone()))
    };
    let lacking: Vec<_> = stored.iter().filter_map(lacks).collect();
    if lacking.is_empty() {
        return None;
    }
    Some(lacking.into_iter().fold(stored.clone(), |attrs, (name, value)| attrs.with(&name, value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Type;

    fn rows() -> Vec<Attribute> {
        let text = |name| Attribute::new(name, Type::String);
        let repeats = |name, of| Attribute { repeats: of, ..text(name) };
        vec![
            text("id"),
            text("name"),
            text("secret"),
            text("document"),
            repeats("data", &["data_base64"]),
            repeats("data_base64", &["data"]),
            Attribute::new("settings", Type::map(Type::String)),
            Attribute::new("tags", Type::list(Type::String)),
        ]
    }

    fn attrs(all: &[(&str, Value)]) -> Attrs {
        all.iter().cloned().collect()
    }

    fn marked(attrs: &Attrs) -> Vec<&str> {
        attrs.iter().filter(|(_, v)| v.has_sensitive()).map(|(name, _)| &**name).collect()
    }

    fn hide(given: &[(&str, Value)], read: &[(&str, Value)]) -> Vec<String> {
        let hidden = hidden(&rows(), &attrs(given), attrs(read), &Secrets::default());
        marked(&hidden).into_iter().map(String::from).collect()
    }

    #[test]
    fn what_is_another_form_of_a_sensitive_row_is_hidden_known_or_not() {
        let secret = ("data", Value::from("hunter2 and more").mark(true));
        let read = [("data_base64", Value::from("bm90IGl0")), ("name", Value::from("web"))];
        assert_eq!(hide(std::slice::from_ref(&secret), &read), ["data_base64"]);
        assert_eq!(hide(&[secret], &[("data_base64", Value::unknown(Type::String))]), ["data_base64"]);
    }

    #[test]
    fn a_text_that_repeats_a_secret_is_hidden_in_every_form() {
        let secret = "s3cr\"et-w0rd\n";
        let given = [("secret", Value::from(secret).mark(true))];
        let json = format!("{{\"Sid\":{}}}", crate::lang::json::to_text(&secret.into()));
        for text in [
            secret.to_owned(),
            format!("before {secret} after"),
            json.clone(),
            BASE64_STANDARD.encode(secret),
            BASE64_STANDARD.encode(format!("#!/bin/sh\n{secret}")),
            BASE64_STANDARD.encode(json),
            secret.trim().to_owned(),
        ] {
            assert_eq!(hide(&given, &[("document", Value::from(&text))]), ["document"], "{text}");
            let map = Value::map(Type::String, [("k".into(), Value::from(&text))].into());
            assert_eq!(hide(&given, &[("settings", map)]), ["settings"], "{text}");
            assert_eq!(hide(&given, &[("tags", Value::strings(["a", text.as_str()]))]), ["tags"], "{text}");
        }
        assert!(hide(&given, &[("document", "another".into()), ("id", secret.into())]).is_empty());
    }

    #[test]
    fn a_short_secret_is_not_seen_in_words_that_hold_it() {
        let given = [("secret", Value::from("admin").mark(true))];
        assert!(hide(&given, &[("document", "administrators".into())]).is_empty());
        assert_eq!(hide(&given, &[("document", "admin".into())]), ["document"]);
        assert!(hide(&[("secret", Value::from("a").mark(true))], &[("document", "a".into())]).is_empty());
    }

    #[test]
    fn the_secrets_of_other_objects_count_where_a_row_may_show_them() {
        let template = attrs(&[("user_data", Value::from(BASE64_STANDARD.encode("password=hunter2")).mark(true))]);
        let others = Secrets::of([&template]);
        let read = attrs(&[("data", "password=hunter2".into()), ("document", "password=hunter2".into())]);
        assert_eq!(marked(&hidden(&rows(), &Attrs::default(), read, &others)), ["data"]);
    }

    #[test]
    fn marks_that_the_state_lacks_are_taken_over_where_the_value_is_the_same() {
        let stored = attrs(&[("data", "hunter2".into()), ("secret", "old".into())]);
        let known = attrs(&[("data", Value::from("hunter2").mark(true)), ("secret", Value::from("new").mark(true))]);
        let taken = marks_lacking(&stored, &known).unwrap();
        assert_eq!(marked(&taken), ["data"]);
        assert_eq!(marks_lacking(&taken, &known), None);
    }
}
