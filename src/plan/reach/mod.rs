//! Who reaches whom, as a person asks it: between the Internet, sites, addresses, objects, modules and services of one
//! layout or of several, which are one network then.

mod answer;
mod ends;
mod view;

pub use answer::{Blocked, Pair, Question, Row, Step};
pub use ends::{End, Named, packets};
pub use view::{When, of_plan, of_state};

use super::change::Change;
use super::input::Pulse;
use super::place;
use super::repeats;
use super::services;
use crate::diag::Span;
use crate::lang::config::ModuleNode;
use crate::network::{EndKind, Model, Object, ObjectKind};
use crate::schema::Schemas;
use crate::value::address::{Address, parse_instance};
use crate::value::{Kind, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// One layout of the network.
pub struct Part {
    /// Its directory, as typed; it stands before addresses where there are several layouts.
    pub layout: String,
    /// Its blocks.
    pub root: Arc<ModuleNode>,
    /// Its objects, as changes that change nothing.
    pub objects: Vec<Change>,
    /// The parts that are objects of their own, though AWS shows them in others as well.
    pub held: BTreeSet<String>,
    /// What its data sources found.
    pub answers: BTreeMap<Address, Value>,
}

/// The network of one or several layouts.
pub struct Network {
    model: Model,
    objects: Vec<Object>,
    by_address: HashMap<Arc<str>, usize>,
    by_id: HashMap<String, usize>,
    /// All ends, each with its kind.
    ends: BTreeMap<Arc<str>, EndKind>,
    /// The ends of each service.
    services: BTreeMap<String, Vec<Arc<str>>>,
    /// The layouts by what stands before their addresses; nothing where there is one alone.
    layouts: Vec<(Option<String>, Arc<ModuleNode>)>,
}

impl Network {
    /// The network of these layouts.
    pub fn of(parts: &[Part], schemas: &dyn Schemas) -> Self {
        let prefix = |part: &Part| (parts.len() > 1).then(|| part.layout.clone());
        let (mut objects, mut found) = (Vec::new(), Vec::new());
        for part in parts {
            let (own, _) = view::objects(&part.objects, &BTreeMap::new(), prefix(part).as_deref(), &[]);
            objects.extend(own);
        }
        for part in parts {
            // Two layouts may have looked for the same object.
            let known: Vec<Object> = objects.iter().chain(&found).cloned().collect();
            found.extend(view::objects(&part.objects, &part.answers, prefix(part).as_deref(), &known).1);
        }
        objects.extend(found);
        // A rule of one layout may be one of another layout's group.
        let held = parts.iter().flat_map(|part| part.held.iter().cloned()).collect();
        let objects = repeats::without(objects, &held, schemas);
        let model = Model::of(&objects);
        let ends: BTreeMap<Arc<str>, EndKind> = model.all_ends().into_iter().collect();
        let mut services = BTreeMap::new();
        for part in parts {
            services.extend(served(part, prefix(part).as_deref(), schemas, &ends));
        }
        let (mut by_address, mut by_id) = (HashMap::new(), HashMap::new());
        for (at, object) in objects.iter().enumerate() {
            by_address.entry(object.address.clone()).or_insert(at);
            for name in ["id", "arn", "allocation_id"] {
                if let Some(id) = object.attributes.get(name).and_then(Value::as_str).filter(|id| !id.is_empty()) {
                    by_id.entry(id.to_owned()).or_insert(at);
                }
            }
        }
        let layouts = parts.iter().map(|part| (prefix(part), part.root.clone())).collect();
        Network { model, objects, by_address, by_id, ends, services, layouts }
    }

    /// The object with an address.
    pub fn object(&self, address: &str) -> Option<&Object> {
        self.by_address.get(address).map(|at| &self.objects[*at])
    }

    /// What the object with an address is in the network.
    pub fn kind(&self, address: &str) -> Option<ObjectKind> {
        ObjectKind::of(&self.object(address)?.type_name)
    }

    /// The objects of a kind.
    pub fn of_kind(&self, kind: ObjectKind) -> impl Iterator<Item = &Object> {
        self.objects.iter().filter(move |object| ObjectKind::of(&object.type_name) == Some(kind))
    }

    /// The object that a value refers to: by its id, or, for a value that is not known yet, by its attribute.
    pub fn refers(&self, value: &Value) -> Option<&Object> {
        match value.kind() {
            Kind::String(id) => self.by_id.get(&**id).map(|at| &self.objects[*at]),
            Kind::Unknown(_) => self.object(&value.origin()?.address),
            _ => None,
        }
    }

    /// The place of the block of an object, or of the object that AWS made something with.
    pub fn place(&self, name: &str) -> Option<Span> {
        self.place_in(name, None)
    }

    /// The same; of the blocks inside it that one which is asked for, where there is only one.
    fn place_in(&self, name: &str, inner: Option<&str>) -> Option<Span> {
        let whole = name.split(" (old").next().unwrap_or(name);
        let after = whole.match_indices(" of ").map(|(at, of)| &whole[at + of.len()..]);
        std::iter::once(whole).chain(after).find_map(|name| {
            let (root, address) = self.address(name)?;
            place::of_block(root, &address, inner)
        })
    }

    /// The layout and the address in it that a name says.
    fn address(&self, name: &str) -> Option<(&ModuleNode, Address)> {
        self.layouts.iter().find_map(|(layout, root)| {
            let rest = within(layout.as_deref(), name)?;
            Some((&**root, parse_instance(rest).ok()?))
        })
    }
}

/// An address without the layout before it, if that is this one.
fn within<'t>(layout: Option<&str>, name: &'t str) -> Option<&'t str> {
    match layout {
        None => Some(name),
        Some(layout) => name.strip_prefix(layout)?.strip_prefix(':'),
    }
}

/// The services of a layout by name, each with the ends that it has: what stands before its members, and these.
fn served(
    part: &Part,
    layout: Option<&str>,
    schemas: &dyn Schemas,
    ends: &BTreeMap<Arc<str>, EndKind>,
) -> BTreeMap<String, Vec<Arc<str>>> {
    let roles = services::roles(&part.objects, &|address| schemas.resource(&address.resource.type_name));
    let mut all = BTreeMap::new();
    for service in services::of(&part.objects, &roles, &Pulse::default()) {
        let members = service.members.iter().map(|member| member.change);
        let of_service: BTreeSet<usize> = service.front.iter().copied().chain([service.about]).chain(members).collect();
        let address = |at: &usize| view::addressed(layout, &part.objects[*at].address.to_string());
        let named: Vec<Arc<str>> = of_service.iter().map(address).filter(|name| ends.contains_key(name)).collect();
        if !named.is_empty() {
            all.insert(view::addressed(layout, &service.name).to_string(), named);
        }
    }
    all
}
