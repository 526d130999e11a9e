//! time_sleep: a wait between what it needs and what needs it. Apply waits for as long, and stops
//! waiting when it is stopped.

use super::{Local, Row, Values, text, triggers};
use crate::schema::checks;
use crate::value::{Value, duration};

pub(super) fn local() -> Local {
    let time = |name| Row::string(name).check(is_duration);
    Local::new("time_sleep", [time("create_duration"), time("destroy_duration"), triggers()], |_, given| {
        Ok(vec![("id", text(given.now).into())])
    })
    .check(|want| {
        let problem = "neither duration is given; expected at least one of the two";
        checks::any_given(want, &["create_duration", "destroy_duration"], problem)
    })
    .waits([
        |want| want.str("create_duration").and_then(duration::parse),
        |last| last.str("destroy_duration").and_then(duration::parse),
    ])
    .import("CREATE_DURATION,DESTROY_DURATION", |given| {
        let (create, destroy) = given.split_once(',')?;
        let mut reported = Values::new();
        for (name, time) in [("create_duration", create), ("destroy_duration", destroy)] {
            if !time.is_empty() {
                reported.push((name, duration::parse(time).map(|_| time)?.into()));
            }
        }
        (!reported.is_empty()).then_some(reported)
    })
}

fn is_duration(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| duration::parse(text).is_some(),
        "is not a duration; expected a form such as 30s or 1h30m",
    )
}
