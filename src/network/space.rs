//! Exact sets of packets: protocol, addresses of the far side, destination port.
//!
//! A set is kept in its one normal form, so that equal sets are equal values. The third dimension is the destination
//! port of TCP and UDP. For ICMP it is the type times 256 plus the code; other protocols have all of it or nothing.

mod addresses;
mod print;
mod spans;
#[cfg(test)]
mod tests;

use crate::value::ports::PortRange;
pub use crate::value::ports::{ICMP, ICMPV6, TCP, UDP};
pub use addresses::{Addresses, Ip, range};
pub use spans::{Join, Point, Span, Spans};

/// The first of the ports that clients send from; AWS says to let all up to the last come back.
const EPHEMERAL: u16 = 1024;

/// A set of destination ports.
pub type Ports = Spans<u16, ()>;

type ByAddress = Spans<Ip, Ports>;

/// All packets with one of the protocols, one of the addresses and one of the ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cube {
    /// The first and last protocol.
    pub protocols: (u8, u8),
    /// The addresses of the far side.
    pub addresses: Addresses,
    /// The first and last destination port.
    pub ports: (u16, u16),
}

impl Cube {
    /// All packets.
    pub fn all() -> Self {
        Cube { protocols: (0, u8::MAX), addresses: Addresses::all(), ports: (0, u16::MAX) }
    }
}

/// A set of packets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packets(Spans<u8, ByAddress>);

impl Packets {
    /// All packets.
    pub fn all() -> Self {
        Cube::all().into()
    }

    /// All packets with these addresses on the far side.
    pub fn with_addresses(addresses: &Addresses) -> Self {
        Cube { addresses: addresses.clone(), ..Cube::all() }.into()
    }

    /// All packets of one protocol with one of these ports.
    pub fn with_ports(protocol: u8, first: u16, last: u16) -> Self {
        Cube { protocols: (protocol, protocol), ports: (first, last), ..Cube::all() }.into()
    }

    /// All packets with any of these protocols and ports.
    pub fn of_ports(ports: &[PortRange]) -> Self {
        Packets::any(ports.iter().map(Packets::from).collect())
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has this packet.
    pub fn contains(&self, protocol: u8, address: Ip, port: u16) -> bool {
        self.0.at(protocol).and_then(|by| by.at(address)).is_some_and(|ports| ports.at(port).is_some())
    }

    /// Those in either.
    pub fn union(&self, other: &Packets) -> Packets {
        Packets(self.0.joined(Join::Union, &other.0))
    }

    /// Those in both.
    pub fn and(&self, other: &Packets) -> Packets {
        Packets(self.0.joined(Join::Intersection, &other.0))
    }

    /// Those that the other has not.
    pub fn minus(&self, other: &Packets) -> Packets {
        Packets(self.0.joined(Join::Difference, &other.0))
    }

    /// Whether both have one in common.
    pub fn meets(&self, other: &Packets) -> bool {
        !self.and(other).is_empty()
    }

    /// Whether it has all of the others.
    pub fn covers(&self, others: &Packets) -> bool {
        others.minus(self).is_empty()
    }

    /// Those in any of the sets, joined in pairs so that each is passed a few times only.
    pub fn any(mut sets: Vec<Packets>) -> Packets {
        while sets.len() > 1 {
            sets =
                sets.chunks(2).map(|pair| pair[1..].iter().fold(pair[0].clone(), |all, one| all.union(one))).collect();
        }
        sets.pop().unwrap_or_default()
    }

    /// The packets that differ from one of these only in their address.
    pub fn without_addresses(&self) -> Packets {
        Packets(self.0.map(|span| {
            let ports = span.holds.iter().fold(Ports::default(), |all, by| all.joined(Join::Union, &by.holds));
            Some(ByAddress::all(ports))
        }))
    }

    /// The packets that answer these: to the ports that clients send from, with the reply of an echo.
    pub fn answers(&self) -> Packets {
        let one = |protocol: u8| match protocol {
            TCP | UDP => Packets::with_ports(protocol, EPHEMERAL, u16::MAX),
            ICMP => Packets::with_ports(protocol, 0, 0),
            ICMPV6 => Packets::with_ports(protocol, 129 << 8, 129 << 8),
            _ => Packets::with_ports(protocol, 0, u16::MAX),
        };
        let protocols = self.0.iter().flat_map(|span| span.first..=span.last);
        let all = Packets::any(protocols.map(one).collect());
        all.and(&Packets::with_addresses(&self.addresses()))
    }

    /// The packets whose answers are among these: each protocol is asked what must be in it for an address.
    /// `wants` gives the ports that an answer of the protocol comes to; `all` says whether all of them have to be there.
    pub fn answered(&self, all: bool) -> Packets {
        let ephemeral = Ports::one(EPHEMERAL, u16::MAX, ());
        let every = || Ports::all(());
        let enough = |ports: &Ports, wanted: &Ports| match all {
            true => wanted.joined(Join::Difference, ports).is_empty(),
            false => !wanted.joined(Join::Intersection, ports).is_empty(),
        };
        let passing = |protocol: u8, wanted: &Ports, given: &Ports| {
            let by = self.0.at(protocol)?;
            let by = by.map(|span| enough(&span.holds, wanted).then(|| given.clone()));
            (!by.is_empty()).then_some(by)
        };
        // An echo wants its reply; other messages of ICMP have no answer.
        let echo = |protocol: u8, request: u16, reply: u16| {
            let code = |kind: u16| Ports::one(kind << 8, (kind << 8) | 255, ());
            let rest = ByAddress::all(every().joined(Join::Difference, &code(request)));
            let reply = Ports::one(reply << 8, reply << 8, ());
            match passing(protocol, &reply, &code(request)) {
                Some(answered) => Some(rest.joined(Join::Union, &answered)),
                None => Some(rest),
            }
        };
        let one = |protocol: u8| match protocol {
            TCP | UDP => passing(protocol, &ephemeral, &every()),
            ICMP => echo(protocol, 8, 0),
            ICMPV6 => echo(protocol, 128, 129),
            _ => passing(protocol, &every(), &every()),
        };
        // Protocols without a rule of their own share one answer.
        let mut made = Spans::default();
        let mut from = 0;
        for special in [ICMP, TCP, UDP, ICMPV6, u8::MAX] {
            let mut ranges: Vec<(u8, u8)> = Vec::new();
            if special != u8::MAX {
                ranges.push((special, special));
            }
            let last = if special == u8::MAX { special } else { special - 1 };
            ranges.extend(self.0.iter().filter_map(|span| {
                let (first, last) = (span.first.max(from), span.last.min(last));
                (first <= last).then_some((first, last))
            }));
            from = special.saturating_add(1);
            for (first, last) in ranges {
                if let Some(by) = one(first) {
                    made = made.joined(Join::Union, &Spans::one(first, last, by));
                }
            }
        }
        Packets(made)
    }

    /// The part with one address on the far side.
    pub fn at(&self, address: Ip) -> Packets {
        self.and(&Packets::with_addresses(&Addresses::one(address)))
    }

    /// All addresses on the far side of any packet.
    pub fn addresses(&self) -> Addresses {
        let spans = self.0.iter().flat_map(|span| span.holds.iter());
        spans.fold(Addresses::default(), |all, span| all.union(&Addresses::between(span.first, span.last)))
    }

    /// The set as boxes that do not overlap, in order.
    pub fn cubes(&self) -> Vec<Cube> {
        let mut all = Vec::new();
        for protocol in self.0.iter() {
            for by in protocol.holds.iter() {
                for ports in by.holds.iter() {
                    all.push(Cube {
                        protocols: (protocol.first, protocol.last),
                        addresses: Addresses::between(by.first, by.last),
                        ports: (ports.first, ports.last),
                    });
                }
            }
        }
        all
    }
}

impl From<&PortRange> for Packets {
    fn from(range: &PortRange) -> Self {
        let protocols = range.protocol.map_or((0, u8::MAX), |protocol| (protocol, protocol));
        Cube { protocols, ports: (range.first, range.last), ..Cube::all() }.into()
    }
}

impl From<Cube> for Packets {
    fn from(cube: Cube) -> Self {
        let ports = Ports::one(cube.ports.0, cube.ports.1, ());
        let by = if ports.is_empty() { ByAddress::default() } else { cube.addresses.0.map(|_| Some(ports.clone())) };
        if by.is_empty() { Packets::default() } else { Packets(Spans::one(cube.protocols.0, cube.protocols.1, by)) }
    }
}
