//! Values with their types, unknown parts and marks, how they are written, and the addresses of objects.
//!
//! Pure, and below everything that works with values: the language, schemas, plans and states.

pub mod address;
pub mod codec;
pub mod convert;
mod data;
pub mod duration;
pub mod format;
pub mod json;
pub mod number;
pub mod pattern;
pub mod ports;
pub mod type_json;
mod types;

pub use data::{Kind, Origin, Size, Unknown, Value};
pub use number::Number;
pub use types::{Name, Type, by_name, shared_name};
