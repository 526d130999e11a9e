//! One sender and one receiver: what passes between them, there and back, and what is in the way.

use super::filters::groups::Peers;
use super::filters::{Party, Ranges, Verdict};
use super::gates::{Ends, Gate, Seen};
use super::interfaces::{Public, Shape};
use super::legs::{End, Leg, Site, Trail};
use super::model::Model;
use super::reach::Obstacle;
use super::space::{Addresses, Packets};
use super::ways::doors::Access;
use super::ways::routes::{Door, Target};
use std::collections::HashMap;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// One end of traffic.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// An interface with one of its addresses, or the set that its address is from.
    Interface(usize, Addresses),
    /// Addresses in a subnet, whoever has them.
    Place(usize, Addresses),
    /// Addresses of the Internet.
    Internet(Addresses),
    /// Addresses of a site.
    Site(Site, Ranges),
}

/// What was found between two ends.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) passed: Verdict,
    /// The objects on the way of the first leg that lets something through.
    pub(super) path: Vec<Arc<str>>,
    pub(super) doubts: Vec<String>,
    /// Where ways end.
    drops: Vec<Obstacle>,
    /// The gates with what passes each.
    gates: Vec<(Gate, Rc<Verdict>)>,
    /// The ends, for words about gates.
    from: Option<Node>,
    to: Option<Node>,
}

/// What one pass remembers.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub(super) seen: Seen,
    legs: RefCell<HashMap<(usize, Addresses), Rc<Vec<Leg>>>>,
}

/// What comes through in one direction.
#[derive(Default)]
struct Way {
    verdict: Verdict,
    gates: Vec<(Gate, Rc<Verdict>)>,
    drops: Vec<Obstacle>,
    doubts: Vec<String>,
}

impl Node {
    pub(super) fn addresses(&self) -> Addresses {
        match self {
            Node::Interface(_, addresses) | Node::Place(_, addresses) | Node::Internet(addresses) => addresses.clone(),
            Node::Site(_, ranges) => ranges.may.clone(),
        }
    }

    fn party(&self) -> Party {
        match self {
            Node::Interface(..) | Node::Place(..) => Party::one(self.addresses()),
            Node::Internet(_) | Node::Site(..) => Party::many(self.addresses()),
        }
    }

    fn interface(&self) -> Option<usize> {
        match self {
            Node::Interface(at, _) => Some(*at),
            _ => None,
        }
    }

    fn with(&self, addresses: Addresses) -> Node {
        match self {
            Node::Interface(at, _) => Node::Interface(*at, addresses),
            Node::Place(at, _) => Node::Place(*at, addresses),
            Node::Internet(_) => Node::Internet(addresses),
            Node::Site(site, ranges) => Node::Site(
                site.clone(),
                Ranges { sure: ranges.sure.and(&addresses), may: ranges.may.and(&addresses) },
            ),
        }
    }
}

impl Model {
    fn subnet_of(&self, node: &Node) -> Option<usize> {
        match node {
            Node::Interface(at, _) => self.interfaces.all[*at].subnet,
            Node::Place(subnet, _) => Some(*subnet),
            Node::Internet(_) | Node::Site(..) => None,
        }
    }

    fn peers(&self, node: &Node) -> Peers<'_> {
        match node {
            Node::Interface(at, _) => {
                let of = &self.interfaces.all[*at];
                Peers { groups: &of.groups, open: of.groups_open }
            }
            // Whoever has the address may have any group.
            Node::Place(..) => Peers { groups: &[], open: true },
            Node::Internet(_) | Node::Site(..) => Peers::NONE,
        }
    }

    /// All ways from a sender towards a receiver.
    pub(super) fn legs_between(&self, from: &Node, to: &Node, answer: bool, pass: &Pass) -> Rc<Vec<Leg>> {
        match from {
            Node::Interface(..) | Node::Place(..) => {
                let Some(subnet) = self.subnet_of(from) else {
                    return Rc::new(self.legs(None, &to.addresses()));
                };
                let key = (subnet, to.addresses());
                if let Some(known) = pass.legs.borrow().get(&key) {
                    return known.clone();
                }
                let found = Rc::new(self.legs(Some(subnet), &key.1));
                pass.legs.borrow_mut().insert(key, found.clone());
                found
            }
            Node::Internet(_) | Node::Site(Site::Gateway(_), _) if matches!(to, Node::Internet(_) | Node::Site(..)) => {
                let why = "traffic from outside does not pass through to somewhere outside";
                Rc::new(vec![Leg::dropped(to.addresses(), Trail::from(None), &"the network".into(), why)])
            }
            Node::Internet(_) => Rc::new(self.from_internet(to, answer)),
            Node::Site(Site::Gateway(door), _) => Rc::new(self.from_gateway(door, to)),
            Node::Site(Site::Attachment(at), _) => {
                let mut legs = Vec::new();
                let mut trail = Trail::from(None);
                trail.steps.push(self.transit.attachments[*at].name.clone());
                self.from_attachment(*at, &to.addresses(), trail, &mut legs);
                Rc::new(legs)
            }
        }
    }

    /// What passes between two ends.
    pub(super) fn between(&self, from: &Node, to: &Node, legs: &[Leg], pass: &Pass) -> Attempt {
        let mut attempt = Attempt { from: Some(from.clone()), to: Some(to.clone()), ..Attempt::default() };
        // Both ends speak the same version of IP.
        let families = [Addresses::v4(), Addresses::v6()];
        let common = |family: &Addresses| from.addresses().meets(family) && to.addresses().meets(family);
        let family = families.iter().filter(|family| common(family)).fold(Addresses::default(), |all, one| all.union(one));
        let (from, to) = (&from.with(from.addresses().and(&family)), &to.with(to.addresses().and(&family)));
        if family.is_empty() {
            return attempt;
        }
        let mut accepted = false;
        for leg in legs {
            let part = leg.to.and(&to.addresses());
            if part.is_empty() {
                continue;
            }
            let way = self.there(from, to, leg, &part, pass);
            let back = match way.verdict.is_empty() {
                true => Way::default(),
                false => self.back(from, to, leg.trail.nat, pass),
            };
            accepted |= way.drops.is_empty();
            let passed = way.verdict.and(&back.verdict);
            if !passed.is_empty() && attempt.path.is_empty() {
                attempt.path = leg.trail.steps.clone();
            }
            attempt.passed = attempt.passed.or(&passed);
            attempt.add(way);
            attempt.add(back);
        }
        if !accepted || attempt.passed.is_empty() {
            self.expect(from, to, accepted, &mut attempt, pass);
        }
        attempt
    }

    /// One leg from the sender to the receiver.
    fn there(&self, from: &Node, to: &Node, leg: &Leg, part: &Addresses, pass: &Pass) -> Way {
        let mut way = self.along(from, to, leg, part, false, pass);
        if !way.drops.is_empty() {
            return way;
        }
        if matches!(leg.end, End::Internet) && part.meets(&Addresses::v4()) {
            let sender = leg.trail.nat.or(from.interface()).map(|at| &self.interfaces.all[at]);
            match sender.map(|sender| (&sender.public, &sender.name)) {
                Some((Public::None, name)) => {
                    let why = "it has no public IPv4 address".to_owned();
                    way.verdict = Verdict::default();
                    way.drops.push(Obstacle { at: name.clone(), why });
                }
                Some((Public::May, name)) => way.doubt(format!("whether {name} has a public address is not known")),
                Some((Public::Some(..), _)) => {}
                None => way.doubt("whether the sender has a public address is not known".to_owned()),
            }
        }
        way
    }

    /// The answers of the receiver, through the NAT gateway if one took the sender's place.
    fn back(&self, from: &Node, to: &Node, nat: Option<usize>, pass: &Pass) -> Way {
        let Some(nat) = nat else { return self.answer(to, from, to, pass) };
        let address = self.interfaces.all[nat].addresses.first().cloned().unwrap_or_default();
        let middle = Node::Interface(nat, address);
        let first = self.answer(to, &middle, to, pass);
        let second = self.answer(&middle, from, to, pass);
        let mut both = Way { verdict: first.verdict.and(&second.verdict), ..Way::default() };
        for way in [first, second] {
            both.gates.extend(way.gates);
            both.drops.extend(way.drops);
            both.doubts.extend(way.doubts);
        }
        both
    }

    /// Answers on the way from one end to another; filters see them as sent by `sender`.
    fn answer(&self, from: &Node, to: &Node, sender: &Node, pass: &Pass) -> Way {
        let legs = self.legs_between(from, to, true, pass);
        let mut all = Way::default();
        for leg in legs.iter() {
            let part = leg.to.and(&to.addresses());
            if part.is_empty() {
                continue;
            }
            let way = self.along(sender, to, leg, &part, true, pass);
            all.verdict = all.verdict.or(&way.verdict);
            all.gates.extend(way.gates);
            all.drops.extend(way.drops);
            all.doubts.extend(way.doubts);
        }
        all
    }

    /// What passes along a leg in one direction.
    fn along(&self, from: &Node, to: &Node, leg: &Leg, part: &Addresses, answer: bool, pass: &Pass) -> Way {
        let mut way = Way { doubts: leg.trail.doubts.clone(), ..Way::default() };
        if let Err(obstacle) = self.arrives(leg, to, answer) {
            way.drops.push(obstacle);
            return way;
        }
        let mut trail = leg.trail.clone();
        let subnet = self.subnet_of(to);
        if matches!(leg.end, End::Local(_) | End::Unknown) && (trail.at != subnet || trail.at.is_none()) {
            trail.leave(subnet);
        }
        let private = trail.nat.is_none() && trail.groups != Some(false);
        let ends = Ends {
            from: from.party(),
            to: to.party(),
            from_groups: self.seen_groups(from, private, trail.groups),
            to_groups: self.seen_groups(to, private, trail.groups),
            nat: trail.nat,
        };
        let mut gates: Vec<Gate> = trail.crossings.iter().map(|crossing| Gate::Acl(*crossing, answer)).collect();
        if !answer {
            gates.extend(from.interface().map(Gate::Out));
            gates.extend(to.interface().map(Gate::In));
            gates.extend(to.interface().map(Gate::Listens));
        }
        let mut verdict = match ends.to.spread {
            true => Verdict::known(Packets::with_addresses(part)),
            false => Verdict::all(),
        };
        if let (Node::Site(_, ranges), true) = (from, ends.from.spread && !answer) {
            verdict = Verdict {
                sure: Packets::with_addresses(&ranges.sure),
                may: Packets::with_addresses(&ranges.may),
            };
        } else if ends.from.spread && !answer {
            verdict = Verdict::known(Packets::with_addresses(&ends.from.addresses));
        }
        if !ends.to.spread && !part.covers(&ends.to.addresses) {
            way.doubt("the address of the receiver is not known yet".to_owned());
        }
        for gate in gates {
            let passes = self.passes(gate, &ends, &pass.seen);
            verdict = verdict.and(&passes);
            way.gates.push((gate, passes));
        }
        way.verdict = if way.doubts.is_empty() { verdict } else { verdict.doubtful() };
        way
    }

    /// The groups that rules at the other end may name.
    fn seen_groups(&self, node: &Node, private: bool, known: Option<bool>) -> Peers<'_> {
        let peers = self.peers(node);
        match (private, known) {
            (false, _) => Peers::NONE,
            (true, None) => Peers { groups: &[], open: peers.open || !peers.groups.is_empty() },
            (true, _) => peers,
        }
    }

    /// Whether a leg ends where the receiver is.
    fn arrives(&self, leg: &Leg, to: &Node, answer: bool) -> Result<(), Obstacle> {
        let last = leg.trail.steps.last().cloned().unwrap_or_else(|| "the network".into());
        let elsewhere = |why: String| Err(Obstacle { at: last.clone(), why });
        let translated = leg.trail.nat.filter(|_| answer);
        if let (Some(nat), false) = (translated, matches!(leg.end, End::Dropped(_))) {
            let why = "answers leave through it, under another address".to_owned();
            return Err(Obstacle { at: self.interfaces.all[nat].name.clone(), why });
        }
        match (&leg.end, to) {
            (End::Dropped(obstacle), _) => Err(obstacle.clone()),
            (End::Unknown, _) => Ok(()),
            (End::Local(vpc), Node::Interface(..) | Node::Place(..)) => match self.vpc_of(self.subnet_of(to)) {
                Some(own) if own == *vpc => Ok(()),
                Some(_) => elsewhere(format!("it leads into {}", self.places.vpcs[*vpc].name)),
                None => Ok(()),
            },
            (End::Internet, Node::Internet(_)) => Ok(()),
            (End::EgressOnly, Node::Internet(_)) if !answer => Ok(()),
            (End::EgressOnly, Node::Internet(_)) => elsewhere("it takes no connections from outside".to_owned()),
            (End::Site(site), Node::Site(other, _)) if site == other => Ok(()),
            (End::Local(vpc), _) => elsewhere(format!("it stays within {}", self.places.vpcs[*vpc].name)),
            (End::Internet | End::EgressOnly, _) => elsewhere("it leads to the Internet".to_owned()),
            (End::Site(_), _) => elsewhere("it leads to a VPN".to_owned()),
        }
    }

    /// From the Internet to an interface: through its public address and a gateway of its VPC.
    fn from_internet(&self, to: &Node, answer: bool) -> Vec<Leg> {
        let (addresses, subnet) = (to.addresses(), self.subnet_of(to));
        let mut trail = Trail::from(None);
        trail.groups = Some(false);
        let Some(vpc) = self.vpc_of(subnet) else {
            return vec![Leg::unknown(addresses, trail, "the VPC of the receiver is not known yet")];
        };
        if answer {
            return vec![Leg { to: addresses, end: End::Local(vpc), trail }];
        }
        let mut stops: Vec<Leg> = Vec::new();
        let mut stop = |at: &Arc<str>, why: &str| {
            stops.push(Leg::dropped(addresses.clone(), Trail::from(None), at, why));
        };
        let of = to.interface().map(|at| &self.interfaces.all[at]);
        if let Some(of) = of {
            if of.shape == Shape::Nat {
                stop(&of.name, "a NAT gateway takes no connections");
            } else if addresses.meets(&Addresses::v4()) {
                match &of.public {
                    Public::None => stop(&of.name, "it has no public IPv4 address"),
                    Public::May => {
                        trail.doubts.push(format!("whether {} has a public address is not known", of.name));
                    }
                    Public::Some(_, name) if *name != of.name => trail.steps.push(name.clone()),
                    Public::Some(..) => {}
                }
            }
        } else {
            trail.doubts.push("whether it has a public address is not known".to_owned());
        }
        let here = &self.places.vpcs[vpc];
        let gateways: Vec<(usize, bool)> =
            self.doors.attached_to(vpc).filter(|(at, _)| &*self.types[*at] == "aws_internet_gateway").collect();
        match gateways.iter().find(|(_, sure)| *sure).or(gateways.first()) {
            Some((gateway, sure)) => {
                trail.steps.insert(0, self.names[*gateway].clone());
                if !sure {
                    trail.doubts.push(format!("the VPC of {} is not known", self.names[*gateway]));
                }
                self.by_gateway_table(*gateway, &addresses, &mut trail, &mut stop);
            }
            None if here.listed => stop(&here.name, "no internet gateway is attached to it"),
            None => trail.doubts.push(format!("whether {} has an internet gateway is not known", here.name)),
        }
        if let (access, Some(setting)) = self.doors.access(vpc, subnet) {
            match access {
                Access::Open => {}
                Access::Unknown => trail.doubts.push(format!("{setting} may block public access")),
                Access::OutOnly | Access::NatOnly | Access::Closed => stop(&setting, "public access is blocked"),
            }
        }
        if stops.is_empty() { vec![Leg { to: addresses, end: End::Local(vpc), trail }] } else { stops }
    }

    /// A gateway may have a table, which sends what comes in through a firewall.
    fn by_gateway_table(
        &self, gateway: usize, to: &Addresses, trail: &mut Trail, stop: &mut impl FnMut(&Arc<str>, &str),
    ) {
        let Some(table) = self.tables.of_gateway.get(&gateway).map(|table| &self.tables.all[*table]) else { return };
        for choice in table.choices(to) {
            let target = choice.route.map(|route| &table.routes[route].target);
            match target {
                Some(Target::Local) if choice.sure => continue,
                Some(Target::Blackhole) if choice.sure => stop(&table.name, "its route there leads nowhere"),
                _ => {}
            }
            trail.steps.push(table.name.clone());
            trail.doubts.push(format!("{} leads through what may stop it", table.name));
        }
    }

    /// From a VPN gateway: delivery within the VPC that it is attached to.
    fn from_gateway(&self, door: &Door, to: &Node) -> Vec<Leg> {
        let addresses = to.addresses();
        let mut trail = Trail::from(None);
        let name = self.door(door);
        trail.steps.push(name.clone());
        let vpc = self.vpc_of(self.subnet_of(to));
        match (self.doors.is_attached(door, vpc), vpc) {
            (Some(true), Some(vpc)) => vec![Leg { to: addresses, end: End::Local(vpc), trail }],
            (Some(false), _) => {
                vec![Leg::dropped(addresses, trail, &name, "it is not attached to the VPC of the receiver")]
            }
            _ => vec![Leg::unknown(addresses, trail, format!("the VPC of {name} is not known"))],
        }
    }

    /// The filters that a packet would meet if all routes led there: they are in the way as well.
    fn expect(&self, from: &Node, to: &Node, accepted: bool, attempt: &mut Attempt, pass: &Pass) {
        let mut trail = Trail::from(self.subnet_of(from));
        let mut back = Trail::from(self.subnet_of(to));
        if self.subnet_of(from) != self.subnet_of(to) {
            trail.leave(self.subnet_of(to));
            back.leave(self.subnet_of(from));
        }
        if !accepted {
            let mut gates: Vec<Gate> = trail.crossings.iter().map(|crossing| Gate::Acl(*crossing, false)).collect();
            gates.extend(from.interface().map(Gate::Out));
            gates.extend(to.interface().map(Gate::In));
            gates.extend(to.interface().map(Gate::Listens));
            let ends = self.ends(from, to);
            attempt.gates.extend(gates.into_iter().map(|gate| (gate, self.passes(gate, &ends, &pass.seen))));
            let ends = self.ends(to, from);
            let gates = back.crossings.iter().map(|crossing| Gate::Acl(*crossing, true));
            attempt.gates.extend(gates.map(|gate| (gate, self.passes(gate, &ends, &pass.seen))));
            let answers = self.answer(to, from, to, pass);
            if answers.verdict.is_empty() {
                attempt.drops.extend(answers.drops);
            }
        }
    }

    fn ends<'m>(&'m self, from: &Node, to: &Node) -> Ends<'m> {
        Ends {
            from: from.party(),
            to: to.party(),
            from_groups: self.peers(from),
            to_groups: self.peers(to),
            nat: None,
        }
    }

    /// Every setting that keeps these packets from passing.
    pub(super) fn obstacles(&self, attempt: &Attempt, packets: &Packets) -> Vec<Obstacle> {
        let mut all = attempt.drops.clone();
        if let (Some(from), Some(to)) = (&attempt.from, &attempt.to) {
            for (gate, passes) in &attempt.gates {
                if !passes.may.meets(packets) {
                    let answer = matches!(gate, Gate::Acl(_, true));
                    let ends = if answer { self.ends(to, from) } else { self.ends(from, to) };
                    let (at, why) = self.refusal(*gate, &ends, packets);
                    all.push(Obstacle { at, why });
                }
            }
        }
        let mut seen: Vec<Obstacle> = Vec::new();
        for obstacle in all {
            if !seen.contains(&obstacle) {
                seen.push(obstacle);
            }
        }
        seen
    }
}

impl Way {
    fn doubt(&mut self, why: String) {
        self.verdict = std::mem::take(&mut self.verdict).doubtful();
        self.doubts.push(why);
    }
}

impl Attempt {
    fn add(&mut self, way: Way) {
        self.gates.extend(way.gates);
        self.drops.extend(way.drops);
        for doubt in way.doubts {
            if !self.doubts.contains(&doubt) {
                self.doubts.push(doubt);
            }
        }
    }
}
