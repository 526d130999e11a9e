//! `format` and `formatlist`: the verbs of Terraform's subset of Go's `fmt`.

mod number;
mod spec;

use super::FunctionError;
use super::args::Args;
use super::function::{Function, STRING, STRINGS, any, string};
use super::string::graphemes;
use crate::value::convert::convert;
use crate::value::{Kind, Type, Value, json};
use spec::{Part, Spec};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", &[string("format")], STRING, |a| {
        let arguments: Vec<&Value> = a.rest(1).iter().collect();
        Ok(Value::string(format(a, a.text(0), &arguments, 0)?))
    })
    .variadic(any("args").null()),
    Function::new("formatlist", &[string("format")], STRINGS, formatlist).variadic(any("args").null()),
];

fn formatlist(a: &Args) -> Result<Value, FunctionError> {
    let arguments = a.rest(1);
    let mut length: Option<(usize, usize)> = None;
    for (i, argument) in arguments.iter().enumerate() {
        let Some(elements) = argument.as_elements() else { continue };
        let (first, expected) = *length.get_or_insert((i, elements.len()));
        if elements.len() != expected {
            return Err(FunctionError::at(
                1 + i,
                format!(
                    "argument {} has length {}, which is inconsistent with argument {} of length {expected}",
                    i + 1,
                    elements.len(),
                    first + 1
                ),
            ));
        }
    }
    let mut texts: Vec<String> = Vec::new();
    let mut bytes = 0usize;
    a.room(length.map_or(1, |(_, length)| length), 0)?;
    for i in 0..length.map_or(1, |(_, length)| length) {
        let row: Vec<&Value> = arguments.iter().map(|v| v.as_elements().and_then(|e| e.get(i)).unwrap_or(v)).collect();
        let text = format(a, a.text(0), &row, bytes).map_err(|e| match e.argument {
            Some(_) => e,
            None if e.excess.is_some() => e,
            None => FunctionError::new(format!("error on format iteration {i}: {}", e.message)),
        })?;
        bytes += text.len();
        texts.push(text);
    }
    Ok(Value::strings(texts))
}

/// The text, after `before` bytes that are there already.
fn format(a: &Args, template: &str, arguments: &[&Value], before: usize) -> Result<String, FunctionError> {
    let mut text = String::new();
    let mut next = 0;
    let mut used = 0;
    for part in spec::parse(template)? {
        let spec = match part {
            Part::Literal(literal) => {
                text.push_str(literal);
                continue;
            }
            Part::Verb(spec) => spec,
        };
        let index = spec.argument.unwrap_or(next);
        let Some(argument) = arguments.get(index) else {
            return Err(FunctionError::new(format!(
                "not enough arguments for {:?} at {}: need index {} but have {} total",
                spec.raw,
                spec.offset,
                index + 1,
                arguments.len()
            )));
        };
        next = index + 1;
        used = used.max(next);
        text.push_str(&verb(&spec, argument)?);
        a.room(0, before.saturating_add(text.len()))?;
    }
    if used < arguments.len() {
        let message = match used {
            0 => "too many arguments; no verbs in format string".to_owned(),
            n => format!("too many arguments; only {n} used by format string"),
        };
        return Err(FunctionError::at(1 + used, message));
    }
    Ok(text)
}

fn verb(spec: &Spec<'_>, argument: &Value) -> Result<String, FunctionError> {
    let wrong =
        |reason: &str| FunctionError::new(format!("unsupported value for {:?} at {}: {reason}", spec.raw, spec.offset));
    let as_type = |ty: &Type| {
        if argument.is_null() {
            return Err(wrong("null value cannot be formatted"));
        }
        convert(argument, ty).map_err(|e| wrong(&e.message))
    };
    let as_number = || as_type(&Type::Number);
    match spec.verb {
        'v' if spec.sharp => Ok(pad(spec, json::to_text(argument))),
        'v' => match argument.kind() {
            Kind::String(s) => Ok(pad(spec, s.to_string())),
            Kind::Number(n) => Ok(pad(spec, number::general(n, None, 'e'))),
            _ => Ok(pad(spec, json::to_text(argument))),
        },
        's' | 'q' => {
            let value = as_type(&Type::String)?;
            let text = value.as_str().unwrap_or_default();
            let text = match spec.precision {
                Some(most) => graphemes(text).take(most).collect(),
                None => text.to_owned(),
            };
            let text = if spec.verb == 'q' { json::to_text(&Value::string(text)) } else { text };
            Ok(pad(spec, text))
        }
        't' => Ok(if as_type(&Type::Bool)?.as_bool() == Some(true) { "true" } else { "false" }.to_owned()),
        'b' | 'd' | 'o' | 'x' | 'X' => {
            let value = as_number()?;
            let integer = value.as_number().and_then(|n| n.to_integer());
            let integer = integer.ok_or_else(|| wrong("an integer is required"))?;
            Ok(number::pad(spec, integer < 0.into(), number::integer(spec, &integer)))
        }
        'e' | 'E' | 'f' | 'g' | 'G' => {
            let value = as_number()?;
            let Some(n) = value.as_number() else { return Err(wrong("a number is required")) };
            let magnitude = n.abs();
            let digits = match spec.verb {
                'f' => number::fixed(&magnitude, spec.precision.unwrap_or(6)),
                'g' => number::general(&magnitude, spec.precision, 'e'),
                'G' => number::general(&magnitude, spec.precision, 'E'),
                letter => number::scientific(&magnitude, spec.precision.unwrap_or(6), letter),
            };
            Ok(number::pad(spec, n.signum() < 0, digits))
        }
        other => Err(FunctionError::new(format!(
            "unsupported format verb '{other}' in {:?} at offset {}",
            spec.raw, spec.offset
        ))),
    }
}

/// `text` as wide as asked for.
fn pad(spec: &Spec<'_>, text: String) -> String {
    if spec.width == 0 {
        return text;
    }
    let missing = spec.width.saturating_sub(graphemes(&text).count());
    match (spec.minus, spec.zero) {
        (true, _) => format!("{text}{}", " ".repeat(missing)),
        (false, true) => format!("{}{text}", "0".repeat(missing)),
        (false, false) => format!("{}{text}", " ".repeat(missing)),
    }
}
