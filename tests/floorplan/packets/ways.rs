//! Where packets are sent: which table a subnet has, which of its routes is taken, and whether its target is there.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::facts::{all, blocks, by_id, holds, prefix_list, range, text, texts};
use super::places::{vpc, vpc_ranges};
use super::{Object, World};

/// Where a route leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Within the VPC.
    Local,
    /// To the object of this type and id, which may not be there.
    To(&'static str, String),
}

/// How a route came to be, in the order of priority among routes with the same prefix.
///
/// AWS: longest prefix, then static routes, then prefix lists, then propagated routes: static ones of VPN before BGP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Given by the VPC or by a person.
    Static,
    /// By a prefix list.
    List,
    /// Propagated, of a connection with static routes.
    VpnStatic,
    /// Propagated, announced.
    VpnBgp,
}

/// One route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// To which destinations.
    pub range: String,
    /// Where they are sent.
    pub target: Target,
    /// How it came to be.
    pub origin: Origin,
}

/// The id of a subnet's table.
///
/// AWS: a subnet can only be associated with one route table at a time; without an explicit association it uses the
/// main route table.
pub fn table_of(world: World<'_>, subnet: &str) -> String {
    for association in all(world.objects, &["aws_route_table_association"]) {
        if text(&association.attributes, "subnet_id") == subnet {
            return text(&association.attributes, "route_table_id").to_owned();
        }
    }
    main_table(world, &super::places::vpc_of(world, subnet))
}

/// AWS: the main route table is the one that came with the VPC, unless another took its place.
fn main_table(world: World<'_>, id: &str) -> String {
    for association in all(world.objects, &["aws_main_route_table_association"]) {
        if text(&association.attributes, "vpc_id") == id {
            return text(&association.attributes, "route_table_id").to_owned();
        }
    }
    let Some(vpc) = vpc(world, id) else { return String::new() };
    let names = ["default_route_table_id", "main_route_table_id"];
    names.map(|name| text(&vpc.attributes, name)).into_iter().find(|id| !id.is_empty()).unwrap_or("").to_owned()
}

/// The table of a gateway's own: where it sends what enters the VPC through it.
pub fn table_of_gateway(world: World<'_>, gateway: &str) -> Option<String> {
    let associations = all(world.objects, &["aws_route_table_association"]);
    let own = associations.into_iter().find(|each| text(&each.attributes, "gateway_id") == gateway)?;
    Some(text(&own.attributes, "route_table_id").to_owned())
}

/// Where a table sends a destination: nowhere, to one target, or to one of several, and AWS does not say which.
///
/// AWS: we use the most specific route that matches the traffic. If propagated routes overlap with the local route, the
/// local route is most preferred even if they are more specific. If several prefix lists with the same range have
/// different targets, one is chosen at random.
pub fn choose(world: World<'_>, table: &str, vpc: &str, destination: IpAddr) -> Vec<Target> {
    let mut fits = routes(world, table, vpc);
    fits.retain(|route| holds(&route.range, destination));
    if fits.iter().any(|route| route.target == Target::Local) {
        fits.retain(|route| !matches!(route.origin, Origin::VpnStatic | Origin::VpnBgp));
    }
    let length = |route: &Route| range(&route.range).map_or(0, |(_, length)| length);
    let longest = fits.iter().map(length).max();
    fits.retain(|route| Some(length(route)) == longest);
    let first = fits.iter().map(|route| route.origin).min();
    fits.retain(|route| Some(route.origin) == first);
    each_once(fits.into_iter().map(|route| route.target))
}

/// Without what is equal to an earlier one.
pub fn each_once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// All routes of a table.
pub fn routes(world: World<'_>, table: &str, vpc: &str) -> Vec<Route> {
    let mut routes = Vec::new();
    for object in all(world.objects, &["aws_route_table", "aws_default_route_table"]) {
        let a = &object.attributes;
        if text(a, "id") == table || text(a, "default_route_table_id") == table {
            for block in blocks(a, "route") {
                routes.extend(given(world, block, ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"]));
            }
        }
    }
    let names = ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
    for object in all(world.objects, &["aws_route"]) {
        if text(&object.attributes, "route_table_id") == table {
            routes.extend(given(world, &object.attributes, names));
        }
    }
    routes.extend(endpoints(world, table));
    // AWS: every table has a local route for each range of the VPC. Its target can be replaced.
    for range in vpc_ranges(world, vpc) {
        if !routes.iter().any(|route| route.range == range) {
            routes.push(Route { range, target: Target::Local, origin: Origin::Static });
        }
    }
    routes.extend(propagated(world, table, vpc));
    routes
}

/// A route that a person gave: by a range, or by a prefix list, which is a route for each of its ranges.
fn given(world: World<'_>, of: &Json, [v4, v6, list]: [&str; 3]) -> Vec<Route> {
    let target = target(world, of);
    let one = |range: String, origin| Route { range, target: target.clone(), origin };
    if !text(of, list).is_empty() {
        return prefix_list(world.objects, text(of, list)).into_iter().map(|r| one(r, Origin::List)).collect();
    }
    let ranges = [text(of, v4), text(of, v6)].into_iter().filter(|range| !range.is_empty());
    ranges.map(|range| one(range.to_owned(), Origin::Static)).collect()
}

fn target(world: World<'_>, of: &Json) -> Target {
    let gateway = text(of, "gateway_id");
    if gateway == "local" {
        return Target::Local;
    }
    if !gateway.is_empty() {
        let kinds = ["aws_internet_gateway", "aws_vpn_gateway", "aws_vpc_endpoint"];
        let found = kinds.into_iter().find(|kind| by_id(world.objects, &[kind], gateway).is_some());
        return Target::To(found.unwrap_or("gone"), gateway.to_owned());
    }
    let kinds = [
        ("nat_gateway_id", "aws_nat_gateway"),
        ("egress_only_gateway_id", "aws_egress_only_internet_gateway"),
        ("transit_gateway_id", "aws_ec2_transit_gateway"),
        ("vpc_peering_connection_id", "aws_vpc_peering_connection"),
        ("network_interface_id", "aws_network_interface"),
        ("instance_id", "aws_instance"),
        ("vpc_endpoint_id", "aws_vpc_endpoint"),
    ];
    let named = kinds.into_iter().find(|(name, _)| !text(of, name).is_empty());
    named.map_or(Target::To("other", String::new()), |(name, kind)| Target::To(kind, text(of, name).to_owned()))
}

/// AWS: a gateway endpoint puts a route into each table that is associated with it, from the service's prefix list.
fn endpoints(world: World<'_>, table: &str) -> Vec<Route> {
    let mut routes = Vec::new();
    for endpoint in all(world.objects, &["aws_vpc_endpoint"]) {
        let a = &endpoint.attributes;
        let by_object = all(world.objects, &["aws_vpc_endpoint_route_table_association"]).iter().any(|each| {
            text(&each.attributes, "vpc_endpoint_id") == text(a, "id")
                && text(&each.attributes, "route_table_id") == table
        });
        let gateway = ["", "Gateway"].contains(&text(a, "vpc_endpoint_type"));
        if gateway && (by_object || texts(a, "route_table_ids").contains(&table)) {
            routes.extend(texts(a, "cidr_blocks").into_iter().map(|range| Route {
                range: range.to_owned(),
                target: Target::To("aws_vpc_endpoint", text(a, "id").to_owned()),
                origin: Origin::List,
            }));
        }
    }
    routes
}

/// AWS: with route propagation, the routes of the connections of the attached virtual private gateway are in the table.
fn propagated(world: World<'_>, table: &str, vpc: &str) -> Vec<Route> {
    let mut routes = Vec::new();
    for gateway in all(world.objects, &["aws_vpn_gateway"]) {
        let id = text(&gateway.attributes, "id");
        let by_object = all(world.objects, &["aws_vpn_gateway_route_propagation"]).iter().any(|each| {
            text(&each.attributes, "vpn_gateway_id") == id && text(&each.attributes, "route_table_id") == table
        });
        let by_table = all(world.objects, &["aws_route_table", "aws_default_route_table"]).iter().any(|each| {
            let a = &each.attributes;
            [text(a, "id"), text(a, "default_route_table_id")].contains(&table)
                && texts(a, "propagating_vgws").contains(&id)
        });
        if !(by_object || by_table) || !vpn_gateway_is_attached(world, gateway, vpc) {
            continue;
        }
        for connection in all(world.objects, &["aws_vpn_connection"]) {
            if text(&connection.attributes, "vpn_gateway_id") == id {
                let target = Target::To("aws_vpn_gateway", id.to_owned());
                let origin = if is_static(connection) { Origin::VpnStatic } else { Origin::VpnBgp };
                let ranges = connection_ranges(world, connection);
                routes.extend(ranges.into_iter().map(|range| Route { range, target: target.clone(), origin }));
            }
        }
    }
    routes
}

/// Whether a connection's routes are given rather than announced.
pub fn is_static(connection: &Object) -> bool {
    super::facts::is(&connection.attributes, "static_routes_only")
}

/// The ranges behind a connection: its static routes, or what its other side announces.
pub fn connection_ranges(world: World<'_>, connection: &Object) -> Vec<String> {
    let id = text(&connection.attributes, "id");
    if !is_static(connection) {
        return world.unknowns.announced.get(id).cloned().unwrap_or_default();
    }
    let routes = all(world.objects, &["aws_vpn_connection_route"]);
    let own = routes.into_iter().filter(|route| text(&route.attributes, "vpn_connection_id") == id);
    own.map(|route| text(&route.attributes, "destination_cidr_block").to_owned()).collect()
}

/// AWS: one VPC is attached to a virtual private gateway at a time.
pub fn vpn_gateway_is_attached(world: World<'_>, gateway: &Object, vpc: &str) -> bool {
    let id = text(&gateway.attributes, "id");
    text(&gateway.attributes, "vpc_id") == vpc
        || all(world.objects, &["aws_vpn_gateway_attachment"])
            .iter()
            .any(|each| text(&each.attributes, "vpn_gateway_id") == id && text(&each.attributes, "vpc_id") == vpc)
}

/// AWS: a peering connection carries traffic once the owner of the accepter VPC has accepted it.
pub fn peering_is_active(world: World<'_>, peering: &Object) -> bool {
    text(&peering.attributes, "accept_status") == "active"
        || all(world.objects, &["aws_vpc_peering_connection_accepter"]).iter().any(|accepter| {
            let a = &accepter.attributes;
            text(a, "vpc_peering_connection_id") == text(&peering.attributes, "id")
                && text(a, "accept_status") == "active"
        })
}
