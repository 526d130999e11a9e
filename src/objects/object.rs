//! The state as a value: every object that Floorplan holds, by address, and the outputs of the last
//! run. Pure; how it is spelt on disk is in `encode`.
//!
//! It never holds an unknown value, and no data sources: they are read again.

use crate::schema::shape::shaped;
use crate::schema::{Attrs, Schema, Schemas};
use crate::value::address::Address;
use crate::value::{Name, Value};
use std::collections::BTreeMap;

/// The state of one layout.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Which series of serials it belongs to: a UUID, given when it is first to be changed; empty before.
    pub lineage: String,
    /// Counts the writes; 0 before the first.
    pub serial: u64,
    /// The layout's name.
    pub layout: String,
    /// How far which journal is contained in it.
    pub journal: Option<JournalMark>,
    /// The outputs of the root module.
    pub outputs: BTreeMap<Name, OutputValue>,
    /// The current object of each instance.
    pub resources: BTreeMap<Address, Instance>,
    /// Objects that were replaced and are still to be deleted, by address and key.
    pub deposed: BTreeMap<(Address, String), Instance>,
}

/// A place in a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalMark {
    /// The journal's UUID.
    pub journal: String,
    /// The number of the last record that is contained.
    pub sequence: u64,
}

/// An output of the root module.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputValue {
    /// Its value, marked if the output is sensitive.
    pub value: Value,
}

/// One object in AWS, as it was last seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its id in AWS.
    pub id: String,
    /// All attributes, those too that AWS does not give back. Known, every one of them.
    pub attrs: Attrs,
    /// The provider configuration in the root module: `aws` or `aws.west`.
    pub provider: String,
    /// The region it is in.
    pub region: String,
    /// The account it is in.
    pub account: String,
    /// Instances that it needs, so that it goes before them.
    pub depends_on: Vec<Address>,
    /// Whether its replacement is created before it goes.
    pub create_before_destroy: bool,
    /// Whether an earlier run left it unfinished, so that it is to be replaced.
    pub tainted: bool,
    /// Whether it was made, or found, and what its creation cannot set may still be open: the next apply
    /// compares all of it and finishes it. A run that ends in order leaves none.
    pub unfinished: bool,
}

/// Where an object is in the state: an address, and the key if it is a deposed one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// The instance.
    pub address: Address,
    /// The key among its deposed objects; `None` for the current one.
    pub deposed: Option<String>,
}

impl Slot {
    /// The current object at `address`.
    pub fn current(address: Address) -> Self {
        Slot { address, deposed: None }
    }

    /// The deposed object `key` at `address`.
    pub fn deposed(address: Address, key: impl Into<String>) -> Self {
        Slot { address, deposed: Some(key.into()) }
    }
}

impl State {
    /// Brings attributes that an earlier version wrote into the shape of today's rows.
    pub fn reshape(&mut self, schemas: &dyn Schemas) {
        for (address, instance) in self.resources.iter_mut() {
            instance.reshape(schemas.resource(&address.resource.type_name));
        }
        for ((address, _), instance) in self.deposed.iter_mut() {
            instance.reshape(schemas.resource(&address.resource.type_name));
        }
    }
}

impl Instance {
    fn reshape(&mut self, schema: Option<&Schema>) {
        for row in schema.iter().flat_map(|s| &s.attributes).filter(|row| row.block.is_some()) {
            if let Some(held) = self.attrs.get(row.name) {
                let made = shaped(row, held.clone());
                if made != *held {
                    self.attrs = std::mem::take(&mut self.attrs).with(row.name, made);
                }
            }
        }
    }
}

impl State {
    /// An empty state that was not written yet.
    pub fn new(layout: impl Into<String>, lineage: impl Into<String>) -> Self {
        State {
            lineage: lineage.into(),
            serial: 0,
            layout: layout.into(),
            journal: None,
            outputs: BTreeMap::new(),
            resources: BTreeMap::new(),
            deposed: BTreeMap::new(),
        }
    }

    /// The object at `slot`.
    pub fn get(&self, slot: &Slot) -> Option<&Instance> {
        match &slot.deposed {
            None => self.resources.get(&slot.address),
            Some(key) => self.deposed.get(&(slot.address.clone(), key.clone())),
        }
    }

    /// Puts an object at `slot`, or takes it away; gives what was there.
    pub fn set(&mut self, slot: Slot, instance: Option<Instance>) -> Option<Instance> {
        match (slot.deposed, instance) {
            (None, Some(i)) => self.resources.insert(slot.address, i),
            (None, None) => self.resources.remove(&slot.address),
            (Some(key), Some(i)) => self.deposed.insert((slot.address, key), i),
            (Some(key), None) => self.deposed.remove(&(slot.address, key)),
        }
    }

    /// Every object, current ones first, each kind by address.
    pub fn objects(&self) -> impl Iterator<Item = (Slot, &Instance)> {
        let current = self.resources.iter().map(|(a, i)| (Slot::current(a.clone()), i));
        let deposed = self.deposed.iter().map(|((a, k), i)| (Slot::deposed(a.clone(), k), i));
        current.chain(deposed)
    }

    /// Whether it holds neither objects nor outputs.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.deposed.is_empty() && self.outputs.is_empty()
    }

    /// Whether `other` holds the same objects and outputs, whatever its serial.
    pub fn same_content(&self, other: &State) -> bool {
        self.resources == other.resources && self.deposed == other.deposed && self.outputs == other.outputs
    }
}
