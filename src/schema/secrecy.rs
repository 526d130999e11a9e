//! Marks of secrets: a value that AWS gives back in another form, and a value computed from a sensitive one, keep
//! the mark.
//!
//! A row says of which others it is another form (`Attribute::repeats`). Beyond that a text is recognised that
//! holds a sensitive one, of the same object or of another (`schema::secrets`).

use super::secrets::Secrets;
use super::{Attribute, Attrs};
use crate::value::Value;

/// Attributes that identify an object are shown and referred to everywhere.
const PUBLIC: [&str; 2] = ["arn", "id"];
/// The ends of names of rows that identify another one.
const NAMES_OTHERS: [&str; 4] = ["_arn", "_arns", "_id", "_ids"];

/// `read` with the marks that follow from the sensitive arguments in `given`, and from the secrets of other objects,
/// which AWS may show in any object that they are a part of.
pub fn hidden(rows: &[Attribute], given: &Attrs, read: Attrs, others: &Secrets) -> Attrs {
    let some = [given, &read].into_iter().any(|attrs| attrs.iter().any(|(_, v)| v.has_sensitive()));
    if !some && others.is_empty() {
        return read;
    }
    let arguments = || rows.iter().filter(|row| row.is_argument()).filter_map(|row| given.get(row.name));
    let own = Secrets::among(arguments());
    let sensitive = |name: &str| [given, &read].into_iter().any(|a| a.get(name).is_some_and(Value::has_sensitive));
    // What the layout says in clear of this very object is not a secret of another one here.
    let counts = |secret: &str| !is_word(secret) && !arguments().any(|value| says(value, secret));
    let value = |name: &str, value: &Value| {
        let Some(row) = rows.iter().find(|row| row.name == name) else { return value.clone() };
        if value.is_null() || value.is_sensitive() || PUBLIC.contains(&name) {
            return value.clone();
        }
        let marked_where_given = given.get(name).is_some_and(Value::has_sensitive) && !value.has_sensitive();
        if marked_where_given || row.repeats.iter().any(|of| sensitive(of)) {
            return value.clone().mark(true);
        }
        let hidden = own.hide(value, &|_| true);
        match row.repeats.is_empty() {
            true if NAMES_OTHERS.iter().any(|end| name.ends_with(end)) => hidden,
            true => others.hide(&hidden, &counts),
            false => others.hide(&hidden, &|_| true),
        }
    };
    read.iter().map(|(name, v)| (name.clone(), value(name, v))).collect()
}

/// Too common to be taken for a secret where another object shows it: a database user named `postgres`.
fn is_word(text: &str) -> bool {
    text.len() < 16 && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn says(value: &Value, text: &str) -> bool {
    let here = || value.as_str().is_some_and(|said| said.contains(text));
    !value.is_sensitive() && (here() || value.children().any(|child| says(child, text)))
}

/// `stored` with the marks that `known`, the same object, has and it lacks; `None` if it lacks none.
pub fn marks_lacking(stored: &Attrs, known: &Attrs) -> Option<Attrs> {
    let lacks = |(name, value): (&crate::value::Name, &Value)| {
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
    use crate::value::Type;
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    fn rows() -> Vec<Attribute> {
        let text = |name| Attribute::new(name, Type::String);
        let repeats = |name, of| Attribute { repeats: of, ..text(name) };
        vec![
            text("id"),
            text("name"),
            text("secret"),
            text("document"),
            text("other_id"),
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
    fn another_form_of_a_sensitive_row_is_hidden() {
        let secret = ("data", Value::from("hunter2 and more").mark(true));
        let read = [("data_base64", Value::from("bm90IGl0")), ("name", Value::from("web"))];
        assert_eq!(hide(std::slice::from_ref(&secret), &read), ["data_base64"]);
        assert_eq!(hide(&[secret], &[("data_base64", Value::unknown(Type::String))]), ["data_base64"]);
    }

    #[test]
    fn a_text_that_repeats_a_secret_is_hidden_in_every_form() {
        let secret = "s3cr\"et-w0rd\n";
        let given = [("secret", Value::from(secret).mark(true))];
        let json = format!("{{\"Sid\":{}}}", crate::value::json::to_text(&secret.into()));
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

    fn beside(others: &[(&str, Value)], given: &[(&str, Value)], read: &[(&str, Value)]) -> Vec<String> {
        let mut others = Secrets::of([&attrs(others)]);
        others.seek();
        let hidden = hidden(&rows(), &attrs(given), attrs(read), &others);
        marked(&hidden).into_iter().map(String::from).collect()
    }

    #[test]
    fn secrets_given_to_other_objects_are_hidden() {
        let secret = "password=hunter2";
        let other = [("secret", Value::from(secret).mark(true))];
        for text in [secret.to_owned(), format!("# {secret}"), BASE64_STANDARD.encode(format!("#!/bin/sh\n{secret}"))] {
            let shown = |name| beside(&other, &[], &[(name, Value::from(&text))]);
            for name in ["data", "document", "name"] {
                assert_eq!(shown(name), [name], "{text}");
            }
            assert!(shown("id").is_empty() && shown("other_id").is_empty(), "{text}");
            let map = Value::map(Type::String, [("k".into(), Value::from(&text))].into());
            assert_eq!(beside(&other, &[], &[("settings", map)]), ["settings"], "{text}");
        }
        assert!(beside(&other, &[], &[("document", "password=hunter3".into())]).is_empty());
        let encoded = [("secret", Value::from(BASE64_STANDARD.encode(secret)).mark(true))];
        assert_eq!(beside(&encoded, &[], &[("data", secret.into())]), ["data"]);
    }

    #[test]
    fn a_policy_of_another_object_is_hidden_in_any_spelling() {
        let one = r#"{"Version":"2012-10-17","Statement":[{"Action":["a"],"Effect":"Allow"}]}"#;
        let same = r#"{ "Statement": { "Effect": "Allow", "Action": "a" }, "Version": "2012-10-17" }"#;
        let other = [("secret", Value::from(one).mark(true))];
        assert_eq!(beside(&other, &[], &[("document", same.into())]), ["document"]);
        assert!(beside(&other, &[], &[("document", same.replace('a', "b").into())]).is_empty());
    }

    #[test]
    fn what_the_layout_says_in_clear_stays_in_clear() {
        let other = |secret: &str| [("secret", Value::from(secret).mark(true))];
        assert!(beside(&other("postgres"), &[], &[("document", "postgres16".into())]).is_empty());
        let given = [("name", Value::from("orders-db-1"))];
        let read = [("name", Value::from("orders-db-1")), ("document", "orders-db-1.example".into())];
        assert!(beside(&other("orders-db"), &given, &read).is_empty());
        assert_eq!(beside(&other("orders-db"), &[], &read), ["document", "name"]);
    }

    #[test]
    fn missing_marks_are_taken_over_from_equal_values() {
        let stored = attrs(&[("data", "hunter2".into()), ("secret", "old".into())]);
        let known = attrs(&[("data", Value::from("hunter2").mark(true)), ("secret", Value::from("new").mark(true))]);
        let taken = marks_lacking(&stored, &known).unwrap();
        assert_eq!(marked(&taken), ["data"]);
        assert_eq!(marks_lacking(&taken, &known), None);
    }
}
