//! Address ranges of subnets: apart from each other and inside their VPC.

use super::{LayoutInstance, SUBNET, VPC, World, between};
use crate::diag::Diagnostics;
use ipnet::IpNet;
use std::collections::BTreeMap;

/// Subnets with their ranges, by the key of their VPC.
type Subnets<'a> = BTreeMap<String, Vec<(IpNet, &'a LayoutInstance<'a>)>>;

/// Overlapping subnets in one VPC, and subnets outside their VPC.
pub fn check(world: &World<'_>) -> Diagnostics {
    let mut subnets: Subnets<'_> = BTreeMap::new();
    for i in world.of_type(SUBNET.own) {
        let Some(vpc) = world.key(i, "vpc_id", &VPC) else { continue };
        for name in ["cidr_block", "ipv6_cidr_block"] {
            if let Some(net) = range(i, name) {
                subnets.entry(vpc.clone()).or_default().push((net, i));
            }
        }
    }
    let mut found = Diagnostics::new();
    for (vpc, mut all) in subnets {
        found.extend(outside(world, &vpc, &all));
        all.sort_by_key(|(net, i)| (net.network(), net.prefix_len(), &i.address));
        found.extend(overlaps(&all));
    }
    found
}

fn range(i: &LayoutInstance<'_>, name: &str) -> Option<IpNet> {
    i.attrs.str(name)?.parse::<IpNet>().ok()
}

/// Sorted ranges: one that begins inside an earlier one overlaps it, as ranges nest or are apart.
fn overlaps(sorted: &[(IpNet, &LayoutInstance<'_>)]) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut open: Option<(IpNet, &LayoutInstance<'_>)> = None;
    for (net, i) in sorted {
        match open {
            Some((outer, first)) if outer.contains(net) => {
                let detail = format!("{} has {net}, which lies in {outer} of {}.", i.address, first.address);
                found.push(
                    between(&[first, i], "Two subnets of a VPC overlap", detail)
                        .hint("Give each subnet its own part of the VPC, for instance with cidrsubnet()."),
                );
            }
            _ => open = Some((*net, i)),
        }
    }
    found
}

/// New subnets that no IPv4 range of their VPC holds, when the layout has the VPC and all its ranges
/// are known.
fn outside(world: &World<'_>, vpc: &str, subnets: &[(IpNet, &LayoutInstance<'_>)]) -> Diagnostics {
    let mut found = Diagnostics::new();
    let Some(owner) = world.by_address.get(vpc) else { return found };
    let Some(first) = range(owner, "cidr_block") else { return found };
    let mut ranges = vec![first];
    for i in world.of_type("aws_vpc_ipv4_cidr_block_association") {
        match (world.key(i, "vpc_id", &VPC), range(i, "cidr_block")) {
            (Some(key), _) if key != vpc => {}
            (Some(_), Some(net)) => ranges.push(net),
            _ => return found,
        }
    }
    for (net, i) in subnets.iter().filter(|(net, i)| matches!(net, IpNet::V4(_)) && !i.attrs.is_set("id")) {
        if ranges.iter().any(|range| range.contains(net)) {
            continue;
        }
        let texts: Vec<String> = ranges.iter().map(IpNet::to_string).collect();
        let detail = format!("{} has {net}, but {} has {}.", i.address, owner.address, texts.join(" and "));
        found.push(
            between(&[owner, i], "A subnet lies outside its VPC", detail)
                .hint("Choose a part of the VPC's range, for instance with cidrsubnet().")
                .hint("Or give the VPC a further range with aws_vpc_ipv4_cidr_block_association."),
        );
    }
    found
}
