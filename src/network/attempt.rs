//! One sender and one receiver: what passes between them, there and back, and what is in the way.

use super::filters::Verdict;
use super::gates::{Ends, Gate, Seen};
use super::interfaces::Public;
use super::legs::{End, Leg, Trail};
use super::model::Model;
use super::nodes::Node;
use super::reach::Obstacle;
use super::space::{Addresses, ICMP, Packets, TCP, UDP};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What was found between two ends.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    pub(super) passed: Verdict,
    /// The objects on the way of the first leg that lets something through.
    pub(super) path: Vec<Arc<str>>,
    /// The routes that it takes, and those of all legs where none lets something through.
    pub(super) routes: Vec<(bool, usize, usize)>,
    pub(super) doubts: Vec<String>,
    /// Where ways end.
    pub(super) drops: Vec<Obstacle>,
    /// The gates with what passes each.
    pub(super) gates: Vec<(Gate, Rc<Verdict>)>,
    /// The ends, for words about gates.
    pub(super) from: Option<Node>,
    pub(super) to: Option<Node>,
}

/// What one pass remembers.
#[derive(Debug, Default)]
pub(super) struct Pass {
    pub(super) seen: Seen,
    legs: RefCell<HashMap<(usize, Addresses), Rc<Vec<Leg>>>>,
    /// Whether all that is in the way is asked for.
    explains: bool,
}

impl Pass {
    /// A pass that finds all that is in the way.
    pub(super) fn explaining() -> Self {
        Pass { explains: true, ..Pass::default() }
    }
}

/// What comes through in one direction.
#[derive(Default)]
pub(super) struct Way {
    pub(super) verdict: Verdict,
    gates: Vec<(Gate, Rc<Verdict>)>,
    pub(super) drops: Vec<Obstacle>,
    doubts: Vec<String>,
}

impl Model {
    /// All ways from a sender towards a receiver.
    pub(super) fn legs_between(&self, from: &Node, to: &Node, answer: bool, pass: &Pass) -> Rc<Vec<Leg>> {
        match from {
            Node::Interface(..) | Node::Place(..) => {
                if let Node::Service(service, ..) = to {
                    return Rc::new(self.legs_to_service(from, *service));
                }
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
            Node::Service(..) if answer => {
                let end = self.vpc_of(self.subnet_of(to)).map_or(End::Unknown, End::Local);
                Rc::new(vec![Leg { to: to.addresses(), end, trail: Trail::from(None) }])
            }
            Node::Service(..) => {
                let why = "a service of AWS opens no connections";
                Rc::new(vec![Leg::dropped(to.addresses(), Trail::from(None), &"the network".into(), why)])
            }
            _ if matches!(
                (from, to),
                (_, Node::Service(..)) | (Node::Internet(_), Node::Internet(_) | Node::Site(..))
            ) =>
            {
                let why = "traffic from outside does not pass through to somewhere outside";
                Rc::new(vec![Leg::dropped(to.addresses(), Trail::from(None), &"the network".into(), why)])
            }
            Node::Internet(_) => Rc::new(self.enter_from_internet(to, answer)),
            Node::Site(at, _) => Rc::new(self.enter_from_site(*at, to)),
        }
    }

    /// What passes between two ends.
    pub(super) fn between(&self, from: &Node, to: &Node, legs: &[Leg], pass: &Pass) -> Attempt {
        let mut attempt = Attempt { from: Some(from.clone()), to: Some(to.clone()), ..Attempt::default() };
        // Both ends speak the same version of IP.
        let families = [Addresses::v4(), Addresses::v6()];
        let common = |family: &Addresses| from.addresses().meets(family) && to.addresses().meets(family);
        let family =
            families.iter().filter(|family| common(family)).fold(Addresses::default(), |all, one| all.union(one));
        let (from, to) = (&from.with(from.addresses().and(&family)), &to.with(to.addresses().and(&family)));
        if family.is_empty() {
            return attempt;
        }
        let (mut accepted, mut stopped) = (false, Vec::new());
        let legs = &self.through_internet(legs, to, false)[..];
        let parts = parts(legs, to);
        let mut all = Alternatives::new(to, parts.len());
        for (leg, part) in parts {
            let mut way = self.there(from, to, leg, &part, pass);
            let back = match way.verdict.is_empty() && !pass.explains {
                true => Way::default(),
                // Answers come back to the appliance.
                false if leg.end == End::Appliance => Way { verdict: Verdict::all(), ..Way::default() },
                false => self.back(from, to, leg, pass),
            };
            accepted |= way.drops.is_empty();
            stopped.append(&mut way.drops);
            let passed = way.verdict.and(&back.verdict);
            if !passed.is_empty() && attempt.path.is_empty() {
                attempt.path = leg.trail.steps.clone();
                attempt.routes = leg.trail.routes.clone();
            } else if attempt.passed.is_empty() && pass.explains {
                attempt.routes.extend(leg.trail.routes.iter().copied());
            }
            all.add(&part, passed);
            for why in &leg.trail.forks {
                if !attempt.doubts.contains(why) {
                    attempt.doubts.push(why.clone());
                }
            }
            attempt.add(way);
            attempt.add(back);
        }
        attempt.passed = all.verdict();
        if !accepted {
            // Ways that end before the receiver are in the way only where none arrives.
            stopped.append(&mut attempt.drops);
            attempt.drops = stopped;
            if pass.explains {
                self.expected(from, to, &mut attempt, pass);
            }
        }
        attempt
    }

    /// IPv6 addresses are public: what leaves for one of a receiver inside comes in again at its VPC.
    fn through_internet<'l>(&self, legs: &'l [Leg], to: &Node, answer: bool) -> Cow<'l, [Leg]> {
        let inside = matches!(to, Node::Interface(..) | Node::Place(..));
        let v6 = to.addresses().and(&Addresses::v6());
        let returns = |leg: &Leg| {
            let leaves = leg.end == End::Internet || (leg.end == End::EgressOnly && !answer);
            leaves && leg.to.meets(&v6)
        };
        if !inside || v6.is_empty() || !legs.iter().any(returns) {
            return Cow::Borrowed(legs);
        }
        let mut all = Vec::new();
        for leg in legs {
            if !returns(leg) {
                all.push(leg.clone());
                continue;
            }
            for entry in self.enter_from_internet(&to.with(leg.to.and(&v6)), answer) {
                let mut trail = leg.trail.clone();
                trail.steps.extend(entry.trail.steps);
                trail.crossings.extend(entry.trail.crossings);
                trail.routes.extend(entry.trail.routes);
                trail.at = entry.trail.at;
                trail.outside = true;
                entry.trail.doubts.into_iter().for_each(|why| trail.doubt(why));
                entry.trail.forks.into_iter().for_each(|why| trail.fork(why));
                all.push(Leg { to: entry.to, end: entry.end, trail });
            }
        }
        Cow::Owned(all)
    }

    /// One leg from the sender to the receiver.
    fn there(&self, from: &Node, to: &Node, leg: &Leg, part: &Addresses, pass: &Pass) -> Way {
        let mut way = self.along(from, to, leg, part, false, pass);
        if !way.drops.is_empty() {
            return way;
        }
        let direct = matches!(leg.end, End::Internet) && !leg.trail.regional;
        if direct && part.meets(&Addresses::v4()) {
            let own = leg.trail.nat.map_or_else(|| from.addresses(), |nat| self.translated(nat).addresses);
            let sender = leg.trail.nat.or(from.interface()).map(|at| &self.interfaces.all[at]);
            match sender.map(|sender| (sender.public_of(&own), &sender.name)) {
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
    fn back(&self, from: &Node, to: &Node, leg: &Leg, pass: &Pass) -> Way {
        let home = self.vpc_of(self.subnet_of(from)).filter(|_| leg.trail.regional);
        if let Some(vpc) = home {
            // A regional one sends answers into the VPC itself.
            let trail = Trail { groups: Some(false), ..Trail::from(None) };
            let leg = Leg { to: from.addresses(), end: End::Local(vpc), trail };
            return self.along(to, from, &leg, &from.addresses(), true, pass);
        }
        let Some(nat) = leg.trail.nat else { return self.answer_past(to, from, to, leg.trail.egress, pass) };
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
    pub(super) fn answer(&self, from: &Node, to: &Node, sender: &Node, pass: &Pass) -> Way {
        self.answer_past(from, to, sender, false, pass)
    }

    /// The same, where it may be that the connection left through an egress-only gateway, which takes the answers.
    fn answer_past(&self, from: &Node, to: &Node, sender: &Node, egress: bool, pass: &Pass) -> Way {
        let legs = self.legs_between(from, to, true, pass);
        let mut all = Way::default();
        let mut legs = self.through_internet(&legs, to, true);
        let home = self.vpc_of(self.subnet_of(to));
        let shut = home.filter(|vpc| self.places.vpcs[*vpc].listed && self.internet_gateway(*vpc).is_none());
        if let (Some(vpc), false, Cow::Owned(legs)) = (shut, egress, &mut legs) {
            for leg in legs.iter_mut().filter(|leg| leg.trail.outside) {
                let why = "no internet gateway is attached to it".to_owned();
                leg.end = End::Dropped(Obstacle { at: self.places.vpcs[vpc].name.clone(), why });
            }
        }
        let parts = parts(&legs, to);
        let (mut verdict, mut arrives) = (Alternatives::new(to, parts.len()), false);
        for (leg, part) in parts {
            let way = self.along(sender, to, leg, &part, true, pass);
            arrives |= way.drops.is_empty();
            verdict.add(&part, way.verdict);
            all.gates.extend(way.gates);
            all.drops.extend(way.drops);
            all.doubts.extend(way.doubts);
        }
        all.verdict = verdict.verdict();
        if !all.verdict.is_empty() {
            all.drops.clear();
        }
        if pass.explains && !arrives {
            all.gates.extend(self.expected_of_answers(from, to, pass));
        }
        all
    }

    /// What passes along a leg in one direction.
    fn along(&self, from: &Node, to: &Node, leg: &Leg, part: &Addresses, answer: bool, pass: &Pass) -> Way {
        let sender = from;
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
            to_groups: self.seen_groups(to, private && !trail.transit, trail.groups),
            nat: trail.nat,
        };
        // The receiver's groups come first: most attempts end there, and they are asked once for all of a sender's.
        let mut gates: Vec<Gate> = Vec::new();
        if !answer {
            if leg.end != End::Appliance {
                gates.extend(to.interface().map(Gate::In));
                gates.extend(to.interface().map(Gate::Listens));
            }
            gates.extend(from.interface().map(Gate::Out));
        }
        gates.extend(trail.crossings.iter().map(|crossing| Gate::Acl(*crossing, answer)));
        let mut verdict = match ends.to.spread {
            true => Verdict::known(Packets::with_addresses(part)),
            false => Verdict::all(),
        };
        if let (Node::Site(_, ranges), true) = (from, ends.from.spread && !answer) {
            verdict =
                Verdict { sure: Packets::with_addresses(&ranges.sure), may: Packets::with_addresses(&ranges.may) };
        } else if ends.from.spread && !answer {
            verdict = Verdict::known(Packets::with_addresses(&ends.from.addresses));
        }
        if leg.trail.nat.is_some() || leg.trail.regional {
            verdict = verdict.and(&Verdict::known(translatable()));
        }
        let seen = trail.nat.map_or_else(|| ends.from.addresses.clone(), |nat| self.translated(nat).addresses);
        for carried in [
            if let End::Site(at) = leg.end { self.doors.connections[at].carries(part, &seen) } else { Some(true) },
            if let Node::Site(at, _) = sender {
                self.doors.connections[*at].carries(&sender.addresses(), part)
            } else {
                Some(true)
            },
        ] {
            match carried {
                Some(true) => {}
                Some(false) => {
                    let at = trail.steps.last().cloned().unwrap_or_else(|| "the network".into());
                    let why = "its ranges do not let this traffic through".to_owned();
                    way.drops.push(Obstacle { at, why });
                    return way;
                }
                None => way.doubt("the VPN connection carries only some of this traffic".to_owned()),
            }
        }
        for gate in gates {
            if verdict.is_empty() && !pass.explains {
                break;
            }
            let passes = self.passes(gate, &ends, &pass.seen);
            verdict = verdict.and(&passes);
            way.gates.push((gate, passes));
        }
        way.verdict = if way.doubts.is_empty() { verdict } else { verdict.doubtful() };
        way
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

/// The legs that lead towards a receiver, each with its part of the addresses.
fn parts<'l>(legs: &'l [Leg], to: &Node) -> Vec<(&'l Leg, Addresses)> {
    let addresses = to.addresses();
    let each = legs.iter().map(|leg| (leg, leg.to.and(&addresses)));
    each.filter(|(_, part)| !part.is_empty()).collect()
}

/// What NAT gateways translate.
fn translatable() -> Packets {
    let each = [ICMP, TCP, UDP].map(|protocol| Packets::with_ports(protocol, 0, u16::MAX));
    Packets::any(each.to_vec())
}

/// What passes on any of several ways, and for sure on each that an address may take.
struct Alternatives {
    all: Option<Verdict>,
    alone: bool,
    /// Whether the addresses of the receiver are those of the packets.
    spread: bool,
    covered: Addresses,
}

impl Alternatives {
    fn new(to: &Node, count: usize) -> Self {
        Alternatives { all: None, alone: count < 2, spread: to.party().spread, covered: Addresses::default() }
    }

    fn add(&mut self, part: &Addresses, mut way: Verdict) {
        if self.alone {
            self.all = Some(way);
            return;
        }
        if self.spread {
            self.covered = self.covered.union(part);
            let others = Packets::with_addresses(&Addresses::all().minus(part));
            way.sure = way.sure.union(&others);
        }
        self.all = Some(match self.all.take() {
            None => way,
            Some(all) => Verdict { sure: all.sure.and(&way.sure), may: all.may.union(&way.may) },
        });
    }

    fn verdict(self) -> Verdict {
        let mut all = self.all.unwrap_or_default();
        if !self.alone && self.spread {
            all.sure = all.sure.and(&Packets::with_addresses(&self.covered));
        }
        all
    }
}
