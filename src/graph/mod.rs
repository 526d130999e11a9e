//! Addresses of objects and the order that references put between them. Pure.

pub mod address;
pub mod build;

pub use address::{Address, InstanceKey, Mode, ModulePath, ResourceAddress};
