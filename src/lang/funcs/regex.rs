//! Regular expressions in Go's dialect of RE2, run by the `regex` crate.

use super::FunctionError;
use super::args::Args;
use super::function::{DYNAMIC, Function, STRING, string};
use crate::value::{Size, Type, Value};
use regex::{Captures, Regex};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("regex", &[string("pattern"), string("string")], match_type, |a| {
        let (regex, shape) = pattern(a)?;
        match regex.captures(a.text(1)) {
            Some(found) => Ok(shape.value(&regex, &found)),
            None => Err(FunctionError::new("pattern did not match any part of the given string")),
        }
    }),
    Function::new(
        "regexall",
        &[string("pattern"), string("string")],
        |a| Ok(Type::list(match_type(a)?)),
        |a| {
            let (regex, shape) = pattern(a)?;
            let (mut all, mut size) = (Vec::new(), Size::default());
            for found in regex.captures_iter(a.text(1)) {
                a.step(STEPS)?;
                let value = shape.value(&regex, &found);
                size = size.with(value.size());
                a.budget.room(size.elements.into(), size.bytes.into())?;
                all.push(value);
            }
            Ok(Value::list(shape.ty(&regex), all))
        },
    ),
    Function::new("replace", &[string("str"), string("substr"), string("replace")], STRING, replace),
];

/// The cost of finding a match, in steps of evaluation.
const STEPS: usize = 5;

/// The value of a match, by the groups of its pattern.
enum Shape {
    Whole,
    Tuple,
    Object,
}

impl Shape {
    fn ty(&self, regex: &Regex) -> Type {
        match self {
            Shape::Whole => Type::String,
            Shape::Tuple => Type::tuple(vec![Type::String; regex.captures_len() - 1]),
            Shape::Object => Type::object(regex.capture_names().flatten().map(|name| (name, Type::String))),
        }
    }

    fn value(&self, regex: &Regex, found: &Captures<'_>) -> Value {
        let group = |text: Option<regex::Match<'_>>| Value::from(text.map(|m| m.as_str()));
        match self {
            Shape::Whole => group(found.get(0)),
            Shape::Tuple => Value::tuple(found.iter().skip(1).map(group).collect()),
            Shape::Object => Value::object(regex.capture_names().flatten().map(|name| (name, group(found.name(name))))),
        }
    }
}

fn match_type(a: &Args) -> Result<Type, FunctionError> {
    if a.value(0).is_unknown() {
        return DYNAMIC(a);
    }
    let (regex, shape) = pattern(a)?;
    Ok(shape.ty(&regex))
}

fn pattern(a: &Args) -> Result<(Regex, Shape), FunctionError> {
    let wrong = |reason: String| FunctionError::at(0, format!("invalid regexp pattern: {reason}"));
    let regex = compile(a.text(0)).map_err(wrong)?;
    let groups = regex.captures_len() - 1;
    let named = regex.capture_names().flatten().count();
    let shape = match (groups, named) {
        (0, _) => Shape::Whole,
        (_, 0) => Shape::Tuple,
        (groups, named) if groups == named => Shape::Object,
        _ => return Err(wrong("cannot mix both named and unnamed capture groups".into())),
    };
    Ok((regex, shape))
}

fn replace(a: &Args) -> Result<Value, FunctionError> {
    let (text, old, new) = (a.text(0), a.text(1), a.text(2));
    let pattern = old.strip_prefix('/').and_then(|o| o.strip_suffix('/'));
    let Some(pattern) = pattern else {
        let times = text.matches(old).count();
        a.room(0, text.len().saturating_sub(times * old.len()).saturating_add(times.saturating_mul(new.len())))?;
        return Ok(text.replace(old, new).into());
    };
    let regex = compile(pattern).map_err(|e| FunctionError::new(format!("error parsing regexp: {e}")))?;
    let groups = new.matches('$').count();
    let (mut out, mut done) = (String::new(), 0);
    for found in regex.captures_iter(text) {
        let Some(all) = found.get(0) else { continue };
        a.step(STEPS)?;
        out.push_str(&text[done..all.start()]);
        let most = new.len().saturating_add(groups.saturating_mul(all.len()));
        a.room(0, out.len().saturating_add(most))?;
        found.expand(new, &mut out);
        done = all.end();
    }
    out.push_str(&text[done..]);
    Ok(Value::string(out))
}

/// Compiles a pattern, or says in one line what is wrong with it.
fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(&translate(pattern)).map_err(|e| {
        let message = e.to_string();
        let reason = message.lines().last().unwrap_or_default();
        format!("{} in {pattern}", reason.strip_prefix("error: ").unwrap_or(reason))
    })
}

/// Writes a pattern of RE2 so that the `regex` crate gives it RE2's meaning: `\d`, `\w`, `\s` and
/// `\b` are of ASCII, braces that are no repetition are literal, and so is what the crate alone
/// gives a meaning inside a class.
fn translate(pattern: &str) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = String::with_capacity(pattern.len());
    let mut i = 0;
    // Where the class that we are in has its first member, if we are in one.
    let mut class: Option<usize> = None;
    while let Some(&c) = chars.get(i) {
        match (c, chars.get(i + 1), class) {
            ('\\', Some('Q'), None) => {
                let rest: String = chars.iter().skip(i + 2).collect();
                let literal = rest.split("\\E").next().unwrap_or_default();
                out.push_str(&regex::escape(literal));
                i += 2 + literal.chars().count();
                i += if rest.len() > literal.len() { 2 } else { 0 };
                continue;
            }
            ('\\', Some(&escaped), _) => {
                match escaped {
                    'd' => out.push_str("[0-9]"),
                    'D' => out.push_str("[^0-9]"),
                    'w' => out.push_str("[0-9A-Za-z_]"),
                    'W' => out.push_str("[^0-9A-Za-z_]"),
                    's' => out.push_str(r"[\t\n\f\r ]"),
                    'S' => out.push_str(r"[^\t\n\f\r ]"),
                    'b' => out.push_str(r"(?-u:\b)"),
                    'B' => out.push_str(r"(?-u:\B)"),
                    '<' | '>' => out.push(escaped),
                    other => out.extend(['\\', other]),
                }
                i += 2;
                continue;
            }
            ('[', Some(':'), Some(_)) if let Some(end) = named_class_end(&chars, i) => {
                out.extend(chars.iter().skip(i).take(end - i));
                i = end;
                continue;
            }
            ('[', _, Some(_)) => out.push_str("\\["),
            ('&' | '~', Some(next), Some(_)) if *next == c => out.extend(['\\', c]),
            ('-', Some('-'), Some(_)) => out.push_str("\\-"),
            (']', _, Some(first)) if i > first => {
                out.push(']');
                class = None;
            }
            (']', _, Some(_)) => out.push_str("\\]"),
            ('[', next, None) => {
                out.push('[');
                if next == Some(&'^') {
                    out.push('^');
                    i += 1;
                }
                class = Some(i + 1);
            }
            ('{', _, None) if !is_repetition(&chars, i) => out.push_str("\\{"),
            (c, _, _) => out.push(c),
        }
        i += 1;
    }
    out
}

/// Where `[:name:]` ends, if it starts at `start`.
fn named_class_end(chars: &[char], start: usize) -> Option<usize> {
    let end = (start + 2..chars.len()).find(|&i| !chars[i].is_ascii_alphabetic() && chars[i] != '^')?;
    (chars.get(end) == Some(&':') && chars.get(end + 1) == Some(&']')).then_some(end + 2)
}

fn is_repetition(chars: &[char], open: usize) -> bool {
    let inside: String = chars.iter().skip(open + 1).take_while(|c| **c != '}').collect();
    let closed = chars.get(open + 1 + inside.chars().count()) == Some(&'}');
    let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    closed && !least.is_empty() && digits(least) && digits(most)
}
