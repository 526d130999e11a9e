//! Where configuration comes from.

pub mod disk;
