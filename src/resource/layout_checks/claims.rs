//! What an object has only once, given to it by more than one resource: a subnet's route table or
//! network ACL, a VPC's main route table or DHCP options, the adoption of a default object.

use super::{Family, Groups, LayoutInstance, SUBNET, VPC, WITH_DEFAULT, World, between, names};
use crate::diag::Diagnostics;
use std::collections::BTreeMap;

/// What is claimed, of which kind of object, and the key of that object.
type Claim = (&'static str, &'static str, String);

/// Resources that claim the same thing.
pub fn check(world: &World<'_>) -> Diagnostics {
    let mut claims: Groups<'_, Claim> = BTreeMap::new();
    for i in world.instances {
        for claim in of(world, i) {
            claims.entry(claim).or_default().push(i);
        }
    }
    let mut found = Diagnostics::new();
    for ((what, kind, whose), others) in claims.iter().filter(|(_, others)| others.len() > 1) {
        let detail = format!("{} each set the {what} of {whose}, which has one.", names(others));
        found.push(
            between(others, &format!("Two resources set the {what} of one {kind}"), detail)
                .hint("Keep one of them; each apply would undo the other."),
        );
    }
    found.extend(adopted_twice(world));
    found
}

fn of(world: &World<'_>, i: &LayoutInstance<'_>) -> Vec<Claim> {
    let one = |what, argument: &str, family: &Family| -> Vec<Claim> {
        world.key(i, argument, family).map(|key| (what, family.name, key)).into_iter().collect()
    };
    match i.type_name {
        "aws_route_table_association" => one("route table", "subnet_id", &SUBNET),
        "aws_network_acl_association" => one("network ACL", "subnet_id", &SUBNET),
        "aws_network_acl" if i.gives("subnet_ids") => {
            let subnets = world.keys(i, "subnet_ids", &SUBNET);
            subnets.into_iter().map(|key| ("network ACL", SUBNET.name, key)).collect()
        }
        "aws_main_route_table_association" => one("main route table", "vpc_id", &VPC),
        "aws_vpc_dhcp_options_association" => one("DHCP options", "vpc_id", &VPC),
        _ => Vec::new(),
    }
}

fn adopted_twice(world: &World<'_>) -> Diagnostics {
    let mut found = Diagnostics::new();
    for family in WITH_DEFAULT {
        let mut adopters: Groups<'_, String> = BTreeMap::new();
        for (key, i) in world.owners(family).into_iter().filter(|(_, i)| i.type_name != family.own) {
            adopters.entry(key).or_default().push(i);
        }
        for (key, others) in adopters.iter().filter(|(_, others)| others.len() > 1) {
            let detail = format!("{} each adopt {key}.", names(others));
            found.push(
                between(others, &format!("Two resources adopt one default {}", family.name), detail)
                    .hint("Keep one of them; each apply would undo the other."),
            );
        }
    }
    found
}
