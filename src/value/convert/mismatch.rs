//! Says in words why values of one type cannot become another.

use super::convertible;
use crate::value::{Name, Type};
use std::collections::BTreeMap;

/// Why no value of type `have` can become `want`, in Terraform's words: `number required`,
/// `attribute "x" is required`, `element 1: string required`.
pub fn mismatch(have: &Type, want: &Type) -> String {
    match (have, want) {
        (Type::Object(have), Type::Object(want)) => objects(have, want),
        (Type::Tuple(_), Type::List(to)) if **to == Type::Dynamic => "all list elements must have the same type".into(),
        (Type::Tuple(_), Type::Set(to)) if **to == Type::Dynamic => "all set elements must have the same type".into(),
        (Type::Object(_), Type::Map(to)) if **to == Type::Dynamic => "all map elements must have the same type".into(),
        (Type::Tuple(parts), Type::List(to) | Type::Set(to)) => {
            let bad = parts.iter().enumerate().find(|(_, t)| !convertible(t, to));
            bad.map_or_else(|| required(want), |(i, t)| format!("element {i}: {}", mismatch(t, to)))
        }
        (Type::Object(parts), Type::Map(to)) => {
            let bad = parts.iter().find(|(_, t)| !convertible(t, to));
            bad.map_or_else(|| required(want), |(name, t)| format!("element {name:?}: {}", mismatch(t, to)))
        }
        (Type::List(have) | Type::Set(have), Type::List(to)) => {
            format!("incorrect list element type: {}", mismatch(have, to))
        }
        (Type::List(have) | Type::Set(have), Type::Set(to)) => {
            format!("incorrect set element type: {}", mismatch(have, to))
        }
        (Type::Map(have), Type::Map(to)) => format!("incorrect map element type: {}", mismatch(have, to)),
        _ => required(want),
    }
}

fn required(want: &Type) -> String {
    match want {
        Type::Dynamic => "any type required".into(),
        want => format!("{} required", want.friendly().replace("dynamic", "any single type")),
    }
}

fn objects(have: &BTreeMap<Name, Type>, want: &BTreeMap<Name, Type>) -> String {
    let missing: Vec<String> =
        want.keys().filter(|name| !have.contains_key(*name)).map(|name| format!("{name:?}")).collect();
    match missing.as_slice() {
        [] => {}
        [one] => return format!("attribute {one} is required"),
        [one, two] => return format!("attributes {one} and {two} are required"),
        [most @ .., last] => return format!("attributes {}, and {last} are required", most.join(", ")),
    }
    let bad = want.iter().find_map(|(name, want)| {
        let have = have.get(name)?;
        (!convertible(have, want)).then(|| format!("attribute {name:?}: {}", mismatch(have, want)))
    });
    bad.unwrap_or_else(|| "incorrect object attributes".into())
}
