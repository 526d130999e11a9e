//! Asks about a flow rather than a packet: with every source port that makes a difference, and with every value of what
//! is not known.

use std::net::IpAddr;

use super::balancers::targets;
use super::facts::{all, blocks, by_id, holds, range, size, text};
use super::filters::ports_of_entries;
use super::places::{self, Interface};
use super::walker::walk;
use super::ways::{each_once, is_static};
use super::{Answer, End, Object, Objects, Outcome, Packet, Party, Protocol, Question, Unknowns, World, with_world};

/// The ports that clients, translators and balancers send from.
///
/// AWS: to cover the different types of clients, open the ephemeral ports 1024-65535. NAT gateways and Elastic Load
/// Balancing use these.
pub const EPHEMERAL: std::ops::RangeInclusive<u16> = 1024..=65535;

/// An address of one end: its interface and the place among its addresses, or an address as it is.
#[derive(Debug, Clone, PartialEq)]
enum Spot {
    Given(End, IpAddr),
    Private(String, usize),
    Public(String, usize),
}

/// The answer, and why: the outcome of one packet that shows it.
///
/// A pair of addresses is connected if every packet that a client may send is delivered; it may be if one is. A party with
/// several addresses is reached if one of them is, and surely if it is so with every value of what is not known.
pub fn ask(objects: &Objects, question: &Question) -> (Answer, String) {
    let pairs = with_world(objects, &Unknowns::default(), |world| {
        let (from, to) = (spots(world, question, true), spots(world, question, false));
        let pairs = from.iter().flat_map(|one| to.iter().map(|other| (one.clone(), other.clone())));
        pairs.collect::<Vec<_>>()
    });
    let each = variants(objects, question).into_iter().map(|unknowns| {
        with_world(objects, &unknowns, |world| {
            let judged = pairs.iter().filter_map(|(from, to)| judge(&ask_pair(world, question, from, to)));
            let nothing = (Answer::No, "nothing of the one has an address that the other can send to".to_owned());
            judged.fold(nothing, |best, next| if next.0 > best.0 || best.0 == Answer::No { next } else { best })
        })
    });
    // Whatever is not known: always, never, or it depends.
    let all = each.reduce(|one, other| match one.0 == other.0 {
        true => one,
        false if one.0 == Answer::Yes => (Answer::May, other.1),
        false => (Answer::May, one.1),
    });
    all.unwrap_or((Answer::No, "there is nobody".to_owned()))
}

/// Which targets of a balancer a client reaches through one of its ports, and their ports: the client has to reach the
/// balancer, and the balancer the target.
///
/// AWS: a balancer opens a connection of its own to the target, from the address of its node. A network load balancer
/// that preserves the client's address does not; that is not followed here.
pub fn ask_through(objects: &Objects, client: &Question) -> Vec<(String, u16, Answer)> {
    let Party::Object(balancer) = &client.to else { return Vec::new() };
    let (first, _) = ask(objects, client);
    let targets = targets(objects, balancer, client.port).into_iter();
    targets
        .map(|(target, port)| {
            let to = target.parse().map_or_else(|_| Party::Object(target.clone()), Party::Address);
            let second = Question { from: Party::Object(balancer.clone()), to, protocol: client.protocol, port };
            (target, port, first.min(ask(objects, &second).0))
        })
        .collect()
}

/// The outcomes of all packets that a client may send from one address to another.
fn ask_pair(world: World<'_>, question: &Question, from: &Spot, to: &Spot) -> Vec<Outcome> {
    let (Some((end, source)), Some((goal, destination))) = (find(world, from), find(world, to)) else {
        return Vec::new();
    };
    // Whoever has an address may be anywhere.
    let goal = (!matches!(question.to, Party::Address(_))).then_some(goal);
    if source.is_ipv4() != destination.is_ipv4() || source == destination {
        return Vec::new();
    }
    let (port, protocol, ports) = (question.port, question.protocol, ports(world, question.protocol));
    let mut outcomes = Vec::new();
    for &source_port in &ports {
        let packet = Packet { source, destination, protocol, source_port, port, answer: false };
        for &translated in &ports {
            let unknowns = Unknowns { translated_port: Some(translated), ..world.unknowns.clone() };
            let (outcome, used) = walk(World { unknowns: &unknowns, ..world }, &end, goal.as_ref(), packet);
            outcomes.push(outcome);
            if !used {
                break;
            }
        }
    }
    outcomes
}

/// One answer from the outcomes of all packets.
fn judge(outcomes: &[Outcome]) -> Option<(Answer, String)> {
    let why = |outcome: &Outcome| match outcome {
        Outcome::Delivered => "delivered".to_owned(),
        Outcome::Dropped(why) | Outcome::Unsure(why) => why.clone(),
    };
    let all = |of: &dyn Fn(&Outcome) -> bool| outcomes.iter().all(of);
    let answer = match () {
        () if all(&|outcome| *outcome == Outcome::Delivered) => Answer::Yes,
        () if all(&|outcome| matches!(outcome, Outcome::Dropped(_))) => Answer::No,
        () => Answer::May,
    };
    let shows = outcomes.iter().find(|outcome| **outcome != Outcome::Delivered).or(outcomes.first())?;
    Some((answer, why(shows)))
}

/// One source port for each part of the ephemeral ports that entries of ACLs treat alike.
fn ports(world: World<'_>, protocol: Protocol) -> Vec<u16> {
    let first = *EPHEMERAL.start();
    if !matches!(protocol, Protocol::Tcp | Protocol::Udp) {
        return vec![first];
    }
    let bounds = ports_of_entries(world).into_iter().flat_map(|port| [port, port + 1]);
    let within = bounds.filter_map(|port| u16::try_from(port).ok()).filter(|port| EPHEMERAL.contains(port));
    each_once(std::iter::once(first).chain(within))
}

/// The addresses that a party sends from, or that the other party sends to.
///
/// AWS: from the Internet an interface is reached by its public IPv4 address, or by its IPv6 address. The name of an
/// internet-facing balancer resolves to public addresses everywhere, other names within the VPC to private ones.
fn spots(world: World<'_>, question: &Question, sends: bool) -> Vec<Spot> {
    let (party, other) = if sends { (&question.from, &question.to) } else { (&question.to, &question.from) };
    match party {
        Party::Internet(address) => vec![Spot::Given(End::Internet, *address)],
        Party::Address(address) => vec![Spot::Given(End::Internet, *address)],
        Party::Vpn(connection, address) => {
            let object = world.objects.iter().find(|object| object.address == *connection);
            let id = object.map_or("", |object| text(&object.attributes, "id"));
            vec![Spot::Given(End::Vpn(id.to_owned()), *address)]
        }
        Party::Object(address) => {
            let own = world.interfaces.iter().filter(|interface| interface.owners.contains(address));
            let faces_internet = world.objects.iter().any(|object| {
                object.address == *address
                    && object.kind.ends_with("lb")
                    && !super::facts::is(&object.attributes, "internal")
            });
            let publicly = !sends && (faces_internet || matches!(other, Party::Internet(_)));
            own.flat_map(|interface| spots_of(world, interface, publicly)).collect()
        }
    }
}

fn spots_of(world: World<'_>, interface: &Interface, publicly: bool) -> Vec<Spot> {
    let name = || interface.name.clone();
    if !publicly {
        return (0..interface.private.len()).map(|i| Spot::Private(name(), i)).collect();
    }
    let publics = world.publics.iter().filter(|each| each.interface == interface.name).count();
    let v6 = (0..interface.private.len()).filter(|i| interface.private[*i].is_ipv6());
    (0..publics).map(|i| Spot::Public(name(), i)).chain(v6.map(|i| Spot::Private(name(), i))).collect()
}

/// Where a spot is, with these values of what is not known.
fn find(world: World<'_>, spot: &Spot) -> Option<(End, IpAddr)> {
    match spot {
        Spot::Given(end, address) => Some((end.clone(), *address)),
        Spot::Private(name, index) => {
            let interface = world.interfaces.iter().find(|interface| interface.name == *name)?;
            Some((End::Interface(name.clone()), *interface.private.get(*index)?))
        }
        Spot::Public(name, index) => {
            let public = world.publics.iter().filter(|each| each.interface == *name).nth(*index)?;
            Some((End::Interface(name.clone()), public.public))
        }
    }
}

/// Every combination of what is not known of the parties: where a balancer's node, a database or an endpoint is, and
/// whether the other side of a VPN connection announces the address that is asked about.
pub fn variants(objects: &Objects, question: &Question) -> Vec<Unknowns> {
    with_world(objects, &Unknowns::default(), |world| variants_of(world, question))
}

fn variants_of(world: World<'_>, question: &Question) -> Vec<Unknowns> {
    let objects = world.objects;
    let mut variants = vec![Unknowns::default()];
    for party in [&question.from, &question.to] {
        match party {
            Party::Object(address) => {
                let Some(object) = objects.iter().find(|object| object.address == *address) else { continue };
                if object.kind == "aws_db_instance" {
                    variants = each_with(&variants, &places::homes(world, object), |unknowns, home| {
                        unknowns.homes.insert(address.clone(), home.clone());
                    });
                }
                variants = each_with(&variants, &offsets(world, object), |unknowns, offset| {
                    unknowns.offsets.insert(address.clone(), *offset);
                });
            }
            Party::Vpn(_, address) => {
                for connection in all(objects, &["aws_vpn_connection"]).into_iter().filter(|c| !is_static(c)) {
                    let id = text(&connection.attributes, "id");
                    let length = if address.is_ipv4() { 32 } else { 128 };
                    let announcements = [vec![], vec![format!("{address}/{length}")], vec!["0.0.0.0/0".to_owned()]];
                    variants = each_with(&variants, &announcements, |unknowns, ranges| {
                        unknowns.announced.insert(id.to_owned(), ranges.clone());
                    });
                }
            }
            Party::Address(address) => variants = whoever(world, &variants, *address),
            Party::Internet(_) => {}
        }
    }
    variants.retain(|unknowns| with_world(objects, unknowns, apart));
    variants
}

/// The values that bear on who has an address: whether a site announces it, whether something is there whose address no
/// object says. A site announces no range of a VPC.
fn whoever(world: World<'_>, variants: &[Unknowns], address: IpAddr) -> Vec<Unknowns> {
    let mut all = variants.to_vec();
    let ours = places::vpcs(world).iter().any(|vpc| places::vpc_holds(world, vpc, address));
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].iter().any(|range| holds(range, address));
    for connection in super::facts::all(world.objects, &["aws_vpn_connection"]) {
        if private && !ours && !is_static(connection) {
            let id = text(&connection.attributes, "id").to_owned();
            all = each_with(&all, &[vec![], vec![format!("{address}/32")]], |unknowns, ranges| {
                unknowns.announced.entry(id.clone()).or_default().extend(ranges.clone());
            });
        }
    }
    if world.publics.iter().any(|each| each.public == address) {
        // Who asks may have an address that AWS chose: in a range that something names, or in none.
        let services = super::facts::all(world.objects, &["aws_vpc_endpoint"]);
        let of_service = |range: &String| {
            services.iter().any(|each| super::facts::texts(&each.attributes, "cidr_blocks").contains(&range.as_str()))
        };
        let mut given: Vec<Option<String>> = vec![None];
        for named in ranges_of(world.objects).into_iter().filter(|named| !of_service(named)) {
            let Some((IpAddr::V4(first), length)) = range(&named) else { continue };
            if (1..=24).contains(&length) && !first.is_private() && !holds("100.64.0.0/10", IpAddr::V4(first)) {
                given.push(Some(named));
            }
        }
        all = each_with(&all, &given, |unknowns, range| unknowns.given = range.clone());
    }
    let services = super::facts::all(world.objects, &["aws_vpc_endpoint"]);
    let of_service = services
        .iter()
        .any(|each| super::facts::texts(&each.attributes, "cidr_blocks").iter().any(|range| holds(range, address)));
    let regional = super::facts::all(world.objects, &["aws_nat_gateway"])
        .into_iter()
        .any(|nat| super::gates::is_regional(nat) && super::gates::regional_addresses(world, nat).contains(&address));
    let known = regional || world.publics.iter().any(|each| each.public == address);
    if address.is_ipv4() && !private && !known && !of_service && !holds("100.64.0.0/10", address) {
        // A balancer or database may have it.
        let given = world.publics.iter().filter(|each| places::is_given(each.public));
        let mut held: Vec<Option<(String, IpAddr)>> = vec![None];
        held.extend(given.map(|each| Some((each.interface.clone(), address))));
        all = each_with(&all, &held, |unknowns, held| unknowns.held = held.clone());
    }
    for object in world.objects {
        if offsets(world, object).is_empty() {
            continue;
        }
        let own = world.interfaces.iter().filter(|interface| interface.owners.contains(&object.address));
        let mut subnets: Vec<String> = own.map(|each| each.subnet.clone()).collect();
        if object.kind == "aws_db_instance" {
            subnets = places::homes(world, object);
        }
        for subnet in subnets {
            let range = by_id(world.objects, &places::SUBNETS, &subnet);
            let range = range.map_or(String::new(), |subnet| text(&subnet.attributes, "cidr_block").to_owned());
            let there = (4..size(&range).saturating_sub(1)).find(|n| super::facts::nth(&range, *n) == Some(address));
            let Some(offset) = there else { continue };
            all = each_with(&all, &[None, Some(offset)], |unknowns, offset| {
                if let Some(offset) = offset {
                    unknowns.offsets.insert(format!("{} in {subnet}", object.address), *offset);
                    if object.kind == "aws_db_instance" {
                        unknowns.homes.insert(object.address.clone(), subnet.clone());
                    }
                }
            });
        }
    }
    all
}

/// Whether no two interfaces of a VPC have one address: AWS gives each its own.
pub fn apart(world: World<'_>) -> bool {
    let vpc = |interface: &Interface| places::vpc_of(world, &interface.subnet);
    world.interfaces.iter().enumerate().all(|(at, one)| {
        let others = &world.interfaces[at + 1..];
        one.private
            .iter()
            .all(|address| others.iter().all(|other| !other.private.contains(address) || vpc(other) != vpc(one)))
    })
}

/// Each variant with each value; the variants as they are if there is no value.
fn each_with<T>(variants: &[Unknowns], values: &[T], set: impl Fn(&mut Unknowns, &T)) -> Vec<Unknowns> {
    let mut all = Vec::new();
    for variant in variants {
        for value in values {
            let mut with = variant.clone();
            set(&mut with, value);
            all.push(with);
        }
    }
    if all.is_empty() { variants.to_vec() } else { all }
}

/// Where an object's nodes may be in their subnets: low, high, and inside of each range that divides a subnet.
fn offsets(world: World<'_>, object: &Object) -> Vec<u32> {
    if !["aws_lb", "aws_alb", "aws_db_instance", "aws_vpc_endpoint"].contains(&object.kind.as_str()) {
        return Vec::new();
    }
    let known =
        blocks(&object.attributes, "subnet_mapping").iter().any(|m| !text(m, "private_ipv4_address").is_empty())
            || blocks(&object.attributes, "subnet_configuration").iter().any(|c| !text(c, "ipv4").is_empty());
    if known {
        return Vec::new();
    }
    let own = |interface: &&Interface| interface.owners.contains(&object.address);
    let others = world.interfaces.iter().filter(|interface| !own(interface));
    let taken: Vec<IpAddr> = others.flat_map(|interface| interface.private.clone()).collect();
    let mut subnets: Vec<String> = world.interfaces.iter().filter(own).map(|each| each.subnet.clone()).collect();
    if object.kind == "aws_db_instance" {
        subnets = places::homes(world, object);
    }
    let mut offsets = Vec::new();
    for subnet in &subnets {
        let Some(subnet) = by_id(world.objects, &places::SUBNETS, subnet) else { continue };
        let cidr = text(&subnet.attributes, "cidr_block");
        let Some((IpAddr::V4(first), length)) = range(cidr) else { continue };
        let mut wanted = vec![4];
        for inner in ranges_of(world.objects) {
            if let Some((IpAddr::V4(start), inner_length)) = range(&inner) {
                let before = start.to_bits().saturating_sub(first.to_bits());
                if inner_length > length && holds(cidr, IpAddr::V4(start)) {
                    wanted.extend([before, before + size(&inner)]);
                }
            }
        }
        let last = size(cidr).saturating_sub(2);
        for offset in wanted {
            let free = (offset.max(4)..last).find(|n| places_free(cidr, *n, &taken));
            offsets.extend(free);
        }
        offsets.extend((4..last).rev().find(|n| places_free(cidr, *n, &taken)));
    }
    each_once(offsets.into_iter())
}

fn places_free(cidr: &str, offset: u32, taken: &[IpAddr]) -> bool {
    super::facts::nth(cidr, offset).is_some_and(|address| !taken.contains(&address))
}

/// All ranges that any object names.
fn ranges_of(objects: &[Object]) -> Vec<String> {
    fn gather(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) if range(text).is_some() => into.push(text.clone()),
            serde_json::Value::Array(all) => all.iter().for_each(|each| gather(each, into)),
            serde_json::Value::Object(all) => all.values().for_each(|each| gather(each, into)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    objects.iter().for_each(|object| gather(&object.attributes, &mut found));
    each_once(found.into_iter())
}
