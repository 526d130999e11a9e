//! Things in subnets: balancers, servers, databases and the like, with what is worth a word of each.

use super::{House, Scene};
use crate::network::Object;
use crate::network::index::Index;
use crate::network::kinds::ObjectKind;
use crate::network::model::Model;
use crate::network::read::{flag, number, text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Something that is in subnets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its address.
    pub address: Arc<str>,
    /// What it is.
    pub kind: ThingKind,
    /// What is worth a word, such as `mysql 8.0`.
    pub details: Vec<String>,
    /// The subnets of its VPC that it is in.
    pub rooms: Vec<usize>,
    /// The objects that it is made of or filtered by: cards, cluster members, security groups.
    pub follows: Vec<Arc<str>>,
}

/// The kinds of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ThingKind {
    /// A load balancer.
    Balancer,
    /// A NAT gateway.
    Nat,
    /// A server.
    Server,
    /// A group of servers that scales.
    Scaling,
    /// Containers of a service.
    Containers,
    /// A function.
    Function,
    /// A database.
    Database,
    /// A cache.
    Cache,
    /// A file system.
    Files,
    /// An endpoint of a service.
    Endpoint,
    /// A network interface of its own.
    Card,
    /// Anything else.
    Other,
}

impl ThingKind {
    fn of(kind: Option<ObjectKind>) -> Self {
        match kind {
            Some(ObjectKind::Balancer | ObjectKind::ClassicBalancer) => ThingKind::Balancer,
            Some(ObjectKind::NatGateway) => ThingKind::Nat,
            Some(ObjectKind::Instance) => ThingKind::Server,
            Some(ObjectKind::ScalingGroup) => ThingKind::Scaling,
            Some(ObjectKind::Containers) => ThingKind::Containers,
            Some(ObjectKind::Function) => ThingKind::Function,
            Some(ObjectKind::Database | ObjectKind::DatabaseCluster | ObjectKind::DatabaseMember) => {
                ThingKind::Database
            }
            Some(ObjectKind::Cache) => ThingKind::Cache,
            Some(ObjectKind::FileSystem) => ThingKind::Files,
            Some(ObjectKind::Endpoint) => ThingKind::Endpoint,
            Some(ObjectKind::Interface) => ThingKind::Card,
            _ => ThingKind::Other,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            ThingKind::Balancer => "balancer",
            ThingKind::Nat => "NAT",
            ThingKind::Server => "server",
            ThingKind::Scaling => "scaling group",
            ThingKind::Containers => "containers",
            ThingKind::Function => "function",
            ThingKind::Database => "database",
            ThingKind::Cache => "cache",
            ThingKind::Files => "file system",
            ThingKind::Endpoint => "endpoint",
            ThingKind::Card => "interface",
            ThingKind::Other => "service",
        }
    }
}

/// Puts everything that has interfaces where these are.
pub(super) fn place(model: &Model, index: &Index<'_>, room_of: &[(usize, usize)], scene: &mut Scene) {
    let mut all: Vec<(usize, &Vec<usize>)> = model.interfaces.of_object.iter().map(|(at, own)| (*at, own)).collect();
    all.sort_unstable();
    // What has interfaces of another object is where these are, and they are part of it.
    let lent: BTreeSet<usize> = all
        .iter()
        .flat_map(|(at, own)| own.iter().map(move |i| (at, model.interfaces.all[*i].object)))
        .filter(|(at, of)| **at != *of)
        .map(|(_, of)| of)
        .collect();
    let clusters = clusters(index);
    let nowhere = scene.houses.len() - 1;
    for (at, interfaces) in all.into_iter().filter(|(at, _)| !lent.contains(at) && !clusters.of.contains_key(at)) {
        let object = &index.objects[at];
        let (mut rooms, mut follows): (BTreeMap<usize, BTreeSet<usize>>, BTreeSet<Arc<str>>) = Default::default();
        for interface in interfaces.iter().map(|i| &model.interfaces.all[*i]) {
            if let Some((house, room)) = interface.subnet.and_then(|subnet| room_of.get(subnet)) {
                rooms.entry(*house).or_default().insert(*room);
            }
            follows.extend(
                interface
                    .groups
                    .iter()
                    .filter_map(|group| model.groups.all.get(*group))
                    .map(|group| group.name.clone()),
            );
            follows.extend((interface.object != at).then(|| interface.name.clone()));
        }
        let members = clusters.members.get(&at).map(Vec::as_slice).unwrap_or_default();
        follows.extend(members.iter().map(|member| index.objects[*member].address.clone()));
        let (house, rooms) = rooms.into_iter().next().unwrap_or((nowhere, BTreeSet::new()));
        scene.houses[house].things.push(Thing {
            address: object.address.clone(),
            kind: ThingKind::of(ObjectKind::of(&object.type_name)),
            details: details(object, members.len()),
            rooms: rooms.into_iter().collect(),
            follows: follows.into_iter().collect(),
        });
    }
    scene.houses.iter_mut().for_each(|house: &mut House| house.things.sort_by(|a, b| a.address.cmp(&b.address)));
}

/// Database clusters with their members.
struct Clusters {
    members: BTreeMap<usize, Vec<usize>>,
    of: BTreeMap<usize, usize>,
}

fn clusters(index: &Index<'_>) -> Clusters {
    let mut found = Clusters { members: BTreeMap::new(), of: BTreeMap::new() };
    for (member, object) in index.of(&["aws_rds_cluster_instance"]) {
        let cluster = index.refers(&object.attributes, "cluster_identifier", &["aws_rds_cluster"]).object();
        if let Some(cluster) = cluster {
            found.members.entry(cluster).or_default().push(member);
            found.of.insert(member, cluster);
        }
    }
    found
}

/// The words for a thing besides its name.
fn details(object: &Object, members: usize) -> Vec<String> {
    let of = &object.attributes;
    let word = |name: &str| text(of, name).known().map(str::to_owned);
    let many = |count: i64, one: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") };
    let mut all: Vec<String> = Vec::new();
    let Some(kind) = ObjectKind::of(&object.type_name) else { return all };
    match kind {
        ObjectKind::Balancer | ObjectKind::ClassicBalancer => {
            let sort = word("load_balancer_type").unwrap_or_else(|| "application".into());
            let sort = if kind == ObjectKind::ClassicBalancer { "classic".into() } else { sort };
            let inside = flag(of, "internal").known() == Some(true);
            all.push(format!("{sort} balancer{}", if inside { ", internal" } else { "" }));
        }
        ObjectKind::NatGateway => all.extend(word("public_ip")),
        ObjectKind::Instance => {
            all.extend(word("instance_type"));
            all.extend(word("public_ip"));
        }
        ObjectKind::ScalingGroup => {
            let (min, max) = (number(of, "min_size").known(), number(of, "max_size").known());
            match (min, max) {
                (Some(min), Some(max)) if min == max => all.push(many(max, "server")),
                (Some(min), Some(max)) => all.push(format!("{min} to {}", many(max, "server"))),
                _ => all.push("scaling group".into()),
            }
        }
        ObjectKind::Database => {
            all.push(joined(&[word("engine"), word("engine_version")], "database"));
            all.extend((flag(of, "multi_az").known() == Some(true)).then(|| "primary and standby".to_owned()));
            all.extend(word("replicate_source_db").map(|_| "replica".to_owned()));
        }
        ObjectKind::DatabaseCluster => {
            all.push(joined(&[word("engine"), word("engine_version")], "cluster"));
            all.push(match members {
                0 => "cluster".to_owned(),
                1 => "primary alone".to_owned(),
                more => format!("primary and {}", many(more as i64 - 1, "reader")),
            });
        }
        ObjectKind::Cache => {
            all.push(joined(&[word("engine"), word("engine_version")], "cache"));
            let nodes = number(of, "num_cache_clusters").known().or(number(of, "num_cache_nodes").known());
            all.extend(nodes.map(|nodes| many(nodes, "node")));
        }
        ObjectKind::Containers => all.extend(number(of, "desired_count").known().map(|count| many(count, "task"))),
        ObjectKind::Function => all.extend(word("runtime")),
        ObjectKind::Endpoint => all.extend(word("service_name").map(|name| service(&name))),
        _ => {}
    }
    all
}

/// The short name of a service of AWS.
pub(super) fn service(name: &str) -> String {
    name.strip_prefix("com.amazonaws.")
        .and_then(|rest| rest.split_once('.'))
        .map_or_else(|| name.to_owned(), |(_, service)| service.to_owned())
}

fn joined(words: &[Option<String>], without: &str) -> String {
    let words: Vec<&str> = words.iter().flatten().map(String::as_str).collect();
    if words.is_empty() { without.to_owned() } else { words.join(" ") }
}
