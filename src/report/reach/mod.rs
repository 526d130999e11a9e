//! Who reaches whom: a path, all that is in the way, or a table of flows, as text and as JSON.

mod fold;
mod json;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use json::json;
pub use text::text;

use crate::network::Answer;
use crate::plan::reach::{Network, Pair, Row};

/// The objects that a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objects {
    /// As they will be.
    Planned,
    /// As AWS has them.
    Live,
    /// As the state has them.
    Stored,
}

/// What came of a question.
pub enum Answered {
    /// Both ends were given: an answer for each pair of the objects that they name.
    Paths(Vec<Pair>),
    /// The flows.
    Flows(Vec<Row>),
}

/// A question with what came of it.
pub struct Report<'n> {
    /// The network.
    pub network: &'n Network,
    /// The ends and the port, as they were typed.
    pub asked: [Option<String>; 3],
    /// The objects that it is about.
    pub objects: Objects,
    /// What came of it.
    pub answered: Answered,
}

impl Report<'_> {
    /// The best answer, where both ends were given.
    pub fn answer(&self) -> Option<Answer> {
        match &self.answered {
            Answered::Paths(pairs) => pairs.iter().map(|pair| pair.answer).max(),
            Answered::Flows(_) => None,
        }
    }
}
