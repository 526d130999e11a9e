//! The network of a plan: its objects as they are, as they will be, and as they are between two steps.

use super::change::{Action, Change, Op, Step, StepId};
use crate::network::Object;
use crate::schema::Attrs;
use crate::value::address::Address;
use crate::value::{Kind, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The objects before anything is done.
pub fn before(changes: &[Change]) -> Vec<Object> {
    changes.iter().filter_map(old).collect()
}

/// The objects once all is done.
pub fn after(changes: &[Change]) -> Vec<Object> {
    changes.iter().filter_map(new).collect()
}

/// The objects when exactly these steps are done. Both objects of a replacement may be there at once; the old one is then
/// named so.
pub fn between(changes: &[Change], steps: &[Step], done: &BTreeSet<StepId>) -> Vec<Object> {
    let mut made: BTreeMap<usize, [bool; 2]> = BTreeMap::new();
    for step in done.iter().filter_map(|&id| steps.get(id)) {
        let state = made.entry(step.change).or_default();
        match step.op {
            Op::Create | Op::Update | Op::Record => state[0] = true,
            Op::Delete => state[1] = true,
            Op::Read | Op::Reroute | Op::Wait => {}
        }
    }
    let mut objects = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let [forward, deleted] = made.get(&at).copied().unwrap_or_default();
        let replaced = change.action.is_replace();
        let is_new = forward || change.action == Action::NoOp;
        let keeps_old = if replaced { !deleted } else { !deleted && !is_new };
        if is_new {
            objects.extend(new(change));
        }
        if keeps_old && let Some(mut object) = old(change) {
            if replaced && is_new {
                object.address = format!("{} (old)", object.address).into();
            }
            objects.push(object);
        }
    }
    objects
}

/// What data sources found: networks and parts of networks that other layouts, or other people, keep.
pub fn found(answers: &BTreeMap<Address, Value>, managed: &[Object]) -> Vec<Object> {
    let ids: BTreeSet<&str> =
        managed.iter().filter_map(|object| object.attributes.get("id").and_then(Value::as_str)).collect();
    let one = |(address, value): (&Address, &Value)| {
        let id = value.get("id").and_then(Value::as_str)?;
        let object = || Object {
            address: address.to_string().into(),
            type_name: address.resource.type_name.clone(),
            attributes: value.clone(),
        };
        (!ids.contains(id)).then(object)
    };
    answers.iter().filter_map(one).collect()
}

/// An object as it stands: every attribute is known, or its own.
pub fn object(address: &Address, attributes: &Attrs) -> Object {
    let name: Arc<str> = address.to_string().into();
    let kept: Attrs = attributes
        .iter()
        .filter(|(attribute, value)| !is_own(&name, attribute, value))
        .map(|(attribute, value)| (attribute.clone(), value.clone()))
        .collect();
    Object { type_name: address.resource.type_name.clone(), attributes: kept.to_value(), address: name }
}

/// Whether AWS chooses the value of an attribute: it is unknown, and its own.
fn is_own(address: &str, attribute: &str, value: &Value) -> bool {
    let own =
        |value: &Value| value.origin().is_some_and(|from| *from.address == *address && &*from.attribute == attribute);
    matches!(value.kind(), Kind::Unknown(_)) && own(value)
}

fn old(change: &Change) -> Option<Object> {
    let mut object = object(&change.address, change.before.as_ref()?);
    if let Some(key) = &change.deposed {
        object.address = format!("{} (old, {key})", object.address).into();
    }
    Some(object)
}

fn new(change: &Change) -> Option<Object> {
    match (change.action, &change.deposed) {
        (Action::Forget, _) => old(change),
        (_, Some(_)) => (change.action == Action::NoOp).then(|| old(change)).flatten(),
        _ => Some(object(&change.address, change.after.as_ref()?)),
    }
}
