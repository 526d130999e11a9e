//! The value of an unquoted word of YAML: null, a truth value, a number, a date or text.

use crate::lang::funcs::time::Moment;
use crate::value::{Number, Value};
use dashu_int::IBig;

/// The value of a scalar. A tag asks for a kind, which quoted text only takes for text.
pub(super) fn value(text: &str, plain: bool, tag: Option<&str>) -> Result<Value, String> {
    let cannot = |what: &str| format!("cannot parse {text:?} as {what}");
    match tag {
        Some("str" | "binary") => return Ok(text.into()),
        Some("timestamp") => return date(text).map(Value::from).ok_or_else(|| cannot("a timestamp")),
        Some("int" | "float") if plain => {
            return number(text)?.map(Value::from).ok_or_else(|| cannot("a number"));
        }
        Some("bool") if plain => return truth(text).map(Value::from).ok_or_else(|| cannot("a bool")),
        _ => {}
    }
    if !plain {
        return Ok(text.into());
    }
    if matches!(text, "" | "~" | "null" | "Null" | "NULL") {
        return Ok(Value::any_null());
    }
    if let Some(truth) = truth(text) {
        return Ok(truth.into());
    }
    if let Some(number) = number(text)? {
        return Ok(number.into());
    }
    Ok(Value::string(date(text).unwrap_or_else(|| text.to_owned())))
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Result<Option<Number>, String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Err("an infinite number is not supported".into());
    }
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err("floating point NaN is not supported".into());
    }
    let based = [("0x", 16), ("0o", 8)].into_iter().find_map(|(prefix, base)| {
        let digits = text.strip_prefix(prefix).filter(|d| d.chars().all(|c| c.is_digit(base)))?;
        IBig::from_str_radix(digits, base).ok()
    });
    Ok(based.map(Number::from).or_else(|| Number::parse(text)))
}

/// A date, with or without time, as a timestamp of RFC 3339.
fn date(text: &str) -> Option<String> {
    let spelled = text.get(..10).filter(|d| d.as_bytes().iter().filter(|b| **b == b'-').count() == 2)?;
    let full = match text.get(10..)? {
        "" => format!("{spelled}T00:00:00Z"),
        _ => text.replacen(['t', ' '], "T", 1),
    };
    Moment::parse(&full).ok().map(|moment| moment.to_string())
}
