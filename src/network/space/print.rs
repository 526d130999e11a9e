//! Packets in words: `tcp/443, tcp/8080-8081 from 10.0.0.0/8`. Equal sets have equal words.

use super::{Addresses, Cube, ICMP, ICMPV6, Packets, TCP, UDP};
use std::fmt;

/// The protocol of a number as rules name it.
pub fn protocol(number: u8) -> String {
    match number {
        ICMP => "icmp".to_owned(),
        TCP => "tcp".to_owned(),
        UDP => "udp".to_owned(),
        ICMPV6 => "icmpv6".to_owned(),
        other => other.to_string(),
    }
}

impl Packets {
    /// Protocols and ports, whatever the address: `tcp/443`, `icmp type 8`, `all traffic`.
    pub fn services(&self) -> String {
        let mut all: Vec<String> = Vec::new();
        for cube in self.without_addresses().cubes() {
            for part in named(&cube) {
                if !all.contains(&part) {
                    all.push(part);
                }
            }
        }
        if all.is_empty() { "no traffic".to_owned() } else { all.join(", ") }
    }

    /// The sets of addresses with the same services, each with its services.
    pub fn by_addresses(&self) -> Vec<(Addresses, Packets)> {
        let mut all: Vec<(Addresses, Packets)> = Vec::new();
        for (first, last) in self.pieces() {
            let piece = Addresses::between(first, last);
            let services = self.and(&Packets::with_addresses(&piece)).without_addresses();
            match all.iter_mut().find(|(_, known)| *known == services) {
                Some((addresses, _)) => *addresses = addresses.union(&piece),
                None => all.push((piece, services)),
            }
        }
        all
    }

    /// The addresses cut wherever any service begins or ends.
    fn pieces(&self) -> Vec<(super::Ip, super::Ip)> {
        use super::Point;
        let whole = self.addresses();
        let mut cuts: Vec<super::Ip> = self
            .cubes()
            .iter()
            .flat_map(|cube| cube.addresses.ranges().collect::<Vec<_>>())
            .flat_map(|(first, last)| [Some(first), last.next()])
            .flatten()
            .collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut pieces = Vec::new();
        for (first, last) in whole.ranges() {
            let mut from = first;
            for cut in cuts.iter().copied().filter(|cut| *cut > first && *cut <= last) {
                pieces.extend(cut.previous().map(|end| (from, end)));
                from = cut;
            }
            pieces.push((from, last));
        }
        pieces
    }
}

/// One box by protocol and ports; a range of protocols that has TCP in it names each of the common ones.
fn named(cube: &Cube) -> Vec<String> {
    let (first, last) = cube.protocols;
    let whole = cube.ports == (0, u16::MAX);
    if (first, last) == (0, u8::MAX) && whole {
        return vec!["all traffic".to_owned()];
    }
    if first != last && whole {
        return vec![format!("protocols {first}-{last}")];
    }
    (first..=last).map(|number| one(number, cube.ports)).collect()
}

fn one(number: u8, (first, last): (u16, u16)) -> String {
    let name = protocol(number);
    if (first, last) == (0, u16::MAX) {
        return if number.to_string() == name { format!("protocol {name}") } else { name };
    }
    if matches!(number, ICMP | ICMPV6) {
        let (kind, code) = (first >> 8, first & 255);
        return match (last >> 8, last & 255) {
            (end, 255) if code == 0 && end == kind => format!("{name} type {kind}"),
            (end, 255) if code == 0 => format!("{name} types {kind}-{end}"),
            (end, until) if (end, until) == (kind, code) => format!("{name} type {kind} code {code}"),
            (end, until) => format!("{name} type {kind} code {code} to type {end} code {until}"),
        };
    }
    if first == last { format!("{name}/{first}") } else { format!("{name}/{first}-{last}") }
}

impl fmt::Display for Packets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self
            .by_addresses()
            .into_iter()
            .map(|(addresses, services)| match addresses == Addresses::all() {
                true => services.services(),
                false => format!("{} with {addresses}", services.services()),
            })
            .collect();
        f.write_str(&if all.is_empty() { "no traffic".to_owned() } else { all.join("; ") })
    }
}
