//! Numbers as the numeric verbs write them, from the exact value.

use super::spec::Spec;
use crate::value::Number;
use dashu_base::Abs;
use dashu_int::IBig;

/// Sign and digits, as wide as asked for; zeros go between the two.
pub(super) fn pad(spec: &Spec<'_>, negative: bool, digits: String) -> String {
    let sign = match (negative, spec.plus, spec.space) {
        (true, _, _) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    let missing = spec.width.saturating_sub(sign.len() + digits.len());
    match (spec.minus, spec.zero) {
        (true, _) => format!("{sign}{digits}{}", " ".repeat(missing)),
        (false, true) => format!("{sign}{}{digits}", "0".repeat(missing)),
        (false, false) => format!("{}{sign}{digits}", " ".repeat(missing)),
    }
}

/// The magnitude in the verb's base, with its prefix if asked for.
pub(super) fn integer(spec: &Spec<'_>, value: &IBig) -> String {
    let magnitude = value.clone().abs();
    let (base, prefix) = match spec.verb {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = magnitude.in_radix(base).to_string();
    if spec.verb == 'X' {
        digits.make_ascii_uppercase();
    }
    if spec.precision == Some(0) && digits == "0" {
        digits.clear();
    }
    let digits = format!("{digits:0>width$}", width = spec.precision.unwrap_or(0));
    if spec.sharp { format!("{prefix}{digits}") } else { digits }
}

/// With `places` digits after the point.
pub(super) fn fixed(value: &Number, places: usize) -> String {
    point(&value.scaled(signed(places)).to_string(), places)
}

fn signed(places: usize) -> i64 {
    i64::try_from(places).unwrap_or(i64::MAX)
}

fn point(digits: &str, places: usize) -> String {
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Digits without leading or trailing zeros, and how many of them stand before the point.
struct Digits {
    digits: String,
    whole: i64,
}

/// The fewest digits that identify the number.
fn shortest(value: &Number) -> Digits {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    trimmed(&format!("{whole}{fraction}"), signed(whole.len()))
}

fn trimmed(digits: &str, whole: i64) -> Digits {
    let significant = digits.trim_start_matches('0');
    let leading = signed(digits.len() - significant.len());
    let digits = significant.trim_end_matches('0').to_owned();
    Digits { whole: if digits.is_empty() { 1 } else { whole - leading }, digits }
}

/// The number rounded to `count` digits.
fn rounded(value: &Number, count: usize) -> Digits {
    let whole = shortest(value).whole;
    let digits = value.scaled(signed(count) - whole).to_string();
    let carried = signed(digits.len()) > signed(count);
    trimmed(&digits, whole + i64::from(carried))
}

/// One digit, `places` after the point, and an exponent after `letter`.
pub(super) fn scientific(value: &Number, places: usize, letter: char) -> String {
    exponent_form(&rounded(value, places + 1), places, letter)
}

fn exponent_form(d: &Digits, places: usize, letter: char) -> String {
    let exponent = d.whole - 1;
    let digits = format!("{:0<width$}", d.digits, width = places + 1);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}{letter}{sign}{:02}", point(&digits, places), exponent.abs())
}

/// Plain or with an exponent, whichever suits the size, without trailing zeros.
pub(super) fn general(value: &Number, precision: Option<usize>, letter: char) -> String {
    let sign = if value.signum() < 0 { "-" } else { "" };
    let value = value.abs();
    let d = match precision {
        Some(precision) => rounded(&value, precision.max(1)),
        None => shortest(&value),
    };
    let count = signed(d.digits.len());
    let most = match precision {
        None => 6,
        Some(p) if signed(p) > count && count >= d.whole => count,
        Some(p) => signed(p.max(1)),
    };
    let exponent = d.whole - 1;
    if exponent < -4 || exponent >= most {
        return format!("{sign}{}", exponent_form(&d, d.digits.len().saturating_sub(1), letter));
    }
    let places = usize::try_from(count - d.whole).unwrap_or(0);
    let zeros = usize::try_from(d.whole - count).unwrap_or(0);
    let digits = format!("{}{}", d.digits, "0".repeat(zeros));
    format!("{sign}{}", point(&digits, places))
}
