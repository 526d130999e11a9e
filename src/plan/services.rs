//! The services of a layout, read from how its objects refer to each other: targets behind each target group, the
//! way out of private subnets, VPN connections, database endpoints, servers.
//!
//! It covers only what is there before the plan is carried out; what a plan does to it is
//! `availability`'s to judge.

use super::change::{Action, Change};
use super::input::Pulse;
use crate::plan::service_impact::ServiceKind;
use crate::schema::Attrs;
use crate::value::Value;
use crate::value::address::{Address, InstanceKey};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Something that is of use to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its short name.
    pub name: String,
    /// The index of the change of the object that it is about.
    pub about: usize,
    /// Its kind.
    pub kind: ServiceKind,
    /// The members that serve.
    pub members: Vec<Member>,
    /// The members that the plan adds.
    pub coming: Vec<Member>,
    /// The objects before the members: listeners and balancers, as indexes of changes.
    pub front: BTreeSet<usize>,
}

/// One of those that serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The index of the change of the object.
    pub change: usize,
    /// The change that takes it away: the same, or that of an object that an earlier run left behind.
    pub old: usize,
    /// How many serve by it now: those of a scaling group, else one.
    pub count: usize,
    /// How many the layout wants to serve by it.
    pub after: usize,
    /// How many of them are not healthy now.
    pub sick: usize,
    /// Its zone, where it is known.
    pub zone: Option<String>,
    /// The objects that put it in service: attachments and routes, as indexes of changes.
    pub links: Vec<usize>,
}

impl Service {
    /// How many serve.
    pub fn size(&self) -> usize {
        self.members.iter().map(|m| m.count).sum()
    }

    /// How many have to serve while the plan is carried out: as many as do now, or as the layout wants
    /// if those are fewer.
    pub fn measure(&self) -> usize {
        self.size().min(self.members.iter().chain(&self.coming).map(|m| m.after).sum())
    }
}

impl Member {
    fn one(change: usize, zone: Option<String>, links: Vec<usize>) -> Self {
        Member { change, old: change, count: 1, after: 1, sick: 0, zone, links }
    }

    /// One that has no links and serves until the layout takes it out.
    fn lasting(index: &Index<'_>, change: usize) -> Self {
        let after = usize::from(!index.ends(change));
        Member { after, ..Member::one(change, index.zone(change), Vec::new()) }
    }

    /// How many serve by it before and after.
    pub fn stays(&self) -> usize {
        self.count.min(self.after)
    }
}

/// The objects of a plan, found by id and by address.
pub struct Index<'a> {
    changes: &'a [Change],
    by_id: HashMap<&'a str, usize>,
    by_address: HashMap<String, usize>,
}

impl<'a> Index<'a> {
    /// The objects of these changes.
    pub fn new(changes: &'a [Change]) -> Self {
        let mut index = Index { changes, by_id: HashMap::new(), by_address: HashMap::new() };
        for (i, change) in changes.iter().enumerate() {
            if change.deposed.is_none() {
                index.by_address.insert(change.address.to_string(), i);
            }
            for side in [&change.before, &change.after].into_iter().flatten() {
                for name in ["id", "arn"] {
                    if let Some(id) = side.str(name) {
                        index.by_id.entry(id).or_insert(i);
                    }
                }
            }
        }
        index
    }

    /// The change of the object that an id, an ARN or an id that is not known yet means.
    pub fn find(&self, value: &Value) -> Option<usize> {
        match value.as_str() {
            Some(id) => self.by_id.get(id).copied(),
            None => self.by_address.get(value.origin()?.address.as_ref()).copied(),
        }
    }

    fn of(&self, attrs: &Attrs, name: &str) -> Option<usize> {
        self.find(attrs.get(name)?)
    }

    /// The change of the current object at the address of an object that an earlier run left behind.
    pub fn current(&self, i: usize) -> usize {
        match self.changes[i].deposed {
            Some(_) => self.by_address.get(&self.changes[i].address.to_string()).copied().unwrap_or(i),
            None => i,
        }
    }

    /// Whether a change leaves no object behind.
    fn ends(&self, i: usize) -> bool {
        self.changes[i].after.is_none()
    }

    /// The changes of a type, without deposed objects.
    pub fn of_type(&self, name: &'static str) -> impl Iterator<Item = (usize, &'a Change)> {
        self.changes.iter().enumerate().filter(move |(_, c)| c.is(name))
    }

    /// Another NAT gateway of the same VPC that can take over while this one is replaced: one that stays
    /// as it is, else one of those that `in_turn` are replaced before or after this one.
    pub fn stand_in(&self, gateway: usize, in_turn: &[usize]) -> Option<usize> {
        let vpc = |i: usize| {
            let subnet = self.of(self.changes[i].now()?, "subnet_id")?;
            self.changes[subnet].now()?.get("vpc_id").cloned()
        };
        let lasts = |(i, c): &(usize, &Change)| match c.action {
            Action::NoOp | Action::Update => true,
            action => action.is_replace() && in_turn.contains(i),
        };
        let own = self.changes[gateway].is("aws_nat_gateway").then(|| vpc(gateway)).flatten()?;
        let peers = self.of_type("aws_nat_gateway").filter(|(i, _)| *i != gateway && vpc(*i).as_ref() == Some(&own));
        let peers = peers.filter(lasts);
        peers.min_by_key(|(i, c)| (c.action.is_replace(), *i)).map(|(i, _)| i)
    }

    /// How many serve by an object that is like this: the members of a scaling group, else one.
    fn count(&self, i: usize, side: Option<&Attrs>) -> usize {
        let Some(attrs) = side else { return 0 };
        if !self.changes[i].is("aws_autoscaling_group") {
            return 1;
        }
        let size = |name: &str| attrs.int(name).and_then(|n| usize::try_from(n).ok());
        let (least, most) = (size("min_size").unwrap_or(0), size("max_size").unwrap_or(usize::MAX));
        size("desired_capacity").unwrap_or(least).max(least).min(most)
    }

    /// The zone that an object is in: its own, or that of its subnet.
    pub fn zone(&self, i: usize) -> Option<String> {
        let attrs = self.changes[i].now()?;
        let own = attrs.string("availability_zone").filter(|zone| !zone.is_empty());
        own.or_else(|| self.changes[self.of(attrs, "subnet_id")?].now()?.string("availability_zone"))
    }
}

impl Change {
    /// Whether it is about the current object of an instance of this type.
    pub fn is(&self, type_name: &str) -> bool {
        self.deposed.is_none() && *self.address.resource.type_name == *type_name
    }

    /// The object as it is, or as it will be when it is not there yet.
    pub fn now(&self) -> Option<&Attrs> {
        self.before.as_ref().or(self.after.as_ref())
    }
}

/// Everything that serves before the plan is carried out.
pub fn of(changes: &[Change], pulse: &Pulse) -> Vec<Service> {
    let index = Index::new(changes);
    let mut all = targets(&index, pulse);
    let parts = all.iter().flat_map(|s| s.members.iter().chain(&s.coming));
    let balanced: BTreeSet<usize> = parts.flat_map(|m| [m.change, m.old]).collect();
    all.extend(egress(&index));
    all.extend(vpns(&index));
    all.extend(databases(&index));
    all.extend(servers(&index, &balanced));
    name_apart(&mut all, changes);
    all
}

/// A member of a target group as it is found: the object that an earlier run left of it, and its links.
#[derive(Default)]
pub struct Found {
    left: Option<usize>,
    /// The object that puts it into the group.
    pub links: Vec<usize>,
}

/// By target group who is in it, before the plan or after it.
pub fn reached(index: &Index<'_>, after: bool) -> BTreeMap<usize, BTreeMap<usize, Found>> {
    let mut groups: BTreeMap<usize, BTreeMap<usize, Found>> = BTreeMap::new();
    let mut add = |group: usize, member: usize, link: Option<usize>| {
        let current = index.current(member);
        let found = groups.entry(index.current(group)).or_default().entry(current).or_default();
        found.left = found.left.or((current != member).then_some(member));
        found.links.extend(link);
    };
    let side = |c: &'_ Change| if after { c.after.clone() } else { c.before.clone() };
    let of = |name: &'static str| {
        index.changes.iter().enumerate().filter(move |(_, c)| *c.address.resource.type_name == *name)
    };
    for (link, change) in of("aws_lb_target_group_attachment") {
        let Some(attrs) = side(change) else { continue };
        if let (Some(group), Some(target)) = (index.of(&attrs, "target_group_arn"), index.of(&attrs, "target_id")) {
            add(group, target, Some(link));
        }
    }
    for (i, change) in of("aws_autoscaling_group") {
        let Some(attrs) = side(change) else { continue };
        attrs.elements("target_group_arns").iter().filter_map(|arn| index.find(arn)).for_each(|g| add(g, i, None));
    }
    for (link, change) in of("aws_autoscaling_attachment") {
        let Some(attrs) = side(change) else { continue };
        let by_name = |name: &str| {
            index.of_type("aws_autoscaling_group").find(|(_, c)| c.now().and_then(|a| a.str("name")) == Some(name))
        };
        let known = attrs.str("autoscaling_group_name").and_then(by_name).map(|(i, _)| i);
        let group = known.or_else(|| index.of(&attrs, "autoscaling_group_name"));
        if let (Some(targets), Some(member)) = (index.of(&attrs, "lb_target_group_arn"), group) {
            add(targets, member, Some(link));
        }
    }
    groups
}

/// The targets of target groups.
fn targets(index: &Index<'_>, pulse: &Pulse) -> Vec<Service> {
    let (before, after) = (reached(index, false), reached(index, true));
    let fronts = fronts(index);
    let none = BTreeMap::new();
    let service = |(group, members): (usize, BTreeMap<usize, Found>)| {
        let wanted = after.get(&group).unwrap_or(&none);
        let comes = wanted.iter().filter(|(change, _)| !members.contains_key(change));
        let coming = comes.map(|(&change, found)| Member {
            count: 0,
            after: index.count(change, index.changes[change].after.as_ref()),
            ..Member::one(change, index.zone(change), found.links.clone())
        });
        let coming = coming.collect();
        let member = |(change, found): (usize, Found)| {
            let object = &index.changes[change];
            let wanted = object.after.as_ref().filter(|_| wanted.contains_key(&change));
            Member {
                old: found.left.unwrap_or(change),
                count: index.count(change, object.now()),
                after: index.count(change, wanted),
                sick: sick(index, pulse, group, change, &found),
                ..Member::one(change, index.zone(change), found.links)
            }
        };
        Service {
            name: short(&index.changes[group].address),
            about: group,
            kind: ServiceKind::Targets,
            members: members.into_iter().map(member).collect(),
            coming,
            front: fronts.get(&group).cloned().unwrap_or_default(),
        }
    };
    before.into_iter().map(service).collect()
}

/// How many of those who serve by a member its group calls unhealthy now.
fn sick(index: &Index<'_>, pulse: &Pulse, group: usize, member: usize, found: &Found) -> usize {
    let attached = |i: &usize| {
        let attrs = index.changes[*i].before.as_ref()?;
        Some((attrs.str("target_group_arn")?, attrs.str("target_id")?, attrs.int("port")))
    };
    if !index.changes[member].is("aws_autoscaling_group") {
        let states: Vec<bool> = found.links.iter().filter_map(attached).filter_map(|a| pulse.serves(a)).collect();
        return usize::from(!states.is_empty() && states.iter().all(|serves| !serves));
    }
    let arn = index.changes[group].before.as_ref().and_then(|a| a.str("arn"));
    let known: BTreeSet<&str> =
        index.of_type("aws_instance").filter_map(|(_, c)| c.before.as_ref()?.str("id")).collect();
    arn.map_or(0, |arn| pulse.sick(arn).filter(|id| !known.contains(id)).count())
}

/// The listeners and rules, with the name of their actions.
pub const DOORS: [(&str, &str); 2] = [("aws_lb_listener", "default_action"), ("aws_lb_listener_rule", "action")];

impl Index<'_> {
    /// The target groups that a listener or rule leads to, with whether anything is sent there.
    pub fn forwards(&self, attrs: &Attrs) -> Vec<(usize, bool)> {
        let mut all = Vec::new();
        for action in DOORS.iter().flat_map(|(_, actions)| attrs.blocks(actions)) {
            // What the arguments say counts, not what followed from them before.
            if let Some(group) = self.of(&action, "target_group_arn") {
                all.push((group, true));
                continue;
            }
            for shares in action.blocks("forward").iter().map(|f| f.blocks("target_group")) {
                let share = |s: &Attrs| Some((self.of(s, "arn")?, s.int("weight") != Some(0)));
                let lone = shares.len() == 1;
                all.extend(shares.iter().filter_map(share).map(|(group, sends)| (group, sends || lone)));
            }
        }
        all
    }
}

/// By target group the listeners, rules and balancers before it.
fn fronts(index: &Index<'_>) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut fronts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (type_name, _) in DOORS {
        for (i, change) in index.of_type(type_name) {
            let Some(attrs) = &change.before else { continue };
            let listener = index.of(attrs, "listener_arn");
            let balanced = listener.and_then(|l| index.changes[l].now()).unwrap_or(attrs);
            let balancer = index.of(balanced, "load_balancer_arn");
            for (group, _) in index.forwards(attrs) {
                let before = fronts.entry(index.current(group)).or_default();
                before.extend([Some(i), listener, balancer].into_iter().flatten());
            }
        }
    }
    fronts
}

/// The ways out: one service per route table that sends everything to a NAT gateway.
fn egress(index: &Index<'_>) -> Vec<Service> {
    let mut zones: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (_, change) in index.of_type("aws_route_table_association") {
        let Some(attrs) = &change.before else { continue };
        if let (Some(table), Some(subnet)) = (index.of(attrs, "route_table_id"), index.of(attrs, "subnet_id")) {
            zones.entry(table).or_default().extend(index.zone(subnet));
        }
    }
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    // A table also lists the routes that resources of their own give it: those come first.
    let mut add = |table: usize, gateway: usize, link: usize| {
        if !seen.insert(table) {
            return;
        }
        let of_table = zones.get(&table).cloned().unwrap_or_default();
        let zone = (of_table.len() == 1).then(|| of_table.iter().next().cloned()).flatten();
        let name = match &zone {
            Some(zone) => format!("NAT {zone}"),
            None => format!("NAT {}", short(&index.changes[gateway].address)),
        };
        let current = index.current(gateway);
        let member = Member { old: gateway, ..Member::one(current, zone, vec![link]) };
        all.push(Service {
            name,
            about: table,
            kind: ServiceKind::Egress,
            members: vec![member],
            coming: Vec::new(),
            front: BTreeSet::new(),
        });
    };
    for (i, change) in index.of_type("aws_route") {
        let Some(attrs) = &change.before else { continue };
        if let (true, Some(table), Some(gateway)) =
            (everything(attrs), index.of(attrs, "route_table_id"), index.of(attrs, "nat_gateway_id"))
        {
            add(table, gateway, i);
        }
    }
    for (i, change) in index.of_type("aws_route_table") {
        let Some(attrs) = &change.before else { continue };
        for route in attrs.blocks("route").iter().filter(|route| everything(route)) {
            if let Some(gateway) = index.of(route, "nat_gateway_id") {
                add(i, gateway, i);
            }
        }
    }
    all
}

/// Whether a route is the default route.
fn everything(route: &Attrs) -> bool {
    ["destination_cidr_block", "cidr_block"].iter().any(|name| route.str(name) == Some("0.0.0.0/0"))
}

fn vpns(index: &Index<'_>) -> Vec<Service> {
    let connections = index.of_type("aws_vpn_connection").filter(|(_, c)| c.before.is_some());
    let service = |(i, change): (usize, &Change)| Service {
        name: short(&change.address),
        about: i,
        kind: ServiceKind::Vpn,
        members: vec![Member::one(i, None, routes_to(index, i))],
        coming: Vec::new(),
        front: BTreeSet::new(),
    };
    connections.map(service).collect()
}

/// The static routes of a VPN connection.
fn routes_to(index: &Index<'_>, connection: usize) -> Vec<usize> {
    let routes = index.of_type("aws_vpn_connection_route");
    let to = |c: &Change| c.before.as_ref().and_then(|a| index.of(a, "vpn_connection_id")) == Some(connection);
    routes.filter(|(_, c)| to(c)).map(|(i, _)| i).collect()
}

fn databases(index: &Index<'_>) -> Vec<Service> {
    let alone = |i: usize, change: &Change| Service {
        name: short(&change.address),
        about: i,
        kind: ServiceKind::Database,
        members: vec![Member::one(i, index.zone(i), Vec::new())],
        coming: Vec::new(),
        front: BTreeSet::new(),
    };
    let mut all: Vec<Service> = index
        .of_type("aws_db_instance")
        .filter(|(_, c)| c.before.as_ref().is_some_and(|a| a.str("replicate_source_db").is_none_or(str::is_empty)))
        .map(|(i, c)| alone(i, c))
        .collect();
    for (cluster, change) in index.of_type("aws_rds_cluster").filter(|(_, c)| c.before.is_some()) {
        let id = change.before.as_ref().and_then(|a| a.str("cluster_identifier").or(a.str("id")));
        let part = |c: &Change| c.before.as_ref().is_some_and(|a| a.str("cluster_identifier") == id);
        let members = index.of_type("aws_rds_cluster_instance").filter(|(_, c)| part(c));
        let members: Vec<Member> = members.map(|(i, _)| Member::lasting(index, i)).collect();
        all.push(Service {
            name: short(&change.address),
            about: cluster,
            kind: ServiceKind::Database,
            members,
            coming: Vec::new(),
            front: BTreeSet::from([cluster]),
        });
    }
    all
}

/// Instances that no target group reaches, by block.
fn servers(index: &Index<'_>, balanced: &BTreeSet<usize>) -> Vec<Service> {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, change) in index.of_type("aws_instance").filter(|(i, c)| c.before.is_some() && !balanced.contains(i)) {
        let resource = change.address.resource.instance(InstanceKey::None);
        blocks.entry(resource.to_string()).or_default().push(i);
    }
    let service = |members: Vec<usize>| Service {
        name: short(&index.changes[members[0]].address.resource.instance(InstanceKey::None)),
        about: members[0],
        kind: ServiceKind::Server,
        members: members.into_iter().map(|change| Member::lasting(index, change)).collect(),
        coming: Vec::new(),
        front: BTreeSet::new(),
    };
    blocks.into_values().map(service).collect()
}

/// Names that mean nothing by themselves, as modules use them for their only object.
const PLAIN: [&str; 4] = ["this", "main", "default", "member"];

/// The name of the block, or of the module when the block's says nothing; with the instance's key.
pub fn short(address: &Address) -> String {
    let block = address.resource.name.to_string();
    let own = match &address.key {
        InstanceKey::None => block.clone(),
        InstanceKey::Index(i) => format!("{block}[{i}]"),
        InstanceKey::Key(k) => format!("{block}[{k}]"),
    };
    match address.resource.module.0.last() {
        Some((module, key)) if PLAIN.contains(&block.as_str()) => {
            let key = match key {
                InstanceKey::None => String::new(),
                InstanceKey::Index(i) => format!("[{i}]"),
                InstanceKey::Key(k) => format!("[{k}]"),
            };
            format!("{module}{key}{}", &own[block.len()..])
        }
        _ => own,
    }
}

/// Services of one name get their addresses instead.
fn name_apart(services: &mut [Service], changes: &[Change]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    services.iter().for_each(|s| *seen.entry(s.name.clone()).or_default() += 1);
    for service in services.iter_mut().filter(|s| seen[&s.name] > 1) {
        service.name = changes[service.about].address.to_string();
    }
}
