//! IPv4 and IPv6 addresses on one line, IPv4 first, and the sets of them that routes and rules speak of.

use super::spans::{Join, Point, Spans};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ip {
    v6: bool,
    bits: u128,
}

impl Ip {
    const LAST_V4: u128 = u32::MAX as u128;

    /// Whether it is an IPv6 address.
    pub fn is_v6(self) -> bool {
        self.v6
    }
}

impl From<IpAddr> for Ip {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Ip { v6: false, bits: u128::from(v4.to_bits()) },
            IpAddr::V6(v6) => Ip { v6: true, bits: v6.to_bits() },
        }
    }
}

impl From<Ip> for IpAddr {
    fn from(ip: Ip) -> Self {
        match ip.v6 {
            true => Ipv6Addr::from_bits(ip.bits).into(),
            false => Ipv4Addr::from_bits(u32::try_from(ip.bits).unwrap_or(u32::MAX)).into(),
        }
    }
}

impl fmt::Display for Ip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IpAddr::from(*self).fmt(f)
    }
}

impl Point for Ip {
    const LEAST: Self = Ip { v6: false, bits: 0 };
    const GREATEST: Self = Ip { v6: true, bits: u128::MAX };

    fn next(self) -> Option<Self> {
        match self {
            Ip { v6: false, bits: Ip::LAST_V4 } => Some(Ip { v6: true, bits: 0 }),
            Ip { v6, bits } => Some(Ip { v6, bits: bits.checked_add(1)? }),
        }
    }

    fn previous(self) -> Option<Self> {
        match self {
            Ip { v6: true, bits: 0 } => Some(Ip { v6: false, bits: Ip::LAST_V4 }),
            Ip { v6, bits } => Some(Ip { v6, bits: bits.checked_sub(1)? }),
        }
    }
}

/// A set of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Addresses(pub(super) Spans<Ip, ()>);

impl Addresses {
    /// All addresses.
    pub fn all() -> Self {
        Addresses(Spans::all(()))
    }

    /// All IPv4 addresses.
    pub fn v4() -> Self {
        IpNet::from(Ipv4Net::default()).into()
    }

    /// All IPv6 addresses.
    pub fn v6() -> Self {
        IpNet::from(Ipv6Net::default()).into()
    }

    /// Those that the Internet routes: not private, shared, local, multicast or reserved.
    pub fn internet() -> Self {
        const NOT: [&str; 8] = [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "224.0.0.0/3",
        ];
        let not = NOT.iter().filter_map(|text| range(text)).fold(Addresses::default(), |all, one| all.union(&one));
        let global = range("2000::/3").unwrap_or_default();
        Addresses::v4().minus(&not).union(&global)
    }

    /// One address.
    pub fn one(ip: Ip) -> Self {
        Addresses(Spans::one(ip, ip, ()))
    }

    /// From the first to the last.
    pub fn between(first: Ip, last: Ip) -> Self {
        Addresses(Spans::one(first, last, ()))
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has this one.
    pub fn contains(&self, ip: Ip) -> bool {
        self.0.at(ip).is_some()
    }

    /// Whether it has all of the others.
    pub fn covers(&self, others: &Addresses) -> bool {
        others.minus(self).is_empty()
    }

    /// Whether both have one in common.
    pub fn meets(&self, other: &Addresses) -> bool {
        !self.and(other).is_empty()
    }

    /// Those in either.
    pub fn union(&self, other: &Addresses) -> Addresses {
        Addresses(self.0.joined(Join::Union, &other.0))
    }

    /// Those in both.
    pub fn and(&self, other: &Addresses) -> Addresses {
        Addresses(self.0.joined(Join::Intersection, &other.0))
    }

    /// Those that the other has not.
    pub fn minus(&self, other: &Addresses) -> Addresses {
        Addresses(self.0.joined(Join::Difference, &other.0))
    }

    /// Its ranges in order, IPv4 before IPv6.
    pub fn ranges(&self) -> impl Iterator<Item = (Ip, Ip)> {
        self.0.iter().map(|span| (span.first, span.last))
    }

    /// The one address, if it has only one.
    pub fn single(&self) -> Option<Ip> {
        let mut ranges = self.ranges();
        let (first, last) = ranges.next()?;
        (first == last && ranges.next().is_none()).then_some(first)
    }

    /// As the fewest prefixes.
    pub fn prefixes(&self) -> Vec<IpNet> {
        self.ranges().flat_map(|(first, last)| prefixes(first, last)).collect()
    }
}

impl From<IpNet> for Addresses {
    fn from(net: IpNet) -> Self {
        Addresses::between(net.network().into(), net.broadcast().into())
    }
}

/// The addresses of a range in CIDR notation, or of one address.
pub fn range(text: &str) -> Option<Addresses> {
    let text = text.trim();
    text.parse::<IpNet>()
        .map(Addresses::from)
        .or_else(|_| text.parse().map(|ip: IpAddr| Addresses::one(ip.into())))
        .ok()
}

fn prefixes(first: Ip, last: Ip) -> Vec<IpNet> {
    if first.v6 != last.v6 {
        let v4 = Ip { v6: false, bits: Ip::LAST_V4 };
        let v6 = Ip { v6: true, bits: 0 };
        return [prefixes(first, v4), prefixes(v6, last)].concat();
    }
    let width: u32 = if first.v6 { 128 } else { 32 };
    let (mut at, mut all) = (first.bits, Vec::new());
    loop {
        // The largest block that begins here and does not pass the end.
        let aligned = at.trailing_zeros().min(width);
        let left = last.bits - at;
        let fits = if left == u128::MAX { 128 } else { 127 - (left + 1).leading_zeros() };
        let size = aligned.min(fits);
        let length = u8::try_from(width - size).unwrap_or(u8::MAX);
        all.extend(IpNet::new(Ip { v6: first.v6, bits: at }.into(), length));
        let block = if size == 128 { u128::MAX } else { (1 << size) - 1 };
        match (at + block).checked_add(1) {
            Some(next) if next <= last.bits => at = next,
            _ => return all,
        }
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.prefixes().iter().map(ToString::to_string).collect();
        f.write_str(&if all.is_empty() { "no address".to_owned() } else { all.join(", ") })
    }
}
