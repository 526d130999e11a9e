//! The guards that every layout has without asking for them, by their names.

/// A guard that every layout has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standard {
    /// Databases and caches are never reached from the Internet.
    Databases,
    /// Ports of administration are never reached from the Internet.
    AdminPorts,
    /// No security group opens all ports to the world.
    OpenGroups,
    /// No database asks for a public address.
    PublicDatabases,
    /// Databases are encrypted.
    Encryption,
    /// Every VPC has flow logs.
    FlowLogs,
    /// Instances hand their credentials only to requests with a token.
    Imdsv2,
}

impl Standard {
    /// All of them.
    pub const ALL: [Standard; 7] = [
        Standard::Databases,
        Standard::AdminPorts,
        Standard::OpenGroups,
        Standard::PublicDatabases,
        Standard::Encryption,
        Standard::FlowLogs,
        Standard::Imdsv2,
    ];

    /// Its name in the `layout` block.
    pub fn name(self) -> &'static str {
        match self {
            Standard::Databases => "databases",
            Standard::AdminPorts => "admin-ports",
            Standard::OpenGroups => "open-groups",
            Standard::PublicDatabases => "public-databases",
            Standard::Encryption => "encryption",
            Standard::FlowLogs => "flow-logs",
            Standard::Imdsv2 => "imdsv2",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|guard| guard.name() == name)
    }

    /// Whether it forbids a plan as soon as there is a `layout` block; the others warn until the block asks for them.
    pub fn is_strict(self) -> bool {
        !matches!(self, Standard::Encryption | Standard::FlowLogs | Standard::Imdsv2)
    }

    /// Whether it is about traffic, so that an `allow` can be an exception to it.
    pub fn is_about_traffic(self) -> bool {
        matches!(self, Standard::Databases | Standard::AdminPorts)
    }
}
