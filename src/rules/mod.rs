//! AWS knowledge that is pure and belongs to no single type: policies, rules of groups and ACLs, checks over a layout.

pub mod acl_entry;
pub mod guard;
pub mod layout_checks;
pub mod passage;
pub mod policy;
pub mod security_rule;
