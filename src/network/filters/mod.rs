//! Filters: security groups and network ACLs, by what passes them for sure and what may pass.

pub(super) mod acls;
pub(super) mod group;
pub(super) mod groups;
mod lists;
mod matching;
mod verdict;

pub(super) use lists::{LISTS, ranges};
pub(super) use matching::{Party, Ranges};
pub use verdict::Verdict;
