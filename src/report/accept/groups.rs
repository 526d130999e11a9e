//! Rules of security groups, grouped as the layout writes them. AWS joins rules that have ports and a description in common; a
//! layout may have them in several blocks, and lists in another order.

use crate::schema::Attribute;
use crate::schema::normal::protocol;
use crate::value::{Kind, Name, Value};
use std::collections::BTreeMap;

/// The arguments that hold several sources or destinations.
const LISTS: [&str; 4] = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];

/// Whether these are the rows of such blocks.
pub(super) fn is_of_rules(rows: &[Attribute]) -> bool {
    ["protocol", "self", LISTS[0]].iter().all(|name| rows.iter().any(|row| row.name == *name))
}

/// What a rule is about, and which of its peers: an argument and its element.
type Rule = (String, &'static str, String);

/// The blocks that AWS has, each as close as can be to one that is written.
pub(super) fn as_written(written: &[Value], live: Vec<Value>) -> Vec<Value> {
    let there: Vec<Rule> = live.iter().flat_map(rules).collect();
    let mut blocks: Vec<(String, Value)> = Vec::new();
    for block in written {
        if rules(block).iter().any(|rule| there.contains(rule)) {
            blocks.push((head(block), only(block, &|rule| there.contains(rule))));
        }
    }
    let known: Vec<Rule> = written.iter().flat_map(rules).collect();
    for group in live.iter().filter(|group| rules(group).iter().any(|rule| !known.contains(rule))) {
        let new = only(group, &|rule| !known.contains(rule));
        match blocks.iter_mut().find(|(of, _)| *of == head(group)) {
            Some((_, block)) => *block = joined(block, &new),
            None => blocks.push((head(group), new)),
        }
    }
    blocks.into_iter().map(|(_, block)| block).collect()
}

/// Protocol, ports and description.
fn head(block: &Value) -> String {
    let text = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default();
    let port = |name: &str| block.get(name).and_then(Value::as_i64).unwrap_or_default();
    match protocol(text("protocol")).as_str() {
        "-1" => format!("-1 {}", text("description")),
        name => format!("{name} {} {} {}", port("from_port"), port("to_port"), text("description")),
    }
}

fn rules(block: &Value) -> Vec<Rule> {
    let head = head(block);
    let elements = |name: &'static str| {
        let all = block.get(name).and_then(Value::as_elements).unwrap_or(&[]);
        all.iter().filter_map(Value::as_str).map(move |element| (name, element.to_owned()))
    };
    let own = block.get("self").and_then(Value::as_bool).unwrap_or_default();
    let own = own.then(|| ("self", String::new()));
    LISTS.into_iter().flat_map(elements).chain(own).map(|(name, peer)| (head.clone(), name, peer)).collect()
}

/// The block with some of its rules alone. What it has all of stays as it is written.
fn only(block: &Value, stays: &dyn Fn(&Rule) -> bool) -> Value {
    let head = head(block);
    changed(block, |name, value| match name {
        _ if value.is_null() => value.clone(),
        "self" => match stays(&(head.clone(), "self", String::new())) {
            true => value.clone(),
            false => Value::from(false),
        },
        name => {
            let kept = value.as_elements().unwrap_or(&[]).iter();
            let name = LISTS.into_iter().find(|list| *list == name).unwrap_or_default();
            let kept =
                kept.filter(|peer| peer.as_str().is_some_and(|peer| stays(&(head.clone(), name, peer.to_owned()))));
            like(value, kept.cloned().collect())
        }
    })
}

/// The block with the rules of another one behind its own.
fn joined(block: &Value, other: &Value) -> Value {
    changed(block, |name, value| {
        let more = other.get(name);
        match name {
            "self" => match more.and_then(Value::as_bool) {
                Some(true) => Value::from(true),
                _ => value.clone(),
            },
            _ => {
                let all = [Some(value), more].into_iter().flatten().filter_map(Value::as_elements).flatten();
                let all: Vec<Value> = all.cloned().collect();
                match (all.is_empty(), value.is_null(), more) {
                    (true, ..) => value.clone(),
                    (false, true, Some(more)) => more.clone(),
                    _ => like(value, all),
                }
            }
        }
    })
}

/// The object with other peers.
fn changed(block: &Value, new: impl Fn(&str, &Value) -> Value) -> Value {
    let is_peer = |name: &Name| &**name == "self" || LISTS.contains(&&**name);
    let entries: BTreeMap<Name, Value> = block.as_entries().cloned().unwrap_or_default();
    Value::object(entries.into_iter().map(|(name, value)| match is_peer(&name) {
        true => (name.clone(), new(&name, &value)),
        false => (name, value),
    }))
}

/// A collection of the same kind with these elements.
fn like(value: &Value, elements: Vec<Value>) -> Value {
    match value.kind() {
        Kind::Set(of, _) => Value::set(of.clone(), elements),
        Kind::List(of, _) => Value::list(of.clone(), elements),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(port: i32, ranges: &[&str]) -> Value {
        Value::object([
            ("protocol", Value::from("tcp")),
            ("from_port", port.into()),
            ("to_port", port.into()),
            ("description", "".into()),
            ("cidr_blocks", Value::strings(ranges.to_vec())),
            ("self", false.into()),
        ])
    }

    #[test]
    fn rules_are_grouped_as_the_layout_writes_them() {
        let written = [rule(443, &["b", "a"]), rule(443, &["c"]), rule(22, &["a", "b"]), rule(80, &["a"])];
        let live = vec![rule(443, &["a", "b", "c", "d"]), rule(22, &["b"]), rule(8080, &["a"])];
        let expected = [rule(443, &["b", "a", "d"]), rule(443, &["c"]), rule(22, &["b"]), rule(8080, &["a"])];
        assert_eq!(as_written(&written, live), expected);
    }
}
