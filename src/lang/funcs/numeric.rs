//! Functions of numbers.

use super::FunctionError;
use super::args::{Args, WHOLE};
use super::function::{Function, NUMBER, any, number};
use crate::value::convert::convert;
use crate::value::number::MOST_DIGITS;
use crate::value::{Number, Type, Value};
use dashu_int::IBig;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[number("num")], NUMBER, |a| Ok(a.number(0).abs().into())),
    Function::new("ceil", &[number("num")], NUMBER, |a| Ok(a.number(0).ceil().into())),
    Function::new("floor", &[number("num")], NUMBER, |a| Ok(a.number(0).floor().into())),
    Function::new("log", &[number("num"), number("base")], NUMBER, |a| {
        finite(libm::log(a.number(0).to_f64()) / libm::log(a.number(1).to_f64()))
    }),
    Function::new("max", &[], NUMBER, |a| extreme(a.rest(0).iter().max())).variadic(number("numbers")),
    Function::new("min", &[], NUMBER, |a| extreme(a.rest(0).iter().min())).variadic(number("numbers")),
    Function::new("parseint", &[any("number"), number("base")], NUMBER, parseint),
    Function::new("pow", &[number("num"), number("power")], NUMBER, |a| {
        finite(power(a.number(0).to_f64(), a.number(1).to_f64()))
    }),
    Function::new("signum", &[number("num")], NUMBER, |a| {
        a.number(0).to_i64().map(|n| n.signum().into()).ok_or_else(|| FunctionError::new(WHOLE))
    }),
    Function::new("sum", &[any("list")], NUMBER, sum),
];

fn finite(result: f64) -> Result<Value, FunctionError> {
    Number::from_f64(result).map(Value::from).ok_or_else(|| FunctionError::new("the result is not a finite number"))
}

/// `base` to the power of `exponent`. Whole powers are multiplied out on the mantissa alone, which
/// rounds as Terraform does and otherwise than `powf`.
fn power(base: f64, exponent: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    if exponent.fract() != 0.0 || exponent.abs() >= 1e6 || !base.is_normal() {
        return base.powf(exponent);
    }
    let bits = base.to_bits();
    // The mantissa from 0.5 to 1, with the sign, and the exponent of two that belongs to it.
    let mut mantissa = f64::from_bits((bits & (MANTISSA | 1 << 63)) | (1022 << 52));
    let mut twos = i64::from(u16::try_from((bits >> 52) & 0x7ff).unwrap_or_default()) - 1022;
    let (mut product, mut shift) = (1.0, 0i64);
    let mut left = exponent.abs() as u64;
    while left != 0 && twos.abs() < 1 << 40 {
        if left & 1 == 1 {
            product *= mantissa;
            shift += twos;
        }
        mantissa *= mantissa;
        twos *= 2;
        if mantissa.abs() < 0.5 {
            mantissa *= 2.0;
            twos -= 1;
        }
        left >>= 1;
    }
    if exponent < 0.0 {
        (product, shift) = (1.0 / product, -shift);
    }
    match i32::try_from(shift) {
        Ok(shift) if shift.abs() < 1000 => product * 2f64.powi(shift),
        _ => base.powf(exponent),
    }
}

fn extreme(found: Option<&Value>) -> Result<Value, FunctionError> {
    found.cloned().ok_or_else(|| FunctionError::new("must pass at least one number"))
}

fn parseint(a: &Args) -> Result<Value, FunctionError> {
    let Some(text) = a.value(0).as_str() else {
        let message = format!("first argument must be a string, not {}", a.value(0).ty().friendly());
        return Err(FunctionError::at(0, message));
    };
    let base = a.integer(1)?;
    let base = u32::try_from(base)
        .ok()
        .filter(|b| (2..=62).contains(b))
        .ok_or_else(|| FunctionError::at(1, "base must be a whole number between 2 and 62 inclusive"))?;
    if text.len() > MOST_DIGITS {
        return Err(FunctionError::at(0, format!("must not be longer than {MOST_DIGITS} digits")));
    }
    parse_integer(text, base)
        .map(|n| Number::from(n).into())
        .ok_or_else(|| FunctionError::at(0, format!("cannot parse {text:?} as a base {base} integer")))
}

/// Digits above 9 are letters: of either case up to base 36, lower before upper beyond it.
fn parse_integer(text: &str, base: u32) -> Option<IBig> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() {
        return None;
    }
    let mut value = IBig::ZERO;
    for c in digits.bytes() {
        let digit = match c {
            b'0'..=b'9' => c - b'0',
            b'a'..=b'z' => c - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => c - b'A' + 10,
            b'A'..=b'Z' => c - b'A' + 36,
            _ => return None,
        };
        if u32::from(digit) >= base {
            return None;
        }
        value = value * IBig::from(base) + IBig::from(digit);
    }
    Some(if text.starts_with('-') { -value } else { value })
}

fn sum(a: &Args) -> Result<Value, FunctionError> {
    let values = match (a.value(0).as_elements(), a.value(0).as_entries()) {
        (Some(values), _) => values,
        (None, Some(_)) => {
            let kind = a.value(0).ty().friendly();
            return Err(FunctionError::at(0, format!("argument must be list, set, or tuple. Received {kind}")));
        }
        (None, None) => return Err(FunctionError::at(0, "cannot sum noniterable")),
    };
    if values.is_empty() {
        return Err(FunctionError::at(0, "cannot sum an empty list"));
    }
    let mut total = Number::from(0i64);
    for value in values {
        let number = convert(value, &Type::Number).ok();
        let Some(number) = number.as_ref().and_then(Value::as_number) else {
            return Err(FunctionError::at(0, "argument must be list, set, or tuple of number values"));
        };
        total = total.add(number);
    }
    Ok(total.into())
}
