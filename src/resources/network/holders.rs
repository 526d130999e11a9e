//! Who holds an object of a network, so that AWS does not delete it yet: interfaces, and rules that name a group.

use crate::resources::prelude::*;
use aws_sdk_ec2::types::NetworkInterface;

/// How many are named; the rest is counted.
const NAMED: usize = 5;

/// The interfaces that a filter finds, in words.
pub async fn interfaces(aws: &Aws, filter: &str, id: &str) -> Result<Vec<String>> {
    let found: Vec<NetworkInterface> =
        listed!(aws, describe_network_interfaces, filtered(filter, &[id.to_owned()])).await?;
    Ok(shortened(found.iter().map(words).collect()))
}

/// What holds a security group: interfaces, and groups with rules that name it.
pub async fn of_group(aws: &Aws, id: &str) -> Result<Vec<String>> {
    let mut all = interfaces(aws, "group-id", id).await?;
    for filter in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let found = listed!(aws, describe_security_groups, filtered(filter, &[id.to_owned()])).await?;
        let others = found.iter().filter_map(|g| g.group_id()).filter(|other| *other != id);
        all.extend(others.map(|other| format!("a rule of {other}")));
    }
    all.dedup();
    Ok(shortened(all))
}

fn words(interface: &NetworkInterface) -> String {
    let id = interface.network_interface_id().unwrap_or_default();
    let instance = interface.attachment().and_then(|a| a.instance_id());
    match (instance, interface.description().filter(|text| !text.is_empty())) {
        (Some(instance), _) => format!("{instance} (interface {id})"),
        (None, Some(text)) => format!("interface {id} ({text})"),
        (None, None) => format!("interface {id}"),
    }
}

fn shortened(mut all: Vec<String>) -> Vec<String> {
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    all.extend((more > 0).then(|| format!("{more} more")));
    all
}
