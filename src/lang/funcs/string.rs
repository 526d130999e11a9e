//! Functions of text. Positions and lengths count what a reader sees as one character.

use super::FunctionError;
use super::args::{Args, WHOLE};
use super::function::{BOOL, Body, DYNAMIC, Function, Parameter, STRING, STRINGS, any, list_of_string, number, string};
use crate::value::{Name, Type, Value};
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    one_text("chomp", |a| text(a.text(0).trim_end_matches(['\r', '\n']))),
    Function::new("endswith", &[string("str"), string("suffix")], BOOL, |a| Ok(a.text(0).ends_with(a.text(1)).into())),
    Function::new("indent", &[number("spaces"), string("str")], STRING, indent),
    Function::new("join", &[string("separator")], STRING, join).variadic(list_of_string("lists")),
    one_text("lower", |a| text(a.text(0).chars().map(lower).collect::<String>())),
    Function::new("split", &[string("separator"), string("str")], STRINGS, split),
    Function::new("startswith", &[string("str"), string("prefix")], BOOL, |a| {
        Ok(a.text(0).starts_with(a.text(1)).into())
    }),
    Function::new("strcontains", &[string("str"), string("substr")], BOOL, |a| {
        Ok(a.text(0).contains(a.text(1)).into())
    }),
    one_text("strrev", |a| text(graphemes(a.text(0)).rev().collect::<String>())),
    Function::new("substr", &[string("str"), number("offset"), number("length")], STRING, substr),
    Function::new("templatestring", &[string("template"), any("vars").inside()], DYNAMIC, |a| {
        (a.ctx.render)(a.text(0), &variables(a, 1)?, "<templatestring argument>", a.budget)
    }),
    one_text("title", |a| text(title(a.text(0)))),
    Function::new("trim", &[string("str"), string("cutset")], STRING, |a| {
        text(a.text(0).trim_matches(|c| a.text(1).contains(c)))
    }),
    Function::new("trimprefix", &[string("str"), string("prefix")], STRING, |a| {
        text(a.text(0).strip_prefix(a.text(1)).unwrap_or(a.text(0)))
    }),
    one_text("trimspace", |a| text(a.text(0).trim())),
    Function::new("trimsuffix", &[string("str"), string("suffix")], STRING, |a| {
        text(a.text(0).strip_suffix(a.text(1)).unwrap_or(a.text(0)))
    }),
    one_text("upper", |a| text(a.text(0).chars().map(upper).collect::<String>())),
];

const fn one_text(name: &'static str, body: Body) -> Function {
    const STR: &[Parameter] = &[string("str")];
    Function::new(name, STR, STRING, body)
}

/// The single characters as a reader sees them.
pub(super) fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.graphemes(true)
}

fn text(result: impl AsRef<str>) -> Result<Value, FunctionError> {
    Ok(Value::string(result))
}

/// The single lower-case character that stands for `c`.
fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// The single upper-case character that stands for `c`; `c` itself where upper case takes several.
fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// Upper case for the first letter of a word; the digraphs of Latin have a form of their own.
fn title_case(c: char) -> char {
    match c {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        c => upper(c),
    }
}

fn title(text: &str) -> String {
    let separates = |c: char| match c {
        '_' => false,
        c if c.is_alphanumeric() => false,
        c if c.is_ascii() => true,
        c => c.is_whitespace(),
    };
    let mut start = true;
    text.chars()
        .map(|c| {
            let cased = if start { title_case(c) } else { c };
            start = separates(c);
            cased
        })
        .collect()
}

fn indent(a: &Args) -> Result<Value, FunctionError> {
    let Some(spaces) = a.number(0).to_i64() else { return Err(FunctionError::new(WHOLE)) };
    let Some(spaces) = usize::try_from(spaces).ok().filter(|s| *s <= 10_000) else {
        return Err(FunctionError::at(0, "must be a number of spaces from 0 to 10000"));
    };
    let lines = a.text(1).matches('\n').count();
    a.room(0, a.text(1).len().saturating_add(lines.saturating_mul(spaces)))?;
    text(a.text(1).replace('\n', &format!("\n{}", " ".repeat(spaces))))
}

fn join(a: &Args) -> Result<Value, FunctionError> {
    let lists = a.rest(1);
    if lists.is_empty() {
        return Err(FunctionError::new("at least one list is required"));
    }
    let mut texts = Vec::new();
    for (l, list) in lists.iter().enumerate() {
        for (i, element) in list.children().enumerate() {
            let Some(text) = element.as_str() else {
                let which = if lists.len() > 1 { format!(" of list {}", l + 1) } else { String::new() };
                let message = format!("element {i}{which} is null; cannot concatenate null values");
                return Err(FunctionError::at(1 + l, message));
            };
            texts.push(text);
        }
    }
    let length = texts.iter().map(|t| t.len()).sum::<usize>();
    a.room(0, length.saturating_add(a.text(0).len().saturating_mul(texts.len().saturating_sub(1))))?;
    text(texts.join(a.text(0)))
}

fn split(a: &Args) -> Result<Value, FunctionError> {
    let (separator, text) = (a.text(0), a.text(1));
    a.room(text.matches(separator).count(), text.len())?;
    if separator.is_empty() {
        return Ok(Value::strings(text.chars().map(String::from)));
    }
    Ok(Value::strings(text.split(separator)))
}

fn substr(a: &Args) -> Result<Value, FunctionError> {
    let (Some(offset), Some(length)) = (a.number(1).to_i64(), a.number(2).to_i64()) else {
        return Err(FunctionError::new(WHOLE));
    };
    let skip = if offset < 0 {
        let count = graphemes(a.text(0)).count();
        count.saturating_sub(usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX))
    } else {
        usize::try_from(offset).unwrap_or(usize::MAX)
    };
    // A negative length means the rest.
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    text(graphemes(a.text(0)).skip(skip).take(length).collect::<String>())
}

/// The argument at `index` as the variables of a template.
pub(super) fn variables(a: &Args, index: usize) -> Result<BTreeMap<Name, Value>, FunctionError> {
    let vars = a.value(index);
    if !matches!(vars.ty(), Type::Map(_) | Type::Object(_)) {
        return Err(FunctionError::at(index, "invalid vars value: must be a map"));
    }
    let sensitive = vars.is_sensitive();
    let mut variables = BTreeMap::new();
    for (name, value) in a.entries(index) {
        let mut chars = name.chars();
        let valid = chars.next().is_some_and(char::is_alphabetic) && chars.all(|c| c.is_alphanumeric() || c == '_');
        if !valid {
            return Err(FunctionError::at(
                index,
                format!(
                    "invalid template variable name {name:?}: must start with a letter, \
                     followed by zero or more letters, digits, and underscores"
                ),
            ));
        }
        variables.insert(name.clone(), value.clone().mark(sensitive));
    }
    Ok(variables)
}
