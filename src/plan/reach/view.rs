//! The objects of one layout as a question sees them: as they will be, as AWS has them, or as the state has them.

use crate::network::Object;
use crate::objects::{Instance, Slot, State};
use crate::plan::change::{Action, Change};
use crate::plan::network;
use crate::schema::Attrs;
use crate::value::address::Address;
use crate::value::{Kind, Name, Origin, Unknown, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which objects of a plan are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As AWS has them now.
    Before,
    /// As they will be once all is done.
    After,
}

/// The objects of a plan at one time, as changes that change nothing.
pub fn of_plan(changes: &[Change], when: When) -> Vec<Change> {
    changes.iter().filter_map(|change| Some(still(change, attributes(change, when)?))).collect()
}

fn attributes(change: &Change, when: When) -> Option<Attrs> {
    let stays = match (when, &change.deposed) {
        (When::Before, _) => false,
        (When::After, Some(_)) if change.action != Action::NoOp => return None,
        (When::After, deposed) => deposed.is_none() && change.action != Action::Forget,
    };
    if stays { change.after.clone() } else { change.before.clone() }
}

fn still(change: &Change, attributes: Attrs) -> Change {
    Change {
        action: Action::NoOp,
        before: Some(attributes.clone()),
        after: Some(attributes),
        attributes: Vec::new(),
        ..change.clone()
    }
}

/// The objects of a state.
pub fn of_state(state: &State) -> Vec<Change> {
    let of = |slot: Slot, instance: &Instance| Change {
        address: slot.address,
        moved_from: None,
        deposed: slot.deposed,
        provider: instance.provider.clone(),
        region: instance.region.clone(),
        action: Action::NoOp,
        reason: None,
        id: Some(instance.id.clone()),
        importing: None,
        stored: Some(instance.attrs.clone()),
        before: Some(instance.attrs.clone()),
        after: Some(instance.attrs.clone()),
        attributes: Vec::new(),
        depends_on: instance.depends_on.clone(),
        create_before_destroy: instance.create_before_destroy,
    };
    state.objects().map(|(slot, instance)| of(slot, instance)).collect()
}

/// The objects of the network, each with its address in a run of several layouts. `others` are those of other layouts.
pub(super) fn objects(
    changes: &[Change],
    answers: &BTreeMap<Address, Value>,
    layout: Option<&str>,
    others: &[Object],
) -> (Vec<Object>, Vec<Object>) {
    let own = network::before(changes);
    let managed: Vec<Object> = own.iter().chain(others).cloned().collect();
    let found = network::found(answers, &managed);
    match layout {
        None => (own, found),
        Some(layout) => {
            let all = |objects: Vec<Object>| objects.into_iter().map(|object| of_layout(object, layout)).collect();
            (all(own), all(found))
        }
    }
}

/// An address with its layout before it.
pub(super) fn addressed(layout: Option<&str>, address: &str) -> Arc<str> {
    layout.map_or_else(|| address.into(), |layout| format!("{layout}:{address}").into())
}

fn of_layout(object: Object, layout: &str) -> Object {
    Object {
        address: addressed(Some(layout), &object.address),
        type_name: object.type_name,
        attributes: with_origins(&object.attributes, layout),
    }
}

/// A value whose unknown parts say the layout that they are from.
fn with_origins(value: &Value, layout: &str) -> Value {
    let one = |value: &Value| with_origins(value, layout);
    let all = |values: &[Value]| Arc::new(values.iter().map(one).collect::<Vec<Value>>());
    let entries = |values: &BTreeMap<Name, Value>| Arc::new(values.iter().map(|(k, v)| (k.clone(), one(v))).collect());
    let kind = match value.kind() {
        Kind::List(ty, values) => Kind::List(ty.clone(), all(values)),
        Kind::Set(ty, values) => Kind::Set(ty.clone(), all(values)),
        Kind::Tuple(values) => Kind::Tuple(all(values)),
        Kind::Map(ty, values) => Kind::Map(ty.clone(), entries(values)),
        Kind::Object(values) => Kind::Object(entries(values)),
        Kind::Unknown(Unknown { ty, not_null, origin: Some(origin) }) => {
            let origin =
                Origin { address: addressed(Some(layout), &origin.address), attribute: origin.attribute.clone() };
            Kind::Unknown(Unknown { ty: ty.clone(), not_null: *not_null, origin: Some(Arc::new(origin)) })
        }
        other => other.clone(),
    };
    Value::new(kind).mark(value.is_sensitive())
}
