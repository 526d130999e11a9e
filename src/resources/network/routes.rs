//! What aws_route and the inline routes of route tables share: the destinations and targets of a
//! route, how they are read, and the three calls.

use crate::aws::{Aws, Error, Kind, Result};
use crate::resources::settle;
use crate::schema::Attrs;
use crate::value::Value;
use aws_sdk_ec2::types::Route;

/// The target arguments. A network interface comes last: AWS also names one for other targets.
pub const TARGETS: [&str; 11] = [
    "carrier_gateway_id",
    "core_network_arn",
    "egress_only_gateway_id",
    "gateway_id",
    "local_gateway_id",
    "nat_gateway_id",
    "odb_network_arn",
    "transit_gateway_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
    "network_interface_id",
];

/// What AWS has once, whoever gives it: a destination in a table.
pub fn held(table: &str, destination: &str) -> String {
    format!("the route to {destination} of {table}")
}

/// The target of the route that every VPC has to itself.
pub const LOCAL: &str = "local";

/// The target of a route as AWS lists it, under `name`.
pub fn target<'a>(r: &'a Route, name: &str) -> Option<&'a str> {
    let gateway = r.gateway_id();
    let endpoint = gateway.is_some_and(|id| id.starts_with("vpce-"));
    match name {
        "carrier_gateway_id" => r.carrier_gateway_id(),
        "core_network_arn" => r.core_network_arn(),
        "egress_only_gateway_id" => r.egress_only_internet_gateway_id(),
        "gateway_id" => gateway.filter(|_| !endpoint),
        "local_gateway_id" => r.local_gateway_id(),
        "nat_gateway_id" => r.nat_gateway_id(),
        "odb_network_arn" => r.odb_network_arn(),
        "transit_gateway_id" => r.transit_gateway_id(),
        "vpc_endpoint_id" => gateway.filter(|_| endpoint),
        "vpc_peering_connection_id" => r.vpc_peering_connection_id(),
        "network_interface_id" => r.network_interface_id(),
        _ => None,
    }
}

/// The destination of a route as AWS lists it.
pub fn destination(r: &Route) -> Option<&str> {
    r.destination_cidr_block().or(r.destination_ipv6_cidr_block()).or(r.destination_prefix_list_id())
}

/// Where a route leads to, as the calls want it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// An IPv4 range.
    pub ipv4: Option<String>,
    /// An IPv6 range.
    pub ipv6: Option<String>,
    /// A prefix list.
    pub prefix_list: Option<String>,
    /// The argument that names the target.
    pub kind: String,
    /// The target.
    pub target: String,
}

impl Wanted {
    /// The destination, whichever it is.
    pub fn destination(&self) -> &str {
        [&self.ipv4, &self.ipv6, &self.prefix_list].into_iter().flatten().next().map_or("", String::as_str)
    }

    /// Sets the target to the first of the arguments `names` that is given.
    pub fn to(mut self, attrs: &Attrs, names: impl IntoIterator<Item = &'static str>) -> Self {
        let given = |name: &&str| attrs.str(name).is_some_and(|v| !v.is_empty());
        if let Some(name) = names.into_iter().find(given) {
            self.kind = name.to_owned();
            self.target = attrs.string(name).unwrap_or_default();
        }
        self
    }

    fn target(&self, name: &str) -> Option<String> {
        (self.kind == name && self.target != LOCAL).then(|| self.target.clone())
    }
}

/// CreateRoute and ReplaceRoute take the same arguments by builders of different types.
macro_rules! with_route {
    ($call:expr, $table:expr, $route:expr) => {
        $call
            .route_table_id($table)
            .set_destination_cidr_block($route.ipv4.clone())
            .set_destination_ipv6_cidr_block($route.ipv6.clone())
            .set_destination_prefix_list_id($route.prefix_list.clone())
            .set_carrier_gateway_id($route.target("carrier_gateway_id"))
            .set_core_network_arn($route.target("core_network_arn"))
            .set_egress_only_internet_gateway_id($route.target("egress_only_gateway_id"))
            .set_gateway_id($route.target("gateway_id"))
            .set_local_gateway_id($route.target("local_gateway_id"))
            .set_nat_gateway_id($route.target("nat_gateway_id"))
            .set_network_interface_id($route.target("network_interface_id"))
            .set_odb_network_arn($route.target("odb_network_arn"))
            .set_transit_gateway_id($route.target("transit_gateway_id"))
            .set_vpc_endpoint_id($route.target("vpc_endpoint_id"))
            .set_vpc_peering_connection_id($route.target("vpc_peering_connection_id"))
    };
}

/// Adds a route; fails if the table has one with this destination.
pub async fn create(aws: &Aws, table: &str, route: &Wanted) -> Result<()> {
    with_route!(aws.write.ec2.create_route(), table, route).send().await?;
    Ok(())
}

/// Gives the route with this destination another target.
pub async fn replace(aws: &Aws, table: &str, route: &Wanted) -> Result<()> {
    let local = (route.target == LOCAL).then_some(true);
    with_route!(aws.write.ec2.replace_route(), table, route).set_local_target(local).send().await?;
    Ok(())
}

/// Adds a route, or gives the one that is there this target.
pub async fn put(aws: &Aws, table: &str, route: &Wanted) -> Result<()> {
    match create(aws, table, route).await {
        Err(e) if e.kind == Kind::Exists => replace(aws, table, route).await,
        done => done,
    }
}

/// Takes the route with this destination away, if it is there.
pub async fn delete(aws: &Aws, table: &str, route: &Wanted) -> Result<()> {
    let call = aws
        .write
        .ec2
        .delete_route()
        .route_table_id(table)
        .set_destination_cidr_block(route.ipv4.clone())
        .set_destination_ipv6_cidr_block(route.ipv6.clone())
        .set_destination_prefix_list_id(route.prefix_list.clone());
    settle::unless_gone(call.send().await.map_err(Error::from))
}

/// An address range in the spelling in which AWS keeps it.
pub fn canonical(range: &str) -> String {
    range.parse::<ipnet::IpNet>().map_or_else(|_| range.to_owned(), |net| net.trunc().to_string())
}

/// A text that is neither null nor empty, as inline routes have both.
pub fn text(attrs: &Attrs, name: &str) -> Option<String> {
    attrs.get(name).and_then(Value::as_str).filter(|t| !t.is_empty()).map(str::to_owned)
}
