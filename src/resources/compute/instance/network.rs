//! The interfaces of an instance: the primary one, which most arguments are about, and those that the
//! layout names.

use super::look::{Live, state};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::{InstanceNetworkInterface, InstanceStateName as State};

/// Who owns an address that EC2 lends to a running instance.
const LENT: &str = "amazon";

/// The primary interface.
pub fn primary(live: &Live) -> Option<&InstanceNetworkInterface> {
    let first = |n: &&InstanceNetworkInterface| n.attachment().and_then(|a| a.device_index()) == Some(0);
    live.network_interfaces().iter().find(first)
}

/// Whether EC2 lends it a public address: known only while it runs and no elastic address takes its place.
pub fn public(live: &Live) -> Value {
    let owner = primary(live).and_then(|n| n.association()).and_then(|a| a.ip_owner_id());
    match (state(live), owner) {
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

/// Whether all wanted interfaces are among those that are there.
pub fn among(wanted: &Value, now: &Value) -> bool {
    let blocks = |v: &Value| v.as_elements().unwrap_or(&[]).iter().map(Attrs::from_value).collect::<Vec<_>>();
    let now = blocks(now);
    let alike = |w: &Attrs, n: &Attrs| {
        ["network_interface_id", "device_index"].into_iter().all(|name| w.get(name) == n.get(name))
    };
    blocks(wanted).iter().all(|w| now.iter().any(|n| alike(w, n)))
}
