//! time_rotating: a moment that is replaced by a new one when its time is over. What is over is gone
//! when the next plan is made.

use super::{Local, Row, Unit, Values, base, known, moved, numbers, parse, part_rows, parts, rfc3339, text, triggers};
use crate::resources::local::{positive, whole};
use crate::schema::Attrs;
use crate::value::{Type, Value};

const UNITS: [(&str, Unit); 5] = [
    ("rotation_days", Unit::Seconds(24 * 60 * 60)),
    ("rotation_hours", Unit::Seconds(60 * 60)),
    ("rotation_minutes", Unit::Seconds(60)),
    ("rotation_months", Unit::Months(1)),
    ("rotation_years", Unit::Months(12)),
];

pub(super) fn local() -> Local {
    let rotations = UNITS.map(|(name, _)| Row::number(name).check(positive));
    let rows = part_rows().into_iter().chain(rotations).chain([
        base("rfc3339"),
        Row::string("rotation_rfc3339").optional_computed().check(rfc3339),
        triggers(),
    ]);
    Local::new("time_rotating", rows, |want, given| {
        Ok(if want.is_set("rfc3339") { Values::new() } else { vec![("rfc3339", text(given.now).into())] })
    })
    .check(|want| {
        let given = |name: &str| want.get(name).is_some_and(|v| !v.is_null());
        match given("rotation_rfc3339") || UNITS.iter().any(|(name, _)| given(name)) {
            true => Vec::new(),
            false => vec![("rotation_days", "none of the rotation_ arguments is given; expected at least one".into())],
        }
    })
    .derive(rotation)
    .until(|attrs| attrs.str("rotation_rfc3339").and_then(parse))
    .import("BASE,YEARS,MONTHS,DAYS,HOURS,MINUTES or BASE,ROTATION", |given| {
        let all: Vec<&str> = given.split(',').collect();
        let (base, rest) = all.split_first()?;
        let names = ["rotation_years", "rotation_months", "rotation_days", "rotation_hours", "rotation_minutes"];
        let reported = match rest {
            [end] => vec![("rotation_rfc3339", parse(end).map(|_| *end)?.into())],
            rest => numbers(rest, &names)?,
        };
        Some(reported.into_iter().chain([("rfc3339", parse(base).map(|_| *base)?.into())]).collect())
    })
}

/// The end follows the rotation, also when that changes; the parts are those of the end.
fn rotation(attrs: &Attrs) -> Values {
    let Some(base) = attrs.str("rfc3339").and_then(parse) else { return Values::new() };
    let counted = UNITS.iter().any(|(name, _)| attrs.is_unknown(name) || whole(attrs, name).is_some_and(|n| n != 0));
    let end = match counted {
        true => moved(base, attrs, &UNITS).filter(|_| known(attrs, &UNITS)),
        false => attrs.str("rotation_rfc3339").and_then(parse),
    };
    let own = counted.then(|| ("rotation_rfc3339", end.map_or(Value::unknown(Type::String), |end| text(end).into())));
    let shown = match end {
        Some(end) => parts(end),
        None => part_rows().map(|a| (a.row.name, Value::unknown(Type::Number))).to_vec(),
    };
    shown.into_iter().chain(own).chain([("id", text(base).into())]).collect()
}
