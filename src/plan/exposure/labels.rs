//! Packets as a reviewer reads them: where they come from in a few words, and protocols with their ports.

use super::names::plain;
use crate::network::exposure::Outside;
use crate::network::space::{Addresses, Packets};

/// So many ranges are named.
const RANGES: usize = 3;

/// Packets from one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// The place.
    pub(super) from: String,
    /// The order of places: the whole Internet, a part of it, anything else.
    pub(super) rank: u8,
    /// The packets, whatever their address.
    pub(super) services: Packets,
    /// The same in words.
    pub(super) words: String,
}

/// Packets by where they come from. `whole` is all that comes that way, so that a place can be named by what it has become
/// rather than by the part of it that is new.
pub(super) fn groups(from: &Outside, packets: &Packets, whole: &Packets) -> Vec<Group> {
    if packets.is_empty() {
        return Vec::new();
    }
    let mut all: Vec<Group> = Vec::new();
    let mut add = |from: String, rank: u8, services: Packets| match all.iter_mut().find(|group| group.from == from) {
        Some(known) => known.services = known.services.union(&services),
        None => all.push(Group { from, rank, services, words: String::new() }),
    };
    match from {
        Outside::Network(vpc) => add(format!("{} (network)", plain(vpc)), 2, packets.without_addresses()),
        Outside::Site(gateways) => {
            let names: Vec<String> = gateways.iter().map(|gateway| plain(gateway)).collect();
            let name = format!("{} (vpn)", names.join(", "));
            for (addresses, services) in packets.by_addresses() {
                let everyone = with_all(whole, &services) == whole.addresses();
                let label = if everyone { name.clone() } else { format!("{name} {}", ranges(&addresses)) };
                add(label, 2, services);
            }
        }
        Outside::Internet => {
            for (addresses, services) in packets.by_addresses() {
                let label = internet(&addresses).or_else(|| internet(&with_all(whole, &services)));
                match label {
                    Some(label) => add(label.to_owned(), 0, services),
                    None => add(ranges(&addresses), 1, services),
                }
            }
        }
    }
    // What is open to the Internet is open to each part of it, by whichever version of IP.
    if let Some(known) = all.iter().find(|group| group.from == INTERNET).map(|group| group.services.clone()) {
        for group in all.iter_mut().filter(|group| group.from != INTERNET) {
            group.services = group.services.minus(&known);
        }
        all.retain(|group| !group.services.is_empty());
    }
    let everything = internet(&with_all(whole, &Packets::all())).is_some();
    for group in &mut all {
        let services = if everything && group.rank == 0 { &Packets::all() } else { &group.services };
        group.words = words(services);
    }
    all
}

const INTERNET: &str = "internet";
const INTERNET_V6: &str = "internet (IPv6)";

/// The places from which all of some services come.
pub(super) fn with_all(whole: &Packets, services: &Packets) -> Addresses {
    let parts = whole.and(services).by_addresses();
    let all = parts.iter().filter(|(_, some)| some == services);
    all.fold(Addresses::default(), |all, (addresses, _)| all.union(addresses))
}

/// The Internet in a word, if the addresses are all of it.
fn internet(addresses: &Addresses) -> Option<&'static str> {
    let all = Addresses::internet();
    if addresses.covers(&all.and(&Addresses::v4())) {
        return Some(INTERNET);
    }
    addresses.covers(&all.and(&Addresses::v6())).then_some(INTERNET_V6)
}

/// A place that is addresses, in a few words.
pub(super) fn place(addresses: &Addresses) -> String {
    internet(addresses).map_or_else(|| ranges(addresses), str::to_owned)
}

/// The first ranges, or those that are missing where that is shorter.
fn ranges(addresses: &Addresses) -> String {
    let all = addresses.prefixes();
    let missing = Addresses::internet().and(&Addresses::v4()).minus(addresses).prefixes();
    if all.len() > RANGES && missing.len() <= RANGES {
        let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
        return format!("{INTERNET} except {}", missing.join(", "));
    }
    let mut words: Vec<String> = all.iter().take(RANGES).map(ToString::to_string).collect();
    words.extend(all.len().checked_sub(RANGES).filter(|more| *more > 0).map(|more| format!("{more} more ranges")));
    words.join(", ")
}

/// Protocols with their ports: `tcp/80,443, udp/53`.
pub(super) fn words(services: &Packets) -> String {
    let text = services.services();
    let mut all: Vec<(&str, String)> = Vec::new();
    for part in text.split(", ") {
        match (part.split_once('/'), all.last_mut()) {
            (Some((protocol, ports)), Some((known, line))) if *known == protocol => {
                line.push(',');
                line.push_str(ports);
            }
            (Some((protocol, _)), _) => all.push((protocol, part.to_owned())),
            (None, _) => all.push(("", part.to_owned())),
        }
    }
    all.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join(", ")
}
