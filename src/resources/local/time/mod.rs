//! Moments that are kept: of a creation, some time after one, and waiting.

mod kept;
mod rotating;
mod sleep;

use super::{Local, Row, Values, keepers, whole};
use crate::schema::Attrs;
use crate::schema::checks;
use crate::value::Value;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

pub(super) fn types() -> [Local; 4] {
    [kept::time_static(), kept::time_offset(), rotating::local(), sleep::local()]
}

fn triggers() -> Row {
    keepers("triggers")
}

/// A moment that may be given, else the time of the creation.
fn base(name: &'static str) -> Row {
    Row::string(name).optional_computed().force_new().check(rfc3339)
}

fn rfc3339(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| parse(text).is_some(),
        "is not a moment of RFC 3339; expected a form such as 2030-01-31T12:00:00Z",
    )
}

fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

fn text(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The computed rows for the parts of a moment.
fn part_rows() -> [Row; 7] {
    ["day", "hour", "minute", "month", "second", "unix", "year"].map(|name| Row::number(name).computed())
}

fn parts(moment: Timestamp) -> Values {
    let at = TimeZone::UTC.to_datetime(moment);
    vec![
        ("day", i64::from(at.day()).into()),
        ("hour", i64::from(at.hour()).into()),
        ("minute", i64::from(at.minute()).into()),
        ("month", i64::from(at.month()).into()),
        ("second", i64::from(at.second()).into()),
        ("unix", moment.as_second().into()),
        ("year", i64::from(at.year()).into()),
    ]
}

/// `base` moved by the last of these arguments that is given and not zero. Days beyond the end of a
/// month run over into the next one.
fn moved(base: Timestamp, attrs: &Attrs, units: &[(&str, Unit)]) -> Option<Timestamp> {
    let given = units.iter().rev().find_map(|(name, unit)| Some((whole(attrs, name).filter(|n| *n != 0)?, unit)));
    let Some((n, unit)) = given else { return Some(base) };
    let months = match unit {
        Unit::Seconds(seconds) => return base.checked_add(SignedDuration::from_secs(n.checked_mul(*seconds)?)).ok(),
        Unit::Months(months) => n.checked_mul(*months)?,
    };
    let at = TimeZone::UTC.to_datetime(base);
    let month = i64::from(at.year()) * 12 + i64::from(at.month()) - 1 + months;
    let first = Date::new(i16::try_from(month.div_euclid(12)).ok()?, i8::try_from(month.rem_euclid(12) + 1).ok()?, 1);
    let date = first.ok()?.checked_add((i64::from(at.day()) - 1).days()).ok()?;
    TimeZone::UTC.to_timestamp(date.to_datetime(at.time())).ok()
}

/// What one of an argument is worth.
enum Unit {
    Seconds(i64),
    Months(i64),
}

/// Whether all of these are known.
fn known(attrs: &Attrs, units: &[(&str, Unit)]) -> bool {
    !units.iter().any(|(name, _)| attrs.is_unknown(name))
}

/// What an import of numbers between commas says of these arguments; what is left out is null.
fn numbers(texts: &[&str], names: &[&'static str]) -> Option<Values> {
    if texts.len() != names.len() {
        return None;
    }
    let mut reported = Values::new();
    for (text, name) in texts.iter().zip(names) {
        if !text.is_empty() {
            reported.push((*name, text.parse::<i64>().ok()?.into()));
        }
    }
    Some(reported)
}
