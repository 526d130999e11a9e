//! The schema of a resource type, its arguments, a change of an object, and when two values are equal. Pure.

pub mod attrs;
pub mod change;
pub mod checks;
pub mod composite;
pub mod equal;
pub mod exposed;
pub mod naming;
pub mod normal;
pub mod redaction;
pub mod reference;
pub mod role;
pub mod rows;
pub mod secrecy;
pub mod secrets;
pub mod shape;

pub use attrs::{Attrs, complete};
pub use change::Change;
pub use role::Role;
pub use rows::{Attribute, Import, Mode, Nesting, Schema, Schemas, object_type};
