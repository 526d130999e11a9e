//! Questions about a network: mostly between what is in it, on ports that its rules are about.

use std::net::IpAddr;

use super::super::facts::{all, is, text, texts};
use super::super::{Object, Objects, Party, Protocol, Question};
use super::Seed;

/// So many questions.
pub fn questions(objects: &Objects, seed: &mut Seed, count: usize) -> Vec<Question> {
    (0..count).map(|_| question(objects, seed)).collect()
}

fn question(objects: &Objects, seed: &mut Seed) -> Question {
    let machines = all(objects, &["aws_instance", "aws_network_interface", "aws_instance", "aws_lb"]);
    let sender = seed.one(&machines);
    let v6 = !texts(&sender.attributes, "ipv6_addresses").is_empty();
    let from = match seed.below(10) {
        0..=5 => Party::Object(sender.address.clone()),
        6 | 7 => vpn(objects, seed).unwrap_or_else(|| internet(seed, false)),
        _ => internet(seed, true),
    };
    let outside = matches!(from, Party::Internet(_));
    let to = to(objects, seed, &from, v6);
    let (protocol, port) = service(objects, seed, &to);
    // An internet-facing balancer has public addresses for everybody; who asks for it is in the Internet.
    let faces = |object: &Object| object.kind == "aws_lb" && !is(&object.attributes, "internal");
    let facing = matches!(&to, Party::Object(address) if objects.iter().any(|o| o.address == *address && faces(o)));
    let from = if facing && !outside { internet(seed, true) } else { from };
    Question { from, to, protocol, port }
}

fn to(objects: &Objects, seed: &mut Seed, from: &Party, v6: bool) -> Party {
    let kinds = ["aws_instance", "aws_network_interface", "aws_lb", "aws_db_instance", "aws_vpc_endpoint"];
    let mut services = all(objects, &kinds);
    services.retain(|object| Party::Object(object.address.clone()) != *from);
    services.retain(|object| text(&object.attributes, "vpc_endpoint_type") != "Gateway");
    if let Party::Internet(address) = from
        && seed.percent(85)
    {
        services.retain(|object| faces(objects, object, address.is_ipv4()));
    }
    // Who is behind a virtual private gateway reaches its VPC and no other.
    let own = all(objects, &["aws_vpn_gateway", "aws_vpn_gateway_attachment"]).into_iter();
    let own: Vec<&str> = own.map(|gateway| text(&gateway.attributes, "vpc_id")).collect();
    if matches!(from, Party::Vpn(..)) && own.iter().any(|vpc| !vpc.is_empty()) && seed.percent(85) {
        services.retain(|object| {
            let subnet = text(&object.attributes, "subnet_id");
            let subnets = all(objects, &["aws_subnet"]);
            let subnet = subnets.into_iter().find(|each| text(&each.attributes, "id") == subnet);
            let vpc = subnet.map_or(text(&object.attributes, "vpc_id"), |subnet| text(&subnet.attributes, "vpc_id"));
            own.contains(&vpc)
        });
    }
    let inside = matches!(from, Party::Object(_));
    match seed.below(12) {
        0 | 1 if inside => internet(seed, v6),
        2 | 4 if inside => vpn(objects, seed).unwrap_or_else(|| internet(seed, false)),
        3 => somewhere(objects, seed),
        _ if services.is_empty() => somewhere(objects, seed),
        _ => Party::Object(seed.one(&services).address.clone()),
    }
}

/// Whether the Internet may know an address of an object.
fn faces(objects: &Objects, object: &Object, v4: bool) -> bool {
    let a = &object.attributes;
    let id = text(a, "id");
    let elastic = all(objects, &["aws_eip", "aws_eip_association"]).into_iter().any(|eip| {
        let named = ["instance", "instance_id", "network_interface", "network_interface_id"];
        named.iter().any(|name| text(&eip.attributes, name) == id)
    });
    let facing = object.kind == "aws_lb" && !is(a, "internal");
    match v4 {
        true => elastic || facing || !text(a, "public_ip").is_empty() || is(a, "publicly_accessible"),
        false => !texts(a, "ipv6_addresses").is_empty(),
    }
}

/// The protocol and port: often what the destination is for.
fn service(objects: &Objects, seed: &mut Seed, to: &Party) -> (Protocol, u16) {
    if let Party::Object(address) = to {
        let object = objects.iter().find(|object| object.address == *address);
        match object.map_or("", |object| object.kind.as_str()) {
            "aws_db_instance" if seed.percent(85) => return (Protocol::Tcp, 5432),
            "aws_lb" if seed.percent(85) => {
                return seed.one(&[
                    (Protocol::Tcp, 443),
                    (Protocol::Tcp, 80),
                    (Protocol::Udp, 53),
                    (Protocol::Tcp, 53),
                ]);
            }
            _ => {}
        }
    }
    let usual = [
        (Protocol::Tcp, 443),
        (Protocol::Tcp, 443),
        (Protocol::Tcp, 22),
        (Protocol::Tcp, 80),
        (Protocol::Tcp, 8080),
        (Protocol::Tcp, 65535),
        (Protocol::Tcp, 0),
        (Protocol::Udp, 53),
        (Protocol::Udp, 40000),
        (Protocol::Ping, 0),
        (Protocol::Ping, 0),
        (Protocol::Other(47), 0),
    ];
    seed.one(&usual)
}

fn internet(seed: &mut Seed, v6: bool) -> Party {
    let addresses = ["203.0.113.9", "8.8.8.8", "203.0.113.9", "2001:4860::8888", "2001:db8:ffff::1"];
    Party::Internet(address(seed.one(&addresses[..if v6 { 5 } else { 3 }])))
}

fn vpn(objects: &Objects, seed: &mut Seed) -> Option<Party> {
    let connections = all(objects, &["aws_vpn_connection"]);
    let connection = connections.first()?.address.clone();
    Some(Party::Vpn(connection, address(seed.one(&["192.168.1.7", "192.168.2.7"]))))
}

/// An address that somebody may have: a public one of the network, a service's, one that is free, the edge of a range.
fn somewhere(objects: &Objects, seed: &mut Seed) -> Party {
    let mut addresses: Vec<String> = vec!["10.0.0.200".to_owned(), "10.1.0.10".to_owned(), "172.16.0.1".to_owned()];
    for object in objects {
        let a = &object.attributes;
        let own = ["public_ip", "private_ip"].map(|name| text(a, name).to_owned());
        addresses.extend(own.into_iter().filter(|own| !own.is_empty()));
        addresses.extend(texts(a, "ipv6_addresses").into_iter().map(str::to_owned));
        let services = texts(a, "cidr_blocks").into_iter().filter(|_| object.kind == "aws_vpc_endpoint");
        addresses.extend(services.filter_map(|range| range.split('/').next()).map(|first| first.replace(".0", ".9")));
    }
    Party::Address(seed.one(&addresses).parse().unwrap_or(IpAddr::from([8, 8, 8, 8])))
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap_or(IpAddr::from([8, 8, 8, 8]))
}
