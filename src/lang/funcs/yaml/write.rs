//! Values as YAML in Terraform's style: text always quoted, several lines as a block.

use crate::value::{Kind, Value};
use std::fmt::Write;

/// The column after which quoted text is folded.
const WIDTH: usize = 80;

/// The value as a document.
pub fn encode(value: &Value) -> String {
    let mut out = String::new();
    node(&mut out, value, 0);
    if matches!(value.kind(), Kind::Number(_) | Kind::Bool(_) | Kind::Null(_) | Kind::Unknown(_)) {
        out.push_str("...\n");
    }
    out
}

/// Writes a value where the cursor is, and ends the line. Its further lines are indented by `indent`.
fn node(out: &mut String, value: &Value, indent: usize) {
    match value.kind() {
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) if vs.is_empty() => out.push_str("[]\n"),
        Kind::Map(_, vs) | Kind::Object(vs) if vs.is_empty() => out.push_str("{}\n"),
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) => {
            for (i, v) in vs.iter().enumerate() {
                start_line(out, i, indent);
                out.push_str("- ");
                node(out, v, indent + 2);
            }
        }
        Kind::Map(_, vs) | Kind::Object(vs) => {
            for (i, (name, v)) in vs.iter().enumerate() {
                start_line(out, i, indent);
                quoted(out, name, indent);
                out.push(':');
                entry(out, v, indent);
            }
        }
        Kind::String(s) => text(out, s, indent),
        Kind::Number(n) => end(out, &n.to_string()),
        Kind::Bool(b) => end(out, &b.to_string()),
        Kind::Null(_) | Kind::Unknown(_) => end(out, "null"),
    }
}

fn end(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

fn start_line(out: &mut String, index: usize, indent: usize) {
    if index > 0 {
        out.push_str(&" ".repeat(indent));
    }
}

/// The value after a key: scalars and what is empty on the same line, the rest below it.
fn entry(out: &mut String, value: &Value, indent: usize) {
    let nested = match value.kind() {
        Kind::List(_, vs) | Kind::Set(_, vs) | Kind::Tuple(vs) if !vs.is_empty() => Some(indent),
        Kind::Map(_, vs) | Kind::Object(vs) if !vs.is_empty() => Some(indent + 2),
        _ => None,
    };
    match nested {
        Some(nested) => {
            out.push('\n');
            out.push_str(&" ".repeat(nested));
            node(out, value, nested);
        }
        None => {
            out.push(' ');
            node(out, value, indent + 2);
        }
    }
}

fn text(out: &mut String, text: &str, indent: usize) {
    let printable = |c: char| c == '\n' || !(c.is_control() || c == '\u{feff}');
    let block = text.contains('\n') && text.chars().all(printable) && !text.lines().any(|line| line.ends_with(' '));
    if !block {
        quoted(out, text, indent);
        out.push('\n');
        return;
    }
    let nested = if indent == 0 { 2 } else { indent };
    let lead = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let chomp = match text.strip_suffix('\n') {
        None => "-",
        Some(rest) if rest.is_empty() || rest.ends_with('\n') => "+",
        Some(_) => "",
    };
    out.push('|');
    out.push_str(lead);
    out.push_str(chomp);
    out.push('\n');
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.push_str(&" ".repeat(nested));
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Double-quoted, folded at spaces where it would be too wide.
fn quoted(out: &mut String, text: &str, indent: usize) {
    let column = |out: &str| out.len() - out.rfind('\n').map_or(0, |n| n + 1);
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            '\0' => escaped.push_str("\\0"),
            '\u{7}' => escaped.push_str("\\a"),
            '\u{8}' => escaped.push_str("\\b"),
            '\u{b}' => escaped.push_str("\\v"),
            '\u{c}' => escaped.push_str("\\f"),
            '\u{1b}' => escaped.push_str("\\e"),
            '\u{85}' => escaped.push_str("\\N"),
            '\u{a0}' => escaped.push_str("\\_"),
            '\u{2028}' => escaped.push_str("\\L"),
            '\u{2029}' => escaped.push_str("\\P"),
            '\u{feff}' => escaped.push_str("\\uFEFF"),
            c if c.is_control() => {
                let _ = write!(escaped, "\\x{:02X}", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    out.push('"');
    let characters: Vec<char> = escaped.chars().collect();
    for (i, c) in characters.iter().enumerate() {
        let next = characters.get(i + 1);
        let between = i > 0 && next.is_some_and(|n| *n != ' ') && characters.get(i - 1) != Some(&' ');
        if *c == ' ' && between && column(out) > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent.max(2)));
        } else {
            out.push(*c);
        }
    }
    out.push('"');
}
