//! The resource types: one file per type, in families. A new type is one file here and its line in the
//! `resources` of its family, or in [`local::types`] where its objects live in the state alone. Only this module and
//! `aws` name an SDK crate.

pub mod any;
mod attributes;
mod block;
pub mod cloudwatch;
pub mod compute;
pub mod database;
pub mod dns;
mod document;
mod ec2;
pub mod elb;
mod faults;
pub mod health;
mod holds;
pub mod identity;
pub mod kms;
pub mod local;
pub mod lookup;
pub mod messaging;
pub mod network;
mod once;
mod prelude;
pub mod progress;
mod registry;
mod round;
mod row;
pub mod settle;
pub mod spec;
pub mod storage;
mod table;
pub mod tags;
pub mod vpn;
pub mod waf;
mod with_arn;

pub use any::{AnyData, AnyResource, Observed};
pub use progress::ProgressReporter;
pub use registry::{data_sources, registry};
pub use spec::{DataSource, Progress, Resource, Spec, Token, Which};

use crate::schema::{Schema, Schemas};
use crate::value::address::Mode;
use std::collections::BTreeMap;

/// The rows of a resource type, wherever its objects live.
pub fn resource(type_name: &str) -> Option<&'static Schema> {
    let here = || local::types().get(type_name).map(|l| &l.schema);
    registry().get(type_name).map(|r| r.schema()).or_else(here)
}

/// The rows of all resource types, by name.
pub fn all() -> BTreeMap<&'static str, &'static Schema> {
    let here = local::types().values().map(|l| &l.schema);
    registry().values().map(|r| r.schema()).chain(here).map(|schema| (schema.name, schema)).collect()
}

/// The rows of all types, for the planner.
pub struct Types;

impl crate::lang::config::Types for Types {
    fn schema(&self, mode: Mode, name: &str) -> Option<&Schema> {
        match mode {
            Mode::Managed => self.resource(name),
            Mode::Data => self.data(name),
        }
    }

    fn names(&self, mode: Mode) -> Vec<&str> {
        Schemas::names(self, mode == Mode::Data)
    }
}

impl Schemas for Types {
    fn resource(&self, type_name: &str) -> Option<&Schema> {
        resource(type_name)
    }

    fn data(&self, type_name: &str) -> Option<&Schema> {
        data_sources().get(type_name).map(|d| d.schema())
    }

    fn names(&self, data: bool) -> Vec<&str> {
        if data { data_sources().keys().copied().collect() } else { all().into_keys().collect() }
    }
}
