//! Follows one packet to where it ends, and the answer back. Where AWS may do one thing or another, every one is tried.

use std::net::IpAddr;

use super::balancers::listens;
use super::facts::{all, by_id, text, texts};
use super::filters::{Way, acl_lets, groups_let};
use super::gates::{self, Before, carries, checks_destination, connections_to, internet_gateway, public_access};
use super::places::{self, Interface, Kind, subnet_holds, vpc_holds, vpc_of, zone_of};
use super::ways::{self, Target};
use super::{End, Object, Outcome, Packet, Protocol, World, transit};

/// A packet that is sent on more often than this goes round in circles.
const HOPS: u32 = 40;

/// What a translator remembers of a connection: its NAT gateway or egress-only gateway, the packet as it came and as
/// it went on.
#[derive(Debug, Clone)]
struct Connection {
    gateway: String,
    came: Packet,
    went: Packet,
}

/// How one way ended.
#[derive(Debug, Clone)]
enum Trip {
    Arrived(End, Packet),
    Dropped(String),
    Unsure(String),
}

/// One packet under way.
struct Walk<'a> {
    world: World<'a>,
    hops: u32,
    connections: Vec<Connection>,
    /// Which option is taken at each fork, and how many each has.
    script: Vec<usize>,
    forks: Vec<usize>,
    /// Where each fork is, and what was taken there: AWS takes the same way again.
    taken: Vec<(String, usize)>,
}

/// Whether a packet from somewhere arrives and its answer comes back, on every way that AWS may choose. And whether it
/// was sent on from another port on one of them.
pub fn walk(world: World<'_>, from: &End, packet: Packet) -> (Outcome, bool) {
    let (mut outcomes, mut translated) = (Vec::new(), false);
    let mut script: Option<Vec<usize>> = Some(Vec::new());
    while let Some(taken) = script {
        let mut walk = Walk { world, hops: 0, connections: Vec::new(), script: taken, forks: Vec::new(), taken: Vec::new() };
        outcomes.push(walk.there_and_back(from, packet));
        translated = translated || !walk.connections.is_empty();
        script = walk.next_script();
    }
    (together(&outcomes), translated)
}

/// The outcome of a packet from those of all its ways.
fn together(outcomes: &[Outcome]) -> Outcome {
    let first = outcomes.first().cloned().unwrap_or(Outcome::Unsure("nothing was tried".to_owned()));
    let delivered = |outcome: &Outcome| *outcome == Outcome::Delivered;
    if let Some(unsure) = outcomes.iter().find(|outcome| matches!(outcome, Outcome::Unsure(_))) {
        return unsure.clone();
    }
    match outcomes.iter().all(|outcome| delivered(outcome) == delivered(&first)) {
        true => first,
        false => Outcome::Unsure("AWS may take a way that works or one that does not".to_owned()),
    }
}

impl Walk<'_> {
    /// One of so many options at a place: the one that the script says.
    fn pick(&mut self, place: &str, packet: Packet, options: usize) -> usize {
        let place = format!("{place} to {} from {}", packet.destination, packet.source);
        if options < 2 {
            return 0;
        }
        if let Some((_, taken)) = self.taken.iter().find(|(earlier, _)| *earlier == place) {
            return *taken;
        }
        let taken = self.script.get(self.forks.len()).copied().unwrap_or(0);
        self.forks.push(options);
        self.taken.push((place, taken));
        taken
    }

    /// The script after this one, as in counting.
    fn next_script(&self) -> Option<Vec<usize>> {
        let mut script: Vec<usize> = (0..self.forks.len()).map(|i| self.script.get(i).copied().unwrap_or(0)).collect();
        while let Some(last) = script.pop() {
            if last + 1 < self.forks[script.len()] {
                script.push(last + 1);
                return Some(script);
            }
        }
        None
    }

    fn there_and_back(&mut self, from: &End, packet: Packet) -> Outcome {
        let (end, arrived) = match self.begin(from, packet) {
            Trip::Arrived(end, arrived) => (end, arrived),
            Trip::Dropped(why) => return Outcome::Dropped(why),
            Trip::Unsure(why) => return Outcome::Unsure(why),
        };
        self.hops = 0;
        match self.begin(&end, arrived.reversed()) {
            Trip::Arrived(back, answer) => {
                let same = match (from, &back) {
                    (End::Vpn(one), End::Vpn(other)) => gates::same_device(self.world, one, other),
                    (from, back) => from == back,
                };
                match same && answer == packet.reversed() {
                    true => Outcome::Delivered,
                    false => Outcome::Dropped(format!("the answer is not what was asked for: {back:?} {answer:?}")),
                }
            }
            Trip::Dropped(why) => Outcome::Dropped(format!("the answer: {why}")),
            Trip::Unsure(why) => Outcome::Unsure(format!("the answer: {why}")),
        }
    }

    /// From an end into the network.
    fn begin(&mut self, from: &End, packet: Packet) -> Trip {
        match from {
            End::Internet => self.from_internet(packet),
            End::Vpn(connection) => self.from_vpn(connection, packet),
            End::Interface(name) => match self.world.interfaces.iter().find(|each| each.name == *name) {
                Some(interface) => self.from_interface(interface, packet),
                None => dropped(&format!("{name} does not exist")),
            },
            End::Service(endpoint) => match by_id(self.world.objects, &["aws_vpc_endpoint"], endpoint) {
                Some(object) => self.within(text(&object.attributes, "vpc_id"), None, packet),
                None => dropped(&format!("{endpoint} does not exist")),
            },
        }
    }

    fn from_interface(&mut self, interface: &Interface, packet: Packet) -> Trip {
        if !packet.answer && !groups_let(self.world, interface, Way::Out, packet) {
            return dropped(&format!("no group of {} lets it out", interface.name));
        }
        self.from_subnet(&interface.subnet, packet)
    }

    /// AWS: traffic within a subnet is subject neither to its ACL nor to its route table. All other traffic is.
    fn from_subnet(&mut self, subnet: &str, packet: Packet) -> Trip {
        let vpc = vpc_of(self.world, subnet);
        if subnet_holds(self.world, subnet, packet.destination) {
            return self.within(&vpc, Some(subnet), packet);
        }
        if !acl_lets(self.world, subnet, Way::Out, packet) {
            return dropped(&format!("the ACL of {subnet} does not let it out"));
        }
        let table = ways::table_of(self.world, subnet);
        self.by_table(&table, &vpc, Some(subnet), packet)
    }

    /// Where a table of a VPC sends a packet.
    fn by_table(&mut self, table: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        self.hops += 1;
        if self.hops > HOPS {
            return dropped("it goes round in circles");
        }
        let targets = ways::choose(self.world, table, vpc, packet.destination);
        if targets.is_empty() {
            return dropped(&format!("{table} has no route to {}", packet.destination));
        }
        let taken = self.pick(table, packet, targets.len());
        match &targets[taken] {
            Target::Local => self.within(vpc, from, packet),
            Target::To("aws_internet_gateway", id) => self.to_internet_gateway(id, vpc, packet),
            Target::To("aws_egress_only_internet_gateway", id) => self.to_egress_only(id, vpc, from, packet),
            Target::To("aws_nat_gateway", id) => self.to_nat(id, vpc, from, packet),
            Target::To("aws_vpn_gateway", id) => self.to_vpn_gateway(id, vpc, packet),
            Target::To("aws_vpc_peering_connection", id) => self.to_peer(id, vpc, packet),
            Target::To("aws_ec2_transit_gateway", id) => self.to_transit_gateway(id, vpc, from, packet),
            Target::To("aws_vpc_endpoint", id) => self.to_endpoint(id, vpc, packet),
            Target::To("aws_network_interface" | "aws_instance", id) => self.to_appliance(id),
            Target::To("gone", id) => blackhole(id),
            Target::To(kind, _) => unsure(&format!("a way that is not followed: {kind}")),
        }
    }

    /// Into the subnet of the interface that has the destination.
    ///
    /// AWS: an ACL's inbound rules apply to what enters the subnet from outside of it.
    fn within(&mut self, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let Some(interface) = places::at(self.world, vpc, packet.destination) else {
            return dropped(&format!("nobody in {vpc} has {}", packet.destination));
        };
        if from != Some(interface.subnet.as_str()) && !acl_lets(self.world, &interface.subnet, Way::In, packet) {
            return dropped(&format!("the ACL of {} does not let it in", interface.subnet));
        }
        self.at_interface(interface, packet)
    }

    fn at_interface(&mut self, interface: &Interface, packet: Packet) -> Trip {
        if let Kind::Nat(id) = &interface.kind {
            return match self.translated_back(id, packet) {
                Some(answer) => self.from_subnet(&interface.subnet, answer),
                None => dropped("a NAT gateway takes only answers to what it sent"),
            };
        }
        if !packet.answer && !groups_let(self.world, interface, Way::In, packet) {
            return dropped(&format!("no group of {} lets it in", interface.name));
        }
        if !packet.answer && !listens(self.world, interface, packet) {
            return dropped(&format!("{} does not listen on {}", interface.name, packet.port));
        }
        Trip::Arrived(End::Interface(interface.name.clone()), packet)
    }

    /// The answer to a packet that a gateway translated, as the sender of that packet expects it.
    fn translated_back(&self, gateway: &str, packet: Packet) -> Option<Packet> {
        let answered = |each: &&Connection| each.gateway == gateway && each.went.reversed() == packet;
        self.connections.iter().find(answered).map(|each| each.came.reversed())
    }

    /// AWS: a NAT gateway replaces the source address of what it is sent with its own, and takes TCP, UDP and ICMP over
    /// IPv4. A zonal one is in a subnet, whose ACL and table apply to it. A regional one is in none, has a table of its
    /// own, which begins with a route to the internet gateway, and public addresses but no private one.
    fn to_nat(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let Some(nat) = by_id(self.world.objects, &["aws_nat_gateway"], id) else { return blackhole(id) };
        if packet.answer {
            return dropped("a NAT gateway does not send answers to what it did not see");
        }
        if packet.source.is_ipv6() || matches!(packet.protocol, Protocol::Other(_)) {
            return dropped("a NAT gateway takes only TCP, UDP and ICMP over IPv4");
        }
        if gates::is_regional(nat) {
            return self.to_regional(nat, vpc, packet);
        }
        let own = self.world.interfaces.iter().find(|each| each.kind == Kind::Nat(id.to_owned()));
        let Some(own) = own.filter(|own| vpc_of(self.world, &own.subnet) == vpc) else { return blackhole(id) };
        if from != Some(own.subnet.as_str()) && !acl_lets(self.world, &own.subnet, Way::In, packet) {
            return dropped(&format!("the ACL of {} does not let it in", own.subnet));
        }
        let Some(source) = own.private.first().copied() else { return unsure("the NAT gateway's address") };
        let went = self.translated(id, packet, source);
        self.from_subnet(&own.subnet, went)
    }

    fn to_regional(&mut self, nat: &Object, vpc: &str, packet: Packet) -> Trip {
        let a = &nat.attributes;
        if text(a, "vpc_id") != vpc {
            return blackhole(text(a, "id"));
        }
        let addresses = gates::regional_addresses(self.world, nat);
        let taken = self.pick(text(a, "id"), packet, addresses.len());
        let Some(source) = addresses.get(taken).copied() else { return unsure("the NAT gateway's address") };
        let table = text(a, "route_table_id");
        let own = !table.is_empty()
            && (all(self.world.objects, &["aws_route"]).iter().any(|r| text(&r.attributes, "route_table_id") == table)
                || by_id(self.world.objects, &["aws_route_table"], table).is_some());
        let went = self.translated(text(a, "id"), packet, source);
        match internet_gateway(self.world, vpc) {
            _ if own => match ways::choose(self.world, table, vpc, went.destination).as_slice() {
                [Target::To("aws_internet_gateway", id)] => self.out(id, vpc, None, Before::Nat, went),
                [] => dropped(&format!("{table} has no route to {}", went.destination)),
                _ => unsure("a regional NAT gateway that does not send to the Internet"),
            },
            Some(_) if vpc_holds(self.world, vpc, went.destination) => unsure("a regional NAT gateway within its VPC"),
            Some(id) => self.out(&id, vpc, None, Before::Nat, went),
            None => dropped("the VPC has no internet gateway"),
        }
    }

    /// A packet with another source, which the gateway remembers.
    fn translated(&mut self, gateway: &str, came: Packet, source: IpAddr) -> Packet {
        let port = match came.protocol {
            Protocol::Tcp | Protocol::Udp => self.world.unknowns.translated_port.unwrap_or(came.source_port),
            Protocol::Ping | Protocol::Other(_) => came.source_port,
        };
        let went = Packet { source, source_port: port, ..came };
        self.connections.push(Connection { gateway: gateway.to_owned(), came, went });
        went
    }

    /// AWS: an internet gateway translates between the private IPv4 address of an interface and its public one. What has
    /// none gets no further. IPv6 addresses are public.
    fn to_internet_gateway(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
        let gateway = by_id(self.world.objects, &["aws_internet_gateway"], id);
        if gateway.is_none_or(|gateway| text(&gateway.attributes, "vpc_id") != vpc) {
            return blackhole(id);
        }
        let Some(own) = places::at(self.world, vpc, packet.source) else {
            return dropped("an internet gateway serves only its own VPC");
        };
        let before = if matches!(own.kind, Kind::Nat(_)) { Before::Nat } else { Before::Interface };
        let subnet = Some(own.subnet.as_str());
        if packet.source.is_ipv6() {
            return self.out(id, vpc, subnet, before, packet);
        }
        match self.world.publics.iter().find(|each| each.interface == own.name && each.private == packet.source) {
            Some(public) => {
                self.out(id, vpc, subnet, before, Packet { source: public.public, ..packet })
            }
            None => dropped(&format!("{} has no public address", packet.source)),
        }
    }

    /// Through an internet gateway, past Block Public Access, to whoever has the destination.
    fn out(&mut self, gateway: &str, vpc: &str, subnet: Option<&str>, before: Before, packet: Packet) -> Trip {
        let attached = by_id(self.world.objects, &["aws_internet_gateway"], gateway);
        if attached.is_none_or(|gateway| text(&gateway.attributes, "vpc_id") != vpc) {
            return blackhole(gateway);
        }
        if !public_access(self.world, vpc, subnet, before, !packet.answer) {
            return dropped("Block Public Access blocks it on the way out");
        }
        self.in_internet(packet)
    }

    /// AWS: an egress-only internet gateway lets connections out over IPv6 and their answers in, and nothing else.
    fn to_egress_only(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let gateway = by_id(self.world.objects, &["aws_egress_only_internet_gateway"], id);
        if gateway.is_none_or(|gateway| text(&gateway.attributes, "vpc_id") != vpc) {
            return blackhole(id);
        }
        if packet.source.is_ipv4() || places::at(self.world, vpc, packet.source).is_none() {
            return dropped("an egress-only internet gateway serves only IPv6 of its own VPC");
        }
        if packet.answer {
            return dropped("an egress-only internet gateway lets no answer out");
        }
        if !public_access(self.world, vpc, from, Before::EgressOnly, true) {
            return dropped("Block Public Access blocks it on the way out");
        }
        self.connections.push(Connection { gateway: id.to_owned(), came: packet, went: packet });
        self.in_internet(packet)
    }

    /// In the Internet: to a public address of somebody here, or to somebody else.
    fn in_internet(&mut self, packet: Packet) -> Trip {
        let ours = match packet.destination {
            IpAddr::V4(address) if address.is_private() => return dropped("private addresses are not in the Internet"),
            IpAddr::V4(_) => self.owner(packet.destination),
            IpAddr::V6(_) => {
                places::vpcs(self.world).iter().any(|vpc| vpc_holds(self.world, vpc, packet.destination))
            }
        };
        if ours { self.from_internet(packet) } else { Trip::Arrived(End::Internet, packet) }
    }

    fn owner(&self, address: IpAddr) -> bool {
        let nats = all(self.world.objects, &["aws_nat_gateway"]);
        self.world.publics.iter().any(|each| each.public == address)
            || nats.iter().any(|nat| {
                gates::is_regional(nat) && gates::regional_addresses(self.world, nat).contains(&address)
            })
    }

    fn from_internet(&mut self, packet: Packet) -> Trip {
        self.hops += 1;
        if self.hops > HOPS {
            return dropped("it goes round in circles");
        }
        if packet.destination.is_ipv6() {
            return self.from_internet_v6(packet);
        }
        for nat in all(self.world.objects, &["aws_nat_gateway"]) {
            let (id, vpc) = (text(&nat.attributes, "id"), text(&nat.attributes, "vpc_id"));
            if gates::is_regional(nat) && gates::regional_addresses(self.world, nat).contains(&packet.destination) {
                return match self.translated_back(id, packet) {
                    Some(answer) if vpc_holds(self.world, vpc, answer.destination) => self.within(vpc, None, answer),
                    Some(_) => unsure("a regional NAT gateway for another VPC"),
                    None => dropped("a NAT gateway takes only answers to what it sent"),
                };
            }
        }
        let Some(public) = self.world.publics.iter().find(|each| each.public == packet.destination) else {
            return dropped(&format!("nobody here has {}", packet.destination));
        };
        let Some(own) = self.world.interfaces.iter().find(|each| each.name == public.interface) else {
            return dropped("the interface does not exist");
        };
        let vpc = vpc_of(self.world, &own.subnet);
        let before = if matches!(own.kind, Kind::Nat(_)) { Before::Nat } else { Before::Interface };
        self.through_internet_gateway(&vpc, &own.subnet, before, Packet { destination: public.private, ..packet })
    }

    fn from_internet_v6(&mut self, packet: Packet) -> Trip {
        let vpcs = places::vpcs(self.world);
        let found = vpcs.into_iter().find_map(|vpc| {
            places::at(self.world, &vpc, packet.destination).map(|interface| (vpc, interface))
        });
        let Some((vpc, own)) = found else { return dropped(&format!("nobody here has {}", packet.destination)) };
        let egress_only = all(self.world.objects, &["aws_egress_only_internet_gateway"]);
        if egress_only.iter().any(|gateway| self.translated_back(text(&gateway.attributes, "id"), packet).is_some()) {
            return self.within(&vpc, None, packet);
        }
        self.through_internet_gateway(&vpc, &own.subnet, Before::Interface, packet)
    }

    /// From the Internet into a VPC.
    ///
    /// AWS: a table that is associated with the gateway says where it sends what enters.
    fn through_internet_gateway(&mut self, vpc: &str, subnet: &str, before: Before, packet: Packet) -> Trip {
        let Some(gateway) = internet_gateway(self.world, vpc) else {
            return dropped(&format!("{vpc} has no internet gateway"));
        };
        if !public_access(self.world, vpc, Some(subnet), before, packet.answer) {
            return dropped("Block Public Access blocks it on the way in");
        }
        self.by_gateway_table(&gateway, vpc, packet)
    }

    fn by_gateway_table(&mut self, gateway: &str, vpc: &str, packet: Packet) -> Trip {
        match ways::table_of_gateway(self.world, gateway) {
            Some(table) => self.by_table(&table, vpc, None, packet),
            None => self.within(vpc, None, packet),
        }
    }

    /// AWS: a virtual private gateway carries traffic of its own VPC only, and no IPv6.
    fn to_vpn_gateway(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
        let gateway = by_id(self.world.objects, &["aws_vpn_gateway"], id);
        if gateway.is_none_or(|gateway| !ways::vpn_gateway_is_attached(self.world, gateway, vpc)) {
            return blackhole(id);
        }
        if packet.source.is_ipv6() || !vpc_holds(self.world, vpc, packet.source) {
            return dropped("a virtual private gateway carries only IPv4 of its own VPC");
        }
        let connections = connections_to(self.world, id, packet);
        if connections.is_empty() {
            return dropped(&format!("no connection of {id} leads to {}", packet.destination));
        }
        let taken = self.pick(id, packet, connections.len());
        self.through_connection(&connections[taken], packet)
    }

    fn through_connection(&self, id: &str, packet: Packet) -> Trip {
        match by_id(self.world.objects, &["aws_vpn_connection"], id) {
            Some(connection) if carries(connection, packet.destination, packet.source) => {
                Trip::Arrived(End::Vpn(id.to_owned()), packet)
            }
            _ => dropped(&format!("{id} does not carry it")),
        }
    }

    /// From the other side of a connection.
    ///
    /// AWS: what comes through a virtual private gateway reaches only its VPC.
    fn from_vpn(&mut self, id: &str, packet: Packet) -> Trip {
        let Some(connection) = by_id(self.world.objects, &["aws_vpn_connection"], id) else { return blackhole(id) };
        if !carries(connection, packet.source, packet.destination) {
            return dropped(&format!("{id} does not carry it"));
        }
        let a = &connection.attributes;
        if !text(a, "transit_gateway_id").is_empty() {
            let came = text(a, "transit_gateway_attachment_id");
            return self.at_transit_gateway(text(a, "transit_gateway_id"), came, None, packet);
        }
        let gateway = by_id(self.world.objects, &["aws_vpn_gateway"], text(a, "vpn_gateway_id"));
        let vpcs = places::vpcs(self.world);
        let attached = |vpc: &&String| gateway.is_some_and(|g| ways::vpn_gateway_is_attached(self.world, g, vpc));
        match vpcs.iter().find(attached) {
            Some(vpc) if vpc_holds(self.world, vpc, packet.destination) && packet.destination.is_ipv4() => {
                self.by_gateway_table(text(a, "vpn_gateway_id"), vpc, packet)
            }
            Some(_) if !connections_to(self.world, text(a, "vpn_gateway_id"), packet).is_empty() => {
                unsure("from one site to another through a virtual private gateway")
            }
            Some(vpc) => dropped(&format!("{} is not in {vpc}", packet.destination)),
            None => dropped("the virtual private gateway is not attached"),
        }
    }

    /// AWS: a peering connection carries traffic between the ranges of its two VPCs: it is not transitive, and leads to
    /// no gateway of the other VPC.
    fn to_peer(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
        let Some(peering) = by_id(self.world.objects, &["aws_vpc_peering_connection"], id) else { return blackhole(id) };
        let ends = ["vpc_id", "peer_vpc_id"].map(|name| text(&peering.attributes, name));
        let peer = match ends {
            [one, other] if one == vpc => other,
            [one, other] if other == vpc => one,
            _ => return blackhole(id),
        };
        if !ways::peering_is_active(self.world, peering) {
            return blackhole(id);
        }
        if places::vpc(self.world, peer).is_none() {
            return unsure(&format!("{peer} is not known"));
        }
        if !vpc_holds(self.world, vpc, packet.source) || !vpc_holds(self.world, peer, packet.destination) {
            return dropped("a peering connection is not transitive");
        }
        self.within(peer, None, packet)
    }

    /// AWS: a gateway endpoint is for its own VPC.
    fn to_endpoint(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
        let Some(endpoint) = by_id(self.world.objects, &["aws_vpc_endpoint"], id) else { return blackhole(id) };
        if !["", "Gateway"].contains(&text(&endpoint.attributes, "vpc_endpoint_type")) {
            return unsure("it goes through an appliance");
        }
        match text(&endpoint.attributes, "vpc_id") == vpc && places::at(self.world, vpc, packet.source).is_some() {
            true => Trip::Arrived(End::Service(id.to_owned()), packet),
            false => dropped("a gateway endpoint serves only its own VPC"),
        }
    }

    fn to_appliance(&self, id: &str) -> Trip {
        let own = by_id(self.world.objects, &["aws_network_interface", "aws_instance"], id);
        let primary = |object: &&Object| text(&object.attributes, "primary_network_interface_id") == id;
        let found = own.or_else(|| all(self.world.objects, &["aws_instance"]).into_iter().find(primary));
        match found {
            None => blackhole(id),
            Some(object) if checks_destination(object) => dropped(&format!("{id} takes nothing that is for others")),
            Some(_) => unsure("it goes through an appliance"),
        }
    }

    /// From a VPC to a transit gateway.
    ///
    /// AWS: traffic is forwarded to the transit gateway only if the attachment has a subnet in the same zone. The inbound
    /// rules of that subnet's ACL use the source address to evaluate it, also where it comes from the same subnet.
    fn to_transit_gateway(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let exists = by_id(self.world.objects, &["aws_ec2_transit_gateway"], id).is_some();
        let attachment = transit::attachment(self.world, id, vpc).filter(|_| exists);
        let Some(attachment) = attachment else { return blackhole(id) };
        if !transit::supports(attachment, packet.destination) {
            return dropped("the attachment does not support IPv6");
        }
        let Some(from) = from else { return unsure("from a gateway to a transit gateway") };
        let zone = zone_of(self.world, from);
        let subnets = texts(&attachment.attributes, "subnet_ids");
        let Some(entry) = subnets.into_iter().find(|subnet| zone_of(self.world, subnet) == zone) else {
            return dropped(&format!("the attachment has no subnet in {zone}"));
        };
        if !acl_lets(self.world, entry, Way::In, packet) {
            return dropped(&format!("the ACL of {entry} does not let it in"));
        }
        self.at_transit_gateway(id, text(&attachment.attributes, "id"), Some(&zone), packet)
    }

    /// AWS: the table that the attachment is associated with says where its packets go.
    fn at_transit_gateway(&mut self, id: &str, came: &str, zone: Option<&str>, packet: Packet) -> Trip {
        self.hops += 1;
        if self.hops > HOPS {
            return dropped("it goes round in circles");
        }
        let Some(table) = transit::table_of(self.world, id, came) else {
            return dropped(&format!("{came} is associated with no table of {id}"));
        };
        let targets = transit::choose(self.world, id, &table, packet.destination);
        if targets.is_empty() {
            return dropped(&format!("{table} has no route to {}", packet.destination));
        }
        let taken = self.pick(&table, packet, targets.len());
        let Some(to) = &targets[taken] else { return blackhole(&table) };
        let Some(attached) = transit::attached(self.world, to) else { return blackhole(to) };
        match attached.kind.as_str() {
            "aws_vpn_connection" => self.through_connection(text(&attached.attributes, "id"), packet),
            "aws_ec2_transit_gateway_peering_attachment" => {
                let other = transit::beyond(attached, id);
                match by_id(self.world.objects, &["aws_ec2_transit_gateway"], &other) {
                    Some(_) => self.at_transit_gateway(&other, to, None, packet),
                    None => unsure(&format!("{other} is not known")),
                }
            }
            _ if !transit::supports(attached, packet.destination) => dropped("the attachment does not support IPv6"),
            _ => self.from_transit_gateway(attached, zone, packet),
        }
    }

    /// From a transit gateway into a VPC, by the table of the attachment's subnet. The outbound rules of that subnet's
    /// ACL use the destination address, unless the destination is in that subnet.
    fn from_transit_gateway(&mut self, attachment: &Object, zone: Option<&str>, packet: Packet) -> Trip {
        let exits = transit::exits(self.world, attachment, zone);
        let taken = self.pick(text(&attachment.attributes, "id"), packet, exits.len());
        match exits.get(taken) {
            Some(subnet) => self.from_subnet(subnet, packet),
            None => dropped("the attachment has no subnet"),
        }
    }
}

fn dropped(why: &str) -> Trip {
    Trip::Dropped(why.to_owned())
}

fn unsure(why: &str) -> Trip {
    Trip::Unsure(why.to_owned())
}

/// AWS: a route whose target is not there is a blackhole: it is chosen, and what takes it is dropped.
fn blackhole(target: &str) -> Trip {
    Trip::Dropped(format!("a blackhole: {target}"))
}
