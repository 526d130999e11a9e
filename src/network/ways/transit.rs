//! Transit gateways: attachments, the table that each follows, and what attachments put into tables.

use super::routes::{Door, Priority, Route, Target};
use super::sites::Connection;
use super::tables::Table;
use crate::network::filters::{LISTS, Ranges, ranges};
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::places::{Places, VPCS};
use crate::network::read::{Fact, addresses, flag, text};
use crate::network::space::Addresses;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

const GATEWAYS: [&str; 1] = ["aws_ec2_transit_gateway"];
/// The types that are, or have, a table of a transit gateway.
const TABLES: [&str; 2] = ["aws_ec2_transit_gateway_route_table", "aws_ec2_transit_gateway"];
/// The types that are, or have, an attachment.
const ATTACHMENTS: [&str; 5] = [
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_vpn_connection",
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_connect",
    "aws_dx_gateway_association",
];

/// What is attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::network) enum Attached {
    /// A VPC, through an interface in each of these subnets.
    Vpc { vpc: Option<usize>, subnets: Vec<usize>, open: bool },
    /// A VPN connection.
    Site(usize),
    /// Another transit gateway, through a peering with these two ends.
    Peer([Option<Door>; 2]),
    /// Something that the model does not follow.
    Other,
}

/// An attachment.
#[derive(Debug)]
pub(in crate::network) struct Attachment {
    pub(in crate::network) name: Arc<str>,
    pub(in crate::network) gateway: Option<Door>,
    pub(in crate::network) attached: Attached,
    /// Whether rules may name groups across it, if that is known.
    pub(in crate::network) groups: Option<bool>,
    /// Whether it carries IPv6, if that is known.
    pub(in crate::network) v6: Option<bool>,
    /// Whether it spreads traffic over all of its subnets, if that is known.
    pub(in crate::network) appliance: Option<bool>,
    /// The tables that it may follow: none, one, or several if it is not known which.
    pub(in crate::network) tables: Vec<usize>,
}

/// All transit gateways.
#[derive(Debug, Default)]
pub(in crate::network) struct Transit {
    pub(in crate::network) attachments: Vec<Attachment>,
    pub(in crate::network) tables: Vec<Table>,
    by_object: HashMap<usize, usize>,
    /// The gateway of each table among the objects.
    gateways: HashMap<usize, Door>,
    table_of: HashMap<usize, usize>,
    table_named: HashMap<Arc<str>, usize>,
}

impl Transit {
    pub(in crate::network) fn of(index: &Index<'_>, places: &mut Places, connections: &[Connection]) -> Self {
        let mut transit = Transit::default();
        for (at, object) in index.of(&TABLES) {
            let gateway = &*object.type_name == GATEWAYS[0];
            let name =
                if gateway { format!("default table of {}", object.address) } else { object.address.to_string() };
            transit.table_of.insert(at, transit.tables.len());
            let of = match gateway {
                true => Some(Door::Listed(at)),
                false => index.refers(&object.attributes, "transit_gateway_id", &GATEWAYS).object().map(Door::Listed),
            };
            transit.gateways.extend(of.map(|of| (transit.tables.len(), of)));
            transit.tables.push(Table::empty(name.into(), None, false));
        }
        for (at, object) in index.of(&ATTACHMENTS) {
            transit.attach(index, places, connections, at, &object.address);
        }
        transit.associate(index);
        transit.propagate(index, places, connections);
        transit.route(index);
        for table in &mut transit.tables {
            table.choose(&Addresses::default());
        }
        transit
    }

    /// What tables say is behind a VPN connection.
    pub(in crate::network) fn behind(&self, connection: usize) -> Ranges {
        let is = |attachment: &usize| self.attachments[*attachment].attached == Attached::Site(connection);
        let routes = self.tables.iter().flat_map(|table| &table.routes);
        let leading = routes.filter(|route| matches!(&route.target, Target::Attachment(at) if is(at)));
        leading.fold(Ranges::default(), |all, route| all.union(&route.destination))
    }

    /// The gateway that a table is of.
    pub(in crate::network) fn gateway_of(&self, table: usize) -> Option<&Door> {
        self.gateways.get(&table)
    }

    fn attach(
        &mut self,
        index: &Index<'_>,
        places: &mut Places,
        connections: &[Connection],
        at: usize,
        name: &Arc<str>,
    ) {
        let object = &index.objects[at];
        let attributes = &object.attributes;
        let gateway = match index.refers(attributes, "transit_gateway_id", &GATEWAYS) {
            Link::To(gateway, _) => Some(Door::Listed(gateway)),
            Link::Elsewhere(id) => Some(Door::Elsewhere(id)),
            Link::Unknown => None,
            // A VPN connection of another gateway.
            Link::Nothing => return,
        };
        let attached = match &*object.type_name {
            "aws_ec2_transit_gateway_vpc_attachment" => {
                let vpc = places.vpc(&index.refers(attributes, "vpc_id", &VPCS));
                let (subnets, open) = places.subnets_at(index, attributes, "subnet_ids");
                Attached::Vpc { vpc, subnets, open }
            }
            "aws_vpn_connection" => {
                connections.iter().position(|one| one.object == at).map_or(Attached::Other, Attached::Site)
            }
            "aws_ec2_transit_gateway_peering_attachment" => {
                let end = |name: &str| match index.refers(attributes, name, &GATEWAYS) {
                    Link::To(gateway, _) => Some(Door::Listed(gateway)),
                    Link::Elsewhere(id) => Some(Door::Elsewhere(id)),
                    Link::Unknown | Link::Nothing => None,
                };
                Attached::Peer([end("transit_gateway_id"), end("peer_transit_gateway_id")])
            }
            _ => Attached::Other,
        };
        let support = |of: &Value| text(of, "security_group_referencing_support").known() == Some("enable");
        let groups = match (&gateway, text(attributes, "security_group_referencing_support")) {
            (Some(Door::Listed(gateway)), own) => {
                Some(support(&index.objects[*gateway].attributes) && own.known() != Some("disable"))
            }
            _ => None,
        };
        self.by_object.insert(at, self.attachments.len());
        let enabled = |name: &str| match text(attributes, name) {
            Fact::Known(word) => Some(word == "enable"),
            Fact::Absent => Some(false),
            Fact::Unknown => None,
        };
        let v6 = if matches!(attached, Attached::Vpc { .. }) { enabled("ipv6_support") } else { Some(true) };
        let appliance = enabled("appliance_mode_support");
        let (name, tables) = (name.clone(), Vec::new());
        self.attachments.push(Attachment { name, gateway, attached, groups, v6, appliance, tables });
    }

    fn table(&mut self, link: &Link) -> Option<usize> {
        match link {
            Link::To(object, _) => self.table_of.get(object).copied(),
            Link::Elsewhere(id) => {
                let next = self.tables.len();
                let found = *self.table_named.entry(id.clone()).or_insert(next);
                if found == next {
                    self.tables.push(Table::empty(id.clone(), None, true));
                }
                Some(found)
            }
            Link::Unknown | Link::Nothing => None,
        }
    }

    fn attachment(&self, index: &Index<'_>, of: &Value) -> (Option<usize>, bool) {
        let link = index.refers(of, "transit_gateway_attachment_id", &ATTACHMENTS);
        let found = link.object().and_then(|object| self.by_object.get(&object)).copied();
        (found, link == Link::Unknown)
    }

    /// The attachments of a gateway with the table that it gives those that say nothing else.
    fn preset(&mut self, index: &Index<'_>, at: usize, what: &str) -> Option<(Option<usize>, Option<bool>)> {
        let object = self.by_object.iter().find(|(_, attachment)| **attachment == at).map(|(object, _)| *object)?;
        let attributes = &index.objects[object].attributes;
        let own = flag(attributes, &format!("transit_gateway_default_route_table_{what}"));
        if own.known() == Some(false) {
            return None;
        }
        match self.attachments[at].gateway.clone() {
            Some(Door::Listed(gateway)) => {
                let rule = text(&index.objects[gateway].attributes, &format!("default_route_table_{what}"));
                match rule {
                    Fact::Known("disable") => None,
                    rule => {
                        let sure = !own.is_unknown() && !rule.is_unknown();
                        Some((self.table_of.get(&gateway).copied(), Some(sure)))
                    }
                }
            }
            Some(Door::Elsewhere(id)) => {
                let table = self.table(&Link::Elsewhere(format!("default table of {id}").into()));
                Some((table, None))
            }
            None => Some((None, None)),
        }
    }

    fn associate(&mut self, index: &Index<'_>) {
        let mut explicit: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut anything = Vec::new();
        for (_, object) in index.of(&["aws_ec2_transit_gateway_route_table_association"]) {
            let link = index.refers(&object.attributes, "transit_gateway_route_table_id", &TABLES);
            let table = self.table(&link).unwrap_or_else(|| self.unknown(&object.address));
            match self.attachment(index, &object.attributes) {
                (Some(attachment), _) => {
                    let known = explicit.entry(attachment).or_default();
                    // A peering is associated with a table of each of its gateways.
                    if !matches!(self.attachments[attachment].attached, Attached::Peer(_)) {
                        known.clear();
                    }
                    known.push(table);
                }
                (None, true) => anything.push(table),
                _ => {}
            }
        }
        for at in 0..self.attachments.len() {
            let mut tables = anything.clone();
            match explicit.get(&at) {
                Some(own) => tables.extend(own),
                None => {
                    if let Some((table, sure)) = self.preset(index, at, "association") {
                        let name = self.attachments[at].name.clone();
                        tables.push(table.unwrap_or_else(|| self.unknown(&name)));
                        if sure == Some(false) {
                            tables.push(self.unknown(&name));
                        }
                    }
                }
            }
            if let Attached::Peer(ends) = &self.attachments[at].attached {
                for end in ends.iter().flatten() {
                    let Door::Listed(gateway) = end else { continue };
                    let rule = text(&index.objects[*gateway].attributes, "default_route_table_association");
                    let has = tables.iter().any(|table| self.gateways.get(table) == Some(end));
                    if !has && rule.known() != Some("disable") {
                        tables.extend(self.table_of.get(gateway));
                    }
                }
            }
            tables.dedup();
            self.attachments[at].tables = tables;
        }
    }

    fn unknown(&mut self, of: &str) -> usize {
        self.tables.push(Table::empty(format!("route table of {of}").into(), None, true));
        self.tables.len() - 1
    }

    fn propagate(&mut self, index: &Index<'_>, places: &Places, connections: &[Connection]) {
        for (_, object) in index.of(&["aws_ec2_transit_gateway_route_table_propagation"]) {
            let table = self.table(&index.refers(&object.attributes, "transit_gateway_route_table_id", &TABLES));
            match (table, self.attachment(index, &object.attributes)) {
                (Some(table), (Some(attachment), _)) => {
                    self.put(places, connections, table, attachment, object.address.clone())
                }
                (Some(table), (None, _)) => self.tables[table].set_open(),
                (None, _) => self.tables.iter_mut().for_each(Table::set_open),
            }
        }
        for at in 0..self.attachments.len() {
            if let Some((Some(table), sure)) = self.preset(index, at, "propagation") {
                self.put(places, connections, table, at, self.attachments[at].name.clone());
                if sure == Some(false) {
                    self.tables[table].set_open();
                }
            }
        }
    }

    fn put(&mut self, places: &Places, connections: &[Connection], table: usize, attachment: usize, name: Arc<str>) {
        let destinations = match &self.attachments[attachment].attached {
            Attached::Vpc { vpc: Some(vpc), .. } => {
                let vpc = &places.vpcs[*vpc];
                let carried = |range: &Addresses| match self.attachments[attachment].v6 {
                    Some(true) => Ranges::known(range.clone()),
                    Some(false) => Ranges::known(range.and(&Addresses::v4())),
                    None => Ranges::known(range.and(&Addresses::v4())).union(&Ranges::some(range.clone())),
                };
                let known = vpc.each.iter().map(carried);
                known.chain([Ranges::some(vpc.open.clone())]).collect()
            }
            // Static ranges are not announced: routes of the table say what is there.
            Attached::Site(at) => match connections[*at].is_static {
                Some(true) => Vec::new(),
                _ => vec![Ranges::some(connections[*at].behind.may.clone())],
            },
            Attached::Vpc { vpc: None, .. } | Attached::Other | Attached::Peer(_) => {
                vec![Ranges::some(Addresses::all())]
            }
        };
        let priority = match self.attachments[attachment].attached {
            Attached::Vpc { .. } => Priority::Propagated,
            _ => Priority::Announced,
        };
        let route = |destination: Ranges| {
            let (name, target) = (name.clone(), Target::Attachment(attachment));
            let part = Part::whole(&name);
            Route { name, part, destination, target, priority }
        };
        self.tables[table].routes.extend(destinations.into_iter().map(route));
    }

    fn route(&mut self, index: &Index<'_>) {
        for (_, object) in index.of(&["aws_ec2_transit_gateway_route", "aws_ec2_transit_gateway_prefix_list_reference"])
        {
            let attributes = &object.attributes;
            let mut priority = Priority::Static;
            let destination = match addresses(attributes, "destination_cidr_block") {
                Fact::Known(range) => Ranges::known(range),
                Fact::Unknown => Ranges::some(Addresses::all()),
                Fact::Absent => {
                    priority = Priority::List;
                    ranges(index, &index.refers(attributes, "prefix_list_id", &LISTS))
                }
            };
            let target = match (flag(attributes, "blackhole").known(), self.attachment(index, attributes)) {
                (Some(true), _) => Target::Blackhole,
                (_, (Some(attachment), _)) => Target::Attachment(attachment),
                _ => Target::Unknown,
            };
            let route = Route {
                name: object.address.clone(),
                part: Part::whole(&object.address),
                destination,
                target,
                priority,
            };
            match self.table(&index.refers(attributes, "transit_gateway_route_table_id", &TABLES)) {
                Some(table) => self.tables[table].routes.push(route),
                None => self.tables.iter_mut().for_each(Table::set_open),
            }
        }
    }
}
