//! The journal as objects: `GENERATION/NUMBER`, one object per synced batch, each written only where none is. A new
//! journal is a new generation, which counts from its first object on; older ones are removed after that.
//!
//! A run that takes a lock over puts a fence behind the last object. A writer that sleeps through its lease finds the
//! fence when it appends, since the next number is taken.

use super::objects::{Objects, Only, put};
use crate::diag::Diagnostic;

/// What the object of a fence holds before the id of who put it.
const FENCE: &[u8] = b"fence ";

/// The objects of a journal, by generation and number.
#[derive(Debug, Default)]
pub struct Listing {
    /// Rising.
    all: Vec<(u64, u64)>,
}

impl Listing {
    /// Those below `prefix`.
    pub fn read(objects: &dyn Objects, prefix: &str) -> Result<Self, Diagnostic> {
        let numbers = |key: &String| {
            let (generation, number) = key.strip_prefix(prefix)?.split_once('/')?;
            Some((generation.parse().ok()?, number.parse().ok()?))
        };
        let mut all: Vec<(u64, u64)> = objects.list(prefix)?.iter().filter_map(numbers).collect();
        all.sort_unstable();
        Ok(Listing { all })
    }

    /// The generation that counts: the highest that has its first object.
    fn current(&self) -> Option<u64> {
        self.all.iter().rev().find(|(_, number)| *number == 0).map(|(generation, _)| *generation)
    }

    /// The generation and number of the next object of the journal that counts.
    fn next(&self) -> Option<(u64, u64)> {
        let current = self.current()?;
        let last = self.all.iter().filter(|(generation, _)| *generation == current).map(|(_, number)| *number).max()?;
        Some((current, last + 1))
    }

    /// A generation that no object has.
    pub fn unused(&self) -> u64 {
        self.all.last().map_or(1, |(generation, _)| generation + 1)
    }

    /// The text of the journal, if there is one.
    pub fn text(&self, objects: &dyn Objects, prefix: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let Some(current) = self.current() else { return Ok(None) };
        let mut text = Vec::new();
        for (generation, number) in self.all.iter().filter(|(generation, _)| *generation == current) {
            let found = objects.get(&key(prefix, *generation, *number))?.map(|object| object.text).unwrap_or_default();
            if !found.starts_with(FENCE) {
                text.extend(found);
            }
        }
        Ok(Some(text))
    }

    /// Removes all but the generation `kept`, the oldest first and each from its end on: until a generation is wholly
    /// gone, what is left of it is its beginning.
    pub fn remove(&self, objects: &dyn Objects, prefix: &str, kept: Option<u64>) -> Result<(), Diagnostic> {
        let mut going: Vec<_> = self.all.iter().filter(|(generation, _)| Some(*generation) != kept).collect();
        going.sort_by_key(|(generation, number)| (*generation, std::cmp::Reverse(*number)));
        going.into_iter().try_for_each(|(generation, number)| objects.delete(&key(prefix, *generation, *number)))
    }
}

/// The key of an object of a journal.
pub fn key(prefix: &str, generation: u64, number: u64) -> String {
    format!("{prefix}{generation:08}/{number:08}")
}

/// Puts a fence behind the journal, if there is one, so that an earlier writer cannot append to it.
pub fn fence(objects: &dyn Objects, prefix: &str, id: &str) -> Result<(), Diagnostic> {
    let text = [FENCE, id.as_bytes()].concat();
    loop {
        let Some((generation, number)) = Listing::read(objects, prefix)?.next() else { return Ok(()) };
        if put(objects, &key(prefix, generation, number), &text, Only::Absent)?.is_some() {
            return Ok(());
        }
    }
}
