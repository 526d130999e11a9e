//! The kinds of objects that the network is made of. Here, and nowhere above the network, it is written which types they
//! are; those who ask match on kinds.

use super::interfaces;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What an object is in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A network ACL.
    Acl,
    /// Says which ACL a subnet has.
    AclAssociation,
    /// A rule of an ACL.
    AclRule,
    /// A public address.
    Address,
    /// A load balancer with listeners and target groups of their own.
    Balancer,
    /// A cache.
    Cache,
    /// A load balancer that has its listeners and targets in itself.
    ClassicBalancer,
    /// A service of containers.
    Containers,
    /// The device at the far end of VPN connections.
    CustomerGateway,
    /// A database.
    Database,
    /// A cluster of databases.
    DatabaseCluster,
    /// A database of a cluster.
    DatabaseMember,
    /// The ACL that AWS makes with a VPC.
    DefaultAcl,
    /// The security group that AWS makes with a VPC.
    DefaultGroup,
    /// The route table that AWS makes with a VPC.
    DefaultRouteTable,
    /// Lets out of a VPC over IPv6.
    EgressOnlyGateway,
    /// Lets out of a security group.
    EgressRule,
    /// An endpoint of a service.
    Endpoint,
    /// Gives an endpoint a security group.
    EndpointGroup,
    /// A place of a file system in a subnet.
    FileSystem,
    /// A function.
    Function,
    /// A security group.
    Group,
    /// Gives an interface a security group.
    GroupAttachment,
    /// Lets another VPC use a security group.
    GroupOfVpc,
    /// Lets into or out of a security group, as it says itself.
    GroupRule,
    /// Says that a security group has these rules and no others.
    GroupRules,
    /// Lets into a security group.
    IngressRule,
    /// A server.
    Instance,
    /// A network interface.
    Interface,
    /// Lets into a VPC and out of it.
    InternetGateway,
    /// A listener of a balancer.
    Listener,
    /// A rule of a listener.
    ListenerRule,
    /// Sends for others under an address of its own.
    NatGateway,
    /// One side of a peering of VPCs.
    Peering,
    /// A list of ranges that rules and routes name.
    PrefixList,
    /// An entry of such a list.
    PrefixListEntry,
    /// Says that a table has the routes of a VPN gateway.
    Propagation,
    /// What stands between all VPCs of a region and the Internet.
    PublicAccess,
    /// A VPC or subnet that this does not count for.
    PublicAccessExclusion,
    /// A route.
    Route,
    /// A table of routes.
    RouteTable,
    /// A group of servers that scales.
    ScalingGroup,
    /// A subnet.
    Subnet,
    /// The subnets that databases or caches may be in.
    SubnetGroup,
    /// The targets of a balancer.
    TargetGroup,
    /// The attachment of a VPC to a transit gateway.
    TransitAttachment,
    /// A transit gateway.
    TransitGateway,
    /// A peering of transit gateways.
    TransitPeering,
    /// The policies of a transit gateway.
    TransitPolicies,
    /// The route of a transit gateway to a prefix list.
    TransitPrefixList,
    /// A route of a transit gateway.
    TransitRoute,
    /// A table of routes of a transit gateway.
    TransitTable,
    /// A further range of a VPC.
    VpcRange,
    /// The tunnels to a site.
    VpnConnection,
    /// A VPN gateway.
    VpnGateway,
    /// A route through tunnels.
    VpnRoute,
    /// Lets requests through or refuses them.
    WebAcl,
    /// Puts something behind a web ACL.
    WebAclAssociation,
}

/// What is said of a kind.
struct Row {
    kind: ObjectKind,
    types: &'static [&'static str],
    noun: Option<&'static str>,
    shows: Option<&'static str>,
}

const fn row(kind: ObjectKind, types: &'static [&'static str]) -> Row {
    Row { kind, types, noun: None, shows: None }
}

impl Row {
    const fn noun(self, noun: &'static str) -> Self {
        Row { noun: Some(noun), ..self }
    }

    const fn shows(self, attribute: &'static str) -> Self {
        Row { shows: Some(attribute), ..self }
    }
}

const ROWS: [Row; 58] = {
    use ObjectKind::*;
    [
        row(Acl, &["aws_network_acl"]).noun("network ACL"),
        row(AclAssociation, &["aws_network_acl_association"]),
        row(AclRule, &["aws_network_acl_rule"]),
        row(Address, &["aws_eip"]).noun("public address").shows("public_ip"),
        row(Balancer, &["aws_lb", "aws_alb"]).noun("balancer"),
        row(Cache, &["aws_elasticache_replication_group", "aws_elasticache_cluster"]).noun("cache").shows("engine"),
        row(ClassicBalancer, &["aws_elb"]).noun("balancer"),
        row(Containers, &["aws_ecs_service"]),
        row(CustomerGateway, &["aws_customer_gateway"]).noun("device").shows("ip_address"),
        row(Database, &["aws_db_instance"]).noun("database").shows("engine"),
        row(DatabaseCluster, &["aws_rds_cluster"]).noun("database cluster").shows("engine"),
        row(DatabaseMember, &["aws_rds_cluster_instance"]).noun("database").shows("engine"),
        row(DefaultAcl, &["aws_default_network_acl"]).noun("network ACL"),
        row(DefaultGroup, &["aws_default_security_group"]).noun("security group"),
        row(DefaultRouteTable, &["aws_default_route_table"]).noun("route table"),
        row(EgressOnlyGateway, &["aws_egress_only_internet_gateway"]).noun("way out for IPv6"),
        row(EgressRule, &["aws_vpc_security_group_egress_rule"]),
        row(Endpoint, &["aws_vpc_endpoint"]).noun("endpoint").shows("service_name"),
        row(EndpointGroup, &["aws_vpc_endpoint_security_group_association"]),
        row(FileSystem, &["aws_efs_mount_target"]),
        row(Function, &["aws_lambda_function"]).noun("function"),
        row(Group, &["aws_security_group"]).noun("security group"),
        row(GroupAttachment, &["aws_network_interface_sg_attachment"]),
        row(GroupOfVpc, &["aws_vpc_security_group_vpc_association"]).noun("group of another VPC"),
        row(GroupRule, &["aws_security_group_rule"]),
        row(GroupRules, &["aws_vpc_security_group_rules_exclusive"]),
        row(IngressRule, &["aws_vpc_security_group_ingress_rule"]),
        row(Instance, &["aws_instance"]).noun("instance").shows("private_ip"),
        row(Interface, &["aws_network_interface"]).noun("interface").shows("private_ip"),
        row(InternetGateway, &["aws_internet_gateway"]).noun("internet gateway"),
        row(Listener, &["aws_lb_listener", "aws_alb_listener"]).noun("listener"),
        row(ListenerRule, &["aws_lb_listener_rule", "aws_alb_listener_rule"]).noun("rule of the listener"),
        row(NatGateway, &["aws_nat_gateway"]).noun("NAT gateway").shows("public_ip"),
        row(Peering, &["aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"]).noun("peering"),
        row(PrefixList, &["aws_ec2_managed_prefix_list", "aws_prefix_list"]),
        row(PrefixListEntry, &["aws_ec2_managed_prefix_list_entry"]),
        row(Propagation, &["aws_vpn_gateway_route_propagation"]),
        row(PublicAccess, &["aws_vpc_block_public_access_options"]),
        row(PublicAccessExclusion, &["aws_vpc_block_public_access_exclusion"]),
        row(Route, &["aws_route"]).noun("route"),
        row(RouteTable, &["aws_route_table"]).noun("route table"),
        row(ScalingGroup, &["aws_autoscaling_group"]).noun("scaling group"),
        row(Subnet, &["aws_subnet", "aws_default_subnet"]).noun("subnet").shows("cidr_block"),
        row(SubnetGroup, &["aws_db_subnet_group", "aws_elasticache_subnet_group", "aws_redshift_subnet_group"]),
        row(TargetGroup, &["aws_lb_target_group", "aws_alb_target_group"]).noun("target group"),
        row(TransitAttachment, &["aws_ec2_transit_gateway_vpc_attachment"]).noun("attachment of the transit gateway"),
        row(TransitGateway, &["aws_ec2_transit_gateway"]).noun("transit gateway"),
        row(TransitPeering, &["aws_ec2_transit_gateway_peering_attachment"]).noun("peering of transit gateways"),
        row(TransitPolicies, &["aws_ec2_transit_gateway_policy_table"]),
        row(TransitPrefixList, &["aws_ec2_transit_gateway_prefix_list_reference"]),
        row(TransitRoute, &["aws_ec2_transit_gateway_route"]).noun("route"),
        row(TransitTable, &["aws_ec2_transit_gateway_route_table"]).noun("table of the transit gateway"),
        row(VpcRange, &["aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"]),
        row(VpnConnection, &["aws_vpn_connection"]),
        row(VpnGateway, &["aws_vpn_gateway"]).noun("VPN gateway"),
        row(VpnRoute, &["aws_vpn_connection_route"]).noun("route"),
        row(WebAcl, &["aws_wafv2_web_acl"]),
        row(WebAclAssociation, &["aws_wafv2_web_acl_association"]),
    ]
};

static BY_TYPE: LazyLock<HashMap<&'static str, ObjectKind>> =
    LazyLock::new(|| ROWS.iter().flat_map(|row| row.types.iter().map(|name| (*name, row.kind))).collect());

impl ObjectKind {
    /// The kind of the objects of a type; nothing where it is none of those that are asked for.
    pub fn of(type_name: &str) -> Option<Self> {
        BY_TYPE.get(type_name).copied()
    }

    fn row(self) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.kind == self)
    }

    /// The types of this kind.
    pub(super) fn types(self) -> &'static [&'static str] {
        self.row().map_or(&[], |row| row.types)
    }

    /// What a reader calls it, where that is better than the words of its type.
    pub fn noun(self) -> Option<&'static str> {
        self.row()?.noun
    }

    /// The attribute that says most of an object to a reader.
    pub fn shows(self) -> Option<&'static str> {
        self.row()?.shows
    }

    /// Whether it has interfaces, at which traffic begins or ends.
    pub fn is_end(self) -> bool {
        interfaces::has(self)
    }

    /// Whether it begins connections of its own.
    pub fn sends(self) -> bool {
        use ObjectKind::*;
        matches!(self, Instance | ScalingGroup | Function | Containers | Interface)
    }

    /// Whether it is a database or a cache.
    pub fn keeps_data(self) -> bool {
        use ObjectKind::*;
        matches!(self, Database | DatabaseCluster | DatabaseMember | Cache)
    }

    /// Whether it hands traffic to targets.
    pub fn is_balancer(self) -> bool {
        matches!(self, ObjectKind::Balancer | ObjectKind::ClassicBalancer)
    }

    /// Whether it is a security group.
    pub fn is_group(self) -> bool {
        matches!(self, ObjectKind::Group | ObjectKind::DefaultGroup)
    }

    /// Whether it is one rule of a security group.
    pub fn is_group_rule(self) -> bool {
        use ObjectKind::*;
        matches!(self, GroupRule | IngressRule | EgressRule)
    }

    /// Whether it is a list of ranges, or a part or a user of one.
    pub fn is_of_prefix_lists(self) -> bool {
        use ObjectKind::*;
        matches!(self, PrefixList | PrefixListEntry | TransitPrefixList)
    }

    /// Whether it filters packets, or says what does.
    pub fn is_of_filters(self) -> bool {
        use ObjectKind::*;
        let groups = matches!(self, GroupRules | GroupAttachment | GroupOfVpc | EndpointGroup);
        let acls = matches!(self, Acl | DefaultAcl | AclRule | AclAssociation);
        self.is_group() || self.is_group_rule() || groups || acls || self.is_of_prefix_lists()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resources::Types;
    use crate::schema::Schemas;
    use std::collections::BTreeSet;

    #[test]
    fn every_type_has_one_kind() {
        let mut seen = BTreeSet::new();
        for row in &ROWS {
            assert_eq!(row.kind.types(), row.types, "{:?} has one row", row.kind);
            for name in row.types {
                assert!(seen.insert(name), "{name} has two kinds");
                assert_eq!(ObjectKind::of(name), Some(row.kind));
            }
        }
        assert_eq!(ObjectKind::of("aws_s3_bucket"), None);
    }

    #[test]
    fn every_attribute_that_is_shown_exists() {
        // Of some types that AWS has, the model knows the objects of others only.
        let types = ROWS.iter().flat_map(|row| row.types.iter().map(move |name| (row, name)));
        let known: Vec<_> = types.filter_map(|(row, name)| Some((row, Types.resource(name)?))).collect();
        assert!(known.len() > 50, "{}", known.len());
        for (row, schema) in known {
            let has = |shown| schema.attributes.iter().any(|attribute| attribute.name == shown);
            assert!(row.shows.is_none_or(has), "{}", schema.name);
        }
    }

    #[test]
    fn whoever_sends_or_keeps_data_is_an_end() {
        for kind in ROWS.iter().map(|row| row.kind) {
            assert!(kind.is_end() || !(kind.sends() || kind.keeps_data() || kind.is_balancer()), "{kind:?}");
            assert!(!(kind.is_end() && kind.is_of_filters()), "{kind:?}");
        }
        assert!(ObjectKind::Endpoint.is_end() && ObjectKind::NatGateway.is_end());
    }
}
