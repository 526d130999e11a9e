//! One route: its destination, and what it leads to. Blocks of a table and objects of their own are read alike.

use crate::network::filters::{LISTS, Ranges, ranges};
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::read::{Fact, addresses, text};
use crate::network::space::Addresses;
use crate::value::Value;
use std::sync::Arc;

/// Where a route leads, by the object that the model knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::network) enum Target {
    /// Delivery within the VPC.
    Local,
    /// An internet gateway.
    Internet(Door),
    /// A gateway that only lets IPv6 out.
    EgressOnly(Door),
    /// A NAT gateway.
    Nat(usize),
    /// A peering.
    Peering(usize),
    /// A transit gateway.
    Transit(Door),
    /// A virtual private gateway.
    Vpn(Door),
    /// An interface that forwards: of an instance, a firewall or a gateway load balancer.
    Forwarder(usize),
    /// An attachment of a transit gateway.
    Attachment(usize),
    /// A VPN connection.
    Connection(usize),
    /// Nothing any more.
    Blackhole,
    /// A service of AWS, through a gateway endpoint.
    Service(Option<usize>),
    /// Something that the model does not follow.
    Unknown,
}

/// A gateway: one of the objects, or one that only an id speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::network) enum Door {
    Listed(usize),
    Elsewhere(Arc<str>),
}

/// A route.
#[derive(Debug, Clone)]
pub(in crate::network) struct Route {
    pub(in crate::network) name: Arc<str>,
    pub(in crate::network) part: Part,
    pub(in crate::network) destination: Ranges,
    pub(in crate::network) target: Target,
    pub(in crate::network) priority: Priority,
}

/// Which route counts among those with equal prefixes: the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::network) enum Priority {
    Announced,
    Propagated,
    List,
    Local,
    Static,
}

/// The arguments of a route's target, with the types of objects and what they make of it.
const TARGETS: [(&str, &[&str], fn(Door) -> Target); 10] = [
    ("gateway_id", &["aws_internet_gateway"], Target::Internet),
    ("gateway_id", &["aws_vpn_gateway"], Target::Vpn),
    ("gateway_id", &["aws_vpc_endpoint"], |_| Target::Service(None)),
    ("egress_only_gateway_id", &["aws_egress_only_internet_gateway"], Target::EgressOnly),
    ("nat_gateway_id", &["aws_nat_gateway"], |door| listed(door, Target::Nat)),
    ("vpc_peering_connection_id", PEERINGS, |door| listed(door, Target::Peering)),
    ("transit_gateway_id", &["aws_ec2_transit_gateway"], Target::Transit),
    ("network_interface_id", &["aws_network_interface", "aws_instance"], |door| listed(door, Target::Forwarder)),
    ("instance_id", &["aws_instance"], |door| listed(door, Target::Forwarder)),
    ("vpc_endpoint_id", &["aws_vpc_endpoint"], |door| listed(door, Target::Forwarder)),
];

/// The types that an argument for several kinds of gateways may name.
const GATEWAYS: &[&str] = &["aws_vpn_gateway", "aws_vpc_endpoint"];

/// The types that are a peering.
pub(super) const PEERINGS: &[&str] = &["aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"];

impl Priority {
    /// Whether the route was not given but propagated.
    pub(in crate::network) fn is_propagated(self) -> bool {
        matches!(self, Priority::Announced | Priority::Propagated)
    }
}

/// Other arguments that lead somewhere.
const OTHERS: [&str; 4] = ["carrier_gateway_id", "local_gateway_id", "core_network_arn", "odb_network_arn"];

fn listed(door: Door, target: fn(usize) -> Target) -> Target {
    match door {
        Door::Listed(object) => target(object),
        Door::Elsewhere(_) => Target::Unknown,
    }
}

/// The target that the arguments of a route name.
fn target(index: &Index<'_>, of: &Value) -> Target {
    if text(of, "state").known() == Some("blackhole") {
        return Target::Blackhole;
    }
    if let Fact::Known("local") = text(of, "gateway_id") {
        return Target::Local;
    }
    for (name, types, make) in TARGETS {
        match index.refers(of, name, types) {
            Link::To(object, _) => return make(Door::Listed(object)),
            Link::Elsewhere(id) if name != "gateway_id" => return make(Door::Elsewhere(id)),
            Link::Elsewhere(id) if id.starts_with("igw-") => return Target::Internet(Door::Elsewhere(id)),
            Link::Elsewhere(id) if id.starts_with("vpce-") => return Target::Service(None),
            Link::Elsewhere(id) if id.starts_with("vgw-") && types.contains(&"aws_vpn_gateway") => {
                return Target::Vpn(Door::Elsewhere(id));
            }
            Link::Unknown if index.refers(of, name, GATEWAYS) == Link::Unknown => return Target::Unknown,
            _ => {}
        }
    }
    let other = OTHERS.iter().any(|name| !matches!(text(of, name), Fact::Absent));
    match other || !matches!(text(of, "gateway_id"), Fact::Absent) || of.is_unknown() {
        true => Target::Unknown,
        false => Target::Blackhole,
    }
}

/// The routes that a block of a table or an object of its own is.
pub(super) fn route(index: &Index<'_>, of: &Value, part: Part) -> Route {
    let mut destination = None;
    let mut priority = Priority::Static;
    for argument in ["destination_cidr_block", "destination_ipv6_cidr_block", "cidr_block", "ipv6_cidr_block"] {
        match addresses(of, argument) {
            Fact::Known(range) => destination = Some(Ranges::known(range)),
            Fact::Unknown if of.get(argument).is_some() && destination.is_none() => {
                let family = if argument.contains("ipv6") { Addresses::v6() } else { Addresses::v4() };
                destination = Some(Ranges::some(family));
            }
            _ => {}
        }
    }
    if destination.is_none() {
        for argument in ["destination_prefix_list_id", "prefix_list_id"] {
            match index.refers(of, argument, &LISTS) {
                Link::Nothing => {}
                link => {
                    destination = Some(ranges(index, &link));
                    priority = Priority::List;
                }
            }
        }
    }
    let destination = destination.unwrap_or_else(|| match of.is_unknown() {
        true => Ranges::some(Addresses::all()),
        false => Ranges::default(),
    });
    Route { name: part.at.clone(), part, destination, target: target(index, of), priority }
}
