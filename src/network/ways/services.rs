//! Gateway endpoints: services of AWS that tables lead to, each by the tables that it has a route in.

use super::routes::{Priority, Route, Target};
use super::tables::{TABLES, Tables};
use crate::network::filters::Ranges;
use crate::network::index::{Index, Link};
use crate::network::parts::Part;
use crate::network::read::{Fact, elements, text};
use crate::network::space::{Addresses, range};
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// A service that tables lead to.
#[derive(Debug)]
pub(in crate::network) struct Service {
    /// Its name, such as `com.amazonaws.eu-west-1.s3`, by which prefix lists name it as well.
    pub(in crate::network) service: Option<Arc<str>>,
    /// The tables that lead to it.
    pub(in crate::network) tables: Vec<usize>,
    /// Whether others may.
    pub(in crate::network) open: bool,
    /// Those of its addresses that are known.
    pub(in crate::network) addresses: Addresses,
}

/// All gateway endpoints by object.
pub(in crate::network) fn services(index: &Index<'_>, tables: &mut Tables) -> HashMap<usize, Service> {
    let mut all = HashMap::new();
    for (at, object) in index.of(&["aws_vpc_endpoint"]) {
        let of = &object.attributes;
        let service = text(of, "service_name").known().map(Into::into);
        match text(of, "vpc_endpoint_type") {
            Fact::Absent | Fact::Known("Gateway") => {}
            Fact::Known(_) => continue,
            // It may be one, and any table may lead to it.
            Fact::Unknown => {
                all.insert(at, Service { service, tables: Vec::new(), open: true, addresses: Addresses::default() });
                continue;
            }
        }
        let found = elements(of, "route_table_ids");
        let named: Vec<Option<usize>> =
            found.all.iter().map(|value| tables.resolve(&index.link(value, &TABLES), None)).collect();
        let open = found.open || named.iter().any(Option::is_none);
        all.insert(at, Service { service, tables: named.into_iter().flatten().collect(), open, addresses: known(of) });
    }
    for (_, association) in index.of(&["aws_vpc_endpoint_route_table_association"]) {
        let of = &association.attributes;
        let table = tables.resolve(&index.refers(of, "route_table_id", &TABLES), None);
        match index.refers(of, "vpc_endpoint_id", &["aws_vpc_endpoint"]) {
            Link::To(at, _) => {
                let Some(service) = all.get_mut(&at) else { continue };
                service.tables.extend(table);
                service.open |= table.is_none();
            }
            Link::Unknown => all.values_mut().for_each(|service: &mut Service| service.open = true),
            Link::Elsewhere(_) | Link::Nothing => {}
        }
    }
    for (at, service) in &all {
        for range in service.addresses.prefixes() {
            for table in &service.tables {
                let name = &index.objects[*at].address;
                tables.all[*table].routes.push(Route {
                    name: name.clone(),
                    part: Part::whole(name),
                    destination: Ranges::known(range.into()),
                    target: Target::Service(Some(*at)),
                    priority: Priority::List,
                });
            }
        }
    }
    all
}

fn known(of: &Value) -> Addresses {
    let found = elements(of, "cidr_blocks").all.into_iter().filter_map(|value| range(value.as_str()?));
    found.fold(Addresses::default(), |all, one| all.union(&one))
}
