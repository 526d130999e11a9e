//! The records of a journal: before each mutating call its intent, afterwards its outcome, and the state of each
//! object as it is from then on.

use crate::objects::{Instance, OutputValue, Slot};
use crate::schema::Attrs;
use crate::value::Name;
use crate::value::address::Address;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A run begins.
    RunStarted {
        /// The run's UUID.
        run: String,
        /// The serial of the state that it started from.
        serial: u64,
        /// The command, such as `apply`.
        command: String,
        /// When; RFC 3339, UTC.
        at: String,
    },
    /// A mutating call is about to be made.
    Intent(Box<Intent>),
    /// An intent of an earlier run that is not settled yet.
    StillOpen(Box<OpenIntent>),
    /// The outcome of an intent.
    Outcome(Outcome),
    /// An object is at a place of the state from now on, or is gone from it.
    Recorded(Box<Recorded>),
    /// Objects are at other addresses from now on, all at once: from, to.
    Moved(Vec<(Address, Address)>),
    /// The outputs from now on.
    Outputs(BTreeMap<Name, OutputValue>),
    /// The run ended in order.
    RunEnded {
        /// Whether everything that was planned is done.
        ok: bool,
        /// When; RFC 3339, UTC.
        at: String,
    },
}

/// A mutating call that is about to be made: enough to find out later what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// Ties the outcome to it; unique among all runs.
    pub op: String,
    /// Whose object it is about.
    pub slot: Slot,
    /// The kind of the call.
    pub kind: IntentKind,
    /// The resource type.
    pub type_name: String,
    /// The client token, or the value of the token tag.
    pub token: String,
    /// For update and delete the id of the object; for import the id that is adopted.
    pub id: Option<String>,
    /// The id of the object that goes when this one is there; it is never adopted.
    pub outgoing: Option<String>,
    /// The provider configuration in the root module: `aws` or `aws.west`.
    pub provider: String,
    /// The region of the call.
    pub region: String,
    /// The account of the call.
    pub account: String,
    /// The object as it shall be; empty for a deletion.
    pub want: Attrs,
    /// Instances that the object needs, as [`Instance::depends_on`].
    pub depends_on: Vec<Address>,
    /// As [`Instance::create_before_destroy`].
    pub create_before_destroy: bool,
}

/// The kind of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntentKind {
    /// Makes a new object.
    Create,
    /// Changes an object in place.
    Update,
    /// Deletes an object.
    Delete,
    /// Takes an existing object over.
    Adopt,
}

/// The outcome of an intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The intent's `op`.
    pub op: String,
    /// The result.
    pub result: OutcomeResult,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeResult {
    /// There is a new object.
    Created {
        /// Its id.
        id: String,
    },
    /// The object was changed.
    Updated,
    /// The object is gone.
    Deleted,
    /// Nothing was done: AWS refused, or the call was surely not sent.
    Failed {
        /// The kind of error.
        kind: String,
        /// The message of AWS.
        message: String,
    },
}

/// The object at a place of the state from now on.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Where.
    pub slot: Slot,
    /// The object; `None` when it is gone.
    pub instance: Option<Instance>,
}

/// An intent of an earlier run whose outcome nobody knows: AWS has to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenIntent {
    /// The intent.
    pub intent: Intent,
    /// When its run began; RFC 3339, UTC.
    pub since: String,
}
