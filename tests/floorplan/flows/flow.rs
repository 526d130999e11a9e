//! The flows of the shop, and what should never be one, asked of the objects of a moment.

use crate::packets::{Answer, Object, Objects, Party, Protocol, Question, ask, ask_through};
use std::collections::BTreeMap;

/// A flow, by its ends and its port as a plan would name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    /// Customers to the balancer, and through it to the servers.
    Shop,
    /// Each server to the database.
    Query,
    /// The office to the database.
    Office,
    /// Each server to the Internet.
    Out,
    /// The Internet to the server that has an address of its own.
    Edge,
    /// The Internet to a port of any server that is not for it: never.
    Door,
    /// The office to a server: never.
    Back,
}

pub const ALL: [Flow; 7] = [Flow::Shop, Flow::Query, Flow::Office, Flow::Out, Flow::Edge, Flow::Door, Flow::Back];

/// Names by which clients know what they call: they do not learn of others while a plan is carried out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    balancer: String,
    database: String,
    edge: String,
}

/// How many members of each flow are served at a moment.
pub type Moment = BTreeMap<Flow, usize>;

const CUSTOMER: &str = "198.51.100.7";
const IN_THE_OFFICE: &str = "10.9.0.7";
const SOMEWHERE: &str = "198.51.100.99";

impl Known {
    /// The names in use now.
    pub fn of(objects: &Objects) -> Self {
        let first = |kind: &str, attribute: &str| {
            objects.iter().find(|each| each.kind == kind).map_or(String::new(), |each| text(each, attribute))
        };
        let edge = named(objects, "edge").next().map_or(String::new(), |edge| text(edge, "public_ip"));
        Known { balancer: first("aws_lb", "id"), database: first("aws_db_instance", "endpoint"), edge }
    }

    /// What there is at this moment.
    pub fn look(&self, objects: &Objects) -> Moment {
        ALL.into_iter().map(|flow| (flow, self.served(objects, flow))).collect()
    }

    fn served(&self, objects: &Objects, flow: Flow) -> usize {
        let customer = || Party::Internet(CUSTOMER.parse().expect("an address"));
        let database = self.database(objects);
        match flow {
            Flow::Shop => self.through_balancer(objects),
            Flow::Query => {
                let asks = |web: &&Object| database.is_some_and(|db| reaches(objects, Party::of(web), db, 5432));
                named(objects, "web").filter(asks).count()
            }
            Flow::Office => {
                let office = Party::address(IN_THE_OFFICE);
                let from = |connection: &&Object| {
                    let from = Party::Vpn(connection.address.clone(), office);
                    database.is_some_and(|db| reaches(objects, from, db, 5432))
                };
                of_kind(objects, "aws_vpn_connection").filter(from).count().min(1)
            }
            Flow::Out => {
                let somewhere = || Party::Internet(SOMEWHERE.parse().expect("an address"));
                let goes = |web: &&Object| opens(objects, Party::of(web), somewhere(), 443) == Answer::Yes;
                named(objects, "web").filter(goes).count()
            }
            Flow::Edge => {
                let address = self.edge.parse().map(Party::Address);
                usize::from(address.is_ok_and(|to| opens(objects, customer(), to, 443) == Answer::Yes))
            }
            // Whatever may be reached counts.
            Flow::Door => {
                let open = |server: &&Object| opens(objects, customer(), Party::of(server), 8443) != Answer::No;
                of_kind(objects, "aws_instance").filter(open).count()
            }
            Flow::Back => {
                let office = || Party::address(IN_THE_OFFICE);
                let enters = |connection: &Object| Party::Vpn(connection.address.clone(), office());
                let connections: Vec<&Object> = of_kind(objects, "aws_vpn_connection").collect();
                let open = |web: &&Object| {
                    connections.iter().any(|c| opens(objects, enters(c), Party::of(web), 8080) != Answer::No)
                };
                named(objects, "web").filter(open).count()
            }
        }
    }

    /// The database that has the name and the port that its clients know.
    fn database<'a>(&self, objects: &'a Objects) -> Option<&'a Object> {
        of_kind(objects, "aws_db_instance").find(|db| text(db, "endpoint") == self.database && port(db) == 5432)
    }

    /// How many servers the balancer that customers know sends to, and they get it.
    ///
    /// AWS: a target in a zone that is not enabled for the balancer gets nothing; one that fails its check gets nothing,
    /// and the balancer checks at the port that its group says.
    fn through_balancer(&self, objects: &Objects) -> usize {
        let known = of_kind(objects, "aws_lb").find(|lb| text(lb, "id") == self.balancer);
        let Some(balancer) = known.filter(|lb| lb.attributes["blocked"] != true) else { return 0 };
        let customer = Party::Internet(CUSTOMER.parse().expect("an address"));
        let client = Question { from: customer, to: Party::of(balancer), protocol: Protocol::Tcp, port: 80 };
        let served = ask_through(objects, &client).into_iter().filter(|(target, port, answer)| {
            let target = objects.iter().find(|each| each.address == *target);
            *answer == Answer::Yes
                && target.is_some_and(|target| {
                    zones(objects, balancer).contains(&zone(objects, &text(target, "subnet_id")))
                        && reaches(objects, Party::of(balancer), target, checked_at(objects, target, *port))
                })
        });
        let mut servers: Vec<String> = served.map(|(target, ..)| target).collect();
        servers.sort();
        servers.dedup();
        servers.len()
    }
}

impl Party {
    fn of(object: &Object) -> Self {
        Party::Object(object.address.clone())
    }

    fn address(text: &str) -> std::net::IpAddr {
        text.parse().expect("an address")
    }
}

fn text(object: &Object, attribute: &str) -> String {
    object.attributes[attribute].as_str().unwrap_or_default().to_owned()
}

fn port(object: &Object) -> u16 {
    text(object, "port").parse().unwrap_or_default()
}

fn of_kind<'a>(objects: &'a Objects, kind: &'static str) -> impl Iterator<Item = &'a Object> {
    objects.iter().filter(move |each| each.kind == kind)
}

/// The servers of this name.
fn named<'a>(objects: &'a Objects, name: &'static str) -> impl Iterator<Item = &'a Object> {
    of_kind(objects, "aws_instance").filter(move |each| each.attributes["name"] == name)
}

fn opens(objects: &Objects, from: Party, to: Party, port: u16) -> Answer {
    ask(objects, &Question { from, to, protocol: Protocol::Tcp, port }).0
}

fn reaches(objects: &Objects, from: Party, to: &Object, port: u16) -> bool {
    opens(objects, from, Party::of(to), port) == Answer::Yes
}

fn zone(objects: &Objects, subnet: &str) -> String {
    let found = of_kind(objects, "aws_subnet").find(|each| each.attributes["id"] == subnet);
    found.map_or(String::new(), |subnet| text(subnet, "availability_zone"))
}

fn zones(objects: &Objects, balancer: &Object) -> Vec<String> {
    let subnets = balancer.attributes["subnets"].as_array().into_iter().flatten();
    subnets.filter_map(|subnet| subnet.as_str()).map(|subnet| zone(objects, subnet)).collect()
}

/// The port at which a target's group has it checked.
fn checked_at(objects: &Objects, target: &Object, port: u16) -> u16 {
    let attached = of_kind(objects, "aws_lb_target_group_attachment")
        .find(|each| each.attributes["target_id"] == target.attributes["id"]);
    let group = attached.map_or(String::new(), |each| text(each, "target_group_arn"));
    let group = of_kind(objects, "aws_lb_target_group").find(|each| text(each, "id") == group);
    group.and_then(|group| text(group, "health_check_port").parse().ok()).unwrap_or(port)
}
