//! Functions of time. Moments are text of RFC 3339 and keep the offset that they are written with.

mod format;

use super::FunctionError;
use super::args::Args;
use super::function::{Function, NUMBER, STRING, string};
use crate::value::{Type, Value};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use std::fmt;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("formatdate", &[string("format"), string("time")], STRING, |a| {
        let moment = moment(a, 1)?;
        format::format(a.text(0), &moment).map(Value::from).map_err(|e| FunctionError::at(0, e))
    }),
    Function::new("plantimestamp", &[], STRING, |a| Ok(utc(a.ctx.plan_timestamp).into())),
    Function::new("timeadd", &[string("timestamp"), string("duration")], STRING, |a| {
        let moment = moment(a, 0).map_err(|e| FunctionError::new(e.message))?;
        let duration = duration(a.text(1)).map_err(FunctionError::new)?;
        let local = moment.local.checked_add(duration);
        let local = local.map_err(|_| FunctionError::new("the result is out of the range of years 0 to 9999"))?;
        Ok(Moment { local, ..moment }.to_string().into())
    }),
    Function::new("timecmp", &[string("timestamp_a"), string("timestamp_b")], NUMBER, |a| {
        let order = moment(a, 0)?.universal().cmp(&moment(a, 1)?.universal());
        Ok(Value::from(order as i64))
    }),
    Function::new("timestamp", &[], STRING, |a| {
        if a.ctx.planning {
            return Ok(Value::unknown_not_null(Type::String));
        }
        Ok(utc(a.ctx.timestamp).into())
    }),
];

fn utc(timestamp: Timestamp) -> String {
    timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn moment(a: &Args, index: usize) -> Result<Moment, FunctionError> {
    let wrong = |e| FunctionError::at(index, format!("not a valid RFC3339 timestamp: {e}"));
    Moment::parse(a.text(index)).map_err(wrong)
}

/// A point in time in the time of some place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The date and time of day there.
    pub local: DateTime,
    /// Minutes that its clocks are ahead of UTC.
    pub offset: i64,
    /// Whether it is written with `Z`.
    pub zulu: bool,
}

impl Moment {
    /// Reads `YYYY-MM-DDThh:mm:ss[.fraction](Z|±hh:mm)`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let year = field(&mut rest, 4, "year")?;
        literal(&mut rest, "-", "date separator '-'")?;
        let month = field(&mut rest, 2, "month")?;
        literal(&mut rest, "-", "date separator '-'")?;
        let day = field(&mut rest, 2, "day of month")?;
        literal(&mut rest, "T", "time introducer 'T'")?;
        let hour = field(&mut rest, 2, "hour")?;
        literal(&mut rest, ":", "time separator ':'")?;
        let minute = field(&mut rest, 2, "minute")?;
        literal(&mut rest, ":", "time separator ':'")?;
        let second = field(&mut rest, 2, "second")?;
        let mut nanosecond = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            if end == 0 {
                return Err("missing digits of the fraction of a second".into());
            }
            let digits = format!("{:0<9.9}", &fraction[..end]);
            nanosecond = digits.parse().map_err(|_| "the fraction of a second is not a number")?;
            rest = &fraction[end..];
        }
        let (offset, zulu) = offset(rest)?;
        for (value, most, name) in [(hour, 23, "hour"), (minute, 59, "minute"), (second, 59, "second")] {
            if value > most {
                return Err(format!("{name} must be between 0 and {most} inclusive"));
            }
        }
        if !(1..=12).contains(&month) {
            return Err("month out of range".into());
        }
        let small = |n: i16| i8::try_from(n).unwrap_or(i8::MAX);
        let date = Date::new(year, small(month), small(day)).map_err(|_| "day out of range")?;
        let time = Time::new(small(hour), small(minute), small(second), nanosecond);
        let time = time.map_err(|_| "time out of range")?;
        Ok(Moment { local: date.to_datetime(time), offset, zulu })
    }

    /// The same point in time by the clocks of UTC; where those would show a year before 0 or
    /// after 9999, by its own.
    fn universal(&self) -> DateTime {
        self.local.checked_sub(SignedDuration::from_secs(self.offset * 60)).unwrap_or(self.local)
    }

    /// The offset as `±hh`, a separator and `mm`.
    pub fn offset_text(&self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

/// To the second.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = if self.offset == 0 { "Z".to_owned() } else { self.offset_text(":") };
        write!(f, "{}{zone}", self.local.strftime("%Y-%m-%dT%H:%M:%S"))
    }
}

fn field(rest: &mut &str, width: usize, name: &str) -> Result<i16, String> {
    let wrong = || format!("cannot use {rest:?} as {name}");
    let digits = rest.get(..width).filter(|d| d.bytes().all(|b| b.is_ascii_digit())).ok_or_else(wrong)?;
    let value = digits.parse().map_err(|_| wrong())?;
    *rest = &rest[width..];
    Ok(value)
}

fn literal(rest: &mut &str, expected: &str, name: &str) -> Result<(), String> {
    *rest = rest.strip_prefix(expected).ok_or_else(|| format!("missing required {name}"))?;
    Ok(())
}

fn offset(text: &str) -> Result<(i64, bool), String> {
    if text == "Z" {
        return Ok((0, true));
    }
    let wrong = || format!("cannot use {text:?} as time zone: it must be 'Z' or an offset such as '+01:00'");
    let mut rest = text.strip_prefix(['+', '-']).ok_or_else(wrong)?;
    let hours = field(&mut rest, 2, "offset hour")?;
    literal(&mut rest, ":", "offset separator ':'")?;
    let minutes = field(&mut rest, 2, "offset minute")?;
    if !rest.is_empty() || hours > 23 || minutes > 59 {
        return Err(wrong());
    }
    let total = i64::from(hours) * 60 + i64::from(minutes);
    Ok((if text.starts_with('-') { -total } else { total }, false))
}

/// Reads a duration of Go, such as `-1h30m` or `1.5s`.
fn duration(text: &str) -> Result<SignedDuration, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned == "0" {
        return Ok(SignedDuration::ZERO);
    }
    let mut rest = unsigned;
    let mut total: i128 = 0;
    while !rest.is_empty() || unsigned.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (whole, fraction) = rest[..end].split_once('.').unwrap_or((&rest[..end], ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || whole.len() > 15 {
            return Err(invalid());
        }
        rest = &rest[end..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let unit: i128 = match &rest[..end] {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err(format!("time: missing unit in duration {text:?}")),
            unit => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
        };
        rest = &rest[end..];
        let digits = format!("{fraction:0<9.9}");
        let billionths: i128 = digits.parse().map_err(|_| invalid())?;
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
        total += whole * unit + billionths * unit / 1_000_000_000;
    }
    let nanoseconds = i64::try_from(total).map_err(|_| invalid())?;
    Ok(SignedDuration::from_nanos(if text.starts_with('-') { -nanoseconds } else { nanoseconds }))
}
