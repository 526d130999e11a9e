//! How a packet crosses what is between subnets: NAT, internet and VPN gateways, peering, transit gateways.

use std::net::IpAddr;

use super::facts::{all, by_id, holds, text, texts};
use super::filters::{Way, acl_lets};
use super::gates::{self, Before, carries, checks_destination, connections_to, internet_gateway, public_access};
use super::places::{self, Kind, vpc_holds, vpc_of, zone_of};
use super::walker::{Connection, HOPS, Trip, Walk, blackhole, dropped, unsure};
use super::ways::{self, Target};
use super::{End, Object, Packet, Protocol, transit};

/// What the Internet does not carry: private and shared addresses, link-local ones, unique local ones of IPv6.
const PRIVATE: [&str; 7] =
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "fc00::/7", "fe80::/10"];

impl Walk<'_> {
    /// The answer to a packet that a gateway translated, as the sender of that packet expects it.
    pub fn translated_back(&self, gateway: &str, packet: Packet) -> Option<Packet> {
        let answered = |each: &&Connection| each.gateway == gateway && each.went.reversed() == packet;
        self.connections.iter().find(answered).map(|each| each.came.reversed())
    }

    /// AWS: a NAT gateway replaces the source address of what it is sent with its own, and takes TCP, UDP and ICMP over
    /// IPv4. A zonal one is in a subnet, whose ACL and table apply to it. A regional one is in none, has a table of its
    /// own, which begins with a route to the internet gateway, and public addresses but no private one.
    pub fn via_nat(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let Some(nat) = by_id(self.world.objects, &["aws_nat_gateway"], id) else { return blackhole(id) };
        if packet.answer {
            return dropped("a NAT gateway does not send answers to what it did not see");
        }
        if packet.source.is_ipv6() || matches!(packet.protocol, Protocol::Other(_)) {
            return dropped("a NAT gateway takes only TCP, UDP and ICMP over IPv4");
        }
        if gates::is_regional(nat) {
            return self.via_regional(nat, vpc, packet);
        }
        let own = self.world.interfaces.iter().find(|each| each.kind == Kind::Nat(id.to_owned()));
        let Some(own) = own.filter(|own| vpc_of(self.world, &own.subnet) == vpc) else { return blackhole(id) };
        if from != Some(own.subnet.as_str()) && !acl_lets(self.world, &own.subnet, Way::In, packet) {
            return dropped(&format!("the ACL of {} does not let it in", own.subnet));
        }
        let Some(source) = own.private.first().copied() else { return unsure("the NAT gateway's address") };
        if packet.source == source {
            return dropped("it goes round in circles");
        }
        let went = self.translated(id, packet, source);
        self.leave_subnet(&own.subnet, went)
    }

    pub fn via_regional(&mut self, nat: &Object, vpc: &str, packet: Packet) -> Trip {
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
    pub fn translated(&mut self, gateway: &str, came: Packet, source: IpAddr) -> Packet {
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
    pub fn via_internet_gateway(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let gateway = by_id(self.world.objects, &["aws_internet_gateway"], id);
        if gateway.is_none_or(|gateway| text(&gateway.attributes, "vpc_id") != vpc) {
            return blackhole(id);
        }
        let Some(own) = places::at(self.world, vpc, packet.source) else {
            return dropped("an internet gateway serves only its own VPC");
        };
        let before = if matches!(own.kind, Kind::Nat(_)) { Before::Nat } else { Before::Interface };
        let subnet = Some(own.subnet.as_str());
        if from != subnet {
            // Only a transit gateway leads there. AWS does not say what the internet gateway makes of it.
            return unsure("out through an internet gateway by another subnet than the sender's");
        }
        if packet.source.is_ipv6() {
            return self.out(id, vpc, subnet, before, packet);
        }
        match self.world.publics.iter().find(|each| each.interface == own.name && each.private == packet.source) {
            Some(public) => self.out(id, vpc, subnet, before, Packet { source: public.public, ..packet }),
            None => dropped(&format!("{} has no public address", packet.source)),
        }
    }

    /// Through an internet gateway, past Block Public Access, to whoever has the destination.
    pub fn out(&mut self, gateway: &str, vpc: &str, subnet: Option<&str>, before: Before, packet: Packet) -> Trip {
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
    pub fn via_egress_only(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
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
    pub fn in_internet(&mut self, packet: Packet) -> Trip {
        let ours = match packet.destination {
            address if PRIVATE.iter().any(|range| holds(range, address)) => {
                return dropped("private addresses are not in the Internet");
            }
            IpAddr::V4(_) => self.owner(packet.destination),
            IpAddr::V6(_) => places::vpcs(self.world).iter().any(|vpc| vpc_holds(self.world, vpc, packet.destination)),
        };
        if ours { self.enter_from_internet(packet) } else { Trip::Arrived(End::Internet, packet) }
    }

    pub fn owner(&self, address: IpAddr) -> bool {
        let nats = all(self.world.objects, &["aws_nat_gateway"]);
        self.world.publics.iter().any(|each| each.public == address)
            || nats
                .iter()
                .any(|nat| gates::is_regional(nat) && gates::regional_addresses(self.world, nat).contains(&address))
    }

    pub fn enter_from_internet(&mut self, packet: Packet) -> Trip {
        self.hops += 1;
        if self.hops > HOPS {
            return dropped("it goes round in circles");
        }
        if packet.destination.is_ipv6() {
            return self.enter_v6(packet);
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

    pub fn enter_v6(&mut self, packet: Packet) -> Trip {
        let vpcs = places::vpcs(self.world);
        let found = vpcs
            .into_iter()
            .find_map(|vpc| places::at(self.world, &vpc, packet.destination).map(|interface| (vpc, interface)));
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
    pub fn through_internet_gateway(&mut self, vpc: &str, subnet: &str, before: Before, packet: Packet) -> Trip {
        let Some(gateway) = internet_gateway(self.world, vpc) else {
            return dropped(&format!("{vpc} has no internet gateway"));
        };
        if !public_access(self.world, vpc, Some(subnet), before, packet.answer) {
            return dropped("Block Public Access blocks it on the way in");
        }
        self.by_gateway_table(&gateway, vpc, packet)
    }

    pub fn by_gateway_table(&mut self, gateway: &str, vpc: &str, packet: Packet) -> Trip {
        match ways::table_of_gateway(self.world, gateway) {
            Some(table) => self.by_table(&table, vpc, None, packet),
            None => self.within(vpc, None, packet),
        }
    }

    /// AWS: a virtual private gateway carries traffic of its own VPC only, and no IPv6.
    pub fn via_vpn_gateway(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
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

    pub fn through_connection(&self, id: &str, packet: Packet) -> Trip {
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
    pub fn enter_from_vpn(&mut self, id: &str, packet: Packet) -> Trip {
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
            Some(_)
                if connections_to(self.world, text(a, "vpn_gateway_id"), packet).iter().any(|other| other != id) =>
            {
                unsure("from one site to another through a virtual private gateway")
            }
            Some(vpc) => dropped(&format!("{} is not in {vpc}", packet.destination)),
            None => dropped("the virtual private gateway is not attached"),
        }
    }

    /// AWS: a peering connection carries traffic between the ranges of its two VPCs: it is not transitive, and leads to
    /// no gateway of the other VPC.
    pub fn via_peer(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
        let Some(peering) = by_id(self.world.objects, &["aws_vpc_peering_connection"], id) else {
            return blackhole(id);
        };
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
    pub fn via_endpoint(&mut self, id: &str, vpc: &str, packet: Packet) -> Trip {
        let Some(endpoint) = by_id(self.world.objects, &["aws_vpc_endpoint"], id) else { return blackhole(id) };
        if !["", "Gateway"].contains(&text(&endpoint.attributes, "vpc_endpoint_type")) {
            return unsure("it goes through an appliance");
        }
        match text(&endpoint.attributes, "vpc_id") == vpc && places::at(self.world, vpc, packet.source).is_some() {
            true => Trip::Arrived(End::Service(id.to_owned()), packet),
            false => dropped("a gateway endpoint serves only its own VPC"),
        }
    }

    /// AWS: what is sent to an interface enters its subnet. Nobody knows what the machine does with it.
    pub fn via_appliance(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let own = by_id(self.world.objects, &["aws_network_interface", "aws_instance"], id);
        let primary = |object: &&Object| text(&object.attributes, "primary_network_interface_id") == id;
        let found = own.or_else(|| all(self.world.objects, &["aws_instance"]).into_iter().find(primary));
        let itself = found.and_then(|object| {
            let own = self.world.interfaces.iter().find(|each| each.owners.contains(&object.address))?;
            own.private.contains(&packet.destination).then_some(())
        });
        if itself.is_some() {
            return self.within(vpc, from, packet);
        }
        match found {
            None => blackhole(id),
            Some(object) if checks_destination(object) => dropped(&format!("{id} takes nothing that is for others")),
            Some(object) => match self.world.interfaces.iter().find(|each| each.owners.contains(&object.address)) {
                Some(own)
                    if from != Some(own.subnet.as_str()) && !acl_lets(self.world, &own.subnet, Way::In, packet) =>
                {
                    dropped(&format!("the ACL of {} does not let it in", own.subnet))
                }
                _ => unsure("it goes through an appliance"),
            },
        }
    }

    /// From a VPC to a transit gateway.
    ///
    /// AWS: traffic is forwarded to the transit gateway only if the attachment has a subnet in the same zone. The inbound
    /// rules of that subnet's ACL use the source address to evaluate it, also where it comes from the same subnet.
    pub fn via_transit_gateway(&mut self, id: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
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
    pub fn at_transit_gateway(&mut self, id: &str, came: &str, zone: Option<&str>, packet: Packet) -> Trip {
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
            "aws_vpn_connection" => {
                let (id, from) = (text(&attached.attributes, "id"), transit::attached(self.world, came));
                // A site's own traffic to itself stays there.
                let back = from.is_some_and(|from| {
                    from.kind == "aws_vpn_connection"
                        && gates::same_device(self.world, text(&from.attributes, "id"), id)
                });
                if back {
                    dropped("it would go back to the site that it came from")
                } else {
                    self.through_connection(id, packet)
                }
            }
            "aws_ec2_transit_gateway_peering_attachment" => {
                let other = transit::beyond(attached, id);
                match by_id(self.world.objects, &["aws_ec2_transit_gateway"], &other) {
                    Some(_) => self.at_transit_gateway(&other, to, None, packet),
                    None => unsure(&format!("{other} is not known")),
                }
            }
            _ if !transit::supports(attached, packet.destination) => dropped("the attachment does not support IPv6"),
            _ => self.leave_transit_gateway(attached, zone, packet),
        }
    }

    /// From a transit gateway into a VPC, by the table of the attachment's subnet. The outbound rules of that subnet's
    /// ACL use the destination address, unless the destination is in that subnet.
    pub fn leave_transit_gateway(&mut self, attachment: &Object, zone: Option<&str>, packet: Packet) -> Trip {
        let exits = transit::exits(self.world, attachment, zone);
        let taken = self.pick(text(&attachment.attributes, "id"), packet, exits.len());
        match exits.get(taken) {
            Some(subnet) => self.leave_subnet(subnet, packet),
            None => dropped("the attachment has no subnet"),
        }
    }
}
