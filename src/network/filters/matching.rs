//! How a rule meets a packet: protocol and ports as rules write them, and ranges against whoever is on the other side.

use crate::network::read::{Fact, number, text};
use crate::network::space::{Addresses, Cube, ICMP, ICMPV6, Packets, TCP, UDP};
use crate::value::Value;
use std::sync::Arc;

/// Ranges of which not all is known: `sure` are in it, and all that are in it are in `may`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::network) struct Ranges {
    pub(in crate::network) sure: Addresses,
    pub(in crate::network) may: Addresses,
    /// The services of AWS whose addresses it has.
    pub(in crate::network) services: Vec<Arc<str>>,
}

impl Ranges {
    pub(in crate::network) fn known(addresses: Addresses) -> Self {
        Ranges { sure: addresses.clone(), may: addresses, services: Vec::new() }
    }

    /// Some of these addresses.
    pub(in crate::network) fn some(addresses: Addresses) -> Self {
        Ranges { sure: Addresses::default(), may: addresses, services: Vec::new() }
    }

    pub(in crate::network) fn union(&self, other: &Ranges) -> Ranges {
        let services = self.services.iter().chain(&other.services).cloned().collect();
        Ranges { sure: self.sure.union(&other.sure), may: self.may.union(&other.may), services }
    }

    /// Those that are among some addresses.
    pub(in crate::network) fn within(&self, addresses: &Addresses) -> Ranges {
        let services = self.services.clone();
        Ranges { sure: self.sure.and(addresses), may: self.may.and(addresses), services }
    }

    /// The addresses of the far side for which a party is in these ranges: for sure, and perhaps.
    pub(super) fn meet(&self, party: &Party) -> (Addresses, Addresses) {
        if party.spread {
            let may = self.may.and(&party.addresses);
            let sure = if self.sure == self.may { may.clone() } else { self.sure.and(&party.addresses) };
            return (sure, may);
        }
        let all = |holds: bool| if holds { Addresses::all() } else { Addresses::default() };
        if party.service.as_ref().is_some_and(|service| self.services.contains(service)) {
            return (all(true), all(true));
        }
        let sure = !party.addresses.is_empty() && self.sure.covers(&party.addresses);
        (all(sure), all(self.may.meets(&party.addresses)))
    }
}

/// Whoever a filter compares with its ranges.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::network) struct Party {
    /// All addresses of many that send or are sent to; or the one address of one, or those among which it is.
    pub(in crate::network) addresses: Addresses,
    /// Whether it is many, each with its address on the far side of the packets.
    pub(in crate::network) spread: bool,
    /// The service of AWS that it is.
    pub(in crate::network) service: Option<Arc<str>>,
}

impl Party {
    pub(in crate::network) fn one(addresses: Addresses) -> Self {
        Party { addresses, spread: false, service: None }
    }

    pub(in crate::network) fn many(addresses: Addresses) -> Self {
        Party { addresses, spread: true, service: None }
    }
}

/// Protocols and ports of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Services {
    pub(super) protocols: (u8, u8),
    pub(super) ports: (u16, u16),
    /// Whether it is exactly these; else some of them.
    pub(super) sure: bool,
}

impl Services {
    const SOME: Services = Services { protocols: (0, u8::MAX), ports: (0, u16::MAX), sure: false };
    pub(super) const ALL: Services = Services { sure: true, ..Services::SOME };

    /// Those of a rule. ICMP has type and code in attributes of these names.
    pub(super) fn of(rule: &Value, protocol: &str, icmp: (&str, &str)) -> Self {
        let name = match attribute_text(rule, protocol) {
            Fact::Known(name) => name,
            Fact::Absent => return Services::ALL,
            Fact::Unknown => return Services::SOME,
        };
        let number = match name.as_str() {
            "-1" | "all" => return Services::ALL,
            "tcp" => TCP,
            "udp" => UDP,
            "icmp" => ICMP,
            "icmpv6" => ICMPV6,
            other => match other.parse() {
                Ok(number) => number,
                Err(_) => return Services::SOME,
            },
        };
        let (ports, sure) = match number {
            TCP | UDP => ports(rule),
            ICMP | ICMPV6 => messages(rule, icmp),
            _ => ((0, u16::MAX), true),
        };
        Services { protocols: (number, number), ports, sure }
    }

    pub(super) fn packets(&self, addresses: Addresses) -> Packets {
        Cube { protocols: self.protocols, addresses, ports: self.ports }.into()
    }
}

/// A protocol may be a number in JSON.
fn attribute_text(rule: &Value, name: &str) -> Fact<String> {
    match text(rule, name) {
        Fact::Known(text) => Fact::Known(text.to_ascii_lowercase()),
        Fact::Absent => Fact::Absent,
        Fact::Unknown => number(rule, name).read(|number| Some(number.to_string())),
    }
}

fn ports(rule: &Value) -> ((u16, u16), bool) {
    let end = |name: &str, open: u16| match number(rule, name) {
        Fact::Known(-1) | Fact::Absent => (open, true),
        Fact::Known(number) => u16::try_from(number).map_or((open, false), |port| (port, true)),
        Fact::Unknown => (open, false),
    };
    let ((first, first_sure), (last, last_sure)) = (end("from_port", 0), end("to_port", u16::MAX));
    ((first, last), first_sure && last_sure)
}

fn messages(rule: &Value, (kind, code): (&str, &str)) -> ((u16, u16), bool) {
    let read = |name: &str| match number(rule, name) {
        // The provider sends 0 for what an entry of an ACL does not say.
        Fact::Absent if name.starts_with("icmp") => (Some(0), true),
        Fact::Known(-1) | Fact::Absent => (None, true),
        Fact::Known(number) => u8::try_from(number).map_or((None, false), |number| (Some(u16::from(number)), true)),
        Fact::Unknown => (None, false),
    };
    let ((kind, kind_sure), (code, code_sure)) = (read(kind), read(code));
    let ports = match (kind, code) {
        (None, _) => (0, u16::MAX),
        (Some(kind), None) => (kind << 8, (kind << 8) | 255),
        (Some(kind), Some(code)) => ((kind << 8) | code, (kind << 8) | code),
    };
    (ports, kind_sure && code_sure)
}
