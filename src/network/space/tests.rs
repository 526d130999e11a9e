//! Sets against membership of single packets.

use super::*;
use proptest::prelude::*;
use std::net::IpAddr;

/// Few values, so that boxes touch and overlap often.
fn port() -> impl Strategy<Value = u16> {
    prop_oneof![0..4u16, Just(1023), Just(1024), Just(u16::MAX - 1), Just(u16::MAX)]
}

fn address() -> impl Strategy<Value = Ip> {
    let v4 = prop_oneof![0..3u32, Just(u32::MAX - 1), Just(u32::MAX)].prop_map(|bits| IpAddr::from(bits.to_be_bytes()));
    let v6 = prop_oneof![0..3u128, Just(u128::MAX)].prop_map(|bits| IpAddr::from(bits.to_be_bytes()));
    prop_oneof![v4, v6].prop_map(Ip::from)
}

fn protocol() -> impl Strategy<Value = u8> {
    prop_oneof![Just(0), Just(ICMP), Just(2), Just(TCP), Just(UDP), Just(ICMPV6), Just(254), Just(255)]
}

fn sorted<T: Ord + Copy>((a, b): (T, T)) -> (T, T) {
    (a.min(b), a.max(b))
}

fn cube() -> impl Strategy<Value = Cube> {
    ((protocol(), protocol()), (address(), address()), (port(), port())).prop_map(|(protocols, addresses, ports)| {
        let (first, last) = sorted(addresses);
        Cube { protocols: sorted(protocols), addresses: Addresses::between(first, last), ports: sorted(ports) }
    })
}

fn packets() -> impl Strategy<Value = Packets> {
    proptest::collection::vec(cube(), 0..5).prop_map(|all| Packets::any(all.into_iter().map(Packets::from).collect()))
}

fn ip(text: &str) -> Ip {
    text.parse::<IpAddr>().unwrap().into()
}

proptest! {
    #[test]
    fn a_box_has_the_points_inside_it(cube in cube(), protocol in protocol(), address in address(), port in port()) {
        let inside = (cube.protocols.0..=cube.protocols.1).contains(&protocol)
            && cube.addresses.ranges().any(|(first, last)| first <= address && address <= last)
            && (cube.ports.0..=cube.ports.1).contains(&port);
        prop_assert_eq!(Packets::from(cube).contains(protocol, address, port), inside);
    }

    #[test]
    fn operations_agree_with_membership(
        a in packets(), b in packets(), protocol in protocol(), address in address(), port in port(),
    ) {
        let has = |set: &Packets| set.contains(protocol, address, port);
        prop_assert_eq!(has(&a.union(&b)), has(&a) || has(&b));
        prop_assert_eq!(has(&a.and(&b)), has(&a) && has(&b));
        prop_assert_eq!(has(&a.minus(&b)), has(&a) && !has(&b));
    }

    #[test]
    fn equal_sets_are_equal_values(a in packets(), b in packets(), c in packets()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.union(&b).and(&c), a.and(&c).union(&b.and(&c)));
        prop_assert_eq!(a.minus(&b).union(&a.and(&b)), a.clone());
        prop_assert_eq!(a.minus(&b.union(&c)), a.minus(&b).minus(&c));
        prop_assert!(a.minus(&a).is_empty());
        prop_assert_eq!(Packets::any(a.cubes().into_iter().map(Packets::from).collect()), a.clone());
        prop_assert_eq!(a.to_string() == b.to_string(), a == b);
    }

    #[test]
    fn prefixes_are_the_addresses_and_nothing_else(first in any::<u32>(), last in any::<u32>()) {
        let (first, last) = sorted((first, last));
        let of = |bits: u32| Ip::from(IpAddr::from(bits.to_be_bytes()));
        let set = Addresses::between(of(first), of(last));
        let again = set.prefixes().into_iter().fold(Addresses::default(), |all, net| all.union(&net.into()));
        prop_assert_eq!(again, set);
    }

    #[test]
    fn an_answer_needs_its_ports(a in packets(), protocol in protocol(), address in address(), port in port()) {
        let ports: Vec<u16> = match protocol {
            TCP | UDP => (1024..=u16::MAX).collect(),
            ICMP if port >> 8 == 8 => vec![0],
            ICMPV6 if port >> 8 == 128 => vec![129 << 8],
            ICMP | ICMPV6 => vec![],
            _ => (0..=u16::MAX).collect(),
        };
        let has = |port: &u16| a.contains(protocol, address, *port);
        prop_assert_eq!(a.answered(true).contains(protocol, address, port), ports.iter().all(has));
        let one = ports.is_empty() || ports.iter().any(has);
        prop_assert_eq!(a.answered(false).contains(protocol, address, port), one);
    }
}

#[test]
fn sets_print_as_prefixes_and_ports() {
    let web = Packets::from(Cube { addresses: range("10.0.0.0/8").unwrap(), ..tcp(443, 443) });
    assert_eq!(web.to_string(), "tcp/443 with 10.0.0.0/8");
    let both = web.union(&Packets::from(Cube { addresses: range("11.0.0.0/8").unwrap(), ..tcp(443, 443) }));
    assert_eq!(both.to_string(), "tcp/443 with 10.0.0.0/7");
    assert_eq!(both.union(&tcp(8080, 8081).into()).services(), "tcp/443, tcp/8080-8081");
    assert_eq!(Packets::all().to_string(), "all traffic");
    assert_eq!(Packets::default().to_string(), "no traffic");
    assert_eq!(Packets::with_ports(ICMP, 8 << 8, (8 << 8) | 255).services(), "icmp type 8");
    assert_eq!(Packets::with_ports(UDP, 53, 53).minus(&Packets::with_ports(UDP, 53, 53)).services(), "no traffic");
}

fn tcp(first: u16, last: u16) -> Cube {
    Cube { protocols: (TCP, TCP), ports: (first, last), ..Cube::all() }
}

#[test]
fn the_internet_has_neither_private_nor_local_addresses() {
    let internet = Addresses::internet();
    for inside in ["8.8.8.8", "172.32.0.1", "192.167.255.255", "2a05:d018::1"] {
        assert!(internet.contains(ip(inside)), "{inside}");
    }
    for outside in
        ["10.1.2.3", "172.31.0.1", "192.168.0.1", "127.0.0.1", "100.64.0.1", "224.0.0.1", "fd00::1", "fe80::1"]
    {
        assert!(!internet.contains(ip(outside)), "{outside}");
    }
}

#[test]
fn both_families_are_one_line() {
    assert_eq!(Addresses::all().to_string(), "0.0.0.0/0, ::/0");
    assert_eq!(Addresses::v4().union(&Addresses::v6()), Addresses::all());
    assert_eq!(range("10.0.0.7").unwrap().single(), Some(ip("10.0.0.7")));
    assert_eq!(range("10.0.0.0/33"), None);
}

#[test]
fn ports_as_they_are_written_are_packets() {
    for (text, services) in [
        ("443", "tcp/443"),
        ("8000-8010", "tcp/8000-8010"),
        ("udp", "udp"),
        ("icmp", "icmp"),
        ("icmp/8", "icmp type 8"),
        ("any", "all traffic"),
        ("udp/53, tcp/443", "tcp/443, udp/53"),
    ] {
        let ports = crate::value::ports::read(text).unwrap();
        assert_eq!(Packets::of_ports(&ports).services(), services, "{text}");
    }
}
