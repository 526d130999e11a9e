//! The role of a type in a service of the layout, with the attributes by which the availability check follows it. Every
//! type has one: a type that serves and is not judged cannot exist.

mod data;

pub use data::{
    Association, Attachment, Database, DatabaseCluster, DatabaseMember, Door, Filter, FilterRule, Forwarding, Member,
    MemberGroup, Place, Route, RouteTable, Subnet, TunnelRoute, Unjudged, Way,
};

/// What the objects of a type do for the traffic and the data of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Serves by itself: a server.
    Member(Member),
    /// Makes and keeps members: a scaling group.
    MemberGroup(MemberGroup),
    /// What members are made from: a launch template.
    MemberTemplate,
    /// Puts a member, by its id, behind a target group.
    Attachment(Attachment),
    /// Puts a group of members, by its name, behind a target group.
    GroupAttachment(Attachment),
    /// Hands traffic to target groups: a load balancer.
    Balancer(Unjudged),
    /// Takes traffic on a port of a balancer.
    Listener(Door),
    /// Chooses where the traffic of a listener goes.
    ListenerRule(Door),
    /// The members that a balancer hands traffic to, and how their health is found.
    TargetGroup(Unjudged),
    /// A network: a VPC.
    Network,
    /// A part of a network, in one zone.
    Subnet(Subnet),
    /// A table of routes.
    RouteTable(RouteTable),
    /// One way out of a table that may lead to an [`Role::Egress`].
    Route(Route),
    /// A route through a tunnel.
    TunnelRoute(TunnelRoute),
    /// Another way out of a table.
    OtherRoute(Unjudged),
    /// Says which table of routes or list of rules a subnet follows.
    Association(Association),
    /// The way out of private subnets: a NAT gateway.
    Egress(Place),
    /// Another way out of a network or into another one: an internet or VPN gateway, a peering, a transit attachment.
    Gateway(Unjudged),
    /// A tunnel to a client's site.
    Tunnel,
    /// A way to a service of AWS: an endpoint.
    Endpoint(Unjudged),
    /// A public address.
    Address(Unjudged),
    /// Lets traffic through or stops it: a security group, a network ACL, a web ACL.
    Filter(Filter),
    /// One rule of a filter, or what joins a filter to what it protects.
    FilterRule(FilterRule),
    /// Keeps data and answers for it: a database instance.
    Database(Database),
    /// Keeps data for which its instances answer: a database cluster.
    DatabaseCluster(DatabaseCluster),
    /// One of the instances that a database cluster answers from.
    DatabaseMember(DatabaseMember),
    /// How a database or a network behaves: parameters, options, DHCP options.
    Settings(Unjudged),
    /// A name or a certificate that clients find a service by.
    Name(Unjudged),
    /// Storage of a member: a volume.
    Storage,
    /// Has no part in a service, for this reason.
    NotServing(&'static str),
}

/// The data of a role, where it is this one.
macro_rules! data {
    ($($(#[$doc:meta])* $name:ident: $variant:ident -> $data:ty;)*) => {
        impl Role {
            $($(#[$doc])*
            pub fn $name(&self) -> Option<$data> {
                match self {
                    Role::$variant(data) => Some(*data),
                    _ => None,
                }
            })*
        }
    };
}

data! {
    /// A server.
    member: Member -> Member;
    /// A scaling group.
    member_group: MemberGroup -> MemberGroup;
    /// What puts one member behind a target group.
    attachment: Attachment -> Attachment;
    /// What puts a scaling group behind a target group.
    group_attachment: GroupAttachment -> Attachment;
    /// A subnet.
    subnet: Subnet -> Subnet;
    /// A table of routes.
    route_table: RouteTable -> RouteTable;
    /// A route of its own.
    route: Route -> Route;
    /// A route through a tunnel.
    tunnel_route: TunnelRoute -> TunnelRoute;
    /// What a subnet follows.
    association: Association -> Association;
    /// The way out of private subnets.
    egress: Egress -> Place;
    /// A filter.
    filter: Filter -> Filter;
    /// A rule of a filter.
    filter_rule: FilterRule -> FilterRule;
    /// A database instance.
    database: Database -> Database;
    /// A database cluster.
    database_cluster: DatabaseCluster -> DatabaseCluster;
    /// An instance of a database cluster.
    database_member: DatabaseMember -> DatabaseMember;
}

impl Role {
    /// A listener or one of its rules.
    pub fn door(&self) -> Option<Door> {
        match self {
            Role::Listener(door) | Role::ListenerRule(door) => Some(*door),
            _ => None,
        }
    }

    /// Where an object that serves is.
    pub fn place(&self) -> Option<Place> {
        match self {
            Role::Egress(place) => Some(*place),
            Role::Member(data) => Some(data.place),
            Role::Database(data) => Some(data.place),
            Role::DatabaseMember(data) => Some(data.place),
            Role::Subnet(subnet) => Some(Place::zone(subnet.zone)),
            _ => None,
        }
    }
}
