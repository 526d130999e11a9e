//! The order that references put between them. Pure.

pub mod build;
