//! Tables of routes: which table a subnet follows, and which route an address takes. The longest prefix counts; where it
//! is equal, a static route before a propagated one; and no propagated route before the ranges of the VPC itself.

use super::routes::{Priority, Route, Target, route};
use crate::network::filters::Ranges;
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::places::{Places, SUBNETS, VPCS};
use crate::network::read::elements;
use crate::network::space::{Addresses, Ip};
use ipnet::IpNet;
use std::collections::HashMap;
use std::sync::Arc;

/// The types that are, or have, a table.
pub(super) const TABLES: [&str; 4] = ["aws_route_table", "aws_default_route_table", "aws_vpc", "aws_default_vpc"];

/// A table.
#[derive(Debug)]
pub(in crate::network) struct Table {
    pub(in crate::network) name: Arc<str>,
    pub(in crate::network) vpc: Option<usize>,
    pub(in crate::network) routes: Vec<Route>,
    /// Whether it may have routes that are not known.
    open: bool,
    /// Which route each range takes, in order; made once all routes are known.
    chosen: Vec<(Ip, Ip, usize)>,
}

/// A part of the addresses and the route that it takes.
#[derive(Debug, Clone)]
pub(in crate::network) struct Choice {
    pub(in crate::network) addresses: Addresses,
    /// The route; nothing if the table has none for these.
    pub(in crate::network) route: Option<usize>,
    /// Whether it takes it whatever is not known yet.
    pub(in crate::network) sure: bool,
}

impl Table {
    pub(super) fn empty(name: Arc<str>, vpc: Option<usize>, open: bool) -> Self {
        Table { name, vpc, routes: Vec::new(), open, chosen: Vec::new() }
    }

    pub(super) fn set_open(&mut self) {
        self.open = true;
    }

    /// The ways that addresses take. Parts that may take one of several ways are there once for each.
    pub(in crate::network) fn choices(&self, to: &Addresses) -> Vec<Choice> {
        let mut found: Vec<Choice> = Vec::new();
        let mut rest = to.clone();
        for (first, last) in to.ranges() {
            let from = self.chosen.partition_point(|(_, end, _)| *end < first);
            for (begin, end, route) in self.chosen[from..].iter().take_while(|(begin, ..)| *begin <= last) {
                let part = Addresses::between(first.max(*begin), last.min(*end));
                rest = rest.minus(&part);
                match found.iter_mut().find(|choice| choice.route == Some(*route)) {
                    Some(choice) => choice.addresses = choice.addresses.union(&part),
                    None => found.push(Choice { addresses: part, route: Some(*route), sure: true }),
                }
            }
        }
        if !rest.is_empty() {
            found.push(Choice { addresses: rest, route: None, sure: true });
        }
        // Routes whose destination is not known may take any of it, if theirs is the longer prefix.
        for (at, route) in self.routes.iter().enumerate() {
            let possible = route.destination.may.minus(&route.destination.sure).and(to);
            if possible.is_empty() {
                continue;
            }
            found = found.into_iter().flat_map(|choice| split(choice, &possible)).collect();
            found.push(Choice { addresses: possible, route: Some(at), sure: false });
        }
        if self.open {
            found.iter_mut().for_each(|choice| choice.sure = false);
        }
        found
    }

    /// Whether it may have routes that are not known.
    pub(in crate::network) fn is_open(&self) -> bool {
        self.open
    }

    /// Chooses the route of each address; routes of its own ranges are never propagated ones.
    pub(super) fn choose(&mut self, own: &Addresses) {
        let mut prefixes: Vec<(u8, Priority, IpNet, usize)> = Vec::new();
        for (at, route) in self.routes.iter_mut().enumerate() {
            if route.priority.is_propagated() {
                route.destination.may = route.destination.may.minus(own);
            }
            let nets = route.destination.sure.prefixes();
            prefixes.extend(nets.into_iter().map(|net| (net.prefix_len(), route.priority, net, at)));
        }
        // The less specific come first and are overwritten.
        prefixes.sort_by_key(|(length, priority, net, at)| (*length, *priority, *net, std::cmp::Reverse(*at)));
        let mut of_route: HashMap<usize, Addresses> = HashMap::new();
        let mut taken = Addresses::default();
        let mut before: Option<(Priority, IpNet, Addresses, Vec<usize>)> = None;
        for (_, priority, net, at) in prefixes.into_iter().rev() {
            let free = match &mut before {
                // Of lists with the same range AWS takes any.
                Some((alike, same, free, routes)) if *alike == priority && *same == net => {
                    if routes.iter().any(|other| self.routes[*other].target == self.routes[at].target) {
                        continue;
                    }
                    routes.push(at);
                    free.clone()
                }
                _ => {
                    let mut free = Addresses::from(net).minus(&taken);
                    if priority.is_propagated() {
                        free = free.minus(own);
                    }
                    before = Some((priority, net, free.clone(), vec![at]));
                    free
                }
            };
            taken = taken.union(&free);
            let all = of_route.entry(at).or_default();
            *all = all.union(&free);
        }
        let ranges = |(at, all): (usize, Addresses)| all.ranges().map(|(a, b)| (a, b, at)).collect::<Vec<_>>();
        self.chosen = of_route.into_iter().flat_map(ranges).collect();
        self.chosen.sort_unstable();
    }
}

/// A choice where another route may take part of it.
fn split(choice: Choice, possible: &Addresses) -> Vec<Choice> {
    let (kept, shared) = (choice.addresses.minus(possible), choice.addresses.and(possible));
    let part = |addresses: Addresses, sure: bool| Choice { addresses, route: choice.route, sure };
    let parts = [part(kept, choice.sure), part(shared, false)];
    parts.into_iter().filter(|choice| !choice.addresses.is_empty()).collect()
}

/// All tables, and those that each subnet may follow.
#[derive(Debug, Default)]
pub(in crate::network) struct Tables {
    pub(in crate::network) all: Vec<Table>,
    /// One, or several if it is not known which.
    pub(in crate::network) of_subnet: Vec<Vec<usize>>,
    /// The tables of gateways, by the object that is the gateway.
    pub(in crate::network) of_gateway: HashMap<usize, usize>,
    /// The main table of each VPC.
    main: HashMap<usize, usize>,
    by_object: HashMap<usize, usize>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Tables {
    pub(in crate::network) fn of(index: &Index<'_>, places: &mut Places) -> Self {
        let mut tables = Tables::default();
        tables.mains(index, places);
        for (at, object) in index.of(&["aws_route_table"]) {
            let vpc = places.vpc(&index.refers(&object.attributes, "vpc_id", &VPCS));
            let table = tables.add(object.address.clone(), vpc, false);
            tables.by_object.insert(at, table);
        }
        for (_, object) in index.of(&["aws_main_route_table_association"]) {
            let vpc = places.vpc(&index.refers(&object.attributes, "vpc_id", &VPCS));
            let table = tables.resolve(&index.refers(&object.attributes, "route_table_id", &TABLES), vpc);
            if let (Some(vpc), Some(table)) = (vpc, table) {
                tables.main.insert(vpc, table);
            }
        }
        for (at, object) in index.of(&["aws_route_table", "aws_default_route_table"]) {
            let table = tables.by_object[&at];
            let found = elements(&object.attributes, "route");
            tables.all[table].open |= found.open;
            let routes: Vec<Route> = found
                .all
                .iter()
                .enumerate()
                .map(|(place, block)| route(index, block, Part::block(&object.address, "route", place)))
                .collect();
            tables.all[table].routes.extend(routes);
        }
        for (_, object) in index.of(&["aws_route"]) {
            let found = route(index, &object.attributes, Part::whole(&object.address));
            match tables.resolve(&index.refers(&object.attributes, "route_table_id", &TABLES), None) {
                Some(table) => tables.all[table].routes.push(found),
                // It may be a route of any of them.
                None => tables.all.iter_mut().for_each(|table| table.open = true),
            }
        }
        tables.associate(index, places);
        tables
    }

    /// Adds the ranges of the VPC to each table and chooses; nothing may be added afterwards.
    pub(in crate::network) fn finish(&mut self, places: &Places) {
        let local_name: Arc<str> = "local".into();
        for table in &mut self.all {
            let vpc = table.vpc.and_then(|vpc| places.vpcs.get(vpc));
            // The services of gateway endpoints are ends of their own, and take only what they are known to have.
            table.routes.retain(|route| route.target != Target::Service(None));
            let table_name = table.name.clone();
            let local = |destination: Ranges| Route {
                name: local_name.clone(),
                part: Part::whole(&table_name),
                destination,
                target: Target::Local,
                priority: Priority::Local,
            };
            let each = vpc.map(|vpc| &vpc.each[..]).unwrap_or_default();
            table.routes.extend(each.iter().map(|range| local(Ranges::known(range.clone()))));
            let open = vpc.map_or_else(Addresses::all, |vpc| vpc.open.clone());
            if !open.is_empty() {
                table.routes.push(local(Ranges::some(open)));
            }
            let own = vpc.map(|vpc| vpc.ranges.clone()).unwrap_or_default();
            table.choose(&own);
        }
    }

    /// Takes away the routes of gateway endpoints.
    pub(in crate::network) fn without_services(&mut self, places: &Places) {
        for table in &mut self.all {
            let count = table.routes.len();
            table.routes.retain(|route| !matches!(route.target, Target::Service(_)));
            if table.routes.len() < count {
                let vpc = table.vpc.and_then(|vpc| places.vpcs.get(vpc));
                table.choose(&vpc.map(|vpc| vpc.ranges.clone()).unwrap_or_default());
            }
        }
    }

    /// The main table of each VPC, and default tables that a layout manages.
    fn mains(&mut self, index: &Index<'_>, places: &mut Places) {
        for (at, object) in index.of(&VPCS) {
            let vpc = places.vpc(&Link::To(at, "id".into()));
            let table = self.add(format!("main route table of {}", object.address).into(), vpc, false);
            self.by_object.insert(at, table);
            self.main.extend(vpc.map(|vpc| (vpc, table)));
        }
        for (at, object) in index.of(&["aws_default_route_table"]) {
            let attributes = &object.attributes;
            let vpc = index.refers(attributes, "default_route_table_id", &VPCS).object();
            let vpc = vpc.or_else(|| index.refers(attributes, "vpc_id", &VPCS).object());
            let table = match vpc.and_then(|vpc| self.by_object.get(&vpc)) {
                Some(table) => *table,
                None => self.add(object.address.clone(), None, false),
            };
            self.all[table].name = object.address.clone();
            self.by_object.insert(at, table);
            if vpc.is_none() {
                let vpc = places.vpc(&index.refers(attributes, "vpc_id", &VPCS));
                self.all[table].vpc = vpc;
                self.main.extend(vpc.map(|vpc| (vpc, table)));
            }
        }
    }

    fn add(&mut self, name: Arc<str>, vpc: Option<usize>, open: bool) -> usize {
        self.all.push(Table::empty(name, vpc, open));
        self.all.len() - 1
    }

    /// The table that is referred to; one that is not among the objects gets its place.
    pub(super) fn resolve(&mut self, link: &Link, vpc: Option<usize>) -> Option<usize> {
        match link {
            Link::To(object, _) => self.by_object.get(object).copied(),
            Link::Elsewhere(id) => {
                let table = match self.by_id.get(id) {
                    Some(table) => *table,
                    None => self.add(id.clone(), None, true),
                };
                self.by_id.insert(id.clone(), table);
                let known = self.all[table].vpc;
                self.all[table].vpc = known.or(vpc);
                Some(table)
            }
            Link::Unknown | Link::Nothing => None,
        }
    }

    fn associate(&mut self, index: &Index<'_>, places: &Places) {
        let mut given: Vec<Vec<usize>> = vec![Vec::new(); places.subnets.len()];
        let mut anywhere = Vec::new();
        for (_, object) in index.of(&["aws_route_table_association"]) {
            let attributes = &object.attributes;
            let subnet = index.refers(attributes, "subnet_id", &SUBNETS);
            let vpc = places.subnet(&subnet).and_then(|subnet| places.subnets[subnet].vpc);
            let table = self.resolve(&index.refers(attributes, "route_table_id", &TABLES), vpc);
            let gateway = index.refers(attributes, "gateway_id", &["aws_internet_gateway", "aws_vpn_gateway"]);
            let table = table.unwrap_or_else(|| self.add(object.address.clone(), vpc, true));
            match (places.subnet(&subnet), gateway) {
                (Some(subnet), _) => given[subnet].push(table),
                (None, Link::To(gateway, _)) => {
                    self.of_gateway.insert(gateway, table);
                }
                (None, _) if subnet == Link::Unknown => anywhere.push(table),
                _ => {}
            }
        }
        for (mut given, subnet) in given.into_iter().zip(&places.subnets) {
            if given.is_empty() {
                let main = subnet.vpc.and_then(|vpc| self.main.get(&vpc)).copied();
                given.push(main.unwrap_or_else(|| {
                    let name = format!("route table of {}", subnet.name);
                    let table = self.add(name.into(), subnet.vpc, true);
                    // Subnets of a VPC that is not known have one main table together.
                    self.main.extend(subnet.vpc.map(|vpc| (vpc, table)));
                    table
                }));
            }
            given.extend(&anywhere);
            given.sort_unstable();
            given.dedup();
            self.of_subnet.push(given);
        }
    }
}
