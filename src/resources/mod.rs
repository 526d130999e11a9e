//! The resource types: one file per type, in families. A new type is one file here and its line in the
//! `resources` of its family, or in [`local::types`] where its objects live in the state alone. Only this module and
//! `aws` name an SDK crate.

pub mod accelerator;
pub mod any;
mod attributes;
pub mod backup;
pub mod beside;
mod block;
pub mod cloudwatch;
pub mod cognito;
pub mod compute;
pub mod core_network;
pub mod database;
pub mod direct_connect;
pub mod dns;
mod document;
mod ec2;
pub mod efs;
pub mod elb;
mod ephemeral;
pub mod events;
mod faults;
pub mod firewall;
pub mod guardduty;
pub mod health;
mod holds;
pub mod identity;
pub mod kms;
pub mod lambda;
pub mod lattice;
pub mod local;
pub mod lookup;
pub mod messaging;
pub mod network;
mod once;
pub mod permissions;
mod plain;
mod prelude;
pub mod progress;
pub mod quotas;
pub mod recording;
mod registry;
pub mod resolver;
mod round;
mod row;
pub mod scaling;
pub mod settle;
pub mod sharing;
pub mod spec;
pub mod ssm;
pub mod storage;
mod table;
pub mod tags;
pub mod vpn;
pub mod waf;
mod ways;
mod with_arn;

pub use any::{AnyData, AnyResource, Observed};
pub use local::Around;
pub use progress::ProgressReporter;
pub use registry::{data_sources, registry};
pub use spec::{DataSource, Progress, Resource, Spec, Token, Which};

use crate::aws::Aws;
use crate::lang::config::sentence;
use crate::schema::{Attrs, Schema, Schemas};
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

/// The rows of a data source, of AWS or not.
pub fn data_schema(name: &str) -> Option<&'static Schema> {
    let local = || local::data_sources().get(name).map(|d| &d.schema);
    let unstored = || ephemeral::schemas().get(name);
    data_sources().get(name).map(|d| d.schema()).or_else(local).or_else(unstored)
}

/// Whether a data source needs no connection.
pub fn is_local_data(name: &str) -> bool {
    local::data_sources().contains_key(name) || ephemeral::is_local(name)
}

/// All attributes of a data source whose configuration is wholly known.
pub async fn read_data(name: &str, aws: Option<&Aws>, around: &Around, config: &Attrs) -> Result<Attrs, String> {
    if let Some(source) = local::data_sources().get(name) {
        return source.read(around, config).await.map_err(|why| sentence(&why));
    }
    if let Some(answer) = ephemeral::read(name, aws, config).await {
        return answer;
    }
    match (data_sources().get(name), aws) {
        (Some(source), Some(aws)) => source.read(aws, config).await.map_err(|e| e.to_string()),
        _ => Err("The data source has no provider configuration.".into()),
    }
}

/// The rows of all data sources, by name.
pub fn all_data() -> BTreeMap<&'static str, &'static Schema> {
    let local = local::data_sources().iter().map(|(name, source)| (*name, &source.schema));
    data_sources().iter().map(|(name, source)| (*name, source.schema())).chain(local).collect()
}

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
        data_schema(type_name)
    }

    fn names(&self, data: bool) -> Vec<&str> {
        if data { all_data().into_keys().collect() } else { all().into_keys().collect() }
    }
}
