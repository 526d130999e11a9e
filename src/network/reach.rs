//! The question whether one end reaches another, and its answer: yes with the path, perhaps with the reasons, or no with
//! every setting in the way.

use super::attempt::{Attempt, Pass};
use super::filters::{Ranges, Verdict};
use super::model::Model;
use super::nodes::Node;
use super::parts::Crossing;
use super::space::{Addresses, ICMP, ICMPV6, Packets};
use super::ways::transit::Attached;
use std::sync::Arc;

/// Where traffic begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Anywhere on the Internet.
    Internet,
    /// The sites behind VPN connections.
    Vpn,
    /// Whoever has these addresses.
    Range(Addresses),
    /// An object, by its address.
    Object(Arc<str>),
    /// Whoever has these addresses at the site behind a VPN connection, by the address of the connection.
    Site(Arc<str>, Addresses),
}

/// Where traffic ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Anywhere on the Internet.
    Internet,
    /// The sites behind VPN connections.
    Vpn,
    /// Whoever has these addresses.
    Range(Addresses),
    /// An object, by its address.
    Object(Arc<str>),
    /// Whoever has these addresses at the site behind a VPN connection, by the address of the connection.
    Site(Arc<str>, Addresses),
}

/// Whether traffic comes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Surely not.
    No,
    /// Perhaps: not all is known.
    May,
    /// Surely.
    Yes,
}

/// A setting in the way of traffic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The address of the object, or the name of what AWS made with it.
    pub at: Arc<str>,
    /// What it does.
    pub why: String,
}

/// An answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The answer.
    pub answer: Answer,
    /// The objects on the way, from the first to the last.
    pub path: Vec<Arc<str>>,
    /// Why it only may be.
    pub doubts: Vec<String>,
    /// All that is in the way, where it is not.
    pub obstacles: Vec<Obstacle>,
    /// The rules, routes and entries that traffic meets, each once: those that let it through, and those in the way.
    pub rules: Vec<Crossing>,
}

/// The ends of an object: which it has, and whether it has all of them or one that is not known.
#[derive(Clone)]
pub(super) struct Ends {
    pub(super) name: Arc<str>,
    /// The nodes of each interface.
    pub(super) interfaces: Vec<Vec<Node>>,
    pub(super) everywhere: bool,
}

impl Ends {
    /// What passes between two ends, by what passes between each of their interfaces, those of the sender in order. Of
    /// those that are everywhere one is enough; where it is not known which one there is, it has to be each.
    pub(super) fn together(&self, to: &Ends, each: Vec<Verdict>) -> Verdict {
        let (height, width) = (self.interfaces.len(), to.interfaces.len());
        let join = |everywhere: bool| if everywhere { Verdict::or } else { Verdict::either };
        let line = |at: Vec<usize>, everywhere: bool| {
            let all = at.into_iter().map(|at| each[at].clone());
            all.reduce(|all, one| join(everywhere)(&all, &one)).unwrap_or_default()
        };
        let lines: Vec<Verdict> = match (self.everywhere, to.everywhere) {
            (false, true) => (0..height).map(|i| line((0..width).map(|j| i * width + j).collect(), true)).collect(),
            (own, _) => (0..width).map(|j| line((0..height).map(|i| i * width + j).collect(), own)).collect(),
        };
        let all = self.everywhere && to.everywhere;
        lines.into_iter().reduce(|one, other| join(all)(&one, &other)).unwrap_or_default()
    }
}

impl Model {
    /// Whether packets of a protocol with a destination port come from one end to the other, and their answers back.
    /// The port of ICMP is its type times 256 plus its code. Nothing stands for any port. An end that is not in the
    /// network is given back as the error.
    pub fn reach(
        &self,
        source: &Source,
        destination: &Destination,
        protocol: u8,
        port: Option<u16>,
    ) -> Result<Reach, Arc<str>> {
        let (first, last) = port.map_or((0, u16::MAX), |port| (port, port));
        self.reach_with(source, destination, &Packets::with_ports(protocol, first, last))
    }

    /// The same for a set of packets: whether any of them come through.
    pub fn reach_with(&self, source: &Source, destination: &Destination, packets: &Packets) -> Result<Reach, Arc<str>> {
        let froms = self.sources(source)?;
        let tos = match destination {
            Destination::Internet => vec![self.internet()],
            Destination::Vpn => self.sites(),
            Destination::Range(range) => match range.single() {
                Some(address) => return Ok(self.reach_address(&froms, address, packets)),
                None => self.ends_in(range),
            },
            Destination::Object(address) => vec![self.ends_of(address)?],
            Destination::Site(connection, addresses) => self.at_site(connection, addresses)?,
        };
        Ok(self.reach_any(&froms, &tos, packets).unwrap_or_else(|| self.nobody()))
    }

    /// The ends that traffic begins at.
    pub(super) fn sources(&self, source: &Source) -> Result<Vec<Ends>, Arc<str>> {
        Ok(match source {
            Source::Internet => vec![self.internet()],
            Source::Vpn => self.sites(),
            Source::Range(range) => match range.single().map(|address| self.holders(address)) {
                Some(holders) if !holders.is_empty() => holders,
                _ => self.ends_in(range),
            },
            Source::Object(address) => vec![self.ends_of(address)?],
            Source::Site(connection, addresses) => self.at_site(connection, addresses)?,
        })
    }

    /// The best answer of any pair.
    pub(super) fn reach_any(&self, froms: &[Ends], tos: &[Ends], packets: &Packets) -> Option<Reach> {
        let pass = Pass::explaining();
        let mut best: Option<Reach> = None;
        for (from, to) in froms.iter().flat_map(|from| tos.iter().map(move |to| (from, to))) {
            let reach = self.reach_ends(from, to, packets, &pass);
            let better = best.as_ref().is_none_or(|best| {
                let few = reach.obstacles.len() < best.obstacles.len();
                reach.answer > best.answer || (reach.answer == best.answer && few)
            });
            if better {
                best = Some(reach);
            }
        }
        best
    }

    fn reach_ends(&self, from: &Ends, to: &Ends, packets: &Packets, pass: &Pass) -> Reach {
        let family = family(packets);
        let mut each: Vec<Verdict> = Vec::new();
        let (mut path, mut doubts) = (Vec::new(), Vec::new());
        let mut rules: Vec<Crossing> = Vec::new();
        let mut obstacles: Option<(Vec<Obstacle>, Vec<Crossing>)> = None;
        for (one, other) in from.interfaces.iter().flat_map(|one| to.interfaces.iter().map(move |other| (one, other))) {
            let mut passed = Verdict::default();
            let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
            // Nobody sends to itself.
            let apart = |(one, other): &(&Node, &Node)| {
                let itself = one.interface().is_some()
                    && one.interface() == other.interface()
                    && one.addresses().meets(&other.addresses());
                !itself && one.addresses().meets(&family) && other.addresses().meets(&family)
            };
            for (one, other) in pairs.filter(apart) {
                let legs = self.legs_between(one, other, false, pass);
                let attempt = self.between(one, other, &legs, pass);
                passed = passed.or(&attempt.passed);
                if attempt.passed.may.meets(packets) {
                    if path.is_empty() || attempt.passed.sure.meets(packets) {
                        path = self.path(&attempt, Some(packets));
                        doubts = attempt.doubts.clone();
                        rules = self.rules(&attempt, packets);
                    }
                } else {
                    let found = self.obstacles(&attempt, packets);
                    let fewer = obstacles.as_ref().is_none_or(|(known, _)| found.len() < known.len());
                    if fewer && (!found.is_empty() || obstacles.is_none()) {
                        obstacles = Some((found, self.rules(&attempt, packets)));
                    }
                }
            }
            each.push(passed);
        }
        let all = from.together(to, each);
        let answer = match (all.sure.meets(packets), all.may.meets(packets)) {
            (true, _) => Answer::Yes,
            (false, true) => Answer::May,
            (false, false) => Answer::No,
        };
        if answer == Answer::May && doubts.is_empty() {
            doubts.push("not all that filters compare is known yet".to_owned());
        }
        let whole = |path: Vec<Arc<str>>| {
            let mut whole = vec![from.name.clone()];
            whole.extend(path);
            whole.push(to.name.clone());
            whole.dedup();
            whole
        };
        match answer {
            Answer::No => {
                let (obstacles, rules) = obstacles.unwrap_or_default();
                Reach { answer, path: Vec::new(), doubts: Vec::new(), obstacles, rules }
            }
            Answer::May => Reach { answer, path: whole(path), doubts, obstacles: Vec::new(), rules },
            Answer::Yes => Reach { answer, path: whole(path), doubts: Vec::new(), obstacles: Vec::new(), rules },
        }
    }

    /// Nobody has the addresses that were asked for; where not all ways out are known, somebody may.
    pub(super) fn nobody(&self) -> Reach {
        let outside = self.transit.attachments.iter().find(|one| matches!(one.attached, Attached::Other));
        match outside {
            Some(attachment) => Reach {
                answer: Answer::May,
                path: vec![attachment.name.clone()],
                doubts: vec![format!("{} leads elsewhere", attachment.name)],
                obstacles: Vec::new(),
                rules: Vec::new(),
            },
            None => Reach {
                answer: Answer::No,
                path: Vec::new(),
                doubts: Vec::new(),
                obstacles: vec![Obstacle {
                    at: "network".into(),
                    why: "no subnet and no site has these addresses".to_owned(),
                }],
                rules: Vec::new(),
            },
        }
    }

    pub(super) fn internet(&self) -> Ends {
        self.all_of("internet".into(), vec![Node::Internet(Addresses::internet())])
    }

    pub(super) fn all_of(&self, name: Arc<str>, nodes: Vec<Node>) -> Ends {
        Ends { name, interfaces: vec![nodes], everywhere: true }
    }

    /// The sites behind VPN connections, each by its connection.
    pub(super) fn sites(&self) -> Vec<Ends> {
        let connections = self.doors.connections.iter().enumerate();
        let sites = connections.map(|(at, connection)| {
            let mut ranges = connection.behind.within(&connection.theirs.may);
            if connection.gateway.is_none() && connection.is_static == Some(true) {
                ranges = self.transit.behind(at).within(&connection.theirs.may);
            }
            if ranges.may.is_empty() {
                // Whoever is there may send, whether answers come back or not.
                let private = Addresses::v4().minus(&Addresses::internet());
                ranges = Ranges::some(private.and(&connection.theirs.may));
            }
            self.all_of("vpn".into(), vec![Node::Site(at, ranges)])
        });
        sites.collect()
    }

    /// Whoever has these addresses at the site behind a VPN connection.
    pub(super) fn at_site(&self, connection: &Arc<str>, addresses: &Addresses) -> Result<Vec<Ends>, Arc<str>> {
        let at = self.doors.connections.iter().position(|one| one.name == *connection);
        let at = at.ok_or_else(|| connection.clone())?;
        Ok(vec![self.all_of("vpn".into(), vec![Node::Site(at, Ranges::known(addresses.clone()))])])
    }

    /// The sites that have some of these addresses.
    pub(super) fn sites_in(&self, range: &Addresses) -> Vec<Ends> {
        let mut all = self.sites();
        for node in all.iter_mut().flat_map(|site| site.interfaces.iter_mut().flatten()) {
            if let Node::Site(_, ranges) = node {
                *ranges = ranges.within(range);
            }
        }
        all.retain(|site| site.interfaces.iter().flatten().any(|node| !node.addresses().is_empty()));
        all
    }

    /// Whoever has these addresses: subnets, sites and the Internet.
    pub(super) fn ends_in(&self, range: &Addresses) -> Vec<Ends> {
        let mut all = Vec::new();
        let mut rest = range.clone();
        for (at, subnet) in self.places.subnets.iter().enumerate() {
            let part = subnet.v4.union(&subnet.v6).and(range);
            if !part.is_empty() {
                all.push(self.all_of(subnet.name.clone(), vec![Node::Place(at, part.clone())]));
                rest = rest.minus(&part);
            }
        }
        all.extend(self.sites_in(&rest));
        let public = rest.and(&Addresses::internet());
        if !public.is_empty() {
            all.push(self.all_of("internet".into(), vec![Node::Internet(public)]));
        }
        all
    }

    /// The interfaces of an object, or the addresses of a subnet.
    pub(super) fn ends_of(&self, address: &Arc<str>) -> Result<Ends, Arc<str>> {
        let object = self.object(address).ok_or_else(|| address.clone())?;
        if let Some(interfaces) = self.interfaces.of_object.get(&object).filter(|all| !all.is_empty()) {
            let everywhere = interfaces.iter().all(|at| self.interfaces.all[*at].everywhere);
            let interfaces = interfaces.iter().map(|at| self.nodes(*at)).collect();
            return Ok(Ends { name: address.clone(), interfaces, everywhere });
        }
        if let Some(service) = self.services.get(&object) {
            let node = Node::Service(object, service.service.clone(), Addresses::internet().and(&Addresses::v4()));
            return Ok(self.all_of(address.clone(), vec![node]));
        }
        let subnet = self.places.subnets.iter().position(|subnet| subnet.name == *address);
        let Some(subnet) = subnet else { return Err(address.clone()) };
        let of = &self.places.subnets[subnet];
        let families = [&of.v4, &of.v6].into_iter().filter(|range| !range.is_empty());
        Ok(self.all_of(address.clone(), families.map(|range| Node::Place(subnet, range.clone())).collect()))
    }

    /// An interface by each of its addresses.
    pub(super) fn nodes(&self, interface: usize) -> Vec<Node> {
        let addresses = self.interfaces.all[interface].addresses.iter();
        addresses.map(|address| Node::Interface(interface, address.clone())).collect()
    }
}

/// The addresses that packets may have: each version of IP has its own ICMP.
pub(super) fn family(packets: &Packets) -> Addresses {
    let all = |protocol: u8| Packets::with_ports(protocol, 0, u16::MAX);
    match packets {
        _ if all(ICMP).covers(packets) => Addresses::v4(),
        _ if all(ICMPV6).covers(packets) => Addresses::v6(),
        _ => Addresses::all(),
    }
}

/// Used where an attempt is made outside of a question.
impl Attempt {
    /// Whether nothing comes through.
    pub(super) fn is_blocked(&self) -> bool {
        self.passed.is_empty()
    }
}
