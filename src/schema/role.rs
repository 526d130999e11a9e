//! The role of a type in a service of the layout, with the attributes by which the availability check follows it. Every
//! type has one: a type that serves and is not judged cannot exist.

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

/// The changes of an object that bear on service and that the check cannot judge. The plan names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unjudged {
    /// All but those that only describe, in a word.
    All(&'static str),
    /// Those of these arguments, in a word.
    Of(&'static str, &'static [&'static str]),
    /// None, for this reason.
    None(&'static str),
}

/// The attributes that say where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its zone.
    pub zone: Option<&'static str>,
    /// The subnet that it is in, and by it its zone.
    pub subnet: Option<&'static str>,
}

/// A server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Where it is.
    pub place: Place,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A scaling group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberGroup {
    /// Its name, by which others know it.
    pub name: &'static str,
    /// The target groups that its members are in.
    pub target_groups: &'static str,
    /// The fewest members.
    pub least: &'static str,
    /// The most members.
    pub most: &'static str,
    /// How many members it shall have between them; left out, the fewest.
    pub wanted: &'static str,
    /// The block that says how AWS replaces its members.
    pub refresh: &'static str,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// What puts a member behind a target group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attachment {
    /// The target group.
    pub group: &'static str,
    /// The member.
    pub member: &'static str,
    /// The port that the member is reached at.
    pub port: Option<&'static str>,
}

/// A listener or one of its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    /// The block of its actions.
    pub actions: &'static str,
    /// What an action says.
    pub action: &'static Forwarding,
    /// What it belongs to: the balancer of a listener, the listener of a rule.
    pub parent: &'static str,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// How an action says where requests go.
#[derive(Debug, PartialEq, Eq)]
pub struct Forwarding {
    /// The attribute that says what the action does.
    pub kind: &'static str,
    /// Its value for an action that forwards.
    pub forwards: &'static str,
    /// The only target group.
    pub group: &'static str,
    /// The block of several target groups.
    pub several: &'static str,
    /// The blocks in it, one for each.
    pub share: &'static str,
    /// The target group of a share.
    pub share_group: &'static str,
    /// The weight of a share.
    pub weight: &'static str,
}

/// A subnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    /// Its zone.
    pub zone: &'static str,
    /// The network that it is a part of.
    pub network: &'static str,
}

/// Where a route leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The addresses that it is for.
    pub destination: &'static str,
    /// The way out that it leads through.
    pub egress: &'static str,
}

/// A table of routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteTable {
    /// The blocks of its routes, if the check follows them.
    pub routes: Option<(&'static str, Way)>,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A route of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The table that it is in.
    pub table: &'static str,
    /// Where it leads.
    pub way: Way,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A route through a tunnel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TunnelRoute {
    /// The tunnel.
    pub tunnel: &'static str,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// What a subnet follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Association {
    /// The table of routes or list of rules.
    pub followed: &'static str,
    /// The subnet, or another object that follows it.
    pub follower: &'static str,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Whether AWS does not delete it while others hold it.
    pub held: bool,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A rule of a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilterRule {
    /// The filter that it is a part of, where it is deleted with it.
    pub filter: Option<&'static str>,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A database instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Database {
    /// Where it is.
    pub place: Place,
    /// The database that it only repeats.
    pub source: &'static str,
    /// Whether it has a standby in another zone.
    pub standby: &'static str,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// A database cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseCluster {
    /// Its name, by which its instances know it.
    pub name: &'static str,
    /// What is not judged.
    pub unjudged: Unjudged,
}

/// An instance of a database cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseMember {
    /// Where it is.
    pub place: Place,
    /// The name of its cluster.
    pub cluster: &'static str,
    /// Whether it is the one that writes.
    pub writer: &'static str,
}

impl Place {
    /// In the zone of its subnet.
    pub const fn subnet(subnet: &'static str) -> Self {
        Place { zone: None, subnet: Some(subnet) }
    }

    /// In the zone that this attribute names.
    pub const fn zone(zone: &'static str) -> Self {
        Place { zone: Some(zone), subnet: None }
    }
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
