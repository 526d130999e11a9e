//! The input of a plan.

use crate::graph::build::Graph;
use crate::lang::config::ModuleNode;
use crate::objects::State;
use crate::schema::{Attrs, Schemas};
use crate::value::address::{Address, Target};
use crate::value::{Name, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The facts about a provider configuration that are known before anything is planned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProviderFacts {
    /// The region that its calls go to.
    pub region: String,
    /// The account; empty when it was not asked.
    pub account: String,
    /// `default_tags`
    pub default_tags: BTreeMap<Name, Value>,
    /// `ignore_tags`: keys that do not count.
    pub ignore_keys: Vec<String>,
    /// `ignore_tags`: prefixes of keys that do not count.
    pub ignore_prefixes: Vec<String>,
}

/// The answer of AWS about one object of the state.
#[derive(Debug, Clone, PartialEq)]
pub enum Live {
    /// It is there, with these attributes.
    There(Attrs),
    /// It is gone.
    Gone,
}

/// The health of targets by target group, as far as it was asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pulse {
    /// By the ARN of the group.
    pub groups: HashMap<String, Vec<Heard>>,
}

/// The health of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The target's id.
    pub id: String,
    /// The port that it is reached at.
    pub port: Option<i32>,
    /// Whether it is called unhealthy, or stopped.
    pub sick: bool,
}

impl Pulse {
    /// Whether a registration, of group, target and port, is in service; nothing where that is not known.
    pub fn serves(&self, (group, id, port): (&str, &str, Option<i32>)) -> Option<bool> {
        let heard = self.groups.get(group)?.iter().find(|t| t.id == id && (port.is_none() || t.port == port))?;
        Some(!heard.sick)
    }

    /// The targets of a group that are not in service.
    pub fn sick(&self, group: &str) -> impl Iterator<Item = &str> {
        self.groups.get(group).into_iter().flatten().filter(|t| t.sick).map(|t| t.id.as_str())
    }
}

/// An object that an `import` block or command takes over.
#[derive(Debug, Clone, PartialEq)]
pub struct Importing {
    /// As the user gave it.
    pub given: String,
    /// The object's id in AWS.
    pub id: String,
    /// Its attributes in AWS.
    pub live: Attrs,
}

/// The options of the user.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Destroy everything.
    pub destroy: bool,
    /// Instances to replace whatever their attributes say.
    pub replace: Vec<Address>,
    /// Services that may be interrupted, by name or address.
    pub allow_downtime: Vec<String>,
    /// Only these are changed, with what they need; everything, when there are none.
    pub targets: Vec<Target>,
    /// These are not changed, nor what needs them.
    pub excludes: Vec<Target>,
    /// Change nothing: only what the world changed is recorded.
    pub refresh_only: bool,
    /// Only look: nothing of the plan will be carried out, so that a plan which must not be carried out does not fail.
    pub look_only: bool,
    /// Only find errors: nothing is known of the world, and unknown values stop nothing.
    pub validate: bool,
}

impl Options {
    /// Whether only a part of the layout is changed.
    pub fn is_partial(&self) -> bool {
        !self.targets.is_empty() || !self.excludes.is_empty()
    }

    /// Whether the user asked for this instance, or named none.
    pub fn names(&self, address: &Address) -> bool {
        let wanted = self.targets.is_empty() || self.targets.iter().any(|target| target.covers(address));
        wanted && !self.excludes.iter().any(|target| target.covers(address))
    }
}

/// All that a plan is made from, besides data sources, which are read on the way.
pub struct Input<'a> {
    /// The layout.
    pub root: &'a Arc<ModuleNode>,
    /// Its graph.
    pub graph: &'a Graph,
    /// The types.
    pub schemas: &'a dyn Schemas,
    /// The stored state, `moved` blocks already applied.
    pub state: &'a State,
    /// The instances that `moved` blocks moved: new address to old.
    pub moved: &'a HashMap<Address, Address>,
    /// The answers of AWS about the state's objects; empty with `--refresh=false`.
    pub live: &'a HashMap<Address, Live>,
    /// Objects to take over, by address.
    pub imports: &'a HashMap<Address, Importing>,
    /// The provider configurations, such as `aws` and `aws.west`.
    pub providers: &'a HashMap<String, ProviderFacts>,
    /// The options of the user.
    pub options: &'a Options,
}
