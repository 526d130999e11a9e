//! Things that an object has only once and that several resources give it: a subnet's route table or network ACL, a
//! VPC's main route table or DHCP options, a bucket's or topic's policy, the adoption of a default object. Also things
//! that one resource manages wholly while others manage parts of them.

use super::{
    BUCKET, Family, Groups, LayoutInstance, POLICY, ROLE, SUBNET, TABLE, TOPIC, VPC, VPN_GATEWAY, WITH_DEFAULT, World,
    between, names,
};
use crate::diag::Diagnostics;
use std::collections::{BTreeMap, BTreeSet};

/// A claimed thing, the kind of the object, and its key.
type Claim = (&'static str, &'static str, String);

/// Resources that claim the same thing.
pub fn check(world: &World<'_>) -> Diagnostics {
    let mut claims: Groups<'_, (&str, Claim)> = BTreeMap::new();
    for i in world.instances {
        for claim in of(world, i) {
            claims.entry((i.provider, claim)).or_default().push(i);
        }
    }
    let mut found = Diagnostics::new();
    let several = claims.iter().filter(|(_, others)| others.len() > 1);
    for ((_, (what, kind, whose)), others) in several.filter(|((_, claim), others)| !agree(world, claim, others)) {
        let detail = format!("{} each set the {what} of {whose}, which has one.", names(others));
        found.push(
            between(others, &format!("Two resources set the {what} of one {kind}"), detail)
                .hint("Keep one of them; each apply would undo the other."),
        );
    }
    found.extend(adopted_twice(world));
    found.extend(WHOLES.iter().flat_map(|whole| whole_and_parts(world, whole)));
    found
}

/// Whether all give the same: a VPN gateway may be attached to one VPC by its own block and by another.
fn agree(world: &World<'_>, claim: &Claim, others: &[&LayoutInstance<'_>]) -> bool {
    if claim.1 != VPN_GATEWAY.name {
        return false;
    }
    let vpcs: BTreeSet<_> = others.iter().map(|i| world.key(i, "vpc_id", &VPC)).collect();
    vpcs.len() == 1 && !vpcs.contains(&None)
}

/// A resource with an argument that manages all of something, and the resource that manages one of it.
struct Whole {
    family: &'static Family,
    argument: &'static str,
    part: &'static str,
    of: &'static str,
}

const WHOLES: [Whole; 2] = [
    Whole { family: &ROLE, argument: "inline_policy", part: "aws_iam_role_policy", of: "role" },
    Whole { family: &ROLE, argument: "managed_policy_arns", part: "aws_iam_role_policy_attachment", of: "role" },
];

fn whole_and_parts(world: &World<'_>, whole: &Whole) -> Diagnostics {
    let mut found = Diagnostics::new();
    for (key, owner) in world.owners(whole.family) {
        if owner.config.get(whole.argument).is_none_or(|v| v.is_null() || v.as_elements() == Some(&[])) {
            continue;
        }
        let beside = world.of_type(whole.part).filter(|i| i.provider == owner.provider);
        let parts = beside.filter(|i| world.key(i, whole.of, whole.family).as_ref() == Some(&key));
        for part in parts {
            let both = [owner, part];
            let detail = format!(
                "{:?} of {} takes away what it does not list, and {} adds to the same {}.",
                whole.argument, owner.address, part.address, whole.family.name
            );
            found.push(
                between(&both, &format!("Two resources manage the same part of one {}", whole.family.name), detail)
                    .hint("Use the one or the other; each apply would undo the other."),
            );
        }
    }
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
        "aws_sns_topic" if i.gives("policy") => vec![("policy", TOPIC.name, world.key_of(i, &TOPIC))],
        "aws_sns_topic_policy" => one("policy", "arn", &TOPIC),
        "aws_s3_bucket_policy" => one("policy", "bucket", &BUCKET),
        "aws_s3_bucket_versioning" => one("versioning", "bucket", &BUCKET),
        "aws_s3_bucket_public_access_block" => one("public access block", "bucket", &BUCKET),
        "aws_s3_bucket_server_side_encryption_configuration" => one("encryption", "bucket", &BUCKET),
        "aws_s3_bucket_lifecycle_configuration" => one("lifecycle", "bucket", &BUCKET),
        "aws_s3_bucket_ownership_controls" => one("ownership controls", "bucket", &BUCKET),
        "aws_vpn_gateway" if i.gives("vpc_id") => vec![("VPC", VPN_GATEWAY.name, world.key_of(i, &VPN_GATEWAY))],
        "aws_vpn_gateway_attachment" => one("VPC", "vpn_gateway_id", &VPN_GATEWAY),
        "aws_route_table" if i.gives("propagating_vgws") => {
            let table = world.key_of(i, &TABLE);
            let gateways = world.keys(i, "propagating_vgws", &VPN_GATEWAY);
            gateways.into_iter().map(|gateway| propagation(&table, &gateway)).collect()
        }
        "aws_vpn_gateway_route_propagation" => {
            let gateway = world.key(i, "vpn_gateway_id", &VPN_GATEWAY);
            let both = world.key(i, "route_table_id", &TABLE).zip(gateway);
            both.map(|(table, gateway)| propagation(&table, &gateway)).into_iter().collect()
        }
        "aws_iam_role_policy_attachment" => {
            let both = world.key(i, "role", &ROLE).zip(world.key(i, "policy_arn", &POLICY));
            both.map(|(role, policy)| ("attachment", ROLE.name, format!("{policy} to {role}"))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn propagation(table: &str, gateway: &str) -> Claim {
    ("route propagation", TABLE.name, format!("{gateway} to {table}"))
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
