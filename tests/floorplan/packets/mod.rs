//! The judge of the network model: it follows one packet through plain objects, by AWS's rules as AWS documents them,
//! and its answer back. It shares nothing with `src/network`: no sets, no index, one function for each rule.
//!
//! - `facts` reads objects; `places` says where addresses are; `filters` are groups and ACLs; `ways` and `transit` are
//!   routes; `gates` are the ways out; `balancers` say who listens. `walker` follows the packet, `crossings` between
//!   subnets.
//! - `asking` asks about a flow: every source port that a client may choose, every place that is not known.
//! - `generator` makes small random networks and questions about them; `documented` holds what AWS documents.
//! - `comparing` holds another answer against the walker's, and makes a network smaller that shows a difference;
//!   `hidden` does so where attributes are not known.
//!
//! What objects have to say. They are as a state has them: references are ids. What only AWS knows, and a question may
//! need, is in `Unknowns`: the address of a balancer's node, a database or an endpoint, the zone of a database, and
//! what a BGP peer announces. The walker decides from what objects are, never from what AWS said of them earlier: a
//! route is a blackhole if its target is not there or not attached, whatever its `state` was.
//!
//! Where AWS's behaviour is not documented or depends on what a machine does (a route to an appliance, two prefix lists
//! with the same range), the outcome is `Unsure`: a model must not say that the flow is not there.

mod against_the_model;
mod asking;
mod balancers;
mod comparing;
mod crossings;
mod documented;
mod facts;
mod filters;
mod gates;
mod generator;
mod hidden;
mod places;
mod transit;
mod walker;
mod ways;

pub use asking::{ask, ask_through};

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::Value as Json;

/// One object: its address in the layout, its type, its attributes as the provider has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// As `aws_instance.web`.
    pub address: String,
    /// As `aws_instance`.
    pub kind: String,
    /// All known.
    pub attributes: Json,
}

/// All objects there are.
pub type Objects = Vec<Object>;

/// The protocols that questions are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// TCP, with ports.
    Tcp,
    /// UDP, with ports.
    Udp,
    /// An echo request, and its reply as the answer.
    Ping,
    /// By number, without ports.
    Other(u8),
}

/// One packet, as it is at one moment of its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    /// Who sent it, as whoever sees it now sees it.
    pub source: IpAddr,
    /// To whom.
    pub destination: IpAddr,
    /// How.
    pub protocol: Protocol,
    /// The sender's port.
    pub source_port: u16,
    /// The receiver's port.
    pub port: u16,
    /// Whether it answers an earlier one.
    pub answer: bool,
}

/// Where a packet begins or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// A network interface, by the name that `places` gives it.
    Interface(String),
    /// Somewhere in the Internet.
    Internet,
    /// Behind a VPN connection, by its id.
    Vpn(String),
    /// A service of AWS behind a gateway endpoint, by the endpoint's id.
    Service(String),
}

/// How a packet fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It arrived, and its answer came back.
    Delivered,
    /// It, or its answer, went no further, and why.
    Dropped(String),
    /// It depends on what no object says.
    Unsure(String),
}

/// One end of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// An address in the Internet.
    Internet(IpAddr),
    /// An address behind a VPN connection, by the connection's address.
    Vpn(String, IpAddr),
    /// An object with interfaces, by its address: any of its interfaces and of their addresses.
    Object(String),
    /// As a destination only: whoever has this address where it is sent from.
    Address(IpAddr),
}

/// Whether one party can open a connection to a port of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who opens it.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// How.
    pub protocol: Protocol,
    /// The port it is opened to; 0 for protocols without ports.
    pub port: u16,
}

/// What there is to say of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Never.
    No,
    /// It depends on what is not known.
    May,
    /// Always.
    Yes,
}

/// What no object says: one set of values that it may have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknowns {
    /// How far from the first address of its subnet the nodes of an object are, by the object's address; or one of its
    /// nodes, by `address in subnet`.
    pub offsets: BTreeMap<String, u32>,
    /// Which of its subnets a database is in, by the database's address.
    pub homes: BTreeMap<String, String>,
    /// The ranges that the other side of a connection with BGP announces, by the connection's id.
    pub announced: BTreeMap<String, Vec<String>>,
    /// The interface that has a public address which no object says.
    pub held: Option<(String, IpAddr)>,
    /// The range that public addresses are from which AWS chooses and no object says.
    pub given: Option<String>,
    /// The port that translators and balancers send from.
    pub translated_port: Option<u16>,
}

/// All that a walk sees.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The objects.
    pub objects: &'a [Object],
    /// What they do not say.
    pub unknowns: &'a Unknowns,
    /// All interfaces, as `places` finds them.
    pub interfaces: &'a [places::Interface],
    /// All public addresses, as `places` finds them.
    pub publics: &'a [places::Public],
}

/// Does something with the world that objects and unknown values make.
pub fn with_world<T>(objects: &[Object], unknowns: &Unknowns, then: impl FnOnce(World<'_>) -> T) -> T {
    let world = World { objects, unknowns, interfaces: &[], publics: &[] };
    let interfaces = places::find_interfaces(world);
    let world = World { interfaces: &interfaces, ..world };
    let publics = places::find_publics(world);
    then(World { publics: &publics, ..world })
}

impl Object {
    /// An object from its type, its name and its attributes.
    pub fn new(kind: &str, name: &str, attributes: Json) -> Self {
        Object { address: format!("{kind}.{name}"), kind: kind.to_owned(), attributes }
    }
}

impl Packet {
    /// The answer to it, as its receiver sends it.
    pub fn reversed(self) -> Self {
        Packet {
            source: self.destination,
            destination: self.source,
            source_port: self.port,
            port: self.source_port,
            answer: !self.answer,
            ..self
        }
    }

    /// The protocol's number in the packet's header.
    pub fn number(self) -> i64 {
        match (self.protocol, self.source) {
            (Protocol::Tcp, _) => 6,
            (Protocol::Udp, _) => 17,
            (Protocol::Ping, IpAddr::V4(_)) => 1,
            (Protocol::Ping, IpAddr::V6(_)) => 58,
            (Protocol::Other(number), _) => i64::from(number),
        }
    }

    /// The ICMP type: echo request or echo reply.
    pub fn icmp_type(self) -> i64 {
        match (self.source, self.answer) {
            (IpAddr::V4(_), false) => 8,
            (IpAddr::V4(_), true) => 0,
            (IpAddr::V6(_), false) => 128,
            (IpAddr::V6(_), true) => 129,
        }
    }
}
