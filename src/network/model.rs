//! The model: all places, ways and filters of a set of objects.

use super::Object;
use super::balancers::Balancers;
use super::filters::acls::Acls;
use super::filters::groups::Groups;
use super::index::Index;
use super::interfaces::Interfaces;
use super::places::Places;
use super::read::{elements, text};
use super::space::{Addresses, range};
use super::ways::doors::Doors;
use super::ways::services::{Service, services};
use super::ways::tables::Tables;
use super::ways::transit::Transit;
use std::collections::HashMap;
use std::sync::Arc;

/// A network, as its objects make it.
#[derive(Debug)]
pub struct Model {
    pub(super) places: Places,
    pub(super) tables: Tables,
    pub(super) doors: Doors,
    pub(super) transit: Transit,
    pub(super) services: HashMap<usize, Service>,
    pub(super) groups: Groups,
    pub(super) acls: Acls,
    pub(super) interfaces: Interfaces,
    pub(super) balancers: Balancers,
    /// The public addresses of NAT gateways that are in no subnet, by their names.
    pub(super) regional: HashMap<Arc<str>, Addresses>,
    /// The address of each object.
    pub(super) names: Vec<Arc<str>>,
    pub(super) types: Vec<Arc<str>>,
    by_address: HashMap<Arc<str>, usize>,
}

impl Model {
    /// The network of these objects. References that lead nowhere, or in circles, make flows that may be.
    pub fn of(objects: &[Object]) -> Self {
        let index = Index::new(objects);
        let mut places = Places::of(&index);
        let mut tables = Tables::of(&index, &mut places);
        let doors = Doors::of(&index, &mut places, &mut tables);
        let transit = Transit::of(&index, &mut places, &doors.connections);
        let services = services(&index, &mut tables);
        tables.finish(&places);
        let mut groups = Groups::of(&index, &mut places);
        let acls = Acls::of(&index, &mut places);
        let interfaces = Interfaces::of(&index, &places, &mut groups);
        let balancers = Balancers::of(&index);
        let regional = regional(&index);
        let mut by_address = HashMap::new();
        for (at, object) in objects.iter().enumerate() {
            by_address.entry(object.address.clone()).or_insert(at);
        }
        let names = objects.iter().map(|object| object.address.clone()).collect();
        let types = objects.iter().map(|object| object.type_name.clone()).collect();
        Model {
            places,
            tables,
            doors,
            transit,
            services,
            groups,
            acls,
            interfaces,
            balancers,
            regional,
            names,
            types,
            by_address,
        }
    }

    /// The object with this address.
    pub(super) fn object(&self, address: &str) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    /// The VPC of a subnet.
    pub(super) fn vpc_of(&self, subnet: Option<usize>) -> Option<usize> {
        self.places.subnets[subnet?].vpc
    }
}

/// The addresses of NAT gateways that are in no subnet: those that AWS gave, and those of allocations.
fn regional(index: &Index<'_>) -> HashMap<Arc<str>, Addresses> {
    let all = index
        .of(&["aws_nat_gateway"])
        .filter(|(_, object)| text(&object.attributes, "availability_mode").known() == Some("regional"));
    all.map(|(_, object)| {
        let of = &object.attributes;
        let given = elements(of, "regional_nat_gateway_address.public_ip").all;
        let mut addresses: Vec<Addresses> = given.into_iter().filter_map(|value| range(value.as_str()?)).collect();
        for value in elements(of, "availability_zone_address.allocation_ids").all {
            let eip = index.link(value, &["aws_eip"]).object();
            addresses
                .extend(eip.and_then(|at| super::read::addresses(&index.objects[at].attributes, "public_ip").known()));
        }
        let all = addresses.iter().fold(Addresses::default(), |all, one| all.union(one));
        (object.address.clone(), all)
    })
    .collect()
}
