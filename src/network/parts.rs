//! Parts: the single rule, route or entry of an object that traffic meets, so that its lines can be shown.

use std::sync::Arc;

/// Where a rule, a route or an entry is written: an object, and which of its blocks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// The address of the object that holds it, or the name of what AWS made with it.
    pub at: Arc<str>,
    /// The name of its blocks and its place among them, from 0; nothing where it is the whole object.
    pub block: Option<(&'static str, usize)>,
}

impl Part {
    /// A whole object.
    pub(super) fn whole(at: &Arc<str>) -> Self {
        Part { at: at.clone(), block: None }
    }

    /// One of its blocks.
    pub(super) fn block(at: &Arc<str>, name: &'static str, place: usize) -> Self {
        Part { at: at.clone(), block: Some((name, place)) }
    }
}

/// A rule, a route or an entry that traffic meets on its way.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crossing {
    /// Where it is written.
    pub part: Part,
    /// What it says, such as `ingress tcp/443 from 0.0.0.0/0`.
    pub what: String,
    /// Whether it lets the traffic through; else it is in the way.
    pub lets: bool,
}
