//! Who made the difference: from a finding to what is to be looked for in CloudTrail, and from the events that are there to
//! those that fit. The choice is here and pure; the look-ups are in `session::blame`.

mod choice;
mod event;
mod sought;
#[cfg(test)]
mod tests;

pub use choice::{choose, is_settled};
pub use event::{Event, Way};
pub use sought::{Home, Sought, sought};

use super::finding::{Finding, LayoutDrift};
use crate::diag::{Diagnostic, Diagnostics};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The answer to who made a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Blame {
    /// The account in which events were looked for; empty where it is not known.
    pub account: String,
    /// The region in which they were looked for.
    pub region: String,
    /// The result.
    pub answer: Answer,
}

/// The result of looking for events.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// These events fit, the latest first. Never empty.
    Found(Vec<Deed>),
    /// No event since this time fits.
    Nothing(Timestamp),
    /// The object has no name that is known, by which events could be looked for.
    Nameless,
    /// Events could not be looked for; why, in a sentence.
    Unknown(String),
}

/// An event that fits a finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// The event.
    pub event: Event,
    /// The parts of the finding that it fits; empty where it is about the whole object.
    pub paths: Vec<String>,
    /// Whether the event names what the finding is about: the id of the object that came or went, the values that differ.
    pub sure: bool,
}

/// The key of a finding among those of a layout. It stays when some of its differences are ignored.
pub fn key(finding: &Finding) -> String {
    let object = finding.address.as_ref().map(ToString::to_string).or(finding.id.clone()).unwrap_or_default();
    format!("{} {} {object} {}", finding.class.word(), finding.type_name, finding.region)
}

/// A warning for each account and region in which events could not be looked for.
pub fn unknown(layouts: &[LayoutDrift]) -> Diagnostics {
    let all = layouts.iter().flat_map(|layout| layout.blame.values());
    let places: BTreeSet<(&str, &str, &str)> = all
        .filter_map(|blame| match &blame.answer {
            Answer::Unknown(why) if !blame.region.is_empty() => Some((&*blame.account, &*blame.region, &**why)),
            _ => None,
        })
        .collect();
    let one = |(account, region, why): (&str, &str, &str)| {
        Diagnostic::warning(format!("Who made the changes in {account} {region} is not known"))
            .code("drift-blame")
            .detail(why)
    };
    places.into_iter().map(one).collect()
}
