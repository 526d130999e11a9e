//! The objects of a plan, found by id, by address and by what they are to services.

use crate::plan::change::{Action, Change};
use crate::schema::role::Door;
use crate::schema::{Attrs, Role, Schema};
use crate::value::Value;
use crate::value::address::Address;
use std::collections::HashMap;

/// What the objects of changes are to services.
pub fn roles<'s>(changes: &[Change], schema: &dyn Fn(&Address) -> Option<&'s Schema>) -> Vec<Role> {
    changes.iter().map(|change| role(schema(&change.address))).collect()
}

/// What the objects of a type are to services.
pub fn role(schema: Option<&Schema>) -> Role {
    schema.and_then(|s| s.role).unwrap_or(Role::NotServing("its type says nothing"))
}

/// The objects of a plan, found by id, by address and by role.
pub struct Index<'a> {
    pub(super) changes: &'a [Change],
    roles: &'a [Role],
    by_id: HashMap<&'a str, usize>,
    by_address: HashMap<String, usize>,
}

impl<'a> Index<'a> {
    /// The objects of these changes, with the role of each.
    pub fn new(changes: &'a [Change], roles: &'a [Role]) -> Self {
        let mut index = Index { changes, roles, by_id: HashMap::new(), by_address: HashMap::new() };
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

    /// The change of the object that an attribute names.
    pub fn of(&self, attrs: &Attrs, name: &str) -> Option<usize> {
        self.find(attrs.get(name)?)
    }

    /// The change of the current object at the address of an object that an earlier run left behind.
    pub fn current(&self, i: usize) -> usize {
        match self.changes[i].deposed {
            Some(_) => self.by_address.get(&self.changes[i].address.to_string()).copied().unwrap_or(i),
            None => i,
        }
    }

    /// One of the changes.
    pub fn change(&self, i: usize) -> &'a Change {
        &self.changes[i]
    }

    /// What the object of a change is to services.
    pub fn role(&self, i: usize) -> &'a Role {
        &self.roles[i]
    }

    /// The listener or rule that a change is about, unless an earlier run left the object behind.
    pub fn door(&self, i: usize) -> Option<Door> {
        self.role(i).door().filter(|_| self.changes[i].deposed.is_none())
    }

    /// Whether a change leaves an object that puts a member behind a target group.
    pub fn attaches(&self, i: usize) -> bool {
        let change = &self.changes[i];
        self.role(i).attachment().is_some() && change.deposed.is_none() && change.after.is_some()
    }

    /// Whether a change leaves no object behind.
    pub(super) fn ends(&self, i: usize) -> bool {
        self.changes[i].after.is_none()
    }

    /// The objects of a role with its data, those that an earlier run left behind too.
    pub(super) fn all<T>(&self, data: impl Fn(&Role) -> Option<T>) -> impl Iterator<Item = (usize, &'a Change, T)> {
        let changes = self.changes.iter().zip(self.roles).enumerate();
        changes.filter_map(move |(i, (change, role))| Some((i, change, data(role)?)))
    }

    /// The current objects of a role, with its data.
    pub fn each<T>(&self, data: impl Fn(&Role) -> Option<T>) -> impl Iterator<Item = (usize, &'a Change, T)> {
        self.all(data).filter(|(_, change, _)| change.deposed.is_none())
    }

    /// Another way out of the same network that can take over while this one is replaced: one that stays
    /// as it is, else one of those that `in_turn` are replaced before or after this one.
    pub fn stand_in(&self, gateway: usize, in_turn: &[usize]) -> Option<usize> {
        let network = |i: usize| {
            let subnet = self.of(self.changes[i].now()?, self.role(i).egress()?.subnet?)?;
            self.changes[subnet].now()?.get(self.role(subnet).subnet()?.network).cloned()
        };
        let lasts = |(i, c): (usize, &Change)| match c.action {
            Action::NoOp | Action::Update => true,
            action => action.is_replace() && in_turn.contains(&i),
        };
        let own = network(gateway).filter(|_| self.changes[gateway].deposed.is_none())?;
        let peers = self.each(Role::egress).filter(|(i, ..)| *i != gateway && network(*i).as_ref() == Some(&own));
        let peers = peers.filter(|(i, c, _)| lasts((*i, c)));
        peers.min_by_key(|(i, c, _)| (c.action.is_replace(), *i)).map(|(i, ..)| i)
    }

    /// How many serve by an object that is like this: the members of a scaling group, else one.
    pub(super) fn count(&self, i: usize, side: Option<&Attrs>) -> usize {
        let Some(attrs) = side else { return 0 };
        let Some(group) = self.role(i).member_group().filter(|_| self.changes[i].deposed.is_none()) else { return 1 };
        let size = |name: &str| attrs.int(name).and_then(|n| usize::try_from(n).ok());
        let (least, most) = (size(group.least).unwrap_or(0), size(group.most).unwrap_or(usize::MAX));
        size(group.wanted).unwrap_or(least).max(least).min(most)
    }

    /// The zone that an object is in: its own, or that of its subnet.
    pub fn zone(&self, i: usize) -> Option<String> {
        let (attrs, place) = (self.changes[i].now()?, self.role(i).place()?);
        let own = place.zone.and_then(|name| attrs.string(name)).filter(|zone| !zone.is_empty());
        own.or_else(|| {
            let subnet = self.of(attrs, place.subnet?)?;
            self.changes[subnet].now()?.string(self.role(subnet).subnet()?.zone)
        })
    }
}

impl Change {
    /// The object as it is, or as it will be when it is not there yet.
    pub fn now(&self) -> Option<&Attrs> {
        self.before.as_ref().or(self.after.as_ref())
    }
}
