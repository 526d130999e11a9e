//! time_sleep: a wait between what it needs and what needs it. Apply waits for as long, and stops
//! waiting when it is stopped.

use super::{Local, Row, Values, text, triggers};
use crate::value::{Value, duration};

pub(super) fn local() -> Local {
    let time = |name| Row::string(name).check(is_duration);
    Local::new("time_sleep", [time("create_duration"), time("destroy_duration"), triggers()], |_, given| {
        Ok(vec![("id", text(given.now).into())])
    })
    .check(|want| {
        match ["create_duration", "destroy_duration"].iter().any(|n| want.get(n).is_some_and(|v| !v.is_null())) {
            true => Vec::new(),
            false => vec![("create_duration", "neither duration is given; expected at least one of the two".into())],
        }
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
    match value.as_str() {
        Some(text) if duration::parse(text).is_none() => {
            Err(format!("{text:?} is not a duration; expected a form such as 30s or 1h30m"))
        }
        _ => Ok(()),
    }
}
