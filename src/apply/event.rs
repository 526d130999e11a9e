//! The events of an apply, for progress on a terminal or lines in CI.

use crate::diag::Diagnostic;
use crate::plan::Op;
use crate::value::address::Address;
use std::time::Duration;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A step began.
    Started {
        /// The instance.
        address: &'a Address,
        /// What is done.
        op: Op,
        /// The id of the object that is there, where there is one.
        id: Option<&'a str>,
    },
    /// AWS is still at work on the object.
    Waiting {
        /// The instance.
        address: &'a Address,
        /// The state in AWS's words.
        state: &'a str,
    },
    /// A provisioner prints a line.
    Output {
        /// The instance.
        address: &'a Address,
        /// The kind of the provisioner, such as `local-exec`.
        kind: &'a str,
        /// The line.
        line: &'a str,
    },
    /// A provisioner begins, or has ended.
    Provisioner {
        /// The instance.
        address: &'a Address,
        /// The kind of the provisioner, such as `local-exec`.
        kind: &'a str,
        /// Whether it succeeded, once it has ended.
        ended: Option<bool>,
    },
    /// A step is done.
    Done {
        /// The instance.
        address: &'a Address,
        /// What was done.
        op: Op,
        /// The id of the object, where there is one.
        id: Option<&'a str>,
        /// How long it took.
        took: Duration,
    },
    /// A step failed.
    Failed {
        /// The instance.
        address: &'a Address,
        /// What was tried.
        op: Op,
        /// Why.
        problem: &'a Diagnostic,
    },
    /// No new steps are begun.
    Stopping,
}

/// Who listens.
pub trait Events {
    /// Something happened.
    fn event(&self, event: Event<'_>);
}
