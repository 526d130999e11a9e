//! The common part of aws_route and the inline routes of route tables: the destinations and targets of a
//! route, how they are read, and the calls.

use crate::resources::prelude::*;
use crate::resources::spec;
use aws_sdk_ec2::operation::create_route::builders::CreateRouteFluentBuilder as Create;
use aws_sdk_ec2::operation::replace_route::builders::ReplaceRouteFluentBuilder as Replace;
use aws_sdk_ec2::types::Route;

table! {
    /// A route as an object of its own.
    pub Rows: Route, create Create, modify Replace {
        destination_cidr_block: Text, read, create, modify [.force_new().check(checks::ipv4_cidr)];
        destination_ipv6_cidr_block: Text, read, create, modify
            [.force_new().normal(Normal::Cidr).check(checks::ipv6_cidr)];
        destination_prefix_list_id: Text, read, create, modify [.force_new()];
        carrier_gateway_id: Text, read, create, modify;
        core_network_arn: Text, read, create, modify;
        egress_only_gateway_id = egress_only_internet_gateway_id: Text, read, create, modify;
        gateway_id: Text, create, modify [.read(|r| gateway(r.held()).filter(|id| !is_endpoint(id)).into())];
        local_gateway_id: Text, read, create, modify;
        nat_gateway_id: Text, read, create, modify;
        network_interface_id: Text, read, create, modify [.optional_computed()];
        odb_network_arn: Text, read, create, modify;
        transit_gateway_id: Text, read, create, modify;
        vpc_endpoint_id: Text, create, modify [.read(|r| gateway(r.held()).filter(|id| is_endpoint(id)).into())];
        vpc_peering_connection_id: Text, read, create, modify;
        instance_id: Text, read, create, modify [.computed()];
        instance_owner_id: Text, read [.computed()];
        origin: EnumCell, read [.computed()];
        state: EnumCell, read [.computed()];
    }
}

/// The destination arguments.
pub const DESTINATIONS: [&str; 3] =
    ["destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id"];
/// The same of an inline route.
pub const INLINE: [&str; 3] = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id"];

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
/// The target that AWS keeps as a network interface.
pub const INSTANCE: &str = "instance_id";

/// The target of the route that every VPC has to itself.
const LOCAL: &str = "local";

fn gateway(r: &Route) -> Option<&str> {
    r.gateway_id()
}

/// AWS gives an endpoint back as a gateway.
fn is_endpoint(gateway: &str) -> bool {
    gateway.starts_with("vpce-")
}

/// What AWS has once, whoever gives it: a destination in a table.
pub fn held(table: &str, destination: &str) -> String {
    format!("the route to {destination} of {table}")
}

/// The destination of a route as AWS lists it.
pub fn destination(r: &Route) -> Option<&str> {
    r.destination_cidr_block().or(r.destination_ipv6_cidr_block()).or(r.destination_prefix_list_id())
}

/// The rows of a route inside of a table, with these targets.
pub fn inline_rows(targets: &[&'static str]) -> Vec<Attribute> {
    let row = |name| spec::A::<()>::string(name).optional_computed().default("");
    let [ipv4, ipv6, list] = INLINE.map(row);
    let ranges = [
        ipv4.check(|v| checks::unless_empty(v, checks::ipv4_cidr)),
        ipv6.check(|v| checks::unless_empty(v, checks::ipv6_cidr)),
        list,
    ];
    rows(ranges.into_iter().chain(targets.iter().copied().map(row)))
}

/// A route inside of a table, with these targets.
pub fn inline(r: &Route, targets: &[&'static str]) -> Value {
    let columns = Rows::rows::<Route>();
    let read = |name: &str| {
        let column = columns.iter().find(|c| c.row.name == name).and_then(|c| c.read);
        column.map(|read| read(r)).filter(|v| !v.is_null()).unwrap_or_else(|| "".into())
    };
    let to = INLINE.into_iter().zip(DESTINATIONS).map(|(name, own)| (name, read(own)));
    Value::object(to.chain(targets.iter().map(|name| (*name, read(name)))))
}

/// Where a route leads to: what it is called in aws_route, and the text.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    to: (&'static str, String),
    /// One in a layout; AWS names an instance and its interface.
    targets: Vec<(&'static str, String)>,
}

impl Wanted {
    /// The route that the arguments say, by these names of destinations and targets.
    pub fn of(attrs: &Attrs, to: [&str; 3], targets: impl IntoIterator<Item = &'static str>) -> Self {
        let text = |name: &str| attrs.string(name).filter(|text| !text.is_empty());
        let to = to.into_iter().zip(DESTINATIONS).find_map(|(name, own)| Some((own, canonical(&text(name)?))));
        let targets = targets.into_iter().filter_map(|name| Some((name, text(name)?))).collect();
        Wanted { to: to.unwrap_or_default(), targets }
    }

    /// The destination.
    pub fn destination(&self) -> &str {
        &self.to.1
    }

    /// Whether it leads nowhere.
    pub fn is_open(&self) -> bool {
        self.targets.is_empty()
    }

    /// Whether it is the route that every VPC has to itself.
    pub fn is_local(&self) -> bool {
        self.targets.first().is_some_and(|(_, target)| target == LOCAL)
    }

    /// Whether both have one destination and one target.
    pub fn is_same(&self, other: &Self) -> bool {
        let shared = self.targets.iter().any(|target| other.targets.contains(target));
        self.to == other.to && (shared || self.is_open() && other.is_open())
    }

    /// As arguments of a call.
    fn arguments(&self) -> Attrs {
        let target = self.targets.first().filter(|_| !self.is_local());
        [&self.to].into_iter().chain(target).map(|(name, text)| (*name, Value::from(text))).collect()
    }
}

/// Adds a route; fails if the table has one with this destination.
pub async fn create(aws: &Aws, table: &str, route: &Wanted) -> Result<()> {
    Rows::create(aws.write.ec2.create_route(), &route.arguments()).route_table_id(table).send().await?;
    Ok(())
}

/// Gives the route with this destination another target.
pub async fn replace(aws: &Aws, table: &str, route: &Wanted) -> Result<()> {
    let (none, all) = (Attrs::default(), route.arguments());
    let mut change = Change::new(&none, &all, all.iter().map(|(name, _)| name.to_string()));
    let call = aws.write.ec2.replace_route().route_table_id(table);
    if let Some(call) = Rows::modify(call.set_local_target(route.is_local().then_some(true)), &mut change) {
        call.send().await?;
    }
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
    let all = route.arguments();
    let [ipv4, ipv6, list] = DESTINATIONS.map(|name| all.string(name));
    let call = aws.write.ec2.delete_route().route_table_id(table).set_destination_cidr_block(ipv4);
    let call = call.set_destination_ipv6_cidr_block(ipv6).set_destination_prefix_list_id(list);
    settle::unless_gone(call.send().await.map_err(Error::from))
}

/// An address range in the spelling in which AWS keeps it.
fn canonical(range: &str) -> String {
    range.parse::<ipnet::IpNet>().map_or_else(|_| range.to_owned(), |net| net.trunc().to_string())
}
