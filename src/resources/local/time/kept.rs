//! time_static and time_offset: the moment of the creation, and one that is some time away from it.

use super::{Local, Row, Unit, Values, base, known, moved, numbers, parse, part_rows, parts, text, triggers};
use crate::schema::Attrs;
use crate::value::{Type, Value};

const UNITS: [(&str, Unit); 6] = [
    ("offset_days", Unit::Seconds(24 * 60 * 60)),
    ("offset_hours", Unit::Seconds(60 * 60)),
    ("offset_minutes", Unit::Seconds(60)),
    ("offset_months", Unit::Months(1)),
    ("offset_seconds", Unit::Seconds(1)),
    ("offset_years", Unit::Months(12)),
];

pub(super) fn time_static() -> Local {
    Local::new("time_static", part_rows().into_iter().chain([base("rfc3339"), triggers()]), |want, given| {
        Ok(if want.is_set("rfc3339") { Values::new() } else { vec![("rfc3339", text(given.now).into())] })
    })
    .derive(|attrs| match attrs.str("rfc3339").and_then(parse) {
        Some(moment) => parts(moment).into_iter().chain([("id", text(moment).into())]).collect(),
        None => Values::new(),
    })
    .import("RFC3339", |given| Some(vec![("rfc3339", parse(given).map(|_| given)?.into())]))
}

pub(super) fn time_offset() -> Local {
    let offsets = UNITS.map(|(name, _)| Row::number(name));
    let rows = part_rows().into_iter().chain(offsets).chain([
        base("base_rfc3339"),
        Row::string("rfc3339").computed(),
        triggers(),
    ]);
    Local::new("time_offset", rows, |want, given| {
        Ok(if want.is_set("base_rfc3339") { Values::new() } else { vec![("base_rfc3339", text(given.now).into())] })
    })
    .check(|want| match UNITS.iter().any(|(name, _)| want.get(name).is_some_and(|v| !v.is_null())) {
        true => Vec::new(),
        false => vec![("offset_days", "none of the offset_ arguments is given; expected at least one".into())],
    })
    .derive(offset)
    .import("BASE,YEARS,MONTHS,DAYS,HOURS,MINUTES,SECONDS", |given| {
        let all: Vec<&str> = given.split(',').collect();
        let (base, rest) = all.split_first()?;
        let names =
            ["offset_years", "offset_months", "offset_days", "offset_hours", "offset_minutes", "offset_seconds"];
        let reported = numbers(rest, &names)?;
        Some(reported.into_iter().chain([("base_rfc3339", parse(base).map(|_| *base)?.into())]).collect())
    })
}

/// The moment follows the offset, also when that changes.
fn offset(attrs: &Attrs) -> Values {
    let Some(base) = attrs.str("base_rfc3339").and_then(parse) else { return Values::new() };
    match moved(base, attrs, &UNITS).filter(|_| known(attrs, &UNITS)) {
        Some(moment) => {
            parts(moment).into_iter().chain([("rfc3339", text(moment).into()), ("id", text(base).into())]).collect()
        }
        None => {
            let unknown = part_rows().map(|a| (a.row.name, Value::unknown(Type::Number)));
            unknown.into_iter().chain([("rfc3339", Value::unknown(Type::String))]).collect()
        }
    }
}
