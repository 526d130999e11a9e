//! Follows one packet to where it ends, and the answer back. Where AWS may do one thing or another, every one is tried.

use super::balancers::listens;
use super::facts::{by_id, text};
use super::filters::{Way, acl_lets, groups_let};
use super::gates;
use super::places::{self, Interface, Kind, subnet_holds, vpc_of};
use super::ways::{self, Target};
use super::{End, Outcome, Packet, World};

/// A packet that is sent on more often than this goes round in circles.
pub const HOPS: u32 = 24;

/// What a translator remembers of a connection: its NAT gateway or egress-only gateway, the packet as it came and as
/// it went on.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The gateway's id.
    pub gateway: String,
    /// The packet as it came.
    pub came: Packet,
    /// The packet as it went on.
    pub went: Packet,
}

/// How one way ended.
#[derive(Debug, Clone)]
pub enum Trip {
    /// There, as this packet.
    Arrived(End, Packet),
    /// Nowhere, and why.
    Dropped(String),
    /// It depends on what no object says.
    Unsure(String),
}

/// One packet under way.
pub struct Walk<'a> {
    /// All that it sees.
    pub world: World<'a>,
    /// How often it was sent on.
    pub hops: u32,
    /// What translators remember.
    pub connections: Vec<Connection>,
    /// Which option is taken at each fork, and how many each has.
    script: Vec<usize>,
    forks: Vec<usize>,
    /// Where each fork is, and what was taken there: AWS takes the same way again.
    taken: Vec<(String, usize)>,
}

/// Whether a packet from somewhere arrives where it should, if that is given, and its answer comes back, on every way that
/// AWS may choose. And whether it was sent on from another port on one of them.
pub fn walk(world: World<'_>, from: &End, to: Option<&End>, packet: Packet) -> (Outcome, bool) {
    let (mut outcomes, mut translated) = (Vec::new(), false);
    let mut script: Option<Vec<usize>> = Some(Vec::new());
    while let Some(taken) = script {
        let mut walk =
            Walk { world, hops: 0, connections: Vec::new(), script: taken, forks: Vec::new(), taken: Vec::new() };
        outcomes.push(walk.there_and_back(from, to, packet));
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
    pub fn pick(&mut self, place: &str, packet: Packet, options: usize) -> usize {
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

    fn there_and_back(&mut self, from: &End, to: Option<&End>, packet: Packet) -> Outcome {
        let (end, arrived) = match self.begin(from, packet) {
            Trip::Arrived(end, arrived) => (end, arrived),
            Trip::Dropped(why) => return Outcome::Dropped(why),
            Trip::Unsure(why) => return Outcome::Unsure(why),
        };
        if to.is_some_and(|to| !self.same(to, &end)) {
            return Outcome::Dropped(format!("it arrives elsewhere: {end:?}"));
        }
        self.hops = 0;
        match self.begin(&end, arrived.reversed()) {
            Trip::Arrived(back, answer) => match self.same(from, &back) && answer == packet.reversed() {
                true => Outcome::Delivered,
                false => Outcome::Dropped(format!("the answer is not what was asked for: {back:?} {answer:?}")),
            },
            Trip::Dropped(why) => Outcome::Dropped(format!("the answer: {why}")),
            Trip::Unsure(why) => Outcome::Unsure(format!("the answer: {why}")),
        }
    }

    /// Whether two ends are one. Connections to the same device of a site are.
    fn same(&self, one: &End, other: &End) -> bool {
        match (one, other) {
            (End::Vpn(one), End::Vpn(other)) => gates::same_device(self.world, one, other),
            (one, other) => one == other,
        }
    }

    /// From an end into the network.
    pub fn begin(&mut self, from: &End, packet: Packet) -> Trip {
        match from {
            End::Internet => self.enter_from_internet(packet),
            End::Vpn(connection) => self.enter_from_vpn(connection, packet),
            End::Interface(name) => match self.world.interfaces.iter().find(|each| each.name == *name) {
                Some(interface) => self.leave_interface(interface, packet),
                None => dropped(&format!("{name} does not exist")),
            },
            End::Service(endpoint) => match by_id(self.world.objects, &["aws_vpc_endpoint"], endpoint) {
                Some(object) => self.within(text(&object.attributes, "vpc_id"), None, packet),
                None => dropped(&format!("{endpoint} does not exist")),
            },
        }
    }

    pub fn leave_interface(&mut self, interface: &Interface, packet: Packet) -> Trip {
        if !packet.answer && !groups_let(self.world, interface, Way::Out, packet) {
            return dropped(&format!("no group of {} lets it out", interface.name));
        }
        self.leave_subnet(&interface.subnet, packet)
    }

    /// AWS: traffic within a subnet is subject neither to its ACL nor to its route table. All other traffic is.
    pub fn leave_subnet(&mut self, subnet: &str, packet: Packet) -> Trip {
        let vpc = vpc_of(self.world, subnet);
        if subnet_holds(self.world, subnet, packet.destination) {
            return self.within(&vpc, Some(subnet), packet);
        }
        let table = ways::table_of(self.world, subnet);
        if !acl_lets(self.world, subnet, Way::Out, packet) && !self.stays(&table, &vpc, subnet, packet) {
            return dropped(&format!("the ACL of {subnet} does not let it out"));
        }
        self.by_table(&table, &vpc, Some(subnet), packet)
    }

    /// Whether a packet's next stop is an appliance in the same subnet: it does not leave the subnet then.
    fn stays(&self, table: &str, vpc: &str, subnet: &str, packet: Packet) -> bool {
        let targets = ways::choose(self.world, table, vpc, packet.destination);
        targets.iter().any(|target| {
            let Target::To("aws_network_interface" | "aws_instance", id) = target else { return false };
            let object = by_id(self.world.objects, &["aws_network_interface", "aws_instance"], id);
            object.is_some_and(|object| {
                let own = self.world.interfaces.iter().find(|each| each.owners.contains(&object.address));
                own.is_some_and(|own| own.subnet == subnet)
            })
        })
    }

    /// Where a table of a VPC sends a packet.
    pub fn by_table(&mut self, table: &str, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
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
            Target::To("aws_internet_gateway", id) => self.via_internet_gateway(id, vpc, from, packet),
            Target::To("aws_egress_only_internet_gateway", id) => self.via_egress_only(id, vpc, from, packet),
            Target::To("aws_nat_gateway", id) => self.via_nat(id, vpc, from, packet),
            Target::To("aws_vpn_gateway", id) => self.via_vpn_gateway(id, vpc, packet),
            Target::To("aws_vpc_peering_connection", id) => self.via_peer(id, vpc, packet),
            Target::To("aws_ec2_transit_gateway", id) => self.via_transit_gateway(id, vpc, from, packet),
            Target::To("aws_vpc_endpoint", id) => self.via_endpoint(id, vpc, packet),
            Target::To("aws_network_interface" | "aws_instance", id) => self.via_appliance(id, vpc, from, packet),
            Target::To("gone", id) => blackhole(id),
            Target::To(kind, _) => unsure(&format!("a way that is not followed: {kind}")),
        }
    }

    /// Into the subnet of the interface that has the destination.
    ///
    /// AWS: an ACL's inbound rules apply to what enters the subnet from outside of it.
    pub fn within(&mut self, vpc: &str, from: Option<&str>, packet: Packet) -> Trip {
        let Some(interface) = places::at(self.world, vpc, packet.destination) else {
            return dropped(&format!("nobody in {vpc} has {}", packet.destination));
        };
        if from != Some(interface.subnet.as_str()) && !acl_lets(self.world, &interface.subnet, Way::In, packet) {
            return dropped(&format!("the ACL of {} does not let it in", interface.subnet));
        }
        self.at_interface(interface, packet)
    }

    pub fn at_interface(&mut self, interface: &Interface, packet: Packet) -> Trip {
        if let Kind::Nat(id) = &interface.kind {
            return match self.translated_back(id, packet) {
                Some(answer) => self.leave_subnet(&interface.subnet, answer),
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
}

pub fn dropped(why: &str) -> Trip {
    Trip::Dropped(why.to_owned())
}

pub fn unsure(why: &str) -> Trip {
    Trip::Unsure(why.to_owned())
}

/// AWS: a route whose target is not there is a blackhole: it is chosen, and what takes it is dropped.
pub fn blackhole(target: &str) -> Trip {
    Trip::Dropped(format!("a blackhole: {target}"))
}
