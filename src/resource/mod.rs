//! What a resource type is, to everything that is not the type itself: its schema, its arguments,
//! a change to it, and when two spellings of a value mean the same. Pure.

pub mod acl_entry;
pub mod attrs;
pub mod change;
pub mod checks;
pub mod kept;
pub mod layout_checks;
pub mod naming;
pub mod normal;
pub mod policy;
pub mod schema;
pub mod secrecy;
pub mod secrets;
pub mod security_rule;

pub use attrs::Attrs;
pub use change::Change;
pub use schema::{Attribute, Import, Mode, Nesting, Schema, object_type};
