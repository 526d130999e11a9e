//! The spelling of a value in a plan where several mean the same, and the values inside blocks for
//! what is left out there and AWS chooses.

use crate::schema::Attribute;
use crate::schema::equal::{Origin, differs, matched, objects_differ};
use crate::value::{Kind, Name, Value};

/// The stored value with the parts that it leaves out inside blocks, and AWS chose, as they were seen. Both mean the same.
pub fn completed(row: &Attribute, stored: &Value, seen: &Value) -> Value {
    let Some(block) = &row.block else { return stored.clone() };
    let rows = &block.attributes;
    let filled = match (stored.kind(), seen.kind()) {
        (Kind::Null(_), Kind::Object(_)) if row.is_computed() => return seen.clone(),
        (Kind::Object(_), Kind::Object(_)) => completed_object(rows, stored, seen),
        (Kind::List(t, xs), Kind::List(_, ys)) if xs.len() == ys.len() => {
            Value::list(t.clone(), xs.iter().zip(ys.iter()).map(|(x, y)| completed_object(rows, x, y)).collect())
        }
        (Kind::Set(t, xs), Kind::Set(_, ys)) => {
            let of = matched(xs, ys, |x, y| !objects_differ(rows, x, y, Origin::Aws));
            let fill =
                |(x, y): (&Value, Option<usize>)| y.map_or_else(|| x.clone(), |y| completed_object(rows, x, &ys[y]));
            Value::set(t.clone(), xs.iter().zip(of).map(fill).collect())
        }
        _ => return stored.clone(),
    };
    filled.mark(stored.is_sensitive())
}

fn completed_object(rows: &[Attribute], stored: &Value, seen: &Value) -> Value {
    let fill = |row: &Attribute, value: &Value, seen: &Value| match value.is_null() && row.is_computed() {
        true if seen.is_null() => value.clone(),
        true => seen.clone(),
        false => completed(row, value, seen),
    };
    by_row(rows, stored, |row, value| seen.get(row.name).map_or_else(|| value.clone(), |seen| fill(row, value, seen)))
}

/// The given value, in the spelling that is there already if that means the same; inside blocks, what
/// is left out and AWS chooses is taken from there or is unknown.
pub fn keep_spelling(row: &Attribute, given: &Value, now: Option<&Value>) -> Value {
    if let Some(now) = now
        && !differs(row, given, now, Origin::Kept)
    {
        return now.clone().mark(given.has_sensitive());
    }
    let Some(block) = &row.block else { return given.clone() };
    let rows = &block.attributes;
    let there = now.and_then(Value::as_elements).unwrap_or(&[]);
    let filled = match given.kind() {
        Kind::List(t, vs) => {
            let keep = |(i, v): (usize, &Value)| keep_object(rows, v, there.get(i));
            Value::list(t.clone(), vs.iter().enumerate().map(keep).collect())
        }
        Kind::Set(t, vs) => {
            let of = matched(vs, there, |v, now| !objects_differ(rows, v, now, Origin::Kept));
            let keep = |(v, at): (&Value, Option<usize>)| keep_object(rows, v, at.and_then(|at| there.get(at)));
            Value::set(t.clone(), vs.iter().zip(of).map(keep).collect())
        }
        Kind::Object(_) => keep_object(rows, given, now),
        _ => return given.clone(),
    };
    filled.mark(given.is_sensitive())
}

fn keep_object(rows: &[Attribute], given: &Value, now: Option<&Value>) -> Value {
    if let Some(now) = now.filter(|now| !objects_differ(rows, given, now, Origin::Kept)) {
        return now.clone().mark(given.has_sensitive());
    }
    by_row(rows, given, |row, value| match value.is_null() && row.is_computed() {
        true => Value::unknown(row.ty.clone()),
        false => keep_spelling(row, value, now.and_then(|now| now.get(row.name))),
    })
}

/// The object with each of its values replaced.
fn by_row(rows: &[Attribute], object: &Value, with: impl Fn(&Attribute, &Value) -> Value) -> Value {
    let Some(entries) = object.as_entries() else { return object.clone() };
    let value = |(name, value): (&Name, &Value)| {
        let row = rows.iter().find(|row| row.name == name.as_ref());
        (name.clone(), row.map_or_else(|| value.clone(), |row| with(row, value)))
    };
    Value::object(entries.iter().map(value)).mark(object.is_sensitive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::rows::{Block, Mode, Nesting, object_type};
    use crate::value::Type;
    use std::sync::Arc;

    /// A set of rules, each with a version that AWS may choose.
    fn rules() -> Attribute {
        let version = Attribute { mode: Mode::OptionalComputed, ..Attribute::new("version", Type::String) };
        let count = Attribute { empty_is_null: true, ..Attribute::new("count", Type::Bool) };
        let rows = vec![Attribute::new("name", Type::String), count, version];
        let ty = Type::set(object_type(&rows));
        let block = Block {
            nesting: Nesting::Set,
            attributes: Arc::new(rows),
            min: 0,
            max: None,
            as_attribute: false,
            each: None,
        };
        Attribute { block: Some(block), ..Attribute::new("rule", ty) }
    }

    fn set(each: &[(&str, Option<bool>, Option<&str>)]) -> Value {
        let rule = |(name, count, version): &(&str, Option<bool>, Option<&str>)| {
            let count = count.map_or(Value::null(Type::Bool), Value::from);
            Value::object([("name", Value::from(*name)), ("count", count), ("version", (*version).into())])
        };
        let all: Vec<Value> = each.iter().map(rule).collect();
        Value::set(all[0].ty(), all)
    }

    #[test]
    fn what_was_left_to_aws_is_what_was_seen() {
        let stored = set(&[("a", None, None), ("b", Some(true), Some("2"))]);
        let seen = set(&[("b", Some(true), Some("2")), ("a", Some(false), Some("7"))]);
        let expected = set(&[("a", None, Some("7")), ("b", Some(true), Some("2"))]);
        assert_eq!(completed(&rules(), &stored, &seen), expected);
    }

    #[test]
    fn only_the_element_that_changes_is_other_than_before() {
        let now = set(&[("a", Some(false), Some("7")), ("b", Some(true), Some("2"))]);
        let wanted = keep_spelling(&rules(), &set(&[("a", None, None), ("b", Some(true), Some("3"))]), Some(&now));
        assert_eq!(wanted, set(&[("a", Some(false), Some("7")), ("b", Some(true), Some("3"))]));
    }

    #[test]
    fn an_element_that_changes_leaves_to_aws_what_it_does_not_say() {
        let now = set(&[("a", None, Some("7"))]);
        let wanted = keep_spelling(&rules(), &set(&[("a", Some(true), None)]), Some(&now));
        let element = &wanted.as_elements().unwrap()[0];
        assert!(element.get("version").is_some_and(Value::is_unknown), "{element:?}");
    }
}
