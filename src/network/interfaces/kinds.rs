//! How the types that are in subnets say where they are, which groups they have and which addresses.

use crate::network::index::Index;
use crate::network::kinds::ObjectKind;
use crate::network::places::Places;
use crate::network::read::{Fact, elements, text};
use crate::value::Value;

/// What an interface is part of, as far as traffic differs by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::network) enum Shape {
    /// A network interface of its own.
    Card,
    /// An instance.
    Instance,
    /// A balancer, which answers on the ports of its listeners.
    Balancer,
    /// A database or a cache.
    Database,
    /// A NAT gateway.
    Nat,
    /// An endpoint of a service, a firewall or a gateway load balancer.
    Endpoint,
    /// Anything else.
    Other,
}

/// The filter of an interface without groups of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bare {
    /// The VPC's default group.
    Default,
    /// None at all.
    Open,
    /// It is not known.
    Unknown,
}

/// A kind of objects with interfaces.
pub(super) struct Kind {
    pub(super) of: &'static [ObjectKind],
    pub(super) shape: Shape,
    pub(super) subnets: &'static [&'static str],
    pub(super) groups: &'static [&'static str],
    pub(super) v4: &'static [&'static str],
    pub(super) v6: &'static [&'static str],
    /// Arguments that ask for IPv6 addresses.
    pub(super) v6_asks: &'static [&'static str],
    pub(super) port: Option<&'static str>,
    /// The filter that it has where no group is given.
    pub(super) bare: Bare,
    /// Whether it is in all of its subnets, or in one of them.
    pub(super) everywhere: bool,
    /// Whether it is in one subnet only.
    pub(super) alone: bool,
    /// Whether it may be in no network at all.
    pub(super) optional: bool,
}

const OTHER: Kind = Kind {
    of: &[],
    shape: Shape::Other,
    subnets: &[],
    groups: &[],
    v4: &[],
    v6: &[],
    v6_asks: &[],
    port: None,
    bare: Bare::Default,
    everywhere: true,
    alone: false,
    optional: false,
};

/// All kinds. Network interfaces come first: instances may be where these are.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        of: &[ObjectKind::Interface],
        shape: Shape::Card,
        subnets: &["subnet_id"],
        groups: &["security_groups"],
        v4: &["private_ip", "private_ips", "private_ip_list"],
        v6: &["ipv6_addresses", "ipv6_address_list"],
        v6_asks: &["ipv6_address_count", "ipv6_addresses"],
        alone: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Instance],
        shape: Shape::Instance,
        subnets: &["subnet_id"],
        // Names of groups count only where no ids are known, and those of a template only where it has none of its own.
        groups: &[
            "vpc_security_group_ids",
            "security_groups",
            "launch_template.id=aws_launch_template.vpc_security_group_ids",
            "launch_template.id=aws_launch_template.network_interfaces.security_groups",
        ],
        v4: &["private_ip", "secondary_private_ips"],
        v6: &["ipv6_addresses"],
        v6_asks: &["ipv6_address_count", "ipv6_addresses"],
        alone: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::NatGateway],
        shape: Shape::Nat,
        subnets: &["subnet_id"],
        v4: &["private_ip", "secondary_private_ip_addresses"],
        bare: Bare::Open,
        alone: true,
        optional: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Balancer, ObjectKind::ClassicBalancer],
        shape: Shape::Balancer,
        subnets: &["subnets", "subnet_mapping.subnet_id"],
        groups: &["security_groups"],
        v4: &["subnet_mapping.private_ipv4_address"],
        v6: &["subnet_mapping.ipv6_address"],
        v6_asks: &["ip_address_type"],
        bare: Bare::Open,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Database],
        shape: Shape::Database,
        subnets: &["db_subnet_group_name=aws_db_subnet_group.subnet_ids"],
        groups: &["vpc_security_group_ids"],
        port: Some("port"),
        everywhere: false,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::DatabaseCluster],
        shape: Shape::Database,
        subnets: &["db_subnet_group_name=aws_db_subnet_group.subnet_ids"],
        groups: &["vpc_security_group_ids"],
        port: Some("port"),
        everywhere: false,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::DatabaseMember],
        shape: Shape::Database,
        subnets: &["db_subnet_group_name=aws_db_subnet_group.subnet_ids"],
        groups: &["cluster_identifier=aws_rds_cluster.vpc_security_group_ids"],
        port: Some("port"),
        everywhere: false,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Cache],
        shape: Shape::Database,
        subnets: &["subnet_group_name=aws_elasticache_subnet_group.subnet_ids"],
        groups: &["security_group_ids"],
        port: Some("port"),
        everywhere: false,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Endpoint],
        shape: Shape::Endpoint,
        subnets: &["subnet_ids"],
        groups: &["security_group_ids"],
        v4: &["subnet_configuration.ipv4"],
        bare: Bare::Open,
        optional: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Function],
        subnets: &["vpc_config.subnet_ids"],
        groups: &["vpc_config.security_group_ids"],
        everywhere: false,
        optional: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::FileSystem],
        subnets: &["subnet_id"],
        groups: &["security_groups"],
        v4: &["ip_address"],
        alone: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::Containers],
        subnets: &["network_configuration.subnets"],
        groups: &["network_configuration.security_groups"],
        everywhere: false,
        optional: true,
        ..OTHER
    },
    Kind {
        of: &[ObjectKind::ScalingGroup],
        shape: Shape::Instance,
        subnets: &["vpc_zone_identifier"],
        groups: &[
            "launch_template.id=aws_launch_template.vpc_security_group_ids",
            "launch_template.id=aws_launch_template.network_interfaces.security_groups",
        ],
        bare: Bare::Unknown,
        everywhere: false,
        ..OTHER
    },
];

/// The values at a path of an object. A path with `=` goes through another object that the first part names.
pub(super) fn through<'o>(index: &Index<'o>, of: &'o Value, path: &'o str) -> (Vec<&'o Value>, bool) {
    let Some((reference, (kind, path))) =
        path.split_once('=').and_then(|(reference, rest)| Some((reference, rest.split_once('.')?)))
    else {
        let found = elements(of, path);
        return (found.all, found.open);
    };
    let named = elements(of, reference);
    let (mut all, mut open) = (Vec::new(), named.open);
    for value in named.all {
        match index.link(value, &[kind]).object() {
            Some(at) => {
                let found = elements(&index.objects[at].attributes, path);
                all.extend(found.all);
                open |= found.open;
            }
            None => open = true,
        }
    }
    (all, open)
}

/// The subnets at a path of an object, and whether there may be others.
pub(super) fn subnets<'o>(index: &Index<'o>, places: &Places, of: &'o Value, path: &'o str) -> (Vec<usize>, bool) {
    let (found, mut open) = through(index, of, path);
    let mut all = Vec::new();
    for value in found {
        match places.subnet(&index.link(value, &crate::network::places::SUBNETS)) {
            Some(subnet) => all.push(subnet),
            None => open = true,
        }
    }
    (all, open)
}

/// Whether an endpoint is one that routes lead to, rather than a place of its own.
pub(in crate::network) fn is_gateway_endpoint(of: &Value) -> bool {
    matches!(text(of, "vpc_endpoint_type"), Fact::Absent | Fact::Known("Gateway"))
}
