//! What a layout serves, read from how its objects refer to each other: what is reachable behind each
//! target group, the way out of private subnets, VPN connections, database endpoints, servers.
//!
//! It tells only what is there before the plan is carried out; what a plan does to it is
//! `availability`'s to judge.

use super::change::{Action, Change};
use super::promise::ServiceKind;
use crate::graph::Address;
use crate::graph::address::InstanceKey;
use crate::lang::Value;
use crate::resource::Attrs;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Something that is of use to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its short name.
    pub name: String,
    /// The index of the change of the object that it is about.
    pub about: usize,
    /// What it is.
    pub kind: ServiceKind,
    /// What serves.
    pub members: Vec<Member>,
    /// What stands before the members: listeners and balancers, as indexes of changes.
    pub front: BTreeSet<usize>,
}

/// One of those that serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The index of the change of the object.
    pub change: usize,
    /// How many serve by it: those of a scaling group, else one.
    pub count: usize,
    /// Its zone, where it is known.
    pub zone: Option<String>,
    /// What puts it in service: attachments and routes, as indexes of changes.
    pub links: Vec<usize>,
}

impl Service {
    /// How many serve.
    pub fn size(&self) -> usize {
        self.members.iter().map(|m| m.count).sum()
    }
}

impl Member {
    fn one(change: usize, zone: Option<String>, links: Vec<usize>) -> Self {
        Member { change, count: 1, zone, links }
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

    /// How many serve by an object: the members of a scaling group, else one.
    fn count(&self, i: usize) -> usize {
        let change = &self.changes[i];
        let desired = change.is("aws_autoscaling_group").then(|| change.now()?.int("desired_capacity")).flatten();
        desired.map_or(1, |n| usize::try_from(n).unwrap_or(0))
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
pub fn of(changes: &[Change]) -> Vec<Service> {
    let index = Index::new(changes);
    let mut all = targets(&index);
    let balanced: BTreeSet<usize> = all.iter().flat_map(|s| &s.members).map(|m| m.change).collect();
    all.extend(egress(&index));
    all.extend(vpns(&index));
    all.extend(databases(&index));
    all.extend(servers(&index, &balanced));
    name_apart(&mut all, changes);
    all
}

/// What target groups reach.
fn targets(index: &Index<'_>) -> Vec<Service> {
    let mut members: BTreeMap<usize, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
    let mut add = |group: usize, member: usize, link: Option<usize>| {
        members.entry(group).or_default().entry(member).or_default().extend(link);
    };
    for (link, change) in index.of_type("aws_lb_target_group_attachment") {
        let Some(attrs) = &change.before else { continue };
        if let (Some(group), Some(target)) = (index.of(attrs, "target_group_arn"), index.of(attrs, "target_id")) {
            add(group, target, Some(link));
        }
    }
    for (i, change) in index.of_type("aws_autoscaling_group") {
        let Some(attrs) = &change.before else { continue };
        attrs.elements("target_group_arns").iter().filter_map(|arn| index.find(arn)).for_each(|g| add(g, i, None));
    }
    for (link, change) in index.of_type("aws_autoscaling_attachment") {
        let Some(attrs) = &change.before else { continue };
        let by_name = |name: &str| {
            index.of_type("aws_autoscaling_group").find(|(_, c)| c.now().and_then(|a| a.str("name")) == Some(name))
        };
        let group = attrs.str("autoscaling_group_name").and_then(by_name).map(|(i, _)| i);
        if let (Some(targets), Some(member)) = (index.of(attrs, "lb_target_group_arn"), group) {
            add(targets, member, Some(link));
        }
    }
    let fronts = fronts(index);
    let service = |(group, members): (usize, BTreeMap<usize, Vec<usize>>)| Service {
        name: short(&index.changes[group].address),
        about: group,
        kind: ServiceKind::Targets,
        members: members
            .into_iter()
            .map(|(change, links)| Member {
                count: index.count(change),
                ..Member::one(change, index.zone(change), links)
            })
            .collect(),
        front: fronts.get(&group).cloned().unwrap_or_default(),
    };
    members.into_iter().map(service).collect()
}

/// By target group the listeners, rules and balancers before it.
fn fronts(index: &Index<'_>) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut fronts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (type_name, actions) in [("aws_lb_listener", "default_action"), ("aws_lb_listener_rule", "action")] {
        for (i, change) in index.of_type(type_name) {
            let Some(attrs) = &change.before else { continue };
            let forwards = |action: &Attrs| -> Vec<usize> {
                let weighted = action.blocks("forward").into_iter().flat_map(|f| f.blocks("target_group"));
                let own = index.of(action, "target_group_arn");
                own.into_iter().chain(weighted.filter_map(|g| index.of(&g, "arn"))).collect()
            };
            let listener = index.of(attrs, "listener_arn");
            let balanced = listener.and_then(|l| index.changes[l].now()).unwrap_or(attrs);
            let balancer = index.of(balanced, "load_balancer_arn");
            for group in attrs.blocks(actions).iter().flat_map(forwards) {
                fronts.entry(group).or_default().extend([Some(i), listener, balancer].into_iter().flatten());
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
    // A table tells the routes too that resources of their own give it: those come first.
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
        let member = Member::one(gateway, zone, vec![link]);
        all.push(Service {
            name,
            about: table,
            kind: ServiceKind::Egress,
            members: vec![member],
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
        let members: Vec<Member> = members.map(|(i, _)| Member::one(i, index.zone(i), Vec::new())).collect();
        all.push(Service {
            name: short(&change.address),
            about: cluster,
            kind: ServiceKind::Database,
            members,
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
        members: members.into_iter().map(|change| Member::one(change, index.zone(change), Vec::new())).collect(),
        front: BTreeSet::new(),
    };
    blocks.into_values().map(service).collect()
}

/// Names that tell nothing by themselves, as modules use them for their only object.
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
