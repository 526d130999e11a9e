//! The data of a role: the attributes by which the availability check follows an object.

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
