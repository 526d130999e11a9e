//! The ways out of a VPC: internet gateways, Block Public Access, VPN connections.

use super::facts::{all, by_id, holds, is, range, text};
use super::ways::{connection_ranges, is_static};
use super::{Object, Packet, World};

/// The internet gateway of a VPC.
///
/// AWS: a VPC has at most one internet gateway attached.
pub fn internet_gateway(world: World<'_>, vpc: &str) -> Option<String> {
    let gateways = all(world.objects, &["aws_internet_gateway"]);
    let own = gateways.into_iter().find(|gateway| text(&gateway.attributes, "vpc_id") == vpc)?;
    Some(text(&own.attributes, "id").to_owned())
}

/// What stands before a gateway to the Internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// An interface of its own.
    Interface,
    /// A NAT gateway.
    Nat,
    /// The gateway itself lets out only what began inside.
    EgressOnly,
}

/// Whether Block Public Access lets a flow through a gateway to the Internet.
///
/// AWS: block-bidirectional blocks all traffic through internet gateways and egress-only internet gateways. In
/// block-ingress only traffic of NAT gateways and egress-only internet gateways is allowed, because these only allow
/// outbound connections. Excluded VPCs and subnets are exempt: allow-bidirectional for everything; allow-egress, which
/// only applies in block-bidirectional, for connections that begin inside.
pub fn public_access(world: World<'_>, vpc: &str, subnet: Option<&str>, before: Before, begins_inside: bool) -> bool {
    let options = all(world.objects, &["aws_vpc_block_public_access_options"]);
    let mode = options.first().map_or("off", |options| text(&options.attributes, "internet_gateway_block_mode"));
    let excluded = |as_mode: &str| {
        all(world.objects, &["aws_vpc_block_public_access_exclusion"]).iter().any(|exclusion| {
            let a = &exclusion.attributes;
            let here = text(a, "vpc_id") == vpc || subnet.is_some_and(|subnet| text(a, "subnet_id") == subnet);
            here && text(a, "internet_gateway_exclusion_mode") == as_mode
        })
    };
    match mode {
        "block-bidirectional" => excluded("allow-bidirectional") || (begins_inside && excluded("allow-egress")),
        "block-ingress" => excluded("allow-bidirectional") || (begins_inside && before != Before::Interface),
        _ => true,
    }
}

/// The connections through which a virtual private gateway sends a packet: one, none, or equal ones.
///
/// AWS: a virtual private gateway sends to the connection with the most specific route; for the same range, static
/// routes go before announced ones.
pub fn connections_to(world: World<'_>, gateway: &str, packet: Packet) -> Vec<String> {
    let mut fits: Vec<(u32, bool, String)> = Vec::new();
    for connection in all(world.objects, &["aws_vpn_connection"]) {
        if text(&connection.attributes, "vpn_gateway_id") != gateway {
            continue;
        }
        let ranges = connection_ranges(world, connection);
        let lengths = ranges.iter().filter(|cidr| holds(cidr, packet.destination)).filter_map(|cidr| range(cidr));
        if let Some(longest) = lengths.map(|(_, length)| length).max() {
            fits.push((longest, is_static(connection), text(&connection.attributes, "id").to_owned()));
        }
    }
    let best = fits.iter().map(|(length, of_static, _)| (*length, *of_static)).max();
    fits.retain(|(length, of_static, _)| Some((*length, *of_static)) == best);
    fits.into_iter().map(|(_, _, id)| id).collect()
}

/// Whether a connection carries traffic between an address on the other side and one in AWS.
///
/// AWS: a connection can be restricted to one range on each side; without, it carries all. A virtual private gateway
/// does not support IPv6.
pub fn carries(connection: &Object, theirs: std::net::IpAddr, ours: std::net::IpAddr) -> bool {
    let a = &connection.attributes;
    let family = if ours.is_ipv4() { "ipv4" } else { "ipv6" };
    let within = |side: &str, address| {
        let cidr = text(a, &format!("{side}_{family}_network_cidr"));
        cidr.is_empty() || holds(cidr, address)
    };
    let inside = if text(a, "tunnel_inside_ip_version") == "ipv6" { "ipv6" } else { "ipv4" };
    inside == family && within("local", theirs) && within("remote", ours)
}

/// Whether two connections end at the same device of the other side.
pub fn same_device(world: World<'_>, one: &str, other: &str) -> bool {
    let device = |id: &str| {
        let connection = by_id(world.objects, &["aws_vpn_connection"], id);
        connection.map(|connection| text(&connection.attributes, "customer_gateway_id").to_owned())
    };
    one == other || device(one) == device(other)
}

/// The public addresses of a regional NAT gateway.
///
/// AWS: it has an address in each zone that it works in, given or chosen by AWS.
pub fn regional_addresses(world: World<'_>, nat: &Object) -> Vec<std::net::IpAddr> {
    let mut found = Vec::new();
    for block in super::facts::blocks(&nat.attributes, "regional_nat_gateway_address") {
        found.extend(text(block, "public_ip").parse::<std::net::IpAddr>().ok());
    }
    for block in super::facts::blocks(&nat.attributes, "availability_zone_address") {
        let ids = super::facts::texts(block, "allocation_ids");
        found.extend(ids.into_iter().filter_map(|id| super::places::allocated(world, id)));
    }
    if found.is_empty() {
        found.extend(super::places::given_public(world, nat, 0));
    }
    found
}

/// Whether a NAT gateway is a regional one.
pub fn is_regional(nat: &Object) -> bool {
    text(&nat.attributes, "availability_mode") == "regional"
}

/// Whether an interface takes packets that are for others.
///
/// AWS: with source/destination checking, which is on unless it is turned off, an instance must be the source or the
/// destination of any traffic that it sends or receives.
pub fn checks_destination(object: &Object) -> bool {
    object.attributes["source_dest_check"].is_null() || is(&object.attributes, "source_dest_check")
}
