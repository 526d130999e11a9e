//! Values on one line, as the language writes them; fit for a terminal: no control character
//! survives, and no sensitive value.

use super::value_diff::SENSITIVE;
use crate::value::{Kind, Number, Value};

/// Printed in place of a value that is unknown until apply.
pub const UNKNOWN: &str = "(known after apply)";

/// A value on one line.
pub fn inline(value: &Value) -> String {
    if value.is_sensitive() {
        return SENSITIVE.into();
    }
    let joined = |parts: Vec<String>, open: &str, close: &str| format!("{open}{}{close}", parts.join(", "));
    match value.kind() {
        Kind::Null(_) => "null".into(),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::String(s) => quoted(s),
        Kind::Unknown(_) => UNKNOWN.into(),
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => joined(vs.iter().map(inline).collect(), "[", "]"),
        Kind::Map(_, vs) if vs.is_empty() => "{}".into(),
        Kind::Object(vs) if vs.is_empty() => "{}".into(),
        Kind::Map(_, vs) => {
            joined(vs.iter().map(|(k, v)| format!("{} = {}", quoted(k), inline(v))).collect(), "{ ", " }")
        }
        Kind::Object(vs) => joined(vs.iter().map(|(k, v)| format!("{} = {}", key(k), inline(v))).collect(), "{ ", " }"),
    }
}

/// Text in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            c => push_printable(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// A line of text without quotes: printable, else as it is.
pub fn printable(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if c == '\t' { out.push(c) } else { push_printable(&mut out, c) }
    }
    out
}

/// Control characters, and those that turn the direction of writing, would let a value repaint the
/// terminal.
fn push_printable(out: &mut String, c: char) {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_control() || turns { out.push_str(&format!("\\u{:04x}", u32::from(c))) } else { out.push(c) }
}

/// The name of an attribute; in quotes where it is not an identifier.
pub fn key(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if plain { name.to_owned() } else { quoted(name) }
}

/// The key of a map.
pub fn quoted_key(name: &str) -> String {
    quoted(name)
}

/// The document, if the text is a JSON array or object.
pub fn json_document(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str::<serde_json::Value>(text).ok().map(from_json)
}

fn from_json(value: serde_json::Value) -> Value {
    use serde_json::Value as J;
    match value {
        J::Null => Value::any_null(),
        J::Bool(b) => b.into(),
        J::Number(n) => {
            let text = n.to_string();
            Number::parse(&text).map_or_else(|| Value::string(&text), Value::from)
        }
        J::String(s) => Value::string(s),
        J::Array(vs) => Value::tuple(vs.into_iter().map(from_json).collect()),
        J::Object(vs) => Value::object(vs.into_iter().map(|(k, v)| (k, from_json(v)))),
    }
}
