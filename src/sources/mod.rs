//! The disk, as the language reads it, and the modules that come from elsewhere: registries, repositories and archives,
//! with their cache and the lock file.

pub mod address;
pub mod archive;
mod cache;
pub mod disk;
mod fetch;
pub mod git;
pub mod lock;
pub mod manifest;
pub mod modules;
mod oci;
mod registry;
mod settings;
mod tree;
pub mod web;
