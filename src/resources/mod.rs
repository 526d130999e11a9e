//! The resource types: one file per type, in families. A new type is one file here and one line in
//! [`registry`]. Only this module and `aws` name an SDK crate.

pub mod any;
pub mod network;
pub mod spec;
pub mod tags;

pub use any::{AnyData, AnyResource, Observed, data_sources, registry};
pub use spec::{DataSource, Progress, Resource, Spec, Token, Which};
