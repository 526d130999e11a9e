//! Finds the objects that attributes refer to: by an id that is known, or by the attribute that an unknown id is of.

use super::Object;
use super::read::{Fact, attribute};
use crate::value::{Kind, Name, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The attributes by which other objects refer to one.
const NAMES: [&str; 15] = [
    "id",
    "arn",
    "name",
    "main_route_table_id",
    "default_route_table_id",
    "default_network_acl_id",
    "default_security_group_id",
    "association_default_route_table_id",
    "propagation_default_route_table_id",
    "transit_gateway_attachment_id",
    "allocation_id",
    "network_interface_id",
    "primary_network_interface_id",
    "cluster_identifier",
    "prefix_list_id",
];

/// The other end of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Link {
    /// This attribute of an object.
    To(usize, Name),
    /// Something that is not among the objects, by its id.
    Elsewhere(Arc<str>),
    /// Not known yet.
    Unknown,
    /// Nothing.
    Nothing,
}

impl Link {
    /// The object, if it is one of them.
    pub(super) fn object(&self) -> Option<usize> {
        match self {
            Link::To(object, _) => Some(*object),
            _ => None,
        }
    }
}

/// The objects with what refers to them.
pub(super) struct Index<'o> {
    pub(super) objects: &'o [Object],
    by_type: HashMap<&'o str, Vec<usize>>,
    by_name: HashMap<&'o str, Vec<(usize, &'static str)>>,
    by_address: HashMap<&'o str, usize>,
}

impl<'o> Index<'o> {
    pub(super) fn new(objects: &'o [Object]) -> Self {
        let mut index = Index { objects, by_type: HashMap::new(), by_name: HashMap::new(), by_address: HashMap::new() };
        for (at, object) in objects.iter().enumerate() {
            index.by_type.entry(&object.type_name).or_default().push(at);
            index.by_address.entry(&object.address).or_insert(at);
            for name in NAMES {
                if let Fact::Known(Some(text)) = attribute(&object.attributes, name).read(|v| Some(v.as_str())) {
                    index.by_name.entry(text).or_default().push((at, name));
                }
            }
        }
        index
    }

    /// The objects of these types, each with its place, in the order of the types.
    pub(super) fn of(&self, types: &[&str]) -> impl Iterator<Item = (usize, &'o Object)> {
        let all: Vec<usize> = types.iter().filter_map(|name| self.by_type.get(name)).flatten().copied().collect();
        all.into_iter().map(|at| (at, &self.objects[at]))
    }

    /// The object with this address.
    pub(super) fn at(&self, address: &str) -> Option<usize> {
        self.by_address.get(address).copied()
    }

    /// What a value refers to among the objects of these types.
    pub(super) fn link(&self, value: &Value, types: &[&str]) -> Link {
        match value.kind() {
            Kind::String(text) if text.is_empty() => Link::Nothing,
            Kind::String(text) => {
                // What is of a type comes before what only has one.
                let rank = |at: &usize| types.iter().position(|name| **name == *self.objects[*at].type_name);
                let found = self.by_name.get(&**text).into_iter().flatten();
                let found = found.filter_map(|(at, name)| Some((rank(at)?, at, name))).min_by_key(|(rank, ..)| *rank);
                match found.map(|(_, at, name)| (at, name)) {
                    Some((at, name)) => Link::To(*at, (*name).into()),
                    None => Link::Elsewhere(text.clone()),
                }
            }
            Kind::Unknown(_) => {
                let origin = value.origin();
                match origin.and_then(|origin| Some((self.at(&origin.address)?, origin.attribute.clone()))) {
                    Some((at, name)) if types.contains(&&*self.objects[at].type_name) => Link::To(at, name),
                    _ => Link::Unknown,
                }
            }
            _ => Link::Nothing,
        }
    }

    /// What an attribute of an object refers to.
    pub(super) fn refers(&self, of: &Value, name: &str, types: &[&str]) -> Link {
        if of.is_unknown() {
            return Link::Unknown;
        }
        of.get(name).map_or(Link::Nothing, |value| self.link(value, types))
    }
}
