//! The interfaces of an instance: the primary one, which most arguments are about, and those that the
//! layout names.

use super::look::{Live, state};
use crate::resources::spec::{self, rows};
use crate::schema::rows::object_type;
use crate::schema::{Attribute, Attrs};
use crate::value::{Type, Value};
use aws_sdk_ec2::types::{InstanceNetworkInterface, InstanceStateName as State};

type Row = spec::A<()>;

/// Who owns an address that EC2 lends to a running instance.
const LENT: &str = "amazon";

/// The rows of `network_interface`.
pub fn interface_rows() -> Vec<Attribute> {
    rows([
        Row::bool("delete_on_termination").optional_computed(),
        Row::number("device_index").required(),
        Row::number("network_card_index").optional_computed(),
        Row::string("network_interface_id").required(),
    ])
}

/// The rows of `primary_network_interface`.
pub fn primary_rows() -> Vec<Attribute> {
    rows([Row::string("network_interface_id").required()])
}

/// The primary interface.
pub fn primary(live: &Live) -> Option<&InstanceNetworkInterface> {
    let first = |n: &&InstanceNetworkInterface| n.attachment().and_then(|a| a.device_index()) == Some(0);
    live.instance.network_interfaces().iter().find(first)
}

/// Whether EC2 lends it a public address: told only while it runs and no elastic address takes its place.
pub fn public(live: &Live) -> Value {
    let owner = primary(live).and_then(|n| n.association()).and_then(|a| a.ip_owner_id());
    match (state(&live.instance), owner) {
        (_, Some(LENT)) => true.into(),
        (Some(State::Running), None) => false.into(),
        _ => Value::null(Type::Bool),
    }
}

/// Whether its first IPv6 address is a primary one.
pub fn primary_ipv6(live: &Live) -> Value {
    primary(live).is_some_and(|n| n.ipv6_addresses().iter().any(|a| a.is_primary_ipv6() == Some(true))).into()
}

/// How many IPv6 addresses it has.
pub fn ipv6_count(live: &Live) -> Value {
    i32::try_from(primary(live).map_or(0, |n| n.ipv6_addresses().len())).ok().into()
}

/// Its IPv6 addresses.
pub fn ipv6_addresses(live: &Live) -> Value {
    let all = primary(live).map(InstanceNetworkInterface::ipv6_addresses).unwrap_or_default();
    Value::strings(all.iter().filter_map(|a| a.ipv6_address()))
}

/// Its private addresses but the first.
pub fn secondary_addresses(live: &Live) -> Value {
    let all = primary(live).map(InstanceNetworkInterface::private_ip_addresses).unwrap_or_default();
    Value::string_set(all.iter().filter(|a| a.primary() != Some(true)).filter_map(|a| a.private_ip_address()))
}

/// All interfaces.
pub fn interfaces(live: &Live) -> Value {
    let block = |n: &InstanceNetworkInterface| {
        let a = n.attachment();
        Value::object([
            ("delete_on_termination", Value::from(a.and_then(|a| a.delete_on_termination()))),
            ("device_index", a.and_then(|a| a.device_index()).into()),
            ("network_card_index", a.and_then(|a| a.network_card_index()).into()),
            ("network_interface_id", n.network_interface_id().into()),
        ])
    };
    let all = live.instance.network_interfaces().iter().map(block).collect();
    Value::set(object_type(&interface_rows()), all)
}

/// The primary one as a block.
pub fn primary_block(live: &Live) -> Value {
    match primary(live) {
        Some(n) => Value::object([("network_interface_id", Value::from(n.network_interface_id()))]),
        None => Value::null(object_type(&primary_rows())),
    }
}

/// Whether all wanted interfaces are among those that are there.
pub fn among(wanted: &Value, now: &Value) -> bool {
    let blocks = |v: &Value| v.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value).collect::<Vec<_>>();
    let now = blocks(now);
    let alike = |w: &Attrs, n: &Attrs| {
        ["network_interface_id", "device_index"].into_iter().all(|name| w.get(name) == n.get(name))
    };
    blocks(wanted).iter().all(|w| now.iter().any(|n| alike(w, n)))
}
