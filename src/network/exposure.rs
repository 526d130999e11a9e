//! Exposure: what reaches the objects of a layout from outside of it, directly and through balancers, and in what two
//! networks differ by that.

use super::attempt::Pass;
use super::filters::{Party, Verdict};
use super::flows::Flow;
use super::gates::{self, Gate};
use super::index::Index;
use super::interfaces::Shape;
use super::kinds::ObjectKind;
use super::model::Model;
use super::nodes::Node;
use super::reach::{Destination, Ends, Obstacle, Source};
use super::space::{Packets, TCP};
use super::{Object, filters::group::Peers};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A place outside of the layout. The Internet comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outside {
    /// Anywhere on the Internet.
    Internet,
    /// A site behind VPN connections, by its customer gateways.
    Site(Vec<Arc<str>>),
    /// A VPC that the layout has nothing in.
    Network(Arc<str>),
}

/// Where traffic from outside goes: from where, through which balancer, to which object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// Where it begins.
    pub from: Outside,
    /// The balancer that hands it on, if one does.
    pub through: Option<Arc<str>>,
    /// The object that it reaches.
    pub to: Arc<str>,
}

/// What comes that way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// By the addresses of the sender.
    pub packets: Verdict,
    /// Why some of it only may be.
    pub doubts: Vec<String>,
}

/// All that reaches the objects of a layout from outside.
#[derive(Debug)]
pub struct Exposure {
    model: Model,
    traffic: BTreeMap<Way, Traffic>,
    /// What the filters of each object let in from the Internet, whether a way leads there or not.
    admitted: BTreeMap<Arc<str>, Verdict>,
}

/// A way on which other traffic comes through than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The way.
    pub way: Way,
    /// What came through.
    pub before: Traffic,
    /// What comes through.
    pub after: Traffic,
}

/// Traffic from the Internet that the filters of an object let in, and that something else keeps out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOut {
    /// The object.
    pub to: Arc<str>,
    /// The traffic.
    pub packets: Packets,
    /// What is in the way.
    pub obstacles: Vec<Obstacle>,
}

impl Shift {
    /// What comes through now and did not: for sure, and perhaps.
    pub fn gained(&self) -> Verdict {
        let sure = self.after.packets.sure.minus(&self.before.packets.sure);
        let may = self.after.packets.may.minus(&self.before.packets.may).union(&sure);
        Verdict { sure, may }
    }

    /// What came through and surely does not any more.
    pub fn lost(&self) -> Packets {
        self.before.packets.may.minus(&self.after.packets.may)
    }
}

impl Exposure {
    /// The exposure of those of the objects that are the layout's own.
    pub fn of(objects: &[Object], is_own: &dyn Fn(&str) -> bool) -> Self {
        let mut model = Model::of(objects);
        // A gateway endpoint takes the answers to the addresses of its service. Whoever is reached by the rest of the
        // Internet is exposed to it all the same.
        model.tables.without_services(&model.places);
        let mut exposure = Exposure { model, traffic: BTreeMap::new(), admitted: BTreeMap::new() };
        let model = &exposure.model;
        let parts = model.parts();
        let takes = |ends: &Ends| is_own(&ends.name) && model.takes_connections(ends, &parts);
        let own: Vec<Ends> = model.everyone().filter(takes).collect();
        let pass = Pass::default();
        let mut traffic = BTreeMap::new();
        let mut sources = vec![(Outside::Internet, model.internet())];
        sources.extend(model.named_sites(objects));
        sources.extend(model.neighbours(is_own));
        for (from, ends) in &sources {
            model.exposed(from, ends, &own, &pass, &mut traffic);
        }
        let admitted = own.iter().map(|ends| (ends.name.clone(), model.admits(ends, &pass))).collect();
        exposure.traffic = traffic;
        exposure.admitted = admitted;
        exposure
    }

    /// The ways on which other traffic comes through in the later one, in order.
    pub fn shifts(&self, later: &Exposure) -> Vec<Shift> {
        let ways: BTreeSet<&Way> = self.traffic.keys().chain(later.traffic.keys()).collect();
        let of = |all: &BTreeMap<Way, Traffic>, way: &Way| all.get(way).cloned().unwrap_or_default();
        let shift =
            |way: &Way| Shift { way: way.clone(), before: of(&self.traffic, way), after: of(&later.traffic, way) };
        let differs = |shift: &Shift| !shift.gained().is_empty() || !shift.lost().is_empty();
        ways.into_iter().map(shift).filter(differs).collect()
    }

    /// What filters of objects that were there before let in from the Internet in the later one, and did not, without
    /// effect.
    pub fn kept_out(&self, later: &Exposure) -> Vec<KeptOut> {
        let mut found = Vec::new();
        // A balancer may pass clients on to it, for which its groups have to let them in.
        let behind = later.traffic.keys().filter(|way| way.from == Outside::Internet && way.through.is_some());
        let behind: HashSet<&Arc<str>> = behind.map(|way| &way.to).collect();
        for (to, now) in later.admitted.iter().filter(|(to, _)| !behind.contains(to)) {
            let Some(then) = self.admitted.get(to) else { continue };
            let way = Way { from: Outside::Internet, through: None, to: to.clone() };
            let arrives = later.traffic.get(&way).map(|traffic| traffic.packets.may.clone()).unwrap_or_default();
            let packets = now.sure.minus(&then.sure).minus(&arrives);
            let Some(cube) = packets.cubes().into_iter().next() else { continue };
            let (first, last) = cube.protocols;
            let protocol = if (first..=last).contains(&TCP) { TCP } else { first };
            let destination = Destination::Object(to.clone());
            let reach = later.model.reach(&Source::Internet, &destination, protocol, Some(cube.ports.0));
            let obstacles = reach.map(|reach| reach.obstacles).unwrap_or_default();
            if !obstacles.is_empty() {
                found.push(KeptOut { to: to.clone(), packets, obstacles });
            }
        }
        found
    }
}

impl Model {
    /// All that reaches objects from one place, directly and through balancers.
    fn exposed(&self, from: &Outside, ends: &Ends, own: &[Ends], pass: &Pass, traffic: &mut BTreeMap<Way, Traffic>) {
        // Packets out of a network differ by their receivers, whose addresses may not be known yet.
        let seen = |packets: Verdict| match from {
            Outside::Network(_) => {
                Verdict { sure: packets.sure.without_addresses(), may: packets.may.without_addresses() }
            }
            _ => packets,
        };
        let mut add = |through: Option<Arc<str>>, to: Arc<str>, packets: Verdict, doubts: Vec<String>| {
            let known = traffic.entry(Way { from: from.clone(), through, to }).or_default();
            known.packets = known.packets.or(&seen(packets));
            known.doubts.extend(doubts);
            known.doubts.sort();
            known.doubts.dedup();
        };
        let flows = self.flows_of(ends, own, pass);
        let clients: Vec<Node> = ends.interfaces.iter().flatten().cloned().collect();
        let targets: HashSet<&str> = own.iter().map(|ends| &*ends.name).collect();
        let balancers: HashMap<&str, &Flow> = flows.iter().map(|flow| (&*flow.destination, flow)).collect();
        for handoff in self.balancers.handoffs() {
            let (balancer, target) = (&self.names[handoff.balancer], &self.names[handoff.target]);
            let Some(first) = balancers.get(&**balancer).filter(|_| targets.contains(&**target)) else { continue };
            let taken = first.packets.and(&handoff.takes);
            if taken.is_empty() {
                continue;
            }
            let (handed, _) = self.handed(&clients, handoff, pass);
            let packets = match (handed.sure.is_empty(), handed.may.is_empty()) {
                (_, true) => continue,
                (true, false) => taken.doubtful(),
                (false, false) => taken,
            };
            add(Some(balancer.clone()), target.clone(), packets, first.doubts.clone());
        }
        for flow in flows {
            add(None, flow.destination, flow.packets, flow.doubts);
        }
    }

    /// Whether an object takes connections, and is not a part of another one that does.
    fn takes_connections(&self, ends: &Ends, parts: &HashSet<usize>) -> bool {
        let Some(object) = self.object(&ends.name) else { return false };
        let mut own = self.interfaces.of_object.get(&object).into_iter().flatten();
        let takes = own.any(|at| self.interfaces.all[*at].shape != Shape::Nat);
        // A function only makes connections.
        let calls = ObjectKind::of(&self.types[object]) == Some(ObjectKind::Function);
        takes && !calls && !parts.contains(&object)
    }

    /// The interfaces of instances, which stand for them.
    fn parts(&self) -> HashSet<usize> {
        let all = self.interfaces.of_object.iter();
        let held = |(holder, all): (&usize, &Vec<usize>)| {
            let of: Vec<usize> = all.iter().map(|at| self.interfaces.all[*at].object).collect();
            of.into_iter().filter(|object| object != holder).collect::<Vec<_>>()
        };
        all.flat_map(held).collect()
    }

    /// What the filters and ports of an object let in from the Internet.
    fn admits(&self, ends: &Ends, pass: &Pass) -> Verdict {
        let from = Party::many(super::space::Addresses::internet());
        let mut all = Verdict::default();
        for node in ends.interfaces.iter().flatten() {
            let Some(at) = node.interface() else { continue };
            let both = gates::Ends {
                from: from.clone(),
                to: node.party(),
                from_groups: Peers::NONE,
                to_groups: Peers::NONE,
                nat: None,
            };
            let grouped = self.passes(Gate::In(at), &both, &pass.seen);
            all = all.or(&grouped.and(&self.passes(Gate::Listens(at), &both, &pass.seen)));
        }
        all.and(&Verdict::known(Packets::with_addresses(&from.addresses)))
    }

    /// The sites behind VPN connections, each by its customer gateways.
    fn named_sites(&self, objects: &[Object]) -> Vec<(Outside, Ends)> {
        let sites = self.sites();
        if sites.is_empty() {
            return Vec::new();
        }
        let index = Index::new(objects);
        let mut customers: HashMap<Arc<str>, Arc<str>> = HashMap::new();
        for (_, connection) in index.of(&["aws_vpn_connection"]) {
            let customer =
                index.refers(&connection.attributes, "customer_gateway_id", &["aws_customer_gateway"]).object();
            let name = customer.map_or(&connection.address, |at| &objects[at].address);
            customers.insert(connection.address.clone(), name.clone());
        }
        let named = |ends: Ends| match ends.interfaces.iter().flatten().next() {
            Some(Node::Site(at, _)) => {
                let name = &self.doors.connections[*at].name;
                Some((Outside::Site(vec![customers.get(name).unwrap_or(name).clone()]), ends))
            }
            _ => None,
        };
        sites.into_iter().filter_map(named).collect()
    }

    /// Networks that the layout has nothing in, such as peered ones that data sources found.
    fn neighbours(&self, is_own: &dyn Fn(&str) -> bool) -> Vec<(Outside, Ends)> {
        let mut own: HashSet<usize> = HashSet::new();
        for (at, vpc) in self.places.vpcs.iter().enumerate() {
            own.extend(is_own(&vpc.name).then_some(at));
        }
        own.extend(self.places.subnets.iter().filter(|subnet| is_own(&subnet.name)).filter_map(|subnet| subnet.vpc));
        let inside = self.interfaces.all.iter().filter(|one| is_own(&one.name));
        own.extend(inside.filter_map(|one| self.vpc_of(one.subnet)));
        let mut nodes: BTreeMap<usize, Vec<Node>> = BTreeMap::new();
        for (at, subnet) in self.places.subnets.iter().enumerate() {
            let Some(vpc) = subnet.vpc.filter(|vpc| !own.contains(vpc)) else { continue };
            let families = [&subnet.v4, &subnet.v6].into_iter().filter(|range| !range.is_empty());
            nodes.entry(vpc).or_default().extend(families.map(|range| Node::Place(at, range.clone())));
        }
        let named = |(vpc, nodes): (usize, Vec<Node>)| {
            let name = self.places.vpcs[vpc].name.clone();
            (Outside::Network(name.clone()), Ends { name, interfaces: vec![nodes], everywhere: true })
        };
        nodes.into_iter().map(named).collect()
    }
}
