//! Databases and the zones of their subnets.

use super::{LayoutInstance, SUBNET, World, between};
use crate::diag::Diagnostics;
use crate::value::Value;

/// Subnet groups in one zone, and Multi-AZ instances that use one.
pub fn check(world: &World<'_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let narrow: Vec<_> =
        world.of_type("aws_db_subnet_group").filter_map(|group| Some((group, only_zone(world, group)?))).collect();
    for (group, zone) in &narrow {
        let detail = format!("All subnets of {} are in {zone}; RDS wants two zones at least.", group.address);
        found.push(
            between(&[group], "All subnets of a DB subnet group are in one zone", detail)
                .hint("Add a subnet in another zone to subnet_ids."),
        );
    }
    for i in world.of_type("aws_db_instance").filter(|i| i.attrs.bool("multi_az") == Some(true)) {
        let Some((group, zone)) = narrow.iter().find(|(group, _)| uses(i, group)) else { continue };
        let detail = format!("{} has multi_az, but {} has subnets in {zone} only.", i.address, group.address);
        found.push(
            between(&[group, i], "A Multi-AZ database has subnets in one zone only", detail)
                .hint("Its standby needs a zone of its own: add a subnet there to the group."),
        );
    }
    found
}

/// The zone that all subnets of a group are in, if that is sure.
fn only_zone<'a>(world: &World<'a>, group: &LayoutInstance<'a>) -> Option<&'a str> {
    let subnets = world.keys(group, "subnet_ids", &SUBNET);
    if subnets.is_empty() || subnets.len() != group.attrs.elements("subnet_ids").len() {
        return None;
    }
    let zone = |key: &String| {
        let subnet = world.by_address.get(key.as_str())?;
        // Subnets of an Outpost are in its one zone, and groups of them are allowed.
        subnet.attrs.str("availability_zone").filter(|_| !subnet.gives("outpost_arn"))
    };
    let zones: Option<Vec<&str>> = subnets.iter().map(zone).collect();
    let zones = zones?;
    zones.first().filter(|first| zones.iter().all(|zone| zone == *first)).copied()
}

/// Whether an instance names the group, by its name or id.
fn uses(i: &LayoutInstance<'_>, group: &LayoutInstance<'_>) -> bool {
    let Some(given) = i.attrs.get("db_subnet_group_name") else { return false };
    match (given.as_str(), given.origin()) {
        (Some(name), _) => group.attrs.get("name").and_then(Value::as_str) == Some(name),
        (None, Some(origin)) => {
            *origin.address == *group.address && ["id", "name"].contains(&origin.attribute.as_ref())
        }
        (None, None) => false,
    }
}
