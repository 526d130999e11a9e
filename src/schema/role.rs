//! The role of a type in a service of the layout. Every type has one: a type that serves and is not judged cannot
//! exist.

/// What the objects of a type do for the traffic and the data of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Serves by itself: a server.
    Member,
    /// Makes and keeps members: a scaling group.
    MemberGroup,
    /// What members are made from: a launch template.
    MemberTemplate,
    /// Puts members behind a target group.
    Attachment,
    /// Hands traffic to target groups: a load balancer.
    Balancer,
    /// Takes traffic on a port of a balancer.
    Listener,
    /// Chooses where the traffic of a listener goes.
    ListenerRule,
    /// The members that a balancer hands traffic to, and how their health is found.
    TargetGroup,
    /// A network or an address range of it: a VPC, a subnet.
    Network,
    /// A table of routes.
    RouteTable,
    /// One way out of a table.
    Route,
    /// Which table a subnet follows.
    RouteAssociation,
    /// A way out of a network or into another one: a NAT, internet or VPN gateway, a peering, a transit attachment.
    Gateway,
    /// A tunnel to a client's site.
    Tunnel,
    /// A way to a service of AWS: an endpoint.
    Endpoint,
    /// A public address.
    Address,
    /// Lets traffic through or stops it: a security group, a network ACL, a web ACL.
    Filter,
    /// One rule of a filter, or what joins a filter to what it protects.
    FilterRule,
    /// Keeps data and answers for it: a database instance or cluster.
    Database,
    /// One of the instances that a database cluster answers from.
    DatabaseMember,
    /// How a database or a network behaves: parameters, options, DHCP options.
    Settings,
    /// A name or a certificate that clients find a service by.
    Name,
    /// Storage of a member: a volume.
    Storage,
    /// Has no part in a service, for this reason.
    NotServing(&'static str),
}
