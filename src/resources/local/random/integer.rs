//! random_integer: a whole number of a range, both ends included.

use super::{Local, Row, Values, keepers, seeded};
use crate::resources::local::whole;
use crate::schema::Attrs;
use rand::RngExt;

pub(super) fn local() -> Local {
    let rows = [
        keepers(),
        Row::number("max").required().force_new(),
        Row::number("min").required().force_new(),
        Row::string("seed").force_new(),
        Row::number("result").computed(),
    ];
    Local::new("random_integer", rows, |want, given| {
        let (min, max) = range(want).ok_or("min and max must be whole numbers of 64 bits")?;
        if want.is_set("result") {
            return Ok(Values::new());
        }
        if min > max {
            return Err(format!("min is {min}, which is more than max, {max}"));
        }
        Ok(vec![("result", seeded(want, given).random_range(min..=max).into())])
    })
    .check(|want| match range(want) {
        Some((min, max)) if min > max => {
            vec![("min", format!("{min} is more than max, which is {max}; expected a range from min to max"))]
        }
        _ => Vec::new(),
    })
    .derive(|attrs| whole(attrs, "result").map(|n| ("id", n.to_string().into())).into_iter().collect())
    .import("RESULT,MIN,MAX[,SEED]", |text| {
        let parts: Vec<&str> = text.split(',').collect();
        let (numbers, seed) = match parts.as_slice() {
            [a, b, c] => ([a, b, c], None),
            [a, b, c, seed] => ([a, b, c], Some(*seed)),
            _ => return None,
        };
        let mut reported = Values::new();
        for (name, number) in ["result", "min", "max"].into_iter().zip(numbers) {
            reported.push((name, number.parse::<i64>().ok()?.into()));
        }
        reported.extend(seed.map(|seed| ("seed", seed.into())));
        Some(reported)
    })
}

fn range(attrs: &Attrs) -> Option<(i64, i64)> {
    Some((whole(attrs, "min")?, whole(attrs, "max")?))
}
