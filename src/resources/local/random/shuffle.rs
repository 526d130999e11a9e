//! random_shuffle: a list in random order, or a few of its elements.

use super::{Local, Row, keepers, seeded};
use crate::resources::local::{MOST_RANDOM, whole};
use crate::value::{Type, Value};
use rand::seq::SliceRandom;

pub(super) fn local() -> Local {
    let rows = [
        Row::string_list("input").required().force_new(),
        keepers(),
        Row::number("result_count").force_new().check(|value| match value.as_i64() {
            Some(n) if n > MOST_RANDOM => Err(format!("{n} is too large; expected {MOST_RANDOM} or less")),
            Some(n) if n < 0 => Err(format!("{n} is too small; expected 0 or more")),
            _ => Ok(()),
        }),
        Row::string("seed").force_new(),
        Row::string_list("result").computed(),
    ];
    Local::new("random_shuffle", rows, |want, given| {
        let input = want.elements("input");
        let count = whole(want, "result_count").filter(|n| *n > 0).and_then(|n| usize::try_from(n).ok());
        let count = if input.is_empty() { 0 } else { count.unwrap_or(input.len()) };
        let mut random = seeded(want, given);
        let mut result: Vec<Value> = Vec::new();
        // More than there are: each comes again only after all have come.
        while result.len() < count {
            let mut round = input.to_vec();
            round.shuffle(&mut random);
            result.extend(round);
        }
        result.truncate(count);
        Ok(vec![("result", Value::list(Type::String, result)), ("id", "-".into())])
    })
}
