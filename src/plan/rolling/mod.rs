//! Rolling replacement: which members change together, in which waves, and what each wave waits for.
//!
//! A wave creates its new members with all that hangs on them, waits until they are healthy, takes the
//! old ones out of service and deletes them; the next wave begins when that is done. Where the new
//! cannot exist beside the old, the old goes first, one at a time. Nothing here is judged: whether the
//! plan that comes of it keeps a service up is `availability`'s to say.

pub mod conflict;
mod decide;
pub mod handover;
mod holders;
pub mod spec;
mod waves;

use super::services::Service;
use crate::plan::service_impact::Level;
use crate::schema::{Role, Schema};
use crate::value::address::{Address, ResourceAddress};
pub use decide::{decide, impossible};
pub use handover::{arrange as hand_over, prepare};
use spec::Spec;
use std::collections::{BTreeMap, BTreeSet};

/// The input of the decision about rolling.
pub struct Context<'a, 's> {
    /// The availability that the layout demands.
    pub level: Option<Level>,
    /// The `rolling` blocks.
    pub specs: &'a BTreeMap<ResourceAddress, Spec>,
    /// The services.
    pub services: &'a [Service],
    /// For each change what its object is to services.
    pub roles: &'a [Role],
    /// The types.
    pub schema: &'a dyn Fn(&Address) -> Option<&'s Schema>,
    /// For each change the changes that it needs directly, those that nothing happens to included.
    pub needs: &'a [BTreeSet<usize>],
}

/// One member on its way from the old object to the new one.
#[derive(Debug, Clone)]
struct Rolled {
    /// The change of the current instance.
    new: usize,
    /// The change that deletes the old object: the same, or a deposed one that an earlier run left.
    old: usize,
    /// The objects that depend on the new object and on no other member.
    hangs: Vec<usize>,
    /// The objects that depended on the old one and are left over from an earlier run.
    left: Vec<usize>,
    zone: Option<String>,
    /// Another gateway that its routes may lead through while it is replaced.
    stand_in: Option<usize>,
}

/// Members that roll together.
#[derive(Debug, Clone)]
struct Group {
    label: String,
    members: Vec<Rolled>,
    /// How many members there are, those that stay as they are included.
    total: usize,
    spec: Spec,
    given: bool,
    /// A change that uses several members and cannot be parted.
    shared: Option<usize>,
    /// The attachments of all members of the service that it is.
    others: Vec<usize>,
    /// How many of the members that stay as they are, are not healthy now.
    sick: usize,
    create_first: bool,
    /// Whether the members change in place, which interrupts each for a while.
    in_place: bool,
    why_not: Option<String>,
}

/// The groups of a plan, with the order of creation and deletion of each decided.
pub struct Rolling {
    groups: Vec<Group>,
}

#[cfg(test)]
mod tests;
