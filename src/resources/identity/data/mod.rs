//! The family's data sources.

mod policy;
mod policy_document;
mod role;

use crate::resources::any::{AnyData, Registry, add_data};

/// All of them.
pub fn all(all: &mut Registry<dyn AnyData>) {
    add_data::<policy::PolicyData>(all);
    add_data::<policy_document::PolicyDocument>(all);
    add_data::<role::RoleData>(all);
}
