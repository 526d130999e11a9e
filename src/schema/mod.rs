//! What a resource type is, to everything that is not the type itself: its schema, its arguments,
//! a change to it, and when two values of it are equal. Pure.

pub mod attrs;
pub mod change;
pub mod checks;
pub mod equal;
pub mod naming;
pub mod normal;
pub mod redaction;
pub mod rows;
pub mod secrecy;
pub mod secrets;

pub use attrs::{Attrs, complete};
pub use change::Change;
pub use rows::{Attribute, Import, Mode, Nesting, Schema, Schemas, object_type};
