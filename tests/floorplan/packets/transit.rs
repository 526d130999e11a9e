//! Transit gateways: who is attached, which of its tables an attachment uses, and where that table sends a packet.

use std::net::IpAddr;

use super::facts::{all, by_id, holds, is, prefix_list, range, text};
use super::places::vpc_ranges;
use super::ways::{connection_ranges, each_once, is_static};
use super::{Object, World};

const ATTACHMENT: &str = "aws_ec2_transit_gateway_vpc_attachment";

/// The attachment of a VPC to a transit gateway.
pub fn attachment<'a>(world: World<'a>, gateway: &str, vpc: &str) -> Option<&'a Object> {
    let of = |each: &&Object| {
        text(&each.attributes, "transit_gateway_id") == gateway && text(&each.attributes, "vpc_id") == vpc
    };
    all(world.objects, &[ATTACHMENT]).into_iter().find(of)
}

/// Whether rules of one VPC may refer to groups of another over a transit gateway.
///
/// AWS: security group referencing has to be enabled for the transit gateway and for both attachments.
pub fn refers(world: World<'_>, one: &str, other: &str) -> bool {
    all(world.objects, &["aws_ec2_transit_gateway"]).iter().any(|gateway| {
        let id = text(&gateway.attributes, "id");
        let supports = |object: &Object| is(&object.attributes, "security_group_referencing_support");
        let attached = |vpc| attachment(world, id, vpc).is_some_and(supports);
        supports(gateway) && attached(one) && attached(other)
    })
}

/// The object that an attachment's id belongs to: of a VPC, a VPN connection, or another transit gateway.
pub fn attached<'a>(world: World<'a>, id: &str) -> Option<&'a Object> {
    let kinds = [ATTACHMENT, "aws_ec2_transit_gateway_peering_attachment"];
    by_id(world.objects, &kinds, id).or_else(|| {
        let connections = all(world.objects, &["aws_vpn_connection"]);
        let of = |each: &&Object| !id.is_empty() && text(&each.attributes, "transit_gateway_attachment_id") == id;
        connections.into_iter().find(of)
    })
}

/// The table that an attachment is associated with.
///
/// AWS: each attachment is associated with at most one route table; with the default association table if the transit
/// gateway and the attachment have that.
pub fn table_of(world: World<'_>, gateway: &str, id: &str) -> Option<String> {
    for association in all(world.objects, &["aws_ec2_transit_gateway_route_table_association"]) {
        let table = text(&association.attributes, "transit_gateway_route_table_id");
        let own = by_id(world.objects, &["aws_ec2_transit_gateway_route_table"], table)
            .is_none_or(|table| text(&table.attributes, "transit_gateway_id") == gateway);
        if text(&association.attributes, "transit_gateway_attachment_id") == id && own {
            return Some(table.to_owned());
        }
    }
    let name = "transit_gateway_default_route_table_association";
    by_default(world, gateway, id, "default_route_table_association", name, "association_default_route_table_id")
}

/// The default table for associations or propagations, if an attachment uses it.
fn by_default(world: World<'_>, gateway: &str, id: &str, of: &str, own: &str, table: &str) -> Option<String> {
    let gateway = by_id(world.objects, &["aws_ec2_transit_gateway"], gateway)?;
    let attached = attached(world, id)?;
    let wanted = text(&gateway.attributes, of) != "disable" && attached.attributes[own].as_bool() != Some(false);
    let table = text(&gateway.attributes, table);
    (wanted && !table.is_empty()).then(|| table.to_owned())
}

/// Where a table sends a destination: to attachments by id, or nowhere. Several are equal, and AWS takes one of them.
///
/// AWS: the most specific route; for the same range static routes, then prefix list references, then routes propagated
/// by VPCs, then by VPNs. A blackhole route drops what matches it.
pub fn choose(world: World<'_>, gateway: &str, table: &str, destination: IpAddr) -> Vec<Option<String>> {
    let mut routes: Vec<(String, u8, Option<String>)> = Vec::new();
    let target = |object: &Object| {
        let id = text(&object.attributes, "transit_gateway_attachment_id");
        (!is(&object.attributes, "blackhole") && !id.is_empty()).then(|| id.to_owned())
    };
    for route in all(world.objects, &["aws_ec2_transit_gateway_route"]) {
        if text(&route.attributes, "transit_gateway_route_table_id") == table {
            routes.push((text(&route.attributes, "destination_cidr_block").to_owned(), 0, target(route)));
        }
    }
    for reference in all(world.objects, &["aws_ec2_transit_gateway_prefix_list_reference"]) {
        if text(&reference.attributes, "transit_gateway_route_table_id") == table {
            let ranges = prefix_list(world.objects, text(&reference.attributes, "prefix_list_id"));
            routes.extend(ranges.into_iter().map(|range| (range, 1, target(reference))));
        }
    }
    routes.extend(propagated(world, gateway, table));
    routes.retain(|(range, _, _)| holds(range, destination));
    let length = |cidr: &str| range(cidr).map_or(0, |(_, length)| length);
    let longest = routes.iter().map(|(range, _, _)| length(range)).max();
    routes.retain(|(range, _, _)| Some(length(range)) == longest);
    let first = routes.iter().map(|(_, rank, _)| *rank).min();
    routes.retain(|(_, rank, _)| Some(*rank) == first);
    each_once(routes.into_iter().map(|(_, _, target)| target))
}

/// AWS: an attachment that propagates to a table puts the ranges of its VPC there, those of IPv6 if it supports IPv6,
/// or what the other side of its VPN connection announces.
fn propagated(world: World<'_>, gateway: &str, table: &str) -> Vec<(String, u8, Option<String>)> {
    let mut routes = Vec::new();
    let to_table = |id: &str| {
        let explicit = all(world.objects, &["aws_ec2_transit_gateway_route_table_propagation"]).iter().any(|each| {
            text(&each.attributes, "transit_gateway_route_table_id") == table
                && text(&each.attributes, "transit_gateway_attachment_id") == id
        });
        let name = "transit_gateway_default_route_table_propagation";
        let usual = ("default_route_table_propagation", "propagation_default_route_table_id");
        explicit || by_default(world, gateway, id, usual.0, name, usual.1).is_some_and(|default| default == table)
    };
    for attachment in all(world.objects, &[ATTACHMENT]) {
        let a = &attachment.attributes;
        if text(a, "transit_gateway_id") == gateway && to_table(text(a, "id")) {
            let mut ranges = vpc_ranges(world, text(a, "vpc_id"));
            ranges.retain(|range| !range.contains(':') || is(a, "ipv6_support"));
            routes.extend(ranges.into_iter().map(|range| (range, 2, Some(text(a, "id").to_owned()))));
        }
    }
    for connection in all(world.objects, &["aws_vpn_connection"]) {
        let a = &connection.attributes;
        let id = text(a, "transit_gateway_attachment_id");
        if text(a, "transit_gateway_id") == gateway && !is_static(connection) && to_table(id) {
            let ranges = connection_ranges(world, connection);
            routes.extend(ranges.into_iter().map(|range| (range, 3, Some(id.to_owned()))));
        }
    }
    routes
}

/// The subnets through which an attachment reaches its VPC from a zone.
///
/// AWS: a transit gateway keeps traffic in the zone that it came from where the attachment has a subnet there. In
/// appliance mode, and where it has none, it takes another one.
pub fn exits(world: World<'_>, attachment: &Object, zone: Option<&str>) -> Vec<String> {
    let a = &attachment.attributes;
    let subnets: Vec<String> = super::facts::texts(a, "subnet_ids").into_iter().map(str::to_owned).collect();
    let near: Vec<String> =
        subnets.iter().filter(|s| Some(super::places::zone_of(world, s).as_str()) == zone).cloned().collect();
    if near.is_empty() || is(a, "appliance_mode_support") { subnets } else { near }
}

/// The transit gateway on the other side of a peering attachment.
pub fn beyond(peering: &Object, gateway: &str) -> String {
    let ends = ["transit_gateway_id", "peer_transit_gateway_id"].map(|name| text(&peering.attributes, name));
    ends.into_iter().find(|end| *end != gateway).unwrap_or("").to_owned()
}

/// Whether an attachment of a VPC supports the family of an address.
///
/// AWS: IPv6 traffic needs IPv6 support of the attachment.
pub fn supports(attachment: &Object, address: IpAddr) -> bool {
    address.is_ipv4() || is(&attachment.attributes, "ipv6_support")
}
