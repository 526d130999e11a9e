//! A known value as an expression of the language.

use crate::value::{Kind, Value};

/// The expression that makes a value.
pub(super) fn encode(value: &Value) -> String {
    match value.kind() {
        Kind::Null(_) | Kind::Unknown(_) => "null".into(),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::String(text) => quoted(text),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            format!("[{}]", items.iter().map(encode).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(_, entries) | Kind::Object(entries) if entries.is_empty() => "{}".into(),
        Kind::Map(_, entries) | Kind::Object(entries) => {
            let key = |key: &str| if is_identifier(key) { key.to_owned() } else { quoted(key) };
            let lines: String = entries.iter().map(|(k, v)| format!("{} = {}\n", key(k), encode(v))).collect();
            format!("{{\n{lines}}}")
        }
    }
}

/// Whether a text can be a name.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for (i, c) in text.char_indices() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' | '%' if text[i + 1..].starts_with('{') => out.extend([c, c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
