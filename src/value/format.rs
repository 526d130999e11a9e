//! Values and types as the console shows them: in the syntax of the language, so that what is
//! printed could be typed again. Sensitive values are never shown.

use crate::value::{Kind, Type, Value};
use std::fmt::Write;

/// A value as the console prints it, over several lines where it is long. Ends without a newline.
pub fn format_value(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, 0);
    out
}

/// A type as the console's `type` prints it.
pub fn format_type(ty: &Type) -> String {
    let mut out = String::new();
    write_type(&mut out, ty, 0);
    out
}

fn write_value(out: &mut String, value: &Value, indent: usize) {
    match value.kind() {
        Kind::Unknown(_) => out.push_str("(known after apply)"),
        _ if value.is_sensitive() => out.push_str("(sensitive value)"),
        Kind::Null(ty) => out.push_str(&null(ty)),
        Kind::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Kind::Number(n) => out.push_str(&n.to_string()),
        Kind::String(s) if s.contains('\n') => write_heredoc(out, s, indent),
        Kind::String(s) => out.push_str(&quote(s)),
        Kind::Tuple(vs) => write_sequence(out, vs, indent),
        Kind::List(_, vs) => wrapped(out, "tolist", |out| write_sequence(out, vs, indent)),
        Kind::Set(_, vs) => wrapped(out, "toset", |out| write_sequence(out, vs, indent)),
        Kind::Object(vs) => write_mapping(out, vs.iter(), indent),
        Kind::Map(_, vs) => wrapped(out, "tomap", |out| write_mapping(out, vs.iter(), indent)),
    }
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "null".into(),
        Type::Bool | Type::Number | Type::String => format!("to{ty}(null)"),
        Type::List(t) => format!("tolist(null) /* of {} */", t.friendly()),
        Type::Set(t) => format!("toset(null) /* of {} */", t.friendly()),
        Type::Map(t) => format!("tomap(null) /* of {} */", t.friendly()),
        Type::Tuple(_) | Type::Object(_) => format!("null /* {} */", ty.friendly()),
    }
}

fn wrapped(out: &mut String, function: &str, inner: impl FnOnce(&mut String)) {
    out.push_str(function);
    out.push('(');
    inner(out);
    out.push(')');
}

fn new_line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn write_sequence(out: &mut String, values: &[Value], indent: usize) {
    out.push('[');
    for value in values {
        new_line(out, indent + 2);
        write_value(out, value, indent + 2);
        out.push(',');
    }
    if !values.is_empty() {
        new_line(out, indent);
    }
    out.push(']');
}

fn write_mapping<'v>(
    out: &mut String,
    entries: impl ExactSizeIterator<Item = (&'v crate::value::Name, &'v Value)>,
    indent: usize,
) {
    let empty = entries.len() == 0;
    out.push('{');
    for (key, value) in entries {
        new_line(out, indent + 2);
        match key.contains('\n') {
            true => write_heredoc(out, key, indent + 2),
            false => out.push_str(&quote(key)),
        }
        out.push_str(" = ");
        write_value(out, value, indent + 2);
    }
    if !empty {
        new_line(out, indent);
    }
    out.push('}');
}

fn write_heredoc(out: &mut String, text: &str, indent: usize) {
    let mut marker = "EOT".to_owned();
    while text.split('\n').any(|line| line.trim() == marker) {
        marker.push('_');
    }
    out.push_str(if indent > 0 { "<<-" } else { "<<" });
    out.push_str(&marker);
    for line in text.split('\n').chain([marker.as_str()]) {
        new_line(out, indent);
        out.push_str(line);
    }
}

/// Text in double quotes, with everything escaped that a terminal does not show as itself.
fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if (c as u32) < 0x20 || c == '\u{7f}' => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if c.is_control() || is_invisible(c) => {
                let code = c as u32;
                let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Whether a character leaves no mark of its own, or turns the direction of writing.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{ad}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}' | '\u{e000}'..='\u{f8ff}')
}

fn write_type(out: &mut String, ty: &Type, indent: usize) {
    let line = |out: &mut String, indent: usize| new_line(out, indent * 4);
    match ty {
        Type::Dynamic => out.push_str("dynamic"),
        Type::Bool | Type::Number | Type::String => out.push_str(&ty.friendly()),
        Type::Object(attributes) => {
            out.push_str("object({");
            for (name, ty) in attributes.iter() {
                line(out, indent + 1);
                let _ = write!(out, "{name}: ");
                write_type(out, ty, indent + 1);
                out.push(',');
            }
            if !attributes.is_empty() {
                line(out, indent);
            }
            out.push_str("})");
        }
        Type::Tuple(elements) => {
            out.push_str("tuple([");
            for ty in elements.iter() {
                line(out, indent + 1);
                write_type(out, ty, indent + 1);
                out.push(',');
            }
            if !elements.is_empty() {
                line(out, indent);
            }
            out.push_str("])");
        }
        Type::List(element) | Type::Set(element) | Type::Map(element) => {
            out.push_str(match ty {
                Type::List(_) => "list(",
                Type::Set(_) => "set(",
                _ => "map(",
            });
            let structural = matches!(**element, Type::Object(_) | Type::Tuple(_));
            if structural {
                line(out, indent + 1);
            }
            write_type(out, element, indent + usize::from(structural));
            if structural {
                out.push(',');
                line(out, indent);
            }
            out.push(')');
        }
    }
}
