//! Looks at AWS, five times a second: from every listener to the healthy targets, from every private subnet to a live
//! NAT gateway, at every tunnel, at every database.

use crate::support::World;
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(200);

/// What is served at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Moment {
    /// How many healthy targets the listener reaches that reaches the fewest; 0 where none leads to targets.
    pub serving: usize,
    /// By zone: whether each of its private subnets sends everything to a NAT gateway that lives.
    pub out: BTreeMap<String, bool>,
    /// By VPN connection: how many of its tunnels are up.
    pub tunnels: BTreeMap<String, usize>,
    /// Databases that can be asked.
    pub databases: BTreeSet<String>,
}

/// The text of the first element of this name below a node.
pub fn text(node: &Node<'_, '_>, name: &str) -> Option<String> {
    let found = node.descendants().find(|n| n.tag_name().name() == name)?;
    found.text().map(str::to_owned)
}

/// The text of a child of a node.
fn own(node: &Node<'_, '_>, name: &str) -> Option<String> {
    node.children().find(|n| n.tag_name().name() == name)?.text().map(str::to_owned)
}

/// The elements of all lists of this name below a node.
fn below<'a, 'd>(node: &Node<'a, 'd>, name: &'static str) -> impl Iterator<Item = Node<'a, 'd>> + use<'a, 'd> {
    let sets = node.descendants().filter(move |n| n.tag_name().name() == name);
    sets.flat_map(|n| n.children().filter(Node::is_element).collect::<Vec<_>>())
}

/// Where requests and packets are sent, by what it says in listeners and routes.
#[derive(PartialEq)]
struct Ways {
    /// The target groups of each listener that leads to some.
    listeners: BTreeMap<String, BTreeSet<String>>,
    /// Zone and gateway of each private subnet.
    subnets: BTreeMap<String, (String, Option<String>)>,
}

fn ways(world: &World) -> Ways {
    let mut listeners = BTreeMap::new();
    for balancer in world.query("elasticloadbalancing", "DescribeLoadBalancers", &[]).all("LoadBalancerArn") {
        // It may be gone by now.
        let asked = [("LoadBalancerArn", balancer.as_str())];
        let (status, answer) = world.try_query("elasticloadbalancing", "DescribeListeners", &asked);
        if status != 200 {
            continue;
        }
        let document = answer.document();
        for listener in below(&document.root_element(), "Listeners") {
            let groups = led_to(&listener);
            if let (Some(arn), false) = (text(&listener, "ListenerArn"), groups.is_empty()) {
                listeners.insert(arn, groups);
            }
        }
    }
    Ways { listeners, subnets: subnets(world) }
}

fn led_to(listener: &Node<'_, '_>) -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    for action in below(listener, "DefaultActions") {
        let shares: Vec<_> = below(&action, "TargetGroups").collect();
        let sends = |share: &&Node<'_, '_>| shares.len() == 1 || text(share, "Weight").is_none_or(|w| w != "0");
        groups.extend(shares.iter().filter(sends).filter_map(|s| text(s, "TargetGroupArn")));
        if shares.is_empty() {
            groups.extend(text(&action, "TargetGroupArn"));
        }
    }
    groups
}

fn subnets(world: &World) -> BTreeMap<String, (String, Option<String>)> {
    let tagged = [("Filter.1.Name", "tag:tier"), ("Filter.1.Value.1", "private")];
    let answer = world.ec2("DescribeSubnets", &tagged);
    let document = answer.document();
    let mut all: BTreeMap<String, (String, Option<String>)> = below(&document.root_element(), "subnetSet")
        .filter_map(|subnet| Some((text(&subnet, "subnetId")?, (text(&subnet, "availabilityZone")?, None))))
        .collect();
    if all.is_empty() {
        return all;
    }
    let answer = world.ec2("DescribeRouteTables", &[]);
    let document = answer.document();
    for table in below(&document.root_element(), "routeTableSet") {
        let mut routes = below(&table, "routeSet");
        let default = routes.find(|r| text(r, "destinationCidrBlock").as_deref() == Some("0.0.0.0/0"));
        let gateway = default.and_then(|route| text(&route, "natGatewayId"));
        for subnet in below(&table, "associationSet").filter_map(|a| text(&a, "subnetId")) {
            if let Some(place) = all.get_mut(&subnet) {
                place.1.clone_from(&gateway);
            }
        }
    }
    all
}

fn healthy(world: &World, group: &str) -> BTreeSet<String> {
    let (status, answer) =
        world.try_query("elasticloadbalancing", "DescribeTargetHealth", &[("TargetGroupArn", group)]);
    if status != 200 {
        return BTreeSet::new();
    }
    let document = answer.document();
    let members = below(&document.root_element(), "TargetHealthDescriptions");
    members.filter(|m| text(m, "State").as_deref() == Some("healthy")).filter_map(|m| text(&m, "Id")).collect()
}

fn arrives(world: &World, ways: &Ways) -> Moment {
    let mut reached: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for group in ways.listeners.values().flatten() {
        reached.entry(group).or_insert_with(|| healthy(world, group));
    }
    let targets = |groups: &BTreeSet<String>| groups.iter().flat_map(|g| &reached[g.as_str()]).collect::<BTreeSet<_>>();
    let serving = ways.listeners.values().map(|groups| targets(groups).len()).min().unwrap_or(0);
    let mut out = BTreeMap::new();
    if !ways.subnets.is_empty() {
        let alive = world.ids("DescribeNatGateways", "natGatewayId", &[("state", "available")]);
        for (zone, gateway) in ways.subnets.values() {
            let leads = gateway.as_ref().is_some_and(|id| alive.contains(id));
            out.entry(zone.clone()).and_modify(|all| *all &= leads).or_insert(leads);
        }
    }
    Moment { serving, out, tunnels: tunnels(world), databases: databases(world) }
}

fn tunnels(world: &World) -> BTreeMap<String, usize> {
    let answer = world.ec2("DescribeVpnConnections", &[]);
    let document = answer.document();
    let lives = |c: &Node<'_, '_>| own(c, "state").is_none_or(|state| state != "deleted");
    let up = |c: &Node<'_, '_>| below(c, "vgwTelemetry").filter(|t| text(t, "status").as_deref() == Some("UP")).count();
    let connections = below(&document.root_element(), "vpnConnectionSet").filter(lives);
    connections.filter_map(|c| Some((own(&c, "vpnConnectionId")?, up(&c)))).collect()
}

fn databases(world: &World) -> BTreeSet<String> {
    let answer = world.query("rds", "DescribeDBInstances", &[]);
    let document = answer.document();
    let answers =
        |db: &Node<'_, '_>| !["creating", "deleting"].contains(&text(db, "DBInstanceStatus").as_deref().unwrap_or(""));
    let all = below(&document.root_element(), "DBInstances").filter(answers);
    all.filter_map(|db| text(&db, "DBInstanceIdentifier")).collect()
}

/// What is served at this moment: what moves between two calls is looked at again.
pub fn look(world: &World) -> Moment {
    let mut led = ways(world);
    loop {
        let moment = arrives(world, &led);
        let leads = ways(world);
        if leads == led {
            return moment;
        }
        led = leads;
    }
}

impl Moment {
    /// Whether all that was served then is served now.
    fn serves_all_of(&self, then: &Moment) -> bool {
        self.serving >= then.serving
            && then.out.iter().all(|(zone, out)| !out || self.out.get(zone) == Some(&true))
            && then.tunnels.iter().all(|(id, up)| self.tunnels.get(id).is_some_and(|now| now >= up))
    }
}

/// Ends the sampler, also when the work panics.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Looks again and again while `work` is done; gives all that was seen, the moments before and after it too.
pub fn sampled<R>(world: &World, work: impl FnOnce() -> R) -> (Vec<Moment>, R) {
    let over = AtomicBool::new(false);
    let first = look(world);
    // What moves between two calls looks worse than it is, never better.
    let quick = || Some(arrives(world, &ways(world))).filter(|moment| moment.serves_all_of(&first));
    let (mut seen, result) = std::thread::scope(|scope| {
        let sampler = scope.spawn(|| {
            let mut seen = vec![first.clone()];
            while !over.load(Ordering::Relaxed) {
                seen.push(quick().unwrap_or_else(|| look(world)));
                std::thread::sleep(EVERY);
            }
            seen
        });
        let ends = Ends(&over);
        let result = work();
        drop(ends);
        (sampler.join().expect("looking does not fail"), result)
    });
    seen.push(look(world));
    (seen, result)
}
